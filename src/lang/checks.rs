//! What is looked at before a payment, in words.

use jiff::{Timestamp, tz::TimeZone};

use super::{Lang, words};
use crate::domain::{
    checks::{About, Fact, Verdict},
    money::Money,
    outlay::Outlay,
    work::Owner,
};

/// What a check is called.
pub fn name(lang: Lang, about: About) -> &'static str {
    lang.text(match about {
        About::Status => "check.status",
        About::Amount => "check.amount",
        About::Method => "check.method",
        About::Deadline => "check.deadline",
        About::Balance => "check.balance",
        About::Airline => "check.airline",
        About::Attempts => "check.attempts",
        About::Traveller => "check.traveller",
        About::Owner => "check.owner",
    })
}

/// Times and people as the place has them where a verdict is said.
#[derive(Clone, Copy)]
pub struct Sayings<'a> {
    /// The desk's own zone.
    pub zone: &'a TimeZone,
    /// What is left until a deadline.
    pub left: &'a dyn Fn(Timestamp) -> String,
    /// Who has an order.
    pub owner: &'a dyn Fn(&Owner) -> String,
}

/// What a verdict rests on, or what is against the payment.
pub fn verdict(lang: Lang, verdict: &Verdict<'_>, sayings: Sayings<'_>) -> String {
    match verdict {
        Verdict::Passed(fact) => self::fact(lang, fact, sayings),
        Verdict::Asking => lang.text("form.checking").to_owned(),
        Verdict::Unknown(None) => lang.text("check.unknown").to_owned(),
        Verdict::Unknown(Some(obstacle)) | Verdict::Warned(obstacle) | Verdict::Failed(obstacle) => {
            words::obstacle_reason(lang, obstacle)
        }
    }
}

fn fact(lang: Lang, fact: &Fact<'_>, sayings: Sayings<'_>) -> String {
    match fact {
        Fact::Asked(at) => {
            let at = at.to_zoned(sayings.zone.clone()).strftime("%H:%M:%S").to_string();
            lang.fill("form.checked", &[("at", &at)])
        }
        Fact::Amount(outlay) => split(lang, *outlay),
        Fact::Offered(methods) => {
            let names: Vec<&str> = methods.iter().map(|method| words::method(lang, *method)).collect();
            let names = names.join(lang.pick(", ", "、"));
            lang.fill("check.offered", &[("methods", &names)])
        }
        Fact::Deadline(at) => (sayings.left)(*at),
        Fact::Balance(before, after) => {
            lang.fill("check.balance_after", &[("before", &before.grouped()), ("after", after)])
        }
        Fact::NoTrouble => lang.text("check.no_trouble").to_owned(),
        Fact::Attempts(0) => lang.text("check.no_attempt").to_owned(),
        Fact::Attempts(count) => lang.fill("check.attempts_over", &[("count", count)]),
        Fact::Confirmed => lang.text("traveller.confirmed").to_owned(),
        Fact::Owner(owner) => (sayings.owner)(owner),
    }
}

/// What leaves, and what it is made of: ticket, service fee and card fee, each by itself.
fn split(lang: Lang, outlay: Outlay) -> String {
    let Some(ticket) = outlay.ticket else { return outlay.amount.to_string() };
    let part = |key: &'static str, money: Money| format!("{} {}", lang.text(key), money.grouped());
    let mut parts = vec![part("detail.ticket", ticket)];
    parts.extend(outlay.fee.filter(|_| outlay.is_fee_included).map(|fee| part("detail.fee", fee)));
    parts.extend(outlay.card_fee.map(|fee| part("detail.card_fee", fee)));
    let besides = outlay.fee.filter(|_| !outlay.is_fee_included);
    let besides = besides.map(|fee| lang.fill("check.fee_besides", &[("fee", &fee)])).unwrap_or_default();
    format!("{} = {}{besides}", outlay.amount, parts.join(" + "))
}
