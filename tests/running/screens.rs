//! Screens that only come about while the loop runs, in two sizes and both languages, as snapshots.

use std::time::Duration;

use jiff::Timestamp;
use paydesk::{
    domain::{
        attempt::{Attempt, Snapshot, State},
        case::Case,
        order::OrderStatus,
    },
    lang::Lang,
};

use crate::{
    rig::{Sketch, case, noon, number, sample},
    runner::{PAYMENT, Runner},
};

const SECOND: Duration = Duration::from_secs(1);

fn first() -> Sketch {
    Sketch { n: 1, airline: "TR", route: ("SIN", "BKK"), ..Sketch::default() }
}

fn others() -> Vec<Case> {
    let ticketing = Sketch { n: 3, status: OrderStatus::Ticketing, ..Sketch::default() };
    [Sketch { n: 2, names: vec!["SANTOS/ANA"], minutes_left: 25, ..Sketch::default() }, ticketing]
        .iter()
        .map(case)
        .collect()
}

fn each(what: &str, show: impl Fn(&mut Runner)) {
    for size in [(80, 24), (120, 40)] {
        for lang in [Lang::En, Lang::ZhCn] {
            let mut runner = Runner::new(size, lang);
            let cases = others().into_iter().chain([case(&first())]).collect();
            let update = runner.cases(cases);
            runner.news(&update);
            show(&mut runner);
            let name = format!("{what}_{}x{}_{}", size.0, size.1, lang.tag());
            insta::assert_snapshot!(name, runner.screen());
        }
    }
}

/// The first order with the payment that the console asked for.
fn paying(state: State, at: Timestamp) -> Case {
    let sent = sample::moment(at, 1);
    let attempt =
        Attempt::restore(Snapshot { id: PAYMENT, sent: Some(sent), state, ..sample::claimed(number(1), at) });
    sample::case(case(&first()).order, sample::lineage(number(1), vec![attempt]))
}

/// Pays the first order by deposit, up to the request being on its way.
fn pay(runner: &mut Runner) {
    runner.press("$");
    runner.pass(SECOND);
    let update = runner.cases(vec![case(&first())]);
    runner.news(&update);
    runner.press("Enter");
    runner.pass(SECOND);
    runner.press("119 Enter");
    let update = runner.cases(vec![paying(State::Sending, noon() + SECOND * 4)]);
    runner.news(&update);
    runner.health(|health| health.in_flight = 1);
}

#[test]
fn a_payment_that_is_followed() {
    each("following", |runner| {
        pay(runner);
        runner.pass(SECOND * 3);
    });
}

#[test]
fn leaving_with_a_payment_in_flight() {
    each("quitting", |runner| {
        pay(runner);
        runner.press("Esc q");
    });
}

#[test]
fn the_log() {
    each("log", |runner| {
        pay(runner);
        runner.press("Esc @");
    });
}

#[test]
fn data_that_has_become_stale() {
    each("stale", |runner| {
        runner.health(|health| health.failures = 2);
        runner.pass(SECOND * 45);
    });
}

#[test]
fn a_frozen_table_behind_which_an_order_has_changed() {
    each("frozen", |runner| {
        runner.press("f");
        let ticketed = Sketch { status: OrderStatus::Ticketed, ..first() };
        let update = runner.cases(vec![case(&ticketed)]);
        runner.news(&update);
    });
}

#[test]
fn a_filter_while_it_is_typed() {
    each("filter", |runner| runner.press("/ ana"));
}

#[test]
fn the_fields_of_a_filter() {
    each("filter_fields", |runner| runner.press("/ ?"));
}

#[test]
fn a_mistake_in_a_filter() {
    each("filter_mistake", |runner| runner.press("/ airline:TR Space !staus:ticketed"));
}

#[test]
fn the_values_that_a_filter_may_go_on_with() {
    each("filter_choices", |runner| runner.press("/ !status: Tab"));
}

#[test]
fn a_filter_in_force_above_a_form() {
    each("filter_form", |runner| runner.press("/ airline:TR Enter $"));
}

#[test]
fn the_choice_of_a_column_to_sort_by() {
    each("sort", |runner| runner.press("S"));
}
