//! What becomes of a payment.

use jiff::{SignedDuration, Timestamp};

use super::{doubt, page::Page};
use crate::{
    console::{
        action::{Action, Context},
        column::countdown,
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{
        attempt::{Attempt, State as AttemptState},
        case::{Case, Milestone},
        story::What,
        triage::triage,
    },
    lang::{recovery, words},
};

/// The milestones, each on its own.
const MILESTONES: [(Milestone, &str); 3] = [
    (Milestone::Accepted, "progress.accepted"),
    (Milestone::Paid, "progress.charged"),
    (Milestone::Ticketed, "progress.ticketed"),
];

/// Columns of the line between two milestones.
const LINK: u16 = 5;

/// How far the payment came, where it stands, and what to do.
pub(super) fn draw(picture: Picture<'_>, case: &Case, attempt: Option<&Attempt>, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    page.skip(1);
    let Some(attempt) = attempt else {
        let mark = page.canvas.signs.mark(Mark::Going);
        return page.say(Role::Going, &format!("{mark} {}", lang.text("progress.claiming")));
    };
    let (mark, role) = looks(&attempt.state);
    steps(picture, case, attempt, page);
    page.skip(1);
    let mark = page.canvas.signs.mark(mark);
    page.say(role, &format!("{mark} {}", words::attempt_state(lang, &attempt.state)));
    page.gap(4);
    let card = attempt.card.map_or(String::new(), |card| format!("  {card}"));
    let what = format!("{}  {}{card}", words::method(lang, attempt.method), attempt.amount);
    page.entry(lang.text("progress.paying"), Role::Strong, &what, 2);
    waiting(picture, case, attempt, page);
    page.gap(3);
    let key = picture.model.setup.keymap.label(Context::Following, Action::Recover);
    let reason = triage(case, picture.model.shown_clocks(case)).reason;
    if reason.is_final() {
        page.say(Role::Urgent, &recovery::cause(lang, &reason, &case.order));
        return page.say(Role::Soon, &lang.fill("progress.recover", &[("key", &key)]));
    }
    page.say(Role::Text, &words::attempt_advice(lang, &attempt.state));
    page.gap(1);
    page.say(Role::Muted, lang.text(foot(&attempt.state)));
}

fn looks(state: &AttemptState) -> (Mark, Role) {
    match state {
        AttemptState::Ticketed => (Mark::Done, Role::Good),
        AttemptState::Rejected(_) | AttemptState::Reversed | AttemptState::NotSent(_) => {
            (Mark::Failed, Role::Urgent)
        }
        _ if state.is_doubtful() && *state != AttemptState::Sending => (Mark::Doubt, Role::Doubt),
        _ => (Mark::Going, Role::Going),
    }
}

/// The three milestones as a line of steps: what is behind it with its time, what it is at, and what is ahead.
fn steps(picture: Picture<'_>, case: &Case, attempt: &Attempt, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    let (reached, goes_on) = (case.reached(attempt), goes_on(&attempt.state));
    let (mark, role) = looks(&attempt.state);
    let (mut x, y, width) = (page.area.x, page.y, page.area.width);
    let mut is_next = goes_on;
    for (n, (milestone, key)) in MILESTONES.into_iter().enumerate() {
        let is_done = reached >= Some(milestone);
        // What is under way stands on the way to the next one.
        let is_underway = is_next && !is_done;
        is_next &= is_done;
        if n > 0 {
            page.canvas.rule(x + 1, y, LINK);
        }
        if is_underway {
            let at = if n > 0 { x + 1 + LINK / 2 } else { x };
            page.canvas.sign(at, y, role, page.canvas.signs.mark(mark));
        }
        x += match (n, is_underway) {
            (0, false) => 0,
            (0, true) => 2,
            _ => LINK + 2,
        };
        let (mark, role) = if is_done { (Mark::Done, Role::Good) } else { (Mark::Going, Role::Muted) };
        let mark = if is_done { page.canvas.signs.mark(mark) } else { "-" };
        x = page.canvas.put(x, y, width, role, &format!("{mark} {}", lang.text(key)));
        if let Some(at) = reached_at(case, attempt, milestone) {
            x = page.canvas.put(x + 1, y, width, Role::Muted, &clock(picture, at));
        }
    }
    page.y += 1;
}

/// What is waited for and since when, and when the order is asked for next.
fn waiting(picture: Picture<'_>, case: &Case, attempt: &Attempt, page: &mut Page<'_, '_>) {
    let (lang, now) = (picture.lang(), picture.model.now());
    if let (AttemptState::Sending, Some(sent)) = (&attempt.state, attempt.sent) {
        let seconds = now.duration_since(sent.now.at).as_secs().max(0);
        let text = lang.fill("progress.sending", &[("seconds", &seconds)]);
        return page.entry(lang.text("progress.waiting"), Role::Text, &text, 2);
    }
    if !goes_on(&attempt.state) {
        return;
    }
    if let Some(since) = entered_at(case, attempt) {
        let waited = countdown(now.duration_since(since).max(SignedDuration::ZERO));
        let at = clock(picture, since);
        let text = lang.fill("progress.since", &[("at", &at), ("waited", &waited)]);
        page.entry(lang.text("progress.waiting"), Role::Text, &text, 2);
    }
    // Of payments that are not in doubt the desk does not say when it asks.
    if attempt.state.is_doubtful() {
        page.entry("", Role::Text, &doubt::next_query(picture, case), 2);
    }
}

fn clock(picture: Picture<'_>, at: Timestamp) -> String {
    at.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string()
}

/// True while something is still to come of it.
fn goes_on(state: &AttemptState) -> bool {
    foot(state) == "progress.leave"
}

/// When its state was entered.
fn entered_at(case: &Case, attempt: &Attempt) -> Option<Timestamp> {
    let of_it = |what: &What| matches!(what, What::Attempt { attempt: id, state } if *id == attempt.id && *state == attempt.state);
    case.story.iter().rev().find(|happening| of_it(&happening.what)).map(|happening| happening.at)
}

/// When it was first known to have come as far as `milestone`.
fn reached_at(case: &Case, attempt: &Attempt, milestone: Milestone) -> Option<Timestamp> {
    let wanted = match milestone {
        Milestone::Accepted => AttemptState::Accepted,
        Milestone::Paid => AttemptState::Paid,
        Milestone::Ticketed => AttemptState::Ticketed,
    };
    let of_it = |what: &What| matches!(what, What::Attempt { attempt: id, state } if *id == attempt.id && *state == wanted);
    case.story.iter().find(|happening| of_it(&happening.what)).map(|happening| happening.at)
}

/// What goes on when the screen is left.
fn foot(state: &AttemptState) -> &'static str {
    match state {
        AttemptState::NotSent(_) => "form.nothing_sent",
        AttemptState::Rejected(_) | AttemptState::NotApplied => "progress.over_uncharged",
        AttemptState::Ticketed => "progress.over_ticketed",
        AttemptState::PaidElsewhere | AttemptState::Reversed => "progress.over_open",
        AttemptState::Closed => "progress.over_closed",
        AttemptState::Claimed
        | AttemptState::Sending
        | AttemptState::Accepted
        | AttemptState::Refused(_)
        | AttemptState::InDoubt(_)
        | AttemptState::Paid
        | AttemptState::Conflict => "progress.leave",
    }
}
