//! What news of the desk does to the state.

use std::sync::Arc;

use super::{form_mut, with_form};
use crate::{
    console::{
        aside::Aside,
        form::Step,
        message::Effect,
        state::{Layer, State},
    },
    desk::{
        handle::{Reply, Update},
        health::{Health, Notice, Odd},
    },
    domain::{attempt, case::Case, vendor_clock::Trust},
    lang::{recovery, wire, words},
};

/// News from the desk.
pub(super) fn take_in(state: &mut State, news: Update, effects: &mut Vec<Effect>) {
    let was_off = state.health.paying_off.is_some();
    if let Some(health) = news.health {
        let error = health.error.as_ref().filter(|error| state.health.error.as_ref() != Some(error));
        if let Some(error) = error.map(|error| wire::read_error(state.lang(), error)) {
            state.note(error, true);
        }
        if health.clock != state.health.clock && matches!(health.clock, Trust::Doubtful(_)) {
            state.note(words::vendor_clock(state.lang(), &health), true);
        }
        let quiet = |health: &Health| {
            (
                health.failures,
                health.silent_until,
                health.clock_offset,
                health.clock,
                health.in_flight,
                health.paying_off.clone(),
                health.last_success.is_some(),
            )
        };
        let visible = quiet(&state.health) != quiet(&health)
            || state.stale_for().is_some()
            || (state.health.last_sweep.is_none() != health.last_sweep.is_none())
            || matches!(state.layers.last(), Some(Layer::Log));
        state.dirty |= visible;
        state.health = health;
    }
    if !was_off && let Some(reason) = state.health.paying_off.clone() {
        state.say(state.lang().fill("message.paying_off", &[("reason", &reason)]), true);
    }
    if let Some(balances) = news.balances {
        state.balances = balances;
        state.dirty = true;
    }
    if let Some(refusals) = news.refusals {
        state.refusals = refusals;
    }
    for case in &news.cases {
        notice_attempts(state, case, effects);
    }
    // How fresh an order is shows where somebody waits for that.
    let shows_freshness = |layer: &Layer| matches!(layer, Layer::Pay(_) | Layer::Recover(_));
    state.dirty |= !news.fresh.is_empty() && state.layers.iter().any(shows_freshness);
    state.fresh.extend(news.fresh);
    state.dirty |= news.cases.iter().any(|case| is_visible_change(state, case));
    if state.holds_rows() {
        state.held.extend(news.cases.into_iter().map(|case| (case.order.no, case)));
    } else {
        let now = state.server_now();
        state.list.put(news.cases, now);
    }
    if news.missed > 0 {
        state.note(state.lang().fill("message.missed", &[("count", &news.missed)]), true);
    }
    state.dirty |= !news.notices.is_empty();
    for notice in news.notices {
        on_notice(state, notice);
    }
    for (_, reply) in news.replies {
        on_reply(state, reply);
    }
    if let Some(order) = state.form().map(|form| form.order) {
        with_form(state, order, |form, situation| {
            if form.is_checked(situation) {
                form.trouble = None;
                if form.remark == Some("form.checking") {
                    form.remark = None;
                }
            }
            form.see_change(situation);
            if form.goes_on && form.is_checked(situation) {
                form.review(situation);
            }
        });
    }
    if news.ended {
        effects.push(Effect::Quit);
    }
}

/// False for an answer that only says the same again.
fn is_visible_change(state: &State, case: &Arc<Case>) -> bool {
    let Some(known) = state.case(case.order.no) else { return true };
    if state.form().is_some() {
        return true;
    }
    known.order != case.order || known.lineage != case.lineage || known.story != case.story
}

/// Says in the log when an attempt has moved on, and rings when a person is needed.
fn notice_attempts(state: &mut State, case: &Case, effects: &mut Vec<Effect>) {
    let known = state.case(case.order.no).map(Arc::clone);
    let known = known.as_ref().map(|known| known.lineage.attempts.as_slice()).unwrap_or_default();
    let lang = state.lang();
    for attempt in case.lineage.attempts_on(case.order.no) {
        let before = known.iter().find(|other| other.id == attempt.id).map(|other| &other.state);
        if before == Some(&attempt.state) || (before.is_none() && !attempt.state.is_open()) {
            continue;
        }
        let words = words::attempt_state(lang, &attempt.state);
        state.note(format!("{}  {}  {words}", attempt.order, attempt.amount), attempt.state.is_doubtful());
        if state.setup.bell
            && attempt.state.is_doubtful()
            && !matches!(attempt.state, attempt::State::Sending)
        {
            effects.push(Effect::Ring);
        }
    }
}

/// What concerns every listener.
fn on_notice(state: &mut State, notice: Notice) {
    let lang = state.lang();
    let text = match notice {
        Notice::HeldBack { order, error, again_at } => {
            let at = again_at.to_zoned(state.setup.zone.clone()).strftime("%H:%M:%S");
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
    state.note(text, true);
}

/// What became of a command of ours. Most of them show by what changed.
fn on_reply(state: &mut State, reply: Reply) {
    let lang = state.lang();
    let text = match reply {
        Reply::Done | Reply::Answered(_) | Reply::Begun(_) | Reply::Regenerating { .. } => return,
        Reply::Unanswered { order, error, .. } => {
            let said = wire::read_error(lang, &error);
            if let Some(form) = form_mut(state).filter(|form| form.order == order) {
                form.trouble = Some(error);
                form.remark = None;
            }
            lang.fill("message.unanswered", &[("order", &order.short()), ("error", &said)])
        }
        Reply::NotRegenerated { order, reason } => {
            for layer in &mut state.layers {
                if let Layer::Recover(form) = layer
                    && form.order == order
                {
                    form.remaking = None;
                }
            }
            recovery::not_remade(lang, &reason)
        }
        Reply::NotDecided { .. } => lang.text("recover.not_decided").to_owned(),
        Reply::NotRecorded { order, reason } => {
            lang.fill("message.not_recorded", &[("order", &order.short()), ("reason", &reason)])
        }
        Reply::NotBegun { id, order, reason } => {
            state.note(format!("{order}  {}", words::not_begun(lang, &reason)), true);
            if let Some(form) =
                form_mut(state).filter(|form| matches!(form.step, Step::Following(ours) if ours == id))
            {
                form.step = Step::NotBegun(reason);
            }
            state.dirty = true;
            return;
        }
        Reply::NotTaken | Reply::Ended => lang.text("message.desk_gone").to_owned(),
    };
    state.say(text, true);
    state.dirty = true;
}

/// What somebody else than the desk has to say.
pub(super) fn on_aside(state: &mut State, aside: Aside) {
    let lang = state.lang();
    let text = match aside {
        Aside::Narrated(narration) => {
            state.narration = Some(narration);
            state.dirty = true;
            return;
        }
        Aside::NotListening(reason) => lang.fill("message.deaf", &[("reason", &reason)]),
        Aside::NoLog(reason) => lang.fill("message.no_log", &[("reason", &reason)]),
    };
    state.say(text, true);
    state.dirty = true;
}
