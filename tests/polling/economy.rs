//! What the plan says is what the poller does, and what that costs beside asking for each order by itself.

use std::time::Duration;

use paydesk::desk::polling::forecast::{Class, Desk, Forecast};

use crate::simulation::{Measured, Run, hours, one_by_one, simulate};

/// By how much the plan may be wrong: a rate and a median by a quarter and two seconds. So may the oldest of a hundred where a
/// fifth of the budget is left; with less requests wait for each other by chance, and the plan errs by up to the time between
/// two looks, which is three fifths of it.
const MEDIAN: (f64, f64) = (1.25, 2.0);
const OLDEST: (f64, f64) = (1.25, 2.0);
const OLDEST_WHEN_SCARCE: (f64, f64) = (1.65, 5.0);

fn agree(planned: f64, measured: f64, (times, and): (f64, f64)) -> bool {
    let (small, large) = (planned.min(measured), planned.max(measured));
    large <= small * times + and
}

fn assert_agrees(run: Run, classes: &[Class]) -> Measured {
    let (forecast, measured) = (Forecast::new(&run.desk), simulate(run));
    let (orders, budget) = (run.desk.orders, run.desk.per_minute);
    let is_ample = budget * 5 >= forecast.fits_from * 6;
    let oldest = if is_ample { OLDEST } else { OLDEST_WHEN_SCARCE };
    for class in classes {
        let age = forecast.classes.iter().find(|is| is.class == *class).unwrap().age.unwrap();
        let ages = measured.of(*class).unwrap();
        assert!(ages.count() >= 20, "{orders} {class:?}: {} samples", ages.count());
        for (planned, percent, margin) in [(age.median, 50, MEDIAN), (age.p99, 99, oldest)] {
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
    // What is over is not forgotten for what matters more, nor what is late.
    let scarce = Run { measured: hours(4), ..Run::new(1_000, 6) };
    let (forecast, found) = (Forecast::new(&scarce.desk), simulate(scarce));
    for class in [Class::Late, Class::Slow, Class::Closed] {
        let planned = forecast.classes.iter().find(|is| is.class == class).unwrap().age.unwrap().p99;
        let oldest = found.of(class).unwrap().share(99).unwrap();
        assert!(oldest <= planned.as_secs_f64() * 1.65, "{class:?}: planned {planned:?}, measured {oldest}");
    }
}

#[test]
fn the_plan_is_true_of_a_desk_that_pays() {
    let mut run = Run { warm: HALF, ..Run::new(1_000, 60) };
    run.desk.payments_per_hour = 20;
    let paying = assert_agrees(run, &OPEN);
    assert!(paying.payments > 15.0, "{}", paying.payments);
    run.desk.payments_per_hour = 0;
    let (planned, of_plan) = (Forecast::new(&run.desk), |payments_per_hour| {
        Forecast::new(&Desk { payments_per_hour, ..run.desk }).details
    });
    let each = (paying.requests() - simulate(run).requests()) * 60.0 / paying.payments;
    let of_plan = (of_plan(60) - planned.details).abs();
    assert!(agree(of_plan, each, (1.15, 0.0)), "a payment: planned {of_plan}, measured {each}");
}

#[test]
fn an_order_that_is_listed_late_is_seen_within_the_quarter_of_an_hour_and_that_costs_hardly_anything() {
    let run = Run { measured: hours(4), ..Run::new(1_000, 60) };
    let (plain, late) = (simulate(run), simulate(Run { listed_late: 300, ..run }));
    let planned = Forecast::new(&run.desk);
    let planned = planned.classes.iter().find(|is| is.class == Class::ListedLate).unwrap().at_best;
    let ages = late.of(Class::ListedLate).unwrap();
    let [half, oldest] = [50, 99].map(|percent| ages.share(percent).unwrap());
    println!(
        "{} listed late: {half} {oldest}, {} beside {}",
        ages.count(),
        late.requests(),
        plain.requests()
    );
    assert!(ages.count() >= 30);
    assert!(oldest <= 905.0 && oldest <= planned.p99.as_secs_f64() * 1.1, "{oldest}");
    assert!(half <= planned.median.as_secs_f64() * 1.5, "{half}");
    assert!(late.requests() <= plain.requests() * 1.05, "{} {}", late.requests(), plain.requests());
}

#[test]
fn it_takes_a_half_a_fifth_and_a_tenth_of_the_requests_of_asking_for_each_order() {
    let long = Run { measured: hours(12), ..Run::new(100, 60) };
    let short = Run { warm: HALF, measured: HALF, ..Run::new(10_000, 60) };
    for (run, share) in [(long, 2.0), (Run::new(1_000, 60), 5.0), (short, 10.0)] {
        // The plan says as much, also where two thirds of the budget are taken.
        let measured = assert_agrees(run, if run.desk.orders > 100 { &OPEN } else { &OPEN[..1] });
        let (ours, theirs) = (measured.requests(), one_by_one(run, &measured));
        let [half, oldest] = [50, 99].map(|percent| measured.terms.share(percent).unwrap());
        println!(
            "{}: {ours:.1} beside {theirs:.1}, {:.1} open; price and deadline {half:.0} {oldest:.0}",
            run.desk.orders, measured.open
        );
        assert!(ours * share <= theirs, "{} orders: {ours} beside {theirs}", run.desk.orders);
        // Who asks for each order by itself finds a new one on a page, and knows its price no sooner than half a period later.
        let period = 2.0 * measured.of(Class::Fresh).unwrap().share(50).unwrap();
        let priced = measured.of(Class::Unpriced).unwrap();
        let [half, oldest] = [50, 99].map(|percent| priced.share(percent).unwrap());
        assert!(half <= period * 0.75 && oldest <= period * 1.25, "{}: {half} {oldest}", run.desk.orders);
    }
}

#[test]
fn notifications_save_requests() {
    let plain = Run { measured: hours(3), ..Run::new(1_000, 60) };
    let rare = Run { desk: Desk { every: Duration::from_secs(120), ..plain.desk }, ..plain };
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
