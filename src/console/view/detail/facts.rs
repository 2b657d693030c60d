//! What is known of the order: price, references, itinerary, passengers.

use jiff::civil;
use ratatui::text::Line;

use super::lines::Page;
use crate::{
    console::{
        theme::Role,
        until,
        view::{baggage, canvas::columns, head},
    },
    domain::{
        author::name,
        baggage::trouble::Standing,
        case::Case,
        order::{Details, Order, OrderStatus, TravellerKind},
        triage::Group,
    },
    lang::{baggage as baggage_words, words},
};

/// From where to where, by which flights, when.
pub(super) fn trip(page: &mut Page<'_>, order: &Order) {
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

/// Who says since when that an airline of the order is in trouble.
pub(super) fn troubles(page: &mut Page<'_>, case: &Case) {
    let (lang, model) = (page.picture.lang(), page.picture.model);
    for trouble in model.troubles.of_all(&case.order.airlines, model.now()) {
        page.entry("detail.airline", Role::Soon, &words::airline_trouble(lang, &trouble));
    }
}

/// That it is put away from its queues, or is back: until when, by whom and why.
pub(super) fn put_away(page: &mut Page<'_>, case: &Case) {
    if case.work.is_none() {
        return;
    }
    let (lang, model) = (page.picture.lang(), page.picture.model);
    let (group, now) = (Group::of(case, model.shown_now(case)), model.now());
    let is_back = case.is_back(group, now);
    if !is_back && case.away(group, now).is_none() {
        return;
    }
    let work = case.work();
    let shown = |at| until::shown(at, now, &model.setup.zone, lang);
    let what = match (&work.snooze, &work.handled) {
        (Some(snooze), _) => {
            let reason = match &*snooze.reason {
                "" => String::new(),
                reason => format!("{}{reason}", lang.pick(": ", "：")),
            };
            let by = name(&snooze.by);
            lang.fill("detail.snoozed", &[("at", &shown(snooze.until)), ("who", &by), ("reason", &reason)])
        }
        (None, Some(handled)) => {
            let by = name(&handled.by);
            lang.fill("detail.handled", &[("at", &shown(handled.at)), ("who", &by)])
        }
        (None, None) => return,
    };
    let (role, key) = if is_back { (Role::Soon, "detail.back") } else { (Role::Muted, "detail.away") };
    page.entry(key, role, &what);
}

/// That the vendor showed the order when somebody looked for it.
pub(super) fn found(page: &mut Page<'_>, case: &Case) {
    if page.picture.ui.found.contains(&case.order.no) {
        page.entry("find.source", Role::Muted, page.picture.lang().text("find.from_server"));
    }
}

/// Who works on it.
pub(super) fn work(page: &mut Page<'_>, case: &Case) {
    let (model, work) = (page.picture.model, case.work());
    if let Some(owner) = work.owner_at(model.now()) {
        let role = if owner.is_person(&model.setup.author) { Role::Text } else { Role::Soon };
        page.entry("detail.owner", role, &head::owner(page.picture, owner));
    }
}

/// What was noted, by whom and when.
pub(super) fn notes(page: &mut Page<'_>, case: &Case) {
    let notes = &case.work().notes;
    if !notes.is_empty() {
        page.title("detail.notes");
    }
    for note in notes {
        let at = note.at.to_zoned(page.picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
        page.wrapped(2, Role::Text, &format!("{at}  {}  {}", name(&note.by), note.text));
    }
}

/// What is to be known beside it: by whom it is said, and why it failed.
pub(super) fn evidence(page: &mut Page<'_>, case: &Case) {
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

/// Price, references, whom to ask.
pub(super) fn facts(page: &mut Page<'_>, case: &Case, details: &Details) {
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
        let fee = details.service_fee;
        match fee.and_then(|fee| Some((total.plus(fee)?, fee))) {
            Some((sum, fee)) => {
                let (ticket, fee) = (total.grouped(), fee.grouped());
                let split = page.picture.lang().fill("detail.sum", &[("ticket", &ticket), ("fee", &fee)]);
                parts.extend([sum.to_string(), split]);
            }
            None => parts.push(
                fee.map_or(total.to_string(), |fee| format!("{total} + {} {fee}", page.text("detail.fee"))),
            ),
        }
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
    page.parts("detail.price", &parts);
    if let Some(pnr) = &order.pnr_code {
        let airline: Vec<String> = order.airline_pnrs.iter().map(ToString::to_string).collect();
        let mut parts = vec![format!("Atlas {pnr}")];
        if !airline.is_empty() {
            parts.push(format!("{} {}", page.text("detail.airline_pnr"), airline.join(" ")));
        }
        page.parts("detail.pnr", &parts);
    }
}

pub(super) fn itinerary(page: &mut Page<'_>, details: &Details) {
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
        let flight = format!("{:7} {} > {}", segment.flight, segment.from, segment.to);
        let times = format!("{departs} - {arrives}");
        // The times stay together.
        if 2 + columns(&flight) + 2 + columns(&times) <= page.width {
            page.wrapped(2, Role::Text, &format!("{flight}  {times}"));
        } else {
            page.wrapped(2, Role::Text, &flight);
            page.wrapped(10, Role::Muted, &times);
        }
    }
}

pub(super) fn travellers(page: &mut Page<'_>, order: &Order, details: &Details) {
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
