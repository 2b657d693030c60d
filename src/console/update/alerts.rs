//! Alerts: found when something changes or a moment comes, raised by the desk once, told of while nobody looks, listed until
//! somebody acknowledges them.

use crossterm::event::KeyEvent;
use jiff::{SignedDuration, Timestamp};

use super::{filter, turn::Turn, unknown};
use crate::{
    console::{action::Action, layer::Layer, message::Effect, model::Changes, ui::SelectedBy},
    desk::hub::Command,
    domain::{
        alert::{Alert, Cause, Key, Listed},
        text::Text,
        triage::Queue,
    },
    lang::alert as words,
};

/// What was due already when the program began is told of together, after so long.
const GATHERS_FOR: SignedDuration = SignedDuration::from_secs(5);

/// More alerts than this that come at once are told of together.
const APART_AT_MOST: usize = 3;

/// A title is no longer than this.
const NOTICE_LENGTH: usize = 120;

/// The model has taken over what the desk said.
pub(super) fn on_changes(turn: &mut Turn<'_>, changes: &Changes) {
    let (model, now) = (turn.model, turn.model.server_now());
    let started = started(turn);
    for change in &changes.cases {
        // What is only remembered may have come to anything since.
        if model.remembered_from(change.case.order.no).is_none() {
            let before = change.before.as_deref().filter(|_| !change.was_remembered);
            turn.ui.alerts.watch.put(&change.case, before, (now, started), &model.standstill);
        }
    }
    let (alerts, gathers_until) = (&mut turn.ui.alerts, model.started_at + GATHERS_FOR);
    if alerts.gathered.until.is_none() && model.now() < gathers_until && alerts.watch.stood() > 0 {
        alerts.gathered.until = Some(gathers_until);
    }
    turn.ui.dirty |= !changes.acknowledged.is_empty() || !changes.alerts.is_empty();
    tell(turn, &changes.alerts);
    raise(turn);
}

/// Since when the console is there, by the vendor's clock.
fn started(turn: &Turn<'_>) -> Timestamp {
    let model = turn.model;
    model.server_now() - model.now().duration_since(model.started_at)
}

/// The story of a demo has stopped, gone on or begun anew: every deadline is another.
pub(super) fn on_story(turn: &mut Turn<'_>) {
    let (model, now) = (turn.model, turn.model.server_now());
    let started = started(turn);
    for case in model.cases().filter(|case| model.remembered_from(case.order.no).is_none()) {
        turn.ui.alerts.watch.put(case, None, (now, started), &model.standstill);
    }
    raise(turn);
}

/// A moment has come.
pub(super) fn pass_time(turn: &mut Turn<'_>) {
    let model = turn.model;
    let case = |order| model.case(order).map(|case| &**case);
    let started = started(turn);
    turn.ui.alerts.watch.pass_time(model.server_now(), started, &model.standstill, case);
    raise(turn);
    let gathered = &mut turn.ui.alerts.gathered;
    if gathered.until.is_some_and(|until| until <= model.now()) {
        gathered.until = None;
        let keys = std::mem::take(&mut gathered.keys);
        tell_start(turn, &keys);
    }
}

/// Asks the desk to raise what is due. It is told of once the desk has done so, which another program may have.
fn raise(turn: &mut Turn<'_>) {
    let model = turn.model;
    let watch = &mut turn.ui.alerts.watch;
    watch.look_around(&model.balances, &model.troubles, &model.raised, model.now());
    let due = watch.take_due(&model.raised);
    if !due.is_empty() {
        turn.send(Command::Raise(due.into_iter().map(|due| due.key).collect()));
    }
}

/// Tells of alerts that are new here.
fn tell(turn: &mut Turn<'_>, alerts: &[Alert]) {
    let (now, started) = (turn.model.now(), turn.model.started_at);
    let waiting = alerts.iter().filter(|alert| alert.acknowledged.is_none()).map(|alert| alert.key);
    let keys: Vec<Key> = waiting.collect();
    if keys.is_empty() {
        return;
    }
    let gathered = &mut turn.ui.alerts.gathered;
    if now < started + GATHERS_FOR || gathered.until.is_some() {
        gathered.keys.extend(keys);
        gathered.until.get_or_insert(started + GATHERS_FOR);
    } else if keys.len() > APART_AT_MOST {
        tell_together(turn, &keys);
    } else {
        for key in keys {
            tell_one(turn, &said(turn, key));
        }
    }
}

/// What there is at the start: how many orders needed somebody before, and the alerts.
fn tell_start(turn: &mut Turn<'_>, keys: &[Key]) {
    let (lang, count) = (turn.ui.lang, turn.ui.alerts.watch.stood());
    let stood = (count > 0).then(|| lang.fill("alert.stood", &[("count", &count)]));
    let texts: Vec<String> = stood.into_iter().chain(together(turn, keys)).collect();
    if !texts.is_empty() {
        tell_one(turn, &lang.besides(&texts));
    }
}

fn tell_together(turn: &mut Turn<'_>, keys: &[Key]) {
    if let Some(text) = together(turn, keys) {
        tell_one(turn, &text);
    }
}

/// Alerts of which the causes last, as one: what it says, or how many they are.
fn together(turn: &Turn<'_>, keys: &[Key]) -> Option<String> {
    let watch = &turn.ui.alerts.watch;
    let waiting: Vec<Key> = keys.iter().copied().filter(|key| watch.is_there(key.cause)).collect();
    let lang = turn.ui.lang;
    match waiting.as_slice() {
        [] => None,
        [key] => Some(said(turn, *key)),
        several => Some(lang.fill("alert.several", &[("count", &several.len())])),
    }
}

fn said(turn: &Turn<'_>, key: Key) -> String {
    let case = key.cause.order().and_then(|order| turn.model.case(order));
    words::alert(turn.ui.lang, key, case.map(|case| &**case))
}

/// While somebody looks, the screen says it.
fn tell_one(turn: &mut Turn<'_>, text: &str) {
    if turn.ui.alerts.has_focus == Some(true) {
        return;
    }
    let setup = &turn.model.setup;
    if setup.alerts.bell {
        turn.effects.push(Effect::Ring);
    }
    if setup.alerts.notify {
        let text: String =
            format!("paydesk {}: {text}", setup.stage.word()).chars().take(NOTICE_LENGTH).collect();
        turn.effects.push(Effect::Notify(Text::new(&text)));
    }
}

/// What follows every message: what waits is counted, and the window is called by it.
pub(super) fn settle(turn: &mut Turn<'_>) {
    let setup = &turn.model.setup;
    turn.ui.dirty |= turn.ui.alerts.find_waiting(&turn.model.raised);
    let stage = setup.stage.word();
    let title = match turn.ui.alerts.waiting.0 {
        count if count > 0 && setup.alerts.title => format!("{count}! paydesk {stage}"),
        _ => format!("paydesk {stage}"),
    };
    let (title, is_ours) = (Text::new(&title), turn.ui.alerts.title.is_some());
    // Switched off, a title that counted counts no more.
    if (setup.alerts.title || is_ours) && turn.ui.alerts.title.as_ref() != Some(&title) {
        turn.effects.push(Effect::Title(title.clone()));
        turn.ui.alerts.title = Some(title);
    }
}

fn lines(turn: &Turn<'_>) -> Vec<Listed> {
    turn.ui.alerts.watch.lines(&turn.model.raised, turn.model.now())
}

/// Opens the list, on its first line.
pub(super) fn open(turn: &mut Turn<'_>) {
    let first = lines(turn).first().map(Listed::cause);
    turn.ui.layers.push(Layer::Alerts(first));
}

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let Some(Layer::Alerts(selected)) = turn.ui.layers.top() else { return };
    let (selected, lines) = (*selected, lines(turn));
    let at = lines.iter().position(|line| Some(line.cause()) == selected);
    if let Some(Err(why)) = action.map(|action| action.possible(turn.picture().standing())) {
        return turn.say(why, true);
    }
    match action {
        Some(Action::LineDown) => select(turn, &lines, at.map_or(0, |at| at + 1)),
        Some(Action::LineUp) => select(turn, &lines, at.unwrap_or(0).saturating_sub(1)),
        Some(Action::PageDown) => select(turn, &lines, at.unwrap_or(0) + 10),
        Some(Action::PageUp) => select(turn, &lines, at.unwrap_or(0).saturating_sub(10)),
        Some(Action::Language) => turn.ui.lang = turn.ui.lang.other(),
        Some(Action::Close) => drop(turn.ui.layers.pop()),
        Some(Action::GoToOrder) => go_to_order(turn, selected),
        Some(Action::Acknowledge) => {
            let Some(line) = at.and_then(|at| lines.get(at)) else { return };
            acknowledge(turn, [line.cause()]);
            // What is next comes under the key, unless it was the last.
            let next = at.map_or(0, |at| at + 1);
            if lines.get(next).is_some_and(|line| line.alert.acknowledged.is_none()) {
                select(turn, &lines, next);
            }
        }
        Some(Action::AcknowledgeAll) => acknowledge(turn, lines.iter().map(Listed::cause)),
        _ => unknown::say(turn, &key),
    }
}

fn select(turn: &mut Turn<'_>, lines: &[Listed], at: usize) {
    let line = lines.get(at).or(lines.last());
    if let (Some(Layer::Alerts(selected)), Some(line)) = (turn.ui.layers.top_mut(), line) {
        *selected = Some(line.cause());
    }
}

fn acknowledge(turn: &mut Turn<'_>, causes: impl IntoIterator<Item = Cause>) {
    let raised = &turn.model.raised;
    let keys: Vec<Key> = causes.into_iter().flat_map(|cause| raised.open_of(cause)).collect();
    if !keys.is_empty() {
        turn.send(Command::Acknowledge(keys));
    }
}

/// Closes the list and selects the order, whatever queue or filter leaves it out.
fn go_to_order(turn: &mut Turn<'_>, selected: Option<Cause>) {
    let Some(order) = selected.and_then(Cause::order) else { return turn.say("alert.no_order", false) };
    if turn.ui.list.case(order).is_none() {
        return turn.say("alert.not_listed", false);
    }
    turn.ui.layers.pop();
    turn.ui.selected_by = SelectedBy::Operator;
    turn.ui.scroll = 0;
    turn.ui.list.select(order);
    if turn.ui.list.position().is_none() {
        turn.ui.list.look_at(Queue::All);
    }
    if turn.ui.list.position().is_none() {
        filter::clear(turn);
    }
    turn.ui.list.select(order);
}
