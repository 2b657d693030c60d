//! What to do first, what else may be done, and what must not: the vendor's decision table.

use super::{
    Facts, Route,
    cause::{Cause, Failure},
};
use crate::domain::{
    attempt::State,
    card::MaskedCard,
    card_check::is_used_up,
    method::PaymentMethod,
    order::{OrderNo, OrderStatus},
};

/// Something that is done outside a route, before one or instead of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Advice {
    /// Pay, by any way that is open.
    Pay,
    /// Wait and ask; nothing is sent meanwhile.
    WaitAndAsk,
    /// A person must look into it with the vendor.
    Investigate,
    /// Ask the vendor's support when it lasts.
    AskSupport,
    /// Ask the vendor to stop ticketing, if the sale is off.
    StopTicketing,
    /// Mend what the answer complained of, then the same card again.
    MendAndSameCard,
    /// Check the balance first.
    CheckBalance,
    /// Top the deposit up first.
    TopUp,
    /// Let the traveller confirm on the airline's page first.
    ConfirmTraveller,
    /// Find the passenger's other booking first.
    FindOtherBooking,
    /// Search and book anew.
    BookAnew,
    /// Take this route.
    Take(Route),
    /// Nothing: it is ticketed.
    Done,
}

/// What must not be done, said on the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Never {
    /// Pay at all.
    Pay,
    /// Pay this order's number again.
    PayOrder(OrderNo),
    /// Use this card again.
    Card(MaskedCard),
    /// Use the card that was declined (another desk's: its digits are not known here).
    DeclinedCard,
    /// Pay by the same method.
    Method(PaymentMethod),
    /// Make another new order.
    RegenerateAgain,
    /// Make a new order from it.
    Regenerate,
    /// Make a new order before the other booking was found.
    RegenerateBlindly,
    /// Send again before a query has shown the order unpaid.
    BeforeQuery,
    /// Pay before the traveller has confirmed.
    BeforeConfirmation,
    /// Begin another retry.
    MoreRetries,
}

/// What to do first, and what else, by the cause: the vendor's decision table.
pub(super) fn advice(
    cause: &Cause,
    facts: &Facts<'_>,
    is_open: &dyn Fn(Route) -> bool,
) -> (Advice, Vec<Advice>) {
    let take = Advice::Take;
    // A route that is closed is not advised; its reason stands beside it.
    let open = |routes: &[Route]| {
        routes.iter().copied().filter(|route| is_open(*route)).map(take).collect::<Vec<_>>()
    };
    let first_of = |mut ways: Vec<Advice>, otherwise: Advice| {
        if ways.is_empty() { (otherwise, ways) } else { (ways.remove(0), ways) }
    };
    if facts.is_too_late_for_retries() {
        return (Advice::BookAnew, Vec::new());
    }
    match cause {
        Cause::Ticketed => (Advice::Done, Vec::new()),
        Cause::Ticketing { late: false } => (Advice::WaitAndAsk, vec![Advice::StopTicketing]),
        Cause::Ticketing { late: true } => {
            (Advice::WaitAndAsk, vec![Advice::AskSupport, Advice::StopTicketing])
        }
        Cause::Unsettled(State::Conflict | State::PaidElsewhere) => {
            (Advice::Investigate, vec![Advice::AskSupport])
        }
        Cause::Unsettled(_) | Cause::Remaking | Cause::Unclear => (Advice::WaitAndAsk, Vec::new()),
        Cause::Unpaid => {
            let ways = open(&[Route::Deposit, Route::OtherCard, Route::Account]);
            if facts.has_little_time() { first_of(ways, Advice::BookAnew) } else { (Advice::Pay, ways) }
        }
        Cause::DidNotHappen { answer: Some(411), .. } => {
            (Advice::CheckBalance, open(&[Route::Deposit, Route::OtherCard]))
        }
        Cause::NotSent | Cause::DidNotHappen { charge_begun: false, .. } => {
            let again = open(&[facts.same_path(), Route::OtherCard, Route::Deposit]);
            first_of(distinct(again), Advice::WaitAndAsk)
        }
        // A charge was begun at the airline: not the same card at once.
        Cause::DidNotHappen { .. } => first_of(open(&[Route::Deposit, Route::OtherCard]), Advice::WaitAndAsk),
        Cause::Refused(code) => match code {
            415 => (Advice::ConfirmTraveller, open(&[facts.same_path()])),
            403 => first_of(open(&[Route::Deposit, Route::Account, Route::OtherCard]), Advice::BookAnew),
            100 | 400 | 413 if is_open(Route::SameCard) => {
                (Advice::MendAndSameCard, open(&[Route::Deposit, Route::OtherCard]))
            }
            407..=410 => (Advice::BookAnew, Vec::new()),
            // By the vendor its time is over, or it is in no state to be paid: the next answers tell which.
            401 | 405 => (Advice::WaitAndAsk, Vec::new()),
            412 => (Advice::AskSupport, open(&[Route::Deposit, Route::OtherCard])),
            _ => first_of(open(&[Route::OtherCard, Route::Deposit]), Advice::WaitAndAsk),
        },
        Cause::Lapsed => first_of(
            [open(&[Route::NewDeposit, Route::NewCard, Route::NewAccount]), vec![Advice::BookAnew]].concat(),
            Advice::BookAnew,
        ),
        Cause::Remade(_) if facts.child.is_some_and(|child| child.status == OrderStatus::Ticketed) => {
            (Advice::Done, Vec::new())
        }
        Cause::Remade(_) => {
            first_of(open(&[Route::NewDeposit, Route::NewCard, Route::NewAccount]), Advice::WaitAndAsk)
        }
        Cause::Cancelled(failure) => {
            let anew = open(&[Route::NewDeposit, Route::NewCard, Route::NewAccount]);
            if anew.is_empty() && !matches!(failure, Failure::Booked | Failure::Paid) {
                return (Advice::BookAnew, anew);
            }
            match failure {
                Failure::Means | Failure::None => first_of(anew, Advice::BookAnew),
                Failure::Flight => (Advice::BookAnew, anew),
                Failure::Balance => (Advice::TopUp, anew),
                Failure::Booked => (Advice::FindOtherBooking, Vec::new()),
                Failure::Paid => (Advice::Investigate, vec![Advice::AskSupport]),
                Failure::Other => (Advice::BookAnew, vec![Advice::AskSupport]),
            }
        }
    }
}

fn distinct(mut ways: Vec<Advice>) -> Vec<Advice> {
    let mut seen = Vec::new();
    ways.retain(|way| {
        let is_new = !seen.contains(way);
        seen.push(*way);
        is_new
    });
    ways
}

/// What must not be done now.
pub(super) fn never(cause: &Cause, facts: &Facts<'_>) -> Vec<Never> {
    let mut never = Vec::new();
    match cause {
        Cause::Ticketed | Cause::Ticketing { .. } => never.extend([Never::Pay, Never::Regenerate]),
        Cause::Unsettled(_) | Cause::Unclear => never.extend([Never::BeforeQuery, Never::Regenerate]),
        Cause::Remaking | Cause::Remade(_) => {
            never.extend([Never::PayOrder(facts.order.no), Never::RegenerateAgain]);
        }
        Cause::Lapsed => never.push(Never::PayOrder(facts.order.no)),
        Cause::Cancelled(failure) => {
            never.push(Never::PayOrder(facts.order.no));
            match failure {
                Failure::Booked => never.push(Never::RegenerateBlindly),
                Failure::Paid => never.push(Never::Regenerate),
                Failure::Means if facts.lineage.attempts.is_empty() => never.push(Never::DeclinedCard),
                _ => {}
            }
            if !facts.is_young() {
                never.push(Never::Regenerate);
            }
        }
        Cause::Refused(403) => never.extend(facts.last().map(|attempt| Never::Method(attempt.method))),
        Cause::Refused(415) => never.push(Never::BeforeConfirmation),
        Cause::NotSent | Cause::DidNotHappen { .. } => never.push(Never::BeforeQuery),
        Cause::Unpaid | Cause::Refused(_) => {}
    }
    if facts.is_too_late_for_retries() {
        never.push(Never::MoreRetries);
    }
    for attempt in facts.lineage.attempts.iter().filter(|attempt| is_used_up(attempt, facts.order)) {
        never.extend(attempt.card.map(Never::Card).filter(|card| !never.contains(card)));
    }
    never
}
