//! What stands in the cells of each column, and in which looks.

use jiff::SignedDuration;
use unicode_width::UnicodeWidthStr;

use super::{
    row::Row,
    spans::Spans,
    time::{self, Countdown, whole_minute},
};
use crate::{
    console::{
        theme::{Mark, Role},
        until,
    },
    domain::{
        attempt::State as AttemptState,
        away::Away,
        case::Case,
        codes::{self, Mends},
        deadline::REGENERABLE_FOR,
        method::PaymentMethod,
        order::OrderStatus,
        outlay::Outlay,
        triage::Group,
    },
    lang::{Lang, baggage, time_limit, words},
};

/// The looks of a row whose cells have none of their own.
pub fn row_role(group: Group) -> Role {
    match group {
        Group::Ticketed | Group::Cancelled | Group::Lapsed | Group::Gone => Role::Muted,
        _ => Role::Text,
    }
}

/// True for a row that nothing more is to be done about.
fn is_over(row: &Row<'_>) -> bool {
    row_role(row.group) == Role::Muted
}

/// What decides in a row, as long as anything is to be decided.
fn strong(row: &Row<'_>) -> Option<Role> {
    (!is_over(row)).then_some(Role::Strong)
}

/// Who needs a person: the sign of a group, readable without colour.
pub(super) fn urgency(row: &Row<'_>, spans: &mut Spans) {
    let (mark, ink) = match row.group {
        Group::InDoubt | Group::MoneyOpen => (Mark::Doubt, Role::Doubt),
        Group::Due | Group::Undated | Group::Baggage => (Mark::Urgent, Role::Urgent),
        Group::Recoverable => (Mark::Failed, Role::Urgent),
        Group::TicketingLate => (Mark::Warning, Role::Soon),
        Group::Ticketing
        | Group::Cancelled
        | Group::Ticketed
        | Group::Lapsed
        | Group::Gone
        | Group::Unpaid
        | Group::Unclear => return,
    };
    spans.mark(Some(ink), Some(mark));
}

/// A gauge of the time that is left of half an hour, before the countdown.
const GAUGE: u16 = 4;
const GAUGED: i64 = 30 * 60;

/// A countdown while unpaid, else how it stands.
pub(super) fn due(row: &Row<'_>, spans: &mut Spans) {
    let (order, lang) = (&row.case.order, row.lang);
    match (order.status, order.deadline()) {
        // The order that was made from it has a deadline of its own.
        (OrderStatus::Unpaid, _) if row.case.is_replaced() => {}
        _ if row.group == Group::Gone => {}
        (OrderStatus::Unpaid, Some(deadline)) => {
            let left = deadline.duration_since(row.server_now);
            if left <= SignedDuration::ZERO {
                return spans.put_right(Some(Role::Muted), format_args!("{}", lang.text("due.late")));
            }
            time_left(lang, left, GAUGED, spans);
        }
        (OrderStatus::Unpaid, None) if order.is_undated() => {
            spans.put_right(Some(Role::Soon), format_args!("{}", lang.text("due.unknown")));
        }
        (OrderStatus::Unpaid, None) => spans.put_right(Some(Role::Muted), format_args!("--:--")),
        (OrderStatus::Ticketing, _) if row.group == Group::Baggage => {
            let Some(ends) = row.case.baggage().and_then(|trouble| trouble.ends_at()) else { return };
            let left = ends.duration_since(row.now);
            if !left.is_positive() {
                return spans.put_right(Some(Role::Urgent), format_args!("{}", lang.text("due.late")));
            }
            time_left(lang, left, GAUGED, spans);
        }
        (OrderStatus::Ticketing, _) if row.group == Group::TicketingLate => {
            let Some(paid) = order.paid_at else { return };
            let late = SignedDuration::from_mins(whole_minute(row.now).duration_since(paid).as_mins());
            let late = lang.fill("due.slow", &[("age", &time::age(lang, late))]);
            spans.put_right(Some(Role::Soon), format_args!("{late}"));
        }
        (OrderStatus::Cancelled, _) if row.group == Group::Recoverable => {
            let Some(created) = order.created else { return };
            let ends = created + REGENERABLE_FOR;
            let left = ends.duration_since(row.server_now);
            if left < SignedDuration::from_hours(1) {
                return time_left(lang, left, GAUGED, spans);
            }
            let left = ends.duration_since(whole_minute(row.server_now));
            spans.put_right(None, format_args!("{}", Countdown(left)));
        }
        _ => {}
    }
}

/// A countdown behind a gauge of `whole` seconds, or once that is as good as empty behind the word for it.
fn time_left(lang: Lang, left: SignedDuration, whole: i64, spans: &mut Spans) {
    let (ink, gauge) = match left.as_mins() {
        0..5 => (Some(Role::Urgent), Role::Urgent),
        5..10 => (Some(Role::Soon), Role::Soon),
        _ => (None, Role::Good),
    };
    if let Some(word) = time_limit::word(lang, left) {
        // Where it is narrow the blanks go first, never the word or the seconds.
        let short = format!("{}:{:02}", left.as_mins(), left.as_secs() % 60);
        let widths =
            [format!("{word} {}", Countdown(left)), format!("{word} {short}"), word.to_owned() + &short];
        let shown = widths.iter().find(|text| text.width() <= usize::from(spans.width()));
        return spans.put_right(ink, format_args!("{}", shown.unwrap_or(&widths[2])));
    }
    if spans.width() > 2 * GAUGE && left.as_secs() < 2 * whole {
        spans.gauge(gauge, GAUGE, (left.as_secs(), whole));
    }
    spans.put_right(ink, format_args!("{}", Countdown(left)));
}

/// Who has it, and for how many minutes yet.
pub(super) fn owner(row: &Row<'_>, spans: &mut Spans) {
    let Some(owner) = row.case.work().owner_at(row.minute) else { return };
    let left = format!(" {}m", owner.left(row.minute).as_mins());
    let room = usize::from(spans.width()).saturating_sub(left.len());
    let name: String = owner.name().chars().take(room).collect();
    spans.put(None, &name);
    spans.put(Some(Role::Muted), &left);
}

/// Of the number the digits decide that tell it from the others; the rest is the same in most rows.
pub(super) fn order(row: &Row<'_>, spans: &mut Spans) {
    number(row, row.case.order.no.as_str(), spans);
}

/// As many digits as tell it from the other rows.
pub(super) fn short_order(row: &Row<'_>, spans: &mut Spans) {
    let whole = row.case.order.no.as_str();
    let short = whole.get(whole.len().saturating_sub(row.tail)..).unwrap_or(whole);
    if short.len() < whole.len() {
        spans.put(Some(Role::Faint), "~");
    }
    number(row, short, spans);
}

fn number(row: &Row<'_>, number: &str, spans: &mut Spans) {
    let (rest, tail) = number.split_at_checked(number.len().saturating_sub(row.tail)).unwrap_or(("", number));
    spans.put(Some(Role::Faint), rest);
    spans.put(strong(row), tail);
}

pub(super) fn route(row: &Row<'_>, spans: &mut Spans) {
    let order = &row.case.order;
    let [from, to] =
        [&order.from, &order.to].map(|place| place.as_ref().map_or("---", |place| place.as_str()));
    spans.write(None, format_args!("{from:.3}-{to:.3}"));
}

/// The airline, marked when it is in trouble.
pub(super) fn airline(row: &Row<'_>, spans: &mut Spans) {
    spans.put(None, row.case.order.airlines.first().map_or("--", |airline| airline.code()));
    spans.put(Some(Role::Soon), if row.is_in_trouble { "!" } else { " " });
}

/// The same with the number of the first flight.
pub(super) fn flight(row: &Row<'_>, spans: &mut Spans) {
    airline(row, spans);
    let order = &row.case.order;
    let first = order.details.as_ref().and_then(|details| details.segments.first());
    let code = order.airlines.first().map_or("", |airline| airline.code());
    if let Some(number) = first.and_then(|first| first.flight.strip_prefix(code)) {
        spans.put_right(None, format_args!("{number:.4}"));
    }
}

/// From so many columns on it is said of a snoozed order that it is so *until* then.
const WITH_UNTIL: u16 = 18;

/// From so many columns on, as in an export, the names follow nevertheless.
const WITH_NAMES: u16 = 80;

/// How an order is put away, as far as it fits. True if there is room for the names behind it.
fn put_away(spans: &mut Spans, text: &str) -> bool {
    spans.put(Some(Role::Muted), text);
    if spans.width() >= WITH_NAMES {
        spans.put(None, "; ");
        return true;
    }
    if spans.taken() > spans.width() {
        spans.keep(spans.width().saturating_sub(1));
        spans.put(Some(Role::Faint), "~");
    }
    false
}

/// The names that fit, and how many more there are; before them that the order is back, and in their place until when it
/// is put away.
pub(super) fn passengers(row: &Row<'_>, spans: &mut Spans) {
    match row.case.away(row.group, row.wall) {
        Some(Away::Snoozed(snooze)) => {
            let at = until::shown(snooze.until, row.wall, row.zone, row.lang);
            // Where there is no room for the word, the mark of the row says it.
            let until = if spans.width() < WITH_UNTIL {
                format!("{at} {}", snooze.reason)
            } else {
                row.lang.fill("work.until", &[("at", &at), ("reason", &snooze.reason)])
            };
            if !put_away(spans, until.trim_end()) {
                return;
            }
        }
        Some(Away::Handled(_)) if !put_away(spans, row.lang.text("is.handled")) => return,
        None if row.case.is_back(row.group, row.wall) => {
            spans.put(Some(Role::Soon), row.lang.text("is.back"));
            spans.put(None, " ");
        }
        Some(Away::Handled(_)) | None => {}
    }
    let names = &row.case.order.passengers;
    let Some(first) = names.first() else { return };
    let width = spans.width();
    spans.put(None, first);
    let mut more = names.len() - 1;
    for name in &names[1..] {
        if name.width() + usize::from(spans.taken()) + 6 > usize::from(width) {
            break;
        }
        spans.put(None, ", ");
        spans.put(None, name);
        more -= 1;
    }
    let tail = match more {
        0 => 0,
        1..10 => 3,
        _ => 4,
    };
    if spans.taken() + tail > width {
        spans.keep(width.saturating_sub(tail + 1));
        spans.put(Some(Role::Faint), "~");
    }
    if more > 0 {
        spans.write(Some(Role::Muted), format_args!(" +{more}"));
    }
}

/// What leaves: the currency is the same in most rows, the number decides.
pub(super) fn amount(row: &Row<'_>, spans: &mut Spans) {
    let Some(outlay) = Outlay::of(&row.case.order) else { return };
    spans.write(Some(Role::Muted), format_args!("{} ", outlay.amount.currency));
    spans.put_right(strong(row), format_args!("{}", outlay.amount.grouped()));
}

/// The service fee: within the amount, or with a mark when it comes from the deposit besides.
pub(super) fn fee(row: &Row<'_>, spans: &mut Spans) {
    let Some(outlay) = Outlay::of(&row.case.order) else { return };
    let Some(fee) = outlay.fee else { return };
    let mark = if outlay.is_fee_included { "" } else { "+" };
    spans.put_right(Some(Role::Muted), format_args!("{mark}{fee}"));
}

/// How the order was or is being paid, as far as anything tells; the vendor's word first.
pub fn methods(case: &Case) -> impl Iterator<Item = PaymentMethod> {
    let paid = case.order.details.as_ref().and_then(|details| details.payment.as_ref());
    paid.map(|payment| payment.method).into_iter().chain(case.attempt().map(|attempt| attempt.method))
}

pub(super) fn method(row: &Row<'_>, spans: &mut Spans) {
    spans.put(None, methods(row.case).next().map_or("", |method| words::method(row.lang, method)));
}

pub(super) fn payment(row: &Row<'_>, spans: &mut Spans) {
    let (words, ink) = payment_words(row);
    let is_paid = payment_key(row.case, row.group) == Some("state.paid");
    let mark = if is_paid { Some(Mark::Done) } else { mark_of(ink) };
    marked(spans, quiet(row.group, ink), mark, words);
}

pub(super) fn ticketing(row: &Row<'_>, spans: &mut Spans) {
    if matches!(row.group, Group::InDoubt | Group::Gone) {
        return marked(spans, Some(Role::Muted), None, "-");
    }
    let (words, ink) = ticketing_words(row);
    let doubted = doubt(row);
    let ink = doubted.map(|(_, ink)| ink).or(ink);
    let mark = mark_of(ink);
    let ink = quiet(row.group, ink);
    if failure(row.case).is_some() {
        marked(spans, ink, Some(Mark::Failed), row.lang.text("state.failed"));
        say_failure(row, spans, ink);
    } else {
        marked(spans, ink, mark, words);
    }
    spans.put(ink, doubted.map_or("", |(sign, _)| sign));
}

/// Payment and ticketing in one word, for narrow screens.
pub(super) fn state(row: &Row<'_>, spans: &mut Spans) {
    let (words, ink) = one_word(row);
    let doubted = doubt(row);
    let ink = doubted.map_or(ink, |(_, ink)| ink);
    let is_failed = !matches!(row.group, Group::InDoubt | Group::Gone) && failure(row.case).is_some();
    let mark = if is_failed { Some(Mark::Failed) } else { mark_of(Some(ink)) };
    let ink = quiet(row.group, Some(ink));
    marked(spans, ink, mark, words);
    if is_failed {
        say_failure(row, spans, ink);
    }
    spans.put(ink, doubted.map_or("", |(sign, _)| sign));
}

pub(super) fn age(row: &Row<'_>, spans: &mut Spans) {
    let Some(created) = row.case.order.created else { return };
    spans.put_right(
        Some(Role::Muted),
        format_args!("{}", time::age(row.lang, row.minute.duration_since(created))),
    );
}

/// A state: its mark or a blank, its word, its ink.
fn marked(spans: &mut Spans, ink: Option<Role>, mark: Option<Mark>, words: &str) {
    spans.mark(ink, mark);
    spans.put(ink, words);
}

/// What is over calls for nobody, whatever it was.
fn quiet(group: Group, ink: Option<Role>) -> Option<Role> {
    let calls = matches!(ink, Some(Role::Urgent | Role::Soon));
    if calls && group == Group::Cancelled { Some(Role::Muted) } else { ink }
}

/// The mark of a state in this ink. What only waits has none.
fn mark_of(ink: Option<Role>) -> Option<Mark> {
    match ink? {
        Role::Urgent => Some(Mark::Failed),
        Role::Going => Some(Mark::Going),
        Role::Good => Some(Mark::Done),
        Role::Doubt => Some(Mark::Doubt),
        Role::Soon => Some(Mark::Warning),
        _ => None,
    }
}

fn attempt_role(attempt: &AttemptState) -> Role {
    match attempt {
        AttemptState::InDoubt(_) | AttemptState::Refused(_) | AttemptState::Conflict => Role::Doubt,
        AttemptState::Claimed | AttemptState::Sending | AttemptState::Accepted | AttemptState::Paid => {
            Role::Going
        }
        AttemptState::Ticketed | AttemptState::PaidElsewhere => Role::Good,
        // That it failed stands with the ticket: of the payment it is open what comes back.
        AttemptState::Reversed => Role::Soon,
        AttemptState::Rejected(_) => Role::Urgent,
        AttemptState::NotSent(_) | AttemptState::NotApplied | AttemptState::Closed => Role::Muted,
    }
}

/// The key of the word for the payment, with its looks: our own attempt where there is one, else what the status implies.
fn payment_term(case: &Case, group: Group) -> Option<(&'static str, Option<Role>)> {
    Some(match (case.attempt_state(), case.order.status) {
        _ if group == Group::Gone => ("state.gone", Some(Role::Muted)),
        (Some(attempt), status) if attempt.blocks() || status == OrderStatus::Unpaid => {
            (words::attempt_short_key(attempt), Some(attempt_role(attempt)))
        }
        (_, OrderStatus::Unpaid) if group == Group::Lapsed => ("state.lapsed", Some(Role::Muted)),
        (_, OrderStatus::Unpaid) => ("state.unpaid", None),
        (_, OrderStatus::Ticketing | OrderStatus::Ticketed) => ("state.paid", None),
        (_, OrderStatus::Cancelled) if case.order.paid_at.is_some() => ("state.reversed", Some(Role::Soon)),
        (_, OrderStatus::Cancelled) => return None,
        (_, OrderStatus::Unknown(_)) => ("state.unknown", Some(Role::Doubt)),
    })
}

/// That key.
pub(super) fn payment_key(case: &Case, group: Group) -> Option<&'static str> {
    payment_term(case, group).map(|(key, _)| key)
}

fn payment_words(row: &Row<'_>) -> (&'static str, Option<Role>) {
    payment_term(row.case, row.group)
        .map_or(("-", Some(Role::Muted)), |(key, role)| (row.lang.text(key), role))
}

/// The code with which a cancelled order failed, if one says so.
pub(super) fn failure(case: &Case) -> Option<&str> {
    let is_cancelled = case.order.status == OrderStatus::Cancelled;
    case.order.ticketing_error.as_ref().filter(|_| is_cancelled).map(|error| error.code.as_str())
}

/// Writes with which code a cancelled order failed, if one says so.
fn say_failure(row: &Row<'_>, spans: &mut Spans, ink: Option<Role>) {
    if let Some(code) = failure(row.case) {
        spans.put(ink, " ");
        spans.put(ink, code);
    }
}

/// Keys of the words for the ticketing, the one that is shown first.
pub(super) fn ticketing_keys(case: &Case, group: Group) -> impl Iterator<Item = &'static str> {
    let shown = match case.order.status {
        _ if matches!(group, Group::InDoubt | Group::Gone) => None,
        OrderStatus::Unpaid => None,
        OrderStatus::Ticketing => Some("state.ticketing"),
        OrderStatus::Ticketed => Some("state.ticketed"),
        OrderStatus::Cancelled if failure(case).is_some() => Some("state.failed"),
        OrderStatus::Cancelled => Some("state.cancelled"),
        OrderStatus::Unknown(_) => Some("state.unknown"),
    };
    let baggage = case.order.baggage().filter(|_| shown.is_some()).map(baggage::state_key);
    let is_declined = failure(case).is_some_and(|code| codes::ticketing(code).mends == Mends::OtherMeans);
    let declined = is_declined.then_some("found_by.declined");
    let late = (group == Group::TicketingLate).then_some("found_by.late");
    baggage.into_iter().chain(shown).chain(declined).chain(late)
}

fn ticketing_words(row: &Row<'_>) -> (&'static str, Option<Role>) {
    let lang = row.lang;
    if let Some(what) = row.case.order.baggage() {
        return (baggage::state(lang, what), Some(Role::Soon));
    }
    match row.case.order.status {
        OrderStatus::Unpaid => ("-", Some(Role::Muted)),
        OrderStatus::Ticketing => (lang.text("state.ticketing"), Some(Role::Going)),
        OrderStatus::Ticketed => (lang.text("state.ticketed"), Some(Role::Good)),
        OrderStatus::Cancelled => (lang.text("state.cancelled"), Some(Role::Urgent)),
        OrderStatus::Unknown(_) => (lang.text("state.unknown"), Some(Role::Doubt)),
    }
}

/// The sign of a state that the list contradicts, of an order that it does not show any more, and of one that is only
/// remembered: all are being asked about.
fn doubt(row: &Row<'_>) -> Option<(&'static str, Role)> {
    if row.is_remembered {
        return Some(("<", Role::Muted));
    }
    let is_missing = row.group != Group::Gone && row.case.missing().is_some();
    (is_missing || row.case.listed_as.is_some()).then_some(("?", Role::Doubt))
}

fn one_word<'a>(row: &Row<'a>) -> (&'a str, Role) {
    if row.group == Group::InDoubt {
        // Whatever a list says meanwhile: only an answer about this order ends a doubt.
        let (words, ink) = payment_words(row);
        return (words, ink.unwrap_or(Role::Doubt));
    }
    if row.group == Group::Gone {
        return (row.lang.text("state.gone"), Role::Muted);
    }
    if failure(row.case).is_some() {
        let ink = if row.group == Group::Recoverable { Role::Urgent } else { Role::Muted };
        return (row.lang.text("state.failed"), ink);
    }
    let (words, ink) = match row.case.order.status {
        OrderStatus::Unpaid | OrderStatus::Unknown(_) => payment_words(row),
        _ => ticketing_words(row),
    };
    (words, ink.unwrap_or(row_role(row.group)))
}
