//! Carries a jump out: the order is shown on the whole screen, at once if it is known, else as soon as one query has brought
//! it. Whatever is known of it, it is asked for.

use std::{collections::BTreeSet, sync::Arc};

use super::{found, turn::Turn};
use crate::{
    console::{layer::jump::Jump, list::Hits, ui::Awaited},
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
            found::open(turn, *order);
        }
        (Jump::Pnr(pnr), Some(_), _) => {
            let hits = Hits { find: Find::Pnr(pnr), orders: Arc::new(known), more: false };
            turn.ui.layers.close_detail();
            found::show(turn, hits);
        }
        (Jump::Order(order), _, _) => {
            turn.send(Command::Inspect(order));
            turn.ui.awaited = Some(Awaited::Order(order));
            turn.say_with("find.asking_order", &[("order", &order)], false);
        }
        (Jump::Pnr(pnr), None, _) => found::ask(turn, Find::Pnr(pnr), true),
    }
}
