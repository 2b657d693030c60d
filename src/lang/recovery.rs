//! Stories and recovery plans in words.

use super::{
    Lang, baggage,
    template::{fill, snake},
    wire,
    words::{attempt_state, closed, doubt_cause, method, not_sent_cause, status, ticketing_error},
};
use crate::{
    desk::hub::{NotCommitted, NotRegenerated, NotStopped},
    domain::{
        attempt::Decision,
        codes::{self, Baggage, Family},
        committable,
        lineage::Lineage,
        order::Order,
        recovery::{Advice, Never, PaymentPath, StepKind, StepState, Why},
        regenerable::NotNow,
        regeneration::State,
        stop,
        stoppable::{self, Outcome},
        story::{Happening, OperatorAction, What},
        triage::Cause,
    },
};

/// One line of a story, with whose doing it was.
pub fn line(lang: Lang, lineage: &Lineage, line: &Happening) -> String {
    let what = happening(lang, lineage, &line.what);
    match line.by.as_ref().map(|by| by.name()).filter(|name| !name.is_empty()) {
        Some(who) => lang.fill("work.by", &[("what", &what), ("who", &who)]),
        None => what,
    }
}

/// One line of the story of an order of `lineage`, without its time.
pub fn happening(lang: Lang, lineage: &Lineage, what: &What) -> String {
    let say = |word: &str, values: &[(&str, String)]| fill(lang, "story", word, values);
    let code = |error: &Option<crate::domain::text::Text>| {
        error.as_ref().map_or(String::new(), |code| format!(" {code}"))
    };
    match what {
        What::Created => say("created", &[]),
        What::PaidAt => say("paid_at", &[]),
        What::Seen { status: seen, error } => {
            format!("{}{}", say("seen", &[("status", status(lang, *seen).clone())]), code(error))
        }
        What::Attempt { attempt, state } => {
            let number = lineage.number_of(*attempt).unwrap_or_default();
            say("attempt", &[("number", number.to_string()), ("state", attempt_state(lang, state))])
        }
        What::Regeneration(state) => regeneration(lang, state),
        What::Stop(state) => stop(lang, state),
        What::Notified { kind, error, times } => {
            let kind = format!("{kind}{}", code(error));
            let word = if *times > 1 { "told_again" } else { "told" };
            say(word, &[("kind", kind), ("times", times.to_string())])
        }
        What::OperatorAction(action) => match action {
            OperatorAction::Chose { path: chosen, reason: None } => {
                say("chose", &[("route", path(lang, *chosen).to_owned())])
            }
            OperatorAction::Chose { path: chosen, reason: Some(reason) } => say(
                "chose_after",
                &[("route", path(lang, *chosen).to_owned()), ("reason", reason.to_string())],
            ),
            OperatorAction::Decided { decision, note, .. } => {
                say("decided", &[("decision", self::decision(lang, *decision)), ("note", note.to_string())])
            }
            OperatorAction::BaggageLoss(decision) => baggage::happening(lang, decision),
            OperatorAction::GotLink { .. } => say("got_link", &[]),
            OperatorAction::StatedConfirmed => say("stated_confirmed", &[]),
            OperatorAction::Noted(note) => say("noted", &[("note", note.to_string())]),
            OperatorAction::Refused(reason) => say("refused", &[("reason", reason.to_string())]),
            OperatorAction::Registered(url) => say("registered", &[("url", url.to_string())]),
            OperatorAction::Took { .. } => say("took", &[]),
            OperatorAction::TookOver { reason, .. } => say("took_over", &[("reason", reason.to_string())]),
            OperatorAction::Released => say("released", &[]),
            OperatorAction::Snoozed { until, reason } => say(
                "snoozed",
                &[("until", until.strftime("%H:%MZ").to_string()), ("reason", reason.to_string())],
            ),
            OperatorAction::Woken => say("woken", &[]),
            OperatorAction::Handled { .. } => say("handled", &[]),
            OperatorAction::Unhandled => say("unhandled", &[]),
        },
    }
}

fn decision(lang: Lang, decision: Decision) -> String {
    fill(lang, "decision", &snake(decision.word()), &[])
}

/// Where a regeneration stands.
pub fn regeneration(lang: Lang, state: &State) -> String {
    let values = match state {
        State::Made(child) | State::Found(child) => vec![("child", child.to_string())],
        State::InDoubt(doubt) => vec![("cause", doubt_cause(lang, doubt))],
        State::NotSent(reason) => vec![("cause", not_sent_cause(lang, reason))],
        State::Refused(code) => {
            vec![("code", code.to_string()), ("meaning", code_meaning(lang, Family::Regenerate, *code))]
        }
        State::Sending | State::NotMade => Vec::new(),
    };
    fill(lang, "regeneration", &snake(state.word()), &values)
}

/// Where a request to stop issuance stands.
pub fn stop(lang: Lang, state: &stop::State) -> String {
    use stop::State;
    let values = match state {
        State::InDoubt(doubt) => vec![("cause", doubt_cause(lang, doubt))],
        State::NotSent(reason) => vec![("cause", not_sent_cause(lang, reason))],
        State::Refused(code) => {
            vec![("code", code.to_string()), ("meaning", code_meaning(lang, Family::Stop, *code))]
        }
        State::Sending | State::Asked => Vec::new(),
    };
    fill(lang, "stop", &snake(state.word()), &values)
}

/// What is known of stopping an order.
pub fn stop_outcome(lang: Lang, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Working(_) => lang.text("stop_outcome.working").to_owned(),
        Outcome::Unanswered(_) => lang.text("stop_outcome.unanswered").to_owned(),
        Outcome::Stopped => lang.text("stop_outcome.stopped").to_owned(),
        Outcome::TooLate => lang.text("stop_outcome.too_late").to_owned(),
        Outcome::Refused(code) => stop(lang, &stop::State::Refused(*code)),
        Outcome::NotSent(reason) => stop(lang, &stop::State::NotSent(reason.clone())),
    }
}

/// Why the vendor was not asked to stop.
pub fn not_stopped(lang: Lang, reason: &NotStopped) -> String {
    let say = |word: &str, values: &[(&str, String)]| fill(lang, "not_stopped", word, values);
    let reason = match reason {
        NotStopped::NotNow(stoppable::NotNow::Ticketed) => say("ticketed", &[]),
        NotStopped::NotNow(stoppable::NotNow::NotTicketing(seen)) => {
            say("not_ticketing", &[("status", status(lang, *seen))])
        }
        NotStopped::NotNow(stoppable::NotNow::Working(_)) => say("working", &[]),
        NotStopped::Unanswered(error) => say("unanswered", &[("error", wire::read_error(lang, error))]),
        NotStopped::Closed(reason) => closed(lang, "not_stopped", reason),
    };
    say("said", &[("reason", reason)])
}

/// Why there is no link, or nothing was said of one.
pub fn not_committed(lang: Lang, reason: &NotCommitted) -> String {
    let say = |word: &str, values: &[(&str, String)]| fill(lang, "not_committed", word, values);
    match reason {
        NotCommitted::NotNow(committable::NotNow::NotSeen) => say("not_seen", &[]),
        NotCommitted::NotNow(committable::NotNow::NotWanted) => say("not_wanted", &[]),
        NotCommitted::NotNow(committable::NotNow::NotPayable(seen)) => {
            say("not_payable", &[("status", status(lang, *seen))])
        }
        NotCommitted::NotNow(committable::NotNow::Gone) => say("gone", &[]),
        NotCommitted::NotNow(committable::NotNow::NoLink) => say("no_link", &[]),
        NotCommitted::NotNow(committable::NotNow::Expired) => say("expired", &[]),
        NotCommitted::Refused(code) => {
            let (meaning, mend) =
                (code_meaning(lang, Family::Commit, *code), code_advice(lang, Family::Commit, *code));
            say("refused", &[("code", code.to_string()), ("meaning", meaning), ("mend", mend)])
        }
        NotCommitted::NotSent(reason) => say("not_sent", &[("cause", not_sent_cause(lang, reason))]),
        NotCommitted::Unanswered(doubt) => say("unanswered", &[("cause", doubt_cause(lang, doubt))]),
        NotCommitted::Closed(reason) => closed(lang, "not_committed", reason),
    }
}

/// What an answer of the vendor's means.
pub fn code_meaning(lang: Lang, family: Family, code: i64) -> String {
    codes::words(family, code)
        .map_or(lang.text("advice.unknown_code"), |code| lang.pick(&code.meaning.en, &code.meaning.zh))
        .to_owned()
}

/// What to do about it.
pub fn code_advice(lang: Lang, family: Family, code: i64) -> String {
    codes::words(family, code)
        .map_or(lang.text("advice.query_first"), |code| lang.pick(&code.advice.en, &code.advice.zh))
        .to_owned()
}

/// A way to get the booking paid.
pub fn path(lang: Lang, path: PaymentPath) -> &'static str {
    lang.text(match path {
        PaymentPath::SameCard => "route.same_card",
        PaymentPath::OtherCard => "route.other_card",
        PaymentPath::Deposit => "route.deposit",
        PaymentPath::Account => "route.account",
        PaymentPath::NewDeposit => "route.new_deposit",
        PaymentPath::NewCard => "route.new_card",
        PaymentPath::NewAccount => "route.new_account",
        PaymentPath::StopIssuance => "route.stop_issuance",
        PaymentPath::Stop => "route.stop",
    })
}

/// Why a way is closed.
pub fn why(lang: Lang, why: &Why) -> String {
    fill(lang, "why", why.code(), &why_values(lang, why))
}

/// What opens a closed way, or what to do instead.
pub fn why_mend(lang: Lang, why: &Why) -> String {
    fill(lang, "why_mend", why.code(), &why_values(lang, why))
}

fn why_values(lang: Lang, why: &Why) -> Vec<(&'static str, String)> {
    match why {
        Why::AttemptOpen(state) => vec![("state", attempt_state(lang, state))],
        Why::ChildNotSeen(order) | Why::ChildClosed(order) => vec![("order", order.short())],
        Why::BalanceShort(amount) => vec![("amount", amount.to_string())],
        _ => Vec::new(),
    }
}

/// What became of the payment.
pub fn cause(lang: Lang, cause: &Cause, order: &Order) -> String {
    let (word, values) = match cause {
        Cause::Unpaid => ("unpaid", Vec::new()),
        Cause::NotSent => ("not_sent", Vec::new()),
        Cause::DidNotHappen { .. } => ("did_not_happen", Vec::new()),
        Cause::Refused(code) => {
            let meaning = super::words::pay_meaning(lang, *code);
            ("refused", vec![("code", code.to_string()), ("meaning", meaning)])
        }
        Cause::Unsettled(state) => ("unsettled", vec![("state", attempt_state(lang, state))]),
        Cause::Ticketing { .. } => ("ticketing", Vec::new()),
        Cause::Baggage(what) => {
            let word = match what {
                Baggage::Loss => "baggage_loss",
                Baggage::CannotBeBought => "baggage_cannot_be_bought",
            };
            let code = order.ticketing_error.as_ref().map(|error| error.code.to_string());
            (word, vec![("code", code.unwrap_or_default())])
        }
        Cause::Ticketed => ("ticketed", Vec::new()),
        Cause::Lapsed => ("lapsed", Vec::new()),
        Cause::Cancelled(_) => match &order.ticketing_error {
            None => ("cancelled", Vec::new()),
            Some(error) => {
                let meaning = ticketing_error(lang, &error.code)
                    .map_or(lang.text("advice.unknown_code"), |(meaning, _)| meaning);
                ("cancelled_code", vec![("code", error.code.to_string()), ("meaning", meaning.to_owned())])
            }
        },
        Cause::Regenerating => ("regenerating", Vec::new()),
        Cause::Regenerated(child) => ("regenerated", vec![("order", child.to_string())]),
        Cause::Gone => ("gone", Vec::new()),
        Cause::Unclear => ("unclear", Vec::new()),
    };
    fill(lang, "happened", word, &values)
}

/// What to do.
pub fn advice(lang: Lang, advice: Advice) -> &'static str {
    lang.text(match advice {
        Advice::Pay => "advise.pay",
        Advice::WaitAndAsk => "advise.wait_and_ask",
        Advice::Investigate => "advise.investigate",
        Advice::AskSupport => "advise.ask_support",
        Advice::StopTicketing => "advise.stop_ticketing",
        Advice::WaitForStop => "advise.wait_for_stop",
        Advice::MendAndSameCard => "advise.mend_and_same_card",
        Advice::CheckBalance => "advise.check_balance",
        Advice::TopUp => "advise.top_up",
        Advice::CheckAccess => "advise.check_access",
        Advice::ConfirmTraveller => "advise.confirm_traveller",
        Advice::FindOtherBooking => "advise.find_other_booking",
        Advice::BookAnew => "advise.book_anew",
        Advice::VerifyAnew => "advise.verify_anew",
        Advice::Take(way) => return path(lang, way),
        Advice::RecoverNewOrder => "advise.recover_new_order",
        Advice::DecideBaggageLoss => "advise.decide_baggage_loss",
        Advice::CancelAtVendor => "advise.cancel_at_vendor",
        Advice::Done => "advise.done",
    })
}

/// What must not be done.
pub fn never(lang: Lang, never: &Never) -> String {
    let (word, values) = match never {
        Never::Pay => ("pay", Vec::new()),
        Never::PayOrder(order) => ("pay_order", vec![("order", order.short())]),
        Never::Card(card) => ("card", vec![("card", card.to_string())]),
        Never::DeclinedCard => ("declined_card", Vec::new()),
        Never::Method(by) => ("method", vec![("method", method(lang, *by).to_owned())]),
        Never::RegenerateAgain => ("regenerate_again", Vec::new()),
        Never::Regenerate => ("regenerate", Vec::new()),
        Never::RegenerateBlindly => ("regenerate_blindly", Vec::new()),
        Never::BeforeQuery => ("before_query", Vec::new()),
        Never::BeforeConfirmation => ("before_confirmation", Vec::new()),
        Never::MoreRetries => ("more_retries", Vec::new()),
    };
    fill(lang, "never", word, &values)
}

/// A step.
pub fn step(lang: Lang, kind: StepKind) -> &'static str {
    lang.text(match kind {
        StepKind::Ask => "step.ask",
        StepKind::Regenerate => "step.regenerate",
        StepKind::Compare => "step.compare",
        StepKind::Pay => "step.pay",
        StepKind::Follow => "step.follow",
        StepKind::Stop => "step.stop",
        StepKind::FollowStop => "step.follow_stop",
    })
}

/// How far a step is.
pub fn step_state(lang: Lang, state: StepState) -> &'static str {
    lang.text(match state {
        StepState::Done => "step_state.done",
        StepState::Yours => "step_state.yours",
        StepState::Running => "step_state.running",
        StepState::Later => "step_state.later",
        StepState::Stuck => "step_state.stuck",
    })
}

/// Why no new order was asked for.
pub fn not_regenerated(lang: Lang, reason: &NotRegenerated) -> String {
    let say = |word: &str, values: &[(&str, String)]| fill(lang, "not_regenerated", word, values);
    let reason = match reason {
        NotRegenerated::NotNow(NotNow::Already(child)) => say("already", &[("order", child.to_string())]),
        NotRegenerated::NotNow(NotNow::InDoubt) => why(lang, &Why::Regenerating),
        NotRegenerated::NotNow(NotNow::StillPayable) => why(lang, &Why::StillPayable),
        NotRegenerated::NotNow(NotNow::ClockInDoubt) => why(lang, &Why::ClockInDoubt),
        NotRegenerated::NotNow(NotNow::NotAllSeen) => why(lang, &Why::NotAllSeen),
        NotRegenerated::NotNow(NotNow::SaidOnce) => why(lang, &Why::SaidOnce),
        NotRegenerated::NotNow(NotNow::Gone) => why(lang, &Why::Gone),
        NotRegenerated::NotNow(NotNow::Alive) => why(lang, &Why::Paid),
        NotRegenerated::NotNow(NotNow::Unclear) => why(lang, &Why::Unclear),
        NotRegenerated::NotNow(NotNow::TooOld) => why(lang, &Why::TooOld),
        NotRegenerated::NotNow(NotNow::AttemptOpen(state)) => why(lang, &Why::AttemptOpen(state.clone())),
        NotRegenerated::ByAnother(_) => say("by_another", &[]),
        NotRegenerated::Unanswered(error) => say("unanswered", &[("error", wire::read_error(lang, error))]),
        NotRegenerated::Closed(reason) => closed(lang, "not_regenerated", reason),
    };
    say("said", &[("reason", reason)])
}
