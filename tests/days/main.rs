//! Whole desk days from a seed: one or two consoles on one journal, operators who do silly things, a vendor that lies, a net that loses and
//! garbles, a disk that fills, clocks that step, machines that sleep and programs that die at any step. At the end of
//! each day the vendor's ledger is held against the journal.
//!
//! A day that goes wrong is played again by `PAYDESK_SEED=n cargo test --test days -- one_day --nocapture`; more of them
//! by `PAYDESK_DAYS=n cargo test --release --test days -- many_days --nocapture`.

#![expect(clippy::expect_used, reason = "a simulation that cannot go on should say so and stop")]

mod calm;
mod checker;
mod fuse;
mod hooks;
mod liar;
mod mutants;
mod net;
mod operator;
#[path = "../sample/mod.rs"]
mod sample;
mod server;
mod store;
mod world;

use std::time::Duration;

use paydesk::{
    desk::{
        self, Options,
        hub::{Command, Handle},
    },
    journal::sqlite::SqliteJournal,
};

use self::{
    fuse::{Fuse, Killed},
    mutants::Mutant,
    net::Net,
    server::{Fate, METHODS},
    store::Disk,
    world::{Day, Machine, Present},
};

/// So long operators work while anything may fail.
const STORM: Duration = Duration::from_secs(420);

/// After that, so long without faults: every doubt must be over by then.
const CALM: Duration = Duration::from_secs(900);

/// Seeds of every run of the test suite.
const DAYS: u64 = 10_000;

fn options(seed: u64) -> Options {
    Options { requests_per_minute: 600, sweep_every: Duration::from_secs(30), seed, ..sample::options() }
}

/// One console: started, worked with, killed and started again, until the evening.
async fn console(day: Day, mut disk: Disk, machine: Machine, number: u64) {
    let mut random = fastrand::Rng::with_seed(day.world().seed.wrapping_mul(31) ^ number);
    for life in 0.. {
        let name = format!("program-{number}-{life}");
        let (handle, commands, hub) = Handle::pair();
        let touches = day.world().stormy.then(|| random.u32(..160)).filter(|_| random.u8(..3) > 0);
        let fuse = Fuse::new(touches);
        day.world().running.insert(name.clone());
        let store = disk.open(&name, &fuse);
        let net = Net { day: day.clone(), fuse: fuse.clone(), disk: disk.clone() };
        let run = desk::run(net, store, machine.clone(), options(day.world().seed), commands, hub);
        let desk = tokio::spawn(run);
        let operator = tokio::spawn(operator::work(day.clone(), handle.clone(), number * 100 + life));
        let leaves = async {
            while day.world().now() < STORM + CALM {
                tokio::time::sleep(Duration::from_secs(10)).await;
                // Paying stays off after a failure of the store, and the screen says: start again.
                if !day.world().stormy && disk.failed().is_some() {
                    return true;
                }
            }
            false
        };
        let mut desk = desk;
        let killed = tokio::select! {
            () = fuse.blown() => {
                desk.abort();
                true
            }
            ended = &mut desk => {
                // Only a killed program ends before it is asked to; any other panic is a fault of its own.
                match ended.map_err(tokio::task::JoinError::try_into_panic) {
                    Err(Ok(why)) if !why.is::<Killed>() => std::panic::resume_unwind(why),
                    Ok(_) => day.world().must_not("a console ended by itself"),
                    _ => {}
                }
                true
            }
            again = leaves => {
                handle.send(Command::Leave);
                if tokio::time::timeout(Duration::from_secs(11), desk).await.is_err() {
                    day.world().must_not("L4: a console did not end within 11 s");
                }
                again
            }
        };
        operator.abort();
        day.world().running.remove(&name);
        // What was confirmed to a program that died is not sent by another one.
        if !killed {
            return;
        }
        let is_alone = day.world().running.is_empty();
        if is_alone && random.u8(..4) == 0 {
            machine.reboot();
        }
        tokio::time::sleep(Duration::from_millis(random.u64(500..40_000))).await;
    }
}

/// What happens to everybody: prices move, clocks step, machines sleep.
async fn change_conditions(day: Day, machine: Machine) {
    let mut random = fastrand::Rng::with_seed(day.world().seed ^ 0xfeed);
    while day.world().now() < STORM {
        tokio::time::sleep(Duration::from_secs(random.u64(5..60))).await;
        let mut world = day.world();
        let now = world.now();
        match random.u8(..10) {
            0..=3 => {
                let orders: Vec<_> = world.server.orders.keys().copied().collect();
                if let Some(order) = random.choice(&orders) {
                    world.server.reprice(*order, random.i64(1..6), now);
                }
            }
            4 => {
                let most = if random.u8(..6) == 0 { 600 } else { 90 };
                world.sleep(Duration::from_secs(random.u64(1..most)));
            }
            5 | 6 => {
                // Two clocks that are wrong alike cannot be distinguished from two that are right.
                let is_witness = world.is_clock_witness;
                drop(world);
                if !is_witness {
                    machine.step(random.i64(-7_200..7_200));
                }
            }
            _ => {}
        }
    }
    day.world().stormy = false;
}

/// Plays one day. Returns everything that is wrong with it, and then the day as the journal has it.
fn play(seed: u64, mutant: Option<Mutant>) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let day = Day::new(seed, mutant);
        let disk = Disk::new(&day);
        let (orders, consoles) = {
            let mut world = day.world();
            (world.random.u64(1..4), 1 + u64::from(world.random.bool()))
        };
        for _ in 0..orders {
            let mut world = day.world();
            let hold = Duration::from_secs(world.random.u64(60..500));
            let after = Duration::from_secs(world.random.u64(5..120));
            let fate = if world.random.bool() { Fate::Declines(after) } else { Fate::Tickets(after) };
            let price = world.random.i64(20..900);
            let methods = world.random.choice(METHODS).unwrap_or(&[]);
            world.server.sell(hold, price, methods, fate);
        }
        // Consoles that share a file share its machine.
        let ahead = day.world().random.i64(-4_000..4_000);
        let ahead = if day.world().is_clock_witness { 0 } else { ahead };
        let machine = Machine::new(&day, ahead);
        let mut everybody = tokio::task::JoinSet::new();
        everybody.spawn(change_conditions(day.clone(), machine.clone()));
        for number in 1..=consoles {
            everybody.spawn(console(day.clone(), disk.clone(), machine.clone(), number));
        }
        while let Some(done) = everybody.join_next().await {
            if let Err(error) = done
                && error.is_panic()
            {
                std::panic::resume_unwind(error.into_panic());
            }
        }
        let presence = Box::new(Present { name: "checker".into(), day: day.clone() });
        let mut journal = SqliteJournal::with(disk.connection(), presence, "checker").expect("a journal");
        let mut wrong = checker::check(&day, &mut journal);
        if !wrong.is_empty() {
            wrong.extend(checker::story(&mut journal));
        }
        wrong
    })
}

/// The first of these seeds whose day goes wrong.
fn first_wrong(seeds: std::ops::Range<u64>, mutant: Option<Mutant>) -> Option<(u64, Vec<String>)> {
    let halves = 2;
    std::thread::scope(|scope| {
        let part = |nth: u64| {
            let seeds = seeds.clone();
            scope.spawn(move || {
                let mine = seeds.filter(|seed| seed % halves == nth);
                mine.map(|seed| (seed, play(seed, mutant))).find(|(_, wrong)| !wrong.is_empty())
            })
        };
        let parts: Vec<_> = (0..halves).map(part).collect();
        parts
            .into_iter()
            .filter_map(|part| part.join().expect("a day that ends"))
            .min_by_key(|(seed, _)| *seed)
    })
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn one_day() {
    let seed = variable("PAYDESK_SEED").unwrap_or(1);
    let wrong = play(seed, None);
    assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
}

#[test]
fn many_days_in_which_nobody_is_charged_twice_and_nothing_is_lost() {
    let days = variable("PAYDESK_DAYS").unwrap_or(DAYS);
    let first = variable("PAYDESK_FIRST").unwrap_or(0);
    let begun = std::time::Instant::now();
    if let Some((seed, wrong)) = first_wrong(first..first + days, None) {
        panic!(
            "{wrong:#?}\nplay it again: PAYDESK_SEED={seed} cargo test --test days -- one_day --nocapture"
        );
    }
    println!("{days} days from seed {first} on in {:.1} s", begun.elapsed().as_secs_f64());
}

#[test]
fn a_day_is_the_same_each_time_it_is_played() {
    for seed in 0..5 {
        assert_eq!(
            play(seed, Some(Mutant::TakesDoubtForNotSent)).len(),
            play(seed, Some(Mutant::TakesDoubtForNotSent)).len()
        );
    }
}

#[test]
fn every_rule_that_is_left_out_is_missed() {
    for mutant in Mutant::ALL {
        let found = first_wrong(0..2_000, Some(mutant));
        let Some((seed, wrong)) = found else { panic!("{mutant:?} survived 2,000 days") };
        println!("{mutant:?} is killed by seed {seed}: {}", wrong.first().map_or("", String::as_str));
    }
}
