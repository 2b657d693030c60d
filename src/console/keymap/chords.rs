//! Keys as the configuration writes them: a character, or a name such as `ctrl-p`. What no terminal sends, or sends as
//! another key, is none.

use crossterm::event::{KeyCode, KeyModifiers};

use crate::{console::input::chord::Chord, domain::fold::fold};

/// The chord of a key. The error says what is wrong with it.
pub(super) fn read(word: &str) -> Result<Chord, String> {
    let mut characters = word.chars();
    if let (Some(c), None) = (characters.next(), characters.next()) {
        // A sign of a Chinese keyboard counts as its ASCII twin.
        let (c, is_text) = (fold(c), !c.is_control());
        return if is_text { Ok(character(c)) } else { Err("that is no key".to_owned()) };
    }
    let unreadable = || format!("`{word}` is no key; write a character, or a name such as ctrl-p or pageup");
    let crokey::KeyCombination { codes: crokey::OneToThree::One(code), modifiers } =
        crokey::parse(word).map_err(|_| unreadable())?
    else {
        return Err(format!("`{word}` is more than one key"));
    };
    let [shift, ctrl, alt] = [KeyModifiers::SHIFT, KeyModifiers::CONTROL, KeyModifiers::ALT]
        .map(|modifier| modifiers.contains(modifier));
    let others = modifiers.difference(KeyModifiers::SHIFT | KeyModifiers::CONTROL | KeyModifiers::ALT);
    if !others.is_empty()
        || [shift && code != KeyCode::BackTab, ctrl, alt].into_iter().filter(|it| *it).count() > 1
    {
        return Err(format!("no terminal tells `{word}` from the key without one of these"));
    }
    match code {
        KeyCode::Tab if shift => Ok(plain(KeyCode::BackTab)),
        KeyCode::BackTab if !ctrl && !alt => Ok(plain(KeyCode::BackTab)),
        KeyCode::Char(c) if shift && c.is_alphabetic() => Ok(character(c)),
        KeyCode::Char(_) if shift => Err("write the character that shift gives instead".to_owned()),
        KeyCode::Char(c) if ctrl => controlled(word, c),
        // A capital is another key than its small letter.
        KeyCode::Char(c) if alt => {
            let written = word.chars().next_back().filter(|written| written.eq_ignore_ascii_case(&c));
            Ok(Chord(KeyCode::Char(written.unwrap_or(c)), KeyModifiers::ALT))
        }
        _ if shift || ctrl || alt => {
            Err(format!("no terminal tells `{word}` from the key without its modifier"))
        }
        code => Ok(plain(code)),
    }
}

fn character(c: char) -> Chord {
    plain(KeyCode::Char(c))
}

fn plain(code: KeyCode) -> Chord {
    Chord(code, KeyModifiers::NONE)
}

/// A character with Ctrl, which old terminals know for letters alone, and of these some as other keys.
fn controlled(word: &str, c: char) -> Result<Chord, String> {
    let other = match c {
        'i' => "tab",
        'm' | 'j' => "enter",
        'h' => "backspace",
        'a'..='z' | ' ' => return Ok(Chord(KeyCode::Char(c), KeyModifiers::CONTROL)),
        '[' => "esc",
        _ => return Err(format!("`{word}` cannot be had: terminals send Ctrl with letters alone")),
    };
    Err(format!("`{word}` cannot be had: terminals send it as {other}"))
}

/// True for a key that not every terminal and multiplexer passes on, and that is therefore none by itself.
pub(super) fn is_extra(chord: Chord) -> bool {
    matches!(chord.0, KeyCode::F(_) | KeyCode::Insert) || chord.1.contains(KeyModifiers::ALT)
}

/// True for a key that a text takes: a character, or one that edits.
pub(super) fn is_of_text(chord: Chord) -> bool {
    match chord.0 {
        KeyCode::Char(c) if chord.1 == KeyModifiers::CONTROL => matches!(c, 'w' | 'u' | 'a' | 'e'),
        KeyCode::Char(_) => chord.1.is_empty(),
        KeyCode::Backspace
        | KeyCode::Delete
        | KeyCode::Left
        | KeyCode::Right
        | KeyCode::Home
        | KeyCode::End => true,
        _ => false,
    }
}

/// The letter of a key, whatever is held with it: keys of one letter are neighbours.
pub(super) fn letter(chord: Chord) -> Option<char> {
    chord.0.as_char().filter(|c| c.is_alphabetic()).map(|c| c.to_ascii_lowercase())
}
