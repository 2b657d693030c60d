//! The next right action on an order.

use super::cause::{Cause, is_paid};
use crate::domain::{
    attempt::{Attempt, State},
    baggage::trouble::Standing,
    case::Case,
    codes::{self, AfterPay, AfterRegenerate, Baggage, Mends},
    committable::Progress,
    lineage::Lineage,
    method::PaymentMethod,
    moment::Now,
    order::{Order, OrderNo, OrderStatus},
    regeneration,
    stoppable::is_being_stopped,
};

/// The next right action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Ask: price and deadline are not known yet.
    Ask,
    /// The last answers do not fit each other: wait for the next ones.
    WaitForAnswers,
    /// The deadline is not understood: ask again, and look for it at the vendor's.
    FindDeadline,
    /// Pay, by any way that is open; after an attempt that came to nothing, the same way again.
    Pay,
    /// Pay by deposit: too little time is left to recover a declined card.
    PayByDeposit,
    /// Get the traveller's confirmation, then pay.
    ConfirmThenPay,
    /// Mend what the answer complained of, then pay with the same card.
    MendThenPay,
    /// Pay by another card or by deposit.
    PayByOtherMeans,
    /// Pay by another method: the one that was tried is not allowed.
    PayByOtherMethod,
    /// Check the balance, then pay.
    CheckBalance,
    /// The vendor does not let this desk in: check credentials and permissions.
    CheckAccess,
    /// A payment is on its way or its outcome is unknown: only ask.
    WaitForOutcome,
    /// A new order may have been made: it is looked for.
    WaitForNewOrder,
    /// The evidence contradicts itself: a person must look into it with the vendor.
    Investigate,
    /// Ticketing is suspended: accept the loss on the baggage, or refuse it.
    DecideBaggageLoss,
    /// The acceptance of the loss has left: the next answers tell.
    WaitForBaggage,
    /// The loss was refused: the vendor cancels the order by itself.
    WaitForCancellation,
    /// Ticketing is suspended, and accepting does not help: cancel it at the vendor's, and book again.
    CancelForBaggage,
    /// Paid: wait for the ticket.
    WaitForTicket,
    /// The vendor was asked to stop issuance: what comes of it is asked for.
    WaitForStop,
    /// Paid long ago, no ticket: ask the vendor's support, never pay again.
    AskSupport,
    /// The vendor offers no way of paying: settle that with its support.
    SettleWithSupport,
    /// A new order was made from this one: follow that.
    FollowNewOrder,
    /// Regenerate, compare the price, then pay by deposit or another card.
    RegenerateOtherMeans,
    /// Top the deposit up, then regenerate.
    TopUpAndRegenerate,
    /// Regenerate at the new price, if the flight is still sold.
    RegenerateNewPrice,
    /// The airline's or the vendor's system was in trouble: regenerate in a while.
    RegenerateLater,
    /// Lapsed: regenerate within a day of its making, else book again.
    RegenerateLapsed,
    /// The passenger is booked already: find that booking first.
    FindOtherBooking,
    /// Search and book again.
    BookAnew,
    /// Verify the same flight again and book it anew: it costs something else by now.
    VerifyAnew,
    /// Nothing: it is ticketed.
    Done,
    /// Nothing: the vendor has no such order any more.
    Gone,
    /// Nothing: the order that was made from it is ticketed.
    TicketedAs(OrderNo),
}

/// How a step is carried out, so that a screen can put its key beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Means {
    /// By the form that pays.
    Pay,
    /// By the traveller, on the airline's page: its link is asked for.
    Commit,
    /// By the plan of recovery.
    Recover,
    /// By the decision about its baggage.
    Baggage,
    /// By asking the vendor now.
    Refresh,
    /// By nobody: the desk is at it, or nothing is left to do.
    Wait,
    /// By a person, elsewhere.
    Outside,
}

impl NextStep {
    /// The stable word for JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::WaitForAnswers => "waitForAnswers",
            Self::FindDeadline => "findDeadline",
            Self::Pay => "pay",
            Self::PayByDeposit => "payByDeposit",
            Self::ConfirmThenPay => "confirmThenPay",
            Self::MendThenPay => "mendThenPay",
            Self::PayByOtherMeans => "payByOtherMeans",
            Self::PayByOtherMethod => "payByOtherMethod",
            Self::CheckBalance => "checkBalance",
            Self::CheckAccess => "checkAccess",
            Self::WaitForOutcome => "waitForOutcome",
            Self::WaitForNewOrder => "waitForNewOrder",
            Self::Investigate => "investigate",
            Self::DecideBaggageLoss => "decideBaggageLoss",
            Self::WaitForBaggage => "waitForBaggage",
            Self::WaitForCancellation => "waitForCancellation",
            Self::CancelForBaggage => "cancelForBaggage",
            Self::WaitForTicket => "waitForTicket",
            Self::WaitForStop => "waitForStop",
            Self::AskSupport => "askSupport",
            Self::SettleWithSupport => "settleWithSupport",
            Self::FollowNewOrder => "followNewOrder",
            Self::RegenerateOtherMeans => "regenerateOtherMeans",
            Self::TopUpAndRegenerate => "topUpAndRegenerate",
            Self::RegenerateNewPrice => "regenerateNewPrice",
            Self::RegenerateLater => "regenerateLater",
            Self::RegenerateLapsed => "regenerateLapsed",
            Self::FindOtherBooking => "findOtherBooking",
            Self::BookAnew => "bookAnew",
            Self::VerifyAnew => "verifyAnew",
            Self::Done => "done",
            Self::Gone => "gone",
            Self::TicketedAs(_) => "ticketedAs",
        }
    }

    /// How it is carried out.
    pub fn means(self) -> Means {
        match self {
            Self::Pay
            | Self::PayByDeposit
            | Self::MendThenPay
            | Self::PayByOtherMeans
            | Self::PayByOtherMethod
            | Self::CheckBalance => Means::Pay,
            Self::ConfirmThenPay => Means::Commit,
            // What a person found out is written down at the plan.
            Self::Investigate
            | Self::FollowNewOrder
            | Self::RegenerateOtherMeans
            | Self::TopUpAndRegenerate
            | Self::RegenerateNewPrice
            | Self::RegenerateLater
            | Self::RegenerateLapsed => Means::Recover,
            Self::DecideBaggageLoss | Self::CancelForBaggage => Means::Baggage,
            Self::Ask | Self::FindDeadline => Means::Refresh,
            Self::WaitForOutcome
            | Self::WaitForNewOrder
            | Self::WaitForAnswers
            | Self::WaitForBaggage
            | Self::WaitForCancellation
            | Self::WaitForTicket
            | Self::WaitForStop
            | Self::Done
            | Self::Gone
            | Self::TicketedAs(_) => Means::Wait,
            Self::CheckAccess
            | Self::AskSupport
            | Self::SettleWithSupport
            | Self::FindOtherBooking
            | Self::BookAnew
            | Self::VerifyAnew => Means::Outside,
        }
    }

    /// The same once what was decided about the baggage of `case` counts too, which only its story tells.
    pub(super) fn decided(self, case: &Case, now: Now) -> Self {
        let Some(baggage) = case.baggage().filter(|_| self == Self::DecideBaggageLoss) else { return self };
        match baggage.standing {
            Standing::Refused => Self::WaitForCancellation,
            Standing::Accepted(..) if !baggage.has_settled(now.at) => Self::WaitForBaggage,
            // One that should have taken effect, and has not, may be asked for again.
            Standing::Open | Standing::Accepted(..) => self,
        }
    }

    /// The next right action on `order`, given what became of its payment.
    pub(super) fn after(cause: &Cause, order: &Order, lineage: &Lineage, now: Now) -> Self {
        // What only a person can end goes before all else: at most one order of a trip is ever paid.
        let mut attempts = lineage.attempts.iter().rev();
        if attempts.any(|attempt| attempt.state == State::Conflict)
            || (is_paid(order) && lineage.is_paid_beside(order.no))
        {
            return Self::Investigate;
        }
        let holder = lineage.attempts.iter().rev().find(|attempt| attempt.state.blocks());
        let is_doubted_here = holder.is_some_and(|at| at.order == order.no && at.state.is_doubtful());
        let is_replaced = lineage.child_of(order.no).is_some();
        if is_replaced && order.status != OrderStatus::Ticketed && !is_doubted_here {
            let ticketed = lineage.line_from(order.no).find(|order| lineage.is_ticketed(*order));
            return ticketed.map_or(Self::FollowNewOrder, Self::TicketedAs);
        }
        if let Some(step) = holder.and_then(|holder| held_by(holder, order, now)) {
            return step;
        }
        if *cause == Cause::Regenerating {
            return Self::WaitForNewOrder;
        }
        if *cause == Cause::Gone {
            return Self::Gone;
        }
        match order.status {
            OrderStatus::Ticketed => Self::Done,
            OrderStatus::Ticketing if order.baggage() == Some(Baggage::Loss) => Self::DecideBaggageLoss,
            OrderStatus::Ticketing if order.baggage().is_some() => Self::CancelForBaggage,
            OrderStatus::Ticketing if is_being_stopped(order, lineage, now.at) => Self::WaitForStop,
            OrderStatus::Ticketing if order.is_late(now.at) => Self::AskSupport,
            OrderStatus::Ticketing => Self::WaitForTicket,
            OrderStatus::Unknown(_) => Self::Ask,
            OrderStatus::Unpaid => unpaid(cause, order, lineage, now),
            OrderStatus::Cancelled => cancelled(cause, order, lineage, now),
        }
    }
}

/// What the attempt that holds the lineage leaves to do on `order`.
fn held_by(holder: &Attempt, order: &Order, now: Now) -> Option<NextStep> {
    if holder.needs_a_person(now.at) {
        return Some(NextStep::Investigate);
    }
    match holder.state {
        State::Claimed | State::Sending | State::InDoubt(_) | State::Refused(_) | State::Accepted => {
            Some(NextStep::WaitForOutcome)
        }
        // The next answer tells what the cancellation did to it.
        State::Paid if order.status == OrderStatus::Cancelled => Some(NextStep::WaitForOutcome),
        State::PaidElsewhere => Some(NextStep::Investigate),
        // A payment that was seen holds the lineage, whatever this order says of itself: never a reason to pay.
        State::Paid | State::Ticketed
            if matches!(order.status, OrderStatus::Unpaid | OrderStatus::Cancelled) =>
        {
            Some(NextStep::Investigate)
        }
        _ => None,
    }
}

fn unpaid(cause: &Cause, order: &Order, lineage: &Lineage, now: Now) -> NextStep {
    let Some(details) = &order.details else { return NextStep::Ask };
    if details.deadline.is_none() {
        return NextStep::FindDeadline;
    }
    if !lineage.attempts.is_empty() && order.is_too_late_for_retries(now.at) {
        return NextStep::BookAnew;
    }
    let simply = || {
        if matches!(Progress::of(order, lineage, now.at), Some(progress) if !progress.is_confirmed()) {
            NextStep::ConfirmThenPay
        } else if order.has_little_time(now.at) && details.methods.contains(&PaymentMethod::Deposit) {
            NextStep::PayByDeposit
        } else {
            NextStep::Pay
        }
    };
    match cause {
        Cause::Lapsed => dead(order, lineage, now, NextStep::RegenerateLapsed),
        Cause::Refused(status) => after_refusal(codes::pay(*status).next, simply),
        Cause::DidNotHappen { answer: Some(status), .. }
            if matches!(codes::pay(*status).next, AfterPay::Balance | AfterPay::OtherMeans) =>
        {
            after_refusal(codes::pay(*status).next, simply)
        }
        // A charge was begun at the airline: not the same card at once.
        Cause::DidNotHappen { charge_begun: true, .. } => NextStep::PayByOtherMeans,
        Cause::Unpaid | Cause::NotSent | Cause::DidNotHappen { .. } => simply(),
        // Past its deadline by one clock only.
        _ => NextStep::WaitForAnswers,
    }
}

fn after_refusal(next: AfterPay, simply: impl FnOnce() -> NextStep) -> NextStep {
    match next {
        // Once the traveller has confirmed, whatever the vendor said before.
        AfterPay::Follow | AfterPay::Query | AfterPay::Later | AfterPay::Traveller => simply(),
        AfterPay::Wait => NextStep::WaitForAnswers,
        AfterPay::Mend => NextStep::MendThenPay,
        AfterPay::OtherMeans => NextStep::PayByOtherMeans,
        AfterPay::OtherMethod => NextStep::PayByOtherMethod,
        AfterPay::Balance => NextStep::CheckBalance,
        AfterPay::Support => NextStep::SettleWithSupport,
        AfterPay::Access => NextStep::CheckAccess,
        AfterPay::Book => NextStep::BookAnew,
    }
}

fn cancelled(cause: &Cause, order: &Order, lineage: &Lineage, now: Now) -> NextStep {
    let mends = match cause {
        // Without a code it lapsed or was stopped: nothing speaks against the same booking at today's fare.
        Cause::Cancelled(mends) => mends.unwrap_or(Mends::NewPrice),
        _ => return NextStep::WaitForAnswers,
    };
    let regenerate = match mends {
        Mends::OtherBooking => return NextStep::FindOtherBooking,
        Mends::Person => return NextStep::Investigate,
        Mends::OtherData | Mends::NewSearch => return NextStep::BookAnew,
        Mends::NewVerify => return NextStep::VerifyAnew,
        Mends::OtherMeans => NextStep::RegenerateOtherMeans,
        Mends::TopUp => NextStep::TopUpAndRegenerate,
        Mends::NewPrice => NextStep::RegenerateNewPrice,
        Mends::Time => NextStep::RegenerateLater,
    };
    dead(order, lineage, now, regenerate)
}

/// What is left of a dead order that regenerating it would mend: that, unless it is too old or was refused for good.
fn dead(order: &Order, lineage: &Lineage, now: Now, regenerate: NextStep) -> NextStep {
    if !order.is_young(now.at) {
        return NextStep::BookAnew;
    }
    match refusal(order, lineage) {
        Some(AfterRegenerate::Book) => NextStep::BookAnew,
        Some(AfterRegenerate::Support) => NextStep::SettleWithSupport,
        // The vendor calls it alive: the next answers tell.
        Some(AfterRegenerate::Follow) => NextStep::WaitForAnswers,
        _ => regenerate,
    }
}

/// What the vendor wants done after it refused to regenerate the order, if that is how the last call ended.
fn refusal(order: &Order, lineage: &Lineage) -> Option<AfterRegenerate> {
    match lineage.last_call(order.no)?.state {
        regeneration::State::Refused(status) => Some(codes::regenerate(status).next),
        _ => None,
    }
}
