//! What was handed over for a payment of `recover`, as a draft that the rules judge.

use super::args::RecoverArgs;
use crate::domain::{
    context::PaymentContext,
    draft::{Draft, Field},
    method::PaymentMethod,
    order::Order,
    recovery::Route,
};

/// What was handed over for `route`, as far as it is known before there is an order to pay.
pub(super) fn draft(args: &RecoverArgs, card: Option<Draft>, route: Route, order: &Order) -> Draft {
    let method = route.method(order).unwrap_or(PaymentMethod::Deposit);
    let mut draft = card.unwrap_or_else(|| Draft::new(method));
    draft.method = method;
    draft.traveller_confirmed = args.traveller_confirmed;
    // What may still be held besides is told before anything is confirmed.
    draft.old_payment_seen = true;
    draft
}

/// The draft for the order that is paid in the end.
pub(super) fn fitted(mut draft: Draft, route: Route, situation: &PaymentContext<'_>) -> Draft {
    draft.method = route.method(situation.order).unwrap_or(PaymentMethod::Deposit);
    if draft.method == PaymentMethod::Vcc
        && draft.text(Field::Ceiling).is_empty()
        && let Some(ceiling) = Draft::default_ceiling(situation)
    {
        draft.set(Field::Ceiling, &ceiling.whole());
    }
    draft
}
