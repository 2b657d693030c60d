//! The times of an order: how long it can be paid, waited for and regenerated.

use jiff::{SignedDuration, Timestamp};

use super::{
    moment::Now,
    order::{Order, OrderStatus},
};

/// With less time left than this, an unpaid order needs a person now.
pub const DUE_BELOW: SignedDuration = SignedDuration::from_mins(10);

/// With less time left than this, a declined card could not be recovered: a deposit goes first.
pub const CARD_MARGIN: SignedDuration = SignedDuration::from_mins(3);

/// A payment that has been ticketing for longer than this is late (the vendor's usual time).
const LATE_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// Hardly any ticket takes longer than this (98 of 100 do not, the vendor promises): its support has to look.
pub(super) const OVERDUE_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// An order may be regenerated for so long after it was made.
pub const REGENERABLE_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Most orders may be paid for so long after they were made; their deadline says for how long this one may.
const USUAL_HOLD: SignedDuration = SignedDuration::from_mins(30);

/// An unpaid order may change for so long after its deadline, which may be another one by then: the vendor may cancel it late,
/// and clocks differ.
const LAPSES_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// An order that is held for no longer than this is a fulfilment order: payment, ticketing and any retry fit inside, or
/// are given up.
pub(super) const FULFILMENT_HOLD: SignedDuration = SignedDuration::from_mins(5);

/// With less of that time left, no further retry is begun.
pub const FULFILMENT_MARGIN: SignedDuration = SignedDuration::from_mins(1);

/// The vendor's clock is known to within this: its dates have whole seconds, and a difference below two counts as none.
pub const CLOCK_DOUBT: SignedDuration = SignedDuration::from_secs(5);

/// True for an order that can change by itself at `now`: it is in ticketing, or may still be paid as far as anybody can tell.
/// All others are over, until somebody does something about them.
pub fn is_moving(
    status: OrderStatus,
    deadline: Option<Timestamp>,
    created: Option<Timestamp>,
    now: Timestamp,
) -> bool {
    match status {
        OrderStatus::Unpaid => {
            let until = deadline.or(created.map(|created| created + USUAL_HOLD));
            until.is_none_or(|until| now < until + LAPSES_WITHIN)
        }
        status => status == OrderStatus::Ticketing,
    }
}

impl Order {
    /// The payment deadline, if the details are known.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.details.as_ref()?.deadline
    }

    /// Until when it may be paid, as far as anybody can tell who has not asked yet.
    pub fn likely_deadline(&self) -> Option<Timestamp> {
        self.deadline().or(self.created.map(|created| created + USUAL_HOLD))
    }

    /// The time left until its deadline at `now`, by the vendor's clock; negative once it is past.
    pub fn time_left(&self, now: Timestamp) -> Option<SignedDuration> {
        Some(self.deadline()?.duration_since(now))
    }

    /// True while an unpaid order's deadline is known and ahead.
    pub fn has_time_left(&self, now: Timestamp) -> bool {
        self.status == OrderStatus::Unpaid && self.deadline().is_some_and(|deadline| deadline > now)
    }

    /// True for an unpaid order that was asked for, and whose deadline is not known all the same.
    pub fn is_undated(&self) -> bool {
        self.status == OrderStatus::Unpaid
            && self.details.as_deref().is_some_and(|details| details.deadline.is_none())
    }

    /// True for an order that is still called unpaid although its deadline has passed: not payable any more.
    pub fn has_lapsed(&self, now: Timestamp) -> bool {
        self.status == OrderStatus::Unpaid && self.deadline().is_some_and(|deadline| deadline <= now)
    }

    /// The same beyond doubt, which is what may rest on it: past by every clock at hand, and for a little longer. Never
    /// while the vendor's clock is in doubt.
    pub fn has_surely_lapsed(&self, now: Now) -> bool {
        now.sure().is_some_and(|sure| self.has_lapsed(sure - CLOCK_DOUBT))
    }

    /// True while it can be paid, but a declined card could hardly be recovered any more.
    pub fn has_little_time(&self, now: Timestamp) -> bool {
        self.has_time_left(now) && self.time_left(now).is_some_and(|left| left < CARD_MARGIN)
    }

    /// True for an order that was made from an offer: it is held for five minutes, for payment and ticket together.
    pub(super) fn is_fulfilment(&self) -> bool {
        let hold =
            self.deadline().zip(self.created).map(|(deadline, created)| deadline.duration_since(created));
        hold.is_some_and(|hold| hold <= FULFILMENT_HOLD)
    }

    /// True for a fulfilment order in the last minute of its five: no retry is begun any more.
    pub fn is_too_late_for_retries(&self, now: Timestamp) -> bool {
        self.is_fulfilment()
            && matches!(self.status, OrderStatus::Unpaid | OrderStatus::Cancelled)
            && self.time_left(now).is_some_and(|left| left < FULFILMENT_MARGIN)
    }

    /// When its ticket is late, if it was paid.
    pub fn late_at(&self) -> Option<Timestamp> {
        let usual = if self.is_fulfilment() { FULFILMENT_HOLD } else { LATE_AFTER };
        self.paid_at.map(|paid| paid + usual)
    }

    /// True when it is being ticketed for longer than usual.
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.status == OrderStatus::Ticketing && self.late_at().is_some_and(|late| late <= now)
    }

    /// Until when it may be regenerated, if it is known when it was made.
    pub fn regenerable_until(&self) -> Option<Timestamp> {
        self.created.map(|created| created + REGENERABLE_FOR)
    }

    /// True while it is young enough to be regenerated.
    pub fn is_young(&self, now: Timestamp) -> bool {
        self.regenerable_until().is_some_and(|until| now < until)
    }
}
