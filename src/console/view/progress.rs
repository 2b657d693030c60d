//! What becomes of a payment.

use ratatui::layout::Rect;

use super::canvas::{Canvas, wrap};
use crate::{
    console::{
        action::{Action, Context},
        keymap,
        picture::Picture,
        theme::Role,
    },
    domain::{
        attempt::{Attempt, State as AttemptState},
        case::{Case, Milestone},
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

/// How far the payment came, where it stands, and what to do.
pub(super) fn draw(
    picture: Picture<'_>,
    case: &Case,
    attempt: Option<&Attempt>,
    area: Rect,
    y: u16,
    canvas: &mut Canvas<'_>,
) {
    let lang = picture.lang();
    let Some(attempt) = attempt else {
        canvas.put(area.x + 2, y + 1, area.width - 4, Role::Busy, lang.text("progress.claiming"));
        return;
    };
    let reached = case.reached(attempt);
    let mut x = area.x + 2;
    for (milestone, key) in MILESTONES {
        let done = reached >= Some(milestone);
        let text = format!("[{}] {}", if done { "x" } else { " " }, lang.text(key));
        x = canvas.put(x, y + 1, area.width, if done { Role::Good } else { Role::Dim }, &text) + 3;
    }
    let role = match attempt.state {
        AttemptState::Ticketed => Role::Good,
        AttemptState::Rejected(_) | AttemptState::Reversed | AttemptState::NotSent(_) => Role::Bad,
        _ if attempt.state.is_doubtful() => Role::Doubt,
        _ => Role::Busy,
    };
    let mut y = y + 3;
    let mut say = |role, text: &str| {
        for line in wrap(text, area.width - 4) {
            canvas.put(area.x + 2, y, area.width - 4, role, &line);
            y += 1;
        }
        y += 1;
    };
    say(role, &words::attempt_state(lang, &attempt.state));
    let card = attempt.card.map_or(String::new(), |card| format!("  {card}"));
    say(Role::Plain, &format!("{}  {}{card}", words::method(lang, attempt.method), attempt.amount));
    if let (AttemptState::Sending, Some(sent)) = (&attempt.state, attempt.sent) {
        let seconds = picture.model.now().duration_since(sent.now.at).as_secs().max(0);
        say(Role::Plain, &lang.fill("progress.sending", &[("seconds", &seconds)]));
    }
    let key = keymap::label(Context::Following, Action::Recover);
    let reason = triage(case, picture.model.shown_clocks(case)).reason;
    if reason.is_final() {
        say(Role::Bad, &recovery::cause(lang, &reason, &case.order));
        return say(Role::Due, &lang.fill("progress.recover", &[("key", &key)]));
    }
    say(Role::Plain, &words::attempt_advice(lang, &attempt.state));
    say(Role::Dim, lang.text(foot(&attempt.state)));
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
