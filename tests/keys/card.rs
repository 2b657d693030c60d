//! A card that is typed or pasted, and where it may not go.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use paydesk::{
    console::{Message, message::Effect},
    desk::hub::Command,
    domain::{attempt::State, field::Field},
};

use crate::{
    rig::{Rig, case, number, sample},
    scenes::{MS, SECOND, cancelled, card_form, decision, flat, form, sketch, table, with_form},
};

#[test]
fn a_wipe_takes_number_and_security_code() {
    let filled = || {
        let mut rig = card_form();
        rig.press("4532015112830366 Tab 08 Tab 29 Tab 123");
        rig
    };
    let held = |rig: &mut Rig| with_form(rig, |form| (form.draft.number.len(), form.draft.cvv.len()));
    let mut rig = filled();
    assert_eq!(held(&mut rig), (16, 3));
    rig.pass(SECOND * 61);
    assert_eq!(held(&mut rig), (0, 0), "nobody touched it");
    let mut rig = filled();
    rig.message(Message::Suspending);
    assert_eq!(held(&mut rig), (0, 0), "the program was stopped");
    assert!(rig.screen().contains("the card was wiped"), "{}", rig.screen());
    let mut rig = filled();
    rig.message(Message::Continued(80, 24));
    assert_eq!(held(&mut rig), (0, 0), "it was stopped without notice");
    let mut rig = card_form();
    rig.press("Tab Tab Tab 123");
    rig.pass(SECOND * 61);
    assert_eq!(held(&mut rig), (0, 0), "a code alone");
}

#[test]
fn a_method_is_chosen_by_its_digit_on_its_own_line_and_the_keys_go_on_to_its_first_field() {
    let mut rig = form();
    rig.press("3 4532015112830366");
    let screen = rig.screen();
    assert!(screen.contains("> 3 VCC") && screen.contains("************0366"), "{screen}");
    // Digits in a box to tick choose nothing.
    let mut rig = Rig::new((80, 24));
    let attempt = sample::attempt(number(9), rig.now, State::Reversed);
    rig.publish(vec![sample::case(case(&sketch()).order, sample::lineage(number(9), vec![attempt]))]);
    rig.press("$ 1 3");
    let screen = rig.screen();
    assert!(screen.contains("> 1 Deposit") && screen.contains("3 does nothing here"), "{screen}");
    rig.press("Space");
    assert!(rig.screen().contains("[x]"), "{}", rig.screen());
    // Without a field they stay.
    let mut rig = form();
    rig.press("1 3 1");
    assert!(rig.screen().contains("> 3 VCC"), "{}", rig.screen());
}

fn number_of(rig: &mut Rig) -> String {
    with_form(rig, |form| String::from_utf8(form.draft.number.expose().to_vec()).unwrap())
}

const OLD: &str = "4916931584764308";
const NEW: &str = "4532015112830366";

/// Ways in which a text arrives all at once.
type Paste = fn(&mut Rig, &str);
const WAYS: [(&str, Paste); 2] = [
    ("in brackets", |rig, text| rig.message(Message::Paste(text.into()))),
    ("as keys", |rig, text| {
        for c in text.chars() {
            let code = match c {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                c => KeyCode::Char(c),
            };
            rig.strike(KeyEvent::new(code, KeyModifiers::NONE), 5 * MS);
        }
        rig.wait(400 * MS);
    }),
];

#[test]
fn a_card_that_is_pasted_replaces_what_was_there_and_what_does_not_fit_is_refused_whole() {
    for (way, paste) in WAYS {
        let pasted = |text: &str| {
            let mut rig = card_form();
            rig.press(OLD);
            paste(&mut rig, text);
            (number_of(&mut rig), rig.screen())
        };
        for text in [NEW, "4532 0151 1283 0366\n", "4532-0151-1283-0366", "４５３２０１５１１２８３０３６６"]
        {
            assert_eq!(pasted(text).0, NEW, "{way}: {text:?}");
        }
        for text in ["45320151128303661234", "4532015112830366x", "hello", "4532"] {
            let (number, screen) = pasted(text);
            assert_eq!(number, OLD, "{way}: {text:?}");
            assert!(screen.contains("Not taken"), "{way}: {text:?}\n{screen}");
        }
        // A number in groups, one after another.
        let mut rig = card_form();
        rig.press("4532");
        paste(&mut rig, NEW);
        assert_eq!(number_of(&mut rig), NEW, "{way}: over a part");
    }
    // A hand whose digits were bunched goes on where it was.
    let mut rig = card_form();
    for part in ["4532", "01511283", "0366"] {
        WAYS[1].1(&mut rig, part);
    }
    assert_eq!(number_of(&mut rig), NEW);
}

#[test]
fn a_date_in_one_piece_fills_both_its_fields_and_a_code_replaces_a_code() {
    for (way, paste) in WAYS {
        for (date, year) in [("09/28", "2028"), ("2028-09", "2028"), ("0928", "2028"), ("09", "")] {
            let mut rig = card_form();
            rig.press("Tab");
            paste(&mut rig, date);
            let dated = with_form(&mut rig, |form| {
                let text = |field| form.draft.text(field).to_owned();
                (text(Field::ExpiryMonth), text(Field::ExpiryYear))
            });
            assert_eq!(dated, ("09".into(), year.into()), "{way}: {date}");
            rig.press("Tab Tab 999");
            for (code, kept) in [("123", "123"), ("12345", "123"), ("abc", "123")] {
                paste(&mut rig, code);
                let is_kept = with_form(&mut rig, |form| form.draft.cvv.expose() == kept.as_bytes());
                assert!(is_kept, "{way}: {code}");
                assert_eq!(rig.screen().contains("Not taken"), code != kept, "{way}: {code}");
            }
        }
    }
}

#[test]
fn a_line_with_a_whole_card_fills_its_fields_from_any_of_them_however_it_comes() {
    for line in
        ["4532015112830366 09/28 123", "4532015112830366\t2028-09\t123\n", "4532015112830366, 0928, 123"]
    {
        for (fields, as_keys) in [(0, false), (0, true), (1, false), (3, true)] {
            let mut rig = card_form();
            rig.press("4916");
            (0..fields).for_each(|_| rig.press("Tab"));
            WAYS[usize::from(as_keys)].1(&mut rig, line);
            assert_eq!(number_of(&mut rig), "4532015112830366", "{line:?}");
            let expiry = with_form(&mut rig, |form| {
                format!("{}/{}", form.draft.text(Field::ExpiryMonth), form.draft.text(Field::ExpiryYear))
            });
            assert_eq!((expiry.as_str(), with_form(&mut rig, |form| form.draft.cvv.len())), ("09/2028", 3));
            let screen = rig.screen();
            assert!(screen.contains("read into the fields") && !screen.contains("4532"), "{screen}");
        }
    }
}

#[test]
fn a_card_number_is_pasted_into_nothing_that_is_shown_or_kept() {
    const CARD: &str = "4532 0151 1283 0366";
    let mut rig = table();
    rig.press("/");
    rig.message(Message::Paste(CARD.into()));
    assert!(!rig.screen().contains("4532") && rig.screen().contains("card number"), "{}", rig.screen());
    let mut rig = cancelled();
    rig.press("t m");
    rig.message(Message::Paste(CARD.into()));
    assert!(!rig.screen().contains("4532") && rig.screen().contains("card number"), "{}", rig.screen());
    let mut rig = card_form();
    rig.press("Tab Tab Tab Tab");
    rig.burst("4532015112830366", MS);
    assert!(!rig.screen().contains("4532") && rig.screen().contains("card number"), "{}", rig.screen());
}

#[test]
fn a_card_number_typed_into_the_filter_is_not_left_standing_there() {
    let mut rig = table();
    rig.press("/");
    let mut is_said = false;
    for digit in "4532015112830366".chars() {
        rig.press(&digit.to_string());
        is_said |= flat(&mut rig).contains("card number");
    }
    assert!(rig.console.ui.filter.value().len() < 4, "{}", rig.console.ui.filter.value());
    assert!(is_said, "{}", rig.screen());
}

/// What is typed digit by digit, in every form in which a number of a card is written.
const TYPED: [&str; 3] = ["4532015112830366", "4532-0151-1283-0366", "４５３２０１５１１２８３０３６６"];

fn saved(rig: &Rig) -> Option<String> {
    rig.effects.iter().rev().find_map(|effect| match effect {
        Effect::Send(Command::Note(_, note) | Command::Decide { note, .. }) => Some(note.to_string()),
        _ => None,
    })
}

#[test]
fn a_note_or_a_reason_with_a_card_number_is_not_saved_and_its_last_four_are_offered() {
    let note = || {
        let mut rig = cancelled();
        rig.press("t m");
        (rig, "")
    };
    let reason = || {
        let mut rig = decision();
        rig.press("Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace");
        (rig, "0001 ")
    };
    for typed in TYPED {
        for open in [&note as &dyn Fn() -> (Rig, &'static str), &reason] {
            let (mut rig, before) = open();
            rig.console.ui.layers.note_mut().unwrap().reset();
            for c in format!("{before}declined {typed} twice").chars() {
                rig.strike(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE), MS * 125);
            }
            rig.press("Enter");
            let screen = flat(&mut rig);
            assert_eq!(saved(&rig), None, "{screen}");
            assert!(screen.contains("card number"), "{screen}");
            assert!(screen.contains("0366") || screen.contains("０３６６"), "{screen}");
            assert!(!screen.contains("4532") && !screen.contains("４５３２"), "{screen}");
            rig.press("Enter");
            let saved = saved(&rig).unwrap();
            assert!(saved.starts_with("declined") && saved.ends_with("twice"), "{saved}");
            assert!(!paydesk::domain::mask::holds_card_number(&saved), "{saved}");
        }
    }
}

#[test]
fn an_order_number_typed_into_the_filter_stays_there_with_its_letters_or_without() {
    for number in ["TESTA20261127093013183", "testa20261127093013183", "20261127093013183", "K7QX2P"] {
        let mut rig = table();
        rig.press(&format!("/ {number}"));
        assert_eq!(rig.console.ui.filter.value(), number);
    }
    let mut rig = table();
    rig.press("/ 4532015112830366");
    assert!(rig.screen().contains("last four"), "its last four are offered: {}", rig.screen());
}

#[test]
fn a_card_number_typed_into_another_field_of_the_form_is_taken_out_of_it() {
    for field in [Field::FirstName, Field::Street] {
        let mut rig = card_form();
        with_form(&mut rig, |form| form.focus_on(paydesk::console::layer::pay::Focus::Field(field)));
        rig.press("4532015112830366");
        let text = with_form(&mut rig, |form| form.draft.text(field).to_owned());
        assert!(text.len() < 4, "{text}");
        let mut rig = card_form();
        with_form(&mut rig, |form| form.focus_on(paydesk::console::layer::pay::Focus::Field(field)));
        rig.press("453201511283036 6");
        assert!(flat(&mut rig).contains("card number"), "{}", rig.screen());
    }
}
