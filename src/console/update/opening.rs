//! Opens the pay form, and the layer that gets a traveller's confirmation: each leads to the other.

use super::{turn::Turn, work};
use crate::{
    console::layer::{Layer, commit::CommitForm, pay::PayForm},
    desk::hub::{Command, NotCommitted},
    domain::{
        committable::{self, NotNow, Progress},
        order::OrderNo,
    },
    lang::recovery::not_committed,
};

/// Opens the form on an order.
pub(super) fn pay(turn: &mut Turn<'_>, order: OrderNo) {
    let model = turn.model;
    let Some(case) = model.case(order) else { return };
    let form = PayForm::open(&model.payment_context(case));
    turn.send(Command::Inspect(form.order));
    work::begin(turn, order);
    turn.ui.remark = None;
    turn.ui.layers.push(Layer::Pay(Box::new(form)));
}

/// From the traveller's confirmation to the form: the one that wanted it, which lies below, or a new one.
pub(super) fn pay_confirmed(turn: &mut Turn<'_>, order: OrderNo) {
    turn.ui.layers.pop();
    if turn.ui.layers.form().is_none_or(|form| form.order != order) {
        pay(turn, order);
    }
}

/// Opens the layer on an order, and asks for a link where none holds.
pub(super) fn commit(turn: &mut Turn<'_>, order: OrderNo) {
    let model = turn.model;
    let Some(case) = model.case(order) else { return };
    let now = model.server_now();
    if let Err(not_now @ (NotNow::NotWanted | NotNow::NotPayable(_))) =
        committable::may_ask(&case.order, &case.lineage, now)
    {
        let text = not_committed(turn.ui.lang, &NotCommitted::NotNow(not_now));
        return turn.say_text(text, true);
    }
    turn.send(Command::Inspect(order));
    turn.ui.remark = None;
    turn.ui.layers.open_commit(CommitForm::open(order, now));
    let progress = Progress::of(&case.order, &case.lineage, now);
    let is_there = matches!(progress, Some(Progress::Waiting(_) | Progress::Confirmed(_)));
    if !is_there && !model.setup.read_only {
        ask_for_link(turn);
    }
}

/// Asks for a link.
pub(super) fn ask_for_link(turn: &mut Turn<'_>) {
    let Some(form) = turn.ui.layers.commit_mut() else { return };
    form.is_awaiting = true;
    form.trouble = None;
    let order = form.order;
    turn.send(Command::Commit(order));
}
