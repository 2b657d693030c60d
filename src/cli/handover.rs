//! `paydesk handover`: what the next shift must know.

use std::io;

use super::{
    args::HandoverArgs,
    exit::{Exit, Failure},
    orders::swept,
    output::print,
    session::{Seen, operator},
};
use crate::{
    config::Settings,
    console::{
        alerts::{Raised, Watch},
        standstill::Standstill,
    },
    domain::{
        alert::{Cause, Listed},
        case::Case,
        handover::{Handed, Handover, Shift},
        triage::Day,
    },
    export::{handover::Pack, handover_document::HandoverDocument, json, write},
};

/// Writes it to standard output.
pub(super) fn run(args: &HandoverArgs, settings: &Settings) -> Result<Exit, Failure> {
    let seen = swept(settings)?;
    let (now, zone, who) = (seen.clocks(), settings.time_zone.time_zone(), operator());
    let today = Day::of(now.at, &zone);
    let since = args.since.map_or(today.begins_at(), |since| since.moment(now.wall, &zone));
    let handed = |case| Handed { case, made: made(&seen, case), now };
    let shift = Shift { who: &who, since, today: &today, wall: now.wall };
    let pack = Pack {
        stage: settings.environment.stage.word(),
        who: &who,
        since,
        handover: Handover::new(seen.all().map(|case| handed(&**case)), &shift),
        alerts: alerts(&seen),
        troubles: &seen.troubles,
        lang: *settings.lang,
        zone: &zone,
        now,
    };
    let text = match write(&pack.report(), args.format.into()) {
        Some(text) => text,
        None => json(&HandoverDocument::new(&pack)).map_err(io::Error::from)?,
    };
    print(text.as_bytes())
}

/// The newest order that was made from it, if it was seen.
fn made<'a>(seen: &'a Seen, case: &Case) -> Option<&'a Case> {
    seen.one(case.lineage.line_from(case.order.no).last()?).map(|made| &**made)
}

/// The alerts that nobody has acknowledged, as the console lists them.
fn alerts(seen: &Seen) -> Vec<Listed> {
    let (now, nowhere) = (seen.clocks(), Standstill::default());
    let (mut watch, mut raised) = (Watch::default(), Raised::default());
    for case in seen.all() {
        watch.put(case, None, (now.at, jiff::Timestamp::MIN), &nowhere);
    }
    for alert in seen.alerts.values() {
        raised.put(alert.clone());
    }
    watch.look_around(&seen.balances, &seen.troubles, &raised, now.wall);
    let mut listed = watch.unacknowledged(&raised, now.wall);
    for alert in &mut listed {
        // Nobody knows that it is over before the balance was asked for.
        if let Cause::BalanceLow(currency) = alert.cause() {
            alert.is_over &= seen.balances.contains_key(&currency);
        }
    }
    listed
}
