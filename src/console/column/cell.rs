//! What stands in the cells of each column, and in which looks.

use std::fmt::Write as _;

use jiff::SignedDuration;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{
    row::Row,
    time::{self, countdown, whole_minute},
};
use crate::{
    console::theme::Role,
    domain::{
        attempt::State as AttemptState,
        case::Case,
        codes::{self, Mends},
        deadline::REGENERABLE_FOR,
        method::PaymentMethod,
        order::OrderStatus,
        outlay::Outlay,
        triage::Group,
    },
    lang::{baggage, words},
};

/// The looks of a row whose cells have none of their own.
pub fn row_role(group: Group) -> Role {
    match group {
        Group::Ticketed | Group::Cancelled | Group::Lapsed | Group::Gone => Role::Dim,
        _ => Role::Plain,
    }
}

/// The sign of a group, readable without colour.
pub(super) fn urgency(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    text.push_str(match row.group {
        Group::InDoubt | Group::MoneyOpen => "?",
        Group::Due | Group::Undated | Group::Baggage => "!",
        Group::Recoverable | Group::Cancelled => "x",
        Group::TicketingLate | Group::Ticketing => "~",
        Group::Ticketed => "*",
        Group::Lapsed | Group::Gone => "-",
        Group::Unpaid | Group::Unclear => " ",
    });
    None
}

/// A countdown while unpaid, else how it stands.
pub(super) fn due(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    let (order, lang) = (&row.case.order, row.lang);
    match (order.status, order.deadline()) {
        // The order that was made from it has a deadline of its own.
        (OrderStatus::Unpaid, _) if row.case.is_replaced() => None,
        _ if row.group == Group::Gone => None,
        (OrderStatus::Unpaid, Some(deadline)) => {
            let left = deadline.duration_since(row.server_now);
            if left <= SignedDuration::ZERO {
                text.push_str(lang.text("due.late"));
                return Some(Role::Dim);
            }
            text.push_str(&countdown(left));
            Some(match left.as_mins() {
                0..5 => Role::Bad,
                5..10 => Role::Due,
                _ => Role::Plain,
            })
        }
        (OrderStatus::Unpaid, None) if order.is_undated() => {
            text.push_str(lang.text("due.unknown"));
            Some(Role::Due)
        }
        (OrderStatus::Unpaid, None) => {
            text.push_str("--:--");
            Some(Role::Dim)
        }
        (OrderStatus::Ticketing, _) if row.group == Group::Baggage => {
            let left = row.case.baggage()?.ends_at()?.duration_since(row.now);
            text.push_str(&countdown(left.max(SignedDuration::ZERO)));
            Some(if left.as_mins() < 10 { Role::Bad } else { Role::Due })
        }
        (OrderStatus::Ticketing, _) => {
            let since = order.paid_at.map(|paid| whole_minute(row.now).duration_since(paid).as_mins());
            if let Some(minutes) = since.filter(|_| row.group == Group::TicketingLate) {
                let age = time::age(lang, SignedDuration::from_mins(minutes));
                text.push_str(&lang.fill("due.slow", &[("age", &age)]));
                return Some(Role::Due);
            }
            None
        }
        (OrderStatus::Cancelled, _) if row.group == Group::Recoverable => {
            let left = (order.created? + REGENERABLE_FOR).duration_since(whole_minute(row.server_now));
            text.push_str(&countdown(left));
            Some(Role::Plain)
        }
        _ => None,
    }
}

pub(super) fn order(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    text.push_str(row.case.order.no.as_str());
    None
}

pub(super) fn route(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    let order = &row.case.order;
    let [from, to] =
        [&order.from, &order.to].map(|place| place.as_ref().map_or("---", |place| place.as_str()));
    let _ = write!(text, "{from:.3}-{to:.3}");
    None
}

pub(super) fn airline(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    text.push_str(row.case.order.airlines.first().map_or("--", |airline| airline.code()));
    None
}

/// The names that fit, and how many more there are.
pub(super) fn passengers(row: &Row<'_>, text: &mut String, width: u16) -> Option<Role> {
    let mut names = row.case.order.passengers.iter();
    text.push_str(names.next()?);
    let mut more = names.len();
    for name in names {
        let room = usize::from(width).saturating_sub(text.width()).saturating_sub(6);
        if name.width() > room {
            break;
        }
        let _ = write!(text, ", {name}");
        more -= 1;
    }
    if more > 0 {
        let tail = format!(" +{more}");
        let keep = usize::from(width) - tail.len();
        let mut kept = String::new();
        for c in text.chars() {
            if kept.width() + c.width().unwrap_or_default() > keep {
                break;
            }
            kept.push(c);
        }
        *text = kept + &tail;
    }
    None
}

pub(super) fn amount(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    let _ = write!(text, "{}", Outlay::of(&row.case.order)?.amount);
    None
}

/// The service fee: within the amount, or with a mark when it comes from the deposit besides.
pub(super) fn fee(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    let outlay = Outlay::of(&row.case.order)?;
    let mark = if outlay.is_fee_included { "" } else { "+" };
    let _ = write!(text, "{mark}{}", outlay.fee?);
    Some(Role::Dim)
}

/// How the order was or is being paid, as far as anything tells; the vendor's word first.
pub fn methods(case: &Case) -> impl Iterator<Item = PaymentMethod> {
    let paid = case.order.details.as_ref().and_then(|details| details.payment.as_ref());
    paid.map(|payment| payment.method).into_iter().chain(case.attempt().map(|attempt| attempt.method))
}

pub(super) fn method(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    text.push_str(words::method(row.lang, methods(row.case).next()?));
    None
}

pub(super) fn payment(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    let (words, role) = payment_words(row);
    text.push_str(words);
    role
}

pub(super) fn ticketing(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    if matches!(row.group, Group::InDoubt | Group::Gone) {
        text.push('-');
        return Some(Role::Dim);
    }
    let (words, role) = ticketing_words(row);
    if !write_failure(row, text) {
        text.push_str(words);
    }
    doubted(row, text).or(role)
}

/// Payment and ticketing in one word, for narrow screens.
pub(super) fn state(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    let role = one_word(row, text);
    doubted(row, text).or(Some(role))
}

pub(super) fn age(row: &Row<'_>, text: &mut String, _width: u16) -> Option<Role> {
    text.push_str(&time::age(row.lang, row.minute.duration_since(row.case.order.created?)));
    None
}

fn attempt_role(attempt: &AttemptState) -> Role {
    match attempt {
        AttemptState::InDoubt(_) | AttemptState::Refused(_) | AttemptState::Conflict => Role::Doubt,
        AttemptState::Claimed | AttemptState::Sending | AttemptState::Accepted | AttemptState::Paid => {
            Role::Busy
        }
        AttemptState::Ticketed | AttemptState::PaidElsewhere => Role::Good,
        AttemptState::Rejected(_) | AttemptState::Reversed => Role::Bad,
        AttemptState::NotSent(_) | AttemptState::NotApplied | AttemptState::Closed => Role::Dim,
    }
}

/// The key of the word for the payment, with its looks: our own attempt where there is one, else what the status implies.
fn payment_term(case: &Case, group: Group) -> Option<(&'static str, Option<Role>)> {
    Some(match (case.attempt_state(), case.order.status) {
        _ if group == Group::Gone => ("state.gone", Some(Role::Dim)),
        (Some(attempt), status) if attempt.blocks() || status == OrderStatus::Unpaid => {
            (words::attempt_short_key(attempt), Some(attempt_role(attempt)))
        }
        (_, OrderStatus::Unpaid) if group == Group::Lapsed => ("state.lapsed", Some(Role::Dim)),
        (_, OrderStatus::Unpaid) => ("state.unpaid", None),
        (_, OrderStatus::Ticketing | OrderStatus::Ticketed) => ("state.paid", None),
        (_, OrderStatus::Cancelled) if case.order.paid_at.is_some() => ("state.reversed", Some(Role::Bad)),
        (_, OrderStatus::Cancelled) => return None,
        (_, OrderStatus::Unknown(_)) => ("state.unknown", Some(Role::Doubt)),
    })
}

/// That key.
pub(super) fn payment_key(case: &Case, group: Group) -> Option<&'static str> {
    payment_term(case, group).map(|(key, _)| key)
}

fn payment_words(row: &Row<'_>) -> (&'static str, Option<Role>) {
    payment_term(row.case, row.group).map_or(("-", Some(Role::Dim)), |(key, role)| (row.lang.text(key), role))
}

/// The code with which a cancelled order failed, if one says so.
pub(super) fn failure(case: &Case) -> Option<&str> {
    let is_cancelled = case.order.status == OrderStatus::Cancelled;
    case.order.ticketing_error.as_ref().filter(|_| is_cancelled).map(|error| error.code.as_str())
}

/// Writes why a cancelled order failed; false if nothing says so.
fn write_failure(row: &Row<'_>, text: &mut String) -> bool {
    let Some(code) = failure(row.case) else { return false };
    let _ = write!(text, "{} {code}", row.lang.text("state.failed"));
    true
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
        return (baggage::state(lang, what), Some(Role::Due));
    }
    match row.case.order.status {
        OrderStatus::Unpaid => ("-", Some(Role::Dim)),
        OrderStatus::Ticketing => (lang.text("state.ticketing"), Some(Role::Busy)),
        OrderStatus::Ticketed => (lang.text("state.ticketed"), Some(Role::Good)),
        OrderStatus::Cancelled => (lang.text("state.cancelled"), Some(Role::Bad)),
        OrderStatus::Unknown(_) => (lang.text("state.unknown"), Some(Role::Doubt)),
    }
}

/// Marks a state that the list contradicts, an order that it does not show any more, and one that is only remembered: all
/// are being asked about.
fn doubted(row: &Row<'_>, text: &mut String) -> Option<Role> {
    if row.is_remembered {
        text.push('<');
        return Some(Role::Dim);
    }
    let is_missing = row.group != Group::Gone && row.case.missing().is_some();
    (is_missing || row.case.listed_as.is_some()).then(|| {
        text.push('?');
        Role::Doubt
    })
}

fn one_word(row: &Row<'_>, text: &mut String) -> Role {
    if row.group == Group::InDoubt {
        // Whatever a list says meanwhile: only an answer about this order ends a doubt.
        let (words, role) = payment_words(row);
        text.push_str(words);
        return role.unwrap_or(Role::Doubt);
    }
    if row.group == Group::Gone {
        text.push_str(row.lang.text("state.gone"));
        return Role::Dim;
    }
    if write_failure(row, text) {
        return if row.group == Group::Recoverable { Role::Bad } else { Role::Dim };
    }
    let (words, role) = match row.case.order.status {
        OrderStatus::Unpaid | OrderStatus::Unknown(_) => payment_words(row),
        _ => ticketing_words(row),
    };
    text.push_str(words);
    role.unwrap_or(row_role(row.group))
}
