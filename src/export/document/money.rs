//! Money: `{"amount": "120.50", "currency": "USD"}`.

use serde::Serialize;

use crate::domain::{
    method::{Part, TakenFrom},
    money::Money as Amount,
    outlay::Outlay,
};

/// `{"amount": "120.50", "currency": "USD"}`
#[derive(Serialize)]
pub struct Money {
    amount: String,
    currency: String,
}

impl From<Amount> for Money {
    fn from(money: Amount) -> Self {
        Self { amount: money.plain(), currency: money.currency.to_string() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartDocument {
    #[serde(flatten)]
    money: Money,
    deduct_from: &'static str,
}

impl From<Part> for PartDocument {
    fn from(part: Part) -> Self {
        let deduct_from = match part.from {
            TakenFrom::Deposit => "DEPOSIT",
            TakenFrom::Card => "CARD",
            TakenFrom::Other => "OTHER",
        };
        Self { money: part.money.into(), deduct_from }
    }
}

/// What leaves by one method.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OutlayDocument {
    payment_method: &'static str,
    /// What is confirmed: `--confirm-amount`.
    amount: Money,
    service_fee: Option<Money>,
    /// Else it comes from the deposit besides.
    service_fee_included: bool,
}

impl From<Outlay> for OutlayDocument {
    fn from(outlay: Outlay) -> Self {
        Self {
            payment_method: outlay.method.word(),
            amount: outlay.amount.into(),
            service_fee: outlay.fee.map(Money::from),
            service_fee_included: outlay.is_fee_included,
        }
    }
}
