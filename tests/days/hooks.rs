//! The same day with other webhooks: delivered as it is, twice and late, in the wrong order, not at all, or falsely.
//! Every payment ends as it does without them (I9).

use std::time::Duration;

use paydesk::{
    desk::{
        self,
        hub::{Command, Handle},
    },
    domain::{method::PaymentMethod, order::OrderNo, recovery::PaymentPath},
    journal::{BlockingJournal, Fact, sqlite::SqliteJournal},
};

use super::{
    fuse::Fuse,
    mutants::Mutant,
    net::Net,
    operator::{hook, means, order_to_pay},
    options,
    server::{Fate, METHODS, Sold, due},
    store::Disk,
    world::{Day, Machine, Present},
};

/// What becomes of the vendor's webhooks on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delivery {
    NotAtAll,
    AsItIs,
    TwiceAndLate,
    Backwards,
    Falsely,
}

/// When everything is delivered, at the latest.
const LATE: Duration = Duration::from_secs(400);

/// When a notification is delivered, and about which order.
fn deliveries(
    delivery: Delivery,
    truth: &[(Duration, OrderNo)],
    random: &mut fastrand::Rng,
) -> Vec<(Duration, OrderNo)> {
    let mut deliveries = match delivery {
        Delivery::NotAtAll => Vec::new(),
        Delivery::AsItIs => truth.to_vec(),
        Delivery::TwiceAndLate => {
            truth.iter().flat_map(|(at, order)| [(*at, *order), (LATE, *order)]).collect()
        }
        Delivery::Backwards => truth.iter().map(|(at, order)| (LATE.saturating_sub(*at), *order)).collect(),
        Delivery::Falsely => {
            let lie =
                |_| (Duration::from_secs(random.u64(5..400)), random.choice(truth).expect("an order").1);
            (0..40).map(lie).collect()
        }
    };
    deliveries.sort_unstable();
    deliveries
}

/// The states in which everything ends, order by order.
fn ends(day: &Day, disk: &Disk) -> Vec<String> {
    let presence = Box::new(Present { name: "checker".into(), day: day.clone() });
    let mut journal = SqliteJournal::with(disk.connection(), presence, "checker").expect("a journal");
    let entries = journal.entries_after(0).expect("entries").entries;
    let world = day.world();
    let of = |order: OrderNo| {
        let mut states = std::collections::BTreeMap::new();
        for entry in &entries {
            match &entry.fact {
                Fact::Attempt(attempt) if attempt.order == order => {
                    states.insert(attempt.id.to_string(), attempt.state.clone());
                }
                _ => {}
            }
        }
        let charges: Vec<_> = world.server.charges.iter().filter(|charge| charge.order == order).collect();
        format!("{order} {:?} {charges:?}", states.values().collect::<Vec<_>>())
    };
    world.server.orders.keys().copied().map(of).collect()
}

fn play(seed: u64, delivery: Delivery, mutant: Option<Mutant>) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let day = Day::calm(seed, mutant);
        let mut disk = Disk::new(&day);
        let mut random = fastrand::Rng::with_seed(seed);
        let mut truth = Vec::new();
        for _ in 0..4 {
            let after = Duration::from_secs(random.u64(5..120));
            let fate = if random.bool() { Fate::Declines(after) } else { Fate::Tickets(after) };
            let methods = random.choice(METHODS).unwrap_or(&[]);
            let order = day.world().server.sell(Duration::from_secs(300), random.i64(20..900), methods, fate);
            truth.push((Duration::from_secs(30) + after, order));
        }
        let machine = Machine::new(&day, 0);
        let (handle, commands, hub) = Handle::pair();
        let fuse = Fuse::new(None);
        day.world().running.insert("program".into());
        let store = disk.open("program", &fuse);
        let net = Net { day: day.clone(), fuse, disk: disk.clone() };
        let desk = tokio::spawn(desk::run(net, store, machine, options(seed), commands, hub));
        let sender = {
            let deliveries = deliveries(delivery, &truth, &mut random.clone());
            let (day, handle) = (day.clone(), handle.clone());
            tokio::spawn(async move {
                for (at, order) in deliveries {
                    let left = at.saturating_sub(day.world().now());
                    tokio::time::sleep(left).await;
                    handle.send(hook(&day, &mut fastrand::Rng::with_seed(seed), order));
                }
            })
        };
        tokio::time::sleep(Duration::from_secs(30)).await;
        pay_all(&day, &handle, |sold| random.choice(sold.methods).copied());
        tokio::time::sleep(Duration::from_secs(170)).await;
        for (_, order) in &truth {
            handle.send(Command::Regenerate { order: *order, path: PaymentPath::NewDeposit, reason: None });
        }
        tokio::time::sleep(Duration::from_secs(40)).await;
        pay_all(&day, &handle, |_| None);
        tokio::time::sleep(Duration::from_secs(600)).await;
        handle.send(Command::Leave);
        desk.await.expect("a desk that leaves");
        sender.await.expect("a sender that ends");
        ends(&day, &disk)
    })
}

/// Pays whatever is not paid yet, as the vendor prices it; from the deposit where no other method is chosen.
fn pay_all(day: &Day, handle: &Handle, mut choose: impl FnMut(&Sold) -> Option<PaymentMethod>) {
    let unpaid: Vec<_> = {
        let world = day.world();
        world.server.orders.values().filter(|sold| sold.paid.is_none()).cloned().collect()
    };
    for sold in unpaid {
        let method = choose(&sold).unwrap_or(PaymentMethod::Deposit);
        handle.send(order_to_pay(
            day,
            sold.no,
            means(method, "4111111111111111", true),
            due(method, sold.price),
        ));
    }
}

#[test]
fn whatever_webhooks_say_every_payment_ends_the_same() {
    let mut regenerated = 0;
    for seed in 0..200 {
        let silent = play(seed, Delivery::NotAtAll, None);
        assert!(silent.iter().all(|end| end.contains("Ticketed") || end.contains("Reversed")), "{silent:#?}");
        regenerated += silent.len() - 4;
        for delivery in [Delivery::AsItIs, Delivery::TwiceAndLate, Delivery::Backwards, Delivery::Falsely] {
            assert_eq!(play(seed, delivery, None), silent, "seed {seed}: {delivery:?} (I9)");
        }
    }
    assert!(regenerated > 100, "only {regenerated} orders were regenerated");
}

#[test]
fn a_desk_that_believes_them_ends_otherwise() {
    let differs = |seed| {
        let mutant = Some(Mutant::TrustsWebhooks);
        play(seed, Delivery::NotAtAll, mutant) != play(seed, Delivery::Falsely, mutant)
    };
    assert!((0..20).any(differs));
}
