//! Which ways are open, and what each costs or why it is closed.

use super::{facts::Facts, route::Route, why::Why};
use crate::domain::{
    attempt::State,
    card_check::is_used_up,
    codes::{self, AfterPay, Mends},
    method::PaymentMethod,
    money::Money,
    order::{Order, OrderStatus},
    payable,
    regenerable::{NotNow, may_regenerate},
    triage::Cause,
};

/// Can `route` be gone, and what does it cost?
pub(super) fn open(route: Route, cause: &Cause, facts: &Facts<'_>) -> Result<Option<Money>, Why> {
    if route == Route::Stop {
        return Ok(None);
    }
    if let Some(holder) = facts.lineage.attempts.iter().find(|attempt| attempt.state.blocks()) {
        return Err(match &holder.state {
            State::Paid | State::Ticketed => Why::Paid,
            state => Why::AttemptOpen(state.clone()),
        });
    }
    if facts.is_too_late_for_retries() {
        return Err(Why::TooLate);
    }
    if route.is_new() { open_new(route, cause, facts) } else { open_same(route, facts) }
}

/// The routes on the same order: it must be unpaid, known, and inside its deadline.
fn open_same(route: Route, facts: &Facts<'_>) -> Result<Option<Money>, Why> {
    let order = facts.order;
    match order.status {
        OrderStatus::Unpaid if order.has_time_left(facts.now.at) => {}
        OrderStatus::Unpaid if order.has_lapsed(facts.now.at) => return Err(Why::DeadlinePassed),
        OrderStatus::Unpaid | OrderStatus::Unknown(_) => return Err(Why::Unclear),
        OrderStatus::Cancelled => return Err(Why::Cancelled),
        OrderStatus::Ticketing | OrderStatus::Ticketed => return Err(Why::Paid),
    }
    let refusal = facts.last().and_then(|attempt| match attempt.state {
        State::Rejected(status) => Some(codes::pay(status).next),
        _ => None,
    });
    if refusal == Some(AfterPay::Book) {
        return Err(Why::BookingUnfit);
    }
    if route == Route::SameCard {
        same_card(facts)?;
    }
    if refusal == Some(AfterPay::OtherMethod)
        && facts.last().map(|attempt| attempt.method) == route.method(order)
    {
        return Err(Why::MethodRefused);
    }
    payable_by(route, order, facts)
}

/// The same card again only where nothing was tried with it, or what was wrong can be mended.
fn same_card(facts: &Facts<'_>) -> Result<(), Why> {
    let Some(last) = facts.last().filter(|attempt| attempt.card.is_some()) else {
        return Err(Why::NoCardYet);
    };
    match &last.state {
        State::NotSent(_) => Ok(()),
        State::Rejected(status) if leaves_the_card(codes::pay(*status).next) => Ok(()),
        State::NotApplied if facts.charge_begun() => Err(Why::ChargeBegun),
        State::NotApplied if !is_used_up(last, facts.order) => Ok(()),
        _ if last.reusable => Err(Why::CardDeclined),
        _ => Err(Why::CardUsedUp),
    }
}

/// True where what is to be done next is done with the same card.
fn leaves_the_card(next: AfterPay) -> bool {
    matches!(next, AfterPay::Mend | AfterPay::Traveller | AfterPay::Later | AfterPay::Access)
}

/// The routes by a new order: the old one must be dead, young, and not have been made anew by anybody.
fn open_new(route: Route, cause: &Cause, facts: &Facts<'_>) -> Result<Option<Money>, Why> {
    if let Some(child) = facts.child {
        // It exists: what is left is to pay it.
        return match child.status {
            OrderStatus::Unpaid if child.has_time_left(facts.now.at) => payable_by(route, child, facts),
            OrderStatus::Unpaid if child.has_lapsed(facts.now.at) => Err(Why::ChildClosed(child.no)),
            OrderStatus::Cancelled => Err(Why::ChildClosed(child.no)),
            OrderStatus::Ticketing | OrderStatus::Ticketed => Err(Why::Paid),
            OrderStatus::Unpaid | OrderStatus::Unknown(_) => Err(Why::Unclear),
        };
    }
    match may_regenerate(facts.order, facts.lineage, facts.now) {
        Ok(()) => {}
        Err(NotNow::Already(child)) => return Err(Why::ChildNotSeen(child)),
        Err(NotNow::InDoubt) => return Err(Why::Remaking),
        Err(NotNow::StillPayable) => return Err(Why::StillPayable),
        Err(NotNow::ClockInDoubt) => return Err(Why::ClockInDoubt),
        Err(NotNow::SaidOnce) => return Err(Why::SaidOnce),
        Err(NotNow::NotAllSeen) => return Err(Why::NotAllSeen),
        Err(NotNow::Alive) => return Err(Why::Paid),
        Err(NotNow::Unclear) => return Err(Why::Unclear),
        Err(NotNow::TooOld) => return Err(Why::TooOld),
        Err(NotNow::AttemptOpen(state)) => return Err(Why::AttemptOpen(state)),
    }
    match cause {
        Cause::Cancelled(Some(Mends::OtherBooking)) => return Err(Why::FindOtherBooking),
        Cause::Cancelled(Some(Mends::Person)) => return Err(Why::AskVendor),
        Cause::Cancelled(Some(Mends::OtherData)) => return Err(Why::BookingUnfit),
        _ => {}
    }
    // The new order may offer other ways; what the old one offered is the best guess until it is there.
    let offered = facts.order.details.as_ref().map(|details| &details.methods);
    let method = route.method(facts.order);
    let unlikely = offered.zip(method).is_some_and(|(offered, method)| {
        !offered.is_empty() && !offered.contains(&method) && method != PaymentMethod::Deposit
    });
    if unlikely {
        return Err(Why::NotOffered);
    }
    if route == Route::NewCard && Facts::needs_several_cards(facts.order) {
        return Err(Why::SeveralAirlines);
    }
    if route == Route::NewDeposit
        && let Some(shortfall) = facts.shortfall(PaymentMethod::Deposit, facts.order)
    {
        return Err(Why::BalanceShort(shortfall));
    }
    Ok(None)
}

/// Does `order` take the method of `route`, and is the money there?
fn payable_by(route: Route, order: &Order, facts: &Facts<'_>) -> Result<Option<Money>, Why> {
    let (Some(details), Some(method)) = (&order.details, route.method(order)) else {
        return Err(Why::Unclear);
    };
    if !details.methods.contains(&method) {
        return Err(Why::NotOffered);
    }
    if method == PaymentMethod::Vcc && Facts::needs_several_cards(order) {
        return Err(Why::SeveralAirlines);
    }
    if let Some(shortfall) = facts.shortfall(method, order) {
        return Err(Why::BalanceShort(shortfall));
    }
    match payable::amount_due(method, order) {
        Some(due) => Ok(Some(due)),
        None => Err(Why::NoAmount),
    }
}
