//! Alerts: what somebody must hear of who is not looking. Of a case time alone brings some of them, at moments that are
//! known beforehand; others are there as soon as something is learnt. Pure; the time is an argument.
//!
//! An alert has a key, by which it is raised once, whoever raises it and however often the program is started.

use jiff::{SignedDuration, Timestamp};

use super::{
    attempt::{AttemptId, State},
    case::Case,
    codes,
    money::Currency,
    order::{Airline, OrderNo, OrderStatus},
    text::Text,
    triage::Group,
};

/// An unpaid order is spoken of when so many minutes are left,
const LEFT: [u32; 3] = [10, 5, 1];

/// and a payment of unknown outcome so many minutes after it was sent.
const UNKNOWN_FOR: [u32; 3] = [2, 10, 30];

/// What an alert is about that no order names is spoken of again after so long, although its cause has lasted.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(4);

/// Why an alert is raised, and about whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The deadline of an unpaid order is near.
    Deadline(OrderNo),
    /// The airline has refused the payment: of this attempt, if it was ours.
    Declined(OrderNo, Option<AttemptId>),
    /// It is paid, and longer without a ticket than usual.
    TicketingLate(OrderNo),
    /// The outcome of a payment is unknown.
    InDoubt(OrderNo, AttemptId),
    /// What is known of a payment contradicts itself.
    Conflict(OrderNo, AttemptId),
    /// Somebody else has paid the order.
    PaidElsewhere(OrderNo, AttemptId),
    /// The deposit does not suffice for what is open in its currency.
    BalanceLow(Currency),
    /// An airline is in trouble.
    AirlineTrouble(Airline),
}

impl Cause {
    /// The order that it is about, if it is about one.
    pub fn order(self) -> Option<OrderNo> {
        match self {
            Self::Deadline(order)
            | Self::Declined(order, _)
            | Self::TicketingLate(order)
            | Self::InDoubt(order, _)
            | Self::Conflict(order, _)
            | Self::PaidElsewhere(order, _) => Some(order),
            Self::BalanceLow(_) | Self::AirlineTrouble(_) => None,
        }
    }

    /// The stable word for the journal.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deadline(_) => "deadline",
            Self::Declined(..) => "declined",
            Self::TicketingLate(_) => "ticketingLate",
            Self::InDoubt(..) => "inDoubt",
            Self::Conflict(..) => "conflict",
            Self::PaidElsewhere(..) => "paidElsewhere",
            Self::BalanceLow(_) => "balanceLow",
            Self::AirlineTrouble(_) => "airlineTrouble",
        }
    }
}

/// What makes an alert the same one: its cause, and which of several thresholds was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Why.
    pub cause: Cause,
    /// Minutes, where the cause has thresholds. The how-manieth time it is, where the cause comes and goes. Else 0.
    pub step: u32,
}

impl Key {
    /// True for one that must not wait: money or an order is lost otherwise.
    pub fn is_urgent(self) -> bool {
        match self.cause {
            Cause::Deadline(_) => self.step <= 5,
            Cause::InDoubt(..) => self.step > 2,
            Cause::Conflict(..) | Cause::PaidElsewhere(..) => true,
            Cause::Declined(..)
            | Cause::TicketingLate(_)
            | Cause::BalanceLow(_)
            | Cause::AirlineTrouble(_) => false,
        }
    }
}

/// What was done about an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertDid {
    /// It was raised.
    Raised,
    /// Somebody has seen it, and sees to it.
    Acknowledged,
}

impl AlertDid {
    /// The stable word for the journal.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Acknowledged => "acknowledged",
        }
    }

    /// What a word means; nothing for one of a newer version.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Raised, Self::Acknowledged].into_iter().find(|did| did.word() == word)
    }
}

/// An alert that was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What makes it this one.
    pub key: Key,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// Who has acknowledged it, and when.
    pub acknowledged: Option<(Text, Timestamp)>,
}

/// An alert as it is listed: of a cause, of whose thresholds the last one speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The alert.
    pub alert: Alert,
    /// Its cause is over.
    pub is_over: bool,
}

impl Listed {
    /// Why it was raised, and about whom.
    pub fn cause(&self) -> Cause {
        self.alert.key.cause
    }

    /// Nobody has acknowledged it, and its cause lasts.
    pub fn waits(&self) -> bool {
        self.alert.acknowledged.is_none() && !self.is_over
    }
}

/// An alert that is due, raised or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// What makes it this one.
    pub key: Key,
    /// Since when.
    pub since: Timestamp,
}

/// What time brings of one cause while nothing else changes: steps, oldest first, and when the cause is over by itself.
struct Course {
    cause: Cause,
    steps: Vec<(Timestamp, u32)>,
    until: Option<Timestamp>,
}

impl Course {
    /// A cause that is there, since then as far as anybody knows.
    fn at(cause: Cause, since: Timestamp) -> Self {
        Self { cause, steps: vec![(since, 0)], until: None }
    }

    /// The last step that was taken by `now`. Of those before it nobody needs to hear any more.
    fn due(&self, now: Timestamp) -> Option<Due> {
        if self.until.is_some_and(|until| until <= now) {
            return None;
        }
        let (since, step) = *self.steps.iter().rev().find(|(at, _)| *at <= now)?;
        Some(Due { key: Key { cause: self.cause, step }, since })
    }

    fn next(&self, now: Timestamp) -> Option<Timestamp> {
        self.steps.iter().map(|(at, _)| *at).chain(self.until).filter(|at| *at > now).min()
    }
}

/// Which alerts are due of a case at `now` (the vendor's clock): one of each cause, the last.
pub fn due(case: &Case, now: Timestamp) -> Vec<Due> {
    courses(case, now).iter().filter_map(|course| course.due(now)).collect()
}

/// When that changes by the mere passing of time.
pub fn due_until(case: &Case, now: Timestamp) -> Option<Timestamp> {
    courses(case, now).iter().filter_map(|course| course.next(now)).min()
}

fn courses(case: &Case, now: Timestamp) -> Vec<Course> {
    let (order, no) = (&case.order, case.order.no);
    let minutes = |minutes: u32| SignedDuration::from_mins(i64::from(minutes));
    if case.is_gone() {
        return Vec::new();
    }
    let attempt = case.attempt();
    if let Some(attempt) = attempt {
        let since = attempt.changed_at.min(now);
        match &attempt.state {
            State::InDoubt(_) | State::Refused(_) => {
                let sent = attempt.sent.map_or(attempt.changed_at, |sent| sent.now.at);
                let steps = UNKNOWN_FOR.map(|step| (sent + minutes(step), step)).to_vec();
                return vec![Course { cause: Cause::InDoubt(no, attempt.id), steps, until: None }];
            }
            State::Conflict => return vec![Course::at(Cause::Conflict(no, attempt.id), since)],
            State::PaidElsewhere => return vec![Course::at(Cause::PaidElsewhere(no, attempt.id), since)],
            _ => {}
        }
    }
    let mut courses = Vec::new();
    // The order that was made from it counts.
    let is_replaced = case.is_replaced();
    let blocks = attempt.is_some_and(|attempt| attempt.state.blocks());
    match order.status {
        OrderStatus::Unpaid if !is_replaced && !blocks => {
            let Some(deadline) = order.deadline().filter(|deadline| *deadline > now) else { return courses };
            let steps = LEFT.map(|step| (deadline - minutes(step), step)).to_vec();
            courses.push(Course { cause: Cause::Deadline(no), steps, until: Some(deadline) });
            if let Some(attempt) = attempt
                && let State::Rejected(status) = attempt.state
                && codes::pay(status).is_decline
            {
                let since = attempt.changed_at.min(now);
                let declined = Course::at(Cause::Declined(no, Some(attempt.id)), since);
                courses.push(Course { until: Some(deadline), ..declined });
            }
        }
        OrderStatus::Cancelled if !is_replaced => {
            // One that failed with nothing to be done about it is a line of the table like any other.
            let is_open = matches!(Group::of(case, now), Group::Recoverable | Group::MoneyOpen);
            if is_open && order.ticketing_error.is_some() {
                let id = attempt.map(|attempt| attempt.id);
                let learnt = attempt.map(|attempt| attempt.changed_at).or(order.paid_at).or(order.created);
                let declined = Course::at(Cause::Declined(no, id), learnt.map_or(now, |at| at.min(now)));
                let until = order.regenerable_until().filter(|until| *until > now);
                courses.push(Course { until, ..declined });
            }
        }
        OrderStatus::Ticketing => {
            let steps = order.late_at().map(|late| (late, 0)).into_iter().collect();
            courses.push(Course { cause: Cause::TicketingLate(no), steps, until: None });
        }
        _ => {}
    }
    courses
}

/// The next alert of a cause that comes and goes, which is there just now; `last` is the one before, and `was_away` whether
/// the cause was seen to be over since. None while that one is to be acknowledged, or was just now.
pub fn recurs(cause: Cause, last: Option<&Alert>, was_away: bool, now: Timestamp) -> Option<Key> {
    let Some(last) = last else { return Some(Key { cause, step: 1 }) };
    let (_, acknowledged) = last.acknowledged.as_ref()?;
    let is_due = was_away || now.duration_since(*acknowledged) >= AGAIN_AFTER;
    is_due.then_some(Key { cause, step: last.key.step + 1 })
}

/// When [`recurs`] says so by the mere passing of time.
pub fn recurs_at(last: &Alert) -> Option<Timestamp> {
    Some(last.acknowledged.as_ref()?.1 + AGAIN_AFTER)
}
