//! The terminal's answer to what its background is (OSC 11). It comes among the keys, letter by letter, and whenever the
//! line lets it: here it is told apart from them, so that nothing has to wait for it and no letter of it is a command.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::console::theme::Rgb;

/// The question.
pub const QUESTION: &[u8] = b"\x1b]11;?\x1b\\";

/// How an answer begins, and nothing that is typed.
const HEAD: &str = "11;";

/// No answer is longer.
const LONGEST: usize = 64;

/// What an event was.
#[derive(Debug, PartialEq)]
pub enum Filtered {
    /// What it looks like.
    Event(Event),
    /// The last of several, none of which belonged to an answer after all.
    Events(Vec<Event>),
    /// Part of an answer.
    Part,
    /// The end of one: this is the background.
    Background(Rgb),
}

/// Where in the answer we are.
#[derive(Debug, Default)]
enum Place {
    /// None is awaited.
    #[default]
    Nowhere,
    /// Nothing of it was read; the last event may have been its first byte, an escape that came alone.
    Before { is_escape: bool },
    /// In its text.
    Within,
    /// An escape that came alone has ended the text; its other half may follow.
    After,
}

/// Listens for the answer to one question.
#[derive(Debug, Default)]
pub struct BackgroundAnswer {
    place: Place,
    text: String,
    held: Vec<Event>,
}

impl BackgroundAnswer {
    /// Listens from now on.
    pub fn awaited() -> Self {
        Self { place: Place::Before { is_escape: false }, ..Self::default() }
    }

    /// An event was read.
    pub fn on_event(&mut self, event: Event) -> Filtered {
        let key = match &event {
            Event::Key(key) => Some(*key),
            _ => None,
        };
        match self.place {
            Place::Nowhere => Filtered::Event(event),
            Place::Before { is_escape } => {
                if is_key(key, ']', true) || is_escape && is_key(key, ']', false) {
                    self.place = Place::Within;
                    self.held.push(event);
                    return Filtered::Part;
                }
                self.place = Place::Before { is_escape: is_lone_escape(key) };
                Filtered::Event(event)
            }
            Place::Within => self.within(event, key),
            Place::After => {
                self.place = Place::Nowhere;
                if is_key(key, '\\', false) { Filtered::Part } else { Filtered::Event(event) }
            }
        }
    }

    fn within(&mut self, event: Event, key: Option<KeyEvent>) -> Filtered {
        let has_head = self.text.starts_with(HEAD);
        if has_head && (is_lone_escape(key) || is_key(key, '\\', true) || is_bell(key)) {
            self.place = if is_lone_escape(key) { Place::After } else { Place::Nowhere };
            self.held.clear();
            return parse(&self.text).map_or(Filtered::Part, Filtered::Background);
        }
        self.held.push(event);
        let letter = key.filter(|key| (key.modifiers - KeyModifiers::SHIFT).is_empty());
        if let Some(KeyCode::Char(letter)) = letter.map(|key| key.code) {
            self.text.push(letter);
            if HEAD.starts_with(&self.text) || has_head && self.text.len() <= LONGEST {
                return Filtered::Part;
            }
        }
        self.place = Place::Before { is_escape: false };
        self.text.clear();
        Filtered::Events(std::mem::take(&mut self.held))
    }
}

fn is_key(key: Option<KeyEvent>, letter: char, with_alt: bool) -> bool {
    let modifiers = if with_alt { KeyModifiers::ALT } else { KeyModifiers::NONE };
    key.is_some_and(|key| key.code == KeyCode::Char(letter) && key.modifiers == modifiers)
}

fn is_lone_escape(key: Option<KeyEvent>) -> bool {
    key.is_some_and(|key| key.code == KeyCode::Esc && key.modifiers.is_empty())
}

/// What ends the text in old terminals, and is read as the key that sends it.
fn is_bell(key: Option<KeyEvent>) -> bool {
    key.is_some_and(|key| key.code == KeyCode::Char('g') && key.modifiers == KeyModifiers::CONTROL)
}

/// `11;rgb:1e1e/1e1e/1e1e`, in one to four digits a part.
fn parse(text: &str) -> Option<Rgb> {
    let colour = text.strip_prefix(HEAD)?;
    let parts = colour.strip_prefix("rgb:").or_else(|| colour.strip_prefix("rgba:"))?;
    let mut parts = parts.split('/').map(|digits| {
        let most = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)?.checked_sub(1)?;
        let is_number = digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let part = is_number.then(|| u32::from_str_radix(digits, 16).ok()).flatten()?;
        u8::try_from((part * 255).checked_div(most)?).ok()
    });
    Some(Rgb(parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn letters(text: &str) -> Vec<Event> {
        let modifiers = |c: char| if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        text.chars().map(|c| key(KeyCode::Char(c), modifiers(c))).collect()
    }

    fn alt(letter: char) -> Event {
        key(KeyCode::Char(letter), KeyModifiers::ALT)
    }

    const ESCAPE: Event = Event::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
    const BELL: Event = Event::Key(KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL));

    /// What comes through of these events, and the background that was told.
    fn listen(events: &[Event]) -> (Vec<Event>, Option<Rgb>) {
        let (mut answer, mut through, mut background) = (BackgroundAnswer::awaited(), Vec::new(), None);
        for event in events {
            match answer.on_event(event.clone()) {
                Filtered::Event(event) => through.push(event),
                Filtered::Events(events) => through.extend(events),
                Filtered::Part => {}
                Filtered::Background(colour) => background = Some(colour),
            }
        }
        (through, background)
    }

    #[test]
    fn an_answer_in_every_shape_is_taken_and_the_keys_around_it_are_left() {
        let check = |begin: &[Event], text: &str, end: &[Event], want: Option<Rgb>| {
            let events = [&letters("j")[..], begin, &letters(text), end, &letters("k")].concat();
            let (mut through, background) = listen(&events);
            // An escape that came alone may be a key, and is one.
            through.retain(|event| *event != ESCAPE);
            assert_eq!((through, background), (letters("jk"), want), "{text} {begin:?} {end:?}");
        };
        let white = Some(Rgb(255, 255, 255));
        for begin in [&[alt(']')][..], &[ESCAPE, letters("]")[0].clone()]] {
            for end in [&[alt('\\')][..], &[BELL], &[ESCAPE, letters("\\")[0].clone()]] {
                check(begin, "11;rgb:ffff/ffff/ffff", end, white);
                check(begin, "11;rgb:0F0f/1414/1919", end, Some(Rgb(15, 20, 25)));
                check(begin, "11;rgb:ff/ff/ff", end, white);
                check(begin, "11;rgb:f/0/8", end, Some(Rgb(255, 0, 136)));
                check(begin, "11;rgba:ffff/ffff/ffff/8000", end, white);
                for nonsense in
                    ["11;", "11;#ffffff", "11;rgb:ffff/ffff", "11;rgb://", "11;rgb:fffff/0/0", "11;rgb:g/0/0"]
                {
                    check(begin, nonsense, end, None);
                }
            }
        }
    }

    #[test]
    fn what_is_no_answer_comes_through_in_its_order() {
        let check = |events: Vec<Event>| assert_eq!(listen(&events), (events, None));
        check(letters("]11;rgb:ffff/ffff/ffff"));
        check([vec![alt(']')], letters("q")].concat());
        check([vec![alt(']')], letters("11"), vec![ESCAPE], letters("j")].concat());
        check([vec![alt(']'), alt(']')], letters("12;")].concat());
        check(vec![ESCAPE, alt('\\'), BELL]);
        check([vec![alt(']')], letters("1"), vec![Event::Paste("1;".into())]].concat());
        let endless = "11;".to_owned() + &"7".repeat(LONGEST);
        check([vec![alt(']')], letters(&endless)].concat());
    }

    #[test]
    fn one_question_has_one_answer() {
        let answer = [vec![alt(']')], letters("11;rgb:0/0/0"), vec![BELL]].concat();
        let (through, background) = listen(&[answer.clone(), answer.clone()].concat());
        assert_eq!((through, background), (answer, Some(Rgb(0, 0, 0))));
        let mut silent = BackgroundAnswer::default();
        assert_eq!(silent.on_event(alt(']')), Filtered::Event(alt(']')));
    }
}
