//! What a filter may go on with where the caret stands: names of fields, words that a field knows, and values that
//! orders have.

use std::{cmp::Reverse, collections::HashMap, ops::Range};

use jiff::Timestamp;

use super::{
    field::{self, Facts, Field, Timed},
    syntax::quoted,
};
use crate::{
    console::column::{Said, Visit},
    domain::{
        case::Case,
        fold::{caseless, fold_text},
        triage::Group,
    },
    lang::Lang,
};

/// So many are enough to choose from.
const MOST: usize = 40;

/// What may stand in a place of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The place: characters from the start.
    pub at: Range<usize>,
    /// What may stand there, as it is written, the likeliest first. There is at least one.
    pub choices: Vec<String>,
    /// Which of them does stand there.
    pub chosen: usize,
}

/// What a caret stands in.
struct Place {
    /// The field whose value is written; none while its name is, or a word.
    field: Option<&'static Field>,
    /// Where that is: as it was begun, and what follows the caret of it.
    at: Range<usize>,
    /// What stands of it before the caret.
    begun: String,
}

/// True where a term begins, with nothing of it written.
pub(super) fn begins_term(text: &str, caret: usize) -> bool {
    let place = Place::of(text, caret);
    place.field.is_none() && place.begun.is_empty()
}

/// What may stand before the caret, given the orders at `now`; nothing if nothing is known that begins so.
pub(super) fn complete<'a>(
    text: &str,
    caret: usize,
    lang: Lang,
    now: Timestamp,
    orders: impl Iterator<Item = (&'a Case, Group)>,
) -> Option<Completion> {
    let Place { field, at, begun } = Place::of(text, caret);
    let begun = caseless(&begun).into_owned();
    let begins = |choice: &str| caseless(choice).starts_with(&begun);
    let choices: Vec<String> = match field.map(|field| field.facts) {
        None => {
            let names = |field: &'static Field| {
                let own = Some(field.name(lang)).filter(|name| begins(name));
                let name = own.or_else(|| field.names().find(|name| !begun.is_empty() && begins(name)));
                name.map(|name| format!("{name}:"))
            };
            field::all().filter_map(names).collect()
        }
        Some(Facts::Choice(choice) | Facts::Queues(choice) | Facts::Timed(Timed { choice, .. })) => {
            let both = [lang, lang.other()].map(|lang| choice.texts(lang));
            let [own, other] = both.map(|texts| texts.into_iter().filter(|text| begins(text)));
            let mut found: Vec<String> = own.collect();
            if found.is_empty() {
                found.extend(other);
            }
            found.iter().map(|text| quoted(text)).collect()
        }
        Some(Facts::Words(words)) => present(words, orders, begins),
        Some(Facts::Lasting(lasting)) => {
            let lasting = |case: &Case, _, visit: Visit<'_>| {
                let lasts = lasting(case).filter(|(_, until)| now < *until);
                lasts.is_some_and(|(text, _)| visit(Said::Text(text)))
            };
            present(lasting, orders, begins)
        }
        Some(_) => Vec::new(),
    };
    (!choices.is_empty()).then_some(Completion { at, choices, chosen: 0 })
}

/// The values that orders have and that fit, as they are written, those of most orders first.
fn present<'a>(
    words: impl Fn(&Case, Group, Visit<'_>) -> bool,
    orders: impl Iterator<Item = (&'a Case, Group)>,
    fits: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (case, group) in orders {
        words(case, group, &mut |said| {
            if let Said::Text(text) | Said::Name(text) = said
                && fits(text)
            {
                match counts.get_mut(text) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(text.to_owned(), 1)),
                }
            }
            false
        });
    }
    let mut found: Vec<(String, usize)> = counts.into_iter().collect();
    found.sort_unstable_by(|(a, of_a), (b, of_b)| (Reverse(of_a), a).cmp(&(Reverse(of_b), b)));
    found.into_iter().take(MOST).map(|(text, _)| quoted(&text)).collect()
}

impl Place {
    /// The place of a caret that stands behind so many characters.
    fn of(text: &str, caret: usize) -> Self {
        let all: Vec<char> = fold_text(text).chars().collect();
        let (before, after) = all.split_at(caret.min(all.len()));
        let (mut is_quoted, mut term, mut value) = (false, 0, None);
        let mut field = None;
        for (n, c) in before.iter().enumerate() {
            match c {
                '"' => is_quoted ^= n == 0 || before[n - 1] != '\\',
                _ if is_quoted => {}
                c if c.is_whitespace() => (term, value, field) = (n + 1, None, None),
                '!' if n == term && value.is_none() => term = n + 1,
                ':' if value.is_none() => {
                    let name: String = before[term..n].iter().collect();
                    field = Field::named(&name);
                    value = Some(n + 1);
                }
                ',' if value.is_some() => value = Some(n + 1),
                '<' | '>' | '=' if value == Some(n) => value = Some(n + 1),
                _ => {}
            }
        }
        let start = field.and(value).unwrap_or(term);
        let begun = before[start..].iter().filter(|c| **c != '"').collect();
        let goes_on = |is_part: &dyn Fn(char) -> bool| after.iter().take_while(|c| is_part(**c)).count();
        let end = match field {
            _ if is_quoted => goes_on(&|c| c != '"') + 1,
            Some(_) => goes_on(&|c| !c.is_whitespace() && c != ','),
            None => {
                let name = goes_on(&|c| c.is_alphanumeric() || c == '_');
                name + usize::from(after.get(name) == Some(&':'))
            }
        };
        Self { field, at: start..(before.len() + end).min(all.len()), begun }
    }
}
