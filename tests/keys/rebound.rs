//! Keys of the configuration: what is wrong is named with its place, and what is right is what every screen says and obeys.

use std::fs;

use paydesk::{
    config::{Flags, Settings},
    console::{
        action::{ACTIONS, Action, Binding, Context},
        input::chord::Chord,
        keymap::Keymap,
    },
    lang::Lang,
};

use crate::{actions::places, rig::Rig, scenes::table};

/// The keymap of a file whose `[keys]` hold this; the error without the name of the file.
fn keymap(keys: &str) -> Result<Keymap, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paydesk.toml");
    fs::write(&path, format!("[keys]\n{keys}\n")).unwrap();
    let flags =
        Flags { config: Some(path.clone()), data_dir: Some(folder.path().join("data")), ..Flags::default() };
    let settings = Settings::load(&flags, |_| None).map_err(|error| error.to_string());
    let keymap = settings.and_then(|settings| Keymap::new(&settings.keys).map_err(|error| error.to_string()));
    keymap.map_err(|error| error.replace(&format!("{}, ", path.display()), ""))
}

fn bound(keys: &str) -> Keymap {
    keymap(keys).unwrap_or_else(|error| unreachable!("{keys}: {error}"))
}

fn refused(keys: &str, want: &str) {
    let error = keymap(keys).expect_err(keys);
    assert_eq!(error, want, "for {keys}");
}

#[test]
fn a_conflict_an_unknown_action_and_an_unreachable_key_are_reported_with_line_and_column() {
    refused("\nfreze = [\"F\"]", "line 3, column 1: unknown action `freze`; did you mean `freeze`?");
    refused("zzzzzzzzzz = []", "line 2, column 1: unknown action `zzzzzzzzzz`; docs/keys.md lists them all");
    refused(
        "freeze = [\"S\"]",
        "line 2, column 11: `S` is the key of `sort` as well; give that one another key, too, or none: sort = []",
    );
    refused(
        "freeze = [\"X\"]\nsort = [\"X\"]",
        "line 2, column 11: `X` is the key of `sort` as well; give that one another key, too, or none: sort = []",
    );
    refused(
        "freeze = [\"E\", \"ctrl-i\"]",
        "line 2, column 16: `ctrl-i` cannot be had: terminals send it as tab",
    );
    refused("freeze = [\"ctrl-m\"]", "line 2, column 11: `ctrl-m` cannot be had: terminals send it as enter");
    refused(
        "freeze = [\"ctrl-h\"]",
        "line 2, column 11: `ctrl-h` cannot be had: terminals send it as backspace",
    );
    refused(
        "freeze = [\"ctrl-1\"]",
        "line 2, column 11: `ctrl-1` cannot be had: terminals send Ctrl with letters alone",
    );
    refused(
        "freeze = [\"ctrl-shift-f\"]",
        "line 2, column 11: no terminal tells `ctrl-shift-f` from the key without one of these",
    );
    refused(
        "freeze = [\"hyper\"]",
        "line 2, column 11: `hyper` is no key; write a character, or a name such as ctrl-p or pageup",
    );
    refused("freeze = [\"a-b\"]", "line 2, column 11: `a-b` is more than one key");
    refused(
        "complete = [\"c\"]",
        "line 2, column 13: `c` cannot be reached: where `complete` is, it is text or an answer",
    );
    refused(
        "complete = [\"left\"]",
        "line 2, column 13: `Left` cannot be reached: where `complete` is, it is text or an answer",
    );
    refused(
        "freeze = [\"f5\", \"alt-f\"]",
        "line 2, column 1: `freeze` has no key that every terminal sends; give it a character, Ctrl with a letter, or a key such as pageup besides",
    );
    refused(
        "freeze = [5]",
        "line 2, column 10: expected a key such as \"$\", \"ctrl-p\" or \"pageup\", found 5",
    );
}

#[test]
fn the_ways_out_keep_a_key_and_no_key_answers_in_the_place_of_a_dialog() {
    for row in ACTIONS {
        match row.action.binding() {
            Binding::Free => drop(bound(&format!("{} = []", row.id))),
            Binding::Needed => refused(
                &format!("{} = []", row.id),
                &format!(
                    "line 2, column 1: `{}` needs a key: without one nobody gets out, or finds help",
                    row.id
                ),
            ),
            Binding::Fixed => refused(
                &format!("{} = [\"E\"]", row.id),
                &format!(
                    "line 2, column 1: the key of `{}` cannot be changed: it answers a question, or is the way out",
                    row.id
                ),
            ),
        }
    }
    let answers = [
        Action::Confirm,
        Action::Cancel,
        Action::Yes,
        Action::Review,
        Action::GoOn,
        Action::StateConfirmed,
        Action::SaveNote,
        Action::Interrupt,
    ];
    for action in answers {
        assert_eq!(action.binding(), Binding::Fixed, "{action:?}");
    }
}

#[test]
fn a_key_that_opens_a_form_with_money_is_a_character_and_has_no_neighbour() {
    for key in ["enter", "tab", "space", "esc", "up", "backspace"] {
        let error = keymap(&format!("pay = [\"{key}\"]")).unwrap_err();
        assert!(error.contains("what opens a form with money is a character"), "{error}");
    }
    for key in ["ctrl-r", "J", "ctrl-j"] {
        assert!(keymap(&format!("pay = [\"{key}\"]")).is_err(), "{key}");
    }
    refused(
        "pay = [\"J\"]",
        "line 2, column 8: `J` is a neighbour of `j`, the key of `down`: no key that opens a form with money is the Shift or Ctrl form of another",
    );
    refused(
        "log = [\"T\"]",
        "line 2, column 8: `T` is a neighbour of `t`, the key of `recover`: no key that opens a form with money is the Shift or Ctrl form of another",
    );
    let keymap = bound("pay = [\"%\", \"f9\"]");
    assert_eq!(keymap.label(Context::Table, Action::Pay), "%");
    // It opens the form as the other key did, and confirms nothing.
    let mut rig = with(keymap);
    rig.press("% % %");
    assert_eq!((rig.console.ui.layers.context(), rig.payments()), (Context::Methods, 0));
}

/// A table whose console has these keys.
fn with(keymap: Keymap) -> Rig {
    let mut rig = table();
    rig.console.model.setup.keymap = keymap;
    rig
}

#[test]
fn a_rebound_key_is_obeyed_and_shown_by_footer_help_and_palette_and_the_old_one_is_free() {
    let mut rig = with(bound("freeze = [\"E\", \"ctrl-f\"]\nhelp = [\"h\", \"?\"]\nsort = []"));
    let foot = rig.draw().pop().unwrap();
    assert!(foot.contains("h keys") && !foot.contains("S sort"), "{foot}");
    rig.press("f");
    assert!(rig.console.ui.frozen_since.is_none());
    let remark = rig.console.ui.remark.as_ref().unwrap().text.clone();
    assert_eq!(remark, "f does nothing here; h shows the keys.");
    for key in ["E", "C-f"] {
        rig.press(key);
        assert!(rig.console.ui.frozen_since.take().is_some(), "{key}");
    }
    rig.press("h");
    assert!(rig.screen().contains("E C-f     freeze the rows in place"), "{}", rig.screen());
    rig.press("Esc : freeze Space the");
    assert!(rig.screen().contains("E C-f"), "{}", rig.screen());
    // What has lost its keys is found by its name.
    rig.press("Esc : sort Space by Enter");
    assert_eq!(rig.console.ui.layers.context(), Context::Sort);
}

#[test]
fn what_has_no_key_of_its_own_is_found_by_its_name_and_can_be_given_one() {
    let mut rig = table();
    rig.press("? /");
    rig.press("handover Enter");
    assert!(rig.screen().contains(":         shift handover"), "{}", rig.screen());
    rig.press("Esc : handover Enter");
    assert_eq!(rig.console.ui.layers.context(), Context::Export);
    assert!(rig.screen().contains("Shift handover"), "{}", rig.screen());
    let mut rig = with(bound("handover = [\"E\"]"));
    rig.press("E");
    assert_eq!(rig.console.ui.layers.context(), Context::Export);
    rig.press("Esc ?");
    assert!(rig.screen().contains("E         shift handover"), "{}", rig.screen());
}

#[test]
fn where_characters_are_text_a_rebound_action_keeps_a_key_that_is_none() {
    let keymap = bound("down = [\"e\"]\nnext = [\"right\", \"n\"]");
    let chords =
        |context| keymap.chords(Action::Down.row().unwrap(), context).iter().map(|chord| chord.label());
    assert_eq!(chords(Context::Table).collect::<Vec<_>>(), ["e"]);
    assert_eq!(chords(Context::Filter).collect::<Vec<_>>(), ["Down"]);
    let mut rig = with(keymap);
    rig.press("/ seven");
    assert_eq!(rig.console.ui.filter.value(), "seven");
}

#[test]
fn a_key_that_no_letter_has_acts_no_sooner_than_a_letter() {
    // Else a paste with an escape sequence in it would open a form.
    let mut rig = with(bound("pay = [\"%\", \"f5\"]\nrefresh = [\"insert\", \"r\"]"));
    let f5 = crossterm::event::KeyEvent::new(
        crossterm::event::KeyCode::F(5),
        crossterm::event::KeyModifiers::NONE,
    );
    rig.burst("e b", std::time::Duration::from_millis(1));
    rig.strike(f5, std::time::Duration::from_millis(1));
    rig.burst("c", std::time::Duration::from_millis(1));
    rig.wait(std::time::Duration::from_secs(1));
    assert_eq!(rig.console.ui.layers.context(), Context::Table);
    rig.strike(f5, std::time::Duration::from_secs(1));
    assert_eq!(rig.console.ui.layers.context(), Context::Methods);
}

#[test]
fn the_tables_own_keys_are_a_configuration_that_is_taken() {
    let name = |chord: &Chord| match chord.label().as_str() {
        "PgDn" => "pagedown".to_owned(),
        "PgUp" => "pageup".to_owned(),
        "S-Tab" => "shift-tab".to_owned(),
        label if label.chars().count() > 1 => label.replace("C-", "ctrl-").to_lowercase(),
        label => label.replace('\\', "\\\\").replace('"', "\\\""),
    };
    for row in ACTIONS.iter().filter(|row| row.action.binding() != Binding::Fixed) {
        let mut chords: Vec<&Chord> = Context::ALL.iter().flat_map(|context| row.chords(*context)).collect();
        chords.dedup();
        let first = Context::ALL.iter().find(|context| !row.chords(**context).is_empty());
        let first = first.map_or(&[][..], |context| row.chords(*context));
        let keys: Vec<String> = first.iter().map(|chord| format!("\"{}\"", name(chord))).collect();
        let keys = format!("{} = [{}]", row.id, keys.join(", "));
        if let Err(error) = keymap(&keys) {
            // Only where the action has another key elsewhere, which this one would be in the place of.
            assert!(chords.len() > first.len(), "{keys}: {error}");
        }
    }
}

#[test]
fn the_screens_of_a_desk_with_no_configuration_are_those_of_the_table() {
    assert_eq!(bound(""), Keymap::default());
    let mut rig = places(Context::Table).remove(0);
    rig.console.ui.lang = Lang::ZhCn;
    assert!(rig.draw().pop().unwrap().contains("? 按键"));
}

#[test]
fn alt_with_a_capital_is_the_key_that_terminals_send_for_it() {
    let keymap = bound("freeze = [\"alt-F\", \"E\"]");
    let event = |c| {
        crossterm::event::KeyEvent::new(
            crossterm::event::KeyCode::Char(c),
            crossterm::event::KeyModifiers::ALT,
        )
    };
    assert_eq!(keymap.action(Context::Table, &event('F')), Some(Action::Freeze));
    assert_eq!(keymap.action(Context::Table, &event('f')), None);
}

#[test]
fn no_word_for_a_key_is_a_panic_and_one_that_is_taken_is_reached_by_what_it_says() {
    let mut rng = fastrand::Rng::with_seed(14);
    let parts = [
        "ctrl", "alt", "shift", "cmd", "-", "-", "-", "a", "J", "é", "王", "￥", "f1", "f25", "F12", "enter",
        "Esc", "space", " ", "tab", "backtab", "pageup", "1", "$", "minus", "\u{301}", "\u{202e}", "ctrl-",
        "del", "", "--",
    ];
    for _ in 0..1_500 {
        let word: String = (0..rng.usize(1..5)).map(|_| parts[rng.usize(..parts.len())]).collect();
        let shown = toml::Value::String(word.clone()).to_string();
        let Ok(keymap) = keymap(&format!("freeze = [{shown}, \"ctrl-f\"]")) else { continue };
        let row = Action::Freeze.row().unwrap();
        let chord = keymap.chords(row, Context::Table)[0];
        // A key that a terminal sends as it stands there: nothing but a control letter and Alt has a modifier.
        let event = crossterm::event::KeyEvent::new(chord.0, chord.1);
        assert_eq!(keymap.action(Context::Table, &event), Some(Action::Freeze), "{word:?}");
        if let crossterm::event::KeyCode::Char(c) = chord.0 {
            assert!(!c.is_control() && paydesk::domain::fold::fold(c) == c, "{word:?} is {chord:?}");
        }
    }
}

#[test]
fn no_keymap_that_is_taken_has_a_key_for_two_things_a_letter_amid_text_or_no_way_out() {
    let mut rng = fastrand::Rng::with_seed(15);
    let keys = [
        "j", "J", "t", "T", "$", "x", "X", "ctrl-t", "ctrl-x", "ctrl-u", "tab", "enter", "esc", "up", "down",
        "space", "f5", "alt-x", "?", "/", "y", "4", "pageup", "left", "delete", "￥", "？",
    ];
    let mut taken = 0;
    for _ in 0..1_500 {
        let bindings: Vec<String> = (0..rng.usize(1..4))
            .map(|_| {
                let row = &ACTIONS[rng.usize(..ACTIONS.len())];
                let some = (0..rng.usize(..3)).map(|_| format!("\"{}\"", keys[rng.usize(..keys.len())]));
                format!("{} = [{}]", row.id, some.collect::<Vec<_>>().join(", "))
            })
            .collect();
        let Ok(keymap) = keymap(&bindings.join("\n")) else { continue };
        taken += 1;
        for context in Context::ALL {
            let mut seen: Vec<(Chord, Action)> = Vec::new();
            for row in ACTIONS {
                let chords = keymap.chords(row, context);
                let is_needed = row.action.binding() == Binding::Needed && !row.chords(context).is_empty();
                assert!(!is_needed || !chords.is_empty(), "{bindings:?}: {} in {context:?}", row.id);
                for chord in chords {
                    let other = seen.iter().find(|(known, action)| known == chord && *action != row.action);
                    assert!(
                        other.is_none(),
                        "{bindings:?}: {chord:?} in {context:?} is {} and {other:?}",
                        row.id
                    );
                    seen.push((*chord, row.action));
                    let is_letter = chord.0.as_char().is_some_and(|c| c != '?') && chord.1.is_empty();
                    let is_new = !row.chords(context).contains(chord);
                    assert!(
                        !(context.takes_characters() && is_letter && is_new),
                        "{bindings:?}: {chord:?} is text in {context:?}"
                    );
                }
            }
        }
    }
    assert!(taken > 200, "{taken}");
}
