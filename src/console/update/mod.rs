//! What a message does to the Ui, given the model. Nothing here touches the terminal, the network or the clock, and
//! nothing is drawn by lot: the same message to the same Ui and model leads to the same effects.

mod alerts;
mod baggage;
mod columns;
mod commit;
mod edit;
mod filter;
mod find;
mod form;
mod found;
mod jump;
mod keys;
mod marks;
mod mouse;
mod news;
mod opening;
mod palette;
mod paste;
mod prompt;
mod put_away;
mod recover;
mod rows;
mod table;
mod turn;
mod undo;
mod unknown;
mod views;
mod work;
mod workspace;

use crossterm::event::KeyEventKind;
use zeroize::Zeroize;

use self::turn::Turn;
pub use self::workspace::{left, restore};
use super::{
    action::Context,
    layer::{Layer, pay::Phase},
    message::{Effect, Message},
    model::Model,
    ui::{Remark, Ui},
    view::layout,
};
use crate::domain::attempt::AttemptId;

/// Takes in a message that came at the model's time; returns what is to be done outside. If the message confirms a
/// payment, its attempt takes an id from `ids`.
pub fn update(
    ui: &mut Ui,
    model: &Model,
    message: Message,
    ids: &mut dyn FnMut() -> AttemptId,
) -> Vec<Effect> {
    let has_only_moved = std::mem::take(&mut ui.only_moved);
    let mut turn = Turn { ui, model, ids, effects: Vec::new(), only_moves: false };
    let is_by_hand =
        matches!(message, Message::Key(_) | Message::KeysPaused | Message::Paste(_) | Message::Mouse(_));
    // What is done with rows is done with all of them.
    if is_by_hand && turn.ui.layers.context() != Context::Filter {
        turn.ui.list.look_to_the_end(&model.standstill);
    }
    rows::set_clock(&mut turn);
    let before = turn.ui.list.selected();
    handle(&mut turn, message);
    let is_typed = turn.ui.layers.context() == Context::Filter;
    turn.ui.list.on_typing(is_typed);
    alerts::settle(&mut turn);
    rows::release(&mut turn);
    rows::settle(&mut turn);
    marks::settle(&mut turn);
    if is_by_hand {
        rows::rest(&mut turn, before, has_only_moved);
        turn.ui.meant = turn.ui.list.selected();
    }
    undo::notice(&mut turn);
    views::note(&mut turn);
    rows::scroll_to_selection(&mut turn);
    rows::see(&mut turn, is_by_hand);
    rows::watch(&mut turn);
    if let Some(workspace) = workspace::due(turn.ui, model) {
        turn.effects.push(Effect::Keep(Box::new(workspace)));
    }
    turn.effects
}

fn handle(turn: &mut Turn<'_>, message: Message) {
    match message {
        Message::Key(key) if key.kind != KeyEventKind::Release => keys::on_key(turn, key),
        Message::Key(_) => {}
        Message::KeysPaused => keys::on_pause(turn),
        Message::Mouse(event) => mouse::on_mouse(turn, event),
        Message::Paste(mut text) => {
            turn.ui.dirty = true;
            if let Some(held) = turn.ui.typing.on_paste(turn.model.time.up) {
                keys::on_burst(turn, &held);
            }
            paste::on_paste(turn, &text);
            text.zeroize();
        }
        Message::Suspending => on_suspend(turn),
        Message::Continued(columns, rows) => {
            on_suspend(turn);
            on_size(turn, (columns, rows));
            // Whoever had the terminal meanwhile may have called it something else.
            turn.ui.alerts.title = None;
        }
        Message::Resized(columns, rows) => on_size(turn, (columns, rows)),
        Message::Changed(changes) => news::on_changes(turn, *changes),
        Message::Aside(aside) => news::on_aside(turn, aside),
        Message::Woke => pass_time(turn),
        Message::Looked => turn.ui.dirty = true,
        Message::Drawn => on_drawn(turn),
        Message::Focus(has_focus) => turn.ui.alerts.has_focus = Some(has_focus),
        Message::Stop => turn.effects.push(Effect::Quit),
    }
}

fn on_size(turn: &mut Turn<'_>, size: (u16, u16)) {
    turn.ui.dirty = true;
    turn.ui.size = size;
    turn.effects.push(Effect::Redraw);
}

/// What is selected was seen. A confirmation counts its time from the first frame that showed it.
fn on_drawn(turn: &mut Turn<'_>) {
    turn.ui.meant = turn.ui.list.selected();
    turn.ui.only_moved = turn.ui.layers.is_empty();
    mouse::on_drawn(turn);
    if !layout::fits(turn.ui.size) {
        return;
    }
    if let Some(Layer::Pay(form)) = turn.ui.layers.top_mut()
        && let Phase::Confirming(confirmation) = &mut form.phase
    {
        confirmation.drawn_at.get_or_insert(turn.model.now());
    }
}

fn on_suspend(turn: &mut Turn<'_>) {
    turn.ui.typing.forget(turn.model.time.up);
    turn.ui.layers.iter_mut().for_each(Layer::on_suspend);
}

fn pass_time(turn: &mut Turn<'_>) {
    rows::come_to_rest(turn);
    let (ui, now) = (&mut *turn.ui, turn.model.now());
    ui.dirty = true;
    if !ui.holds_rows() {
        ui.list.pass_time(turn.model.server_now(), &turn.model.standstill);
    }
    alerts::pass_time(turn);
    let ui = &mut *turn.ui;
    if ui.remark.as_ref().and_then(Remark::ends_at).is_some_and(|end| end <= now) {
        ui.remark = None;
    }
    if let Some(form) = ui.layers.form_mut() {
        form.pass_time(now);
    }
    work::renew(turn);
}
