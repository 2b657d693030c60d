//! What is looked at before a payment, as a dry run says it: the checks of the console's form, by the same rules.

use serde::Serialize;

use super::session::{Session, operator, variable};
use crate::{
    clock::{Clock, SystemClock},
    config::Settings,
    console::theme::{Mark, Surroundings},
    domain::{
        case::Case,
        checks::{About, Check, Verdict, checks},
        method::PaymentMethod,
        obstacle::Obstacle,
        work::Owner,
    },
    export::times::{local, time_left},
    lang::checks::{self as words, Sayings},
};

/// One check with its verdict. It serialises as JSON has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckLine {
    /// What it is about.
    check: &'static str,
    verdict: &'static str,
    message: String,
    #[serde(skip)]
    name: &'static str,
    #[serde(skip)]
    mark: Mark,
}

/// All that apply to a payment of `case` by `method`, given all that is against it.
pub(super) fn of(
    method: PaymentMethod,
    session: &Session,
    case: &Case,
    obstacles: &[Obstacle],
    settings: &Settings,
) -> Vec<CheckLine> {
    let (lang, zone, now) = (*settings.lang, settings.time_zone.time_zone(), SystemClock.now());
    let context = session.payment_context(case);
    let owner = case.work().owner_at(now);
    // From here the owner hinders nothing, and is a warning.
    let is_anothers = owner.is_some_and(|owner| *owner.who != *operator());
    let left = |at| lang.fill("check.time_left", &[("left", &time_left(at, context.now))]);
    let owned = |owner: &Owner| {
        let (since, left) = (local(owner.since, &zone), time_left(owner.until, now));
        lang.fill("show.owned", &[("who", &owner.who), ("since", &since), ("left", &left)])
    };
    let sayings = Sayings { zone: &zone, left: &left, owner: &owned };
    let line = |check: &Check<'_>| {
        let is_warning = is_anothers && check.about == About::Owner;
        let (mark, verdict) = match &check.verdict {
            Verdict::Passed(_) if is_warning => (Mark::Warning, "warning"),
            Verdict::Passed(_) => (Mark::Done, check.verdict.word()),
            Verdict::Asking => (Mark::Going, check.verdict.word()),
            Verdict::Unknown(_) => (Mark::Doubt, check.verdict.word()),
            Verdict::Warned(_) => (Mark::Warning, check.verdict.word()),
            Verdict::Failed(_) => (Mark::Failed, check.verdict.word()),
        };
        CheckLine {
            check: check.about.word(),
            verdict,
            message: words::verdict(lang, &check.verdict, sayings),
            name: words::name(lang, check.about),
            mark,
        }
    };
    // A query of it was just answered, or there would be no case.
    checks(method, &context, obstacles, true, owner).iter().map(line).collect()
}

/// Says them on standard error, a line each with its mark.
pub(super) fn say(lines: &[CheckLine], settings: &Settings) {
    let signs = Surroundings::of(variable).signs_wanted(*settings.signs);
    for line in lines {
        let named =
            settings.lang.fill("refusal.named", &[("subject", &line.name), ("reason", &line.message)]);
        eprintln!("{} {named}", signs.mark(line.mark));
    }
}
