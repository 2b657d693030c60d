//! Keys: one table of actions from which the hint line, the help and the documentation are made.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key does outside text fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Next row.
    Down,
    /// Previous row.
    Up,
    /// First row.
    First,
    /// Last row.
    Last,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// Scroll the detail down.
    ScrollDown,
    /// Scroll the detail up.
    ScrollUp,
    /// Show the selected order on the whole screen.
    Open,
    /// Back to where one came from.
    Back,
    /// Next order of the queue, in the detail too.
    Next,
    /// Previous order of the queue.
    Previous,
    /// Queue by its number, from 1.
    Queue(u8),
    /// Type a filter.
    Filter,
    /// Choose the column to sort by.
    Sort,
    /// Open the pay form.
    Pay,
    /// Open the recover form.
    Recover,
    /// Ask for the selected order now.
    Refresh,
    /// Sweep the whole list now.
    RefreshAll,
    /// Hold the picture still.
    Freeze,
    /// Show or hide the detail pane.
    TogglePane,
    /// Show or hide what a demo's presenter says.
    ToggleNarration,
    /// Copy the order number.
    Copy,
    /// The other language.
    Language,
    /// What happened lately, and how the desk is.
    Log,
    /// The keys.
    Help,
    /// Draw everything anew.
    Redraw,
    /// Stop the program; the shell's `fg` brings it back.
    Suspend,
    /// Leave.
    Quit,
}

impl Action {
    /// True when it only moves something on the screen, or opens a place where whatever follows is text: it counts at
    /// once, so that the first letters behind it are not lost, however fast they come.
    pub fn moves(self) -> bool {
        let rows =
            matches!(self, Self::Down | Self::Up | Self::First | Self::Last | Self::Next | Self::Previous);
        let pages = matches!(self, Self::PageDown | Self::PageUp | Self::ScrollDown | Self::ScrollUp);
        rows || pages || matches!(self, Self::Redraw | Self::Filter)
    }
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord(pub KeyCode, pub KeyModifiers);

const fn key(c: char) -> Chord {
    Chord(KeyCode::Char(c), KeyModifiers::NONE)
}

const fn ctrl(c: char) -> Chord {
    Chord(KeyCode::Char(c), KeyModifiers::CONTROL)
}

const fn named(code: KeyCode) -> Chord {
    Chord(code, KeyModifiers::NONE)
}

impl Chord {
    /// The chord of an event. Shift is part of a capital letter already, not a modifier of its own.
    pub fn of(event: &KeyEvent) -> Self {
        let mut modifiers = event.modifiers;
        if matches!(event.code, KeyCode::Char(_)) {
            modifiers.remove(KeyModifiers::SHIFT);
        }
        Self(event.code, modifiers)
    }

    /// How the chord is written on screen.
    pub fn label(self) -> String {
        let name = match self.0 {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            code => code.to_string(),
        };
        match self.1 {
            held if held.contains(KeyModifiers::CONTROL) => format!("C-{name}"),
            held if held.contains(KeyModifiers::ALT) => format!("A-{name}"),
            _ => name,
        }
    }
}

/// One row of the table.
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// Which chords do it, the one to show first.
    pub chords: &'static [Chord],
    /// Key of its text in the language files.
    pub text: &'static str,
    /// Shown in the hint line of the main screen.
    pub hinted: bool,
}

const fn bind(action: Action, chords: &'static [Chord], text: &'static str, hinted: bool) -> Binding {
    Binding { action, chords, text, hinted }
}

/// Every action with its keys. No money key is a Shift or Ctrl form of a view key, and none pays by itself.
pub const ACTIONS: &[Binding] = &[
    bind(Action::Down, &[key('j'), named(KeyCode::Down)], "key.down", true),
    bind(Action::Up, &[key('k'), named(KeyCode::Up)], "key.up", true),
    bind(Action::First, &[key('g'), named(KeyCode::Home)], "key.first", false),
    bind(Action::Last, &[key('G'), named(KeyCode::End)], "key.last", false),
    bind(Action::PageDown, &[named(KeyCode::PageDown)], "key.page_down", false),
    bind(Action::PageUp, &[named(KeyCode::PageUp)], "key.page_up", false),
    bind(Action::ScrollDown, &[ctrl('d')], "key.scroll_down", false),
    bind(Action::ScrollUp, &[ctrl('u')], "key.scroll_up", false),
    bind(Action::Open, &[named(KeyCode::Enter)], "key.open", true),
    bind(Action::Back, &[named(KeyCode::Esc)], "key.back", false),
    bind(Action::Next, &[key('n')], "key.next", false),
    bind(Action::Previous, &[key('N')], "key.previous", false),
    bind(Action::Pay, &[key('$')], "key.pay", true),
    bind(Action::Recover, &[key('t')], "key.recover", true),
    bind(Action::Filter, &[key('/')], "key.filter", true),
    bind(Action::Sort, &[key('S')], "key.sort", true),
    bind(Action::Queue(1), &[key('1')], "key.queue", false),
    bind(Action::Queue(2), &[key('2')], "key.queue", false),
    bind(Action::Queue(3), &[key('3')], "key.queue", false),
    bind(Action::Queue(4), &[key('4')], "key.queue", false),
    bind(Action::Queue(5), &[key('5')], "key.queue", false),
    bind(Action::Queue(6), &[key('6')], "key.queue", false),
    bind(Action::Queue(7), &[key('7')], "key.queue", false),
    bind(Action::Refresh, &[key('r')], "key.refresh", true),
    bind(Action::RefreshAll, &[key('R')], "key.refresh_all", false),
    bind(Action::Freeze, &[key('f')], "key.freeze", true),
    bind(Action::TogglePane, &[key('p')], "key.toggle_pane", false),
    bind(Action::ToggleNarration, &[key('i')], "key.toggle_narration", false),
    bind(Action::Copy, &[key('y')], "key.copy", true),
    bind(Action::Language, &[key('L')], "key.language", true),
    bind(Action::Log, &[key('@')], "key.log", true),
    bind(Action::Help, &[key('?')], "key.help", true),
    bind(Action::Redraw, &[ctrl('l')], "key.redraw", false),
    bind(Action::Suspend, &[ctrl('z')], "key.suspend", false),
    bind(Action::Quit, &[key('q'), ctrl('c')], "key.quit", true),
];

/// The action of a chord, if any.
pub fn action(event: &KeyEvent) -> Option<Action> {
    let chord = Chord::of(event);
    ACTIONS.iter().find(|binding| binding.chords.contains(&chord)).map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn no_chord_is_bound_twice() {
        let chords: Vec<Chord> = ACTIONS.iter().flat_map(|binding| binding.chords.iter().copied()).collect();
        for (i, chord) in chords.iter().enumerate() {
            assert!(!chords[..i].contains(chord), "{} is bound twice", chord.label());
        }
    }

    #[test]
    fn every_action_says_what_it_does_in_both_languages() {
        for binding in ACTIONS {
            for lang in [Lang::En, Lang::ZhCn] {
                assert!(lang.find(binding.text).is_some_and(|text| !text.is_empty()), "{}", binding.text);
            }
        }
    }

    #[test]
    fn the_money_key_has_no_neighbour_under_shift_or_ctrl() {
        let pay = ACTIONS.iter().find(|binding| binding.action == Action::Pay).unwrap();
        assert_eq!(pay.chords, [key('$')]);
    }
}
