//! `paydesk stop`: asks the vendor to stop issuance, and follows the order until it is known what came of that.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    args::StopArgs,
    confirm::Asker,
    exit::{self, Exit, Failure},
    output::print_json,
    pay,
    sending::{LOOK_UP, tell},
    session::{PATIENCE, Seen, Session},
};
use crate::{
    atlas::Endpoint,
    config::Settings,
    desk::hub::{Closed, Command, NotStopped, Reply},
    domain::{
        order::OrderNo,
        stop::State,
        stoppable::{Outcome, may_stop},
        subject::Subject,
    },
    lang::{Lang, recovery},
};

/// Stops the issuance of one order, or says why not.
pub(super) fn run(args: &StopArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    if *settings.read_only {
        return Err(not_stopped(lang, &NotStopped::Closed(Closed::ReadOnly)));
    }
    let mut asker = (!args.yes).then(|| Asker::open(false)).flatten();
    if asker.is_none() && !args.yes {
        return Err(Failure {
            advice: lang.text("stop_cli.nobody_mend").to_owned(),
            ..pay::nobody_to_ask(lang)
        });
    }
    let mut session = Session::open(settings, false)?;
    let case = session.inspect(args.order)?;
    let now = session.seen.server_now();
    let known = Outcome::of(&case.order, &case.lineage, now);
    // What was asked for before is followed; what came of it is said, however often that is asked.
    let is_begun = matches!(known, Some(Outcome::Working(_) | Outcome::Stopped | Outcome::TooLate));
    if !is_begun {
        may_stop(&case.order, &case.lineage, now)
            .map_err(|reason| not_stopped(lang, &NotStopped::NotNow(reason)))?;
        if let Some(asker) = &mut asker {
            let text = lang.fill("recover.ask_stop", &[("order", &args.order)]);
            if !asker.agrees(&(text + lang.pick(": ", "：")))? {
                return Err(pay::unconfirmed(lang, "not_confirmed", "pay.not_confirmed", "pay.nothing_sent"));
            }
        }
        match session.reply_to(Command::Stop(args.order), Endpoint::PAY_TIMEOUT + PATIENCE)? {
            Some(Reply::NotStopped { reason, .. }) => return Err(not_stopped(lang, &reason)),
            Some(Reply::Stopping { .. }) => {}
            _ => return Err(super::session::desk_ended()),
        }
    }
    follow(args, lang, &mut session);
    let seen = session.leave();
    tell_outcome(args, lang, &seen)
}

/// Waits until the outcome is known, or for as long as was said.
fn follow(args: &StopArgs, lang: Lang, session: &mut Session) {
    let until = Instant::now() + Duration::from_secs(args.wait);
    let (mut said, mut is_asked_again) = (None, false);
    loop {
        let state = stop_state(&session.seen, args.order);
        if state != said
            && let Some(state) = &state
        {
            tell(&recovery::stop(lang, state));
        }
        said.clone_from(&state);
        match outcome(&session.seen, args.order) {
            Some(Outcome::Working(_)) => {}
            // The first answer after the eight minutes decides.
            Some(Outcome::Unanswered(_)) if !is_asked_again => {
                is_asked_again = true;
                let _answer = session.reply_to(Command::Inspect(args.order), PATIENCE);
                continue;
            }
            _ => return,
        }
        if Instant::now() >= until || session.seen.ended {
            return;
        }
        session.wait_for(LOOK_UP, |seen| {
            let is_over = !matches!(outcome(seen, args.order), Some(Outcome::Working(_)));
            (is_over || stop_state(seen, args.order) != state).then_some(())
        });
    }
}

fn stop_state(seen: &Seen, order: OrderNo) -> Option<State> {
    Some(seen.cases.get(&order)?.lineage.stop(order)?.state.clone())
}

fn outcome(seen: &Seen, order: OrderNo) -> Option<Outcome> {
    let case = seen.cases.get(&order)?;
    Outcome::of(&case.order, &case.lineage, seen.server_now())
}

/// Says what came of it.
fn tell_outcome(args: &StopArgs, lang: Lang, seen: &Seen) -> Result<Exit, Failure> {
    let (Some(case), Some(outcome)) = (seen.cases.get(&args.order), outcome(seen, args.order)) else {
        return Err(super::session::desk_ended());
    };
    let exit = match &outcome {
        Outcome::Stopped => Exit::Done,
        Outcome::TooLate | Outcome::Refused(_) => Exit::Refused,
        Outcome::NotSent(reason) => exit::of_not_sent(reason),
        Outcome::Working(_) | Outcome::Unanswered(_) => Exit::Unknown,
    };
    let message = recovery::stop_outcome(lang, &outcome);
    if args.json {
        let stop = case.lineage.stop(args.order);
        let status = match &outcome {
            Outcome::Refused(status) => Some(*status),
            _ => None,
        };
        print_json(&Document {
            order_no: args.order,
            outcome: outcome.word(),
            order_status: case.order.status.word(),
            status,
            asked_at: stop.map(|stop| stop.sent.now.at),
            until: stop.map(|stop| stop.until()),
            message,
        })?;
    } else {
        writeln!(io::stdout(), "{}  {message}", args.order)?;
    }
    Ok(exit)
}

/// Why the vendor was not asked.
fn not_stopped(lang: Lang, reason: &NotStopped) -> Failure {
    let subject = match reason {
        NotStopped::Unanswered(error) => {
            return Failure { code: "not_stopped".into(), ..exit::unanswered(lang, error) };
        }
        NotStopped::Closed(closed) => exit::about_closed(closed),
        NotStopped::NotNow(_) => Subject::OrderStatus,
    };
    let message = recovery::not_stopped(lang, reason);
    Failure::new(Exit::Refused, "not_stopped", message, lang.text("pay.nothing_sent")).about(lang, subject)
}

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    order_no: OrderNo,
    outcome: &'static str,
    order_status: &'static str,
    status: Option<i64>,
    asked_at: Option<Timestamp>,
    until: Option<Timestamp>,
    message: String,
}
