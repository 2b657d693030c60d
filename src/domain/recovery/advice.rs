//! The next step as ways that are open, what else may be done, and what must not be.

use super::{facts::Facts, path::PaymentPath};
use crate::domain::{
    attempt::State,
    card::MaskedCard,
    card_check::is_used_up,
    codes::{self, AfterPay, CardWear, Mends},
    method::PaymentMethod,
    order::{Order, OrderNo, OrderStatus},
    triage::{Cause, NextStep},
};

/// Something that is done outside a path, before one or instead of one.
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
    /// Ask the vendor to stop issuance, if the sale is off.
    StopTicketing,
    /// Wait for what comes of stopping issuance.
    WaitForStop,
    /// Mend what the answer complained of, then the same card again.
    MendAndSameCard,
    /// Check the balance first.
    CheckBalance,
    /// Top the deposit up first.
    TopUp,
    /// Check credentials and permissions first.
    CheckAccess,
    /// Let the traveller confirm on the airline's page first.
    ConfirmTraveller,
    /// Find the passenger's other booking first.
    FindOtherBooking,
    /// Search and book again.
    BookAnew,
    /// Verify the same flight again and book it anew.
    VerifyAnew,
    /// Take this path.
    Take(PaymentPath),
    /// Go on with the order that was made from this one: it is closed as well.
    RecoverNewOrder,
    /// Accept the loss on the baggage, or refuse it.
    DecideBaggageLoss,
    /// Cancel it at the vendor's.
    CancelAtVendor,
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

/// What to do first, and what else: the next step, by the ways that are open.
pub(super) fn advice(
    next: NextStep,
    facts: &Facts<'_>,
    is_open: &dyn Fn(PaymentPath) -> bool,
) -> (Advice, Vec<Advice>) {
    // A way that is closed is not advised; its reason stands beside it.
    let open = |paths: &[PaymentPath]| {
        let mut ways: Vec<Advice> = Vec::new();
        for way in paths.iter().filter(|path| is_open(**path)).map(|path| Advice::Take(*path)) {
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        ways
    };
    let first_of = |mut ways: Vec<Advice>, otherwise: Advice| {
        if ways.is_empty() { (otherwise, ways) } else { (ways.remove(0), ways) }
    };
    let same = facts.same_path();
    let on_new_order = || open(&[PaymentPath::NewDeposit, PaymentPath::NewCard, PaymentPath::NewAccount]);
    let untried = || open(&[PaymentPath::Deposit, PaymentPath::OtherCard, PaymentPath::Account]);
    match next {
        NextStep::Done | NextStep::TicketedAs(_) => (Advice::Done, Vec::new()),
        NextStep::Ask
        | NextStep::FindDeadline
        | NextStep::WaitForAnswers
        | NextStep::WaitForOutcome
        | NextStep::WaitForBaggage
        | NextStep::WaitForCancellation
        | NextStep::WaitForNewOrder => (Advice::WaitAndAsk, Vec::new()),
        NextStep::DecideBaggageLoss => (Advice::DecideBaggageLoss, Vec::new()),
        NextStep::CancelForBaggage => (Advice::CancelAtVendor, vec![Advice::BookAnew]),
        NextStep::WaitForStop => (Advice::WaitForStop, Vec::new()),
        NextStep::WaitForTicket => (Advice::WaitAndAsk, vec![Advice::StopTicketing]),
        NextStep::AskSupport => (Advice::AskSupport, vec![Advice::StopTicketing]),
        NextStep::Investigate => (Advice::Investigate, vec![Advice::AskSupport]),
        NextStep::Pay if facts.last().is_some() => {
            first_of(open(&[same, PaymentPath::OtherCard, PaymentPath::Deposit]), Advice::WaitAndAsk)
        }
        NextStep::Pay if facts.order.has_little_time(facts.now.at) => first_of(untried(), Advice::BookAnew),
        NextStep::Pay => (Advice::Pay, untried()),
        NextStep::PayByDeposit => first_of(untried(), Advice::BookAnew),
        NextStep::ConfirmThenPay => {
            let ways = if facts.last().is_some() { open(&[same]) } else { untried() };
            (Advice::ConfirmTraveller, ways)
        }
        NextStep::MendThenPay if is_open(PaymentPath::SameCard) => {
            (Advice::MendAndSameCard, open(&[PaymentPath::Deposit, PaymentPath::OtherCard]))
        }
        NextStep::MendThenPay => {
            first_of(open(&[PaymentPath::OtherCard, PaymentPath::Deposit]), Advice::WaitAndAsk)
        }
        NextStep::PayByOtherMeans => {
            // Where a charge may have been begun, the way without a card goes first.
            let was_doubted = facts.last().is_some_and(|last| last.state == State::NotApplied);
            let ways = if was_doubted && facts.charge_begun() {
                [PaymentPath::Deposit, PaymentPath::OtherCard]
            } else {
                [PaymentPath::OtherCard, PaymentPath::Deposit]
            };
            first_of(open(&ways), Advice::WaitAndAsk)
        }
        NextStep::PayByOtherMethod => first_of(
            open(&[PaymentPath::Deposit, PaymentPath::Account, PaymentPath::OtherCard]),
            Advice::BookAnew,
        ),
        NextStep::CheckBalance => {
            (Advice::CheckBalance, open(&[PaymentPath::Deposit, PaymentPath::OtherCard]))
        }
        NextStep::CheckAccess => (Advice::CheckAccess, open(&[same])),
        NextStep::SettleWithSupport => (
            Advice::AskSupport,
            [open(&[PaymentPath::Deposit, PaymentPath::OtherCard]), on_new_order()].concat(),
        ),
        NextStep::FollowNewOrder => {
            let is_over =
                |child: &Order| child.status == OrderStatus::Cancelled || child.has_lapsed(facts.now.at);
            match facts.child {
                Some(child) if child.status == OrderStatus::Ticketed => (Advice::Done, Vec::new()),
                Some(child) if is_over(child) => (Advice::RecoverNewOrder, Vec::new()),
                _ => first_of(on_new_order(), Advice::WaitAndAsk),
            }
        }
        NextStep::RegenerateOtherMeans | NextStep::RegenerateLater => {
            first_of(on_new_order(), Advice::BookAnew)
        }
        NextStep::RegenerateNewPrice | NextStep::RegenerateLapsed => {
            let (first, mut also) = first_of(on_new_order(), Advice::BookAnew);
            also.extend(Some(Advice::BookAnew).filter(|_| first != Advice::BookAnew));
            (first, also)
        }
        NextStep::TopUpAndRegenerate => (Advice::TopUp, on_new_order()),
        NextStep::FindOtherBooking => (Advice::FindOtherBooking, Vec::new()),
        // Regenerated only if the flight is still sold.
        NextStep::BookAnew => (Advice::BookAnew, on_new_order()),
        NextStep::Gone => (Advice::BookAnew, Vec::new()),
        NextStep::VerifyAnew => (Advice::VerifyAnew, on_new_order()),
    }
}

/// What must not be done now.
pub(super) fn never(cause: &Cause, next: NextStep, facts: &Facts<'_>) -> Vec<Never> {
    let mut never = Vec::new();
    match cause {
        Cause::Ticketed | Cause::Ticketing { .. } | Cause::Baggage(_) => {
            never.extend([Never::Pay, Never::Regenerate]);
        }
        Cause::Unsettled(_) | Cause::Unclear => never.extend([Never::BeforeQuery, Never::Regenerate]),
        Cause::Regenerating | Cause::Regenerated(_) => {
            never.extend([Never::PayOrder(facts.order.no), Never::RegenerateAgain]);
        }
        Cause::Lapsed | Cause::Gone => never.push(Never::PayOrder(facts.order.no)),
        Cause::Cancelled(mends) => {
            never.push(Never::PayOrder(facts.order.no));
            match mends {
                Some(Mends::OtherBooking) => never.push(Never::RegenerateBlindly),
                Some(Mends::Person) => never.push(Never::Regenerate),
                _ if facts.lineage.attempts.is_empty() && spent_a_card(facts) => {
                    never.push(Never::DeclinedCard);
                }
                _ => {}
            }
            if !facts.order.is_young(facts.now.at) {
                never.push(Never::Regenerate);
            }
        }
        Cause::Refused(status) if codes::pay(*status).next == AfterPay::OtherMethod => {
            never.extend(facts.last().map(|attempt| Never::Method(attempt.method)));
        }
        Cause::NotSent | Cause::DidNotHappen { .. } => never.push(Never::BeforeQuery),
        Cause::Unpaid | Cause::Refused(_) => {}
    }
    if next == NextStep::ConfirmThenPay {
        never.push(Never::BeforeConfirmation);
    }
    if facts.is_too_late_for_retries() {
        never.push(Never::MoreRetries);
    }
    for attempt in facts.lineage.attempts.iter().filter(|attempt| is_used_up(attempt, facts.order)) {
        never.extend(attempt.card.map(Never::Card).filter(|card| !never.contains(card)));
    }
    never
}

/// True when the order failed at the card that had paid it.
fn spent_a_card(facts: &Facts<'_>) -> bool {
    let error = facts.order.ticketing_error.as_ref();
    error.is_some_and(|error| codes::ticketing(&error.code).card == CardWear::Spent)
}
