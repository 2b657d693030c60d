//! The recover form: what happened, every way with its gate, the checklist of the chosen one, and what must not be done.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns, end_of, wrap},
    doubt,
    head::{self, title, trip},
    hints,
    page::Page,
};
use crate::{
    console::{
        action::Context,
        column::countdown,
        picture::Picture,
        recover::{Asking, RecoverForm, RecoveryView},
        theme::Role,
    },
    domain::{
        attempt::State as Attempted,
        recovery::{Advice, Choice, Comparison, StepKind, StepState},
        stoppable::Outcome,
        triage::Cause,
    },
    lang::{
        recovery as words,
        words::{attempt_state, money_or_nothing, successor},
    },
};

/// Draws the form over the whole screen; returns where the caret stands.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &RecoverForm,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    canvas.clear(area);
    let lang = picture.lang();
    let mut page = Page { area, y: area.y, canvas };
    let x = title(picture, "recover.title", form.order, area, page.canvas);
    let Some(view) = form.view(picture.model) else {
        page.skip(2);
        page.say(Role::Busy, lang.text("recover.asking"));
        return None;
    };
    trip(&view.case.order, x, area, 0, page.canvas);
    page.rule();
    happened(picture, &view, &mut page);
    page.rule();
    paths(picture, &view, &mut page);
    page.rule();
    steps(picture, &view, &mut page);
    never(picture, &view, &mut page);
    foot(picture, form, &view, area, page.canvas)
}

/// Lines of all the ways with their rules, a step, and the foot.
const WAYS_AND_FOOT: u16 = 14;

fn happened(picture: Picture<'_>, view: &RecoveryView<'_>, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    let order = &view.case.order;
    let lineage = &view.case.lineage;
    let there = lineage.attempts.iter().rev().find(|attempt| attempt.state.blocks());
    let text = match (&view.plan.cause, there.filter(|attempt| attempt.order != order.no)) {
        (Cause::Unsettled(state), Some(attempt)) => {
            let state = attempt_state(lang, state);
            lang.fill("recover.unsettled_there", &[("order", &attempt.order), ("state", &state)])
        }
        (cause, _) => words::cause(lang, cause, order),
    };
    page.entry(lang.text("recover.happened"), Role::Plain, &text);
    if let Some(made) = picture.model.successor(view.case) {
        let text = successor(lang, made, picture.model.shown_now(made));
        page.entry(lang.text("detail.became"), Role::Plain, &text);
    }
    let mut advice = vec![words::advice(lang, view.plan.first)];
    advice.extend(
        view.plan
            .also
            .iter()
            .filter(|also| !matches!(also, Advice::Take(_)))
            .map(|also| words::advice(lang, *also)),
    );
    page.entry(lang.text("recover.first"), Role::Title, &lang.besides(&advice));
    for open in view.case.lineage.attempts.iter().filter(|attempt| attempt.state == Attempted::Reversed) {
        page.say(
            Role::Due,
            &lang.fill("recover.held", &[("amount", &open.amount), ("order", &open.order.short())]),
        );
    }
    stopping(picture, view, page);
    let doubts = doubt::lines(picture, view.case);
    if !doubts.is_empty() {
        page.say(Role::Doubt, lang.text("recover.doubt"));
    }
    for (label, text) in doubts {
        // The rest stands in the detail.
        if !page.leaves(&text, WAYS_AND_FOOT) {
            break;
        }
        page.entry(lang.text(label), Role::Doubt, &text);
    }
    if let Some((_, decision)) = view.to_decide(picture.model.server_now()) {
        let key = match decision {
            crate::domain::attempt::Decision::DidNotHappen => "recover.may_deny",
            crate::domain::attempt::Decision::Close => "recover.may_close",
        };
        page.say(Role::Due, lang.text(key));
    }
    page.y -= 1;
}

/// What is known of stopping issuance, with its clock.
fn stopping(picture: Picture<'_>, view: &RecoveryView<'_>, page: &mut Page<'_, '_>) {
    let (lang, now) = (picture.lang(), picture.model.shown_now(view.case));
    let Some(outcome) = Outcome::of(&view.case.order, &view.case.lineage, now) else { return };
    let role = match outcome {
        Outcome::Working(_) => Role::Busy,
        Outcome::Stopped => Role::Good,
        Outcome::Unanswered(_) | Outcome::TooLate | Outcome::Refused(_) | Outcome::NotSent(_) => Role::Due,
    };
    page.say(role, &words::stop_outcome(lang, &outcome));
    if let Outcome::Working(until) = outcome {
        let left = until.duration_since(now);
        let at = (picture.model.now() + left).to_zoned(picture.model.setup.zone.clone());
        let (at, left) = (at.strftime("%H:%M:%S").to_string(), countdown(left));
        page.say(Role::Due, &lang.fill("recover.stop_clock", &[("at", &at), ("left", &left)]));
    }
}

fn paths(picture: Picture<'_>, view: &RecoveryView<'_>, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    for Choice { path, open } in &view.plan.choices {
        if !page.has_room() {
            break;
        }
        let (x, y, width) = (page.area.x, page.y, page.area.width);
        let is_chosen = *path == view.path;
        let role = if is_chosen { Role::Title } else { Role::Plain };
        let mark = if is_chosen { ">" } else { " " };
        page.canvas.put(x + 1, y, 32, role, &format!("{mark} {}", words::path(lang, *path)));
        match open {
            Ok(cost) => {
                page.canvas.put(x + 34, y, 6, Role::Good, lang.text("recover.yes"));
                page.canvas.put(x + 41, y, width - 42, Role::Plain, &money_or_nothing(*cost));
            }
            Err(why) => {
                page.canvas.put(x + 34, y, 6, Role::Dim, lang.text("recover.no"));
                page.canvas.put(x + 41, y, width - 42, Role::Dim, &words::why(lang, why));
            }
        }
        page.y += 1;
    }
    page.y -= 1;
}

fn steps(picture: Picture<'_>, view: &RecoveryView<'_>, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    for (n, step) in view.steps.iter().enumerate() {
        if !page.has_room() {
            return;
        }
        let (x, y, width) = (page.area.x, page.y, page.area.width);
        let role = match step.state {
            StepState::Yours => Role::Due,
            StepState::Running => Role::Busy,
            StepState::Done => Role::Good,
            StepState::Later => Role::Dim,
            StepState::Stuck => Role::Bad,
        };
        let mut text = format!("{}  {}", n + 1, words::step(lang, step.kind));
        if let (StepKind::Compare, Some(comparison)) = (step.kind, view.comparison) {
            text = format!("{}  {}", n + 1, compared(picture, comparison));
        }
        let cost = match (step.kind, step.cost) {
            (_, Some(cost)) => cost.to_string(),
            (StepKind::Pay, None) => lang.text("step.the_price").to_owned(),
            _ => lang.text("step.nothing").to_owned(),
        };
        let mark = words::step_state(lang, step.state);
        let compares = step.kind == StepKind::Compare && view.comparison.is_some();
        page.canvas.put(x + 3, y, width - if compares { 21 } else { 36 }, Role::Plain, &text);
        if !compares {
            page.canvas.put(x + width - 33, y, 15, Role::Dim, &cost);
        }
        page.canvas.put(x + width - 17, y, 16, role, mark);
        page.y += 1;
    }
}

/// The old price beside the new one, with what that means.
fn compared(picture: Picture<'_>, comparison: Comparison) -> String {
    let lang = picture.lang();
    let old = money_or_nothing(comparison.old);
    let prices = lang.fill("recover.old_price", &[("old", &old), ("new", &comparison.new)]);
    let verdict = match comparison.rise() {
        None => lang.text("recover.old_unknown").to_owned(),
        Some(rise) if rise.amount.is_zero() => lang.text("recover.same_price").to_owned(),
        Some(rise) if rise.amount.is_sign_positive() => lang.fill("recover.dearer", &[("rise", &rise)]),
        Some(rise) => {
            let less = comparison.old.and_then(|old| old.minus(comparison.new)).unwrap_or(rise);
            lang.fill("recover.cheaper", &[("rise", &less)])
        }
    };
    format!("{prices}  {verdict}")
}

fn never(picture: Picture<'_>, view: &RecoveryView<'_>, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    let never: Vec<String> = view.plan.never.iter().map(|never| words::never(lang, never)).collect();
    if never.is_empty() {
        return;
    }
    if page.y + 6 < page.area.bottom() {
        page.skip(1);
    }
    page.entry(lang.text("recover.never"), Role::Bad, &lang.besides(&never));
    if page.y + 5 < page.area.bottom() {
        page.say(Role::Dim, lang.text("recover.keep"));
    }
}

/// What is asked, or how fresh the answer is; and the keys.
fn foot(
    picture: Picture<'_>,
    form: &RecoverForm,
    view: &RecoveryView<'_>,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let lang = picture.lang();
    let (x, width) = (area.x + 1, area.width - 2);
    let y = area.bottom() - 2;
    canvas.rule(area.x, y - 1, area.width);
    let waiting = view.steps.iter().find(|step| step.state == StepState::Yours).map(|step| step.kind);
    let (role, text) = match &form.asking {
        Asking::Regenerate => (Role::Due, lang.fill("recover.ask_regenerate", &[("order", &form.order)])),
        Asking::Stop => (Role::Due, lang.fill("recover.ask_stop", &[("order", &form.order)])),
        Asking::Note(input) => (Role::Field, lang.fill("recover.note", &[("text", &input.value())])),
        Asking::Decide(_, input) => {
            (Role::Field, lang.fill("recover.decide", &[("order", &form.order), ("text", &input.value())]))
        }
        Asking::Nothing if waiting == Some(StepKind::Compare) => {
            (Role::Due, lang.text("recover.accept").to_owned())
        }
        Asking::Nothing => (Role::Dim, asked(picture, view)),
    };
    // What is typed stands at its end; where there is a second line for it, it goes on there.
    let lines = match form.asking {
        Asking::Note(_) => vec![end_of(&text, width)],
        _ => wrap(&text, width),
    };
    let lines = lines.get(lines.len().saturating_sub(2)..).unwrap_or_default();
    for (line, y) in lines.iter().zip(y..) {
        canvas.put(x, y, width, role, line);
    }
    // A text that is longer than the line is more important than the keys.
    if lines.len() < 2 {
        hints::draw(lang, &[Context::Recover], Rect { y: y + 1, height: 1, ..area }, canvas);
    }
    // The caret is drawn as well.
    let (before, _) = lines.last().filter(|_| role == Role::Field)?.rsplit_once('_')?;
    let at = if lines.len() < 2 { y } else { y + 1 };
    Some(Position::new((x + columns(before)).min(area.right() - 1), at))
}

fn asked(picture: Picture<'_>, view: &RecoveryView<'_>) -> String {
    head::asked(picture, picture.model.asked_at(view.case.order.no).filter(|_| view.is_asked))
}
