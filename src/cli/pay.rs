//! `paydesk pay`: look, refuse or confirm, send once, and stay until the outcome is known.

use std::{
    fmt::Write as _,
    io::{self, Read},
    time::Duration,
};

use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    args::PayArgs,
    checks::{self, CheckLine},
    confirm::Asker,
    exit::{self, Exit, Failure},
    output::{line, print_json},
    sending::{self, Stay},
    session::{Session, operator, variable},
};
use crate::{
    atlas,
    clock::{Clock, SystemClock},
    config::Settings,
    console::theme::Surroundings,
    domain::{
        case::Case,
        confirmation::{is_exactly, is_typed},
        draft::Draft,
        field::Field,
        method::PaymentMethod,
        money::Money as Amount,
        obstacle::Obstacle,
        order::OrderNo,
        outlay::Outlay,
        payment::{Means, Payment},
        subject::Subject,
    },
    export::{document::Money, story::fee, times::time_left},
    lang::{Lang, reason::Reason, words},
};

/// A card object is a few hundred bytes.
const LONGEST_CARD: usize = 8 * 1024;

/// Pays one order, or says why not.
pub(super) fn run(args: &PayArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    let method = PaymentMethod::from(args.method);
    if *settings.read_only && !args.dry_run {
        return Err(read_only(lang));
    }
    if method.needs_card() != args.card_stdin {
        return Err(card_or_none(lang, args.card_stdin, &method));
    }
    let mut asker = (!args.yes && !args.dry_run).then(|| Asker::open(args.card_stdin)).flatten();
    if asker.is_none() && !args.yes && !args.dry_run {
        return Err(nobody_to_ask(lang));
    }
    let is_live = settings.environment.stage.is_live();
    if is_live && args.yes && !args.dry_run && args.confirm_amount.is_none() {
        return Err(unconfirmed(lang, "confirm_amount_needed", "pay.live_yes", "pay.live_yes_mend"));
    }
    let mut draft =
        if args.card_stdin { card_from_stdin(lang, Some(method), args.order)? } else { Draft::new(method) };
    draft.old_payment_seen = args.old_payment_seen;
    if let Some(ip) = args.device_ip {
        draft.set(Field::DeviceIp, &ip.to_string());
    }

    let mut session = Session::open(settings, args.dry_run)?;
    let case = session.inspect(args.order)?;
    if let Some(attempt) = case.lineage.unsettled().filter(|_| !args.dry_run) {
        return Err(exit::unsettled(lang, attempt));
    }
    if method == PaymentMethod::Vcc
        && draft.text(Field::Ceiling).is_empty()
        && let Some(ceiling) = Draft::default_ceiling(&session.payment_context(&case))
    {
        draft.set(Field::Ceiling, &ceiling.whole());
        eprintln!("{}", lang.fill("pay.ceiling", &[("ceiling", &ceiling)]));
    }
    say_owner(lang, &case);
    let obstacles = draft.obstacles(&session.payment_context(&case));
    let warnings = warn(lang, &obstacles);
    let looked_at = if args.dry_run {
        let at = checks::At { work: case.work(), us: &operator(), now: SystemClock.now() };
        checks::of(method, &session.payment_context(&case), &obstacles, at, settings)
    } else {
        Vec::new()
    };
    if !args.json {
        let signs = Surroundings::of(variable).signs_wanted(*settings.signs);
        checks::say(lang, &looked_at, signs);
    }
    let with_checks = |failure| Failure { checks: looked_at.clone().into(), ..failure };
    let payment = draft.into_payment(&session.payment_context(&case));
    let payment = payment.map_err(|refused| with_checks(against(lang, &refused.1)))?;
    check_amount(lang, args.confirm_amount.as_deref(), payment.amount).map_err(with_checks)?;
    if args.dry_run {
        return dry_run(lang, args, &payment, looked_at, warnings);
    }
    if let Some(asker) = &mut asker {
        let summary = summary(lang, settings, &session, &case, &payment);
        if !is_typed(&asker.ask(&summary)?, payment.amount) {
            return Err(unconfirmed(lang, "not_confirmed", "pay.not_confirmed", "pay.nothing_sent"));
        }
    }
    let stay = Stay {
        order: args.order,
        original: None,
        wait: Duration::from_secs(args.wait),
        follow: args.follow,
        json: args.json,
    };
    sending::send(&stay, lang, session, payment)
}

/// Somebody else works on the order: that is said, and hinders nothing.
pub(super) fn say_owner(lang: Lang, case: &Case) {
    let us = operator();
    if let Some(owner) = case.work().owner_at(SystemClock.now()).filter(|owner| *owner.who != *us) {
        eprintln!("{}", lang.fill("pay.owned", &[("order", &case.order.no), ("who", &owner.who)]));
    }
}

/// Nothing is changed by a program that was said to look only.
pub(super) fn read_only(lang: Lang) -> Failure {
    let (message, mend) = (lang.text("pay.read_only"), lang.text("pay.read_only_mend"));
    Failure::new(Exit::Refused, "read_only", message, mend).about(lang, Subject::ReadOnly)
}

/// A card where none is taken, or none where one is.
pub(super) fn card_or_none(lang: Lang, is_given: bool, way: &dyn std::fmt::Display) -> Failure {
    let (message, mend) = if is_given {
        (lang.fill("pay.card_not_wanted", &[("method", way)]), lang.text("pay.card_not_wanted_mend"))
    } else {
        (lang.fill("pay.card_wanted", &[("method", way)]), lang.text("pay.card_wanted_mend"))
    };
    Failure::new(Exit::Usage, "card_input", message, mend).about(lang, Subject::Card)
}

/// Nobody can say yes.
pub(super) fn nobody_to_ask(lang: Lang) -> Failure {
    let (message, mend) = (lang.text("pay.nobody_to_ask"), lang.text("pay.nobody_to_ask_mend"));
    Failure::new(Exit::Usage, "confirmation_needed", message, mend).about(lang, Subject::Confirmation)
}

/// The operator's word is missing.
pub(super) fn unconfirmed(lang: Lang, code: &str, message: &'static str, advice: &'static str) -> Failure {
    Failure::new(Exit::Refused, code, lang.text(message), lang.text(advice))
        .about(lang, Subject::Confirmation)
}

/// The card, read into memory that is wiped when this returns. Never quoted in an error.
pub(super) fn card_from_stdin(
    lang: Lang,
    method: Option<PaymentMethod>,
    order: OrderNo,
) -> Result<Draft, Failure> {
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
    let wrong = |subject, message: String| {
        Failure::new(Exit::Usage, "card_input", message, lang.text("pay.card_input_mend"))
            .about(lang, subject)
    };
    if length > LONGEST_CARD {
        let message = lang.fill("card_input.too_long", &[("bytes", &LONGEST_CARD)]);
        return Err(wrong(Subject::Card, message));
    }
    Draft::from_json(method, order, bytes.get(..length).unwrap_or_default())
        .map_err(|error| wrong(error.subject(), words::card_input(lang, &error)))
}

/// Standard input past the library's own buffer, which nobody would wipe.
fn unbuffered_stdin() -> io::Result<std::fs::File> {
    use std::os::fd::AsFd;
    Ok(std::fs::File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

/// Says on standard error what hinders nothing, and returns it.
pub(super) fn warn(lang: Lang, obstacles: &[Obstacle]) -> Vec<Reason> {
    let warnings: Vec<Reason> = obstacles
        .iter()
        .filter(|obstacle| obstacle.is_warning())
        .map(|warning| Reason::of(lang, warning))
        .collect();
    for warning in &warnings {
        eprintln!("{}", lang.fill("pay.warning", &[("text", &warning.entered_line())]));
    }
    warnings
}

/// What hinders, each with its field.
pub(super) fn reasons(lang: Lang, obstacles: &[Obstacle]) -> Vec<Reason> {
    let blocking = obstacles.iter().filter(|obstacle| !obstacle.is_warning());
    blocking.map(|obstacle| Reason::of(lang, obstacle)).collect()
}

/// Everything that hinders.
pub(super) fn against(lang: Lang, obstacles: &[Obstacle]) -> Failure {
    match reasons(lang, obstacles) {
        reasons if reasons.is_empty() => against(lang, &[Obstacle::AmountUnknown]),
        reasons => Failure::refused(lang, reasons),
    }
}

/// `--confirm-amount` must be what the server just gave, wherever it is given.
pub(super) fn check_amount(lang: Lang, confirmed: Option<&str>, due: Amount) -> Result<(), Failure> {
    match confirmed {
        Some(confirmed) if !is_exactly(confirmed, due) => {
            let message = lang.fill("pay.other_amount", &[("due", &due), ("confirmed", &confirmed)]);
            let failure =
                Failure::new(Exit::Refused, "amount_changed", message, lang.text("pay.nothing_sent"));
            Err(failure.about(lang, Subject::Price))
        }
        _ => Ok(()),
    }
}

/// What the operator must have seen before money moves.
pub(super) fn summary(
    lang: Lang,
    settings: &Settings,
    session: &Session,
    case: &Case,
    payment: &Payment,
) -> String {
    let context = session.payment_context(case);
    let method = payment.means.method();
    let mut text = format!("{}\n", settings.environment.stage);
    let mut line = |key: &'static str, value: &dyn std::fmt::Display| {
        // Writing into a String does not fail.
        let _ = writeln!(
            text,
            "  {}",
            lang.fill("refusal.named", &[("subject", &lang.text(key)), ("reason", value)])
        );
    };
    line("orders.order", &payment.order);
    line("orders.amount", &payment.amount);
    line("pay.method", &words::method(lang, method));
    if let Some(card) = payment.means.masked_card() {
        line("pay.card", &card);
    }
    if let Means::Vcc { ceiling: Some(ceiling), .. } = &payment.means {
        line("pay.ceiling_line", ceiling);
    }
    if let Some(fee) = Outlay::by(method, &case.order).and_then(|outlay| fee(lang, outlay)) {
        line("show.service_fee", &fee);
    }
    if let Some(deadline) = case.order.deadline() {
        line("pay.time_left", &time_left(deadline, context.now));
    }
    match context.balance {
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
    checks: Vec<CheckLine>,
    warnings: Vec<Reason>,
}

fn dry_run(
    lang: Lang,
    args: &PayArgs,
    payment: &Payment,
    checks: Vec<CheckLine>,
    warnings: Vec<Reason>,
) -> Result<Exit, Failure> {
    let body = atlas::pay::masked_body(payment);
    if !args.json {
        eprintln!("{}", lang.fill("pay.would_send", &[("amount", &payment.amount)]));
        line(body)?;
        return Ok(Exit::Done);
    }
    let request = serde_json::value::RawValue::from_string(body).map_err(io::Error::from)?;
    print_json(&Rehearsal {
        dry_run: true,
        order_no: payment.order.to_string(),
        payment_method: payment.means.method().word(),
        amount: payment.amount.into(),
        request: &request,
        checks,
        warnings,
    })
}
