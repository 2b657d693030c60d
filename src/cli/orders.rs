//! `paydesk orders` and `paydesk show`: what the desk sees, as lines for people or as one JSON document.

use std::{
    io::{self, Write},
    sync::Arc,
};

use jiff::{Timestamp, tz::TimeZone};
use unicode_width::UnicodeWidthStr;

use super::{
    args::{OrdersArgs, ShowArgs},
    document::{OrderDocument, OrdersDocument, ShowDocument, lineage},
    exit::{self, Exit, Failure},
    output::{line, print_json},
    session::{PATIENCE, Session},
    times::{local, time_left},
};
use crate::{
    clock::{Clock, SystemClock},
    config::Settings,
    console::filter::{Filter, Reading},
    desk::hub::Command,
    domain::{
        airline_trouble::AirlineTroubles,
        case::Case,
        order::{Airline, Details, OrderNo, OrderStatus},
        outlay::Outlay,
        text::Text,
        time_limit::{TimeLimit, time_limits},
        triage::Group,
    },
    lang::{Lang, baggage as baggage_words, recovery, time_limit, words},
};

/// Lists the orders, the newest first.
pub(super) fn list(args: &OrdersArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    // A filter that cannot be read asks nobody anything.
    filter(args, lang, SystemClock.now(), settings)?;
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
    let seen = session.leave();
    let zone = settings.time_zone.time_zone();
    let now = seen.server_now();
    let since = args.since.map(|since| since.moment(now, &zone));
    let filter = filter(args, lang, now, settings)?;
    let is_left = |case: &Case| filter.leaves(case, Group::of(case, now), now);
    let mut cases: Vec<&Arc<Case>> =
        seen.cases.values().filter(|case| is_wanted(case, args, since) && is_left(case)).collect();
    cases.sort_by_key(|case| std::cmp::Reverse((case.order.created, case.order.no)));
    let as_of = seen.health.last_sweep.or(seen.health.last_success).unwrap_or(now);
    if args.json {
        let orders = cases.into_iter().map(|case| OrderDocument::new(case, &seen.troubles, now)).collect();
        return print_json(&OrdersDocument { orders, as_of });
    }
    let keys =
        ["orders.order", "orders.status", "orders.deadline", "orders.amount", "orders.fee", "orders.flight"];
    let mut rows: Vec<Vec<String>> = vec![
        keys.iter()
            .chain(&["orders.payment", "orders.passengers"])
            .map(|key| lang.text(key).to_owned())
            .collect(),
    ];
    rows.extend(cases.into_iter().map(|case| row(case, &seen.troubles, lang, now)));
    write_aligned(&rows)?;
    Ok(Exit::Done)
}

/// The filter of the command line; one that is not written to its end is a mistake here.
fn filter(args: &OrdersArgs, lang: Lang, now: Timestamp, settings: &Settings) -> Result<Filter, Failure> {
    let text = args.filter.as_deref().unwrap_or_default();
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

/// The service fee, and whether it is part of the amount.
pub(super) fn fee(lang: Lang, outlay: Outlay) -> Option<String> {
    let key = if outlay.is_fee_included { "orders.fee_within" } else { "orders.fee_besides" };
    outlay.fee.map(|fee| lang.fill(key, &[("fee", &fee)]))
}

/// Writes rows in columns that are as wide as their widest cell on a terminal; a wide character counts two.
fn write_aligned(rows: &[Vec<String>]) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or_default()
        })
        .collect();
    let mut out = io::stdout().lock();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Shows one order.
pub(super) fn show(args: &ShowArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    let mut session = Session::open(settings, true)?;
    let case = session.inspect(args.order)?;
    // What is to be done may depend on the order that was made from it. Without an answer the rest is said all the same.
    if let Some(made) = case.lineage.line_from(args.order).last() {
        session.inspect(made).ok();
    }
    let seen = session.leave();
    let case = seen.cases.get(&args.order).map_or(case, Arc::clone);
    let now = seen.server_now();
    let made = case.lineage.line_from(args.order).last().and_then(|made| seen.cases.get(&made));
    let next = words::next_on(lang, &case, made.map(|made| &**made), seen.clocks());
    if args.json {
        return print_json(&ShowDocument::new(&case, &seen.troubles, next, (lang, seen.clocks())));
    }
    let zone = settings.time_zone.time_zone();
    let mut facts = facts(&case, lang, now, &zone);
    facts.extend(seen.troubles.of_all(&case.order.airlines, now).iter().map(|trouble| {
        vec![lang.text("show.airline_trouble").to_owned(), words::airline_trouble(lang, trouble)]
    }));
    write_aligned(&facts)?;
    let limits = time_limits(&case, seen.clocks());
    if !limits.is_empty() {
        line(format_args!("\n{}", lang.text("limits.title")))?;
        write_aligned(
            &limits.into_iter().map(|limit| limit_row(limit, lang, now, &zone)).collect::<Vec<_>>(),
        )?;
    }
    let mut out = io::stdout().lock();
    if let Some(details) = &case.order.details {
        writeln!(out, "\n{}", lang.text("show.flights"))?;
        for segment in &details.segments {
            let departs = segment
                .departs
                .map_or_else(|| "?".into(), |time| time.strftime("%Y-%m-%d %H:%M").to_string());
            writeln!(out, "  {} {}-{} {departs}", segment.flight, segment.from, segment.to)?;
        }
        writeln!(out, "\n{}", lang.text("show.travellers"))?;
        for traveller in &details.travellers {
            let document =
                traveller.document_tail.as_deref().map_or_else(String::new, |tail| format!("  …{tail}"));
            writeln!(out, "  {}{document}", traveller.name)?;
        }
    }
    for (order, attempts) in case.attempts_by_order() {
        let other = if order == args.order { String::new() } else { format!("  {order}") };
        writeln!(out, "\n{}{other}", lang.text("show.attempts"))?;
        for (number, attempt) in attempts {
            let card = attempt.card.map_or_else(String::new, |card| format!("  {card}"));
            let method = words::method(lang, attempt.method);
            let state = words::attempt_state(lang, &attempt.state);
            writeln!(out, "  #{number} {method}  {}{card}  {state}  {}", attempt.amount, attempt.id)?;
        }
    }
    if !case.work().notes.is_empty() {
        writeln!(out, "\n{}", lang.text("show.notes"))?;
    }
    for note in &case.work().notes {
        writeln!(out, "  {}  {}  {}", local(note.at, &zone), note.by, note.text)?;
    }
    writeln!(out, "\n{}", lang.text("show.timeline"))?;
    for happening in &case.story {
        writeln!(
            out,
            "  {}  {}",
            local(happening.at, &zone),
            recovery::line(lang, &case.lineage, happening)
        )?;
    }
    if let Some(made) = made {
        writeln!(out, "\n{}  {}", lang.text("detail.became"), words::successor(lang, made, now))?;
    }
    writeln!(out, "\n{}  {next}", lang.text("show.next"))?;
    Ok(Exit::Done)
}

/// A time that runs: its name, what is left, when it ends, and what happens then.
fn limit_row(limit: TimeLimit, lang: Lang, now: Timestamp, zone: &TimeZone) -> Vec<String> {
    let left = limit.ends.duration_since(now);
    let word = time_limit::word(lang, left).map_or_else(String::new, |word| format!("{word} "));
    let counted = if left.is_positive() { word + &time_left(limit.ends, now) } else { word };
    vec![
        format!("  {}", time_limit::name(lang, limit.kind)),
        counted.trim_end().to_owned(),
        time_limit::zones(lang, limit.ends, now, zone),
        time_limit::at_end(lang, limit.kind).to_owned(),
    ]
}

fn facts(case: &Case, lang: Lang, now: Timestamp, zone: &TimeZone) -> Vec<Vec<String>> {
    let order = &case.order;
    let mut rows = Vec::new();
    let mut fact = |key: &'static str, value: Option<String>| {
        rows.extend(value.map(|value| vec![lang.text(key).to_owned(), value]));
    };
    let details = order.details.as_deref();
    let join = |texts: &[Text]| {
        (!texts.is_empty()).then(|| texts.iter().map(Text::as_str).collect::<Vec<_>>().join(", "))
    };
    fact("orders.order", Some(order.no.to_string()));
    fact("show.pnr_code", order.pnr_code.as_ref().map(ToString::to_string));
    fact("orders.status", Some(words::status(lang, order.status)));
    fact("show.listed_as", case.listed_as.map(|listed| words::status(lang, listed)));
    fact(
        "show.error",
        order.ticketing_error.as_ref().map(|error| match &error.message {
            Some(message) => format!("{} {}", error.code, words::vendors_own(lang, message)),
            None => error.code.to_string(),
        }),
    );
    let undated = order.is_undated().then(|| lang.text("show.undated").to_owned());
    let baggage = case.baggage().map(|trouble| {
        let ends = trouble.ends_at().map_or_else(String::new, |at| {
            format!("  {} ({})", local(at, zone), time_left(at, SystemClock.now()))
        });
        let state = baggage_words::state(lang, trouble.what);
        format!("{state}{ends}  {}", baggage_words::standing(lang, &trouble.standing))
    });
    fact("show.baggage", baggage);
    // Only what is still paid by it has time left.
    let counts = order.status == OrderStatus::Unpaid && !case.is_replaced();
    let deadline = order.deadline().map(|at| {
        let left = if counts { format!(" ({})", time_left(at, now)) } else { String::new() };
        local(at, zone) + &left
    });
    fact("show.deadline", deadline.or(undated));
    let outlay = Outlay::of(order);
    fact("orders.amount", outlay.map(|outlay| outlay.amount.to_string()));
    fact("show.service_fee", outlay.and_then(|outlay| fee(lang, outlay)));
    fact(
        "show.vendor_total",
        details.and_then(|details| details.vendor_total).map(|total| total.to_string()),
    );
    let methods = |details: &Details| {
        lang.list(&details.methods.iter().map(|method| words::method(lang, *method)).collect::<Vec<_>>())
    };
    fact("show.methods", details.map(methods).filter(|methods| !methods.is_empty()));
    let (work, wall) = (case.work(), SystemClock.now());
    let owner = work.owner_at(wall).map(|owner| {
        let since = local(owner.since, zone);
        lang.fill(
            "show.owned",
            &[("who", &owner.who), ("since", &since), ("left", &time_left(owner.until, wall))],
        )
    });
    fact("show.owner", owner);
    let snooze = work.snooze_at(wall);
    let snoozed =
        snooze.map(|snooze| format!("{}  {} ({})", local(snooze.until, zone), snooze.reason, snooze.by));
    fact("show.snoozed", snoozed);
    fact("show.handled", work.handled.as_ref().map(|is| format!("{} ({})", local(is.at, zone), is.by)));
    fact("show.created", order.created.map(|at| local(at, zone)));
    fact("show.paid", order.paid_at.map(|at| local(at, zone)));
    fact("show.airline_pnrs", join(&order.airline_pnrs));
    fact("orders.passengers", join(&order.passengers));
    fact(
        "show.lineage",
        Some(lineage(case))
            .filter(|orders| orders.len() > 1)
            .map(|orders| orders.iter().map(OrderNo::as_str).collect::<Vec<_>>().join(" → ")),
    );
    rows
}
