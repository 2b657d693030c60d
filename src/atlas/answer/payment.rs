//! How an order may be paid and at what price, as answers say it.

use serde::Deserialize;

use crate::{
    atlas::{field::Field, odd::Odd},
    domain::{
        card::CardBrand,
        method::{Part, PaymentMethod, PaymentOption, TakenFrom},
        order::{CardFee, Unclear},
    },
};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct OptionAnswer<'a> {
    #[serde(borrow)]
    payment_method: Field<'a>,
    ticket_fare: Field<'a>,
    service_fee: Field<'a>,
    payment_fee: Field<'a>,
    card_type: Field<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PartAnswer<'a> {
    #[serde(borrow)]
    pub(super) amount: Field<'a>,
    pub(super) currency: Field<'a>,
    deduct_from: Field<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct CardFeeAnswer<'a> {
    #[serde(borrow)]
    card_type: Field<'a>,
    percentage: Field<'a>,
    charge: Field<'a>,
    currency: Field<'a>,
}

pub(super) fn option(option: &OptionAnswer<'_>, odd: &mut Odd) -> Option<PaymentOption> {
    let method = PaymentMethod::from_number(option.payment_method.integer()?)?;
    let mut part = |field, raw: Field<'_>| part(field, raw, method, odd);
    Some(PaymentOption {
        method,
        ticket_fare: part("ticketFare", option.ticket_fare),
        service_fee: part("serviceFee", option.service_fee),
        payment_fee: part("paymentFee", option.payment_fee),
        card_brand: option.card_type.text().and_then(|brand| CardBrand::from_word(&brand)),
    })
}

fn part(field: &'static str, raw: Field<'_>, method: PaymentMethod, odd: &mut Odd) -> Option<Part> {
    let part: PartAnswer<'_> = raw.object();
    let from = match part.deduct_from.text().as_deref() {
        Some("DEPOSIT") => TakenFrom::Deposit,
        Some("CARD") => TakenFrom::Card,
        _ => TakenFrom::Other,
    };
    // What is no object at all may be an amount too, with nothing to say of what and from where.
    let is_object = raw.raw().is_some_and(|raw| raw.starts_with('{'));
    let (amount, currency) = if is_object { (part.amount, part.currency.currency()) } else { (raw, None) };
    Some(Part { money: odd.price(field, amount, currency, Unclear::Option(method))?, from })
}

pub(super) fn card_fees(field: Field<'_>) -> Vec<CardFee> {
    let fees: Vec<CardFeeAnswer<'_>> = field.objects();
    let fee = |fee: &CardFeeAnswer<'_>| {
        Some(CardFee {
            brand: CardBrand::from_word(&fee.card_type.text()?)?,
            share: fee.percentage.decimal(),
            charge: fee.charge.shown_money(fee.currency.currency()),
        })
    };
    fees.iter().filter_map(fee).collect()
}
