//! What is looked at before a payment, as a dry run says it: the checks of the console's form, by the same rules.

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    config::Settings,
    console::theme::{Mark, Signs},
    domain::{
        checks::{About, Check, Verdict, checks},
        context::PaymentContext,
        method::PaymentMethod,
        obstacle::Obstacle,
        work::{Owner, Work},
    },
    export::times::{local, time_left},
    lang::{
        Lang,
        checks::{self as words, Sayings},
    },
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

/// Who works on the order, and who asks, at `now` by this machine's clock.
pub(super) struct At<'a> {
    pub work: &'a Work,
    pub us: &'a str,
    pub now: Timestamp,
}

/// All that apply to a payment by `method`, given all that is against it.
pub(super) fn of(
    method: PaymentMethod,
    context: &PaymentContext<'_>,
    obstacles: &[Obstacle],
    At { work, us, now }: At<'_>,
    settings: &Settings,
) -> Vec<CheckLine> {
    let (lang, zone) = (*settings.lang, settings.time_zone.time_zone());
    let owner = work.owner_at(now);
    // From here the owner hinders nothing, and is a warning.
    let is_anothers = owner.is_some_and(|owner| owner.who.as_str() != us);
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
    checks(method, context, obstacles, true, owner).iter().map(line).collect()
}

/// Says them on standard error, a line each with its mark.
pub(super) fn say(lang: Lang, lines: &[CheckLine], signs: Signs) {
    for line in lines {
        let named = lang.fill("refusal.named", &[("subject", &line.name), ("reason", &line.message)]);
        eprintln!("{} {named}", signs.mark(line.mark));
    }
}
