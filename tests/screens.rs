//! The main screens in two sizes and both languages, as snapshots.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::sync::Arc;

use jiff::SignedDuration;
use paydesk::{
    desk::hub::Update,
    domain::{
        airline_trouble::{AirlineStatus, AirlineTroubles},
        method::PaymentMethod,
        order::{Airline, OrderStatus},
    },
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
    rig.console.ui.lang = lang;
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
    rig.publish(sketches.iter().map(case).collect());
    rig
}

fn name(what: &str, size: (u16, u16), lang: Lang) -> String {
    format!("{what}_{}x{}_{}", size.0, size.1, lang.tag())
}

fn each(what: &str, show: impl Fn(&mut Rig)) {
    for size in [(80, 24), (120, 40)] {
        in_both(what, size, &show);
    }
}

fn in_both(what: &str, size: (u16, u16), show: impl Fn(&mut Rig)) {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk(size, lang);
        show(&mut rig);
        insta::assert_snapshot!(name(what, size, lang), rig.screen());
    }
}

#[test]
fn the_palette_and_what_it_finds() {
    each("palette", |rig| rig.press(":"));
    each("palette_found", |rig| rig.press(": re"));
    each("palette_read_only", |rig| {
        rig.console.model.setup.read_only = true;
        rig.press(": pa");
    });
    each("palette_plan", |rig| rig.press("4 t :"));
    each("help_searched", |rig| rig.press("? / order"));
}

#[test]
fn the_table_with_the_most_urgent_order_selected() {
    each("table", |_| {});
}

#[test]
fn the_table_with_every_column() {
    in_both("table", (200, 50), |rig| {
        let mut paid =
            case(&Sketch { n: 7, status: OrderStatus::Ticketed, methods: ALL.to_vec(), ..Sketch::default() });
        let details = paid.order.details.as_mut().unwrap();
        details.payment = details.options.last().cloned();
        rig.publish(vec![paid]);
    });
}

#[test]
fn a_declined_order_in_detail() {
    each("detail", |rig| rig.press("j j Enter"));
}

/// The vendor says of 5J that it is under maintenance, two minutes ago; of TR the desk has seen three declines.
fn troubles(rig: &mut Rig) {
    let mut known = AirlineTroubles::default();
    let airline = |code| Airline::parse(code).unwrap();
    let at = rig.now - SignedDuration::from_mins(2);
    known.on_status(&AirlineStatus { airlines: vec![airline("5J")], word: "Maintenance".into() }, at);
    for n in 0..3 {
        known.on_refusal(rig::number(100 + n), &[airline("TR")], 604, at);
    }
    rig.news(Update { troubles: Some(Arc::new(known)), ..Update::default() });
}

#[test]
fn an_airline_in_trouble_in_the_header_on_its_rows_and_in_the_detail() {
    each("trouble_table", troubles);
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk((80, 24), lang);
        assert!(!rig.screen().contains("5J!") && !rig.screen().contains("TR!"));
        troubles(&mut rig);
        let screen = rig.draw();
        assert!(screen[0].contains(" 5J TR ") && screen[0].contains("USD 18,342.67"), "{screen:#?}");
        let marked = |screen: &[String]| {
            let rows = screen.iter().filter(|line| line.contains("5J!") || line.contains("TR!"));
            rows.filter(|line| line.contains("| ") && line.contains("~00")).count()
        };
        assert_eq!(marked(&screen), 2, "{screen:#?}");
        // What the desk alone has seen ends by itself, and the picture with it.
        rig.pass(SignedDuration::from_mins(27));
        assert!(rig.draw()[0].contains(" 5J TR "));
        let end = rig.now + SignedDuration::from_mins(1);
        assert!(rig.console.next_wake().is_some_and(|wake| wake <= end));
        rig.pass(SignedDuration::from_mins(1));
        let screen = rig.draw();
        assert!(screen[0].contains(" 5J ") && !screen[0].contains("TR"), "{screen:#?}");
        assert_eq!(marked(&screen), 1, "{screen:#?}");
    }
}

#[test]
fn a_loss_on_baggage_in_the_table() {
    each("baggage_table", |rig| {
        rig.publish(vec![rig::troubled("3011", rig.now - SignedDuration::from_secs(140))]);
        rig.pass(SignedDuration::from_secs(1));
        rig.press("g");
        while rig.selected() != rig::number(1) {
            rig.press("j");
        }
    });
}

/// The parts of a screen that are read as texts: what stands beside a frame or a bar is one of its own.
fn parts(screen: &[String]) -> impl Iterator<Item = &str> {
    screen.iter().flat_map(|line| line.split('|')).map(str::trim)
}

#[test]
fn no_line_of_a_chinese_screen_begins_with_a_closing_sign() {
    type Show = fn(&mut Rig);
    let shows: [(&str, Show); 4] = [
        ("table", |_| {}),
        ("trouble", troubles),
        ("detail", |rig| rig.press("j j Enter")),
        ("help", |rig| rig.press("?")),
    ];
    let mut drawn = std::collections::BTreeSet::new();
    for (what, show) in shows {
        for width in 80..=140 {
            let mut rig = desk((width, 40), Lang::ZhCn);
            show(&mut rig);
            let screen = rig.draw();
            for part in parts(&screen) {
                let is_wrong = part.starts_with(|sign| "，。；：）、！？」』》】％".contains(sign));
                assert!(!is_wrong, "{part:?} of {what} at {width}: {screen:#?}");
            }
            drawn.insert(screen);
        }
    }
    assert!(drawn.len() > 200, "the screens are alike: {}", drawn.len());
}

#[test]
fn the_keys() {
    each("help", |rig| rig.press("?"));
}

#[test]
fn every_two_states_differ_without_colour() {
    let mut rig = desk((120, 40), Lang::En);
    rig.console.model.setup.theme = paydesk::console::theme::Theme::mono();
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
