//! The keymap of a configuration: which actions have other keys, and what is wrong with that. Nothing is half taken: one
//! mistake, and the whole table is refused, with its place.

use crossterm::event::KeyCode;

use super::{Keymap, Rebound, chords};
use crate::{
    config::{ConfigError, KeyBindings, Placed, place},
    console::{
        action::{ACTIONS, Action, Binding, Context, Row},
        input::chord::Chord,
    },
    domain::mask::mask,
};

impl Keymap {
    /// The keys of the table with those of the configuration in their places.
    pub fn new(bindings: &KeyBindings) -> Result<Self, ConfigError> {
        let mut keymap = Self::default();
        let mut places = Vec::new();
        for rebound in bindings.iter() {
            let row = row(&rebound.action).map_err(|message| bindings.wrong(&rebound.action, message))?;
            let mut chords = Vec::new();
            for key in &rebound.keys {
                let chord = chords::read(&key.word).map_err(|message| bindings.wrong(key, message))?;
                let chord = may_have(row, chord).map_err(|message| bindings.wrong(key, message))?;
                chords.push(chord);
                places.push((row.action, chord, key));
            }
            if !chords.is_empty() && chords.iter().all(|chord| chords::is_extra(*chord)) {
                let message = format!(
                    "`{}` has no key that every terminal sends; give it a character, Ctrl with a letter, or a key such as pageup besides",
                    row.id
                );
                return Err(bindings.wrong(&rebound.action, message));
            }
            if chords.is_empty() && row.action.binding() == Binding::Needed {
                let message = format!("`{}` needs a key: without one nobody gets out, or finds help", row.id);
                return Err(bindings.wrong(&rebound.action, message));
            }
            let is_own = |chord: &Chord| has(row, *chord, Context::takes_characters);
            let amid_text = chords.iter().copied();
            let amid_text = amid_text.filter(|chord| !chords::is_of_text(*chord) || is_own(chord)).collect();
            keymap.rebound.push(Rebound { action: row.action, chords, amid_text });
        }
        for (action, chord, key) in places {
            keymap.stands_alone(action, chord).map_err(|message| bindings.wrong(key, message))?;
        }
        Ok(keymap)
    }

    /// A chord does one thing in each context, and no form of a key that opens a form with money does anything else.
    fn stands_alone(&self, action: Action, chord: Chord) -> Result<(), String> {
        let Some(row) = action.row() else { return Ok(()) };
        for context in Context::ALL {
            if !self.chords(row, context).contains(&chord) {
                continue;
            }
            for other in ACTIONS.iter().filter(|other| other.action != action) {
                for theirs in self.chords(other, context) {
                    let label = theirs.label();
                    if *theirs == chord {
                        return Err(format!(
                            "`{label}` is the key of `{}` as well; give that one another key, too, or none: {} = []",
                            other.id, other.id
                        ));
                    }
                    let is_about_money = action.opens_money() || other.action.opens_money();
                    let are_neighbours =
                        chords::letter(*theirs).is_some_and(|letter| chords::letter(chord) == Some(letter));
                    if is_about_money && are_neighbours {
                        return Err(format!(
                            "`{}` is a neighbour of `{label}`, the key of `{}`: no key that opens a form with money is the Shift or Ctrl form of another",
                            chord.label(),
                            other.id
                        ));
                    }
                }
            }
        }
        Ok(())
    }
}

/// The action of a word.
fn row(action: &Placed) -> Result<&'static Row, String> {
    let word = &*action.word;
    let row = ACTIONS.iter().find(|row| row.id == word).ok_or_else(|| {
        let known: Vec<&str> = ACTIONS.iter().map(|row| row.id).collect();
        let word = mask(word);
        match place::nearest(&word, &known) {
            Some(nearest) => format!("unknown action `{word}`; did you mean `{nearest}`?"),
            None => format!("unknown action `{word}`; docs/keys.md lists them all"),
        }
    })?;
    match row.action.binding() {
        Binding::Fixed => {
            Err(format!("the key of `{word}` cannot be changed: it answers a question, or is the way out"))
        }
        Binding::Free | Binding::Needed => Ok(row),
    }
}

/// The chord, if it can be reached somewhere where the action is.
fn may_have(row: &Row, chord: Chord) -> Result<Chord, String> {
    let label = chord.label();
    let is_character = matches!(chord.0, KeyCode::Char(c) if c != ' ');
    if row.action.opens_money() && !is_character && !chords::is_extra(chord) {
        return Err(format!(
            "`{label}` answers or moves elsewhere: what opens a form with money is a character"
        ));
    }
    let mut contexts = Context::ALL.into_iter().filter(|context| row.is_in(*context));
    let is_own = has(row, chord, |_| true);
    if chords::is_of_text(chord) && !is_own && contexts.all(Context::takes_characters) {
        return Err(format!("`{label}` cannot be reached: where `{}` is, it is text or an answer", row.id));
    }
    Ok(chord)
}

/// True if the action has the chord by the table itself, in one of these contexts.
fn has(row: &Row, chord: Chord, is_one: impl Fn(Context) -> bool) -> bool {
    Context::ALL.into_iter().any(|context| is_one(context) && row.chords(context).contains(&chord))
}
