//! What every screen does with keys that mean the same on all of them.

use crossterm::event::KeyCode;
use paydesk::console::{
    Effect, Message,
    action::{ACTIONS, Action, Context},
};

use crate::{
    rig::{Rig, Sketch, number, strokes},
    scenes::{
        MS, SECOND, asks_for_the_amount, cancelled, confirmation, flat, form, pays, question_of_regenerating,
        quits, regenerates, screens, table,
    },
};

#[test]
fn a_stop_takes_a_confirmation_back_and_what_was_held_counts_for_nothing() {
    let mut rig = confirmation();
    rig.press("119");
    rig.message(Message::Key(strokes("Enter")[0]));
    rig.message(Message::Suspending);
    rig.message(Message::Continued(80, 24));
    rig.wait(SECOND.unsigned_abs());
    assert!(!pays(&rig) && !asks_for_the_amount(&rig), "{}", rig.screen());
    assert!(rig.screen().contains("was suspended"), "{}", rig.screen());
    let mut rig = question_of_regenerating();
    rig.message(Message::Suspending);
    rig.message(Message::Continued(80, 24));
    rig.wait(SECOND.unsigned_abs());
    rig.press("y");
    assert!(!regenerates(&rig));
}

#[test]
fn c_z_stops_on_every_screen_and_asks_again_while_a_payment_is_in_flight() {
    let stops = |rig: &Rig| rig.effects.iter().filter(|effect| matches!(effect, Effect::Suspend)).count();
    for screen in screens() {
        let mut rig = (screen.open)();
        rig.console.model.health.in_flight = 0;
        rig.press("C-z");
        assert_eq!(stops(&rig), 1, "{}", screen.name);
        let mut rig = (screen.open)();
        rig.console.model.health.in_flight = 1;
        rig.press("C-z");
        assert_eq!(stops(&rig), 0, "{}", screen.name);
        assert!(rig.screen().contains("in flight"), "{}:\n{}", screen.name, rig.screen());
        rig.press("C-z");
        assert_eq!(stops(&rig), 1, "{}", screen.name);
        let mut rig = (screen.open)();
        rig.burst("C-z C-z C-z", MS);
        assert_eq!(stops(&rig), 0, "{}", screen.name);
    }
}

#[test]
fn every_key_has_the_same_meaning_in_full_width_and_on_a_chinese_layout() {
    let wide = |c: char| if c == ' ' { '\u{3000}' } else { char::from_u32(u32::from(c) + 0xfee0).unwrap() };
    let result = |c: char| {
        let mut rig = table();
        rig.sketch(&Sketch { n: 2, ..Sketch::default() });
        rig.press(&c.to_string());
        (rig.screen(), format!("{:?}", rig.effects))
    };
    let mut tried = 0;
    for row in ACTIONS.iter().filter(|row| row.action != Action::Quit) {
        for chord in row.chords(Context::Table) {
            if let (KeyCode::Char(c), true) = (chord.0, chord.1.is_empty()) {
                assert_eq!(result(wide(c)), result(c), "{c}");
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "only {tried} keys were tried");
    for (typed, key) in [('￥', '$'), ('¥', '$'), ('、', '/'), ('？', '?')] {
        assert_eq!(result(typed), result(key), "{typed}");
    }
    for amount in ["１１９", "１１９．５５", "１１９。５５", "119。55"] {
        let mut rig = confirmation();
        rig.press(amount);
        rig.press("Enter");
        assert!(pays(&rig), "{amount}");
    }
    let mut rig = question_of_regenerating();
    rig.press("ｙ");
    assert!(regenerates(&rig));
    let mut rig = table();
    rig.press("/ ＴＥＳＴＡ");
    let screen = rig.screen();
    assert!(
        screen.contains("/ＴＥＳＴＡ") && screen.contains("1 of 1 order"),
        "a text is what was typed: {screen}"
    );
}

#[test]
fn a_key_without_a_meaning_says_what_it_was_and_where_the_keys_are() {
    for (open, key, named) in [
        (table as fn() -> Rig, "Z", "Z does nothing here; ? shows the keys"),
        (table, "《", "< does nothing here; ? shows the keys"),
        (table, "C-x", "C-x does nothing here"),
        (form, "x", "x does nothing here; the keys are"),
        (confirmation, "x", "x does nothing here; the keys are"),
        (cancelled, "t x", "x does nothing here; the keys are"),
    ] {
        let mut rig = open();
        rig.press(key);
        assert!(rig.screen().contains(named), "{key}: {}", rig.screen());
    }
    let mut rig = table();
    rig.press("L Z");
    assert!(rig.screen().contains("Z 在此无作用"), "{}", rig.screen());
}

#[test]
fn no_question_and_no_remark_stands_under_another_screen() {
    type Open = (&'static str, fn() -> Rig);
    let opened: [Open; 9] = [
        ("table", table),
        ("detail", || {
            let mut rig = table();
            rig.press("Enter");
            rig
        }),
        ("help", || {
            let mut rig = table();
            rig.press("?");
            rig
        }),
        ("log", || {
            let mut rig = table();
            rig.press("@");
            rig
        }),
        ("sort", || {
            let mut rig = table();
            rig.press("S");
            rig
        }),
        ("form", form),
        ("confirmation", confirmation),
        ("following", || {
            let mut rig = confirmation();
            rig.press("119 Enter");
            rig
        }),
        ("plan", question_of_regenerating),
    ];
    for size in [(80, 24), (120, 40), (60, 10), (30, 12)] {
        for (name, open) in opened {
            let mut rig = open();
            rig.message(Message::Resized(size.0, size.1));
            rig.effects.clear();
            rig.console.model.health.in_flight = 1;
            rig.press("C-c");
            assert!(flat(&mut rig).contains("C-c again quits"), "{name} {size:?}:\n{}", rig.screen());
            rig.press("C-c");
            let screen = flat(&mut rig);
            assert!(screen.contains("either way. y quits"), "{name} {size:?}:\n{}", rig.screen());
            rig.console.say("something went wrong".into(), true);
            assert!(flat(&mut rig).contains("something went wrong"), "{name} {size:?}:\n{}", rig.screen());
            assert!(!quits(&rig));
            rig.press("n");
            assert!(!flat(&mut rig).contains("either way. y quits"), "{name} {size:?}:\n{}", rig.screen());
            rig.press("Esc C-c C-c y");
            assert!(quits(&rig), "{name} {size:?}:\n{}", rig.screen());
        }
    }
}

#[test]
fn a_copy_shows_the_text_and_claims_no_more_than_that_it_was_sent() {
    let mut rig = table();
    rig.press("y");
    assert!(rig.effects.iter().any(|effect| matches!(effect, Effect::Copy(_))));
    let screen = rig.screen();
    assert!(screen.contains(&format!("Sent to the terminal, to copy: {}", number(1))), "{screen}");
}

#[test]
fn a_key_that_cannot_do_its_work_now_says_why() {
    for key in ["Enter", "$", "t", "r", "y"] {
        let mut rig = Rig::new((120, 40));
        rig.effects.clear();
        rig.press(key);
        assert!(rig.screen().contains("No order selected."), "{key}: {}", rig.screen());
        assert!(!rig.effects.iter().any(|effect| matches!(effect, Effect::Send(_))), "{key}");
    }
    for key in ["m", "d", "Enter"] {
        let mut rig = cancelled();
        rig.console.model.setup.read_only = true;
        rig.press("t");
        rig.press(key);
        assert!(flat(&mut rig).contains("Read-only"), "{key}: {}", rig.screen());
    }
    let mut rig = cancelled();
    rig.press("t d");
    assert!(flat(&mut rig).contains("No payment of this order waits for a decision"), "{}", rig.screen());
}

#[test]
fn a_footer_names_the_keys_of_its_screen() {
    let foot = |rig: &mut Rig| rig.draw().last().unwrap().clone();
    assert!(foot(&mut form()).contains("Enter review"));
    assert!(foot(&mut table()).contains("$ pay"));
    let mut plan = cancelled();
    plan.press("t");
    assert!(
        foot(&mut plan).contains("j/k option") && foot(&mut plan).contains("Esc leave; the plan is kept")
    );
}
