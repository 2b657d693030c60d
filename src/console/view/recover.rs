//! The recover form: what happened, every way with its gate, the checklist of the chosen one, and what must not be done.

use ratatui::layout::Position;

use super::{
    canvas::{Canvas, columns, wrap_to},
    doubt,
    head::{self, step_looks},
    one_order,
    page::Page,
};
use crate::{
    console::{
        action::Context,
        column::countdown,
        layer::recover::{Asking, RecoverForm, RecoveryView},
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{
        attempt::{Decision, State as Attempted},
        recovery::{Advice, Choice, Comparison, StepKind, StepState},
        stop::WORKS_FOR,
        stoppable::Outcome,
        triage::Cause,
    },
    lang::{
        recovery as words,
        words::{attempt_state, money_or_nothing, successor},
    },
};

/// Draws the form over the whole screen; returns where the caret stands.
pub(super) fn draw(picture: Picture<'_>, form: &RecoverForm, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let Some(view) = form.view(picture.model) else {
        one_order::open(picture, form.order, "recover.title", lang.text("recover.asking"), canvas);
        return None;
    };
    let asked = head::asked(picture, picture.model.asked_at(view.case.order.no).filter(|_| view.is_asked));
    let mut page = one_order::open(picture, form.order, "recover.title", &asked, canvas);
    let caret = question(picture, form, &view, &mut page);
    let never: Vec<String> = view.plan.never.iter().map(|never| words::never(lang, never)).collect();
    let never = lang.besides(&never);
    let steps = lines(view.steps.len() + usize::from(view.comparison.is_some()));
    let forbidden = if never.is_empty() { 0 } else { page.lines_of(&never, 2) };
    let ways = lines(view.plan.choices.len());
    happened(picture, &view, ways + steps + forbidden, &mut page);
    self::ways(picture, &view, steps + forbidden, &mut page);
    page.part(words::path(lang, view.path), "", steps + forbidden);
    self::steps(picture, &view, &mut page);
    if !never.is_empty() {
        page.gap(forbidden);
        page.entry(lang.text("recover.never"), Role::Urgent, &never, 2);
        page.gap(2);
        // Of least weight: whole, or not at all.
        if page.left() >= lines(columns(lang.text("recover.keep")).div_ceil(page.area.width.max(1)).into()) {
            page.say(Role::Muted, lang.text("recover.keep"));
        }
    }
    page.story(picture, view.case);
    caret
}

fn lines(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// What happened and what is to be done first; `kept` lines are for the ways and the steps.
fn happened(picture: Picture<'_>, view: &RecoveryView<'_>, kept: u16, page: &mut Page<'_, '_>) {
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
    page.entry(lang.text("recover.happened"), Role::Text, &text, 2);
    if let Some(made) = picture.model.successor(view.case) {
        let text = successor(lang, made, picture.model.shown_now(made));
        page.entry(lang.text("detail.became"), Role::Text, &text, 2);
    }
    let mut advice = vec![words::advice(lang, view.plan.first)];
    advice.extend(
        view.plan
            .also
            .iter()
            .filter(|also| !matches!(also, Advice::Take(_)))
            .map(|also| words::advice(lang, *also)),
    );
    page.entry(lang.text("recover.first"), Role::Strong, &lang.besides(&advice), 2);
    let warning = page.canvas.signs.mark(Mark::Warning);
    for open in view.case.lineage.attempts.iter().filter(|attempt| attempt.state == Attempted::Reversed) {
        let held = lang.fill("recover.held", &[("amount", &open.amount), ("order", &open.order.short())]);
        page.say(Role::Soon, &format!("{warning} {held}"));
    }
    stopping(picture, view, page);
    let (decides, key) = match view.to_decide(picture.model.server_now()) {
        Some((_, Decision::DidNotHappen)) => (1, "recover.may_deny"),
        Some((_, Decision::Close)) => (1, "recover.may_close"),
        None => (0, ""),
    };
    doubt::draw(picture, view.case, kept + decides, page);
    if decides > 0 {
        page.say(Role::Soon, lang.text(key));
    }
}

/// What is known of stopping issuance, with its clock.
fn stopping(picture: Picture<'_>, view: &RecoveryView<'_>, page: &mut Page<'_, '_>) {
    let (lang, now) = (picture.lang(), picture.model.shown_now(view.case));
    let Some(outcome) = Outcome::of(&view.case.order, &view.case.lineage, now) else { return };
    let (mark, role) = match outcome {
        Outcome::Working(_) => (Mark::Going, Role::Going),
        Outcome::Stopped => (Mark::Done, Role::Good),
        Outcome::Unanswered(_) => (Mark::Doubt, Role::Soon),
        Outcome::TooLate | Outcome::Refused(_) | Outcome::NotSent(_) => (Mark::Failed, Role::Soon),
    };
    let mark = page.canvas.signs.mark(mark);
    page.say(role, &format!("{mark} {}", words::stop_outcome(lang, &outcome)));
    if let Outcome::Working(until) = outcome {
        let left = until.duration_since(now);
        let at = (picture.model.now() + left).to_zoned(picture.model.setup.zone.clone());
        let (at, shown) = (at.strftime("%H:%M:%S").to_string(), countdown(left));
        let text = lang.fill("recover.stop_clock", &[("at", &at), ("left", &shown)]);
        page.clock(None, Role::Going, (left.as_secs(), WORKS_FOR.as_secs()), &text);
    }
}

/// Every way, open or not, with what it costs or why it is closed. `kept` lines are for what follows: where not all ways
/// have room beside that, those around the chosen one are shown, and how many more there are is said.
fn ways(picture: Picture<'_>, view: &RecoveryView<'_>, kept: u16, page: &mut Page<'_, '_>) {
    const LEAST: u16 = 2;
    let lang = picture.lang();
    let choices = &view.plan.choices;
    let all = lines(choices.len());
    let names = choices.iter().map(|choice| columns(words::path(lang, choice.path)));
    let name = names.max().unwrap_or(0);
    let room = page.left().saturating_sub(kept);
    let shown = if room >= all { all } else { room.saturating_sub(1).max(LEAST).min(all) };
    let chosen = choices.iter().position(|choice| choice.path == view.path).unwrap_or(0);
    let first = lines(chosen).saturating_sub(shown / 2).min(all - shown);
    let hidden = all - shown;
    let more = if hidden > 0 { lang.fill("recover.more_ways", &[("count", &hidden)]) } else { String::new() };
    page.part(lang.text("recover.ways"), &more, if hidden > 0 { 0 } else { all + kept });
    let mut others = shown;
    let mut before = None;
    for Choice { path, open } in choices.iter().skip(first.into()).take(shown.into()) {
        if !page.has_room() {
            break;
        }
        others -= 1;
        let (x, y) = (page.area.x, page.y);
        let is_chosen = *path == view.path;
        if is_chosen {
            page.canvas.sign(x, y, Role::Accent, page.canvas.signs.mark(Mark::Chosen));
        }
        let role = match (is_chosen, open) {
            (true, _) => Role::Strong,
            (false, Ok(_)) => Role::Text,
            (false, Err(_)) => Role::Muted,
        };
        page.canvas.put(x + 2, y, name, role, words::path(lang, *path));
        let (mark, role, said, text) = match open {
            Ok(cost) => {
                let text = cost.map_or(lang.text("recover.yes").to_owned(), |cost| cost.to_string());
                (Mark::Done, Role::Good, Role::Text, text)
            }
            Err(why) => (Mark::Failed, Role::Muted, Role::Muted, words::why(lang, why)),
        };
        let is_said = !is_chosen && open.is_err() && before.as_ref() == Some(&text);
        let said_before = before.replace(text);
        let text = match said_before {
            Some(_) if is_said => lang.text("recover.as_above"),
            _ => before.as_deref().unwrap_or_default(),
        };
        let at = x + name + 4;
        page.canvas.sign(at, y, role, page.canvas.signs.mark(mark));
        let room = (x + page.area.width).saturating_sub(at + 2);
        // The reason of the chosen one is shown to its end.
        let most = if is_chosen && page.left() > others + kept + 1 { 2 } else { 1 };
        for line in wrap_to(text, room, most) {
            page.canvas.put(at + 2, page.y, room, said, &line);
            page.y += 1;
        }
    }
}

/// The steps of the chosen way, each with its state beside it, and the prices below the step that compares them.
fn steps(picture: Picture<'_>, view: &RecoveryView<'_>, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    let texts = view.steps.iter().map(|step| columns(words::step(lang, step.kind)));
    let widest = texts.max().unwrap_or(0);
    for (n, step) in (1..).zip(&view.steps) {
        if !page.has_room() {
            return;
        }
        let (x, y, right) = (page.area.x, page.y, page.area.x + page.area.width);
        let (mark, role) = step_looks(page.canvas.signs, step.state);
        page.canvas.put(x, y, 1, Role::Muted, &format!("{n}"));
        page.canvas.sign(x + 2, y, role, mark);
        let said = if step.state == StepState::Later { Role::Muted } else { Role::Text };
        page.canvas.put(x + 4, y, widest, said, words::step(lang, step.kind));
        // The mark of what comes later says all of it.
        let state = if step.state == StepState::Later { "" } else { words::step_state(lang, step.state) };
        let end = page.canvas.put(x + widest + 6, y, right, role, state);
        let cost = match (step.kind, step.cost) {
            (_, Some(cost)) => cost.to_string(),
            (StepKind::Pay, None) => lang.text("step.the_price").to_owned(),
            _ => String::new(),
        };
        if end + columns(&cost) + 2 <= right {
            page.canvas.put_right(x, y, page.area.width, Role::Muted, &cost);
        }
        page.y += 1;
        if let Some(comparison) = view.comparison.filter(|_| step.kind == StepKind::Compare) {
            compared(picture, comparison, page);
        }
    }
}

/// The old price beside the new one, with what that means.
fn compared(picture: Picture<'_>, comparison: Comparison, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    let old = money_or_nothing(comparison.old);
    let prices = lang.fill("recover.old_price", &[("old", &old), ("new", &comparison.new)]);
    let (role, verdict) = match comparison.rise() {
        None => (Role::Soon, lang.text("recover.old_unknown").to_owned()),
        Some(rise) if rise.amount.is_zero() => (Role::Good, lang.text("recover.same_price").to_owned()),
        Some(rise) if rise.amount.is_sign_positive() => {
            (Role::Soon, lang.fill("recover.dearer", &[("rise", &rise)]))
        }
        Some(rise) => {
            let less = comparison.old.and_then(|old| old.minus(comparison.new)).unwrap_or(rise);
            (Role::Good, lang.fill("recover.cheaper", &[("rise", &less)]))
        }
    };
    if page.has_room() {
        let (x, right) = (page.area.x, page.area.x + page.area.width);
        let end =
            page.canvas.put_cut(x + 4, page.y, page.area.width.saturating_sub(4), Role::Strong, &prices) + 2;
        page.canvas.put_cut(end, page.y, right.saturating_sub(end), role, &verdict);
        page.y += 1;
    }
}

/// What is asked in the last lines of the page, and the keys below it.
fn question(
    picture: Picture<'_>,
    form: &RecoverForm,
    view: &RecoveryView<'_>,
    page: &mut Page<'_, '_>,
) -> Option<Position> {
    let lang = picture.lang();
    let waiting = view.steps.iter().find(|step| step.state == StepState::Yours).map(|step| step.kind);
    let (role, text, keys) = match &form.asking {
        Asking::Regenerate => {
            (Role::Soon, lang.fill("recover.ask_regenerate", &[("order", &form.order)]), Context::Question)
        }
        Asking::Stop => {
            (Role::Soon, lang.fill("recover.ask_stop", &[("order", &form.order)]), Context::Question)
        }
        Asking::Note(input) => {
            (Role::Field, lang.fill("recover.note", &[("text", &input.value())]), Context::Note)
        }
        Asking::Decide(_, input) => {
            let text = lang.fill("recover.decide", &[("order", &form.order), ("text", &input.value())]);
            page.keys_said(lang.text("baggage.keys"));
            return page.ask(Role::Field, &text);
        }
        Asking::Nothing if waiting == Some(StepKind::Compare) => {
            (Role::Soon, lang.text("recover.accept").to_owned(), Context::Recover)
        }
        Asking::Nothing => {
            page.keys(picture, &[Context::Recover]);
            return None;
        }
    };
    page.keys(picture, &[keys]);
    page.ask(role, &text)
}
