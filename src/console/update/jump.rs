//! Carries a jump out: the order is shown on the whole screen, at once if it is known, else as soon as one query has brought
//! it. Whatever is known of it, it is asked for.

use std::{collections::BTreeSet, sync::Arc};

use super::{find, turn::Turn};
use crate::{
    console::{
        jump::Jump,
        layer::Layer,
        list::Hits,
        ui::{Awaited, SelectedBy},
    },
    desk::hub::Command,
    domain::{find::Find, order::OrderNo},
};

/// Goes to what is meant, over the table or the detail.
pub(super) fn go(turn: &mut Turn<'_>, jump: Jump) {
    let known: BTreeSet<OrderNo> = match &jump {
        Jump::Order(order) => turn.model.case(*order).map(|case| case.order.no).into_iter().collect(),
        Jump::Pnr(_) => {
            turn.model.cases().filter(|case| jump.is_for(case)).map(|case| case.order.no).collect()
        }
    };
    match (jump, known.first(), known.len()) {
        (_, Some(order), 1) => {
            turn.send(Command::Inspect(*order));
            open(turn, *order);
        }
        (Jump::Pnr(pnr), Some(_), _) => {
            let hits = Hits { find: Find::Pnr(pnr), orders: Arc::new(known), more: false };
            turn.ui.layers.close_detail();
            find::show(turn, hits);
        }
        (Jump::Order(order), _, _) => {
            turn.send(Command::Inspect(order));
            turn.ui.awaited = Some(Awaited::Order(order));
            turn.say_with("find.asking_order", &[("order", &order)], false);
        }
        (Jump::Pnr(pnr), None, _) => find::ask(turn, Find::Pnr(pnr), true),
    }
}

/// Shows an order on the whole screen, whatever queue and filter leave.
pub(super) fn open(turn: &mut Turn<'_>, order: OrderNo) {
    turn.ui.selected_by = SelectedBy::Operator;
    turn.ui.list.select(order);
    turn.ui.scroll = 0;
    if !turn.ui.layers.show_detail() {
        turn.ui.layers.push(Layer::Detail);
    }
}

/// The order that was asked for has come, or not. Only somebody who waits for it, and does nothing else meanwhile, is shown
/// it.
pub(super) fn on_answer(turn: &mut Turn<'_>, order: OrderNo) {
    if turn.ui.awaited == Some(Awaited::Order(order)) {
        turn.ui.awaited = None;
        arrive(turn, order);
    }
}

/// Opens an order that has come, unless something else lies over the table by now: then it says where it is.
pub(super) fn arrive(turn: &mut Turn<'_>, order: OrderNo) {
    turn.ui.found.insert(order);
    if turn.model.case(order).is_none() {
        return;
    }
    if matches!(turn.ui.layers.top(), None | Some(Layer::Detail)) {
        turn.ui.remark.take_if(|remark| !remark.is_error);
        open(turn, order);
    } else {
        turn.say_with("find.has_come", &[("order", &order)], false);
    }
}
