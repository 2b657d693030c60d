//! What the pay form says of its fields, its methods and what it looks at.

use std::sync::Arc;

use paydesk::{
    desk::hub::Update,
    domain::{
        airline_trouble::AirlineTroubles, attempt::State, field::Field, method::PaymentMethod,
        obstacle::Obstacle, order::Airline,
    },
    lang::{Lang, reason::Reason, words},
};
use unicode_width::UnicodeWidthStr;

use crate::{
    rig::{self, Rig, Sketch, case, sample},
    scenes::{LANGS, SECOND, SIZES, desk, fill, go_to, open_form, trouble, troubled_form, urgent},
};

/// The lines inside the frame of a page.
pub(crate) fn inside(rig: &mut Rig) -> Vec<String> {
    let lines = rig.draw();
    lines.iter().map(|line| line.trim_matches(['│', '|', ' ']).to_owned()).collect()
}

/// The line of a page that begins with this label.
fn row<'a>(screen: &'a [String], label: &str) -> &'a str {
    screen.iter().find(|line| line.starts_with(label)).map_or("", |line| line)
}

/// What stands below the checks: how many things are to be mended, and how.
fn verdict(screen: &[String]) -> String {
    let at = screen.iter().rposition(|line| line.starts_with("! ") || line.starts_with("✓ ")).unwrap();
    screen[at..screen.len() - 2].join(" ")
}

#[test]
fn each_field_of_the_form_says_its_own_fault_and_the_foot_counts_them() {
    for lang in LANGS {
        let mut rig = desk((80, 24), lang);
        open_form(&mut rig);
        rig.press("3");
        for (field, text) in sample::CARD {
            let text = match field {
                Field::FirstName => "JOSE\u{301}-D\u{2019}ARCY",
                Field::LastName => "O'BRIEN",
                Field::PostCode => "1000_5",
                _ => text,
            };
            fill(&mut rig, field, text);
        }
        rig.press("Enter");
        let screen = inside(&mut rig);
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
        assert!(verdict(&screen).contains('3') && verdict(&screen).contains("JOSÉ-DARCY"), "{screen:#?}");
        assert!(verdict(&screen).contains(label(Field::FirstName)), "{screen:#?}");
        go_to(&mut rig, Field::LastName);
        let screen = inside(&mut rig);
        assert!(verdict(&screen).contains(label(Field::LastName)), "{screen:#?}");
        assert!(verdict(&screen).contains("OBRIEN") && !verdict(&screen).contains("DARCY"), "{screen:#?}");
        rig.press(&"Backspace ".repeat(7));
        rig.press("OBRIEN");
        let screen = inside(&mut rig);
        assert!(verdict(&screen).contains('2') && !row(&screen, label(Field::LastName)).contains("U+"));
    }
}

#[test]
fn a_fault_below_the_edge_of_the_screen_is_brought_into_it() {
    for lang in LANGS {
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
        let screen = inside(&mut rig);
        let seen = row(&screen, &format!("{label} *"));
        assert!(seen.contains("[ ]") && seen.contains(&reason), "{screen:#?}");
        rig.press("Tab");
        go_to(&mut rig, Field::Number);
        let number = words::field(lang, Field::Number);
        assert!(!row(&inside(&mut rig), &format!("{number} *")).is_empty());
    }
}

#[test]
fn what_has_no_room_beside_its_method_stands_once_at_the_foot_with_its_field() {
    for lang in LANGS {
        let mut rig = desk((80, 24), lang);
        open_form(&mut rig);
        let mut two = case(&urgent());
        two.order.airlines.extend([Airline::parse("TR").unwrap()]);
        two.order.details.as_mut().unwrap().has_vendor_fare = false;
        rig.publish(vec![two]);
        rig.press("3");
        let screen = inside(&mut rig);
        let reason = |obstacle| words::obstacle_reason(lang, &obstacle);
        assert!(
            screen
                .iter()
                .any(|line| line.contains("3 VCC") && line.ends_with(&reason(Obstacle::NoVendorFare))),
            "{screen:#?}"
        );
        let named = Reason::of(lang, &Obstacle::SeveralAirlines).named();
        assert!(screen.iter().any(|line| line.contains(&named)), "{screen:#?}");
        for once in [reason(Obstacle::NoVendorFare), reason(Obstacle::SeveralAirlines)] {
            assert_eq!(screen.iter().filter(|line| line.contains(&once)).count(), 1, "{once}: {screen:#?}");
        }
    }
}

#[test]
fn an_airline_in_trouble_before_money_leaves() {
    // Whatever else there is to mend.
    for lang in LANGS {
        let mut rig = desk((80, 24), lang);
        troubled_form(&mut rig);
        rig.press("3 Enter");
        let said = AirlineTroubles::clone(&rig.console.model.troubles);
        let trouble = said.of(Airline::parse("5J").unwrap(), rig.now).unwrap();
        let screen = inside(&mut rig);
        let said = words::airline_trouble(lang, &trouble);
        assert!(screen.iter().any(|line| line.contains(&said)), "{screen:#?}");
    }
}

#[test]
fn what_to_consider_stands_below_each_method_until_its_fields_need_the_room() {
    let advised = |rig: &mut Rig, keys: [&'static str; 2]| {
        let lines = keys.map(|key| rig.console.ui.lang.text(key));
        assert!(lines.iter().all(|line| line.width() <= 76), "{lines:?}");
        let screen = inside(rig);
        screen.windows(2).any(|pair| pair == lines)
    };
    let deposit = ["form.advise_deposit", "form.advise_held"];
    let vcc = ["form.advise_vcc", "form.advise_card_hold"];
    for lang in LANGS {
        let mut rig = desk((80, 24), lang);
        open_form(&mut rig);
        assert!(advised(&mut rig, deposit), "{}", rig.screen());
        rig.press("3");
        assert!(advised(&mut rig, vcc), "{}", rig.screen());
        // Twelve fields: once a digit stands there, none of them is hidden.
        rig.press("4");
        let screen = inside(&mut rig);
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
        mixed.order.airlines.extend([Airline::parse("TR").unwrap()]);
        rig.publish(vec![mixed]);
        rig.press("1");
        assert!(advised(&mut rig, ["form.advise_deposit", "form.advise_mixed_deposit"]), "{}", rig.screen());
        rig.press("3");
        assert!(advised(&mut rig, ["form.advise_vcc", "form.advise_mixed_card"]), "{}", rig.screen());
        let risk = words::obstacle_reason(lang, &Obstacle::SeveralAirlines);
        assert!(rig.screen().contains(&risk), "{}", rig.screen());
    }
}

/// Much stands against it, and little room is left: what is advised gives way.
#[test]
fn a_form_with_everything_against_it_is_drawn_at_every_size() {
    for size in SIZES {
        for lang in LANGS {
            for minutes_left in [-1, 0, 1, 8] {
                for methods in
                    [vec![PaymentMethod::Deposit], vec![PaymentMethod::Mor], PaymentMethod::ALL.to_vec()]
                {
                    for airline in ["FR", "5J"] {
                        let methods = methods.clone();
                        let unconfirmed = Sketch {
                            n: 1,
                            airline,
                            names: vec!["LIN/MEIYU"; 4],
                            methods,
                            minutes_left,
                            ..Sketch::default()
                        };
                        let mut rig = desk(size, lang);
                        rig.sketch(&unconfirmed);
                        trouble(&mut rig);
                        rig.news(Update { balances: Some(Arc::default()), ..Update::default() });
                        rig.press("$");
                        rig.screen();
                        rig.pass(SECOND);
                        rig.publish(vec![case(&unconfirmed)]);
                        for key in ["1", "3", "4", "5", "Tab"] {
                            rig.screen();
                            rig.press(key);
                        }
                        rig.screen();
                    }
                }
            }
        }
    }
}
