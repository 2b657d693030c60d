//! The console without a terminal: what keys do, and above all what they do not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use jiff::SignedDuration;
use paydesk::{
    config::Stage,
    console::{
        Effect, Message,
        aside::{Aside, Narration},
    },
    desk::hub::Command,
    domain::{
        attempt::{Doubt, State as AttemptState},
        method::PaymentMethod,
        order::OrderStatus,
        text::Text,
        vendor_clock::Trust,
    },
    lang::Lang,
};
use rig::{Rig, Sketch, case, number, sample};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// A console with one order that a deposit of USD 119.55 pays, and the form open on it, checked.
fn form(methods: &[PaymentMethod]) -> Rig {
    let mut rig = Rig::new((80, 24));
    let sketch = Sketch { methods: methods.to_vec(), airline: "5J", ..Sketch::default() };
    rig.sketch(&sketch);
    rig.press("$");
    rig.pass(SECOND);
    rig.publish(vec![case(&sketch)]);
    rig
}

#[test]
fn a_key_acts_on_the_order_that_was_drawn_whatever_arrives_between() {
    let mut rig = Rig::new((120, 40));
    rig.publish((0..50).map(|n| case(&Sketch { n, minutes_left: 25, ..Sketch::default() })).collect());
    rig.press("jjj");
    let drawn = rig.selected();
    for round in 0..100_u32 {
        // A more urgent order arrives on top, and a known one changes its row.
        rig.sketch(&Sketch { n: 1_000 + round, minutes_left: 5, ..Sketch::default() });
        rig.sketch(&Sketch { n: round % 50, minutes_left: i64::from(round % 20), ..Sketch::default() });
        if round % 10 == 0 {
            rig.press("S a S u");
        }
        assert_eq!(rig.selected(), drawn, "round {round}");
    }
    rig.press("$");
    assert_eq!(rig.console.ui.layers.form().map(|form| form.order), Some(drawn));
}

#[test]
fn the_most_urgent_order_is_selected_until_a_key_comes_which_is_meant_for_the_one_that_was_drawn() {
    let mut rig = Rig::new((80, 24));
    rig.publish((0..50).map(|n| case(&Sketch { n, minutes_left: 25, ..Sketch::default() })).collect());
    rig.sketch(&Sketch { n: 60, minutes_left: 8, ..Sketch::default() });
    assert_eq!((rig.selected(), rig.console.ui.top), (number(60), 0));
    rig.draw();
    rig.sketch(&Sketch { n: 61, minutes_left: 4, ..Sketch::default() });
    assert_eq!(rig.selected(), number(61));
    rig.press("$");
    assert_eq!(rig.console.ui.layers.form().map(|form| form.order), Some(number(60)), "it was drawn");
    rig.press("Esc");
    rig.sketch(&Sketch { n: 62, minutes_left: 2, ..Sketch::default() });
    assert_eq!(rig.selected(), number(60), "the selection is the operator's");
}

#[test]
fn rows_do_not_move_under_an_open_form_and_move_when_it_closes() {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch { n: 1, ..Sketch::default() });
    rig.press("$");
    rig.sketch(&Sketch { n: 2, ..Sketch::default() });
    assert_eq!(rig.console.ui.list.len(), 1);
    rig.press("Esc");
    assert_eq!(rig.console.ui.list.len(), 2);
}

#[test]
fn a_deposit_is_paid_with_six_keys_once_the_confirmation_could_be_read() {
    let mut rig = form(&[PaymentMethod::Deposit]);
    rig.press("Enter");
    rig.draw();
    rig.pass(SECOND);
    rig.press("119 Enter");
    assert_eq!(rig.payments(), 1);
    rig.press("Enter Enter");
    assert_eq!(rig.payments(), 1, "a payment leaves once");
}

#[test]
fn two_hundred_queued_enters_pay_nothing() {
    let mut rig = form(&[PaymentMethod::Deposit]);
    for _ in 0..200 {
        rig.press("Enter");
    }
    rig.draw();
    rig.pass(SECOND);
    for _ in 0..200 {
        rig.press("Enter");
        rig.draw();
    }
    assert_eq!(rig.payments(), 0);
}

#[test]
fn held_keys_pay_nothing() {
    for key in ["1", "9", "$", "Enter", "y", "Space", "5"] {
        let mut rig = form(&[PaymentMethod::Deposit]);
        rig.press("Enter");
        for _ in 0..300 {
            rig.press(key);
            rig.draw();
            rig.pass(SignedDuration::from_millis(30));
        }
        rig.press("Enter");
        assert_eq!(rig.payments(), 0, "{key}");
    }
}

#[test]
fn what_was_typed_before_the_confirmation_was_drawn_is_not_meant_for_it() {
    let mut rig = form(&[PaymentMethod::Deposit]);
    rig.press("Enter 119 Enter");
    rig.draw();
    rig.press("119 Enter");
    assert_eq!(rig.payments(), 0);
    rig.pass(SECOND);
    rig.press("Enter");
    assert_eq!(rig.payments(), 0, "nothing of it was kept");
}

#[test]
fn a_pasted_amount_with_a_newline_pays_nothing() {
    let mut rig = form(&[PaymentMethod::Deposit]);
    rig.press("Enter");
    rig.draw();
    rig.pass(SECOND);
    rig.message(Message::Paste("119\n".into()));
    rig.message(Message::Paste("119.55\r\n".into()));
    rig.pass(SECOND);
    rig.press("Enter");
    assert_eq!(rig.payments(), 0);
}

#[test]
fn a_paste_outside_a_field_is_no_command() {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch::default());
    rig.effects.clear();
    rig.message(Message::Paste("q$\nj\n119\n".into()));
    assert!(rig.console.ui.layers.is_empty());
    assert!(!rig.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
}

#[test]
fn a_wrong_amount_or_an_old_confirmation_pays_nothing() {
    for (typed, wait) in [("118", 1), ("1195", 1), ("119.54", 1), ("11", 1), ("119", 61)] {
        let mut rig = form(&[PaymentMethod::Deposit]);
        rig.press("Enter");
        rig.draw();
        rig.pass(SECOND);
        rig.press(typed);
        rig.pass(SECOND * wait);
        rig.press("Enter");
        assert_eq!(rig.payments(), 0, "{typed} after {wait} s");
    }
}

#[test]
fn a_price_that_moves_under_the_confirmation_asks_again() {
    let mut rig = form(&[PaymentMethod::Deposit]);
    rig.press("Enter");
    rig.draw();
    rig.pass(SECOND);
    let mut dearer = case(&Sketch { airline: "5J", ..Sketch::default() });
    let details = dearer.order.details.as_mut().unwrap();
    details.options[0].ticket_fare.as_mut().unwrap().money = rig::money("119.99", "USD");
    rig.publish(vec![dearer]);
    assert!(rig.screen().contains("changed since you looked"));
    rig.press("119 Enter");
    assert_eq!(rig.payments(), 0);
}

#[test]
fn the_form_asks_the_server_before_it_goes_to_review() {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch::default());
    rig.pass(SECOND);
    rig.press("$");
    let asks = |rig: &Rig| {
        let inspects =
            |effect: &&Effect| matches!(effect, Effect::Send(Command::Inspect(order)) if *order == number(1));
        rig.effects.iter().filter(inspects).count()
    };
    assert_eq!(asks(&rig), 1);
    rig.press("Enter");
    assert_eq!(asks(&rig), 2, "without an answer since the form opened, Enter asks again");
    rig.draw();
    rig.pass(SECOND);
    rig.press("119 Enter");
    assert_eq!(rig.payments(), 0);
}

#[test]
fn an_enter_before_the_answer_goes_on_when_it_is_there_unless_a_key_says_otherwise() {
    let opened = || {
        let mut rig = Rig::new((80, 24));
        rig.sketch(&Sketch::default());
        rig.pass(SECOND);
        rig.press("$ Enter");
        assert!(!rig.screen().contains("Type the amount"), "nothing has been asked yet");
        rig
    };
    let mut rig = opened();
    rig.sketch(&Sketch::default());
    assert!(rig.screen().contains("Type the amount"), "{}", rig.screen());
    let mut rig = opened();
    rig.press("Tab");
    rig.sketch(&Sketch::default());
    assert!(!rig.screen().contains("Type the amount"), "{}", rig.screen());
}

#[test]
fn orders_that_cannot_be_paid_never_reach_the_confirmation() {
    let check = |sketch: Sketch, why: &str| {
        let mut rig = Rig::new((80, 24));
        rig.sketch(&sketch);
        rig.press("$");
        let is_final = sketch.status == OrderStatus::Cancelled;
        assert_eq!(rig.console.ui.layers.form().is_none(), is_final, "{why}: its plan leads on, and no form");
        rig.pass(SECOND);
        rig.publish(vec![case(&sketch)]);
        rig.press("Enter");
        rig.draw();
        rig.pass(SECOND);
        rig.press("119 Enter");
        assert_eq!(rig.payments(), 0, "{why}");
        let screen = rig.screen();
        assert!(is_final || screen.contains(" no "), "{why}:\n{screen}");
    };
    check(Sketch { minutes_left: -3, ..Sketch::default() }, "past its deadline");
    check(Sketch { status: OrderStatus::Ticketed, ..Sketch::default() }, "ticketed");
    check(Sketch { status: OrderStatus::Ticketing, ..Sketch::default() }, "being ticketed");
    check(Sketch { status: OrderStatus::Cancelled, error: Some("604"), ..Sketch::default() }, "cancelled");
    check(Sketch { status: OrderStatus::Unknown(Some(7)), ..Sketch::default() }, "of unknown status");
}

/// Fills the card fields of a VCC form for Cebu Pacific, which wants the whole address.
fn fill_card(rig: &mut Rig, number: &str, city: &str) {
    rig.press("3");
    for value in [number, "08", "29", "123", "RAFAEL", "SANTOS", "PH", "MM"] {
        rig.press(value);
        rig.press("Tab");
    }
    if !city.is_empty() {
        rig.press(city);
    }
    rig.press("Tab 12260 Tab");
    rig.press("88ExampleAvenue");
}

#[test]
fn a_card_is_paid_after_its_vendor_amount_was_typed() {
    let mut rig = form(&[PaymentMethod::Deposit, PaymentMethod::Vcc]);
    fill_card(&mut rig, "4532015112830366", "Makati");
    rig.press("Enter");
    let screen = rig.screen();
    assert!(screen.contains("Visa **** 0366") && screen.contains("PHP 6,860.00"), "{screen}");
    rig.pass(SECOND);
    rig.press("6860 Enter");
    assert_eq!(rig.payments(), 1);
    assert!(
        rig.console.ui.layers.form().is_some_and(|form| !form.holds_card()),
        "the card left with the payment"
    );
}

#[test]
fn a_wrong_card_or_an_incomplete_address_is_refused_at_its_field() {
    let check = |number: &str, city: &str, complaint: &str| {
        let mut rig = Rig::staged((120, 40), Stage::Live);
        let sketch = Sketch { methods: vec![PaymentMethod::Vcc], airline: "5J", ..Sketch::default() };
        rig.console.model.setup.lenient_luhn = false;
        rig.sketch(&sketch);
        rig.press("$");
        rig.pass(SECOND);
        rig.publish(vec![case(&sketch)]);
        fill_card(&mut rig, number, city);
        rig.press("Enter");
        let screen = rig.screen();
        rig.pass(SECOND);
        rig.press("6860 Enter");
        assert_eq!(rig.payments(), 0, "{number} {city}");
        assert!(screen.to_lowercase().contains(complaint), "{complaint}:\n{screen}");
    };
    check("4532015112830367", "Makati", "check digit");
    check("45320151", "Makati", "13 to 19");
    check("4532015112830366", "", "city");
}

#[test]
fn card_digits_are_never_on_the_screen() {
    let mut rig = form(&[PaymentMethod::Vcc]);
    rig.press("Tab");
    for (n, digit) in "4532015112830366".chars().enumerate() {
        rig.press(&digit.to_string());
        let screen = rig.screen();
        assert!(
            !screen.contains("4532") && !screen.contains("5112830366"),
            "after {} digits:\n{screen}",
            n + 1
        );
    }
    assert!(rig.screen().contains("************0366"));
    assert!(rig.screen().contains("Visa"));
}

#[test]
fn a_card_that_nobody_touches_is_wiped_after_a_minute() {
    let mut rig = form(&[PaymentMethod::Vcc]);
    rig.press("Tab 4532015112830366");
    rig.pass(SECOND * 59);
    assert!(rig.console.ui.layers.form().is_some_and(|form| form.holds_card()));
    rig.pass(SECOND * 2);
    assert!(rig.console.ui.layers.form().is_some_and(|form| !form.holds_card()));
}

#[test]
fn leaving_a_form_with_a_card_asks_first() {
    let mut rig = form(&[PaymentMethod::Vcc]);
    rig.press("Tab 4532 Esc");
    assert!(rig.console.ui.layers.form().is_some());
    rig.press("Esc");
    assert!(rig.console.ui.layers.form().is_none());
}

#[test]
fn read_only_opens_no_form() {
    let mut rig = Rig::new((80, 24));
    rig.console.model.setup.read_only = true;
    rig.sketch(&Sketch::default());
    rig.press("$");
    assert!(rig.console.ui.layers.form().is_none());
    assert!(rig.screen().contains("Read-only"));
}

#[test]
fn while_blind_no_form_opens_and_the_age_is_on_the_screen() {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch::default());
    let mut health = rig.console.model.health.clone();
    health.failures = 2;
    rig.news(paydesk::desk::hub::Update { health: Some(health), ..Default::default() });
    rig.pass(SECOND * 45);
    let screen = rig.screen();
    assert!(screen.contains("STALE 45 s"), "{screen}");
    assert!(screen.contains("TESTA"), "stale data stays on the screen");
    rig.press("$");
    assert!(rig.console.ui.layers.form().is_none());
    rig.healthy();
    rig.press("Esc $");
    assert!(rig.console.ui.layers.form().is_some());
}

#[test]
fn typing_into_the_filter_never_quits_or_pays() {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch { n: 1, names: vec!["QUEEN/ANNE"], ..Sketch::default() });
    rig.sketch(&Sketch { n: 2, names: vec!["LIN/MEIYU"], ..Sketch::default() });
    rig.effects.clear();
    rig.press("/ queen");
    assert_eq!(rig.console.ui.list.shown(), 1);
    rig.press("$");
    assert!(
        rig.console.ui.layers.form().is_none()
            && !rig.effects.iter().any(|effect| matches!(effect, Effect::Quit))
    );
    rig.press("Backspace Enter");
    assert!(rig.screen().contains("1 of 2 orders"));
    rig.press("Esc");
    assert_eq!(rig.console.ui.list.shown(), 2);
}

#[test]
fn an_idle_picture_asks_for_no_wake_up() {
    let mut rig = Rig::new((120, 40));
    rig.sketch(&Sketch { status: OrderStatus::Ticketed, ..Sketch::default() });
    rig.console.model.health.stale_after = SECOND * 3_600;
    let mut wakes = 0;
    let end = rig.now + SECOND * 600;
    while let Some(wake) = rig.console.next_wake().filter(|wake| *wake < end) {
        rig.now = wake;
        rig.message(Message::Woke);
        wakes += 1;
    }
    // One when the picture has come to rest and the desk learns what is on it.
    assert!(wakes <= 1, "{wakes} wake-ups in ten idle minutes");
}

#[test]
fn a_next_step_that_changes_by_itself_is_shown_when_it_does_by_all_clocks() {
    let mut rig = Rig::new((120, 40));
    let health = &mut rig.console.model.health;
    (health.stale_after, health.clock, health.clock_offset) = (SECOND * 3_600, Trust::Settled, SECOND * 600);
    // Its deadline has passed by the vendor's clock, and by this machine's it will in five minutes.
    rig.sketch(&Sketch { minutes_left: 5, ..Sketch::default() });
    rig.pass(SECOND);
    let waits = "the last answers contradict";
    assert!(rig.screen().contains(waits), "{}", rig.screen());
    let sure = rig::noon() + SECOND * 305;
    assert_eq!(rig.console.next_wake(), Some(sure));
    rig.now = sure;
    rig.message(Message::Woke);
    assert!(!rig.screen().contains(waits), "{}", rig.screen());
}

#[test]
fn a_visible_countdown_names_its_own_next_second() {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch { minutes_left: 7, ..Sketch::default() });
    assert!(rig.screen().contains("07:00"));
    rig.pass(SECOND * 61);
    assert!(rig.screen().contains("05:59"));
    assert_eq!(rig.console.next_wake(), Some(rig.now + SECOND));
}

#[test]
fn the_language_changes_on_every_screen_at_once() {
    let mut rig = form(&[PaymentMethod::Deposit]);
    rig.press("Esc");
    rig.press("L");
    assert_eq!(rig.console.ui.lang, Lang::ZhCn);
    assert!(rig.screen().contains("订单号"));
    rig.press("?");
    assert!(rig.screen().contains("按键"));
}

#[test]
fn a_presenters_line_stands_above_the_foot_in_the_language_of_the_screen_and_can_be_hidden() {
    let mut rig = Rig::new((80, 24));
    rig.publish((0..40).map(|n| case(&Sketch { n, ..Sketch::default() })).collect());
    let rows_before = rig.draw().iter().filter(|line| line.contains("TESTA")).count();
    let en =
        "The airline declined the card (604), and the order was cancelled by itself. Nothing is charged.";
    let narration = Narration { en: Text::new(en), zh: Text::new("航司拒绝了该卡\u{1b}[31m") };
    rig.message(Message::Aside(Aside::Narrated(narration)));
    let screen = rig.draw();
    assert!(screen[20].starts_with(">> The airline declined the card (604)"), "{screen:#?}");
    assert_eq!(screen[21].trim(), "Nothing is charged.");
    assert!(screen.iter().filter(|line| line.contains("TESTA")).count() < rows_before);
    rig.press("L");
    let screen = rig.screen();
    assert!(screen.contains(">> 航司拒绝了该卡") && !screen.contains('\u{1b}'), "{screen}");
    rig.press("i");
    assert!(!rig.screen().contains(">>"));
    assert_eq!(rig.draw().iter().filter(|line| line.contains("TESTA")).count(), rows_before);
}

#[test]
fn below_the_smallest_size_the_console_says_so() {
    let mut rig = Rig::new((79, 23));
    rig.sketch(&Sketch::default());
    assert!(rig.screen().contains("80x24"));
    for size in [(1, 1), (0, 0), (1, 50), (300, 1), (80, 24), (250, 80)] {
        rig.message(Message::Resized(size.0, size.1));
        rig.press("j ? Esc $ Esc");
        rig.draw();
    }
}

#[test]
fn an_order_whose_outcome_is_unknown_is_called_so_whatever_a_list_says() {
    for size in [(80, 24), (120, 40), (200, 50)] {
        let mut rig = Rig::new(size);
        let sketch = Sketch { status: OrderStatus::Ticketed, ..Sketch::default() };
        let attempt = sample::attempt(number(1), rig.now, AttemptState::InDoubt(Doubt::NoAnswer));
        rig.publish(vec![sample::case(case(&sketch).order, sample::lineage(number(1), vec![attempt]))]);
        let screen = rig.screen();
        let row = screen.lines().find(|line| line.starts_with('>')).unwrap();
        let row = row.split('|').next().unwrap();
        assert!(row.contains("IN DOUBT") && !row.contains("ticketed"), "{size:?}: {screen}");
        rig.press("Enter");
        let screen = rig.screen();
        assert!(screen.contains("IN DOUBT  (ticketed)"), "{size:?}: {screen}");
    }
}

#[test]
fn what_follows_a_paste_at_once_is_no_command_and_no_answer() {
    // The tail of a paste that held an end of its own arrives as keys.
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch { status: OrderStatus::Cancelled, error: Some("604"), ..Sketch::default() });
    rig.press("t Enter");
    assert!(rig.screen().contains("Regenerate TESTA"), "{}", rig.screen());
    let regenerated = |rig: &Rig| {
        rig.effects.iter().filter(|effect| matches!(effect, Effect::Send(Command::Regenerate { .. }))).count()
    };
    rig.message(Message::Paste("x".into()));
    // At once, after an eighth of a second and after two: still within what is taken for the tail.
    rig.press("yyy");
    assert_eq!(regenerated(&rig), 0);
    assert!(rig.screen().contains("not taken as an answer"), "{}", rig.screen());
    rig.press("y");
    assert_eq!(regenerated(&rig), 1);
    // In a text field it is text.
    let mut rig = Rig::new((80, 24));
    rig.press("/");
    rig.message(Message::Paste("TR".into()));
    rig.press("8");
    assert!(rig.screen().contains("/TR8"), "{}", rig.screen());
}

#[test]
fn nobody_leaves_quietly_with_an_outcome_that_the_journal_did_not_take() {
    let mut rig = Rig::new((80, 24));
    let quits = |rig: &Rig| rig.effects.iter().any(|effect| matches!(effect, Effect::Quit));
    rig.console.model.health.unwritten = 1;
    rig.press("q");
    assert!(!quits(&rig) && rig.screen().contains("could not be written"), "{}", rig.screen());
    rig.press("n q");
    assert!(!quits(&rig));
    rig.press("y");
    assert!(quits(&rig));
}

#[test]
fn the_filter_finds_a_name_however_its_letters_are_written() {
    let found = |name: &'static str, typed: &str| {
        let mut rig = Rig::new((120, 40));
        rig.sketch(&Sketch { names: vec![name], ..Sketch::default() });
        rig.press("/");
        rig.press(typed);
        rig.screen().contains("1 of 1 order")
    };
    for (name, typed) in [
        ("LIN/MEIYU", "meiyu"),
        ("ИВАНОВ/ПЁТР", "иванов"),
        ("ИВАНОВ/ПЁТР", "пётр"),
        ("иванов/пётр", "ИВАНОВ"),
        ("İNCİ/IŞIL", "inci"),
        ("İNCİ/IŞIL", "ışıl"),
        ("inci/ışıl", "İNCİ"),
        ("inci/ışıl", "IŞIL"),
        ("ΟΔΥΣΣΕΑΣ/ΝΙΚΟΣ", "νικος"),
        ("νικοσ/οδυσσεας", "ΝΙΚΟΣ"),
        ("STRAßE/ANNA", "STRASSE"),
        ("ＬＩＮ/ＭＥＩＹＵ", "meiyu"),
        ("LIN/MEIYU", "ｍｅｉｙｕ"),
        ("王/小明", "王/小明"),
        ("ｱﾍﾞ/ｹﾝ", "アベ"),
        ("GARCÍA/JOSÉ", "josé"),
        ("GARCÍA/JOSE\u{301}", "jos\u{e9}"),
        ("GARC\u{cd}A/JOSÉ", "garci\u{301}a"),
    ] {
        assert!(found(name, typed), "{typed} in {name}");
    }
    assert!(!found("王/小明", "李"));
    assert!(!found("ИВАНОВ/ПЁТР", "петров"));
}
