//! Sentences for people: obstacles, states, steps and fields in the language in use. Texts are in
//! `assets/lang/obstacles.toml`; the meaning and advice of the vendor's codes are in `assets/codes.toml`.

use jiff::{Timestamp, civil, tz};
use unicode_width::UnicodeWidthChar;

use super::{
    Lang, system,
    template::{Value, fill, snake},
    wire,
};
use crate::{
    desk::{
        health::Health,
        hub::{Closed, NotBegun, NotWorked},
    },
    domain::{
        airline_trouble::{AirlineTrouble, SaidBy},
        attempt::{Attempt, Doubt, Gate, NotSent, State},
        author::{self, Author},
        card_input::{CardInputError, Expected},
        case::Case,
        codes::{self, Family},
        field::Field,
        method::PaymentMethod,
        moment::Now,
        money::Money,
        notification::Refusal,
        obstacle::Obstacle,
        order::OrderStatus,
        subject::{Subject, kept_parts},
        text::Text,
        triage::{Cause, NextStep, Queue, triage},
        vendor_clock::Trust,
    },
};

/// The name of a method.
pub fn method(lang: Lang, method: PaymentMethod) -> &'static str {
    lang.text(method_key(method))
}

/// The key of that text.
pub fn method_key(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Deposit => "method.deposit",
        PaymentMethod::Vcc => "method.vcc",
        PaymentMethod::Byoa => "method.byoa",
        PaymentMethod::Mor => "method.mor",
    }
}

/// What is wrong with a card on standard input: the field, and what was expected.
pub fn card_input(lang: Lang, error: &CardInputError) -> String {
    match error {
        CardInputError::NotAnObject { line, column, after } => {
            let after =
                after.map_or_else(String::new, |field| lang.fill("card_input.after", &[("field", &field)]));
            lang.fill("card_input.not_an_object", &[("line", line), ("column", column), ("after", &after)])
        }
        CardInputError::Field { field, expected } => {
            let expected = lang.text(match expected {
                Expected::CardNumber => "card_input.card_number",
                Expected::Cvv => "card_input.cvv",
                Expected::Month => "card_input.month",
                Expected::Year => "card_input.year",
                Expected::Text => "card_input.text",
                Expected::NoCardNumber => "card_input.no_card_number",
                Expected::Flag => "card_input.flag",
                Expected::Number => "card_input.number",
                Expected::Object => "card_input.object",
            });
            lang.fill("card_input.field", &[("field", field), ("expected", &expected)])
        }
        CardInputError::Unknown(field) => lang.fill("card_input.unknown", &[("field", field)]),
        CardInputError::Twice(field) => lang.fill("card_input.twice", &[("field", field)]),
        CardInputError::OtherOrder => lang.text("card_input.other_order").to_owned(),
        CardInputError::OtherMethod => lang.text("card_input.other_method").to_owned(),
    }
}

/// Why a webhook call was refused.
pub fn refusal(lang: Lang, refusal: Refusal) -> &'static str {
    lang.text(match refusal {
        Refusal::Path => "call_refused.path",
        Refusal::Method => "call_refused.method",
        Refusal::TooLarge => "call_refused.too_large",
        Refusal::TooSlow => "call_refused.too_slow",
        Refusal::Encoding => "call_refused.encoding",
        Refusal::NoNotification => "call_refused.no_notice",
        Refusal::NotHttp => "call_refused.not_http",
    })
}

/// The name of a queue.
pub fn queue(lang: Lang, queue: Queue) -> &'static str {
    lang.text(queue_key(queue))
}

/// The key of that text.
pub fn queue_key(queue: Queue) -> &'static str {
    match queue {
        Queue::Action => "queue.action",
        Queue::Unpaid => "queue.unpaid",
        Queue::Ticketing => "queue.ticketing",
        Queue::Recover => "queue.recover",
        Queue::InDoubt => "queue.in_doubt",
        Queue::Done => "queue.done",
        Queue::All => "queue.all",
    }
}

/// The name of a queue where there is little room.
pub fn queue_short(lang: Lang, queue: Queue) -> &'static str {
    lang.text(match queue {
        Queue::Action => "queue_short.action",
        Queue::Unpaid => "queue_short.unpaid",
        Queue::Ticketing => "queue_short.ticketing",
        Queue::Recover => "queue_short.recover",
        Queue::InDoubt => "queue_short.in_doubt",
        Queue::Done => "queue_short.done",
        Queue::All => "queue_short.all",
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
        Field::OldPaymentSeen => "field.old_payment_seen",
    })
}

/// What a refusal is about, in a word or two.
pub fn subject(lang: Lang, subject: Subject) -> &'static str {
    lang.text(match subject {
        Subject::Entered(entered) => return field(lang, entered),
        Subject::OrderNo => "subject.order_no",
        Subject::OrderStatus => "subject.order_status",
        Subject::ErrorCode => "subject.error_code",
        Subject::Deadline => "subject.deadline",
        Subject::Created => "subject.created",
        Subject::Method => "subject.method",
        Subject::Price => "subject.price",
        Subject::Balance => "subject.balance",
        Subject::Card => "subject.card",
        Subject::Traveller => "subject.traveller",
        Subject::Owner => "subject.owner",
        Subject::Airline => "subject.airline",
        Subject::Confirmation => "subject.confirmation",
        Subject::ReadOnly => "subject.read_only",
        Subject::Journal => "subject.journal",
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

/// How well the vendor's clock is known.
pub fn vendor_clock(lang: Lang, health: &Health) -> String {
    match health.clock {
        Trust::Settled => lang.fill("log.clock_settled", &[("offset", &health.clock_offset.as_secs())]),
        Trust::Unknown => lang.text("log.clock_unknown").to_owned(),
        Trust::Doubtful(off) => lang.fill("log.clock_doubtful", &[("off", &off)]),
    }
}

/// What an obstacle's sentences are filled with.
fn values(lang: Lang, obstacle: &Obstacle) -> Vec<Value<'static>> {
    let list = |words: Vec<String>| lang.list(&words);
    match obstacle {
        Obstacle::UnknownStatus(number) => vec![("number", number.map_or("?".to_owned(), |n| n.to_string()))],
        Obstacle::Gone { since } => {
            vec![("since", since.to_zoned(tz::TimeZone::UTC).strftime("%H:%M:%S").to_string())]
        }
        Obstacle::DeadlinePassed { at } => {
            vec![("at", at.to_zoned(tz::TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string())]
        }
        Obstacle::HeldByAnother { who, since } => vec![
            ("who", author::name(who).to_owned()),
            ("since", since.to_zoned(tz::TimeZone::UTC).strftime("%H:%M:%S").to_string()),
        ],
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
        Obstacle::BillingMissing { airline, .. } => vec![("airline", airline.to_string())],
        Obstacle::NameCharacters { unfit, .. } | Obstacle::PostCodeCharacters { unfit } => {
            let instead = unfit.instead.as_deref().unwrap_or_default().to_owned();
            vec![("sign", sign(unfit.sign)), ("at", unfit.at.to_string()), ("instead", instead)]
        }
        Obstacle::BrandMismatch { wanted } => vec![("brand", wanted.to_string())],
        Obstacle::BrandNotAccepted { accepted } => {
            vec![("brands", list(accepted.iter().map(ToString::to_string).collect()))]
        }
        Obstacle::CardUsed { card } => vec![("card", card.to_string())],
        Obstacle::CardOftenRefused { card, times } => {
            vec![("card", card.to_string()), ("times", times.to_string())]
        }
        Obstacle::AirlineTrouble(trouble) => vec![("trouble", airline_trouble(lang, trouble))],
        Obstacle::AddressDoubted { status } => vec![("status", status.to_string())],
        Obstacle::CvvLength { digits } => vec![("digits", digits.to_string())],
        Obstacle::CeilingBelowPrice { price } => vec![("price", price.to_string())],
        _ => Vec::new(),
    }
}

/// Who says since when that an airline is in trouble, and until when.
pub fn airline_trouble(lang: Lang, trouble: &AirlineTrouble) -> String {
    let at = |at: Timestamp| at.to_zoned(tz::TimeZone::UTC);
    let since = at(trouble.since);
    let since = format!("{} {}", date(lang, since.date()), since.strftime("%H:%M"));
    let mut values = vec![("airline", trouble.airline.to_string()), ("since", since)];
    let word = match &trouble.said_by {
        SaidBy::Desk { declines, until } => {
            values.extend([
                ("count", declines.to_string()),
                ("until", at(*until).strftime("%H:%M").to_string()),
            ]);
            "seen"
        }
        SaidBy::Vendor(word) if word.eq_ignore_ascii_case("maintenance") => "maintenance",
        SaidBy::Vendor(word) if word.eq_ignore_ascii_case("inactive") => "inactive",
        SaidBy::Vendor(word) => {
            values.push(("word", word.to_string()));
            "other"
        }
    };
    if trouble.unconfirmed_hours == 0 {
        return fill(lang, "airline_trouble", word, &values);
    }
    values.push(("hours", trouble.unconfirmed_hours.to_string()));
    fill(lang, "airline_trouble_unconfirmed", word, &values)
}

/// Why not, in a few words.
pub fn obstacle_reason(lang: Lang, obstacle: &Obstacle) -> String {
    let (section, word) = match obstacle {
        Obstacle::TravellerNotConfirmed(progress) => ("traveller", snake(progress.word())),
        _ => ("reason", obstacle.code().to_owned()),
    };
    fill(lang, section, &word, &values(lang, obstacle))
}

/// What mends it, in a sentence.
pub fn obstacle_mend(lang: Lang, obstacle: &Obstacle) -> String {
    let (section, word) = match obstacle {
        Obstacle::NameCharacters { unfit, .. } | Obstacle::PostCodeCharacters { unfit }
            if unfit.instead.is_some() =>
        {
            ("respell", "instead")
        }
        _ => ("mend", obstacle.code()),
    };
    fill(lang, section, word, &values(lang, obstacle))
}

/// A character by its number, and itself where a terminal shows it as one.
fn sign(c: char) -> String {
    let itself = c.to_string();
    let number = format!("U+{:04X}", u32::from(c));
    let is_shown = Text::new(&itself).as_str() == itself && c.width().is_some_and(|width| width > 0);
    if is_shown { format!("{c} ({number})") } else { number }
}

pub(super) fn not_sent_cause(lang: Lang, reason: &NotSent) -> String {
    let (word, note) = match reason {
        NotSent::NoConnection(error) => ("no_connection", wire::read_error(lang, error)),
        NotSent::CheckFailed(error) => ("check_failed", wire::read_error(lang, error)),
        NotSent::Obstacle(kept) => {
            let (about, code) = kept_parts(kept);
            let reason = kept_reason(lang, code);
            let named = |about| {
                lang.fill("refusal.named", &[("subject", &subject(lang, about)), ("reason", &reason)])
            };
            ("obstacle", about.map_or_else(|| reason.clone(), named))
        }
        NotSent::Gate(gate) => {
            let note =
                if let Gate::PayingOff(reason) = gate { system::cause(lang, reason) } else { String::new() };
            return fill(lang, "gate", gate.word(), &[("note", note)]);
        }
        NotSent::Interrupted => ("interrupted", String::new()),
        NotSent::Earlier(words) => ("earlier", words.clone()),
    };
    fill(lang, "cause", word, &[("note", note)])
}

/// The words for a code that was kept without the values it was said with; the code itself if it needs them.
pub(super) fn kept_reason(lang: Lang, code: &str) -> String {
    let text = lang.find(&format!("reason.{code}")).filter(|text| !text.contains('{'));
    text.unwrap_or(code).to_owned()
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
    codes::words(Family::Pay, status)
        .map_or(lang.text("advice.unknown_code"), |code| lang.pick(&code.meaning.en, &code.meaning.zh))
        .to_owned()
}

/// What to do after a status of `pay.do`.
pub fn pay_advice(lang: Lang, status: i64) -> String {
    codes::words(Family::Pay, status)
        .map_or(lang.text("advice.query_first"), |code| lang.pick(&code.advice.en, &code.advice.zh))
        .to_owned()
}

/// What a ticketing error (6xx) means and what to do, if the code is known.
pub fn ticketing_error(lang: Lang, code: &str) -> Option<(&'static str, &'static str)> {
    let code = codes::words(Family::Ticketing, code.trim().parse().ok()?)?;
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
    lang.text(attempt_short_key(state))
}

/// The key of that text.
pub fn attempt_short_key(state: &State) -> &'static str {
    match state {
        State::Claimed => "attempt_short.claimed",
        State::Sending => "attempt_short.sending",
        State::Accepted => "attempt_short.accepted",
        State::Refused(_) => "attempt_short.refused",
        State::InDoubt(_) => "attempt_short.in_doubt",
        State::Paid => "attempt_short.paid",
        State::Ticketed => "attempt_short.ticketed",
        State::PaidElsewhere => "attempt_short.paid_elsewhere",
        State::Conflict => "attempt_short.conflict",
        State::Reversed => "attempt_short.reversed",
        State::Rejected(_) => "attempt_short.rejected",
        State::NotSent(_) => "attempt_short.not_sent",
        State::NotApplied => "attempt_short.not_applied",
        State::Closed => "attempt_short.closed",
    }
}

/// What the vendor's support will want to know of an attempt: which order, how, how much, and when it was sent.
pub fn asked_of_support(lang: Lang, attempt: &Attempt) -> String {
    let sent = attempt.sent.map_or(attempt.claimed_at, |sent| sent.now.at);
    let singapore = sent.to_zoned(tz::TimeZone::fixed(tz::offset(8))).strftime("%Y-%m-%d %H:%M:%S");
    let utc = sent.to_zoned(tz::TimeZone::UTC).strftime("%H:%M:%S");
    let card = attempt.card.map_or(String::new(), |card| format!("  {card}"));
    let method = method(lang, attempt.method);
    format!("{}  {method}  {}{card}  {singapore} SGT ({utc} UTC)", attempt.order, attempt.amount)
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
            let about = subject(lang, codes::pay(*code).about).to_owned();
            let values = [("subject", about), ("advice", pay_advice(lang, *code))];
            return fill(lang, "advice", "rejected", &values);
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
        NotBegun::Regenerated(regeneration) => match regeneration.state.child() {
            Some(child) => fill(lang, "not_begun", "regenerated", &[("child", child.to_string())]),
            None => fill(lang, "not_begun", "regenerating", &[("parent", regeneration.parent.to_string())]),
        },
        NotBegun::Closed(reason) => closed(lang, "not_begun", reason),
    }
}

/// Why a payment was not begun, with who began the one that is in its way, where that is known.
pub fn not_begun_by(lang: Lang, reason: &NotBegun, who: Option<&Author>) -> String {
    let text = not_begun(lang, reason);
    match who.map(Author::name).filter(|name| !name.is_empty()) {
        Some(who) => lang.fill("work.begun_by", &[("text", &text), ("who", &who)]),
        None => text,
    }
}

/// Why nothing was left on an order.
pub fn not_worked(lang: Lang, reason: &NotWorked) -> String {
    match reason {
        NotWorked::Held(owner) => fill(lang, "work", "not_yours", &[("who", owner.name().to_owned())]),
        NotWorked::NoReason => lang.text("prompt.empty_reason").to_owned(),
        NotWorked::ReadOnly => lang.text("work.read_only").to_owned(),
    }
}

/// Why nothing is begun here, in the words for what was to be begun.
pub(super) fn closed(lang: Lang, section: &str, closed: &Closed) -> String {
    let values = match closed {
        Closed::Journal(reason) => vec![("reason", system::cause(lang, reason))],
        Closed::ReadOnly | Closed::Leaving => Vec::new(),
    };
    fill(lang, section, closed.word(), &values)
}

/// An order that was made from another one, as the screens of that one name it: with its own time left.
pub fn successor(lang: Lang, made: &Case, now: Timestamp) -> String {
    let order = &made.order;
    let state = match made.attempt_state().filter(|state| state.is_doubtful()) {
        Some(state) => attempt_state_short(lang, state).to_owned(),
        None => status(lang, order.status),
    };
    let left = order.time_left(now).filter(|_| order.has_time_left(now)).map_or(String::new(), |left| {
        let (minutes, seconds) = (left.as_secs() / 60, left.as_secs() % 60);
        let left = format!("{minutes:02}:{seconds:02}");
        lang.fill("successor.left", &[("left", &left)])
    });
    let lapsed = if order.has_lapsed(now) { lang.text("successor.lapsed") } else { "" };
    format!("{}  {state}{left}{lapsed}", order.no)
}

/// The next right action on `case`. Where that is to follow the order that was `made` from it, what is to be done there.
pub fn next_on(lang: Lang, case: &Case, made: Option<&Case>, now: Now) -> String {
    let next = triage(case, now).next;
    let Some(made) = made.filter(|_| next == NextStep::FollowNewOrder) else { return next_step(lang, next) };
    let key = match triage(made, now).reason {
        Cause::Unpaid | Cause::NotSent | Cause::DidNotHappen { .. } | Cause::Refused(_) => "follow.unpaid",
        Cause::Unsettled(_) => "follow.unsettled",
        Cause::Ticketing { .. } | Cause::Ticketed => "follow.ticketing",
        Cause::Baggage(_) => "follow.baggage",
        Cause::Lapsed | Cause::Cancelled(_) | Cause::Gone => "follow.closed",
        Cause::Regenerating | Cause::Regenerated(_) | Cause::Unclear => return next_step(lang, next),
    };
    lang.fill(key, &[("order", &made.order.no)])
}

/// The next right action.
pub fn next_step(lang: Lang, step: NextStep) -> String {
    let text = match step {
        NextStep::Ask => "next.ask",
        NextStep::WaitForAnswers => "next.wait_for_answers",
        NextStep::FindDeadline => "next.find_deadline",
        NextStep::Pay => "next.pay",
        NextStep::PayByDeposit => "next.pay_by_deposit",
        NextStep::ConfirmThenPay => "next.confirm_then_pay",
        NextStep::MendThenPay => "next.mend_then_pay",
        NextStep::PayByOtherMeans => "next.pay_by_other_means",
        NextStep::PayByOtherMethod => "next.pay_by_other_method",
        NextStep::CheckBalance => "next.check_balance",
        NextStep::CheckAccess => "next.check_access",
        NextStep::WaitForOutcome => "next.wait_for_outcome",
        NextStep::WaitForNewOrder => "next.wait_for_new_order",
        NextStep::Investigate => "next.investigate",
        NextStep::DecideBaggageLoss => "next.decide_baggage_loss",
        NextStep::WaitForBaggage => "next.wait_for_baggage",
        NextStep::WaitForCancellation => "next.wait_for_cancellation",
        NextStep::CancelForBaggage => "next.cancel_for_baggage",
        NextStep::WaitForTicket => "next.wait_for_ticket",
        NextStep::WaitForStop => "next.wait_for_stop",
        NextStep::AskSupport => "next.ask_support",
        NextStep::SettleWithSupport => "next.settle_with_support",
        NextStep::FollowNewOrder => "next.follow_new_order",
        NextStep::RegenerateOtherMeans => "next.regenerate_other_means",
        NextStep::TopUpAndRegenerate => "next.top_up_and_regenerate",
        NextStep::RegenerateNewPrice => "next.regenerate_new_price",
        NextStep::RegenerateLater => "next.regenerate_later",
        NextStep::RegenerateLapsed => "next.regenerate_lapsed",
        NextStep::FindOtherBooking => "next.find_other_booking",
        NextStep::BookAnew => "next.book_anew",
        NextStep::VerifyAnew => "next.verify_anew",
        NextStep::Done => "next.done",
        NextStep::Gone => "next.gone",
        NextStep::TicketedAs(order) => {
            return lang.fill("next.ticketed_as", &[("order", &order)]);
        }
    };
    lang.text(text).to_owned()
}

/// What the vendor said, in its own words and marked as such.
pub fn vendors_own(lang: Lang, said: &str) -> String {
    lang.fill("vendor.said", &[("words", &said)])
}

/// A day: `1 Dec`, `12月1日`.
pub fn date(lang: Lang, day: civil::Date) -> String {
    let month = nth(lang.text("date.months"), day.month() - 1);
    lang.fill("date.day", &[("day", &day.day()), ("month", &month)])
}

/// A day with its name: `Tue 1 Dec`, `12月1日 周二`.
pub fn weekday(lang: Lang, day: civil::Date) -> String {
    let name = nth(lang.text("date.weekdays"), day.weekday().to_monday_zero_offset());
    lang.fill("date.weekday", &[("name", &name), ("day", &date(lang, day))])
}

/// One of the words of a row, counted from 0.
fn nth(words: &'static str, n: i8) -> &'static str {
    usize::try_from(n).ok().and_then(|n| words.split(' ').nth(n)).unwrap_or_default()
}

/// An amount, or a dash where there is none.
pub fn money_or_nothing(money: Option<Money>) -> String {
    money.map_or_else(|| "-".to_owned(), |money| money.to_string())
}
