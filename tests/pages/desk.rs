//! The table and whatever lies over it, as snapshots.

use paydesk::{
    console::theme::{Signs, Theme},
    desk::hub::Update,
    domain::{
        alert::{Alert, Cause, Key},
        method::PaymentMethod,
        order::OrderStatus,
    },
    lang::Lang,
};

use crate::{
    pictures::weights,
    rig::{Rig, Sketch, case, noon, number},
    scenes::{LANGS, SIZES, urgent},
};

/// What is pressed at the table, and what is seen then.
const SCREENS: [(&str, &str); 16] = [
    ("desk", ""),
    ("order", "Enter"),
    ("filtering", "/ airline:TR"),
    ("sorting", "S"),
    ("columns", "+"),
    ("finding", "F ZHANG/SAN"),
    ("palette", ": re"),
    ("help", "?"),
    ("log", "@"),
    ("alerts", "a"),
    ("note", "m called"),
    ("snooze", "j j s 15m Space callback"),
    ("marked", "Space Space"),
    ("range", "v j j"),
    ("export", "x"),
    ("frozen", "f"),
];

/// A desk with an order of every kind, and an alert.
fn busy(size: (u16, u16), lang: Lang) -> Rig {
    let mut rig = Rig::new(size);
    rig.console.ui.lang = lang;
    rig.console.model.setup.signs = Signs::Unicode;
    let of = |n, status| Sketch { n, status, methods: PaymentMethod::ALL.to_vec(), ..Sketch::default() };
    let names = vec!["王小明", "王芳", "王乐"];
    let methods = vec![PaymentMethod::Deposit, PaymentMethod::Vcc];
    let sketches = [
        urgent(),
        Sketch {
            n: 2,
            airline: "TR",
            route: ("SIN", "BKK"),
            names,
            methods,
            minutes_left: 8,
            ..Sketch::default()
        },
        Sketch { n: 3, minutes_left: 27, ..Sketch::default() },
        Sketch { n: 4, minutes_left: -12, ..Sketch::default() },
        Sketch { airline: "VY", route: ("BCN", "BRU"), error: Some("604"), ..of(5, OrderStatus::Cancelled) },
        of(6, OrderStatus::Ticketing),
        of(7, OrderStatus::Ticketed),
        of(8, OrderStatus::Unknown(Some(7))),
    ];
    rig.publish(sketches.iter().map(case).collect());
    let key = Key { cause: Cause::Deadline(number(1)), step: 5 };
    let alert = Alert { key, raised_at: noon(), acknowledged: None };
    rig.news(Update { alerts: vec![alert], ..Update::default() });
    rig
}

#[test]
fn the_desk_and_what_lies_over_it_in_three_sizes_and_both_languages() {
    for (name, keys) in SCREENS {
        for size in SIZES {
            for lang in LANGS {
                let mut rig = busy(size, lang);
                rig.press(keys);
                let name = format!("{name}_{}x{}_{}", size.0, size.1, lang.tag());
                insta::assert_snapshot!(name, rig.screen());
            }
        }
    }
}

#[test]
fn the_desk_and_what_lies_over_it_without_colours_and_in_ascii() {
    for (name, keys) in SCREENS {
        for size in SIZES {
            let mut rig = busy(size, Lang::En);
            rig.console.model.setup.theme = Theme::mono();
            rig.console.model.setup.signs = Signs::Ascii;
            rig.press(keys);
            insta::assert_snapshot!(format!("{name}_{}x{}_mono_ascii", size.0, size.1), weights(&mut rig));
        }
    }
}
