//! May this order be paid this way now; if not, why, and what mends it.
//!
//! The order of checks is the order in which a person decides: the order itself, the method, the money, the card.

use std::cmp::Ordering;

pub use super::obstacle::Obstacle;
use super::{
    attempt::State,
    card::Cvv,
    card_check::{self, EnteredCard},
    context::PaymentContext,
    field::Field,
    method::{PaymentMethod, TakenFrom},
    money::Money,
    order::{Order, OrderStatus, Unclear},
    payment::{Means, Payment},
};

/// What is against paying this order at all.
pub fn order_obstacles(context: &PaymentContext<'_>) -> Vec<Obstacle> {
    let order = context.order;
    let mut found = Vec::new();
    let holder = context.lineage.holder(order.no).map(|attempt| attempt.state.clone());
    // What is not known goes before what a list may say meanwhile.
    let (doubt, holder) =
        if holder.as_ref().is_some_and(State::is_doubtful) { (holder, None) } else { (None, holder) };
    found.extend(doubt.map(|state| Obstacle::AttemptOpen { state }));
    match order.status {
        OrderStatus::Unpaid => {}
        OrderStatus::Ticketing => found.push(Obstacle::AlreadyPaid),
        OrderStatus::Ticketed => found.push(Obstacle::AlreadyTicketed),
        OrderStatus::Cancelled => found.push(Obstacle::Cancelled),
        OrderStatus::Unknown(number) => found.push(Obstacle::UnknownStatus(number)),
    }
    found.extend(holder.map(|state| Obstacle::AttemptOpen { state }));
    // Made anew by us, or by anybody: the new order names this one.
    let regenerated = context.lineage.regeneration_of(order.no).map(|regenerated| regenerated.state.child());
    if let Some(child) = regenerated.or_else(|| context.lineage.child_of(order.no).map(Some)) {
        found.push(Obstacle::Regenerated { child });
    }
    match &order.details {
        None => found.push(Obstacle::DetailsMissing),
        Some(details) => match details.deadline {
            None if order.status == OrderStatus::Unpaid => found.push(Obstacle::DeadlineUnknown),
            None => found.push(Obstacle::DetailsMissing),
            Some(at) if at <= context.now => found.push(Obstacle::DeadlinePassed { at }),
            Some(_) => {}
        },
    }
    found
}

/// What is against paying this order by `method`, before anything is typed.
pub fn method_obstacles(method: PaymentMethod, context: &PaymentContext<'_>) -> Vec<Obstacle> {
    let mut found = order_obstacles(context);
    let Some(details) = &context.order.details else { return found };
    if !details.methods.contains(&method) {
        found.push(Obstacle::MethodNotOffered { offered: details.methods.clone() });
        return found;
    }
    if method == PaymentMethod::Vcc {
        if !details.has_vendor_fare {
            found.push(Obstacle::NoVendorFare);
        }
        if context.order.airlines.len() > 1 || details.separate_bookings {
            found.push(Obstacle::SeveralAirlines);
        }
    }
    match amount_due(method, context.order) {
        None => found.push(Obstacle::AmountUnknown),
        Some(due) => {
            let above = |limit: &&Money| due.compare(**limit).is_some_and(Ordering::is_gt);
            if let Some(limit) = context.rules.limits.get(&due.currency).filter(above) {
                found.push(Obstacle::AboveLimit { limit: *limit });
            }
        }
    }
    found.extend(balance_obstacle(method, context));
    if method.needs_card() && context.order.has_little_time(context.now) {
        found.push(Obstacle::LittleTimeForCard);
    }
    found
}

/// Money of an older order of the trip that is not known to be back.
pub fn old_payment_obstacle(context: &PaymentContext<'_>) -> Option<Obstacle> {
    let open = context.lineage.money_still_open(context.order.no).next()?;
    Some(Obstacle::OldPaymentOpen { order: open.order, amount: open.amount })
}

/// What is against paying this order by `method`, given what the operator has ticked.
pub fn ticked_obstacles(
    method: PaymentMethod,
    traveller_confirmed: bool,
    old_payment_seen: bool,
    context: &PaymentContext<'_>,
) -> Vec<Obstacle> {
    let mut found = method_obstacles(method, context);
    if context.order.needs_traveller_confirmation() && !traveller_confirmed {
        found.push(Obstacle::TravellerNotConfirmed);
    }
    found.extend(old_payment_obstacle(context).filter(|_| !old_payment_seen));
    found
}

/// The deposit must cover the price, or at least the service fee.
fn balance_obstacle(method: PaymentMethod, context: &PaymentContext<'_>) -> Option<Obstacle> {
    let deposit = method == PaymentMethod::Deposit;
    let needed = if deposit {
        amount_due(method, context.order)?
    } else {
        service_fee_due(method, context.order).filter(|fee| !fee.amount.is_zero())?
    };
    // A balance in another currency says nothing either.
    let Some(shortfall) = context.balance.and_then(|balance| needed.minus(balance)) else {
        return Some(Obstacle::BalanceUnknown);
    };
    if shortfall.amount.is_sign_negative() || shortfall.amount.is_zero() {
        return None;
    }
    Some(if deposit { Obstacle::BalanceShort { shortfall } } else { Obstacle::FeeBalanceShort { shortfall } })
}

/// What leaves the source by `method`, and is therefore what an operator confirms: for a deposit fare and fee, for a
/// card all that the card is charged, for an airline account the fare in the airline's currency.
pub fn amount_due(method: PaymentMethod, order: &Order) -> Option<Money> {
    let details = order.details.as_ref()?;
    if details.unclear.iter().any(|unclear| rests_on(method, *unclear)) {
        return None;
    }
    let option = details.option(method);
    let fare = option.and_then(|option| option.ticket_fare);
    // Only a sum that holds the fare is a price; one of fees alone would have too little confirmed.
    let price_from = |source| {
        option
            .filter(|_| fare.is_some_and(|fare| fare.from == source))
            .and_then(|option| option.taken_from(source))
    };
    let due = match method {
        PaymentMethod::Deposit => price_from(TakenFrom::Deposit).or_else(|| {
            let total = details.total?;
            details.service_fee.map_or(Some(total), |fee| total.plus(fee))
        }),
        PaymentMethod::Vcc => details.vendor_total.or_else(|| price_from(TakenFrom::Card)),
        PaymentMethod::Byoa => details.vendor_total.or(fare.map(|fare| fare.money)).or(details.total),
        // The total lacks the card fee, so it is not what the card is charged.
        PaymentMethod::Mor => price_from(TakenFrom::Card),
    };
    due.filter(|due| due.amount.is_sign_positive() && !due.amount.is_zero())
}

/// True when what `method` takes would have to be guessed without this price: another one never stands in for it.
fn rests_on(method: PaymentMethod, price: Unclear) -> bool {
    match price {
        Unclear::Option(of) => of == method,
        Unclear::ServiceFee => true,
        Unclear::VendorTotal => matches!(method, PaymentMethod::Vcc | PaymentMethod::Byoa),
        Unclear::Total => matches!(method, PaymentMethod::Deposit | PaymentMethod::Byoa),
    }
}

/// What else is taken from the deposit when the price itself is not: the service fee.
pub fn service_fee_due(method: PaymentMethod, order: &Order) -> Option<Money> {
    if method == PaymentMethod::Deposit {
        return None;
    }
    let details = order.details.as_ref()?;
    match details.option(method).and_then(|option| option.service_fee) {
        Some(fee) => (fee.from == TakenFrom::Deposit).then_some(fee.money),
        None => details.service_fee,
    }
}

/// Everything against a payment as it was authorised: what is asked once more, on a fresh answer, before it is sent.
pub fn payment_obstacles(payment: &Payment, context: &PaymentContext<'_>) -> Vec<Obstacle> {
    let method = payment.means.method();
    let mut found = ticked_obstacles(method, payment.traveller_confirmed, payment.old_payment_seen, context);
    if let Some(now) = amount_due(method, context.order).filter(|now| *now != payment.amount) {
        found.push(Obstacle::AmountChanged { confirmed: payment.amount, now });
    }
    let Some(card) = payment.means.card() else { return found };
    let none = Cvv::new();
    let entered = EnteredCard {
        number: &card.number,
        expiry: Ok(card.expiry),
        cvv: card.cvv.as_ref().unwrap_or(&none),
        names: [(Field::FirstName, &card.first_name), (Field::LastName, &card.last_name)],
        billing: &card.billing,
    };
    found.extend(card_check::card_obstacles(entered, method, context));
    if let Means::Vcc { ceiling: Some(ceiling), .. } = &payment.means {
        found.extend(ceiling_obstacle(*ceiling, payment.amount, context));
    }
    found
}

/// What is against a ceiling for a price that is due: the airline may charge any sum up to it.
pub fn ceiling_obstacle(ceiling: Money, due: Money, context: &PaymentContext<'_>) -> Option<Obstacle> {
    if ceiling.compare(due).is_none_or(Ordering::is_lt) {
        return Some(Obstacle::CeilingBelowPrice { price: due });
    }
    let limit = context.rules.limits.get(&ceiling.currency).copied()?;
    // A price above the limit is an obstacle of its own, and no ceiling mends that.
    let is_above = due.amount <= limit.amount && ceiling.amount > limit.amount;
    is_above.then_some(Obstacle::CeilingAboveLimit { limit })
}
