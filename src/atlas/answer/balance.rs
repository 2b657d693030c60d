//! `balance.do`: what is on the deposit account.

use serde::Deserialize;

use super::payment::PartAnswer;
use crate::{
    atlas::field::{Field, document},
    domain::money::{Currency, Money},
};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BalanceAnswer<'a> {
    #[serde(borrow)]
    account_balance: Field<'a>,
}

/// Reads an answer of `balance.do`.
pub(in crate::atlas) fn balance(body: &[u8], wanted: Currency) -> serde_json::Result<Option<Money>> {
    let answer: BalanceAnswer<'_> = document(body)?;
    let part: PartAnswer<'_> = answer.account_balance.object();
    // An account may be overdrawn, and what it holds is compared and not paid.
    Ok(part.amount.shown_money(part.currency.currency().or(Some(wanted))))
}
