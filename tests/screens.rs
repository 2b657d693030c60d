//! The main screens in two sizes and both languages, as snapshots.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use jiff::SignedDuration;
use paydesk::{
    domain::{method::PaymentMethod, order::OrderStatus},
    lang::Lang,
};
use rig::{Rig, Sketch, case};

const ALL: [PaymentMethod; 4] = PaymentMethod::ALL;

/// The order that stands first: every method, and little time.
fn urgent() -> Sketch {
    Sketch {
        n: 1,
        airline: "5J",
        route: ("MNL", "SIN"),
        names: vec!["SANTOS/RAFAEL LUIS", "SANTOS/ANA"],
        methods: ALL.to_vec(),
        minutes_left: 3,
        ..Sketch::default()
    }
}

/// A desk with an order of every kind.
fn desk(size: (u16, u16), lang: Lang) -> Rig {
    let mut rig = Rig::new(size);
    rig.state.setup.lang = lang;
    let status = |status| Sketch { status, methods: ALL.to_vec(), ..Sketch::default() };
    let sketches = [
        urgent(),
        Sketch {
            n: 2,
            airline: "TR",
            route: ("SIN", "BKK"),
            names: vec!["王小明", "王芳", "王乐"],
            methods: vec![PaymentMethod::Deposit, PaymentMethod::Vcc],
            minutes_left: 8,
            ..Sketch::default()
        },
        Sketch { n: 3, minutes_left: 27, ..Sketch::default() },
        Sketch { n: 4, minutes_left: -12, ..Sketch::default() },
        Sketch {
            n: 5,
            airline: "VY",
            route: ("BCN", "BRU"),
            error: Some("604"),
            ..status(OrderStatus::Cancelled)
        },
        Sketch { n: 6, ..status(OrderStatus::Ticketing) },
        Sketch { n: 7, ..status(OrderStatus::Ticketed) },
        Sketch { n: 8, ..status(OrderStatus::Unknown(Some(7))) },
    ];
    rig.feed(sketches.iter().map(|sketch| case(sketch, rig.now)).collect());
    rig
}

fn name(what: &str, size: (u16, u16), lang: Lang) -> String {
    format!("{what}_{}x{}_{}", size.0, size.1, lang.tag())
}

fn each(what: &str, show: impl Fn(&mut Rig)) {
    for size in [(80, 24), (120, 40)] {
        for lang in [Lang::En, Lang::ZhCn] {
            let mut rig = desk(size, lang);
            show(&mut rig);
            insta::assert_snapshot!(name(what, size, lang), rig.screen());
        }
    }
}

/// Opens the form on the selected order, and lets the server answer.
fn open_form(rig: &mut Rig) {
    rig.press("$");
    rig.pass(SignedDuration::from_secs(1));
    let again = case(&urgent(), rig.now);
    rig.feed(vec![again]);
}

#[test]
fn the_table_with_the_most_urgent_order_selected() {
    each("table", |_| {});
}

#[test]
fn a_declined_order_in_detail() {
    each("detail", |rig| rig.press("j j Enter"));
}

#[test]
fn the_pay_form_for_a_card() {
    each("form", |rig| {
        open_form(rig);
        rig.press("3 4532015112830366 Tab 08 Tab 29 Tab 123 Tab RAFAEL Tab SANTOS Tab PH Tab MM Enter");
    });
}

#[test]
fn the_confirmation_of_a_deposit() {
    each("confirm", |rig| {
        open_form(rig);
        rig.press("Enter");
        rig.draw();
        rig.pass(SignedDuration::from_secs(1));
        rig.press("119");
    });
}

#[test]
fn the_keys() {
    each("help", |rig| rig.press("?"));
}

#[test]
fn every_two_states_differ_without_colour() {
    let mut rig = desk((120, 40), Lang::En);
    rig.state.setup.theme = paydesk::console::theme::Theme::Mono;
    let table: Vec<String> = rig.draw().into_iter().skip(4).take(8).collect();
    let states: Vec<String> = table
        .iter()
        .map(|line| {
            let line: String = line.chars().take(67).collect();
            let (mark, rest) = line.split_at(1);
            format!("{mark} {} {}", rest.get(1..8).unwrap_or_default(), rest.get(40..).unwrap_or_default())
        })
        .collect();
    for (n, state) in states.iter().enumerate() {
        assert!(!states[..n].contains(state), "two orders look alike: {table:#?}");
    }
}
