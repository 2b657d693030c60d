//! Keys by where they are pressed: what a chord does there, what the footer says of it, and the whole list for the help. The
//! table of actions says which keys there are; the configuration may give an action others.

mod chords;
mod guide;
mod hints;
mod rebound;

use crossterm::event::KeyEvent;

pub use self::{
    guide::guide,
    hints::{Hint, Section},
};
use super::{
    action::{ACTIONS, Action, Context, Row},
    input::chord::Chord,
};

/// Which keys do what: those of the table of actions, and for some actions others, which the configuration gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    rebound: Vec<Rebound>,
}

/// An action whose keys are not its own.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rebound {
    action: Action,
    chords: Vec<Chord>,
    /// Those of them that are no text where characters are.
    amid_text: Vec<Chord>,
}

impl Keymap {
    /// Which chords do it in `context`, the one to show first.
    pub fn chords(&self, row: &Row, context: Context) -> &[Chord] {
        let own = row.chords(context);
        let rebound = self.rebound.iter().find(|rebound| rebound.action == row.action);
        match rebound {
            None => own,
            Some(_) if !row.is_in(context) => &[],
            Some(rebound) if !context.takes_characters() => &rebound.chords,
            Some(rebound) if rebound.amid_text.is_empty() => own,
            Some(rebound) => &rebound.amid_text,
        }
    }

    /// What a key does in `context`, if it is no text there and does anything.
    pub fn action(&self, context: Context, event: &KeyEvent) -> Option<Action> {
        let chord = Chord::of(event);
        ACTIONS.iter().find(|row| self.chords(row, context).contains(&chord)).map(|row| row.action)
    }

    /// The first chord of an action in `context`.
    pub fn chord(&self, context: Context, action: Action) -> Option<Chord> {
        self.chords(action.row()?, context).first().copied()
    }

    /// How that chord is written on screen; nothing if it has none.
    pub fn label(&self, context: Context, action: Action) -> String {
        self.chord(context, action).map_or_else(String::new, Chord::label)
    }

    /// All its chords in `context`, as they are written on screen.
    pub fn labels(&self, context: Context, row: &Row) -> String {
        labels(self.chords(row, context))
    }
}

fn labels(chords: &[Chord]) -> String {
    chords.iter().map(|chord| chord.label()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
