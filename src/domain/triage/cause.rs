//! What became of an order's payment.

use crate::domain::{
    attempt::{Attempt, State},
    codes::{self, Baggage, Mends},
    lineage::Lineage,
    moment::Now,
    order::{Order, OrderNo, OrderStatus},
};

/// What became of the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Unpaid, and nothing was tried.
    Unpaid,
    /// The last attempt never left this machine.
    NotSent,
    /// The last attempt's outcome was unknown, and it was found not to have happened.
    DidNotHappen {
        /// The vendor says that a charge was begun at the airline (`paymentAttempted`).
        charge_begun: bool,
        /// The status that left it open, if one came.
        answer: Option<i64>,
    },
    /// The last attempt was refused; the order is still unpaid.
    Refused(i64),
    /// An attempt is not settled: its outcome is unknown, contradictory or on its way.
    Unsettled(State),
    /// It is being ticketed; `late` for longer than usual.
    Ticketing {
        /// Longer than usual.
        late: bool,
    },
    /// It is in ticketing, which is suspended over its baggage.
    Baggage(Baggage),
    /// It is ticketed.
    Ticketed,
    /// Unpaid past its deadline.
    Lapsed,
    /// Cancelled; with what mends that, if ticketing failed with a code.
    Cancelled(Option<Mends>),
    /// A new order may have been made; it is looked for.
    Regenerating,
    /// A new order was made from it.
    Regenerated(OrderNo),
    /// The vendor has no such order any more.
    Gone,
    /// What the vendor says of it is not understood, or not yet known.
    Unclear,
}

impl Cause {
    /// True when the order itself is never paid again: what leads on begins with another one.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Cancelled(_) | Self::Lapsed | Self::Regenerating | Self::Regenerated(_) | Self::Gone
        )
    }

    /// What became of the payment of `order` by `now`.
    pub fn of(order: &Order, lineage: &Lineage, now: Now) -> Self {
        if let Some(holder) = lineage.attempts.iter().rev().find(|attempt| attempt.state.blocks()) {
            match &holder.state {
                State::Paid | State::Ticketed if holder.order != order.no || is_paid(order) => {}
                state => return Self::Unsettled(state.clone()),
            }
        }
        for regeneration in lineage.regenerations.iter().filter(|known| known.parent == order.no) {
            if let Some(child) = regeneration.state.child() {
                return Self::Regenerated(child);
            }
            if regeneration.state.is_open() {
                return Self::Regenerating;
            }
        }
        // Somebody else made one: it names this order.
        if let Some(child) = lineage.child_of(order.no) {
            return Self::Regenerated(child);
        }
        if lineage.is_gone(order) {
            return Self::Gone;
        }
        match order.status {
            OrderStatus::Ticketed => Self::Ticketed,
            OrderStatus::Ticketing => {
                order.baggage().map_or_else(|| Self::Ticketing { late: order.is_late(now.at) }, Self::Baggage)
            }
            OrderStatus::Cancelled => Self::Cancelled(mends(order)),
            OrderStatus::Unpaid if order.has_surely_lapsed(now) => Self::Lapsed,
            OrderStatus::Unpaid if order.has_time_left(now.at) => unpaid(order, lineage),
            OrderStatus::Unpaid | OrderStatus::Unknown(_) => Self::Unclear,
        }
    }
}

/// True for an order that is paid, by whomever.
pub(super) fn is_paid(order: &Order) -> bool {
    matches!(order.status, OrderStatus::Ticketing | OrderStatus::Ticketed)
}

/// What mends a cancelled order, if its ticketing failed with a code.
pub(super) fn mends(order: &Order) -> Option<Mends> {
    order.ticketing_error.as_ref().map(|error| codes::ticketing(&error.code).mends)
}

/// The last attempt on the order itself.
fn last<'a>(order: &Order, lineage: &'a Lineage) -> Option<&'a Attempt> {
    lineage.attempts_on(order.no).next_back()
}

/// What the last attempt on an order came to that can still be paid.
fn unpaid(order: &Order, lineage: &Lineage) -> Cause {
    let Some(last) = last(order, lineage) else { return Cause::Unpaid };
    let charge_begun =
        || order.details.as_ref().is_some_and(|details| details.payment_attempted == Some(true));
    match &last.state {
        State::NotSent(_) => Cause::NotSent,
        State::Rejected(code) => Cause::Refused(*code),
        State::NotApplied => Cause::DidNotHappen { charge_begun: charge_begun(), answer: last.answer },
        // Settled by a person: what they found is in the journal, and the order says that it is unpaid.
        _ => Cause::DidNotHappen { charge_begun: false, answer: None },
    }
}
