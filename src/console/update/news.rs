//! What the operator learns of what the desk said.

use std::sync::Arc;

use super::{alerts, commit, found, marks, turn::Turn};
use crate::{
    atlas::ReadError,
    console::{
        action::{Action, Context},
        aside::{Aside, StoryTurn},
        layer::{
            Layer,
            pay::{PayForm, Phase},
        },
        message::Effect,
        model::{Change, Changes, HealthBefore},
        reload::Reload,
        ui::Awaited,
        workspace::Unread,
    },
    desk::{
        health::{Health, Notice, Odd},
        hub::{Command, Reply},
    },
    domain::{
        airline_trouble::AirlineTroubles, attempt, case::Case, mask::mask, order::OrderNo, text::Text,
        triage::Group, vendor_clock::Trust,
    },
    lang::{baggage, recovery, system, wire, words},
};

/// So many orders are asked for at once when the story of a demo has moved; the others when their turn comes.
const ASKED_AT_MOST: usize = 100;

/// The model has taken over what the desk said.
pub(super) fn on_changes(turn: &mut Turn<'_>, changes: Changes) {
    if let Some(before) = &changes.health {
        on_health(turn, before);
    }
    if let Some(before) = &changes.troubles {
        on_troubles(turn, before);
    }
    turn.ui.dirty |= changes.balances || (changes.fresh && turn.ui.layers.iter().any(Layer::shows_freshness));
    for change in &changes.cases {
        say_attempts(turn, change);
    }
    alerts::on_changes(turn, &changes);
    // A form says when its order was asked for.
    let waits = turn.ui.layers.form().is_some();
    turn.ui.dirty |= changes.cases.iter().any(|change| waits || change.is_news());
    mark_changed(turn, &changes);
    if turn.ui.holds_rows() {
        let news = changes.cases.iter().filter(|change| change.is_news());
        turn.ui.held.extend(news.map(|change| change.case.order.no));
    } else {
        let cases = changes.cases.into_iter().map(|change| change.case).collect();
        turn.ui.list.put(cases, turn.model.server_now(), &turn.model.standstill);
    }
    if changes.missed > 0 {
        turn.log(turn.ui.lang.fill("message.missed", &[("count", &changes.missed)]), true);
    }
    turn.ui.dirty |= !changes.notices.is_empty();
    for notice in changes.notices {
        on_notice(turn, notice);
    }
    for reply in changes.replies {
        on_reply(turn, reply);
    }
    refresh_form(turn);
    if changes.ended {
        turn.effects.push(Effect::Quit);
    }
}

/// Marks what is said otherwise now, and what is new; not what comes in until the whole list was read once.
fn mark_changed(turn: &mut Turn<'_>, changes: &Changes) {
    let model = turn.model;
    let health = changes.health.as_ref().map_or(&model.health, |before| &before.health);
    let is_at_start = health.last_sweep.is_none() || turn.ui.list.is_empty();
    let is_news_here = |change: &&Change| {
        let is_first = change.before.is_none();
        !(is_first && (is_at_start || model.remembered_from(change.case.order.no).is_some()))
    };
    for change in changes.cases.iter().filter(is_news_here) {
        turn.ui.changed.on_change(change, |case| Group::of(case, model.shown_now(case)));
    }
}

fn on_health(turn: &mut Turn<'_>, HealthBefore { health: before, was_stale }: &HealthBefore) {
    let (health, lang) = (&turn.model.health, turn.ui.lang);
    if let Some(error) = health.error.as_ref().filter(|error| before.error.as_ref() != Some(error)) {
        turn.log(wire::read_error(lang, error), true);
    }
    if health.clock != before.clock && matches!(health.clock, Trust::Doubtful(_)) {
        turn.log(words::vendor_clock(lang, health), true);
    }
    // The rest is shown in the log alone.
    let in_header = |health: &Health| {
        (
            health.is_reading,
            health.failures,
            health.silent_until,
            health.clock_offset,
            health.clock,
            health.in_flight,
            health.unpriced,
            health.paying_off.clone(),
            health.last_success.is_some(),
            health.last_sweep.is_some(),
        )
    };
    turn.ui.dirty |=
        in_header(before) != in_header(health) || *was_stale || turn.ui.layers.context() == Context::Overlay;
    if before.paying_off.is_none()
        && let Some(reason) = &health.paying_off
    {
        let reason = system::cause(turn.ui.lang, reason);
        turn.say_with("message.paying_off", &[("reason", &reason)], true);
    }
}

/// The log says which airlines have come into trouble and which have recovered; a mark that ends by itself just ends.
fn on_troubles(turn: &mut Turn<'_>, before: &AirlineTroubles) {
    turn.ui.dirty = true;
    let (lang, now, after) = (turn.ui.lang, turn.model.now(), Arc::clone(&turn.model.troubles));
    for trouble in after.all(now).filter(|trouble| before.of(trouble.airline, now).is_none()) {
        turn.log(words::airline_trouble(lang, &trouble), true);
    }
    for trouble in before.all(now).filter(|trouble| after.of(trouble.airline, now).is_none()) {
        turn.log(lang.fill("log.airline_recovered", &[("airline", &trouble.airline)]), false);
    }
}

/// A fresh answer may end what the form waits for, or contradict what it has shown.
fn refresh_form(turn: &mut Turn<'_>) {
    let Some((form, payment_context)) = turn.form() else { return };
    let is_checked = form.is_checked(&payment_context);
    if is_checked {
        form.trouble = None;
        if form.remark == Some("form.checking") {
            form.remark = None;
        }
    }
    form.on_change(&payment_context);
    if form.goes_on && is_checked {
        form.review(&payment_context);
    }
}

/// Says in the log when an attempt has moved on, and rings when a person is needed.
fn say_attempts(turn: &mut Turn<'_>, Change { case, before, .. }: &Change) {
    let known = before.as_ref().map(|before| before.lineage.attempts.as_slice()).unwrap_or_default();
    for attempt in case.lineage.attempts_on(case.order.no) {
        let state = known.iter().find(|other| other.id == attempt.id).map(|other| &other.state);
        if state == Some(&attempt.state) || (state.is_none() && !attempt.state.is_open()) {
            continue;
        }
        let words = words::attempt_state(turn.ui.lang, &attempt.state);
        turn.log(format!("{}  {}  {words}", attempt.order, attempt.amount), attempt.state.is_doubtful());
        if turn.model.setup.alerts.bell
            && turn.ui.alerts.has_focus != Some(true)
            && attempt.state.is_doubtful()
            && !matches!(attempt.state, attempt::State::Sending)
        {
            turn.effects.push(Effect::Ring);
        }
    }
}

/// What concerns every listener.
fn on_notice(turn: &mut Turn<'_>, notice: Notice) {
    let lang = turn.ui.lang;
    let text = match notice {
        Notice::HeldBack { order, error, again_at } => {
            let at = again_at.to_zoned(turn.model.setup.zone.clone()).strftime("%H:%M:%S");
            let said = wire::read_error(lang, &error);
            lang.fill("message.held_back", &[("order", &order), ("error", &said), ("at", &at)])
        }
        Notice::OddList { page, odd } => {
            let key = match odd {
                Odd::Repeats => "message.list_repeats",
                Odd::Endless => "message.list_endless",
            };
            lang.fill(key, &[("page", &page)])
        }
    };
    turn.log(text, true);
}

/// What became of a command of ours. Most of them show by what changed.
fn on_reply(turn: &mut Turn<'_>, reply: Reply) {
    match &reply {
        Reply::Answered(order) if marks::on_end(turn, *order, true) => return,
        Reply::Unanswered { order, .. }
            if marks::on_end(turn, *order, false) && !is_waited_for(turn, *order) =>
        {
            return;
        }
        _ => {}
    }
    if let Reply::NotWorked { order, .. } | Reply::NotRecorded { order, .. } = &reply {
        turn.ui.undo.on_refused(*order);
    }
    let (lang, layers) = (turn.ui.lang, &mut turn.ui.layers);
    let text = match reply {
        Reply::Answered(order) => return found::on_answer(turn, order),
        reply @ (Reply::Found { .. } | Reply::NotFound { .. }) => return found::on_reply(turn, reply),
        Reply::Done
        | Reply::Begun(_)
        | Reply::Regenerating { .. }
        | Reply::Accepting { .. }
        | Reply::Stopping { .. } => return,
        reply @ (Reply::Link { .. } | Reply::NotCommitted { .. }) => return commit::on_reply(turn, reply),
        Reply::Unanswered { order, error, .. } => {
            let said = wire::read_error(lang, &error);
            let is_awaited = turn.ui.awaited == Some(Awaited::Order(order));
            turn.ui.awaited.take_if(|awaited| *awaited == Awaited::Order(order));
            if is_awaited && error == ReadError::NoSuchOrder {
                return turn.say_with("find.no_order", &[("order", &order)], true);
            }
            if let Some(form) = layers.form_mut().filter(|form| form.order == order) {
                form.trouble = Some(error);
                form.remark = None;
            }
            lang.fill("message.unanswered", &[("order", &order.short()), ("error", &said)])
        }
        Reply::NotRegenerated { order, reason } => {
            if let Some(form) = layers.recover_mut().filter(|form| form.order == order) {
                form.regenerating = None;
            }
            recovery::not_regenerated(lang, &reason)
        }
        Reply::LossNotDecided { order, reason } => {
            let reason = baggage::not_decided(lang, &reason);
            lang.fill("baggage.not_decided", &[("order", &order.short()), ("reason", &reason)])
        }
        Reply::NotStopped { order, reason } => {
            if let Some(form) = layers.recover_mut().filter(|form| form.order == order) {
                form.stopping = None;
            }
            recovery::not_stopped(lang, &reason)
        }
        Reply::NotWorked { order, reason } => {
            let reason = words::not_worked(lang, &reason);
            lang.fill("refusal.named", &[("subject", &order.short()), ("reason", &reason)])
        }
        Reply::NotAcknowledged(None) => lang.text("recover.read_only").to_owned(),
        Reply::NotAcknowledged(Some(reason)) => {
            let reason = system::cause(lang, &reason);
            lang.fill("alert.not_acknowledged", &[("reason", &reason)])
        }
        Reply::NotDecided { .. } => lang.text("recover.not_decided").to_owned(),
        Reply::NotRecorded { order, note, reason } => {
            let key = if note.is_some() { "message.note_not_recorded" } else { "message.not_recorded" };
            turn.ui.unrecorded.extend(note.map(|text| (order, text)));
            let reason = system::cause(lang, &reason);
            let again = turn.model.setup.keymap.label(Context::Table, Action::Note);
            lang.fill(key, &[("order", &order.short()), ("reason", &reason), ("key", &again)])
        }
        Reply::NotBegun { id, order, reason } => {
            let why = words::not_begun_by(lang, &reason, turn.model.in_its_way(&reason));
            let text = format!("{order}  {why}");
            let is_ours = |form: &&mut PayForm| matches!(form.phase, Phase::Following(ours) if ours == id);
            if let Some(form) = layers.form_mut().filter(is_ours) {
                form.phase = Phase::NotBegun(reason);
            }
            turn.log(text, true);
            turn.ui.dirty = true;
            return;
        }
        Reply::NotTaken | Reply::Ended => lang.text("message.desk_gone").to_owned(),
    };
    turn.say_text(text, true);
    turn.ui.dirty = true;
}

/// A form is open that waits for the answer.
fn is_waited_for(turn: &Turn<'_>, order: OrderNo) -> bool {
    turn.ui.layers.form().is_some_and(|form| form.order == order)
}

/// Something was done to the story of a demo, which the desk would find out by and by: it asks at once.
fn on_story(turn: &mut Turn<'_>, story: StoryTurn) {
    let (model, now) = (turn.model, turn.model.server_now());
    let cases: Vec<Arc<Case>> = model.cases().map(Arc::clone).collect();
    if story == StoryTurn::Reset {
        turn.send(Command::RefreshAll);
    } else if story != StoryTurn::Paused {
        // Their deadlines are others; what is nearest to its end first.
        let mut unpaid: Vec<&Arc<Case>> =
            cases.iter().filter(|case| case.order.has_time_left(model.shown_now(case))).collect();
        unpaid.sort_by_key(|case| case.order.deadline());
        for case in unpaid.into_iter().take(ASKED_AT_MOST) {
            turn.send(Command::Inspect(case.order.no));
        }
    }
    if !turn.ui.holds_rows() {
        turn.ui.list.put(cases, now, &model.standstill);
    }
    alerts::on_story(turn);
}

/// The set-up is another one.
fn on_reload(turn: &mut Turn<'_>, reload: &Reload) {
    if let Some(lang) = reload.lang {
        turn.ui.lang = lang;
    }
    if reload.queues.is_some() || reload.zone.is_some() {
        let setup = &turn.model.setup;
        turn.ui.saved = Some((setup.queues.clone(), setup.zone.clone()));
    }
    // An error that said what was wrong with it is mended.
    turn.ui.remark = None;
    if reload.waits.is_empty() {
        turn.say("message.reloaded", false);
    } else {
        let keys = reload.waits.join(", ");
        turn.say_with("message.reloaded_in_part", &[("keys", &keys)], false);
    }
}

/// What somebody else than the desk has to say.
pub(super) fn on_aside(turn: &mut Turn<'_>, aside: Aside) {
    match aside {
        Aside::Narrated(narration) => turn.ui.narration = Some(narration),
        Aside::Story(story) => on_story(turn, story),
        Aside::NotListening(reason) => {
            let reason = system::cause(turn.ui.lang, &reason);
            turn.say_with("message.deaf", &[("reason", &reason)], true);
        }
        Aside::DemoFolder(folder) => {
            let text = turn.ui.lang.fill("message.demo_folder", &[("folder", &folder)]);
            turn.log(text, false);
        }
        Aside::NoWorkspace(Unread::Newer(version)) => {
            let text = turn.ui.lang.fill("left.newer", &[("version", &version)]);
            turn.log(text, true);
        }
        Aside::NoWorkspace(Unread::Broken(reason)) => {
            let reason = Text::new(&mask(&system::cause(turn.ui.lang, &reason)));
            let text = turn.ui.lang.fill("left.broken", &[("reason", &reason.as_str())]);
            turn.log(text, true);
        }
        Aside::NotKept(reason) => {
            let reason = system::cause(turn.ui.lang, &reason);
            turn.say_with("left.not_kept", &[("reason", &reason)], true);
        }
        Aside::NoLog(reason) => {
            let reason = system::cause(turn.ui.lang, &reason);
            turn.say_with("message.no_log", &[("reason", &reason)], true);
        }
        Aside::Reloaded(reload) => on_reload(turn, &reload),
        Aside::NotReloaded(reason) => turn.say_with("message.not_reloaded", &[("reason", &reason)], true),
        Aside::NotWatching(reason) => {
            let reason = system::cause(turn.ui.lang, &reason);
            turn.log(turn.ui.lang.fill("message.not_watching", &[("reason", &reason)]), true);
        }
    }
    turn.ui.dirty = true;
}
