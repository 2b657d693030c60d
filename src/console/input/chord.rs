//! A key with its modifiers: as it is pressed, and as it is written on the screen.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord(pub KeyCode, pub KeyModifiers);

/// A character alone.
pub(in crate::console) const fn key(c: char) -> Chord {
    Chord(KeyCode::Char(c), KeyModifiers::NONE)
}

/// A character with Ctrl.
pub(in crate::console) const fn ctrl(c: char) -> Chord {
    Chord(KeyCode::Char(c), KeyModifiers::CONTROL)
}

/// A key that is no character.
pub(in crate::console) const fn named(code: KeyCode) -> Chord {
    Chord(code, KeyModifiers::NONE)
}

impl Chord {
    /// The chord of an event. Shift is part of a capital letter and of `BackTab` already, and no chord has it besides.
    pub fn of(event: &KeyEvent) -> Self {
        Self(event.code, event.modifiers.difference(KeyModifiers::SHIFT))
    }

    /// How the chord is written on screen.
    pub fn label(self) -> String {
        let name = match self.0 {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::BackTab => "S-Tab".to_owned(),
            code => code.to_string(),
        };
        match self.1 {
            held if held.contains(KeyModifiers::CONTROL) => format!("C-{name}"),
            held if held.contains(KeyModifiers::ALT) => format!("A-{name}"),
            _ => name,
        }
    }
}
