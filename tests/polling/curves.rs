//! The curves of `docs/polling.md`: what the plan says as lines, what the simulation measures as dots.

use std::{fmt::Write as _, fs, path::Path, time::Duration};

use paydesk::desk::polling::forecast::{Age, Class, Forecast};

use crate::{
    chart::{Axis, COLOURS, Line, svg},
    simulation::{Run, desk, hours, one_by_one, simulate},
};

const CLASSES: [(Class, &str); 5] = [
    (Class::Unpriced, "new, until its price is known"),
    (Class::Fresh, "open, up to 40 min old"),
    (Class::Late, "open, up to 2 h old"),
    (Class::Slow, "open, older"),
    (Class::Closed, "ticketed or cancelled"),
];

/// How many orders a day, and with which budgets a desk is simulated.
const RUNS: [(u32, &[u32]); 4] =
    [(100, &[10, 60]), (1_000, &[6, 10, 60]), (10_000, &[20, 36, 60, 200]), (100_000, &[200, 400, 600])];

fn named(seconds: f64) -> String {
    match seconds {
        ..60.0 => format!("{seconds} s"),
        ..3_600.0 => format!("{} min", seconds / 60.0),
        _ => format!("{} h", seconds / 3_600.0),
    }
}

fn ages() -> Axis {
    let ticks = [10.0, 30.0, 60.0, 300.0, 1_800.0, 7_200.0, 43_200.0];
    Axis {
        name: "99 of 100 are no older than",
        from: 10.0,
        to: 100_000.0,
        ticks: ticks.map(|tick| (tick, named(tick))).into(),
    }
}

fn budgets() -> Axis {
    let ticks = [6.0, 10.0, 20.0, 60.0, 100.0, 200.0, 600.0];
    Axis {
        name: "requests a minute",
        from: 5.0,
        to: 700.0,
        ticks: ticks.map(|tick| (tick, tick.to_string())).into(),
    }
}

/// The chart of a desk with so many orders a day, with these measurements by class: budget and age.
fn chart(orders: u32, measured: &[(Class, f64, f64)]) -> String {
    let spread: Vec<u32> =
        (0..120).map(|n| (6.0 * (100.0_f64).powf(f64::from(n) / 119.0)).round() as u32).collect();
    let forecasts: Vec<(f64, Forecast)> =
        spread.iter().map(|budget| (f64::from(*budget), Forecast::new(&desk(orders, *budget)))).collect();
    let mut lines: Vec<Line> = CLASSES
        .iter()
        .zip(COLOURS)
        .map(|((class, name), colour)| {
            let age = |forecast: &Forecast| {
                let is = forecast.classes.iter().find(|is| is.class == *class)?;
                Some(is.age?.p99.as_secs_f64())
            };
            let points = forecasts.iter().filter_map(|(budget, forecast)| Some((*budget, age(forecast)?)));
            let dots = measured.iter().filter(|(of, ..)| of == class).map(|(_, budget, age)| (*budget, *age));
            Line {
                name: (*name).to_owned(),
                colour,
                is_dashed: false,
                points: points.collect(),
                dots: dots.collect(),
            }
        })
        .collect();
    // A program that spends all of its budget on open orders, one after the other.
    let alone = forecasts.iter().map(|(budget, forecast)| {
        let fresh = forecast.classes.iter().find(|is| is.class == Class::Fresh).unwrap().age.unwrap();
        (*budget, forecast.one_by_one * 2.0 * fresh.median.as_secs_f64() / budget)
    });
    lines.push(Line {
        name: "open, each asked for by itself".to_owned(),
        colour: COLOURS[5],
        is_dashed: true,
        points: alone.collect(),
        dots: Vec::new(),
    });
    svg(&format!("How old is what is shown: {orders} orders a day"), &budgets(), &ages(), &lines)
}

/// Requests a minute by orders: ours, and those of asking for each order by itself.
fn requests(measured: &[(f64, f64, f64)]) -> String {
    let sizes = [100.0, 1_000.0, 10_000.0, 100_000.0];
    let x = Axis {
        name: "orders a day",
        from: 80.0,
        to: 130_000.0,
        ticks: sizes.map(|n| (n, n.to_string())).into(),
    };
    let rates = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];
    let y = Axis {
        name: "requests a minute",
        from: 1.0,
        to: 10_000.0,
        ticks: rates.map(|n| (n, n.to_string())).into(),
    };
    let line = |name: &str, colour, is_dashed, points: Vec<(f64, f64)>| Line {
        name: name.to_owned(),
        colour,
        is_dashed,
        dots: points.clone(),
        points,
    };
    let ours = measured.iter().map(|(orders, ours, _)| (*orders, *ours)).collect();
    let theirs = measured.iter().map(|(orders, _, theirs)| (*orders, *theirs)).collect();
    let lines = [
        line("paydesk", COLOURS[1], false, ours),
        line("each open order by itself", COLOURS[5], true, theirs),
    ];
    svg("Requests for the same age of open orders", &x, &y, &lines)
}

#[test]
#[ignore = "minutes of work, and it writes into docs: `just polling`"]
fn curves() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/polling");
    fs::create_dir_all(&folder).unwrap();
    let mut table = String::from(
        "orders a day,requests a minute allowed,made,one by one for the same,class,planned p50 s,measured p50 s,planned p99 s,measured p99 s\n",
    );
    let mut costs = Vec::new();
    for (orders, _) in RUNS {
        fs::write(folder.join(format!("{orders}.svg")), chart(orders, &[])).unwrap();
    }
    for (orders, budgets) in RUNS {
        let mut measured = Vec::new();
        for budget in budgets {
            // Closed orders are looked at every three hours: only a small desk is simulated for so long, and the largest for
            // as long as it takes to see every open order in its turn.
            let (warm, long) = match orders {
                0..=1_000 => (hours(1), hours(7)),
                1_001..=10_000 => (hours(1), hours(1)),
                _ => (Duration::from_secs(2_400), Duration::from_secs(1_200)),
            };
            let run = Run { warm, measured: long, ..Run::new(orders, *budget) };
            let (forecast, found) = (Forecast::new(&run.desk), simulate(run));
            let theirs = one_by_one(run, &found);
            for is in &forecast.classes {
                let Some(ages) = found.of(is.class).filter(|ages| ages.count() >= 20) else { continue };
                if is.class == Class::Closed && orders > 1_000 {
                    continue;
                }
                let [p50, p99] = [50, 99].map(|percent| ages.share(percent).unwrap());
                // Nothing where it falls ever further behind.
                let planned = |part: fn(Age) -> Duration| {
                    is.age.map(|age| format!("{:.0}", part(age).as_secs_f64())).unwrap_or_default()
                };
                measured.push((is.class, f64::from(*budget), p99));
                writeln!(
                    table,
                    "{orders},{budget},{:.1},{theirs:.1},{},{},{p50:.0},{},{p99:.0}",
                    found.requests(),
                    is.class.word(),
                    planned(|age| age.median),
                    planned(|age| age.p99)
                )
                .unwrap();
            }
            println!("{orders} {budget}: {:.1} beside {theirs:.1}", found.requests());
            if budget == budgets.last().unwrap() {
                costs.push((f64::from(orders), found.requests(), theirs));
            }
        }
        // Whoever does not wait for the largest desk has the others.
        fs::write(folder.join(format!("{orders}.svg")), chart(orders, &measured)).unwrap();
        fs::write(folder.join("requests.svg"), requests(&costs)).unwrap();
        fs::write(folder.join("measured.csv"), &table).unwrap();
    }
}

#[test]
fn a_chart_holds_its_lines_and_names_its_axes() {
    let chart = chart(10_000, &[(Class::Fresh, 60.0, 30.0)]);
    for wanted in ["requests a minute", "no older than", "prefers-color-scheme: dark", "<circle", "30 min"] {
        assert!(chart.contains(wanted), "{wanted}");
    }
    assert!(!chart.contains("NaN") && !chart.contains("inf"), "{chart}");
    assert_eq!(chart.matches("stroke-width=\"2\"").count(), 2 * 6, "six lines, and their names");
}
