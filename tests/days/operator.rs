//! Whoever sits at a console: pays, pays again, pays the wrong thing, recovers at the same moment as the colleague,
//! decides what is not theirs to decide, and is fed webhooks by strangers.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use paydesk::{
    desk::hub::{Command, Handle},
    domain::{
        attempt::{AttemptId, Decision},
        card::{BillingAddress, Card, CardNumber, Cvv, Expiry},
        case::Case,
        method::PaymentMethod,
        money::Money,
        notification::{Kind, Notification},
        order::{OrderNo, OrderStatus},
        payable::amount_due,
        payment::{Means, Payment},
        recovery::PaymentPath,
    },
};

use super::{server::usd, world::Day};

/// Nothing new is begun after this.
const LAST_ORDERS: Duration = Duration::from_secs(600);

/// Cards that lie about.
const CARDS: [&str; 3] = ["4111111111111111", "5555555555554444", "4000000000000002"];

/// Works until the handle is dead. Returns what was seen last.
pub(crate) async fn work(day: Day, handle: Handle, number: u64) {
    let mut random = fastrand::Rng::with_seed(day.world().seed ^ (number << 32));
    let mailbox = handle.subscribe();
    let mut seen: BTreeMap<OrderNo, Arc<Case>> = BTreeMap::new();
    loop {
        let pause = if random.u8(..4) == 0 { random.u64(100..2_000) } else { random.u64(2_000..25_000) };
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let update = mailbox.take();
        seen.extend(update.cases.into_iter().map(|case| (case.order.no, case)));
        if update.ended {
            return;
        }
        if day.world().now() > LAST_ORDERS {
            // In the evening only what is still open is looked after, by the desk alone.
            continue;
        }
        let orders: Vec<OrderNo> = seen.keys().copied().collect();
        let Some(order) = random.choice(&orders).copied() else { continue };
        let Some(case) = seen.get(&order).cloned() else { continue };
        let command = act(&day, &mut random, &case);
        if !command.into_iter().all(|command| handle.send(command)) {
            return;
        }
    }
}

fn act(day: &Day, random: &mut fastrand::Rng, case: &Case) -> Vec<Command> {
    let order = case.order.no;
    match random.u8(..20) {
        0..=8 => pay(day, random, case),
        9..=12 => {
            vec![Command::Regenerate { order, path: PaymentPath::NewDeposit, reason: Some("604".into()) }]
        }
        13 | 14 => {
            let decide = |attempt: &paydesk::domain::attempt::Attempt, decision| Command::Decide {
                id: attempt.id,
                order,
                decision,
                note: "because".into(),
            };
            // Closing what is reversed or contradictory needs the vendor's word, which nobody here has got.
            case.lineage
                .attempts
                .last()
                .map(|attempt| decide(attempt, Decision::DidNotHappen))
                .into_iter()
                .collect()
        }
        15 => vec![hook(day, random, order), hook(day, random, order)],
        16 => vec![hook(day, random, "TESTB20261103141599999".parse().expect("a number"))],
        17 => vec![Command::RefreshAll],
        18 => vec![Command::Watch(vec![order])],
        _ => vec![Command::Inspect(order)],
    }
}

/// A payment of what the screen showed: sometimes twice at once, sometimes of another sum.
fn pay(day: &Day, random: &mut fastrand::Rng, case: &Case) -> Vec<Command> {
    let offered = case.order.details.as_ref().map(|details| details.methods.clone()).unwrap_or_default();
    let Some(method) = random.choice(&offered).copied() else { return Vec::new() };
    let Some(due) = amount_due(method, &case.order) else { return Vec::new() };
    let amount = if random.u8(..12) == 0 { usd(1) } else { due };
    let times = if random.u8(..8) == 0 { 2 } else { 1 };
    let (card, reusable) = (*random.choice(&CARDS).unwrap_or(&CARDS[0]), random.u8(..4) == 0);
    (0..times).map(|_| order_to_pay(day, case.order.no, means(method, card, reusable), amount)).collect()
}

/// A payment that is confirmed, and now lawful.
pub(crate) fn order_to_pay(day: &Day, order: OrderNo, means: Means, amount: Money) -> Command {
    day.world().confirmed.push((order, means.method(), amount));
    let payment = Payment { order, means, amount, old_payment_seen: true };
    Command::Pay { id: AttemptId::generate(), payment: Box::new(payment) }
}

/// What is typed for a method.
pub(crate) fn means(method: PaymentMethod, number: &str, reusable: bool) -> Means {
    let card = || Card {
        number: CardNumber::parse(number).expect("digits"),
        cvv: Cvv::parse("123"),
        expiry: Expiry::parse("08", "2031").expect("a month"),
        first_name: "GRETA".into(),
        last_name: "KELLER".into(),
        billing: BillingAddress {
            country: Some("DE".into()),
            province: Some("HB".into()),
            city: Some("Bremen".into()),
            post_code: Some("28195".into()),
            street: Some("Am Wall 138".into()),
        },
        reusable,
    };
    match method {
        PaymentMethod::Deposit => Means::Deposit,
        PaymentMethod::Byoa => Means::Byoa,
        PaymentMethod::Vcc => Means::Vcc { card: card(), ceiling: None },
        PaymentMethod::Mor => Means::Mor { card: card(), device_ip: None },
    }
}

/// A webhook that may be true, late, doubled or forged.
pub(crate) fn hook(day: &Day, random: &mut fastrand::Rng, order: OrderNo) -> Command {
    let (kind, status) = *random
        .choice(&[
            (Kind::Ticketed, OrderStatus::Ticketed),
            (Kind::Cancelled, OrderStatus::Cancelled),
            (Kind::AbnormalCancel, OrderStatus::Cancelled),
        ])
        .as_ref()
        .map_or(&&(Kind::Ticketed, OrderStatus::Ticketed), |choice| choice);
    day.world().notified.insert(order, *status);
    notification(kind.clone(), order, None)
}

/// A webhook with a number of its own, so that each one is a new one.
pub(crate) fn notification(kind: Kind, order: OrderNo, id: Option<u32>) -> Command {
    let raw = format!("{{\"type\":\"{}\"}}", kind.word());
    let id = id.map(|id| id.to_string().as_str().into());
    Command::Notification(Box::new(Notification { kind, order: Some(order), id, error: None, raw }))
}
