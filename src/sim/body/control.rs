//! The views under `/_sim/`, which are ours.

use serde_json::{Map, Value, json};

use super::{
    encoder::Encoder,
    format::{number, singapore},
    notifications::notification,
    routing::airlines,
};
use crate::sim::{
    ledger::{Entry, Ledger},
    order::Order,
    world::{Delivery, World},
};

/// `/_sim/ledger`: charges by order and by lineage, lineages that were charged twice, and what is left.
pub(in crate::sim) fn ledger(encoder: &Encoder<'_>, ledger: &Ledger) -> Value {
    let entry = |entry: &Entry| {
        json!({
            "at": encoder.clock.wall(entry.at).to_string(),
            "kind": if entry.reversal { "reversal" } else { "charge" },
            "for": entry.of.word(),
            "source": entry.source.word(),
            "amount": number(entry.money.amount),
            "currency": entry.money.currency.code(),
        })
    };
    let orders: Map<String, Value> = ledger
        .accounts()
        .map(|(no, account)| {
            let entries: Vec<Value> = account.entries.iter().map(entry).collect();
            let value = json!({
                "lineage": account.root.map(|root| root.to_string()),
                "faresHeld": account.fares_held(),
                "entries": entries,
            });
            (no.to_string(), value)
        })
        .collect();
    let doubles: Map<String, Value> =
        ledger.double_charges().into_iter().map(|(root, fares)| (root.to_string(), fares.into())).collect();
    let balances: Map<String, Value> =
        ledger.balances().map(|money| (money.currency.to_string(), number(money.amount))).collect();
    let lineages: Map<String, Value> = ledger
        .lineages()
        .into_iter()
        .map(|(root, lineage)| {
            let held: Vec<Value> = lineage
                .held
                .into_iter()
                .map(|(source, money)| {
                    json!({
                        "source": source.word(),
                        "amount": number(money.amount),
                        "currency": money.currency.code(),
                    })
                })
                .collect();
            let orders: Vec<&str> = lineage.orders.iter().map(|no| no.as_str()).collect();
            let value = json!({ "orders": orders, "faresHeld": lineage.fares, "held": held });
            (root.to_string(), value)
        })
        .collect();
    json!({ "orders": orders, "lineages": lineages, "doubleCharges": doubles, "balances": balances })
}

/// `/_sim/orders`: every order, newest first.
pub(in crate::sim) fn orders(world: &World) -> Value {
    let encoder = Encoder::of(world);
    json!({ "orders": world.orders().iter().rev().map(|one| order(&encoder, one)).collect::<Vec<_>>() })
}

/// `/_sim/orders/NAME`: what an order is called on both sides, and what can be done with it.
pub(in crate::sim) fn order(encoder: &Encoder<'_>, order: &Order) -> Value {
    json!({
        "name": order.name,
        "orderNo": order.no.as_str(),
        "orderStatus": encoder.status(order),
        "airlines": airlines(&order.routing),
        "paymentMethods": order.routing.methods.iter().map(|method| method.word()).collect::<Vec<_>>(),
        "confirmed": order.confirmed,
        "tktLimitTime": encoder.singapore(order.deadline),
        "lineage": order.root.as_str(),
    })
}

/// `/_sim/scenario`: which story is played, how, and where it is.
pub(in crate::sim) fn scenario(world: &World) -> Value {
    let (setup, clock) = (world.setup(), world.clock());
    let script = setup.scenario.script();
    let narration: Vec<Value> =
        world.story.narration().map(|(at, said)| json!({ "at": at.to_string(), "say": said })).collect();
    json!({
        "scenario": setup.scenario.name(),
        "title": script.title,
        "about": script.about,
        "seed": setup.seed,
        "speed": clock.speed().factor(),
        "paused": clock.is_paused(),
        "storyTime": world.moment().to_string(),
        "singaporeTime": singapore(clock.now()),
        "orders": world.orders().len(),
        "switches": world.switches,
        "webhook": world.webhook(),
        "narration": narration,
    })
}

/// `/_sim/webhooks`: the address, how they arrive, and everything that left.
pub(in crate::sim) fn webhooks(world: &World) -> Value {
    let one = |delivery: &Delivery| {
        json!({
            "order": delivery.order.map(|index| world.orders()[index].name.clone()),
            "of": delivery.of.to_string(),
            "body": notification(world, delivery),
        })
    };
    json!({ "url": world.webhook(), "settings": world.delivery, "deliveries": world.sent().map(one).collect::<Vec<_>>() })
}

/// `/_sim/faults`: what is armed, by the number under which it is mended.
pub(in crate::sim) fn faults(world: &World) -> Value {
    let armed: Vec<Value> = world
        .faults
        .armed(world.moment())
        .map(|(number, met, fault)| json!({ "number": number, "met": met, "fault": fault }))
        .collect();
    json!({ "faults": armed })
}
