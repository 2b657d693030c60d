//! What a word of the filter finds, and where: each column says texts and terms of an order, and a word is looked for in
//! all of them.
//!
//! *Texts* are the order's own: numbers, references, places. A word stands anywhere in them, and in a *name* also across
//! what parts it, whichever half is written first: `zhangjing` is ZHANG/JING. *Terms* are the
//! desk's words for states and methods. They are found as they stand on the screen, in either language, and by others for
//! the same (`[found_by]` in the language files); a word begins one of theirs, so that `paid` is not `unpaid`.
//! A word of two letters is the code of an airline, or a whole name, and never a part of something longer.

use std::{borrow::Cow, sync::LazyLock};

use jiff::Timestamp;
use memchr::{memmem, memrchr2};

use crate::{
    domain::fold::{caseless, holds},
    lang::{self, Lang},
};

/// Something that a column says of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Said<'a> {
    /// A number, a reference or a place.
    Text(&'a str),
    /// The name of a passenger.
    Name(&'a str),
    /// A word of the desk's, by the key of its text.
    Term(&'static str),
}

/// Sections of the language files whose texts are terms.
const TERMS: [&str; 6] = ["is.", "state.", "attempt_short.", "method.", "queue.", SYNONYMS];

/// The section of other words for the same terms, by the last part of their keys.
const SYNONYMS: &str = "found_by.";

/// Every term by its key, with all its words, folded: the texts never change, and each letter that is typed asks for them.
static WORDS: LazyLock<Vec<(&'static str, Vec<String>)>> = LazyLock::new(|| {
    let is_term = |key: &&str| TERMS.iter().any(|section| key.starts_with(section));
    let words = |key: &'static str| {
        let synonyms = key.split_once('.').map(|(_, name)| [SYNONYMS, name].concat());
        let keys = [Some(key), synonyms.as_deref()].into_iter().flatten();
        let texts = keys.flat_map(|key| [Lang::En, Lang::ZhCn].map(|lang| lang.find(key)));
        (key, texts.flatten().map(|text| caseless(text).into_owned()).collect())
    };
    lang::all().map(|(key, ..)| key).filter(is_term).map(words).collect()
});

/// A word of the filter.
#[derive(Clone, Debug)]
pub struct Needle {
    word: String,
    /// Finds it in what is written down.
    finder: memmem::Finder<'static>,
    /// Two letters: found whole only.
    is_code: bool,
    /// The terms that it finds.
    terms: Vec<&'static str>,
    /// The same, as they are written down.
    term_marks: Vec<u8>,
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Eq for Needle {}

/// In what is written down, a text begins behind this byte, which stands in no text,
const TEXT: u8 = 0xff;

/// and a name that is written together behind this one: no whole word stands in it.
const TOGETHER: u8 = 0xfe;

/// Writes down all that `say` hands over of an order, so that words are found in it fast: how many terms, the mark of each, and
/// the texts in lower case.
pub fn write_down(out: &mut Vec<u8>, say: impl FnOnce(&mut dyn FnMut(Said<'_>) -> bool)) {
    let count_at = out.len();
    out.push(0);
    // Terms stand before texts, in whatever order they come.
    let (mut terms, mut first_text) = (0, out.len());
    say(&mut |said| {
        match said {
            Said::Term(key) => {
                if let Some(mark) = term_mark(key).filter(|_| terms < u8::MAX) {
                    out.insert(first_text, mark);
                    first_text += 1;
                    terms += 1;
                }
            }
            Said::Text(text) => write_text(out, TEXT, &caseless(text)),
            Said::Name(name) => {
                write_text(out, TEXT, &caseless(name));
                for half in together(name).into_iter().flatten() {
                    write_text(out, TOGETHER, &caseless(&half));
                }
            }
        }
        false
    });
    out[count_at] = terms;
}

fn write_text(out: &mut Vec<u8>, begin: u8, text: &str) {
    out.push(begin);
    out.extend_from_slice(text.as_bytes());
}

/// What stands for a term where it is written down: its place among all.
fn term_mark(key: &str) -> Option<u8> {
    let at = WORDS.iter().position(|(other, _)| *other == key)?;
    u8::try_from(at).ok()
}

/// Where a term stands among all of them, sorted by their keys.
pub(super) fn term_rank(key: &str) -> Option<u8> {
    static SORTED: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let mut keys: Vec<&str> = WORDS.iter().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys
    });
    u8::try_from(SORTED.binary_search(&key).ok()?).ok()
}

/// A name of two parts written together, whichever is first.
fn together(name: &str) -> Option<[String; 2]> {
    let (first, second) = name.split_once('/').or_else(|| name.split_once(' '))?;
    let join = |one: &str, other: &str| [one, other].iter().flat_map(|part| part.split(['/', ' '])).collect();
    Some([join(first, second), join(second, first)])
}

impl Needle {
    /// The word as it was typed, in whatever case or width.
    pub fn new(typed: &str) -> Self {
        let word = caseless(typed).into_owned();
        let is_letter = |c: char| c.is_ascii_alphabetic();
        let is_code =
            word.len() == 2 && word.chars().all(|c| c.is_ascii_alphanumeric()) && word.chars().any(is_letter);
        let finder = memmem::Finder::new(&word).into_owned();
        let mut needle = Self { word, finder, is_code, terms: Vec::new(), term_marks: Vec::new() };
        let is_found = |texts: &[String]| texts.iter().any(|text| needle.begins_a_word(text));
        needle.terms = WORDS.iter().filter(|(_, texts)| is_found(texts)).map(|(key, _)| *key).collect();
        needle.term_marks = needle.terms.iter().filter_map(|key| term_mark(key)).collect();
        needle
    }

    /// True when it finds nothing that `before` does not.
    pub fn narrows(&self, before: &Self) -> bool {
        self == before || (!before.is_code && self.word.starts_with(&before.word))
    }

    /// True when it is found in this.
    pub fn is_in(&self, said: Said<'_>) -> bool {
        match said {
            Said::Term(key) => self.terms.contains(&key),
            Said::Text(text) | Said::Name(text) if self.is_code => {
                parts(&caseless_but_ascii(text)).any(|part| part.eq_ignore_ascii_case(&self.word))
            }
            Said::Text(text) => holds(text, &self.word),
            Said::Name(name) => holds(name, &self.word) || self.is_across(name),
        }
    }

    /// True when it is found in a text that is so until then.
    pub fn is_in_lasting(&self, lasting: Option<(&str, Timestamp)>, now: Timestamp) -> bool {
        lasting.is_some_and(|(text, until)| now < until && self.is_in(Said::Text(text)))
    }

    /// True when it is found in what is [written down](write_down) of an order.
    pub fn is_written(&self, written: &[u8]) -> bool {
        let Some((count, rest)) = written.split_first() else { return false };
        let Some((terms, texts)) = rest.split_at_checked(usize::from(*count)) else { return false };
        (!self.term_marks.is_empty() && terms.iter().any(|term| self.term_marks.contains(term)))
            || if self.is_code {
                self.finder.find_iter(texts).any(|at| self.stands_whole(texts, at))
            } else {
                self.finder.find(texts).is_some()
            }
    }

    /// True when what was found at `at` is all that stands there between signs and blanks.
    fn stands_whole(&self, texts: &[u8], at: usize) -> bool {
        let Some((before, rest)) = texts.split_at_checked(at) else { return false };
        let Some(begins) = memrchr2(TEXT, TOGETHER, before) else { return false };
        let after = rest.get(self.word.len()..).unwrap_or_default();
        let is_inside = |text: &[u8], last: bool| {
            let text = str::from_utf8(text).unwrap_or_default();
            let letter = if last { text.chars().next_back() } else { text.chars().next() };
            letter.is_some_and(char::is_alphanumeric)
        };
        let ends = memchr::memchr2(TEXT, TOGETHER, after).unwrap_or(after.len());
        before[begins] == TEXT && !is_inside(&before[begins + 1..], true) && !is_inside(&after[..ends], false)
    }

    /// True when it finds one of these terms.
    pub fn finds_any(&self, mut keys: impl Iterator<Item = &'static str>) -> bool {
        keys.any(|key| self.terms.contains(&key))
    }

    /// True when it is found in a name that is written together.
    fn is_across(&self, name: &str) -> bool {
        // It goes on from the end of one part into another: most names are passed over by that alone.
        let begins = |part: &str| part.chars().next().is_some_and(|c| !c.is_ascii() || self.goes_on_with(c));
        name.split(['/', ' ']).any(begins)
            && together(name).into_iter().flatten().any(|half| holds(&half, &self.word))
    }

    /// True when this letter stands in it, but for its beginning.
    fn goes_on_with(&self, letter: char) -> bool {
        self.word
            .bytes()
            .skip(1)
            .any(|byte| byte.eq_ignore_ascii_case(&u8::try_from(letter).unwrap_or_default()))
    }

    /// True when it begins a word of `text`, and is all of it if it must; Chinese has no blanks between words.
    fn begins_a_word(&self, text: &str) -> bool {
        let is_inside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        text.match_indices(&self.word).any(|(at, found)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + found.len()..).and_then(|after| after.chars().next());
            !(is_inside(before) || self.is_code && is_inside(after))
        })
    }
}

/// A text as it is compared, but for the case of one in ASCII.
fn caseless_but_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { caseless(text) }
}

/// What stands between signs and blanks.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(typed: &str, said: Said<'_>) -> bool {
        Needle::new(typed).is_in(said)
    }

    #[test]
    fn two_letters_are_found_whole_and_longer_words_anywhere() {
        for (typed, text, found) in [
            ("TR", "TR", true),
            ("tr", "TR", true),
            ("ＴＲ", "TR", true),
            ("TR", "TRAN/VAN", false),
            ("TR", "K7TR2D", false),
            ("li", "LI/SI", true),
            ("li", "LIN/MEIYU", false),
            ("5j", "5J", true),
            ("34", "TESTA1345", true),
            ("T", "TRAN/VAN", true),
            ("tra", "TRAN/VAN", true),
            ("张静", "张静", true),
            ("é", "JOSÉ", true),
        ] {
            assert_eq!(finds(typed, Said::Text(text)), found, "{typed} in {text}");
        }
    }

    #[test]
    fn a_term_is_found_in_either_language_by_how_a_word_of_it_begins() {
        for (typed, key, found) in [
            ("unpaid", "state.unpaid", true),
            ("Unp", "state.unpaid", true),
            ("paid", "state.unpaid", false),
            ("paid", "state.paid", true),
            ("待支付", "state.unpaid", true),
            ("支付", "state.unpaid", true),
            ("已支付", "state.unpaid", false),
            ("doubt", "attempt_short.in_doubt", true),
            ("拒付", "attempt_short.rejected", true),
            ("declined", "attempt_short.rejected", true),
            ("deposit", "method.deposit", true),
            ("预存款", "method.deposit", true),
        ] {
            assert_eq!(finds(typed, Said::Term(key)), found, "{typed} is {key}");
        }
        assert!(!finds("blind", Said::Term("message.stale")), "not every text is a term");
    }

    #[test]
    fn a_longer_word_narrows_unless_the_shorter_one_was_found_whole() {
        let narrows = |long: &str, short: &str| Needle::new(long).narrows(&Needle::new(short));
        assert!(narrows("T", "T") && narrows("TR", "T") && narrows("TR", "TR") && narrows("TRAN", "TRA"));
        assert!(!narrows("TRA", "TR"), "more is found by three letters than by two");
        assert!(!narrows("unpaid", "paid") && !narrows("T", "TR"));
    }

    #[test]
    fn every_term_has_a_mark() {
        assert!(u8::try_from(WORDS.len()).is_ok(), "{} terms", WORDS.len());
    }

    proptest! {
        /// What is written down is found by the words that find what was said.
        #[test]
        fn words_find_what_is_written_down_where_they_find_what_is_said(
            texts in prop::collection::vec(("[A-Ca-cＡ０-２张é/ -]{0,9}", any::<bool>()), 0..4),
            term in prop::sample::select(vec!["state.unpaid", "method.vcc", "is.snoozed"]),
            typed in "[a-cA-Cａ0-2张é/ -]{1,3}|vcc|unp|un|待支付",
        ) {
            let said = || texts.iter().map(|(text, is_name)| {
                if *is_name { Said::Name(text) } else { Said::Text(text) }
            });
            let needle = Needle::new(&typed);
            let mut written = vec![7; 3];
            write_down(&mut written, |visit| {
                let mut said = said().collect::<Vec<_>>();
                said.insert(said.len() / 2, Said::Term(term));
                for said in said {
                    visit(said);
                }
            });
            let is_said = said().chain([Said::Term(term)]).any(|said| needle.is_in(said));
            prop_assert_eq!(needle.is_written(&written[3..]), is_said, "{:?} in {:?}", typed, texts);
        }
    }
}
