//! Sentences for people: obstacles, states, steps and fields in the language in use. Texts are in
//! `assets/lang/obstacles.toml`; the meaning and advice of the vendor's codes are in `assets/codes.toml`.

use jiff::tz;

use super::Lang;
use crate::{
    desk::health::NotBegun,
    domain::{
        attempt::{Doubt, NotSent, State},
        codes::{self, Family},
        draft::Field,
        method::PaymentMethod,
        money::Money,
        order::OrderStatus,
        payable::Obstacle,
        urgency::{NextStep, Queue},
    },
};

type Value<'a> = (&'a str, String);

/// The text of `section.word`, with the values filled in.
pub(super) fn fill(lang: Lang, section: &str, word: &str, values: &[Value<'_>]) -> String {
    let key = format!("{section}.{word}");
    let text = lang.find(&key).unwrap_or_default().to_owned();
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// `methodNotOffered` → `method_not_offered`: state words are camelCase in JSON, keys are not.
pub(super) fn snake(word: &str) -> String {
    let mut snake = String::with_capacity(word.len() + 4);
    for c in word.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// The name of a method.
pub fn method(lang: Lang, method: PaymentMethod) -> &'static str {
    lang.find(&format!("method.{}", method.word())).unwrap_or_default()
}

/// The name of a queue.
pub fn queue(lang: Lang, queue: Queue) -> &'static str {
    lang.text(match queue {
        Queue::Action => "queue.action",
        Queue::Unpaid => "queue.unpaid",
        Queue::Ticketing => "queue.ticketing",
        Queue::Recover => "queue.recover",
        Queue::InDoubt => "queue.in_doubt",
        Queue::Done => "queue.done",
        Queue::All => "queue.all",
    })
}

/// The label of a field.
pub fn field(lang: Lang, field: Field) -> &'static str {
    lang.text(match field {
        Field::Number => "field.number",
        Field::ExpiryMonth => "field.expiry_month",
        Field::ExpiryYear => "field.expiry_year",
        Field::Cvv => "field.cvv",
        Field::FirstName => "field.first_name",
        Field::LastName => "field.last_name",
        Field::Country => "field.country",
        Field::Province => "field.province",
        Field::City => "field.city",
        Field::PostCode => "field.post_code",
        Field::Street => "field.street",
        Field::Ceiling => "field.ceiling",
        Field::DeviceIp => "field.device_ip",
        Field::Reusable => "field.reusable",
        Field::TravellerConfirmed => "field.traveller_confirmed",
        Field::OldPaymentSeen => "field.old_payment_seen",
    })
}

/// A status in words.
pub fn status(lang: Lang, status: OrderStatus) -> String {
    let number = match status {
        OrderStatus::Unknown(number) => number.map_or("?".to_owned(), |number| number.to_string()),
        _ => String::new(),
    };
    fill(lang, "status", status.word(), &[("number", number)])
}

/// What an obstacle's sentences are filled with.
fn values(lang: Lang, obstacle: &Obstacle) -> Vec<Value<'static>> {
    let list = |words: Vec<String>| words.join(", ");
    match obstacle {
        Obstacle::UnknownStatus(number) => vec![("number", number.map_or("?".to_owned(), |n| n.to_string()))],
        Obstacle::DeadlinePassed { at } => {
            vec![("at", at.to_zoned(tz::TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string())]
        }
        Obstacle::AttemptOpen { state } => vec![("state", attempt_state(lang, state))],
        Obstacle::MethodNotOffered { offered } => {
            let names = list(offered.iter().map(|offer| method(lang, *offer).to_owned()).collect());
            vec![("offered", if names.is_empty() { "-".to_owned() } else { names })]
        }
        Obstacle::AmountChanged { confirmed, now } => {
            vec![("confirmed", confirmed.to_string()), ("now", now.to_string())]
        }
        Obstacle::Regenerated { child } => {
            vec![("child", child.map_or("?".to_owned(), |child| child.to_string()))]
        }
        Obstacle::OldPaymentOpen { order, amount } => {
            vec![("order", order.short()), ("amount", amount.to_string())]
        }
        Obstacle::AboveLimit { limit } | Obstacle::CeilingAboveLimit { limit } => {
            vec![("limit", limit.to_string())]
        }
        Obstacle::BalanceShort { shortfall } | Obstacle::FeeBalanceShort { shortfall } => {
            vec![("shortfall", shortfall.to_string())]
        }
        Obstacle::Missing { field: missing } => vec![("field", field(lang, *missing).to_owned())],
        Obstacle::BillingMissing { field: missing, airline } => {
            vec![("field", field(lang, *missing).to_owned()), ("airline", airline.to_string())]
        }
        Obstacle::BrandMismatch { wanted } => vec![("brand", wanted.to_string())],
        Obstacle::BrandNotAccepted { accepted } => {
            vec![("brands", list(accepted.iter().map(ToString::to_string).collect()))]
        }
        Obstacle::CardUsed { card } => vec![("card", card.to_string())],
        Obstacle::CardOftenRefused { card, times } => {
            vec![("card", card.to_string()), ("times", times.to_string())]
        }
        Obstacle::CvvLength { digits } => vec![("digits", digits.to_string())],
        Obstacle::CeilingBelowPrice { price } => vec![("price", price.to_string())],
        _ => Vec::new(),
    }
}

/// Why not, in a few words.
pub fn obstacle_reason(lang: Lang, obstacle: &Obstacle) -> String {
    fill(lang, "reason", obstacle.code(), &values(lang, obstacle))
}

/// What mends it, in a sentence.
pub fn obstacle_mend(lang: Lang, obstacle: &Obstacle) -> String {
    fill(lang, "mend", obstacle.code(), &values(lang, obstacle))
}

pub(super) fn not_sent_cause(lang: Lang, reason: &NotSent) -> String {
    let (word, note) = match reason {
        NotSent::NoConnection(note) => ("no_connection", note.clone()),
        NotSent::Obstacle(code) => (
            "obstacle",
            lang.find(&format!("reason.{code}"))
                .filter(|text| !text.contains('{'))
                .map_or(code.clone(), str::to_owned),
        ),
        NotSent::Changed(note) => ("changed", note.clone()),
        NotSent::Gate(note) => ("gate", note.clone()),
        NotSent::Interrupted => ("interrupted", String::new()),
    };
    fill(lang, "cause", word, &[("note", note)])
}

pub(super) fn doubt_cause(lang: Lang, doubt: &Doubt) -> String {
    let (word, code) = match doubt {
        Doubt::NoAnswer => ("no_answer", String::new()),
        Doubt::Cut(_) => ("cut", String::new()),
        Doubt::Unreadable(_) => ("unreadable", String::new()),
        Doubt::Http(code) => ("http", code.to_string()),
        Doubt::Status(code) => {
            return format!(
                "{} {}",
                fill(lang, "cause", "status", &[("code", code.to_string())]),
                pay_meaning(lang, *code)
            );
        }
        Doubt::Crash => ("crash", String::new()),
    };
    fill(lang, "cause", word, &[("code", code)])
}

/// What a status of `pay.do` means.
pub fn pay_meaning(lang: Lang, status: i64) -> String {
    codes::look_up(Family::Pay, status)
        .map_or(lang.text("advice.unknown_code"), |code| lang.pick(&code.meaning.en, &code.meaning.zh))
        .to_owned()
}

/// What to do after a status of `pay.do`.
pub fn pay_advice(lang: Lang, status: i64) -> String {
    codes::look_up(Family::Pay, status)
        .map_or(lang.text("advice.query_first"), |code| lang.pick(&code.advice.en, &code.advice.zh))
        .to_owned()
}

/// What a ticketing error (6xx) means and what to do, if the code is known.
pub fn ticketing_error(lang: Lang, code: &str) -> Option<(&'static str, &'static str)> {
    let code = codes::look_up(Family::Ticketing, code.trim().parse().ok()?)?;
    Some((lang.pick(&code.meaning.en, &code.meaning.zh), lang.pick(&code.advice.en, &code.advice.zh)))
}

/// Where an attempt stands, as a sentence.
pub fn attempt_state(lang: Lang, state: &State) -> String {
    let values = match state {
        State::Refused(code) | State::Rejected(code) => {
            vec![("code", code.to_string()), ("meaning", pay_meaning(lang, *code))]
        }
        State::InDoubt(doubt) => vec![("cause", doubt_cause(lang, doubt))],
        State::NotSent(reason) => vec![("cause", not_sent_cause(lang, reason))],
        _ => Vec::new(),
    };
    fill(lang, "attempt", &snake(state.word()), &values)
}

/// Where an attempt stands, in a word or two for a column.
pub fn attempt_state_short(lang: Lang, state: &State) -> &'static str {
    lang.find(&format!("attempt_short.{}", snake(state.word()))).unwrap_or_default()
}

/// What to do about an attempt.
pub fn attempt_advice(lang: Lang, state: &State) -> String {
    let word = match state {
        State::Claimed | State::Accepted | State::Paid => "wait",
        State::Sending | State::Refused(_) | State::InDoubt(_) => "doubt",
        State::Ticketed => "done",
        State::PaidElsewhere => "elsewhere",
        State::Conflict => "conflict",
        State::Reversed => "reversed",
        State::Rejected(code) => {
            return fill(lang, "advice", "rejected", &[("advice", pay_advice(lang, *code))]);
        }
        State::NotSent(_) => "not_sent",
        State::NotApplied => "not_applied",
        State::Closed => "closed",
    };
    fill(lang, "advice", word, &[])
}

/// Why a payment was not begun.
pub fn not_begun(lang: Lang, reason: &NotBegun) -> String {
    match reason {
        NotBegun::Blocked(holder) => {
            let at = holder.claimed_at.to_zoned(tz::TimeZone::UTC).strftime("%H:%M:%S").to_string();
            let values = [
                ("order", holder.order.to_string()),
                ("at", at),
                ("state", attempt_state(lang, &holder.state)),
            ];
            fill(lang, "not_begun", "blocked", &values)
        }
        NotBegun::Remade(regeneration) => {
            let child = regeneration.state.child().map_or("?".to_owned(), |child| child.to_string());
            fill(lang, "not_begun", "remade", &[("child", child)])
        }
        NotBegun::Journal(reason) => fill(lang, "not_begun", "journal", &[("reason", reason.clone())]),
        NotBegun::Leaving => fill(lang, "not_begun", "leaving", &[]),
        NotBegun::ReadOnly => fill(lang, "not_begun", "read_only", &[]),
    }
}

/// The next right action.
pub fn next_step(lang: Lang, step: NextStep) -> &'static str {
    lang.text(match step {
        NextStep::Ask => "next.ask",
        NextStep::Pay => "next.pay",
        NextStep::PayByDeposit => "next.pay_by_deposit",
        NextStep::ConfirmThenPay => "next.confirm_then_pay",
        NextStep::WaitForOutcome => "next.wait_for_outcome",
        NextStep::Investigate => "next.investigate",
        NextStep::WaitForTicket => "next.wait_for_ticket",
        NextStep::AskSupport => "next.ask_support",
        NextStep::FollowNewOrder => "next.follow_new_order",
        NextStep::RegenerateOtherMeans => "next.regenerate_other_means",
        NextStep::TopUpAndRegenerate => "next.top_up_and_regenerate",
        NextStep::RegenerateNewPrice => "next.regenerate_new_price",
        NextStep::RegenerateLapsed => "next.regenerate_lapsed",
        NextStep::FindOtherBooking => "next.find_other_booking",
        NextStep::BookAnew => "next.book_anew",
        NextStep::Done => "next.done",
    })
}

/// An amount, or a dash where there is none.
pub fn money_or_nothing(money: Option<Money>) -> String {
    money.map_or_else(|| "-".to_owned(), |money| money.to_string())
}
