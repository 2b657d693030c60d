//! The table of orders: only the visible rows are built, cell by cell.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use crate::{
    console::{list::SortBy, state::State, theme::Role},
    domain::{
        attempt::State as AttemptState,
        case::Case,
        deadline::REGENERABLE_FOR,
        method::PaymentMethod,
        order::{Order, OrderStatus},
        triage::Group,
    },
    lang::words,
};

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Due,
    Order,
    Route,
    Airline,
    Passengers,
    Amount,
    Method,
    Payment,
    Ticketing,
    State,
    Age,
}

/// A column with its width, and the key of its head.
struct Spec {
    column: Column,
    width: u16,
    head: &'static str,
    right: bool,
    sort: SortBy,
}

const fn spec(column: Column, width: u16, head: &'static str, right: bool, sort: SortBy) -> Spec {
    Spec { column, width, head, right, sort }
}

const DUE: Spec = spec(Column::Due, 7, "column.due", true, SortBy::Deadline);
const ORDER: Spec = spec(Column::Order, 22, "column.order", false, SortBy::Order);
const ROUTE: Spec = spec(Column::Route, 7, "column.route", false, SortBy::Route);
const AIRLINE: Spec = spec(Column::Airline, 2, "column.airline", false, SortBy::Airline);
const PASSENGERS: Spec = spec(Column::Passengers, 10, "column.passengers", false, SortBy::Passengers);
const WIDE_PASSENGERS: Spec = spec(Column::Passengers, 22, "column.passengers", false, SortBy::Passengers);
const AMOUNT: Spec = spec(Column::Amount, 14, "column.amount", true, SortBy::Amount);
const METHOD: Spec = spec(Column::Method, 7, "column.method", false, SortBy::Method);
const PAYMENT: Spec = spec(Column::Payment, 10, "column.payment", false, SortBy::Payment);
const TICKETING: Spec = spec(Column::Ticketing, 10, "column.ticketing", false, SortBy::Ticketing);
const STATE: Spec = spec(Column::State, 10, "column.state", false, SortBy::Payment);
const AGE: Spec = spec(Column::Age, 4, "column.age", true, SortBy::Age);

/// Columns by room, from the narrowest; what comes with more room is more than width.
const SETS: [&[Spec]; 4] = [
    &[DUE, ORDER, ROUTE, AIRLINE, AMOUNT, STATE],
    &[DUE, ORDER, ROUTE, AIRLINE, PASSENGERS, AMOUNT, STATE],
    &[DUE, ORDER, ROUTE, AIRLINE, PASSENGERS, AMOUNT, METHOD, PAYMENT, TICKETING, AGE],
    &[DUE, ORDER, ROUTE, AIRLINE, WIDE_PASSENGERS, AMOUNT, METHOD, PAYMENT, TICKETING, AGE],
];

/// Columns that a set takes: each with a blank after it, and the mark before all.
fn room_for(set: &[Spec]) -> u16 {
    set.iter().map(|spec| spec.width + 1).sum::<u16>() + 1
}

/// Columns of the screen that the table takes when the detail stands beside it.
pub fn preferred_width(screen: u16) -> u16 {
    let fits = |set: &&&[Spec]| room_for(set) + ROOM_FOR_DETAIL <= screen;
    SETS.iter().rev().find(fits).map_or(room_for(SETS[0]), |set| room_for(set))
}

/// The detail is not read well in fewer columns than this.
const ROOM_FOR_DETAIL: u16 = 50;

fn set(width: u16) -> &'static [Spec] {
    SETS.iter().rev().find(|set| room_for(set) <= width).unwrap_or(&SETS[0])
}

/// True when a table of `width` columns shows ages.
pub fn shows_age(width: u16) -> bool {
    set(width).iter().any(|spec| spec.column == Column::Age)
}

/// Draws heads and visible rows.
pub fn draw(state: &State, area: Rect, canvas: &mut Canvas<'_>) {
    let specs = set(area.width);
    let (sorted, reversed) = state.list.sorted_by();
    let mut x = area.x + 2;
    for spec in specs {
        let mut head = state.lang().text(spec.head).to_owned();
        if sorted == spec.sort {
            head.push(if reversed { '^' } else { '+' });
        }
        if spec.right {
            canvas.put_right(x, area.y, spec.width, Role::Title, &head);
        } else {
            canvas.put(x, area.y, spec.width, Role::Title, &head);
        }
        x += spec.width + 1;
    }
    let selected = state.list.selected();
    let stale = state.stale_for().is_some();
    let mut text = String::new();
    for (line, y) in (area.y + 1..area.bottom()).enumerate() {
        let Some((case, group)) = state.list.row(state.top + line) else { break };
        let role = if stale { Role::Dim } else { row_role(group) };
        let is_selected = selected == Some(case.order.no);
        canvas.put(area.x, y, 1, role, if is_selected { ">" } else { mark(group) });
        let mut x = area.x + 2;
        for spec in specs {
            text.clear();
            let role = cell(state, case, group, spec.column, &mut text, spec.width).unwrap_or(role);
            let role = if stale { Role::Dim } else { role };
            if spec.right {
                canvas.put_right(x, y, spec.width, role, &text);
            } else {
                canvas.put(x, y, spec.width, role, &text);
            }
            x += spec.width + 1;
        }
        if is_selected {
            canvas.tint(Rect { y, height: 1, ..area }, Role::Selected);
        }
    }
}

/// The sign of a group, readable without colour.
pub fn mark(group: Group) -> &'static str {
    match group {
        Group::InDoubt | Group::MoneyOpen => "?",
        Group::Due | Group::Undated => "!",
        Group::Recoverable | Group::Cancelled => "x",
        Group::TicketingLate | Group::Ticketing => "~",
        Group::Ticketed => "*",
        Group::Lapsed => "-",
        Group::Unpaid | Group::Unclear => " ",
    }
}

fn row_role(group: Group) -> Role {
    match group {
        Group::Ticketed | Group::Cancelled | Group::Lapsed => Role::Dim,
        _ => Role::Plain,
    }
}

/// Writes a cell's text; returns a role if it is not the row's.
fn cell(
    state: &State,
    case: &Case,
    group: Group,
    column: Column,
    text: &mut String,
    width: u16,
) -> Option<Role> {
    let order = &case.order;
    let lang = state.lang();
    match column {
        Column::Due => return due(state, order, group, text),
        Column::Order => text.push_str(order.no.as_str()),
        Column::Route => {
            let [from, to] =
                [&order.from, &order.to].map(|place| place.as_ref().map_or("---", |place| place.as_str()));
            let _ = write!(text, "{from:.3}-{to:.3}");
        }
        Column::Airline => text.push_str(order.airlines.first().map_or("--", |airline| airline.code())),
        Column::Passengers => passengers(order, text, width),
        Column::Amount => {
            if let Some(total) = order.details.as_ref().and_then(|details| details.total) {
                let _ = write!(text, "{total}");
            }
        }
        Column::Method => text.push_str(method_of(case).map_or("", |method| words::method(lang, method))),
        Column::Payment => {
            let (words, role) = payment(state, case);
            text.push_str(words);
            return role;
        }
        Column::Ticketing if group == Group::InDoubt => {
            text.push('-');
            return Some(Role::Dim);
        }
        Column::Ticketing => {
            let (words, role) = ticketing(state, order);
            if !failure(state, order, text) {
                text.push_str(words);
            }
            return differs(case, text).or(role);
        }
        Column::State => {
            let role = one_state(state, case, group, text);
            let role = differs(case, text).unwrap_or(role);
            return Some(role);
        }
        Column::Age => {
            if let Some(created) = order.created {
                text.push_str(&age(whole_minute(state.now).duration_since(created)));
            }
        }
    }
    None
}

/// How the order was or is being paid, if anything tells.
pub fn method_of(case: &Case) -> Option<PaymentMethod> {
    let paid = case.order.details.as_ref().and_then(|details| details.payment.as_ref());
    paid.map(|payment| payment.method).or_else(|| case.attempt().map(|attempt| attempt.method))
}

/// The names that fit, and how many more there are.
fn passengers(order: &Order, text: &mut String, width: u16) {
    let mut names = order.passengers.iter();
    let Some(first) = names.next() else { return };
    text.push_str(first);
    let mut more = names.len();
    for name in names {
        let room = width.saturating_sub(columns(text)).saturating_sub(6);
        if columns(name) > room {
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
            if usize::from(columns(&kept)) + usize::from(columns(c.encode_utf8(&mut [0; 4]))) > keep {
                break;
            }
            kept.push(c);
        }
        *text = kept + &tail;
    }
}

/// The deadline: a countdown while unpaid, else how it stands.
fn due(state: &State, order: &Order, group: Group, text: &mut String) -> Option<Role> {
    let lang = state.lang();
    match (order.status, order.deadline()) {
        (OrderStatus::Unpaid, Some(deadline)) => {
            let left = deadline.duration_since(state.server_now());
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
        (OrderStatus::Ticketing, _) => {
            let since = order.paid_at.map(|paid| whole_minute(state.now).duration_since(paid).as_mins());
            if let Some(minutes) = since.filter(|_| group == Group::TicketingLate) {
                let _ = write!(text, "{} {}", lang.text("due.slow"), age(SignedDuration::from_mins(minutes)));
                return Some(Role::Due);
            }
            None
        }
        (OrderStatus::Cancelled, _) if group == Group::Recoverable => {
            let left = (order.created? + REGENERABLE_FOR).duration_since(whole_minute(state.server_now()));
            text.push_str(&countdown(left));
            Some(Role::Plain)
        }
        _ => None,
    }
}

/// `23h`, `9h25`, `29:12`, `00:48`: as exact as it matters.
pub fn countdown(left: SignedDuration) -> String {
    let seconds = left.as_secs();
    match seconds / 3_600 {
        0 => format!("{:02}:{:02}", seconds / 60, seconds % 60),
        hours @ 10..100 => format!("{hours}h"),
        hours @ 1..10 => format!("{hours}h{:02}", seconds / 60 % 60),
        hours => format!("{}d", hours / 24),
    }
}

/// `29m`, `5h`, `3d`.
fn age(age: SignedDuration) -> String {
    match age.as_mins().max(0) {
        minutes @ 0..100 => format!("{minutes}m"),
        minutes @ 100..2_880 => format!("{}h", minutes / 60),
        minutes => format!("{}d", minutes / 1_440),
    }
}

/// Ages go by whole minutes, so that all of them change together and at most once a minute.
fn whole_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() / 60 * 60).unwrap_or(now)
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

/// Payment: our own attempt where there is one, else what the status implies.
fn payment(state: &State, case: &Case) -> (&'static str, Option<Role>) {
    let lang = state.lang();
    match (case.attempt_state(), case.order.status) {
        (Some(attempt), _) if attempt.blocks() || case.order.status == OrderStatus::Unpaid => {
            (words::attempt_state_short(lang, attempt), Some(attempt_role(attempt)))
        }
        (_, OrderStatus::Unpaid) if case.order.has_lapsed(state.server_now()) => {
            (lang.text("state.lapsed"), Some(Role::Dim))
        }
        (_, OrderStatus::Unpaid) => (lang.text("state.unpaid"), None),
        (_, OrderStatus::Ticketing | OrderStatus::Ticketed) => (lang.text("state.paid"), None),
        (_, OrderStatus::Cancelled) if case.order.paid_at.is_some() => {
            (lang.text("state.reversed"), Some(Role::Bad))
        }
        (_, OrderStatus::Cancelled) => ("-", Some(Role::Dim)),
        (_, OrderStatus::Unknown(_)) => (lang.text("state.unknown"), Some(Role::Doubt)),
    }
}

/// Writes why a cancelled order failed; false if nothing says so.
fn failure(state: &State, order: &Order, text: &mut String) -> bool {
    let error = order.ticketing_error.as_ref().filter(|_| order.status == OrderStatus::Cancelled);
    let Some(error) = error else { return false };
    let _ = write!(text, "{} {}", state.lang().text("state.failed"), error.code);
    true
}

fn ticketing(state: &State, order: &Order) -> (&'static str, Option<Role>) {
    let lang = state.lang();
    match order.status {
        OrderStatus::Unpaid => ("-", Some(Role::Dim)),
        OrderStatus::Ticketing => (lang.text("state.ticketing"), Some(Role::Busy)),
        OrderStatus::Ticketed => (lang.text("state.ticketed"), Some(Role::Good)),
        OrderStatus::Cancelled => (lang.text("state.cancelled"), Some(Role::Bad)),
        OrderStatus::Unknown(_) => (lang.text("state.unknown"), Some(Role::Doubt)),
    }
}

/// Marks a state that the list contradicts: it is being asked about.
fn differs(case: &Case, text: &mut String) -> Option<Role> {
    case.listed_as?;
    text.push('?');
    Some(Role::Doubt)
}

/// Payment and ticketing in one word, for narrow screens.
fn one_state(state: &State, case: &Case, group: Group, text: &mut String) -> Role {
    let order = &case.order;
    if group == Group::InDoubt {
        // Whatever a list says meanwhile: only an answer about this order ends a doubt.
        let (words, role) = payment(state, case);
        text.push_str(words);
        return role.unwrap_or(Role::Doubt);
    }
    if failure(state, order, text) {
        return if group == Group::Recoverable { Role::Bad } else { Role::Dim };
    }
    let (words, role) = match order.status {
        OrderStatus::Unpaid | OrderStatus::Unknown(_) => payment(state, case),
        _ => ticketing(state, order),
    };
    text.push_str(words);
    role.unwrap_or(row_role(group))
}
