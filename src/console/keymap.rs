//! Keys by where they are pressed: what a chord does there, what the footer says of it, and the whole list for the help.

use crossterm::event::KeyEvent;

use super::{
    action::{ACTIONS, Action, Context, Row},
    chord::Chord,
};
use crate::lang::Lang;

/// What a key does in `context`, if it is no text there and does anything.
pub fn action(context: Context, event: &KeyEvent) -> Option<Action> {
    let chord = Chord::of(event);
    ACTIONS.iter().find(|row| row.chords(context).contains(&chord)).map(|row| row.action)
}

/// How the first chord of an action in `context` is written on screen; nothing if it has none.
pub fn label(context: Context, action: Action) -> String {
    let chord = action.row().and_then(|row| row.chords(context).first());
    chord.map_or_else(String::new, |chord| chord.label())
}

/// Keys with what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The keys as they are written on screen.
    pub keys: String,
    /// What they do.
    pub text: &'static str,
    /// It stays in a footer that has no room for all: how to get help, and how to leave.
    pub is_needed: bool,
}

/// What the footer of a screen says that has these contexts.
pub fn hints(lang: Lang, contexts: &[Context]) -> Vec<Hint> {
    let hint = |row: &'static Row| {
        let chord = contexts.iter().find_map(|context| row.chords(*context).first())?;
        let short = lang.find(&format!("{}_short", row.name));
        Some((row, chord.label(), short.unwrap_or_else(|| lang.text(row.name))))
    };
    together(ACTIONS.iter().filter(|row| row.is_hinted).filter_map(hint))
}

/// A part of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Key of its title.
    pub title: &'static str,
    /// What the keys of its contexts do.
    pub keys: Vec<Hint>,
}

/// The contexts of each part of the help, under a title.
const SECTIONS: [(&str, &[Context]); 16] = [
    ("context.table", &[Context::Table]),
    ("context.detail", &[Context::Detail]),
    ("context.filter", &[Context::Filter]),
    ("context.find", &[Context::Find]),
    ("context.columns", &[Context::Columns]),
    ("context.overlay", &[Context::Overlay]),
    ("context.alerts", &[Context::Alerts]),
    ("context.form", &Context::FORM),
    ("context.dry_run", &[Context::DryRun]),
    ("context.confirm", &[Context::Confirm]),
    ("context.following", &[Context::Following]),
    ("context.commit", &[Context::Commit]),
    ("context.recover", &[Context::Recover]),
    ("context.baggage", &[Context::Baggage]),
    ("context.note", &[Context::Note]),
    ("context.question", &[Context::Question, Context::Quit]),
];

/// All keys, part by part, those of the screen that has the context `below` first. What the same keys do there is not said
/// again.
pub fn help(lang: Lang, below: Context) -> Vec<Section> {
    let section = |(title, contexts): (&'static str, &[Context])| {
        let line = |row: &'static Row| {
            let chords =
                contexts.iter().map(|context| row.chords(*context)).find(|chords| !chords.is_empty())?;
            let is_said = !contexts.contains(&below) && chords == row.chords(below);
            let keys = chords.iter().map(|chord| chord.label()).collect::<Vec<_>>().join(" ");
            (!is_said).then(|| (row, keys, lang.text(row.name)))
        };
        Section { title, keys: together(ACTIONS.iter().filter_map(line)) }
    };
    let mut sections = SECTIONS;
    sections.sort_by_key(|(_, contexts)| !contexts.contains(&below));
    sections.map(section).into()
}

/// Neighbours that are called the same as one: `j/k`, or `1-7` for digits without a gap.
fn together(lines: impl Iterator<Item = (&'static Row, String, &'static str)>) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    let mut last = String::new();
    for (row, keys, text) in lines {
        match hints.last_mut().filter(|hint| hint.text == text) {
            None => {
                let is_needed = matches!(row.action, Action::Help | Action::Quit);
                hints.push(Hint { keys: keys.clone(), text, is_needed });
            }
            Some(hint) if follows(&last, &keys) => {
                let first = hint.keys.split('-').next().unwrap_or_default();
                hint.keys = format!("{first}-{keys}");
            }
            Some(hint) => hint.keys = format!("{}/{keys}", hint.keys),
        }
        last = keys;
    }
    hints
}

/// True when both are digits, and the second is the next.
fn follows(digit: &str, next: &str) -> bool {
    let number = |text: &str| text.parse::<u8>().ok();
    number(digit).zip(number(next)).is_some_and(|(digit, next)| next == digit + 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;
    use crate::console::action::{Selection, Standing};

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
    fn every_action_has_a_word_a_key_and_a_name_in_both_languages() {
        let ids: BTreeSet<&str> = ACTIONS.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), ACTIONS.len(), "a word stands for two actions");
        for row in ACTIONS {
            assert!(row.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", row.id);
            assert_eq!(row.action.row().map(|row| row.id), Some(row.id), "an action has two rows");
            assert!(
                Context::ALL.iter().any(|context| !row.chords(*context).is_empty()),
                "{} has no key",
                row.id
            );
            for lang in BOTH {
                assert!(lang.find(row.name).is_some_and(|name| !name.is_empty()), "{}", row.name);
            }
        }
    }

    #[test]
    fn every_key_means_what_its_row_says_and_is_in_the_help() {
        let help = help(Lang::En, Context::Table);
        for row in ACTIONS {
            let text = Lang::En.text(row.name);
            assert!(
                help.iter().any(|section| section.keys.iter().any(|hint| hint.text == text)),
                "{}",
                row.id
            );
            for context in Context::ALL {
                for chord in row.chords(context) {
                    assert_eq!(
                        action(context, &KeyEvent::new(chord.0, chord.1)),
                        Some(row.action),
                        "{context:?}"
                    );
                }
            }
        }
        let keys: Vec<&str> = help.iter().flat_map(|section| &section.keys).map(|hint| &*hint.keys).collect();
        for said in ["1-7", "Enter", "C-c", "Tab"] {
            assert!(keys.contains(&said), "{said} is not in {keys:?}");
        }
    }

    #[test]
    fn what_is_not_possible_says_why_in_both_languages() {
        let bits = |n: u8| Standing {
            is_read_only: n & 1 > 0,
            is_stale: n & 2 > 0,
            selection: match n >> 2 {
                0 => Selection::Nothing,
                1 => Selection::Drawn,
                _ => Selection::Left,
            },
        };
        for row in ACTIONS {
            for why in (0..12).filter_map(|n| row.action.possible(bits(n)).err()) {
                for lang in BOTH {
                    assert!(lang.find(why).is_some(), "{}: {why}", row.id);
                }
            }
            assert_eq!(row.action.possible(bits(4)), Ok(()), "{}", row.id);
        }
        let why = |action: Action, n| action.possible(bits(n)).err();
        assert_eq!(why(Action::Pay, 7), Some("message.read_only"));
        assert_eq!(why(Action::Pay, 6), Some("message.stale"));
        assert_eq!(why(Action::Pay, 0), Some("detail.none"));
        assert_eq!(why(Action::Recover, 3), Some("detail.none"));
        assert_eq!(why(Action::Copy, 8), Some("message.has_left"));
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
        let press = |code, held| action(Context::Field, &KeyEvent::new(code, held));
        assert_eq!(press(KeyCode::BackTab, KeyModifiers::SHIFT), Some(Action::PreviousField));
        assert_eq!(press(KeyCode::Enter, KeyModifiers::NONE), Some(Action::Review));
        assert_eq!(press(KeyCode::Enter, KeyModifiers::ALT), None);
    }

    #[test]
    fn keys_of_one_name_stand_together() {
        let keys = |contexts: &[Context], text: &str| {
            hints(Lang::En, contexts).into_iter().find(|hint| hint.text == text).map(|hint| hint.keys)
        };
        assert_eq!(keys(&[Context::Recover], "option").as_deref(), Some("j/k"));
        assert_eq!(keys(&Context::FORM, "method").as_deref(), Some("1/3-5"));
        assert_eq!(keys(&[Context::Table], "pay").as_deref(), Some("$"));
    }
}
