//! Keys in the layer that gets a traveller's confirmation.

use crossterm::event::KeyEvent;

use super::{opening, turn::Turn, unknown};
use crate::{
    console::{
        action::Action,
        layer::{
            Layer,
            commit::{link_of, may_open},
        },
        message::Effect,
    },
    desk::hub::{Command, Reply},
    domain::committable::Progress,
    lang::recovery::not_committed,
};

pub(super) fn press(turn: &mut Turn<'_>, key: KeyEvent, action: Option<Action>) {
    let model = turn.model;
    let Some(form) = turn.ui.layers.commit_mut() else { return };
    let order = form.order;
    if std::mem::take(&mut form.is_asking) {
        if action == Some(Action::Yes) {
            form.trouble = None;
            turn.send(Command::StateConfirmed(order));
        }
        return;
    }
    let progress = form.view(model).map(|(_, progress)| progress);
    match action {
        Some(Action::LeavePage) => drop(turn.ui.layers.pop()),
        Some(Action::AskAgain) => turn.send(Command::Inspect(order)),
        Some(Action::NewLink) => opening::ask_for_link(turn),
        Some(Action::CopyLink) => match link_of(order, model, &turn.ui.links).cloned() {
            Some(link) => {
                turn.effects.push(Effect::Copy(link));
                turn.say("commit.copied", false);
            }
            None => turn.say_why("commit.no_link_here"),
        },
        Some(Action::OpenLink) => match link_of(order, model, &turn.ui.links).cloned() {
            Some(link) if may_open(&link) => {
                turn.effects.push(Effect::Open(link));
                turn.say("commit.opened", false);
            }
            Some(_) => turn.say("commit.not_opened", true),
            None => turn.say_why("commit.no_link_here"),
        },
        Some(Action::StateConfirmed) => match progress {
            Some(Progress::Waiting(_)) => form.is_asking = true,
            Some(Progress::Confirmed(_)) => turn.say("commit.said_already", false),
            Some(Progress::NoLink) => turn.say("not_committed.no_link", true),
            Some(Progress::Expired(_)) | None => turn.say("not_committed.expired", true),
        },
        Some(Action::PayConfirmed) => opening::pay_confirmed(turn, order),
        _ => unknown::say(turn, &key),
    }
}

/// What became of what was asked for.
pub(super) fn on_reply(turn: &mut Turn<'_>, reply: Reply) {
    let lang = turn.ui.lang;
    turn.ui.dirty = true;
    let (order, trouble) = match reply {
        Reply::Link { order, link, asked_at } => {
            turn.ui.links.insert(order, (asked_at, link));
            (order, None)
        }
        Reply::NotCommitted { order, reason } => (order, Some(reason)),
        _ => return,
    };
    let text = match &trouble {
        None => lang.fill("commit.given", &[("order", &order.short())]),
        Some(reason) => {
            let reason = not_committed(lang, reason);
            lang.fill("refusal.named", &[("subject", &order.short()), ("reason", &reason)])
        }
    };
    let is_error = trouble.is_some();
    if let Some(form) = turn.ui.layers.commit_mut().filter(|form| form.order == order) {
        form.is_awaiting = false;
        form.trouble = trouble;
        return turn.log(text, is_error);
    }
    turn.say_text(text, is_error);
}

/// True while keys are for the layer.
pub(super) fn is_on_top(turn: &Turn<'_>) -> bool {
    matches!(turn.ui.layers.top(), Some(Layer::Commit(_)))
}
