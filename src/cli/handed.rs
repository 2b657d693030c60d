//! What was handed over for a payment of `recover`, as a draft that the rules judge.

use crate::domain::{
    context::PaymentContext, draft::Draft, field::Field, method::PaymentMethod, order::Order,
    recovery::PaymentPath,
};

/// What was handed over for `path`, as far as it is known before there is an order to pay.
pub(super) fn draft(card: Option<Draft>, path: PaymentPath, order: &Order) -> Draft {
    let method = path.method(order).unwrap_or(PaymentMethod::Deposit);
    let mut draft = card.unwrap_or_else(|| Draft::new(method));
    draft.method = method;
    // What may still be held besides is said before anything is confirmed.
    draft.old_payment_seen = true;
    draft
}

/// The draft for the order that is paid in the end.
pub(super) fn fitted(mut draft: Draft, path: PaymentPath, payment_context: &PaymentContext<'_>) -> Draft {
    draft.method = path.method(payment_context.order).unwrap_or(PaymentMethod::Deposit);
    if draft.method == PaymentMethod::Vcc
        && draft.text(Field::Ceiling).is_empty()
        && let Some(ceiling) = Draft::default_ceiling(payment_context)
    {
        draft.set(Field::Ceiling, &ceiling.whole());
    }
    draft
}
