//! How keys arrive: one by one from a hand, or in a burst, as a paste does on a terminal without bracketed paste and a
//! slow line that bunches what a hand typed. A burst is text at most; it never does or answers anything.
//!
//! What does or answers something is held back until no other key has followed, so that the first key of a burst is
//! known for what it is. Times are monotonic, and keys that were read together have the same.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Keys less than this apart were not typed one after another. Two fingers that roll over a keyboard are slower, and so
/// is a key that is held, on most desks; one that is not may be held all the same, see [`Kind::Step`].
pub const QUICK: Duration = Duration::from_millis(30);

/// A key that does or answers something has no other so near before or behind it: wider than [`QUICK`], since a busy
/// machine delivers a paste unevenly.
pub const ALONE: Duration = Duration::from_millis(50);

/// So long after a burst or a paste no key does or answers anything: it may be the tail.
pub const QUIET_FOR: Duration = Duration::from_millis(300);

/// A burst keeps so many keys; what follows is dropped.
const LONGEST: usize = 4_096;

/// What a key is at the place where it lands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A character of a text, or a key that goes from field to field.
    Text,
    /// It moves or edits, and counts at once: an arrow, Backspace, a character of the filter.
    Move,
    /// A letter that moves: it counts at once, and again while it is held, however fast it repeats.
    Step,
    /// It opens an input that what follows is text in, and that nothing can be done in: it counts at once, however near another
    /// key, so that the letters behind it are not lost. A paste that begins with it goes into that input.
    Open,
    /// It only leaves such an input: it counts at once. Near behind another key it may be part of a paste, and what follows
    /// does and answers nothing for a while.
    Leave,
    /// It only changes what is seen, and counts at once: the worst that the first letter of a paste can do there is another view.
    /// Near behind another key it is part of a burst, and does nothing.
    Look,
    /// It does or answers something.
    Command,
}

/// What was typed, once it is known how.
pub enum Typed {
    /// One key, by a hand.
    Key(KeyEvent),
    /// Keys faster than a hand, or right behind such keys.
    Burst(Keys),
}

/// Keys of a burst. They may hold a card, so they are wiped when they go, and never moved by growing.
pub struct Keys(Vec<KeyEvent>);

impl Keys {
    fn new() -> Self {
        Self(Vec::with_capacity(LONGEST))
    }

    fn push(&mut self, key: KeyEvent) {
        if self.0.len() < LONGEST {
            self.0.push(key);
        }
    }

    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = KeyEvent> + '_ {
        self.0.iter().copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn wipe(&mut self) {
        self.0.fill(KeyEvent::new(KeyCode::Null, KeyModifiers::NONE));
        std::hint::black_box(&mut self.0).clear();
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// Tells hands from bursts.
pub struct Typing {
    last: Option<(Duration, KeyEvent)>,
    held: Keys,
    /// What is held came faster than a hand.
    is_quick: bool,
    /// What is held is certain then, if nothing more comes.
    due: Duration,
    quiet_until: Duration,
}

impl Default for Typing {
    fn default() -> Self {
        Self {
            last: None,
            held: Keys::new(),
            is_quick: false,
            due: Duration::ZERO,
            quiet_until: Duration::ZERO,
        }
    }
}

impl Typing {
    /// A key arrives. It is given back if it counts at once; else it is held until [`Self::release_due`].
    pub fn on_key(&mut self, key: KeyEvent, kind: Kind, at: Duration) -> Option<KeyEvent> {
        let gap = self.last.map(|(then, _)| at.saturating_sub(then));
        let is_repeated = self.last.is_some_and(|(_, last)| last == key);
        self.last = Some((at, key));
        let nearness = if matches!(kind, Kind::Command | Kind::Look | Kind::Leave) { ALONE } else { QUICK };
        let is_near = gap.is_some_and(|gap| gap < nearness);
        if self.held.is_empty() {
            if kind == Kind::Leave && is_near {
                self.quiet_until = self.quiet_until.max(at + QUIET_FOR);
            }
            let at_once = match kind {
                Kind::Move | Kind::Open | Kind::Leave => true,
                Kind::Step => at >= self.quiet_until && (!is_near || is_repeated),
                Kind::Look => at >= self.quiet_until && !is_near,
                Kind::Text | Kind::Command => false,
            };
            if at_once {
                return Some(key);
            }
        }
        self.is_quick |= is_near || !self.held.is_empty();
        self.held.push(key);
        self.due = at + if self.is_quick { ALONE } else { nearness };
        None
    }

    /// When [`Self::release_due`] has something to say; `None` while nothing is held.
    pub fn due(&self) -> Option<Duration> {
        (!self.held.is_empty()).then_some(self.due)
    }

    /// Nothing more has come until `at`: what is held is now known for what it is. Not to be called while keys wait to
    /// be read, since nobody knows when those arrived.
    pub fn release_due(&mut self, at: Duration) -> Option<Typed> {
        if self.due()? > at {
            return None;
        }
        let began_quiet = self.last.is_some_and(|(then, _)| then < self.quiet_until);
        match self.held.0.first().copied() {
            Some(key) if !self.is_quick && !began_quiet => {
                self.held.wipe();
                Some(Typed::Key(key))
            }
            _ => Some(Typed::Burst(self.take_held())),
        }
    }

    /// Something was pasted: what was held belongs to it, and what follows at once may be its tail.
    pub fn on_paste(&mut self, at: Duration) -> Option<Keys> {
        let held = (!self.held.is_empty()).then(|| self.take_held());
        self.quiet_until = self.quiet_until.max(at + QUIET_FOR);
        held
    }

    /// What is held counts for nothing, and what follows at once does and answers nothing.
    pub fn forget(&mut self, at: Duration) {
        drop(self.on_paste(at));
    }

    fn take_held(&mut self) -> Keys {
        if std::mem::take(&mut self.is_quick)
            && let Some((then, _)) = self.last
        {
            self.quiet_until = self.quiet_until.max(then + QUIET_FOR);
        }
        std::mem::replace(&mut self.held, Keys::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn key(c: char) -> KeyEvent {
        let code = match c {
            '\n' => KeyCode::Enter,
            '<' => KeyCode::Esc,
            _ => KeyCode::Char(c),
        };
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    fn kind(key: &KeyEvent) -> Kind {
        match key.code {
            KeyCode::Char('j' | 'k') => Kind::Step,
            KeyCode::Char('/') => Kind::Open,
            KeyCode::Esc => Kind::Leave,
            KeyCode::Char(c) if c.is_ascii_digit() => Kind::Text,
            KeyCode::Down => Kind::Move,
            _ => Kind::Command,
        }
    }

    /// Types with so many milliseconds before each key, and says what was made of it: a burst in brackets.
    fn typed(keys: &[(u32, char)]) -> String {
        let (mut typing, mut at, mut told) = (Typing::default(), Duration::from_secs(1), String::new());
        let mut on_typed = |typed: Typed| match typed {
            Typed::Key(key) => told.push(char_of(key)),
            Typed::Burst(keys) => {
                told.push('[');
                told.extend(keys.iter().map(char_of));
                told.push(']');
            }
        };
        for (gap, c) in keys {
            at += *gap * MS;
            // The loop wakes when something is due, if the key has not come by then.
            if let Some(due) = typing.due().filter(|due| *due <= at) {
                typing.release_due(due).into_iter().for_each(&mut on_typed);
            }
            let key = key(*c);
            typing.on_key(key, kind(&key), at).map(Typed::Key).into_iter().for_each(&mut on_typed);
        }
        typing.release_due(at + ALONE).into_iter().for_each(&mut on_typed);
        told
    }

    fn char_of(key: KeyEvent) -> char {
        match key.code {
            KeyCode::Char(c) => c,
            KeyCode::Esc => '<',
            _ => '\n',
        }
    }

    fn every(gap: u32, text: &str) -> Vec<(u32, char)> {
        text.chars().map(|c| (gap, c)).collect()
    }

    #[test]
    fn a_hand_is_a_hand_at_any_speed_a_hand_has() {
        for gap in [50, 60, 80, 125, 1_000] {
            assert_eq!(typed(&every(gap, "$119\ny")), "$119\ny", "{gap} ms");
        }
        // Fingers that roll over the digits are no burst; the key that answers stands alone.
        assert_eq!(typed(&[(90, '1'), (31, '1'), (40, '9'), (110, '\n')]), "119\n");
    }

    #[test]
    fn a_paste_is_a_burst_at_any_speed_a_terminal_has_from_its_first_key_on() {
        for gap in [0, 1, 2, 5, 10, 20, 25] {
            assert_eq!(typed(&every(gap, "q119\ny\n")), "[q119\ny\n]", "{gap} ms");
            assert_eq!(typed(&every(gap, "y\n")), "[y\n]", "{gap} ms");
        }
        // As a busy machine delivers it.
        assert_eq!(typed(&[(500, 'y'), (41, '\n')]), "[y\n]");
        assert_eq!(typed(&[(500, '1'), (1, '1'), (1, '9'), (40, '\n')]), "[119\n]");
    }

    #[test]
    fn the_tail_of_a_burst_that_stalled_is_no_answer_either() {
        assert_eq!(typed(&[(500, '1'), (1, '1'), (1, '9'), (290, '\n')]), "[119][\n]");
        assert_eq!(typed(&[(500, '1'), (1, '1'), (1, '9'), (301, '\n')]), "[119]\n");
        // Typing on by hand does not make it last.
        assert_eq!(typed(&[(500, '1'), (1, '1'), (125, '9'), (125, '0'), (125, '\n')]), "[11][9][0]\n");
    }

    #[test]
    fn an_answer_that_is_near_another_key_is_none() {
        assert_eq!(typed(&[(500, '9'), (45, '\n')]), "9[\n]");
        assert_eq!(typed(&[(500, '9'), (125, '\n'), (45, '\n')]), "9[\n\n]");
    }

    #[test]
    fn a_key_that_is_held_moves_at_any_rate_of_repetition() {
        for gap in [0, 8, 16, 30, 33] {
            assert_eq!(typed(&every(gap, "jjjjjj")), "jjjjjj", "{gap} ms");
        }
        // And what follows at once is no command.
        assert_eq!(typed(&[(500, 'j'), (16, 'j'), (16, '$')]), "jj[$]");
        assert_eq!(typed(&every(10, "jack\n")), "j[ack\n]");
    }

    #[test]
    fn what_opens_and_leaves_an_input_counts_at_once_and_what_follows_a_leaving_near_behind_a_key_does_nothing()
     {
        assert_eq!(typed(&[(500, 'j'), (10, '/'), (20, '<'), (10, '/')]), "j/</");
        for gap in [0, 20, 49] {
            assert_eq!(typed(&[(500, '/'), (gap, '<'), (60, 'q')]), "/<[q]", "{gap} ms");
            assert_eq!(typed(&[(500, '/'), (gap, '<'), (301, 'q')]), "/<q", "{gap} ms");
        }
        assert_eq!(typed(&[(500, '/'), (51, '<'), (60, 'q')]), "/<q");
        // What is held is a paste, in which they do nothing either.
        assert_eq!(typed(&every(10, "q/a<")), "[q/a<]");
    }

    #[test]
    fn what_was_held_when_something_is_pasted_belongs_to_the_paste() {
        let mut typing = Typing::default();
        let at = Duration::from_secs(1);
        assert!(typing.on_key(key('y'), Kind::Command, at).is_none());
        assert_eq!(typing.on_paste(at).map(|keys| keys.len()), Some(1));
        assert!(typing.due().is_none());
        typing.on_key(key('y'), Kind::Command, at + 299 * MS);
        assert!(matches!(typing.release_due(at + 349 * MS), Some(Typed::Burst(_))));
        typing.on_key(key('y'), Kind::Command, at + 400 * MS);
        assert!(matches!(typing.release_due(at + 450 * MS), Some(Typed::Key(_))));
    }
}
