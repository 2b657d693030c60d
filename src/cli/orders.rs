//! `paydesk orders` and `paydesk show`: what the desk sees, as lines for people or as one JSON document.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use unicode_width::UnicodeWidthStr;

use super::{
    args::{OrdersArgs, ShowArgs},
    exit::{self, Exit, Failure},
    output::{print, print_json},
    session::{PATIENCE, Seen, Session},
};
use crate::{
    clock::{Clock, SystemClock},
    config::Settings,
    console::filter::{Filter, Reading},
    desk::hub::Command,
    domain::{
        airline_trouble::AirlineTroubles,
        case::Case,
        order::{Airline, OrderNo},
        outlay::Outlay,
        text::Text,
        triage::Group,
    },
    export::{
        Format, Part, Report,
        document::{OrderDocument, OrdersDocument},
        story::{Story, fee},
        times::time_left,
        write,
    },
    lang::{Lang, words},
};

/// Lists the orders, the newest first.
pub(super) fn list(args: &OrdersArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    // A filter that cannot be read asks nobody anything.
    read_filter(args.filter.as_deref(), SystemClock.now(), settings)?;
    let seen = swept(settings)?;
    let zone = settings.time_zone.time_zone();
    let now = seen.server_now();
    let since = args.since.map(|since| since.moment(now, &zone));
    let filter = read_filter(args.filter.as_deref(), now, settings)?;
    let is_left = |case: &Case| filter.leaves(case, Group::of(case, now), now);
    let cases = newest_first(&seen, |case| is_wanted(case, args, since) && is_left(case));
    if args.json {
        return print_json(&orders_document(&cases, &seen));
    }
    let keys =
        ["orders.order", "orders.status", "orders.deadline", "orders.amount", "orders.fee", "orders.flight"];
    let heads = keys.iter().chain(&["orders.payment", "orders.passengers"]);
    let heads = heads.map(|key| lang.text(key).to_owned()).collect();
    let rows = cases.into_iter().map(|case| row(case, &seen.troubles, lang, now)).collect();
    print_report(&Report { parts: vec![Part { heads, rows, ..Part::default() }], ..Report::default() })
}

/// The orders that are wanted, the newest first.
pub(super) fn newest_first(seen: &Seen, is_wanted: impl Fn(&Case) -> bool) -> Vec<&Arc<Case>> {
    let mut cases: Vec<&Arc<Case>> = seen.cases.values().filter(|case| is_wanted(case)).collect();
    cases.sort_by_key(|case| std::cmp::Reverse((case.order.created, case.order.no)));
    cases
}

/// The document of these orders.
pub(super) fn orders_document<'a>(cases: &[&'a Arc<Case>], seen: &Seen) -> OrdersDocument<'a> {
    let now = seen.server_now();
    let as_of = seen.health.last_sweep.or(seen.health.last_success).unwrap_or(now);
    let orders = cases.iter().map(|case| OrderDocument::new(case, &seen.troubles, now)).collect();
    OrdersDocument { orders, as_of }
}

/// All that is seen once the whole list was read, as far as that is done in time.
pub(super) fn swept(settings: &Settings) -> Result<Seen, Failure> {
    let lang = *settings.lang;
    let mut session = Session::open(settings, true)?;
    session.ask(Command::RefreshAll);
    let answered = session.wait_for(PATIENCE, |seen| {
        let health = &seen.health;
        match (&health.error, health.last_success) {
            (Some(error), None) => Some(Err(exit::unanswered(lang, error))),
            _ => (health.last_sweep.is_some() && health.pending == 0).then_some(Ok(())),
        }
    });
    match answered {
        Some(Err(failure)) => return Err(failure),
        Some(Ok(())) => {}
        None if session.seen.health.last_success.is_none() => {
            return Err(exit::unanswered(
                lang,
                &crate::atlas::ReadError::NoAnswer(format!("in {} s", PATIENCE.as_secs())),
            ));
        }
        None => {
            let pending = session.seen.health.pending;
            eprintln!("{}", lang.fill("orders.incomplete", &[("count", &pending)]));
        }
    }
    Ok(session.leave())
}

/// The filter of the command line; one that is not written to its end is a mistake here.
pub(super) fn read_filter(
    text: Option<&str>,
    now: Timestamp,
    settings: &Settings,
) -> Result<Filter, Failure> {
    let (text, lang) = (text.unwrap_or_default(), *settings.lang);
    let reading = Reading { now, zone: settings.time_zone.time_zone() };
    let refused = |at: usize, said: String| {
        let before: String = text.chars().take(at).collect();
        let place = format!("{text}\n  {}^", " ".repeat(before.width()));
        Failure::new(Exit::Usage, "filter", format!("--filter: {said}"), place)
    };
    let filter =
        Filter::read(text, &reading).map_err(|mistake| refused(mistake.at.start, mistake.text(lang)))?;
    match filter.query().unfinished() {
        Some(piece) => Err(refused(piece.at.end, lang.text("filter.unfinished").to_owned())),
        None => Ok(filter),
    }
}

fn is_wanted(case: &Case, args: &OrdersArgs, since: Option<Timestamp>) -> bool {
    let order = &case.order;
    let status =
        args.status.is_empty() || args.status.iter().any(|status| status.word() == order.status.word());
    let airline = args.airline.is_empty() || args.airline.iter().any(|code| order.airlines.contains(code));
    let made = since.is_none_or(|since| order.created.is_some_and(|created| created >= since));
    status && airline && made
}

fn row(case: &Case, troubles: &AirlineTroubles, lang: Lang, now: Timestamp) -> Vec<String> {
    let order = &case.order;
    let text = |text: &Option<Text>| text.as_deref().unwrap_or("?").to_owned();
    let mark = |airline: &Airline| if troubles.of(*airline, now).is_some() { "!" } else { "" };
    let airlines: Vec<String> =
        order.airlines.iter().map(|airline| format!("{airline}{}", mark(airline))).collect();
    let passengers: Vec<&str> = order.passengers.iter().map(Text::as_str).collect();
    let mut status = words::status(lang, order.status);
    if let Some(error) = &order.ticketing_error {
        status = format!("{status} {}", error.code);
    }
    if let Some(listed) = case.listed_as {
        let listed = words::status(lang, listed);
        status = lang.fill("orders.doubted", &[("status", &status), ("listed", &listed)]);
    }
    let deadline = match order.deadline() {
        Some(deadline) if order.status.word() == "unpaid" => time_left(deadline, now),
        None if order.is_undated() => lang.text("orders.undated").to_owned(),
        _ => {
            let ends = case.baggage().and_then(|trouble| trouble.ends_at());
            ends.map_or_else(String::new, |ends| time_left(ends, SystemClock.now()))
        }
    };
    let outlay = Outlay::of(order);
    vec![
        order.no.to_string(),
        status,
        deadline,
        outlay.map(|outlay| outlay.amount.to_string()).unwrap_or_default(),
        outlay.and_then(|outlay| fee(lang, outlay)).unwrap_or_default(),
        format!("{} {}-{}", airlines.join("+"), text(&order.from), text(&order.to)),
        case.attempt_state().map_or_else(String::new, |state| words::attempt_state(lang, state)),
        passengers.join(", "),
    ]
}

/// Shows one order.
pub(super) fn show(args: &ShowArgs, settings: &Settings) -> Result<Exit, Failure> {
    let (seen, case) = inspected(args.order, settings)?;
    let zone = settings.time_zone.time_zone();
    let story = story(&seen, &case, *settings.lang, &zone);
    if args.json {
        return print_json(&story.document());
    }
    print_report(&Report { parts: story.report().parts, ..Report::default() })
}

/// The order after a query of it, and all else that was seen on the way.
pub(super) fn inspected(order: OrderNo, settings: &Settings) -> Result<(Seen, Arc<Case>), Failure> {
    let mut session = Session::open(settings, true)?;
    let case = session.inspect(order)?;
    // What is to be done may depend on the order that was made from it. Without an answer the rest is said all the same.
    if let Some(made) = case.lineage.line_from(order).last() {
        session.inspect(made).ok();
    }
    let seen = session.leave();
    let case = seen.cases.get(&order).map_or(case, Arc::clone);
    Ok((seen, case))
}

/// The story of an order that was inspected.
pub(super) fn story<'a>(seen: &'a Seen, case: &'a Case, lang: Lang, zone: &'a TimeZone) -> Story<'a> {
    let made = case.lineage.line_from(case.order.no).last().and_then(|made| seen.cases.get(&made));
    let made = made.map(|made| &**made);
    Story { case, made, troubles: &seen.troubles, lang, zone, now: seen.clocks() }
}

/// For people, as plain text.
fn print_report(report: &Report) -> Result<Exit, Failure> {
    print(write(report, Format::Text).unwrap_or_default().as_bytes())
}
