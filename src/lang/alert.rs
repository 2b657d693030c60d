//! Alerts in words.

use super::Lang;
use crate::domain::{
    alert::{Cause, Key},
    case::Case,
};

/// What is the matter, without saying of which order.
pub fn matter(lang: Lang, key: Key, case: Option<&Case>) -> String {
    let minutes = key.step;
    match key.cause {
        Cause::Deadline(_) => lang.fill("alert.deadline", &[("minutes", &minutes)]),
        Cause::Declined(..) => {
            let code = case.and_then(|case| Some(&case.order.ticketing_error.as_ref()?.code));
            code.map_or_else(
                || lang.text("alert.declined").to_owned(),
                |code| lang.fill("alert.declined_with", &[("code", code)]),
            )
        }
        Cause::TicketingLate(_) => lang.text("alert.ticketing_late").to_owned(),
        Cause::InDoubt(..) => lang.fill("alert.in_doubt", &[("minutes", &minutes)]),
        Cause::Conflict(..) => lang.text("alert.conflict").to_owned(),
        Cause::PaidElsewhere(..) => lang.text("alert.paid_elsewhere").to_owned(),
        Cause::BalanceLow(currency) => lang.fill("alert.balance_low", &[("currency", &currency)]),
        Cause::AirlineTrouble(airline) => lang.fill("alert.airline_trouble", &[("airline", &airline)]),
    }
}

/// The same behind the order's number, for where nothing else says it.
pub fn alert(lang: Lang, key: Key, case: Option<&Case>) -> String {
    let matter = matter(lang, key, case);
    key.cause.order().map_or_else(|| matter.clone(), |order| format!("{}  {matter}", order.short()))
}

/// What to do about what no order names.
pub fn around(lang: Lang, cause: Cause) -> &'static str {
    match cause {
        Cause::BalanceLow(_) => lang.text("alert.top_up"),
        Cause::AirlineTrouble(_) => lang.text("alert.look_first"),
        _ => "",
    }
}
