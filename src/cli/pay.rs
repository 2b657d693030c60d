//! `paydesk pay`: look, refuse or confirm, send once, and stay until the outcome is known.

use std::{
    fmt::Write as _,
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    args::PayArgs,
    confirm::{Asker, is_exactly, is_typed},
    document::Money,
    exit::{self, Charged, Exit, Failure},
    orders::time_left,
    print_json,
    session::{Seen, Session},
};
use crate::{
    atlas,
    config::Settings,
    desk::{case::Case, handle::Command},
    domain::{
        attempt::{Attempt, AttemptId, State},
        draft::{Draft, Field},
        method::PaymentMethod,
        payable::{self, Obstacle},
        payment::Payment,
    },
    lang::{Lang, words},
};

/// A card object is a few hundred bytes.
const LONGEST_CARD: usize = 8 * 1024;

/// Between two looks at whether the operator wants to leave.
const LOOK_UP: Duration = Duration::from_millis(250);

/// Pays one order, or says why not.
pub(super) fn run(args: &PayArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    let method = PaymentMethod::from(args.method);
    if *settings.read_only && !args.dry_run {
        return Err(refused(lang, "read_only", "pay.read_only", "pay.read_only_mend"));
    }
    if method.needs_card() != args.card_stdin {
        let key = if args.card_stdin { "pay.card_not_wanted" } else { "pay.card_wanted" };
        let message = lang.fill(key, &[("method", &method)]);
        return Err(Failure::new(Exit::Usage, "card_input", message, ""));
    }
    let mut asker = (!args.yes && !args.dry_run).then(|| Asker::open(args.card_stdin)).flatten();
    if asker.is_none() && !args.yes && !args.dry_run {
        let (message, mend) = (lang.text("pay.nobody_to_ask"), lang.text("pay.nobody_to_ask_mend"));
        return Err(Failure::new(Exit::Usage, "confirmation_needed", message, mend));
    }
    let is_live = settings.environment.stage.is_live();
    if is_live && args.yes && !args.dry_run && args.confirm_amount.is_none() {
        return Err(refused(lang, "confirm_amount_needed", "pay.live_yes", "pay.live_yes_mend"));
    }
    let mut draft = if args.card_stdin { card_from_stdin(method)? } else { Draft::new(method) };
    draft.traveller_confirmed = args.traveller_confirmed;
    if let Some(ip) = args.device_ip {
        draft.set(Field::DeviceIp, &ip.to_string());
    }

    let mut session = Session::open(settings, args.dry_run)?;
    let case = session.inspect(args.order)?;
    if method == PaymentMethod::Vcc
        && draft.text(Field::Ceiling).is_empty()
        && let Some(ceiling) = Draft::default_ceiling(&case.order)
    {
        draft.set(Field::Ceiling, &ceiling.whole());
        eprintln!("{}", lang.fill("pay.ceiling", &[("ceiling", &ceiling)]));
    }
    let warnings: Vec<Obstacle> =
        draft.obstacles(&session.situation(&case)).into_iter().filter(Obstacle::is_warning).collect();
    for warning in &warnings {
        eprintln!("{}", lang.fill("pay.warning", &[("text", &words::obstacle_reason(lang, warning))]));
    }
    let payment = match draft.into_payment(&session.situation(&case)) {
        Ok(payment) => payment,
        Err(refused) => return Err(against(lang, &refused.1)),
    };
    check_amount(lang, args, &payment)?;
    if args.dry_run {
        return dry_run(lang, args, &payment, &warnings);
    }
    if let Some(asker) = &mut asker {
        let summary = summary(lang, settings, &session, &case, &payment);
        if !is_typed(&asker.ask(&summary)?, payment.amount) {
            return Err(refused(lang, "not_confirmed", "pay.not_confirmed", "pay.nothing_sent"));
        }
    }
    send(args, lang, session, payment)
}

fn refused(lang: Lang, code: &str, message: &'static str, advice: &'static str) -> Failure {
    Failure::new(Exit::Refused, code, lang.text(message), lang.text(advice))
}

/// The card, read into memory that is wiped when this returns. Never quoted in an error.
fn card_from_stdin(method: PaymentMethod) -> Result<Draft, Failure> {
    // Of full size from the start: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(vec![0; LONGEST_CARD + 1]);
    let mut stdin = unbuffered_stdin()?;
    let mut length = 0;
    while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match stdin.read(rest)? {
            0 => break,
            read => length += read,
        }
    }
    let wrong = |message: String| Failure::new(Exit::Usage, "card_input", message, "");
    if length > LONGEST_CARD {
        return Err(wrong(format!("standard input holds more than {LONGEST_CARD} bytes, which is no card")));
    }
    Draft::from_json(method, bytes.get(..length).unwrap_or_default())
        .map_err(|error| wrong(error.to_string()))
}

/// Standard input past the library's own buffer, which nobody would wipe.
fn unbuffered_stdin() -> io::Result<std::fs::File> {
    use std::os::fd::AsFd;
    Ok(std::fs::File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

/// The first obstacle decides; the others are told too.
fn against(lang: Lang, obstacles: &[Obstacle]) -> Failure {
    let blocking: Vec<&Obstacle> = obstacles.iter().filter(|obstacle| !obstacle.is_warning()).collect();
    let Some(first) = blocking.first() else {
        return refused(lang, "amount_unknown", "pay.amount_unknown", "pay.nothing_sent");
    };
    let reasons: Vec<String> =
        blocking.iter().map(|obstacle| words::obstacle_reason(lang, obstacle)).collect();
    Failure::new(Exit::Refused, first.code(), reasons.join("; "), words::obstacle_mend(lang, first))
}

/// `--confirm-amount` must be what the server just gave, wherever it is given.
fn check_amount(lang: Lang, args: &PayArgs, payment: &Payment) -> Result<(), Failure> {
    match &args.confirm_amount {
        Some(confirmed) if !is_exactly(confirmed, payment.amount) => {
            let message =
                lang.fill("pay.other_amount", &[("due", &payment.amount), ("confirmed", confirmed)]);
            Err(Failure::new(Exit::Refused, "amount_changed", message, lang.text("pay.nothing_sent")))
        }
        _ => Ok(()),
    }
}

/// What the operator must have seen before money moves.
fn summary(lang: Lang, settings: &Settings, session: &Session, case: &Case, payment: &Payment) -> String {
    let situation = session.situation(case);
    let method = payment.means.method();
    let mut text = format!("{}\n", settings.environment.stage);
    let mut line = |key: &'static str, value: &dyn std::fmt::Display| {
        // Writing into a String does not fail.
        let _ = writeln!(text, "  {}: {value}", lang.text(key));
    };
    line("orders.order", &payment.order);
    line("orders.amount", &payment.amount);
    line("pay.method", &words::method(lang, method));
    if let Some(card) = payment.means.masked_card() {
        line("pay.card", &card);
    }
    if let Some(fee) = payable::service_fee_due(method, &case.order) {
        line("show.service_fee", &fee);
    }
    if let Some(deadline) = case.order.deadline() {
        line("pay.time_left", &time_left(deadline, situation.now));
    }
    match situation.balance {
        Some(balance) => line("pay.balance", &balance),
        None => line("pay.balance", &lang.text("pay.unknown")),
    }
    text + &lang.fill("pay.type_amount", &[("amount", &payment.amount.whole())])
}

/// What `--dry-run --json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rehearsal<'a> {
    dry_run: bool,
    order_no: String,
    payment_method: &'static str,
    amount: Money,
    request: &'a serde_json::value::RawValue,
    warnings: Vec<&'static str>,
}

fn dry_run(lang: Lang, args: &PayArgs, payment: &Payment, warnings: &[Obstacle]) -> Result<Exit, Failure> {
    let body = atlas::pay::masked_body(payment);
    if !args.json {
        eprintln!("{}", lang.fill("pay.would_send", &[("amount", &payment.amount)]));
        println!("{body}");
        return Ok(Exit::Done);
    }
    let request = serde_json::value::RawValue::from_string(body).map_err(io::Error::from)?;
    print_json(&Rehearsal {
        dry_run: true,
        order_no: payment.order.to_string(),
        payment_method: payment.means.method().word(),
        amount: payment.amount.into(),
        request: &request,
        warnings: warnings.iter().map(Obstacle::code).collect(),
    })
}

/// Hands the payment to the desk, and follows the attempt.
fn send(args: &PayArgs, lang: Lang, mut session: Session, payment: Payment) -> Result<Exit, Failure> {
    let id = AttemptId::generate();
    let (method, card, amount) = (payment.means.method(), payment.means.masked_card(), payment.amount);
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
    }
    session.send(Command::Pay { id, payment: Box::new(payment) })?;
    follow(args, lang, &mut session, id, &interrupted);
    // In flight or not: the desk ends only when the outcome of the send is on disk.
    let seen = session.leave();
    if let Some(reason) = seen.not_begun(id) {
        let message = words::not_begun(lang, reason);
        return Err(Failure::new(Exit::Refused, "not_begun", message, lang.text("pay.nothing_sent")));
    }
    let state = attempt(&seen, args, id).map_or(State::Sending, |attempt| attempt.state.clone());
    let (exit, charged) = exit::of_attempt(&state);
    let advice = words::attempt_advice(lang, &state);
    if args.json {
        print_json(&Ending {
            order_no: args.order.to_string(),
            payment_method: method.word(),
            amount: amount.into(),
            card: card.map(|card| card.to_string()),
            attempt_id: id.to_string(),
            outcome: outcome_word(&state),
            state: state.word(),
            charged,
            status: exit::vendor_status(&state),
            advice,
            ticketed: state == State::Ticketed,
        })?;
    } else {
        println!("{}  {amount}  {}", args.order, words::attempt_state(lang, &state));
        if !advice.is_empty() {
            println!("  {advice}");
        }
    }
    Ok(exit)
}

/// The result for `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ending {
    order_no: String,
    payment_method: &'static str,
    amount: Money,
    card: Option<String>,
    attempt_id: String,
    outcome: &'static str,
    state: &'static str,
    charged: Charged,
    status: Option<i64>,
    advice: String,
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
fn follow(args: &PayArgs, lang: Lang, session: &mut Session, id: AttemptId, interrupted: &AtomicBool) {
    let mut doubt_since = None;
    let mut told = None;
    let mut warned = false;
    loop {
        let state = attempt(&session.seen, args, id).map(|attempt| attempt.state.clone());
        if session.seen.ended || session.seen.not_begun(id).is_some() {
            return;
        }
        if state != told
            && let Some(state) = &state
        {
            eprintln!("{}", words::attempt_state(lang, state));
        }
        match next(state.as_ref(), args.follow) {
            Next::Stop => return,
            Next::Wait => doubt_since = None,
            Next::WaitAWhile => {
                let since = *doubt_since.get_or_insert_with(Instant::now);
                if since.elapsed() >= Duration::from_secs(args.wait) {
                    return;
                }
            }
        }
        if interrupted.swap(false, Ordering::Relaxed) {
            if warned {
                return;
            }
            warned = true;
            eprintln!("{}", lang.text("pay.already_sent"));
        }
        told.clone_from(&state);
        session.wait_for(LOOK_UP, |seen| {
            let changed = attempt(seen, args, id).map(|attempt| &attempt.state) != state.as_ref();
            (changed || seen.not_begun(id).is_some()).then_some(())
        });
    }
}

fn attempt<'a>(seen: &'a Seen, args: &PayArgs, id: AttemptId) -> Option<&'a Attempt> {
    seen.cases.get(&args.order)?.attempts.iter().find(|attempt| attempt.id == id)
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
        check(State::NotSent(NotSent::NoConnection(String::new())), "notSent");
        check(State::InDoubt(Doubt::NoAnswer), "unknown");
        check(State::Reversed, "unknown");
    }
}
