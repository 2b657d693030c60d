//! The main screens in two sizes and both languages, as snapshots.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::sync::Arc;

use jiff::SignedDuration;
use paydesk::{
    console::form::Focus,
    desk::hub::Update,
    domain::{
        airline_trouble::{AirlineStatus, AirlineTroubles},
        attempt::State,
        field::Field,
        method::PaymentMethod,
        obstacle::Obstacle,
        order::{Airline, OrderStatus},
        stop::{self, Stop},
        story::OperatorAction,
    },
    lang::{Lang, reason::Reason, words},
};
use rig::{Rig, Sketch, case, sample};
use unicode_width::UnicodeWidthStr;

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

/// Opens the form on the selected order, and lets the server answer.
fn open_form(rig: &mut Rig) {
    rig.press("$");
    rig.pass(SignedDuration::from_secs(1));
    let again = case(&urgent());
    rig.publish(vec![again]);
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

/// The order of Ryanair's, with a link that was given two minutes ago.
fn confirmable(link: &str, rig: &mut Rig) {
    let order = case(&Sketch { airline: "FR", route: ("DUB", "KIR"), ..urgent() }).order;
    let mut lineage = sample::lineage(order.no, Vec::new());
    let asked = sample::moment(rig.now - SignedDuration::from_mins(2), 1_000);
    lineage.put_action(order.no, &OperatorAction::GotLink { asked });
    rig.publish(vec![sample::case(order, lineage)]);
    rig.press("c");
    rig.console.ui.links.insert(rig::number(1), (asked.now.at, link.into()));
}

#[test]
fn the_confirmation_with_the_airline() {
    each("commit", |rig| {
        let link =
            format!("https://www.ryanair.example/confirm/{}?o=TESTA20261103140000001", "a1b2c3".repeat(14));
        confirmable(&link, rig);
    });
    in_both("commit_asked", (80, 24), |rig| {
        confirmable("https://www.ryanair.example/confirm?o=1", rig);
        rig.press("Enter");
    });
}

#[test]
fn an_order_whose_issuance_is_being_stopped() {
    each("stop", |rig| {
        let order = case(&Sketch { n: 6, status: OrderStatus::Ticketing, ..urgent() }).order;
        let mut lineage = sample::lineage(order.no, Vec::new());
        let (sent, now) = (sample::moment(rig.now - SignedDuration::from_mins(1), 1_000), rig.now);
        lineage.put_stop(Stop::begin(order.no, sent, now).ended(stop::State::Asked, now));
        rig.publish(vec![sample::case(order, lineage)]);
        rig.press("3 t");
    });
}

#[test]
fn the_pay_form_for_a_card() {
    each("form", |rig| {
        open_form(rig);
        rig.press("3 4532015112830366 Tab 08 Tab 29 Tab 123 Tab RAFAEL Tab SANTOS Tab PH Tab MM Enter");
    });
}

/// Goes to a field of the form, wherever the focus is, and types into it.
fn fill(rig: &mut Rig, field: Field, text: &str) {
    go_to(rig, field);
    rig.press(text);
}

fn go_to(rig: &mut Rig, field: Field) {
    for _ in 0..=Field::ALL.len() {
        if rig.console.ui.layers.form().unwrap().focus == Focus::Field(field) {
            return;
        }
        rig.press("Tab");
    }
    assert_eq!(rig.console.ui.layers.form().unwrap().focus, Focus::Field(field), "it is not on the form");
}

/// The line of a screen that begins with this label.
fn row<'a>(screen: &'a [String], label: &str) -> &'a str {
    screen.iter().find(|line| line.trim_start().starts_with(label)).map_or("", |line| line)
}

#[test]
fn each_field_of_the_form_says_its_own_fault_and_the_foot_counts_them() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk((80, 24), lang);
        open_form(&mut rig);
        rig.press("3");
        let typed = [
            (Field::Number, "4532015112830366"),
            (Field::ExpiryMonth, "08"),
            (Field::ExpiryYear, "29"),
            (Field::Cvv, "123"),
            (Field::FirstName, "JOSE\u{301}-D\u{2019}ARCY"),
            (Field::LastName, "O'BRIEN"),
            (Field::Country, "PH"),
            (Field::Province, "MM"),
            (Field::City, "MANILA"),
            (Field::PostCode, "1000_5"),
            (Field::Street, "8 Sample Walk"),
        ];
        for (field, text) in typed {
            fill(&mut rig, field, text);
        }
        rig.press("Enter");
        let screen = rig.draw();
        let label = |field| words::field(lang, field);
        let says = |at: usize, sign: char| match lang {
            Lang::En => format!("{sign} (U+{:04X}) at {at} cannot be used", u32::from(sign)),
            Lang::ZhCn => format!("第 {at} 个字符 {sign} (U+{:04X}) 不可用", u32::from(sign)),
        };
        let first = row(&screen, &format!("{} *", label(Field::FirstName)));
        assert!(first.contains("JOSÉ-D") && first.ends_with(&says(7, '\u{2019}')), "{screen:#?}");
        let last = row(&screen, &format!("{} *", label(Field::LastName)));
        assert!(last.contains("O'BRIEN") && last.ends_with(&says(2, '\'')), "{screen:#?}");
        let post_code = row(&screen, &format!("{} *", label(Field::PostCode)));
        assert!(post_code.ends_with(&says(5, '_')), "{screen:#?}");
        // Each reason once; the foot counts them and mends the one that has the focus.
        for reason in [says(7, '\u{2019}'), says(2, '\''), says(5, '_')] {
            assert_eq!(screen.iter().filter(|line| line.contains(&reason)).count(), 1, "{screen:#?}");
        }
        let foot = |screen: &[String]| screen[21..23].join(" ");
        assert!(foot(&screen).contains('3') && foot(&screen).contains("JOSÉ-DARCY"), "{screen:#?}");
        assert!(foot(&screen).contains(label(Field::FirstName)), "{screen:#?}");
        go_to(&mut rig, Field::LastName);
        let screen = rig.draw();
        assert!(foot(&screen).contains(label(Field::LastName)), "{screen:#?}");
        assert!(foot(&screen).contains("OBRIEN") && !foot(&screen).contains("DARCY"), "{screen:#?}");
        rig.press(&"Backspace ".repeat(7));
        rig.press("OBRIEN");
        let screen = rig.draw();
        assert!(foot(&screen).contains('2') && !row(&screen, label(Field::LastName)).contains("U+"));
    }
}

#[test]
fn a_fault_below_the_edge_of_the_screen_is_brought_into_it() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk((80, 24), lang);
        open_form(&mut rig);
        let mut both = case(&urgent());
        // Money of an older order of the trip: the last field of the form.
        let attempt = sample::attempt(rig::number(9), rig.now, State::Reversed);
        let (amount, order) = (attempt.amount, attempt.order);
        both.lineage = Arc::new(sample::lineage(both.order.no, vec![attempt]));
        rig.publish(vec![both]);
        rig.press("5 Enter");
        let label = words::field(lang, Field::OldPaymentSeen);
        let reason = words::obstacle_reason(lang, &Obstacle::OldPaymentOpen { order, amount });
        // As much of it as has room beside the field.
        let reason: String = reason.chars().take(20).collect();
        let screen = rig.draw();
        let seen = row(&screen, &format!("{label} *"));
        assert!(seen.contains("[ ]") && seen.contains(&reason), "{screen:#?}");
        rig.press("Tab");
        go_to(&mut rig, Field::Number);
        let number = words::field(lang, Field::Number);
        assert!(!row(&rig.draw(), &format!("{number} *")).is_empty());
    }
}

#[test]
fn what_has_no_room_beside_its_method_stands_once_at_the_foot_with_its_field() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk((80, 24), lang);
        open_form(&mut rig);
        let mut two = case(&urgent());
        two.order.airlines.push(Airline::parse("TR").unwrap());
        two.order.details.as_mut().unwrap().has_vendor_fare = false;
        rig.publish(vec![two]);
        rig.press("3");
        let screen = rig.draw();
        let reason = |obstacle| words::obstacle_reason(lang, &obstacle);
        assert!(screen[3].ends_with(&reason(Obstacle::NoVendorFare)), "{screen:#?}");
        let named = Reason::of(lang, &Obstacle::SeveralAirlines).named();
        assert!(screen[22].contains(&named), "{screen:#?}");
        for once in [reason(Obstacle::NoVendorFare), reason(Obstacle::SeveralAirlines)] {
            assert_eq!(screen.iter().filter(|line| line.contains(&once)).count(), 1, "{once}: {screen:#?}");
        }
    }
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
            rows.filter(|line| line.contains("TESTA")).count()
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
fn an_airline_in_trouble_before_money_leaves() {
    each("trouble_form", |rig| {
        troubles(rig);
        open_form(rig);
    });
    each("trouble_confirm", |rig| {
        troubles(rig);
        open_form(rig);
        rig.press("Enter");
        rig.draw();
        rig.pass(SignedDuration::from_secs(1));
    });
    // Whatever else there is to mend.
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk((80, 24), lang);
        troubles(&mut rig);
        open_form(&mut rig);
        rig.press("3 Enter");
        let said = AirlineTroubles::clone(&rig.console.model.troubles);
        let trouble = said.of(Airline::parse("5J").unwrap(), rig.now).unwrap();
        let screen = rig.draw();
        assert!(screen[22].contains(&words::airline_trouble(lang, &trouble)), "{screen:#?}");
    }
}

#[test]
fn what_to_consider_stands_below_each_method_until_its_fields_need_the_room() {
    let advised = |rig: &mut Rig, keys: [&'static str; 2]| {
        let lines = keys.map(|key| rig.console.ui.lang.text(key));
        assert!(lines.iter().all(|line| line.width() <= 78), "{lines:?}");
        let screen = rig.draw();
        lines.iter().enumerate().all(|(n, line)| screen[17 + n].trim() == *line)
    };
    let deposit = ["form.advise_deposit", "form.advise_held"];
    let vcc = ["form.advise_vcc", "form.advise_card_hold"];
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk((80, 24), lang);
        open_form(&mut rig);
        assert!(advised(&mut rig, deposit), "{}", rig.screen());
        rig.press("3");
        assert!(advised(&mut rig, vcc), "{}", rig.screen());
        // Twelve fields: once a digit stands there, none of them is hidden.
        rig.press("4");
        let screen = rig.draw();
        for field in [Field::Street, Field::Ceiling, Field::Reusable] {
            assert!(!row(&screen, words::field(lang, field)).is_empty(), "{screen:#?}");
        }
        rig.press("Backspace Tab");
        assert!(!advised(&mut rig, vcc), "another field has the focus");
        go_to(&mut rig, Field::Reusable);
        rig.press("Tab 4");
        assert!(advised(&mut rig, ["form.advise_byoa", "form.advise_held"]), "{}", rig.screen());
        rig.press("5");
        assert!(advised(&mut rig, ["form.advise_mor", "form.advise_card_hold"]), "{}", rig.screen());
        go_to(&mut rig, Field::Reusable);
        rig.press("Tab");
        let mut mixed = case(&urgent());
        mixed.order.airlines.push(Airline::parse("TR").unwrap());
        rig.publish(vec![mixed]);
        rig.press("1");
        assert!(advised(&mut rig, ["form.advise_deposit", "form.advise_mixed_deposit"]), "{}", rig.screen());
        rig.press("3");
        assert!(advised(&mut rig, ["form.advise_vcc", "form.advise_mixed_card"]), "{}", rig.screen());
        let risk = words::obstacle_reason(lang, &Obstacle::SeveralAirlines);
        assert!(rig.screen().contains(&risk), "{}", rig.screen());
    }
}

#[test]
fn a_loss_on_baggage_in_the_table_on_its_page_and_one_that_cannot_be_bought() {
    let troubled = |rig: &mut Rig, code| {
        rig.publish(vec![rig::troubled(code, rig.now - SignedDuration::from_secs(140))]);
        rig.pass(SignedDuration::from_secs(1));
    };
    each("baggage_table", |rig| {
        troubled(rig, "3011");
        rig.press("g");
        while rig.selected() != rig::number(1) {
            rig.press("j");
        }
    });
    for (name, code, keys) in [("baggage_loss", "3011", "b j Enter 00"), ("baggage_unsold", "309", "b")] {
        each(name, |rig| {
            troubled(rig, code);
            rig.press("g");
            while rig.selected() != rig::number(1) {
                rig.press("j");
            }
            rig.press(keys);
        });
    }
}

/// The parts of a screen that are read as texts: what stands beside a frame or a bar is one of its own.
fn parts(screen: &[String]) -> impl Iterator<Item = &str> {
    screen.iter().flat_map(|line| line.split('|')).map(str::trim)
}

#[test]
fn no_line_of_a_chinese_screen_begins_with_a_closing_sign() {
    type Show = fn(&mut Rig);
    let shows: [(&str, Show); 9] = [
        ("table", |_| {}),
        ("trouble", troubles),
        ("detail", |rig| rig.press("j j Enter")),
        ("recover", |rig| rig.press("j j t")),
        ("form", |rig| {
            open_form(rig);
            rig.press("3 Enter");
        }),
        ("confirm", |rig| {
            open_form(rig);
            rig.press("Enter");
        }),
        ("commit", |rig| confirmable("https://www.ryanair.example/confirm?o=1", rig)),
        ("baggage", |rig| {
            rig.publish(vec![rig::troubled("3011", rig.now - SignedDuration::from_secs(140))]);
            rig.press("1 g b");
        }),
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
    assert!(drawn.len() > 500, "the screens are alike: {}", drawn.len());
}

#[test]
fn the_keys() {
    each("help", |rig| rig.press("?"));
}

#[test]
fn every_two_states_differ_without_colour() {
    let mut rig = desk((120, 40), Lang::En);
    rig.console.model.setup.theme = paydesk::console::theme::Theme::Mono;
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
