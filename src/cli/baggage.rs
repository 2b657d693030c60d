//! `paydesk baggage`: look, say what either choice does, ask, send once, and stay until an answer shows what came of it.

use std::{fmt::Write as _, io, io::Write as _, sync::Arc, time::Duration};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    args::BaggageArgs,
    confirm::Asker,
    exit::{self, Charged, Exit, Failure},
    output::print_json,
    pay,
    sending::tell,
    session::{PATIENCE, Seen, Session, desk_ended},
};
use crate::{
    atlas::Endpoint,
    config::Settings,
    desk::hub::{Command, LossNotDecided, Reply},
    domain::{
        attempt::NotSent,
        baggage::{
            decision::{AcceptanceId, Called, Decision},
            trouble::{NotNow, Trouble},
        },
        case::Case,
        codes::Baggage,
        order::{OrderNo, OrderStatus},
        story::{OperatorAction, What},
        subject::Subject,
    },
    export::times::local,
    lang::{Lang, baggage as baggage_words, words},
};

/// Decides about the loss on one order, or says why not.
pub(super) fn run(args: &BaggageArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    if *settings.read_only {
        return Err(pay::read_only(lang));
    }
    let mut asker = (!args.yes).then(|| Asker::open(false)).flatten();
    if asker.is_none() && !args.yes {
        return Err(pay::nobody_to_ask(lang));
    }
    let mut session = Session::open(settings, false)?;
    let case = session.inspect(args.order)?;
    let trouble = case.baggage().ok_or_else(|| not_decided(lang, &LossNotDecided::NotNow(NotNow::NoLoss)))?;
    if trouble.what == Baggage::CannotBeBought {
        return Err(not_decided(lang, &LossNotDecided::NotNow(NotNow::CannotBeBought)));
    }
    if let Some(asker) = &mut asker {
        let typed = asker.ask(&summary(args, settings, &case, &trouble))?;
        if !args.order.is_tail(typed.trim()) {
            return Err(pay::unconfirmed(lang, "not_confirmed", "baggage.wrong_tail", "pay.nothing_sent"));
        }
    }
    let command = Command::BaggageLoss { order: args.order, accept: args.accept_loss };
    // The order is asked for once more before anything leaves.
    let reply = session.reply_to(command, PATIENCE)?;
    let id = match reply {
        Some(Reply::LossNotDecided { reason, .. }) => return Err(not_decided(lang, &reason)),
        Some(Reply::Accepting { id, .. }) => Some(id),
        Some(Reply::Done) => None,
        _ => return Err(desk_ended()),
    };
    if let Some(id) = id {
        follow(args, &mut session, id);
    }
    // In flight or not: the desk ends only when the outcome of the send is on disk.
    let seen = session.leave();
    end(args, lang, &seen, &trouble, id)
}

/// What is decided, for a person who is asked.
fn summary(args: &BaggageArgs, settings: &Settings, case: &Case, trouble: &Trouble) -> String {
    let lang = *settings.lang;
    let code = case.order.ticketing_error.as_ref().map(|error| error.code.clone()).unwrap_or_default();
    let meaning = words::ticketing_error(lang, &code).map_or("", |(meaning, _)| meaning);
    let mut text =
        lang.fill("baggage.cli_summary", &[("order", &args.order), ("code", &code), ("meaning", &meaning)]);
    text.push('\n');
    if let Some(since) = trouble.since {
        let from = if since.notified { "baggage.notified" } else { "baggage.seen" };
        let at = local(since.at, &settings.time_zone.time_zone());
        // Writing into a String does not fail.
        let _ = writeln!(text, "  {}", lang.fill(from, &[("at", &at)]));
    }
    let what = if args.accept_loss { "baggage.accept_what" } else { "baggage.refuse_what" };
    let _ = writeln!(text, "  {}", lang.text(what));
    text + &lang.fill("baggage.cli_ask", &[("order", &args.order)])
}

/// Stays until the request has ended, and then for as long as was said until an answer shows that the loss is gone.
fn follow(args: &BaggageArgs, session: &mut Session, id: AcceptanceId) {
    let ended = session
        .wait_for(Endpoint::PAY_TIMEOUT + PATIENCE, |seen| ended(case(seen, args.order)?, id).cloned());
    let Some(called) = ended else { return };
    tell(&baggage_words::called(session.lang, &called));
    if !matches!(called, Called::NotSent(_)) {
        session.wait_for(Duration::from_secs(args.wait), |seen| {
            case(seen, args.order)?.baggage().is_none().then_some(())
        });
    }
}

fn case(seen: &Seen, order: OrderNo) -> Option<&Arc<Case>> {
    seen.cases.get(&order)
}

/// How the request of this acceptance ended, by the story.
fn ended(case: &Case, id: AcceptanceId) -> Option<&Called> {
    case.story.iter().rev().find_map(|happening| match &happening.what {
        What::OperatorAction(OperatorAction::BaggageLoss(Decision::Ended { id: of, called }))
            if *of == id =>
        {
            Some(called)
        }
        _ => None,
    })
}

/// The result for `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ending {
    order_no: OrderNo,
    decision: &'static str,
    outcome: &'static str,
    /// How the one request ended, if one was sent.
    state: Option<&'static str>,
    /// An answer shows the order without the loss.
    loss_gone: bool,
    order_status: &'static str,
    charged: Charged,
    /// When the vendor cancels the order by itself, as far as is known.
    ends_at: Option<Timestamp>,
    advice: &'static str,
}

fn end(
    args: &BaggageArgs,
    lang: Lang,
    seen: &Seen,
    trouble: &Trouble,
    id: Option<AcceptanceId>,
) -> Result<Exit, Failure> {
    let case = case(seen, args.order).ok_or_else(desk_ended)?;
    let called = id.and_then(|id| ended(case, id));
    let is_gone = case.baggage().is_none();
    let is_dead = case.order.status == OrderStatus::Cancelled;
    let (exit, outcome, charged, advice) = match (id, called) {
        (None, _) => (Exit::Done, "refused", Charged::No, "baggage.cli_refused"),
        (Some(_), Some(Called::NotSent(reason))) => {
            let exit = match reason {
                NotSent::NoConnection(_) => Exit::Unreachable,
                _ => Exit::Refused,
            };
            (exit, "notSent", Charged::No, "pay.nothing_sent")
        }
        (Some(_), _) if is_dead => (Exit::Refused, "cancelled", Charged::No, "baggage.cli_dead"),
        (Some(_), _) if is_gone => (Exit::Done, "accepted", Charged::Unknown, "baggage.cli_gone"),
        // An answer says that it was asked for, and nothing more.
        (Some(_), Some(Called::Taken)) => (Exit::Unknown, "unknown", Charged::Unknown, "baggage.cli_open"),
        (Some(_), _) => (Exit::Unknown, "unknown", Charged::Unknown, "baggage.cli_unknown"),
    };
    let advice = lang.text(advice);
    // Whoever was to read this may be gone: the outcome is on disk, and the exit code says it.
    let _unheard = if args.json {
        print_json(&Ending {
            order_no: args.order,
            decision: if args.accept_loss { "acceptLoss" } else { "refuse" },
            outcome,
            state: called.map(Called::word),
            loss_gone: is_gone && !is_dead,
            order_status: case.order.status.word(),
            charged,
            ends_at: trouble.ends_at(),
            advice,
        })
        .is_ok()
    } else {
        writeln!(io::stdout(), "{}  {advice}", args.order).is_ok()
    };
    Ok(exit)
}

fn not_decided(lang: Lang, reason: &LossNotDecided) -> Failure {
    let (code, subject) = match reason {
        LossNotDecided::Unanswered(error) => return exit::unanswered(lang, error),
        LossNotDecided::NotNow(NotNow::NoLoss) => ("no_loss", Subject::OrderStatus),
        LossNotDecided::NotNow(NotNow::CannotBeBought) => ("baggage_cannot_be_bought", Subject::ErrorCode),
        LossNotDecided::NotNow(NotNow::Asked) => {
            // What has left may have taken effect.
            let failure = Failure::new(
                Exit::Unknown,
                "loss_asked",
                baggage_words::not_decided(lang, reason),
                lang.text("baggage.cli_unknown"),
            );
            return Failure { charged: Charged::Unknown, ..failure.about(lang, Subject::OrderNo) };
        }
        LossNotDecided::Closed(closed) => (closed.word(), exit::about_closed(closed)),
    };
    let message = baggage_words::not_decided(lang, reason);
    Failure::new(Exit::Refused, code, message, lang.text("pay.nothing_sent")).about(lang, subject)
}
