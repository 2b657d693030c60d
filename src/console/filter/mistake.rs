//! What is wrong with a filter, where, and what was probably meant.

use std::ops::Range;

use super::field::{self, Choice, Facts, Field};
use crate::{domain::fold::caseless, lang::Lang};

/// Something in a filter that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it stands: characters from the start.
    pub at: Range<usize>,
    /// What it is.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such field.
    NoField {
        /// As it was written.
        name: String,
        /// The name that is most like it, if one is.
        nearest: Option<&'static str>,
    },
    /// The field knows no such word.
    NoWord {
        /// The field.
        field: &'static Field,
        /// As it was written.
        word: String,
        /// The word that is most like it, if one is.
        nearest: Option<String>,
    },
    /// The field takes values of other forms.
    Unreadable {
        /// The field.
        field: &'static Field,
    },
    /// The field takes words, which have no order.
    NoRange {
        /// The field.
        field: &'static Field,
    },
    /// The end of a range lies before its beginning.
    Backwards,
}

impl Mistake {
    /// The same in words.
    pub fn text(&self, lang: Lang) -> String {
        match &self.problem {
            Problem::NoField { name, nearest: Some(nearest) } => {
                lang.fill("filter.no_field_but", &[("name", name), ("nearest", nearest)])
            }
            Problem::NoField { name, nearest: None } => lang.fill("filter.no_field", &[("name", name)]),
            Problem::NoWord { field, word, nearest } => {
                let field = field.name(lang);
                match nearest {
                    Some(nearest) => lang.fill(
                        "filter.no_word_but",
                        &[("field", &field), ("word", word), ("nearest", nearest)],
                    ),
                    None => lang.fill("filter.no_word", &[("field", &field), ("word", word)]),
                }
            }
            Problem::Unreadable { field } => {
                let forms = lang.text(forms(field.facts));
                lang.fill("filter.unreadable", &[("field", &field.name(lang)), ("forms", &forms)])
            }
            Problem::NoRange { field } => lang.fill("filter.no_range", &[("field", &field.name(lang))]),
            Problem::Backwards => lang.text("filter.backwards").to_owned(),
        }
    }
}

/// The key of the text that names the forms of values.
fn forms(facts: Facts) -> &'static str {
    match facts {
        Facts::Words(_)
        | Facts::Lasting(_)
        | Facts::Choice(_)
        | Facts::Queues(_)
        | Facts::Timed(_)
        | Facts::Numbers(_) => "field_form.number",
        Facts::Amount(_) => "field_form.amount",
        Facts::Left(_) => "field_form.left",
        Facts::Ago(_) => "field_form.ago",
        Facts::At(_) => "field_form.at",
        Facts::Since(_) => "field_form.since",
    }
}

/// The name of a field, in either language, that is most like `name`.
pub(super) fn nearest_field(name: &str) -> Option<&'static str> {
    nearest(name, field::all().flat_map(Field::names))
}

/// The word for one of the choices, in either language, that is most like `word`.
pub(super) fn nearest_word(word: &str, choice: Choice) -> Option<String> {
    nearest(word, [Lang::En, Lang::ZhCn].into_iter().flat_map(|lang| choice.texts(lang)))
}

/// Which of `known` is so much like `word` that it was probably meant.
fn nearest<T: AsRef<str>>(word: &str, known: impl Iterator<Item = T>) -> Option<T> {
    let word: Vec<char> = caseless(word).chars().collect();
    // A letter in three may be wrong.
    let most = word.len().div_ceil(3);
    let distance = |name: &T| distance(&word, &caseless(name.as_ref()).chars().collect::<Vec<_>>());
    let near = known.map(|name| (distance(&name), name)).filter(|(off, _)| *off <= most);
    near.min_by_key(|(off, _)| *off).map(|(_, name)| name)
}

/// How many letters must be put in, taken out, replaced or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect::<Vec<_>>(), Vec::new()];
    for (i, of_a) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, of_b) in b.iter().enumerate() {
            let replaced = rows[1][j] + usize::from(of_a != of_b);
            let mut least = replaced.min(rows[1][j + 1] + 1).min(row[j] + 1);
            let are_swapped = i > 0 && j > 0 && a[i - 1] == *of_b && b[j - 1] == *of_a;
            if are_swapped {
                least = least.min(rows[0][j - 1] + 1);
            }
            row.push(least);
        }
        rows[2] = row;
        rows.rotate_left(1);
    }
    rows[1].last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_of_letters_put_in_taken_out_replaced_and_swapped() {
        for (a, b, want) in [
            ("airline", "airline", 0),
            ("airlin", "airline", 1),
            ("ailrine", "airline", 1),
            ("air1ine", "airline", 1),
            ("airrline", "airline", 1),
            ("", "due", 3),
            ("due", "", 3),
            ("due", "fee", 2),
        ] {
            let [a, b]: [Vec<char>; 2] = [a, b].map(|text| text.chars().collect());
            assert_eq!(distance(&a, &b), want, "{a:?} {b:?}");
            assert_eq!(distance(&b, &a), want, "{b:?} {a:?}");
        }
    }
}
