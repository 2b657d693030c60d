//! The list keeps step: however orders come in, few at a time or all at once, they stand alike and are counted alike.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use fastrand::Rng;
use jiff::{SignedDuration, tz::TimeZone};
use paydesk::{
    console::{
        column::COLUMNS,
        filter::{Filter, Reading},
        list::queue::OwnQueue,
    },
    domain::order::{OrderNo, OrderStatus},
};
use rig::{Rig, Sketch, case, noon};

const ORDERS: u32 = 90;

fn reading() -> Reading {
    Reading { now: noon(), zone: TimeZone::UTC }
}

fn sketch(n: u32, rng: &mut Rng) -> Sketch {
    let status = match rng.u8(..5) {
        0 | 1 => OrderStatus::Unpaid,
        2 => OrderStatus::Ticketing,
        3 => OrderStatus::Cancelled,
        _ => OrderStatus::Ticketed,
    };
    let error = Some("604").filter(|_| status == OrderStatus::Cancelled && rng.bool());
    let names = vec![["LIN/MEIYU", "SMITH/ANNA", "王芳"][rng.usize(..3)]];
    Sketch { n, status, error, names, minutes_left: rng.i64(-5..40), ..Sketch::default() }
}

/// A desk that looks at some queue through some filter, sorted in some way.
fn desk(seed: u64) -> Rig {
    let mut rng = Rng::with_seed(seed);
    let mut rig = Rig::new((120, 40));
    let own = ["due:<20m", "pax:lin !status:ticketed"]
        .map(|filter| OwnQueue::read("own", filter, &reading()).unwrap());
    let list = &mut rig.console.ui.list;
    list.set_up(own.into(), TimeZone::UTC, noon());
    let tabs: Vec<_> = list.tabs().collect();
    list.look_at(tabs[rng.usize(..tabs.len())]);
    let filter = ["", "smith", "due:<30m", "!pax:王芳"][rng.usize(..4)];
    list.filter(Filter::read(filter, &reading()).unwrap(), noon(), &rig.console.model.standstill);
    for _ in 0..rng.u8(..3) {
        list.sort(COLUMNS[rng.usize(..6)]);
    }
    rig
}

/// What is shown, from the top, and how many orders each queue has.
fn seen(rig: &Rig) -> (Vec<OrderNo>, Vec<usize>) {
    let list = &rig.console.ui.list;
    let rows = (0..list.shown()).map(|at| list.row(at).unwrap().0.order.no).collect();
    (rows, list.tabs().map(|tab| list.count(tab)).collect())
}

#[test]
fn rows_that_come_one_by_one_stand_as_those_that_come_together() {
    for seed in 0..20 {
        let (mut few, mut all) = (desk(seed), desk(seed));
        let mut rng = Rng::with_seed(seed);
        let mut last: Vec<u64> = Vec::new();
        for n in 0..ORDERS {
            last.push(rng.u64(..));
            few.sketch(&sketch(n, &mut Rng::with_seed(last[n as usize])));
            // Some change again, in batches that are patched in.
            let changed: Vec<u32> = (0..rng.u32(..4)).map(|_| rng.u32(0..=n)).collect();
            let cases = changed.into_iter().map(|n| {
                last[n as usize] = rng.u64(..);
                case(&sketch(n, &mut Rng::with_seed(last[n as usize])))
            });
            let cases = cases.collect();
            few.publish(cases);
        }
        let whole = (0..ORDERS).map(|n| case(&sketch(n, &mut Rng::with_seed(last[n as usize]))));
        all.publish(whole.collect());
        assert_eq!(seen(&few), seen(&all), "seed {seed}");
        // As a queue that is looked at anew, too.
        let tab = few.console.ui.list.tab();
        few.console.ui.list.look_at(tab);
        assert_eq!(seen(&few), seen(&all), "seed {seed}");
        let standstill = few.console.model.standstill.clone();
        let later = noon() + SignedDuration::from_mins(17);
        for rig in [&mut few, &mut all] {
            rig.console.ui.list.pass_time(later, &standstill);
        }
        assert_eq!(seen(&few), seen(&all), "seed {seed}, later");
    }
}
