//! `paydesk commit`: the link by which a traveller confirms at the airline, and the word that they did.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::Receiver,
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde::Serialize;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::{
    args::CommitArgs,
    confirm::Asker,
    exit::{self, Exit, Failure},
    output::print_json,
    sending::{LOOK_UP, tell},
    session::{PATIENCE, Session},
};
use crate::{
    atlas::Endpoint,
    config::Settings,
    desk::hub::{Closed, Command, NotCommitted, Reply},
    domain::{
        committable::Progress,
        order::{OrderNo, OrderStatus},
        subject::Subject,
    },
    lang::{Lang, recovery},
};

/// Between two questions about the order. What another program has written is read with each.
const ASKS_EVERY: Duration = Duration::from_secs(15);

/// Gets a link, or takes the word.
pub(super) fn run(args: &CommitArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    if *settings.read_only {
        return Err(not_committed(lang, &NotCommitted::Closed(Closed::ReadOnly)));
    }
    let mut session = Session::open(settings, false)?;
    session.inspect(args.order)?;
    if args.confirmed {
        return state(args, lang, &mut session, None);
    }
    let link = match session.reply_to(Command::Commit(args.order), Endpoint::PAY_TIMEOUT + PATIENCE)? {
        Some(Reply::Link { link, .. }) => link,
        Some(Reply::NotCommitted { reason, .. }) => return Err(not_committed(lang, &reason)),
        _ => {
            return Err(not_committed(
                lang,
                &NotCommitted::Unanswered(crate::domain::attempt::Doubt::NoAnswer),
            ));
        }
    };
    if args.json {
        print_json(&Document::of(&session, args.order, Some(&link)))?;
    } else {
        writeln!(io::stdout(), "{link}")?;
    }
    io::stdout().flush()?;
    tell(&lang.fill("commit.tell", &[("order", &args.order)]));
    let to_leave = Arc::<AtomicBool>::default();
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&to_leave))?;
    }
    let asker = Asker::open(false).filter(|_| !args.json);
    let word = asker.map(|asker| asker.agrees_later(lang.text("commit.ask_terminal"))).transpose()?;
    match follow(args, &mut session, word.as_ref(), &to_leave) {
        End::Known(exit) => Ok(exit),
        End::Said(true) => state(args, lang, &mut session, Some(&link)),
        End::Said(false) | End::NotKnown => {
            tell(lang.text("commit.not_known"));
            Ok(Exit::Unknown)
        }
    }
}

/// Takes the operator's word. What was printed already is not printed twice.
fn state(args: &CommitArgs, lang: Lang, session: &mut Session, said: Option<&str>) -> Result<Exit, Failure> {
    match session.reply_to(Command::StateConfirmed(args.order), PATIENCE)? {
        Some(Reply::Done) => {}
        Some(Reply::NotCommitted { reason, .. }) => return Err(not_committed(lang, &reason)),
        _ => return Err(super::session::desk_ended()),
    }
    session.wait_for(PATIENCE, |seen| {
        let case = seen.cases.get(&args.order)?;
        Progress::of(&case.order, &case.lineage, seen.server_now()).filter(|progress| progress.is_confirmed())
    });
    match (args.json, said) {
        (true, None) => drop(print_json(&Document::of(session, args.order, None))?),
        (true, Some(_)) => {}
        (false, _) => writeln!(io::stdout(), "{}", lang.fill("commit.stated", &[("order", &args.order)]))?,
    }
    Ok(Exit::Done)
}

/// How the asking ends.
enum End {
    /// What became of it is known, and how to exit.
    Known(Exit),
    /// Whoever sits here has answered.
    Said(bool),
    /// The time is over, or somebody wants to leave.
    NotKnown,
}

/// Asks until it is known that the traveller has confirmed, or that it is too late for that; or until whoever sits here
/// answers.
fn follow(
    args: &CommitArgs,
    session: &mut Session,
    word: Option<&Receiver<io::Result<bool>>>,
    to_leave: &AtomicBool,
) -> End {
    let until = Instant::now() + Duration::from_secs(args.wait);
    let mut asks_at = Instant::now() + ASKS_EVERY;
    loop {
        if let Some(exit) = ended(session, args.order) {
            return End::Known(exit);
        }
        if let Some(said) = word.and_then(|word| word.try_recv().ok()) {
            return End::Said(said.unwrap_or(false));
        }
        let now = Instant::now();
        if now >= until || session.seen.ended || to_leave.load(Ordering::SeqCst) {
            return End::NotKnown;
        }
        // Whoever says so, here or elsewhere, writes it into the journal, which is read with each question.
        if now >= asks_at {
            session.ask(Command::Inspect(args.order));
            asks_at = now + ASKS_EVERY;
        }
        session.wait_for(LOOK_UP, |_| None::<()>);
    }
}

/// How it has ended, if it has: paid or confirmed, expired, or past the time of the link.
fn ended(session: &Session, order: OrderNo) -> Option<Exit> {
    let (now, lang) = (session.seen.server_now(), session.lang);
    let case = session.seen.cases.get(&order)?;
    match case.order.status {
        OrderStatus::Ticketing | OrderStatus::Ticketed => return Some(Exit::Done),
        OrderStatus::Unpaid if !case.order.has_lapsed(now) => {}
        status => {
            let reason = NotCommitted::NotNow(crate::domain::committable::NotNow::NotPayable(status));
            tell(&recovery::not_committed(lang, &reason));
            return Some(Exit::Refused);
        }
    }
    match Progress::of(&case.order, &case.lineage, now)? {
        Progress::Confirmed(_) => {
            tell(&lang.fill("commit.stated", &[("order", &order)]));
            Some(Exit::Done)
        }
        Progress::Expired(_) => {
            tell(lang.text("not_committed.expired"));
            Some(Exit::Unknown)
        }
        Progress::NoLink | Progress::Waiting(_) => None,
    }
}

/// Why there is no link, or nothing was said.
fn not_committed(lang: Lang, reason: &NotCommitted) -> Failure {
    let message = recovery::not_committed(lang, reason);
    let (exit, code, subject) = match reason {
        NotCommitted::NotNow(_) => (Exit::Refused, "not_committed", Subject::Traveller),
        NotCommitted::Refused(_) => (Exit::Refused, "not_committed", Subject::OrderNo),
        NotCommitted::Closed(Closed::ReadOnly) => (Exit::Refused, "read_only", Subject::ReadOnly),
        NotCommitted::Closed(closed) => (Exit::Refused, "not_committed", exit::about_closed(closed)),
        NotCommitted::NotSent(reason) => (exit::of_not_sent(reason), "not_sent", Subject::OrderNo),
        NotCommitted::Unanswered(_) => (Exit::Unreachable, "no_answer", Subject::OrderNo),
    };
    Failure::new(exit, code, message, lang.text("pay.nothing_charged")).about(lang, subject)
}

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    order_no: OrderNo,
    confirmation_url: Option<String>,
    state: Option<&'static str>,
    asked_at: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    confirmed: bool,
}

impl Document {
    fn of(session: &Session, order: OrderNo, link: Option<&str>) -> Self {
        let now = session.seen.server_now();
        let case = session.seen.cases.get(&order);
        let progress = case.and_then(|case| Progress::of(&case.order, &case.lineage, now));
        let commit = case.and_then(|case| case.lineage.commit(order));
        Self {
            order_no: order,
            confirmation_url: link.map(ToOwned::to_owned),
            state: progress.map(Progress::word),
            asked_at: commit.map(|commit| commit.asked_at()),
            valid_until: progress.and_then(Progress::until),
            confirmed: progress.is_some_and(Progress::is_confirmed),
        }
    }
}
