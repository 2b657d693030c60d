//! The table of actions as keys: no chord means two things, and everything that is said of one is true.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyModifiers};

use super::*;
use crate::{
    console::action::{Selection, Standing},
    lang::Lang,
};

/// An order is selected of which everything can be done.
fn on_order() -> Standing {
    Standing {
        selection: Selection::Drawn,
        has_baggage: true,
        wants_commit: true,
        has_link: true,
        has_decision: true,
        has_narration: true,
        ..Standing::default()
    }
}

const BOTH: [Lang; 2] = [Lang::En, Lang::ZhCn];

#[test]
fn no_chord_means_two_things_in_one_context() {
    for context in Context::ALL {
        let chords: Vec<Chord> = ACTIONS.iter().flat_map(|row| row.chords(context)).copied().collect();
        for (n, chord) in chords.iter().enumerate() {
            assert!(!chords[..n].contains(chord), "{} is bound twice in {context:?}", chord.label());
        }
        assert!(chords.len() > 2, "{context:?} has no keys");
    }
}

#[test]
fn every_action_has_a_word_a_key_or_the_palette_and_a_name_in_both_languages() {
    let ids: BTreeSet<&str> = ACTIONS.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), ACTIONS.len(), "a word stands for two actions");
    for row in ACTIONS {
        assert!(row.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", row.id);
        assert_eq!(row.action.row().map(|row| row.id), Some(row.id), "an action has two rows");
        let is_reached = |context: &Context| Keymap::default().reached_by(row, *context).is_some();
        assert!(Context::ALL.iter().any(is_reached), "{} has no key, and no name to be found by", row.id);
        for lang in BOTH {
            assert!(lang.find(row.name).is_some_and(|name| !name.is_empty()), "{}", row.name);
        }
    }
}

#[test]
fn every_key_means_what_its_row_says_and_is_in_the_help() {
    let help = Keymap::default().help(Lang::En, Context::Table, Standing::default());
    for row in ACTIONS {
        let text = Lang::En.text(row.name);
        assert!(help.iter().any(|section| section.keys.iter().any(|hint| hint.text == text)), "{}", row.id);
        for context in Context::ALL {
            for chord in row.chords(context) {
                assert_eq!(
                    Keymap::default().action(context, &KeyEvent::new(chord.0, chord.1)),
                    Some(row.action),
                    "{context:?}"
                );
            }
        }
    }
    let keys: Vec<&str> = help.iter().flat_map(|section| &section.keys).map(|hint| &*hint.keys).collect();
    for said in ["1-9", "Enter", "C-c", "Tab"] {
        assert!(keys.contains(&said), "{said} is not in {keys:?}");
    }
}

#[test]
fn what_is_not_possible_says_why_in_both_languages() {
    let bits = |n: u8| Standing {
        is_read_only: n & 1 > 0,
        is_stale: n & 2 > 0,
        is_bulk: n & 16 > 0,
        selection: match (n >> 2) & 3 {
            0 => Selection::Nothing,
            1 => Selection::Drawn,
            _ => Selection::Left,
        },
        ..on_order()
    };
    for row in ACTIONS {
        for why in (0..32).filter_map(|n| row.action.possible(bits(n)).err()) {
            for lang in BOTH {
                assert!(lang.find(why).is_some(), "{}: {why}", row.id);
            }
        }
        assert_eq!(row.action.possible(bits(4)), Ok(()), "{}", row.id);
    }
    let why = |action: Action, n| action.possible(bits(n)).err();
    assert_eq!(why(Action::Pay, 7), Some("message.read_only"));
    assert_eq!(why(Action::Pay, 6), Some("message.stale"));
    assert_eq!(why(Action::Pay, 0), Some("message.none_selected"));
    assert_eq!(why(Action::Recover, 3), Some("message.none_selected"));
    assert_eq!(why(Action::Copy, 8), Some("message.has_left"));
    // Several are marked: harmless things are done to all of them, others to none.
    let one_at_a_time = [Action::Pay, Action::Recover, Action::Baggage, Action::Commit, Action::Take];
    assert!(one_at_a_time.iter().all(|action| why(*action, 20) == Some("message.one_at_a_time")));
    assert!([Action::Refresh, Action::Export, Action::Note].iter().all(|action| why(*action, 20).is_none()));
    assert_eq!(why(Action::Copy, 4), None);
    assert_eq!(why(Action::Note, 5), Some("work.read_only"));
    assert_eq!(why(Action::Down, 3), None);
}

#[test]
fn the_money_key_has_no_neighbour_under_shift_or_ctrl() {
    let pay = Action::Pay.row().unwrap();
    let dollar = [Chord(KeyCode::Char('$'), KeyModifiers::NONE)];
    assert_eq!(pay.chords(Context::Table), dollar);
    assert_eq!(pay.chords(Context::Detail), dollar);
}

#[test]
fn shift_is_part_of_a_key_and_alt_is_not() {
    let press = |code, held| Keymap::default().action(Context::Field, &KeyEvent::new(code, held));
    assert_eq!(press(KeyCode::BackTab, KeyModifiers::SHIFT), Some(Action::PreviousField));
    assert_eq!(press(KeyCode::Enter, KeyModifiers::NONE), Some(Action::Review));
    assert_eq!(press(KeyCode::Enter, KeyModifiers::ALT), None);
}

#[test]
fn keys_of_one_name_stand_together() {
    let keys = |contexts: &[Context], text: &str| {
        Keymap::default()
            .hints(Lang::En, contexts, on_order())
            .into_iter()
            .find(|hint| hint.text == text)
            .map(|hint| hint.keys)
    };
    assert_eq!(keys(&[Context::Recover], "option").as_deref(), Some("j/k"));
    assert_eq!(keys(&Context::FORM, "method").as_deref(), Some("1/3-5"));
    assert_eq!(keys(&[Context::Table], "pay").as_deref(), Some("$"));
}
