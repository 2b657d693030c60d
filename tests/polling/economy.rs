//! What the plan says is what the poller does, and what that costs beside asking for each order by itself.

use std::time::Duration;

use paydesk::desk::polling::forecast::{Class, Forecast};

use crate::simulation::{Measured, Run, hours, one_by_one, simulate};

/// By how much the plan may be wrong: a median and a rate by a quarter and two seconds, the oldest of a hundred by two fifths
/// and five seconds, since under a budget that is too small requests wait for each other by chance.
const MEDIAN: (f64, f64) = (1.25, 2.0);
const OLDEST: (f64, f64) = (1.4, 5.0);

fn agree(planned: f64, measured: f64, (times, and): (f64, f64)) -> bool {
    let (small, large) = (planned.min(measured), planned.max(measured));
    large <= small * times + and
}

fn assert_agrees(run: Run, classes: &[Class]) -> Measured {
    let (forecast, measured) = (Forecast::new(&run.desk), simulate(run));
    let (orders, budget) = (run.desk.orders, run.desk.per_minute);
    for class in classes {
        let age = forecast.classes.iter().find(|is| is.class == *class).unwrap().age.unwrap();
        let ages = measured.of(*class).unwrap();
        assert!(ages.count() >= 20, "{orders} {class:?}: {} samples", ages.count());
        for (planned, percent, margin) in [(age.median, 50, MEDIAN), (age.p99, 99, OLDEST)] {
            let (planned, found) = (planned.as_secs_f64(), ages.share(percent).unwrap());
            assert!(
                agree(planned, found, margin),
                "{orders} orders, {budget} a minute, {class:?}, {percent} %: planned {planned}, measured {found}"
            );
        }
    }
    let requests = forecast.pages + forecast.details;
    assert!(
        agree(requests, measured.requests(), MEDIAN),
        "{orders} orders, {budget} a minute: {requests} requests planned, {} made",
        measured.requests()
    );
    measured
}

const HALF: Duration = Duration::from_secs(1_800);

const OPEN: [Class; 3] = [Class::Fresh, Class::Unseen, Class::Unpriced];

#[test]
fn the_plan_is_true_of_a_desk_with_a_thousand_orders() {
    for budget in [60, 10] {
        assert_agrees(Run::new(1_000, budget), &[&OPEN[..], &[Class::Late, Class::Slow]].concat());
    }
}

#[test]
fn the_plan_is_true_of_a_desk_whose_budget_is_too_small() {
    let run = Run { warm: HALF, measured: HALF, ..Run::new(10_000, 36) };
    assert!(!Forecast::new(&run.desk).fits());
    assert_agrees(run, &OPEN);
}

#[test]
fn it_takes_a_half_a_fifth_and_a_tenth_of_the_requests_of_asking_for_each_order() {
    let long = Run { measured: hours(12), ..Run::new(100, 60) };
    let short = Run { warm: HALF, measured: HALF, ..Run::new(10_000, 60) };
    for (run, share) in [(long, 2.0), (Run::new(1_000, 60), 5.0), (short, 10.0)] {
        let measured = simulate(run);
        // As old as what asking every so often shows: half of the time on average.
        let period = Duration::from_secs_f64(2.0 * measured.of(Class::Fresh).unwrap().share(50).unwrap());
        let theirs = one_by_one(run, period);
        let ours = measured.requests();
        println!("{}: {ours:.1} beside {theirs:.1}, {:.1} open", run.desk.orders, measured.open);
        assert!(ours * share <= theirs, "{} orders: {ours} beside {theirs}", run.desk.orders);
    }
}

#[test]
fn notifications_save_requests() {
    let plain = Run { measured: hours(3), ..Run::new(1_000, 60) };
    let rare = Run {
        desk: paydesk::desk::polling::forecast::Desk { every: Duration::from_secs(120), ..plain.desk },
        ..plain
    };
    let (without, with) = (simulate(plain), simulate(Run { webhooks: true, ..rare }));
    let of = |measured: &Measured| [50, 90].map(|percent| measured.delays.share(percent).unwrap());
    println!(
        "{:.1} {:?} without, {:.1} {:?} with",
        without.requests(),
        of(&without),
        with.requests(),
        of(&with)
    );
    // What is over is known sooner, with rounds four times as far apart.
    assert!(of(&with).iter().zip(of(&without)).all(|(with, without)| *with < without));
    assert!(with.requests() < without.requests() * 0.75, "{} {}", with.requests(), without.requests());
}
