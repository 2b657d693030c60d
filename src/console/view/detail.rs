//! The selected order: facts, payment options, attempts, story, and the next right action. First what is decided by,
//! so that the strip below a narrow table shows the same from its top.

use jiff::{SignedDuration, Timestamp, civil, tz};
use ratatui::{
    layout::Rect,
    style::{Modifier, Style},
    text::{Line, Span},
};

use super::{
    baggage,
    canvas::{Canvas, columns, wrap},
    doubt, head,
    pane::inside,
    table::frozen,
};
use crate::{
    console::{
        column::countdown,
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{
        attempt::Snapshot,
        baggage::trouble::Standing,
        case::Case,
        method::{PaymentMethod, PaymentOption, TakenFrom},
        order::{Details, Order, OrderStatus, TravellerKind},
        outlay::Outlay,
        payable,
        story::What,
        triage::Group,
    },
    lang::{baggage as baggage_words, recovery, words},
};

/// Draws as much of the detail as there is room for, from where it is scrolled to; `below` the table in one frame with it.
pub(super) fn draw(picture: Picture<'_>, area: Rect, below: bool, canvas: &mut Canvas<'_>) {
    let case = picture.selected_case().map(|case| &**case);
    draw_case(picture, case, picture.ui.scroll, area, below, canvas);
}

/// The order of a page beside it, from its first line.
pub(super) fn beside(picture: Picture<'_>, case: &Case, area: Rect, canvas: &mut Canvas<'_>) {
    draw_case(picture, Some(case), 0, area, false, canvas);
}

fn draw_case(
    picture: Picture<'_>,
    case: Option<&Case>,
    scroll: usize,
    area: Rect,
    below: bool,
    canvas: &mut Canvas<'_>,
) {
    let title = case.map_or("", |case| case.order.no.as_str());
    let asked = case.and_then(|case| picture.model.asked_at(case.order.no));
    let end = asked.map(|asked| head::asked(picture, Some(asked))).unwrap_or_default();
    // Where there is no room for the word, the time alone.
    let room = area.width.saturating_sub(columns(title) + BESIDE_TITLE);
    let end = if columns(&end) <= room { &*end } else { end.rsplit(' ').next().unwrap_or_default() };
    let frozen = frozen(picture).filter(|_| picture.ui.layers.show_detail());
    let end = frozen.as_deref().map_or((Role::Muted, end), |frozen| (Role::Soon, frozen));
    canvas.pane_with(area, title, end, Role::Faint);
    if below {
        canvas.divide(area, title, end.1, Role::Faint);
    }
    let inner = inside(area);
    let Some(case) = case else {
        canvas.put(inner.x, inner.y, inner.width, Role::Muted, picture.lang().text("detail.none"));
        return;
    };
    let [left, right] = columns_of(inner);
    let [first, second] = lines(picture, case, inner);
    for (lines, area) in [(first, left), (second, right)] {
        for (line, y) in lines.iter().skip(scroll).zip(area.y..area.bottom()) {
            draw_line(line, Rect { y, height: 1, ..area }, canvas);
        }
    }
}

fn draw_line(line: &Row, area: Rect, canvas: &mut Canvas<'_>) {
    let mut x = area.x;
    if let Some(block) = line.block {
        if block == Role::Call {
            canvas.tint(area, block);
        }
        canvas.sign(x, area.y, block, canvas.signs.selection());
        x += BAR;
    }
    canvas.line(x, area.y, area.right().saturating_sub(x), &line.text);
    if let Some(right) = &line.right {
        let width = columns(&right.content);
        let right = Line::from(right.clone());
        canvas.line(area.right().saturating_sub(width), area.y, width, &right);
    }
}

/// Lines of the detail that do not fit into its area, if it has one.
pub fn hidden_lines(picture: Picture<'_>, area: Option<Rect>) -> usize {
    let Some(area) = area.map(inside) else { return 0 };
    let Some(case) = picture.selected_case() else { return 0 };
    let longest = lines(picture, case, area).map(|lines| lines.len()).into_iter().max();
    longest.unwrap_or_default().saturating_sub(usize::from(area.height))
}

/// From so many columns on the facts stand in two columns, with a gap between.
const TWO_FROM: u16 = 160;
const BETWEEN: u16 = 4;

/// The columns of a pane; the second has no width where there is no room for two.
fn columns_of(inner: Rect) -> [Rect; 2] {
    if inner.width < TWO_FROM {
        return [inner, Rect { width: 0, ..inner }];
    }
    let left = (inner.width - BETWEEN) * 3 / 5;
    let right = Rect { x: inner.x + left + BETWEEN, width: inner.width - left - BETWEEN, ..inner };
    [Rect { width: left, ..inner }, right]
}

/// Columns of a frame that its title and its end do not take.
const BESIDE_TITLE: u16 = 9;

/// Columns of the bar at the left edge of a block, with a blank.
const BAR: u16 = 2;

/// A line of the detail.
struct Row {
    text: Line<'static>,
    /// What stands at its right end.
    right: Option<Span<'static>>,
    /// It is of the block of the next action, which has this ink: at its edge, or as its ground.
    block: Option<Role>,
}

impl From<Line<'static>> for Row {
    fn from(text: Line<'static>) -> Self {
        Self { text, right: None, block: None }
    }
}

/// Columns of a label.
const LABEL: usize = 9;

/// Lines being put together.
struct Page<'a> {
    picture: Picture<'a>,
    width: u16,
    /// No line is left blank.
    is_tight: bool,
    lines: Vec<Row>,
}

impl Page<'_> {
    fn text(&self, key: &'static str) -> &'static str {
        self.picture.lang().text(key)
    }

    fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.picture.model.setup.theme.style(role))
    }

    fn blank(&mut self) {
        if !self.is_tight {
            self.lines.push(Line::default().into());
        }
    }

    fn title(&mut self, key: &'static str) {
        if !self.lines.is_empty() {
            self.blank();
        }
        let title = self.span(Role::Muted, self.text(key).to_owned());
        let title = title.patch_style(Style::new().add_modifier(Modifier::BOLD));
        self.lines.push(Line::from(title).into());
    }

    /// A label and a text that goes on below itself when it is long.
    fn entry(&mut self, key: &'static str, role: Role, text: &str) {
        let label = self.text(key);
        let pad = LABEL.saturating_sub(usize::from(columns(label)));
        let head = format!("{label}{}", " ".repeat(pad));
        let room = self.width.saturating_sub(u16::try_from(LABEL).unwrap_or(0));
        for (n, part) in wrap(text, room).into_iter().enumerate() {
            let label = if n == 0 { head.clone() } else { " ".repeat(LABEL) };
            let line = Line::from(vec![self.span(Role::Muted, label), self.span(role, part)]);
            self.lines.push(line.into());
        }
    }

    fn wrapped(&mut self, indent: usize, role: Role, text: &str) {
        let room = self.width.saturating_sub(u16::try_from(indent).unwrap_or(0));
        for part in wrap(text, room) {
            let line = Line::from(vec![Span::raw(" ".repeat(indent)), self.span(role, part)]);
            self.lines.push(line.into());
        }
    }
}

/// A pane with fewer lines inside has none to spare for blank ones.
const TIGHT_BELOW: u16 = 12;

/// All lines of the detail in a pane with `inner` inside, in one column or two.
fn lines(picture: Picture<'_>, case: &Case, inner: Rect) -> [Vec<Row>; 2] {
    let [left, right] = columns_of(inner);
    let is_tight = inner.height < TIGHT_BELOW;
    let mut page = Page { picture, width: left.width, is_tight, lines: Vec::new() };
    trip(&mut page, &case.order);
    call(&mut page, case);
    evidence(&mut page, case);
    troubles(&mut page, case);
    for (label, text) in doubt::lines(picture, case) {
        page.entry(label, Role::Doubt, &text);
    }
    let details = case.order.details.as_deref();
    match details {
        Some(details) => {
            options(&mut page, case, details);
            facts(&mut page, case, details);
        }
        None => page.entry("detail.price", Role::Muted, picture.lang().text("detail.asking")),
    }
    let mut second = Page { picture, width: right.width, is_tight, lines: Vec::new() };
    let besides = if right.width > 0 { &mut second } else { &mut page };
    attempts(besides, case);
    story(besides, case);
    if let Some(details) = details {
        itinerary(besides, details);
        travellers(besides, &case.order, details);
    }
    [page.lines, second.lines]
}

/// From where to where, by which flights, when.
fn trip(page: &mut Page<'_>, order: &Order) {
    let [from, to] = [&order.from, &order.to].map(|place| place.as_deref().unwrap_or("---").to_owned());
    let line = page.picture.model.setup.signs.horizontal().repeat(2);
    let mut spans = vec![
        page.span(Role::Strong, from),
        page.span(Role::Faint, format!(" {line} ")),
        page.span(Role::Strong, to),
    ];
    let segments = order.details.as_ref().map_or(&[][..], |details| &details.segments);
    let out = || segments.iter().filter(|segment| !segment.inbound);
    let mut flights: Vec<&str> = segments.iter().map(|segment| segment.flight.as_str()).collect();
    if flights.is_empty() {
        flights = order.airlines.iter().map(|airline| airline.code()).collect();
    }
    spans.push(page.span(Role::Text, format!("  {}", flights.join(" "))));
    let day = |day: civil::Date| words::date(page.picture.lang(), day);
    let departs = out().next().and_then(|segment| segment.departs);
    let departs = departs.map(|at| format!("{} {}", day(at.date()), at.strftime("%H:%M")));
    let departs = departs.or_else(|| order.departs.map(day));
    let arrives = out().next_back().and_then(|segment| segment.arrives);
    let arrives = arrives.map(|at| format!(" > {}", at.strftime("%H:%M")));
    // What has no room stands whole in the itinerary.
    let mut room = page.width.saturating_sub(spans.iter().map(|span| columns(&span.content)).sum());
    for part in departs.map(|at| format!("  {at}")).into_iter().chain(arrives) {
        if columns(&part) > room {
            break;
        }
        room -= columns(&part);
        spans.push(page.span(Role::Muted, part));
    }
    page.lines.push(Line::from(spans).into());
}

/// The next action, the largest thing of the pane: how it stands and how long, what to do, why.
fn call(page: &mut Page<'_>, case: &Case) {
    let Picture { model, .. } = page.picture;
    let lang = page.picture.lang();
    let now = model.shown_now(case);
    let group = Group::of(case, now);
    let (ink, state) = standing(page, case, group);
    let left = deadline_left(case, now);
    let is_short = left.is_some_and(|left| left.as_mins() < 5);
    let is_urgent = match group {
        Group::Due => is_short,
        Group::Recoverable | Group::Baggage | Group::MoneyOpen => true,
        _ => false,
    };
    let block = if is_urgent { Role::Call } else { ink };
    let of = |role| if is_urgent { Role::Call } else { role };
    let first = match left {
        Some(left) => {
            let word = lang.text(if is_short { "due.due" } else { "detail.left" });
            vec![
                page.span(of(ink), format!("{word} {}", countdown(left))),
                page.span(of(Role::Text), format!("  {state}")),
            ]
        }
        None => vec![page.span(of(ink), state)],
    };
    let zones = case.order.deadline().filter(|_| left.is_some()).map(|at| three_zones(page.picture, at));
    let used: u16 = first.iter().map(|span| columns(&span.content)).sum();
    let room = page.width.saturating_sub(BAR + 1);
    let fits = |zones: &String| used + columns(zones) + 2 <= room;
    let right = zones
        .as_ref()
        .filter(|zones| fits(zones))
        .map(|zones| page.span(of(Role::Muted), format!("{zones} ")));
    let has_zones = right.is_some();
    page.lines.push(Row { text: Line::from(first), right, block: Some(block) });
    let mut say = |role: Role, text: &str| {
        for part in wrap(text, room) {
            let text = Line::from(page.span(role, part));
            page.lines.push(Row { text, right: None, block: Some(block) });
        }
    };
    let made = model.successor(case).map(|made| &**made);
    let next = words::next_on(lang, case, made, model.shown_clocks(case));
    let (what, why) = parted(&next);
    say(of(Role::Strong), what);
    if !why.is_empty() {
        say(of(Role::Text), why);
    }
    if let Some(zones) = zones.filter(|_| !has_zones) {
        say(of(Role::Muted), &zones);
    }
    if let Some(made) = made {
        page.entry("detail.became", Role::Text, &words::successor(lang, made, model.shown_now(made)));
    }
}

/// What to do, and what is said about it.
fn parted(next: &str) -> (&str, &str) {
    let ends = [": ", ":", "：", ". ", ";", "；"];
    let end = ends.iter().filter_map(|end| Some(next.find(end)? + end.len())).min();
    let (what, why) = next.split_at(end.unwrap_or(next.len()));
    (what.trim_end(), why.trim_start())
}

/// How long an order can still be paid.
fn deadline_left(case: &Case, now: Timestamp) -> Option<SignedDuration> {
    if case.order.status != OrderStatus::Unpaid || case.is_replaced() || case.is_gone() {
        return None;
    }
    Some(case.order.deadline()?.duration_since(now)).filter(|left| left.is_positive())
}

/// How the order stands, in a mark and words.
fn standing(page: &Page<'_>, case: &Case, group: Group) -> (Role, String) {
    let (lang, order) = (page.picture.lang(), &case.order);
    let now = page.picture.model.shown_now(case);
    let signs = page.picture.model.setup.signs;
    let status = words::status(lang, order.status);
    let (mut ink, mut mark, mut text) = match order.status {
        _ if case.is_gone() => (Role::Muted, None, lang.text("state.gone").to_owned()),
        OrderStatus::Unpaid if order.has_lapsed(now) => {
            (Role::Urgent, Some(Mark::Failed), lang.text("state.lapsed").to_owned())
        }
        OrderStatus::Unpaid if group == Group::Due => (Role::Urgent, Some(Mark::Urgent), status),
        OrderStatus::Unpaid => (Role::Accent, None, status),
        OrderStatus::Ticketing => (Role::Going, Some(Mark::Going), status),
        OrderStatus::Ticketed => (Role::Good, Some(Mark::Done), status),
        OrderStatus::Cancelled => (Role::Urgent, Some(Mark::Failed), status),
        OrderStatus::Unknown(_) => (Role::Doubt, Some(Mark::Doubt), status),
    };
    let is_over = case.is_replaced() || case.is_gone();
    if let (true, Some(deadline)) = (order.has_lapsed(now) && !is_over, order.deadline()) {
        text.push_str(&format!("  ({})", three_zones(page.picture, deadline)));
    }
    if order.is_undated() && !is_over {
        text.push_str(&format!("  {}", lang.text("detail.undated")));
        (ink, mark) = (Role::Soon, Some(Mark::Warning));
    }
    if let Some(what) = order.baggage() {
        text.push_str(&format!("  {}", baggage_words::state(lang, what)));
        (ink, mark) = (Role::Soon, Some(Mark::Warning));
    }
    if let Some(attempt) = case.attempt_state().filter(|attempt| attempt.is_doubtful()) {
        // First what is not known; what a list says meanwhile does not end it.
        let state = words::attempt_state_short(lang, attempt);
        text = lang.fill("detail.doubted", &[("state", &state), ("listed", &text)]);
        (ink, mark) = (Role::Doubt, Some(Mark::Doubt));
    }
    let mark = mark.map_or(String::new(), |mark| format!("{} ", signs.mark(mark)));
    (ink, mark + &text)
}

/// Who says since when that an airline of the order is in trouble.
fn troubles(page: &mut Page<'_>, case: &Case) {
    let (lang, model) = (page.picture.lang(), page.picture.model);
    for trouble in model.troubles.of_all(&case.order.airlines, model.now()) {
        page.entry("detail.airline", Role::Soon, &words::airline_trouble(lang, &trouble));
    }
}

/// What is to be known beside it: by whom it is said, and why it failed.
fn evidence(page: &mut Page<'_>, case: &Case) {
    let picture = page.picture;
    let (order, lang) = (&case.order, picture.lang());
    if let Some(written) = picture.model.remembered_from(order.no) {
        let age = head::age(picture, written);
        page.wrapped(0, Role::Doubt, &lang.fill("detail.remembered", &[("age", &age)]));
    }
    if let Some(missing) = case.missing() {
        let (key, role) = match (case.is_gone(), missing.is_proven()) {
            (true, _) => ("detail.gone", Role::Muted),
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
        page.entry("detail.why", Role::Urgent, &format!("{}  {meaning}", error.code));
    }
    if let Some(trouble) = case.baggage() {
        // From when it is counted stands on its own page: here the next step must be seen on the smallest screen too.
        for (role, line) in baggage::clock(picture, case, &trouble).into_iter().take(1) {
            page.entry("baggage.clock", role, &line);
        }
        if trouble.standing != Standing::Open {
            page.entry("baggage.decided", Role::Text, &baggage_words::standing(lang, &trouble.standing));
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

/// Price, references, whom to ask.
fn facts(page: &mut Page<'_>, case: &Case, details: &Details) {
    if case.order.status == OrderStatus::Unpaid {
        page.blank();
    }
    price(page, &case.order, details);
    if let Some(created) = case.order.created {
        let at = created.to_zoned(page.picture.model.setup.zone.clone()).strftime("%H:%M:%S");
        page.entry("detail.created", Role::Text, &at.to_string());
    }
    if let Some(contact) = &details.contact {
        page.entry("detail.contact", Role::Text, contact);
    }
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
    page.entry("detail.price", Role::Text, &parts.join("   "));
    if let Some(pnr) = &order.pnr_code {
        let airline: Vec<String> = order.airline_pnrs.iter().map(ToString::to_string).collect();
        let mut text = format!("Atlas {pnr}");
        if !airline.is_empty() {
            text.push_str(&format!("   {} {}", page.text("detail.airline_pnr"), airline.join(" ")));
        }
        page.entry("detail.pnr", Role::Text, &text);
    }
}

/// What each method takes from where, and why a method is not open.
fn options(page: &mut Page<'_>, case: &Case, details: &Details) {
    if let Some(payment) = &details.payment {
        let text = taken(page, payment);
        return page.entry("detail.paid_by", Role::Text, &text);
    }
    if case.order.status != OrderStatus::Unpaid || case.is_gone() {
        return;
    }
    let context = page.picture.model.payment_context(case);
    let lang = page.picture.lang();
    page.title("detail.options");
    let fee = |outlay: &Outlay| match outlay.fee {
        None => String::new(),
        Some(fee) if outlay.is_fee_included => fee.grouped(),
        Some(fee) => format!("+{fee}"),
    };
    let numbers = |method| {
        let outlay = Outlay::by(method, &case.order)?;
        Some([outlay.amount.to_string(), fee(&outlay)])
    };
    let heads = ["detail.leaves", "detail.fee"].map(|key| page.text(key).to_owned());
    let all = || PaymentMethod::ALL.into_iter().filter_map(numbers).chain([heads.clone()]);
    let widths = [0, 1].map(|n| all().map(|numbers| columns(&numbers[n])).max().unwrap_or_default());
    let gap = if HEAD + widths[0] + widths[1] + 2 > page.width { " " } else { "  " };
    let beside = |numbers: &[String; 2]| {
        let [sum, fee] = [0, 1].map(|n| {
            let pad = usize::from(widths[n] - columns(&numbers[n]));
            " ".repeat(pad) + &numbers[n]
        });
        format!("{sum}{gap}{fee}")
    };
    let title = page.text("detail.options");
    let pad = " ".repeat(usize::from(HEAD.saturating_sub(columns(title))));
    let heads = page.span(Role::Muted, pad + &beside(&heads));
    page.lines.last_mut().into_iter().for_each(|title| title.text.push_span(heads.clone()));
    for method in PaymentMethod::ALL {
        let obstacles = payable::method_obstacles(method, &context);
        let blocking = obstacles.iter().find(|obstacle| !obstacle.is_warning());
        let (mark, ink) =
            if blocking.is_none() { (Mark::Done, None) } else { (Mark::Failed, Some(Role::Muted)) };
        let mark = page.picture.model.setup.signs.mark(mark);
        let name = words::method(lang, method);
        let pad = " ".repeat(usize::from((HEAD - 5).saturating_sub(columns(name))));
        let head = vec![
            page.span(ink.unwrap_or(Role::Accent), method.number().to_string()),
            page.span(ink.unwrap_or(Role::Text), format!(" {name}{pad} ")),
            page.span(ink.unwrap_or(Role::Good), format!("{mark} ")),
        ];
        let room = page.width.saturating_sub(HEAD);
        if let Some(obstacle) = blocking {
            let reason = words::obstacle_reason(lang, obstacle);
            for (n, part) in wrap(&reason, room).into_iter().enumerate() {
                let mut spans =
                    if n == 0 { head.clone() } else { vec![Span::raw(" ".repeat(usize::from(HEAD)))] };
                spans.push(page.span(Role::Muted, part));
                page.lines.push(Line::from(spans).into());
            }
            continue;
        }
        let mut line = Row::from(Line::from(head));
        let numbers = numbers(method).map(|numbers| beside(&numbers)).unwrap_or_default();
        let room = room.saturating_sub(columns(&numbers) + 2);
        line.text.push_span(page.span(Role::Strong, numbers));
        let option = details.option(method);
        let words = option.into_iter().flat_map(|option| [taken(page, option), source(page, option)]);
        if let Some(words) = words.into_iter().find(|words| columns(words) <= room) {
            line.text.push_span(page.span(Role::Muted, format!("  {words}")));
        }
        page.lines.push(line);
    }
}

/// Columns of a method before what is said of it: its number, its name, its mark.
const HEAD: u16 = 12;

/// From where the fare is taken.
fn source(page: &Page<'_>, option: &PaymentOption) -> String {
    option.ticket_fare.map_or("", |part| from(page, part.from)).to_owned()
}

fn from(page: &Page<'_>, source: TakenFrom) -> &'static str {
    page.text(match source {
        TakenFrom::Deposit => "detail.from_deposit",
        TakenFrom::Card => "detail.from_card",
        TakenFrom::Other => "detail.from_account",
    })
}

fn taken(page: &Page<'_>, option: &PaymentOption) -> String {
    let lang = page.picture.lang();
    let part = |key: &'static str, part: Option<crate::domain::method::Part>| {
        let part = part.filter(|part| !part.money.amount.is_zero())?;
        let from = from(page, part.from);
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
        page.wrapped(2, Role::Text, &text);
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
        page.wrapped(2, Role::Text, &format!("{} {kind}{document}{tickets}", traveller.name));
    }
    if details.travellers.is_empty() {
        for name in &order.passengers {
            page.wrapped(2, Role::Text, name);
        }
    }
}

/// The attempts under the order that each belongs to: this one first, then the others of its trip.
fn attempts(page: &mut Page<'_>, case: &Case) {
    for (order, attempts) in case.attempts_by_order() {
        page.title("detail.attempts");
        if order != case.order.no {
            let other = format!("  {order}");
            let other = page.span(Role::Muted, other);
            page.lines.last_mut().into_iter().for_each(|title| title.text.push_span(other.clone()));
        }
        let lang = page.picture.lang();
        for (number, attempt) in attempts {
            let Snapshot { method, amount, card, state, .. } = &**attempt;
            let card = card.map_or(String::new(), |card| format!("  {card}"));
            let role = if state.is_doubtful() { Role::Doubt } else { Role::Text };
            let words = words::attempt_state(lang, state);
            let method = words::method(lang, *method);
            page.wrapped(2, role, &format!("{number}  {method}  {amount}{card}  {words}"));
        }
    }
}

fn story(page: &mut Page<'_>, case: &Case) {
    page.title("detail.story");
    let lang = page.picture.lang();
    if case.story.is_empty() {
        page.wrapped(2, Role::Muted, lang.text("detail.no_story"));
    }
    for happening in &case.story {
        let at = happening.at.to_zoned(page.picture.model.setup.zone.clone());
        let role = match &happening.what {
            What::Attempt { state, .. } if state.is_doubtful() => Role::Doubt,
            What::Notified { .. } => Role::Muted,
            _ => Role::Text,
        };
        let text = recovery::happening(lang, &case.lineage, &happening.what);
        page.wrapped(2, role, &format!("{}  {text}", at.strftime("%H:%M:%S")));
    }
}
