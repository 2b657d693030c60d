//! The selected order: facts, payment options, attempts, story, and the next right action. First what is decided by,
//! so that the strip below a narrow table shows the same from its top.

use jiff::{SignedDuration, Timestamp, tz};
use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::{
    baggage,
    canvas::{Canvas, wrap},
    doubt, head,
};
use crate::{
    console::{column::countdown, picture::Picture, theme::Role},
    domain::{
        attempt::Snapshot,
        baggage::trouble::Standing,
        case::Case,
        method::{PaymentMethod, PaymentOption, TakenFrom},
        order::{Details, Order, OrderStatus, TravellerKind},
        payable,
        story::What,
    },
    lang::{baggage as baggage_words, recovery, words},
};

/// Draws as much of the detail as there is room for, from where it is scrolled to.
pub fn draw(picture: Picture<'_>, area: Rect, beside: bool, canvas: &mut Canvas<'_>) {
    let mut area = area;
    if beside {
        for y in area.top()..area.bottom() {
            canvas.put(area.x - 1, y, 1, Role::Dim, "|");
        }
    } else if area.y > 3 {
        canvas.rule(area.x, area.y, area.width);
        area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    }
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let Some(case) = picture.selected_case() else {
        canvas.put(inner.x, inner.y, inner.width, Role::Dim, picture.lang().text("detail.none"));
        return;
    };
    for (line, y) in
        lines(picture, case, area.width).iter().skip(picture.ui.scroll).zip(inner.y..inner.bottom())
    {
        canvas.line(inner.x, y, inner.width, line);
    }
}

/// Lines of the detail that do not fit into its area, if it has one.
pub fn hidden_lines(picture: Picture<'_>, area: Option<Rect>) -> usize {
    let Some(area) = area else { return 0 };
    let lines = picture.selected_case().map_or(0, |case| lines(picture, case, area.width).len());
    lines.saturating_sub(usize::from(area.height.saturating_sub(1)))
}

/// Columns of a label.
const LABEL: usize = 9;

/// Lines being put together.
struct Page<'a> {
    picture: Picture<'a>,
    width: u16,
    lines: Vec<Line<'static>>,
}

impl Page<'_> {
    fn text(&self, key: &'static str) -> &'static str {
        self.picture.lang().text(key)
    }

    fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.picture.model.setup.theme.style(role))
    }

    fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    fn title(&mut self, key: &'static str) {
        self.blank();
        let title = self.span(Role::Title, self.text(key));
        self.lines.push(Line::from(title));
    }

    /// A label and a text that goes on below itself when it is long.
    fn entry(&mut self, key: &'static str, role: Role, text: &str) {
        let label = self.text(key);
        let pad = LABEL.saturating_sub(usize::from(super::canvas::columns(label)));
        let head = format!("{label}{}", " ".repeat(pad));
        let room = self.width.saturating_sub(u16::try_from(LABEL).unwrap_or(0) + 2);
        for (n, part) in wrap(text, room).into_iter().enumerate() {
            let label = if n == 0 { head.clone() } else { " ".repeat(LABEL) };
            let line = Line::from(vec![self.span(Role::Dim, label), self.span(role, part)]);
            self.lines.push(line);
        }
    }

    fn wrapped(&mut self, indent: usize, role: Role, text: &str) {
        let room = self.width.saturating_sub(u16::try_from(indent).unwrap_or(0) + 2);
        for part in wrap(text, room) {
            let line = Line::from(vec![Span::raw(" ".repeat(indent)), self.span(role, part)]);
            self.lines.push(line);
        }
    }
}

/// All lines of the detail, for a pane of `width` columns.
pub fn lines(picture: Picture<'_>, case: &Case, width: u16) -> Vec<Line<'static>> {
    let mut page = Page { picture, width, lines: Vec::new() };
    head(&mut page, case);
    next_step(&mut page, case);
    troubles(&mut page, case);
    for (label, text) in doubt::lines(picture, case) {
        page.entry(label, Role::Doubt, &text);
    }
    match &case.order.details {
        Some(details) => {
            price(&mut page, &case.order, details);
            options(&mut page, case, details);
            itinerary(&mut page, details);
            travellers(&mut page, &case.order, details);
        }
        None => page.entry("detail.price", Role::Dim, picture.lang().text("detail.asking")),
    }
    attempts(&mut page, case);
    story(&mut page, case);
    page.lines
}

/// Who says since when that an airline of the order is in trouble.
fn troubles(page: &mut Page<'_>, case: &Case) {
    let (lang, model) = (page.picture.lang(), page.picture.model);
    for trouble in model.troubles.of_all(&case.order.airlines, model.now()) {
        page.entry("detail.airline", Role::Due, &words::airline_trouble(lang, &trouble));
    }
}

fn head(page: &mut Page<'_>, case: &Case) {
    let picture = page.picture;
    let order = &case.order;
    let lang = picture.lang();
    let mut title = vec![page.span(Role::Title, order.no.as_str().to_owned())];
    title.push(page.span(Role::Plain, format!("  {}", order.route())));
    let airlines: Vec<&str> = order.airlines.iter().map(|airline| airline.code()).collect();
    title.push(page.span(Role::Plain, format!("  {}", airlines.join(" "))));
    page.lines.push(Line::from(title));
    let now = picture.model.shown_now(case);
    let (mut role, mut text) = match order.status {
        _ if case.is_gone() => (Role::Dim, lang.text("state.gone").to_owned()),
        OrderStatus::Unpaid if order.has_lapsed(now) => (Role::Bad, lang.text("state.lapsed").to_owned()),
        OrderStatus::Unpaid => (Role::Due, words::status(lang, order.status)),
        OrderStatus::Ticketing => (Role::Busy, words::status(lang, order.status)),
        OrderStatus::Ticketed => (Role::Good, words::status(lang, order.status)),
        OrderStatus::Cancelled => (Role::Bad, words::status(lang, order.status)),
        OrderStatus::Unknown(_) => (Role::Doubt, words::status(lang, order.status)),
    };
    let is_over = case.is_replaced() || case.is_gone();
    if let (OrderStatus::Unpaid, Some(deadline), false) = (order.status, order.deadline(), is_over) {
        let left = deadline.duration_since(now);
        if left > SignedDuration::ZERO {
            text.push_str(&format!("  {} {}", lang.text("detail.left"), countdown(left)));
            if left.as_mins() < 5 {
                text.push_str(&format!("  {}", lang.text("due.due")));
            }
        }
        text.push_str(&format!("  ({})", three_zones(picture, deadline)));
    }
    if order.is_undated() && !is_over {
        text.push_str(&format!("  {}", lang.text("detail.undated")));
    }
    if let Some(what) = order.baggage() {
        text.push_str(&format!("  {}", baggage_words::state(lang, what)));
        role = Role::Due;
    }
    if let Some(attempt) = case.attempt_state().filter(|attempt| attempt.is_doubtful()) {
        // First what is not known; what a list says meanwhile does not end it.
        let state = words::attempt_state_short(lang, attempt);
        text = lang.fill("detail.doubted", &[("state", &state), ("listed", &text)]);
        role = Role::Doubt;
    }
    page.wrapped(0, role, &text);
    if let Some(written) = picture.model.remembered_from(order.no) {
        let age = head::age(picture, written);
        page.wrapped(0, Role::Doubt, &lang.fill("detail.remembered", &[("age", &age)]));
    }
    if let Some(missing) = case.missing() {
        let (key, role) = match (case.is_gone(), missing.is_proven()) {
            (true, _) => ("detail.gone", Role::Dim),
            (false, true) => ("detail.lost", Role::Doubt),
            (false, false) => ("detail.unlisted", Role::Doubt),
        };
        let since = missing.since.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
        page.wrapped(0, role, &lang.fill(key, &[("since", &since)]));
    }
    if let Some(listed) = case.listed_as {
        let status = words::status(lang, listed);
        page.wrapped(0, Role::Doubt, &lang.fill("detail.listed_as", &[("status", &status)]));
    }
    if let Some(error) = &order.ticketing_error {
        let known = words::ticketing_error(lang, &error.code).map(|(meaning, _)| meaning.to_owned());
        let said = || error.message.as_ref().map_or(String::new(), |said| words::vendors_own(lang, said));
        let meaning = known.unwrap_or_else(said);
        page.entry("detail.why", Role::Bad, &format!("{}  {meaning}", error.code));
    }
    if let Some(trouble) = case.baggage() {
        // From when it is counted stands on its own page: here the next step must be seen on the smallest screen too.
        for (role, line) in baggage::clock(picture, case, &trouble).into_iter().take(1) {
            page.entry("baggage.clock", role, &line);
        }
        if trouble.standing != Standing::Open {
            page.entry("baggage.decided", Role::Plain, &baggage_words::standing(lang, &trouble.standing));
        }
    }
}

/// A deadline in UTC, at the vendor's and at the desk's, each with its name.
fn three_zones(picture: Picture<'_>, at: Timestamp) -> String {
    let singapore = at.to_zoned(tz::TimeZone::fixed(tz::offset(8)));
    let utc = at.to_zoned(tz::TimeZone::UTC);
    let desk = at.to_zoned(picture.model.setup.zone.clone());
    let mut text = format!("{} SGT, {} UTC", singapore.strftime("%H:%M:%S"), utc.strftime("%H:%M"));
    if desk.offset() != singapore.offset() && desk.offset() != utc.offset() {
        text.push_str(&format!(", {} {}", desk.strftime("%H:%M"), desk.strftime("%Z")));
    }
    text
}

fn next_step(page: &mut Page<'_>, case: &Case) {
    let Picture { model, .. } = page.picture;
    let lang = page.picture.lang();
    let made = model.successor(case).map(|made| &**made);
    if let Some(made) = made {
        page.entry("detail.became", Role::Plain, &words::successor(lang, made, model.shown_now(made)));
    }
    page.entry("detail.next", Role::Due, &words::next_on(lang, case, made, model.shown_clocks(case)));
}

fn price(page: &mut Page<'_>, order: &Order, details: &Details) {
    let mut parts = Vec::new();
    if let Some(total) = details.total {
        parts.push(match details.service_fee.and_then(|fee| total.plus(fee)) {
            Some(sum) => {
                let fee = details.service_fee.map(|fee| fee.grouped()).unwrap_or_default();
                let ticket = total.grouped();
                let lang = page.picture.lang();
                lang.fill("detail.sum", &[("sum", &sum), ("ticket", &ticket), ("fee", &fee)])
            }
            None => details
                .service_fee
                .map_or(total.to_string(), |fee| format!("{total} + {} {fee}", page.text("detail.fee"))),
        });
    }
    if let Some(vendor) = details.vendor_total {
        parts.push(format!("{} {vendor}", page.text("detail.vendor")));
    }
    if let Some(cost) = details.vendor_cost {
        parts.push(format!("{} {cost}", page.text("detail.charged")));
    }
    if parts.is_empty() {
        parts.push(page.text("detail.no_price").to_owned());
    }
    page.entry("detail.price", Role::Plain, &parts.join("   "));
    if let Some(pnr) = &order.pnr_code {
        let airline: Vec<String> = order.airline_pnrs.iter().map(ToString::to_string).collect();
        let mut text = format!("Atlas {pnr}");
        if !airline.is_empty() {
            text.push_str(&format!("   {} {}", page.text("detail.airline_pnr"), airline.join(" ")));
        }
        page.entry("detail.pnr", Role::Plain, &text);
    }
}

/// What each method takes from where, and why a method is not open.
fn options(page: &mut Page<'_>, case: &Case, details: &Details) {
    if let Some(payment) = &details.payment {
        let text = taken(page, payment);
        return page.entry("detail.paid_by", Role::Plain, &text);
    }
    if case.order.status != OrderStatus::Unpaid || case.is_gone() {
        return;
    }
    let context = page.picture.model.payment_context(case);
    let lang = page.picture.lang();
    page.title("detail.options");
    for method in PaymentMethod::ALL {
        let name = format!("[{}] {}", method.number(), words::method(lang, method));
        let obstacles = payable::method_obstacles(method, &context);
        let blocking = obstacles.iter().find(|obstacle| !obstacle.is_warning());
        let (role, text) = if let Some(obstacle) = blocking {
            let (no, why) = (lang.text("form.no"), words::obstacle_reason(lang, obstacle));
            (Role::Dim, lang.fill("refusal.named", &[("subject", &no), ("reason", &why)]))
        } else {
            let what = details.option(method).map(|option| taken(page, option)).unwrap_or_default();
            (Role::Good, format!("{}  {what}", lang.text("form.ok")))
        };
        let pad = 14usize.saturating_sub(usize::from(super::canvas::columns(&name)));
        let room = page.width.saturating_sub(18);
        for (n, part) in wrap(&text, room).into_iter().enumerate() {
            let head = if n == 0 { format!("  {name}{}", " ".repeat(pad)) } else { " ".repeat(16) };
            let line = Line::from(vec![page.span(Role::Plain, head), page.span(role, part)]);
            page.lines.push(line);
        }
    }
}

fn taken(page: &Page<'_>, option: &PaymentOption) -> String {
    let lang = page.picture.lang();
    let part = |key: &'static str, part: Option<crate::domain::method::Part>| {
        let part = part.filter(|part| !part.money.amount.is_zero())?;
        let from = match part.from {
            TakenFrom::Deposit => lang.text("detail.from_deposit"),
            TakenFrom::Card => lang.text("detail.from_card"),
            TakenFrom::Other => lang.text("detail.from_account"),
        };
        Some(format!("{} {} {from}", lang.text(key), part.money))
    };
    let parts = [
        part("detail.ticket", option.ticket_fare),
        part("detail.fee", option.service_fee),
        part("detail.card_fee", option.payment_fee),
    ];
    let brand = option.card_brand.map(|brand| brand.word().to_owned());
    parts.into_iter().flatten().chain(brand).collect::<Vec<_>>().join(lang.pick(", ", "，"))
}

fn itinerary(page: &mut Page<'_>, details: &Details) {
    if details.segments.is_empty() {
        return;
    }
    page.title("detail.itinerary");
    let lang = page.picture.lang();
    for segment in &details.segments {
        let departs = segment.departs.map_or("?".to_owned(), |at| {
            format!("{} {}", words::weekday(lang, at.date()), at.strftime("%H:%M"))
        });
        let arrives = segment.arrives.map_or("?".to_owned(), |at| at.strftime("%H:%M").to_string());
        let text = format!("{:7} {} > {}  {departs} - {arrives}", segment.flight, segment.from, segment.to);
        page.wrapped(2, Role::Plain, &text);
    }
}

fn travellers(page: &mut Page<'_>, order: &Order, details: &Details) {
    page.title("detail.passengers");
    let lang = page.picture.lang();
    for traveller in &details.travellers {
        let kind = match traveller.kind {
            TravellerKind::Adult => "",
            TravellerKind::Child => lang.text("detail.child"),
            TravellerKind::Infant => lang.text("detail.infant"),
        };
        let document = traveller.document_tail.as_ref().map_or(String::new(), |tail| format!("  ***{tail}"));
        let tickets: Vec<String> = traveller.tickets.iter().map(ToString::to_string).collect();
        let tickets = if tickets.is_empty() {
            String::new()
        } else {
            format!("  {} {}", lang.text("detail.tickets"), tickets.join(" "))
        };
        page.wrapped(2, Role::Plain, &format!("{} {kind}{document}{tickets}", traveller.name));
    }
    if details.travellers.is_empty() {
        for name in &order.passengers {
            page.wrapped(2, Role::Plain, name);
        }
    }
    if let Some(contact) = &details.contact {
        page.entry("detail.contact", Role::Dim, contact);
    }
}

/// The attempts under the order that each belongs to: this one first, then the others of its trip.
fn attempts(page: &mut Page<'_>, case: &Case) {
    for (order, attempts) in case.attempts_by_order() {
        page.title("detail.attempts");
        if order != case.order.no {
            let other = format!("  {order}");
            let other = page.span(Role::Dim, other);
            page.lines.last_mut().into_iter().for_each(|title| title.push_span(other.clone()));
        }
        let lang = page.picture.lang();
        for (number, attempt) in attempts {
            let Snapshot { method, amount, card, state, .. } = &**attempt;
            let card = card.map_or(String::new(), |card| format!("  {card}"));
            let role = if state.is_doubtful() { Role::Doubt } else { Role::Plain };
            let words = words::attempt_state(lang, state);
            let method = words::method(lang, *method);
            page.wrapped(2, role, &format!("{number}  {method}  {amount}{card}  {words}"));
        }
    }
}

fn story(page: &mut Page<'_>, case: &Case) {
    page.title("detail.story");
    let lang = page.picture.lang();
    for happening in &case.story {
        let at = happening.at.to_zoned(page.picture.model.setup.zone.clone());
        let role = match &happening.what {
            What::Attempt { state, .. } if state.is_doubtful() => Role::Doubt,
            What::Notified { .. } => Role::Dim,
            _ => Role::Plain,
        };
        let text = recovery::happening(lang, &case.lineage, &happening.what);
        page.wrapped(2, role, &format!("{}  {text}", at.strftime("%H:%M:%S")));
    }
}
