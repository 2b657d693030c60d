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
    confirm::{Asker, is_exactly, is_typed},
    document::Money,
    exit::{self, Exit, Failure},
    orders::time_left,
    print_json,
    sending::{self, Stay},
    session::Session,
};
use crate::{
    atlas,
    config::Settings,
    desk::case::Case,
    domain::{
        draft::{Draft, Field},
        method::PaymentMethod,
        money::Money as Amount,
        payable::{self, Obstacle},
        payment::{Means, Payment},
    },
    lang::{Lang, words},
};

/// A card object is a few hundred bytes.
const LONGEST_CARD: usize = 8 * 1024;

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
        && let Some(ceiling) = Draft::default_ceiling(&session.situation(&case))
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
    check_amount(lang, args.confirm_amount.as_deref(), payment.amount)?;
    if args.dry_run {
        return dry_run(lang, args, &payment, &warnings);
    }
    if let Some(asker) = &mut asker {
        let summary = summary(lang, settings, &session, &case, &payment);
        if !is_typed(&asker.ask(&summary)?, payment.amount) {
            return Err(refused(lang, "not_confirmed", "pay.not_confirmed", "pay.nothing_sent"));
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

pub(super) fn refused(lang: Lang, code: &str, message: &'static str, advice: &'static str) -> Failure {
    Failure::new(Exit::Refused, code, lang.text(message), lang.text(advice))
}

/// The card, read into memory that is wiped when this returns. Never quoted in an error.
pub(super) fn card_from_stdin(method: PaymentMethod) -> Result<Draft, Failure> {
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
pub(super) fn against(lang: Lang, obstacles: &[Obstacle]) -> Failure {
    let blocking: Vec<&Obstacle> = obstacles.iter().filter(|obstacle| !obstacle.is_warning()).collect();
    let Some(first) = blocking.first() else {
        return refused(lang, "amount_unknown", "pay.amount_unknown", "pay.nothing_sent");
    };
    let reasons: Vec<String> =
        blocking.iter().map(|obstacle| words::obstacle_reason(lang, obstacle)).collect();
    Failure::new(Exit::Refused, first.code(), reasons.join("; "), words::obstacle_mend(lang, first))
}

/// `--confirm-amount` must be what the server just gave, wherever it is given.
pub(super) fn check_amount(lang: Lang, confirmed: Option<&str>, due: Amount) -> Result<(), Failure> {
    match confirmed {
        Some(confirmed) if !is_exactly(confirmed, due) => {
            let message = lang.fill("pay.other_amount", &[("due", &due), ("confirmed", &confirmed)]);
            Err(Failure::new(Exit::Refused, "amount_changed", message, lang.text("pay.nothing_sent")))
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
    if let Means::Vcc { ceiling: Some(ceiling), .. } = &payment.means {
        line("pay.ceiling_line", ceiling);
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
