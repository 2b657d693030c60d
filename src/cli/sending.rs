//! The send of an authorised payment by a command: handed to the desk, and followed until its outcome is known.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde::Serialize;
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP},
    low_level::emulate_default_handler,
};

use super::{
    exit::{self, Charged, Exit, Failure},
    output::print_json,
    session::{Seen, Session, desk_ended},
};
use crate::{
    desk::hub::{Command, CommandId, NotBegun, Reply},
    domain::{
        attempt::{Attempt, AttemptId, State},
        order::OrderNo,
        payment::Payment,
        subject::Subject,
    },
    export::document::Money,
    lang::{Lang, reason::Reason, words},
};

/// Between two looks at whether the operator wants to leave.
pub(super) const LOOK_UP: Duration = Duration::from_millis(250);

/// What is paid, and how long a command stays with it.
pub(super) struct Stay {
    /// The order.
    pub(super) order: OrderNo,
    /// The order that it was made from, when this is a recovery.
    pub(super) original: Option<OrderNo>,
    /// How long to ask for an outcome that stays unknown.
    pub(super) wait: Duration,
    /// Go on until ticketed or cancelled.
    pub(super) follow: bool,
    /// One JSON document on standard output.
    pub(super) json: bool,
}

/// Hands the payment to the desk, and follows the attempt.
pub(super) fn send(stay: &Stay, lang: Lang, mut session: Session, payment: Payment) -> Result<Exit, Failure> {
    let id = AttemptId::generate();
    let (method, card, amount) = (payment.means.method(), payment.means.masked_card(), payment.amount);
    let wishes = Wishes::default();
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&wishes.to_leave))?;
    }
    signal_hook::flag::register(SIGTSTP, Arc::clone(&wishes.to_stop))?;
    let asked = session.ask(Command::Pay { id, payment: Box::new(payment) });
    follow(stay, lang, &mut session, id, asked, &wishes);
    // In flight or not: the desk ends only when the outcome of the send is on disk.
    let seen = session.leave();
    if let Some(Reply::NotTaken) = seen.reply(asked) {
        return Err(desk_ended());
    }
    if let Some(Reply::NotBegun { reason, .. }) = seen.reply(asked) {
        if let NotBegun::Blocked(holder) = reason
            && (holder.state.is_doubtful() || holder.state == State::Claimed)
        {
            // Nothing was sent by us; what another program sends just now may well charge.
            return Err(exit::unsettled(lang, holder));
        }
        let message = words::not_begun(lang, reason);
        let failure = Failure::new(Exit::Refused, "not_begun", message, lang.text("pay.nothing_sent"));
        return Err(failure.about(lang, what_hinders(reason)));
    }
    let state = attempt(&seen, stay, id).map_or(State::Sending, |attempt| attempt.state.clone());
    let (exit, charged) = exit::of_attempt(&state);
    let advice = words::attempt_advice(lang, &state);
    // Whoever was to read this may be gone, or the disk full: the outcome is on disk, and the exit code says it.
    let _unheard = if stay.json {
        print_json(&Ending {
            order_no: stay.order,
            original_order_no: stay.original,
            payment_method: method.word(),
            amount: amount.into(),
            card: card.map(|card| card.to_string()),
            attempt_id: id.to_string(),
            outcome: outcome_word(&state),
            state: state.word(),
            charged,
            status: state.vendor_status(),
            advice,
            reasons: Reason::of_attempt(lang, &state).into_iter().collect(),
            ticketed: state == State::Ticketed,
        })
        .is_ok()
    } else {
        let advice = if advice.is_empty() { advice } else { format!("\n  {advice}") };
        writeln!(io::stdout(), "{}  {amount}  {}{advice}", stay.order, words::attempt_state(lang, &state))
            .is_ok()
    };
    Ok(exit)
}

/// What signals asked for meanwhile. A payment that was sent goes on, so each is asked for twice before it is done.
#[derive(Default)]
struct Wishes {
    to_leave: Arc<AtomicBool>,
    to_stop: Arc<AtomicBool>,
}

fn what_hinders(reason: &NotBegun) -> Subject {
    match reason {
        NotBegun::Blocked(_) | NotBegun::Regenerated(_) => Subject::OrderNo,
        NotBegun::Closed(closed) => exit::about_closed(closed),
    }
}

/// Says something while money may be moving: if nobody can read it, nothing else comes of that.
pub(super) fn tell(text: &str) {
    let _unheard = writeln!(io::stderr(), "{text}");
}

/// The result for `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ending {
    order_no: OrderNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_order_no: Option<OrderNo>,
    payment_method: &'static str,
    amount: Money,
    card: Option<String>,
    attempt_id: String,
    outcome: &'static str,
    state: &'static str,
    charged: Charged,
    status: Option<i64>,
    advice: String,
    reasons: Vec<Reason>,
    ticketed: bool,
}

fn outcome_word(state: &State) -> &'static str {
    match (exit::of_attempt(state).0, state) {
        (Exit::Done, _) => "accepted",
        (_, State::NotSent(_)) => "notSent",
        (Exit::Refused, _) => "rejected",
        _ => "unknown",
    }
}

/// What following does in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Nothing more comes, or nothing more was asked for.
    Stop,
    /// Wait: the client's own time-outs end it, or the vendor does.
    Wait,
    /// The desk asks about a doubt: wait for so long as was said.
    WaitAWhile,
}

fn next(state: Option<&State>, follow: bool) -> Next {
    match state {
        None | Some(State::Claimed | State::Sending) => Next::Wait,
        Some(State::Accepted | State::Paid | State::InDoubt(_) | State::Refused(_)) if follow => Next::Wait,
        Some(State::InDoubt(_) | State::Refused(_)) => Next::WaitAWhile,
        Some(_) => Next::Stop,
    }
}

/// Stays until the attempt is decided, the patience with a doubt is over, or the operator insists on leaving.
fn follow(stay: &Stay, lang: Lang, session: &mut Session, id: AttemptId, asked: CommandId, wishes: &Wishes) {
    let is_over = |seen: &Seen| {
        matches!(seen.reply(asked), Some(Reply::NotBegun { .. } | Reply::NotTaken | Reply::Ended))
    };
    let mut doubt_since = None;
    let mut said = None;
    let (mut warned, mut warned_of_stop) = (false, false);
    loop {
        let state = attempt(&session.seen, stay, id).map(|attempt| attempt.state.clone());
        if session.seen.ended || is_over(&session.seen) {
            return;
        }
        if state != said
            && let Some(state) = &state
        {
            tell(&words::attempt_state(lang, state));
        }
        match next(state.as_ref(), stay.follow) {
            Next::Stop => return,
            Next::Wait => doubt_since = None,
            Next::WaitAWhile => {
                let since = *doubt_since.get_or_insert_with(Instant::now);
                if since.elapsed() >= stay.wait {
                    return;
                }
            }
        }
        if wishes.to_stop.swap(false, Ordering::Relaxed) {
            tell(lang.text(if warned_of_stop { "pay.stopped" } else { "pay.stop_again" }));
            if warned_of_stop {
                let _on_failure_it_goes_on = emulate_default_handler(SIGTSTP);
            }
            warned_of_stop = !warned_of_stop;
        }
        if wishes.to_leave.swap(false, Ordering::Relaxed) {
            if warned {
                return;
            }
            warned = true;
            tell(lang.text("pay.already_sent"));
        }
        said.clone_from(&state);
        session.wait_for(LOOK_UP, |seen| {
            let changed = attempt(seen, stay, id).map(|attempt| &attempt.state) != state.as_ref();
            (changed || is_over(seen)).then_some(())
        });
    }
}

fn attempt<'a>(seen: &'a Seen, stay: &Stay, id: AttemptId) -> Option<&'a Attempt> {
    seen.cases.get(&stay.order)?.lineage.attempt(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::attempt::{Doubt, NotSent};

    #[test]
    fn waiting_ends_when_nothing_more_can_come() {
        let check = |state: Option<State>, plain: Next, follow: Next| {
            assert_eq!(
                (next(state.as_ref(), false), next(state.as_ref(), true)),
                (plain, follow),
                "{state:?}"
            );
        };
        check(None, Next::Wait, Next::Wait);
        check(Some(State::Claimed), Next::Wait, Next::Wait);
        check(Some(State::Sending), Next::Wait, Next::Wait);
        check(Some(State::Accepted), Next::Stop, Next::Wait);
        check(Some(State::Paid), Next::Stop, Next::Wait);
        check(Some(State::InDoubt(Doubt::NoAnswer)), Next::WaitAWhile, Next::Wait);
        check(Some(State::Refused(412)), Next::WaitAWhile, Next::Wait);
        check(Some(State::Ticketed), Next::Stop, Next::Stop);
        check(Some(State::Reversed), Next::Stop, Next::Stop);
        check(Some(State::Conflict), Next::Stop, Next::Stop);
        check(Some(State::PaidElsewhere), Next::Stop, Next::Stop);
        check(Some(State::Rejected(401)), Next::Stop, Next::Stop);
        check(Some(State::NotApplied), Next::Stop, Next::Stop);
        check(Some(State::NotSent(NotSent::Interrupted)), Next::Stop, Next::Stop);
    }

    #[test]
    fn the_outcome_is_one_of_four_words() {
        let check = |state: State, word: &str| assert_eq!(outcome_word(&state), word, "{state:?}");
        check(State::Ticketed, "accepted");
        check(State::Accepted, "accepted");
        check(State::Rejected(401), "rejected");
        check(State::PaidElsewhere, "rejected");
        check(State::NotSent(NotSent::Interrupted), "notSent");
        check(State::InDoubt(Doubt::NoAnswer), "unknown");
        check(State::Reversed, "unknown");
    }
}
