//! A filter ready to look at orders: read once for each change of its text, and timed like the rest of the list.

use std::ops::{Bound, Range, RangeBounds};

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::{
    field::{Facts, Field, Timed},
    mistake::{Mistake, Problem, nearest_field, nearest_word},
    syntax::{Asked, Query, Term, Value},
    value::{self, Bounds, Edge, Reading, Unread},
};
use crate::{
    console::column::{self, Needle, Said},
    domain::{
        case::Case,
        money::Currency,
        triage::{Day, Group, Queue},
    },
    lang::words::queue_key,
};

/// A filter, ready to look at orders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    words: Vec<Word>,
    clauses: Vec<Clause>,
    query: Query,
}

/// A word anywhere.
#[derive(Clone, Debug, PartialEq)]
struct Word {
    needle: Needle,
    is_negated: bool,
}

/// What is asked of a field: one of these must hold, or none.
#[derive(Clone, Debug, PartialEq)]
struct Clause {
    field: &'static Field,
    tests: Vec<Test>,
    is_negated: bool,
    /// It says on which side of something a value lies.
    compares: bool,
}

/// What a value asks for.
#[derive(Clone, Debug, PartialEq)]
enum Test {
    Word(Needle),
    Number(Bounds<i64>),
    Amount(Bounds<Decimal>, Option<Currency>),
    Moment(Bounds<Edge>),
    /// A queue that has it on that day.
    Queue(Needle, Day),
}

/// The shortest time: exactly ten minutes are not yet less than ten.
const INSTANT: SignedDuration = SignedDuration::from_nanos(1);

impl Filter {
    /// Reads a filter; what is not written to its end asks nothing yet.
    pub fn read(text: &str, reading: &Reading) -> Result<Self, Mistake> {
        Self::of(Query::read(text), reading)
    }

    /// What stays in force while there is `mistake` in the text: this one, without the name of a field that there is not,
    /// which was a word as long as its colon was not there.
    pub fn before(&self, mistake: &Mistake, reading: &Reading) -> Option<Self> {
        let Problem::NoField { name, .. } = &mistake.problem else { return None };
        self.query.without_word(name).and_then(|query| Self::of(query, reading).ok())
    }

    /// Reads it again on another day: *today* is that one from now on.
    pub fn read_again(&mut self, reading: &Reading) {
        // What could be read once can be read.
        if let Ok(again) = Self::of(self.query.clone(), reading) {
            *self = again;
        }
    }

    fn of(query: Query, reading: &Reading) -> Result<Self, Mistake> {
        let mut filter = Self::default();
        for Term { is_negated, asked } in &query.terms {
            let is_negated = *is_negated;
            match asked {
                Asked::Word(word) if word.text.is_empty() => {}
                Asked::Word(word) => {
                    filter.words.push(Word { needle: Needle::new(&word.text), is_negated });
                }
                Asked::Field { name, values } => {
                    let field = Field::named(&name.text).ok_or_else(|| Mistake {
                        at: name.at.clone(),
                        problem: Problem::NoField {
                            name: name.text.clone(),
                            nearest: nearest_field(&name.text),
                        },
                    })?;
                    let written = values.iter().filter(|value| !value.is_unfinished());
                    let tests: Vec<Test> =
                        written.map(|value| test(field, value, reading)).collect::<Result<_, _>>()?;
                    if tests.is_empty() {
                        continue;
                    }
                    let compares = values.iter().any(|value| matches!(value, Value::Than(..)));
                    filter.ask(Clause { field, tests, is_negated, compares });
                }
            }
        }
        Ok(Self { query, ..filter })
    }

    /// Values of one field are alternatives, wherever they stand. Comparisons all hold, for one number if they are about
    /// numbers; and each that is ruled out is.
    fn ask(&mut self, clause: Clause) {
        let lone = |clause: &Clause| matches!(clause.tests[..], [Test::Number(_)]);
        let is_same = |other: &&mut Clause| {
            other.field == clause.field
                && other.compares == clause.compares
                && !(other.is_negated || clause.is_negated)
                && (!clause.compares || lone(other) && lone(&clause))
        };
        let Some(known) = self.clauses.iter_mut().find(is_same) else { return self.clauses.push(clause) };
        match (&mut known.tests[..], &clause.tests[..]) {
            ([Test::Number(known)], [Test::Number(more)]) if clause.compares => {
                *known = value::within(*known, *more);
            }
            _ => known.tests.extend(clause.tests),
        }
    }

    /// True when it leaves every order.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.clauses.is_empty()
    }

    /// True when it says which orders that are put away it wants.
    pub fn asks_for_away(&self) -> bool {
        self.clauses.iter().any(|clause| matches!(clause.field.facts, Facts::Timed(_)))
    }

    /// As it was written, up to its blanks.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The fields that it asks for, each with where its term stands, in characters.
    pub fn fields(&self) -> impl Iterator<Item = (&'static Field, Range<usize>)> {
        self.query.terms.iter().filter_map(|Term { asked, .. }| match asked {
            Asked::Field { name, values } => {
                let end = values.last().map_or(name.at.end, |value| value.at().end);
                Some((Field::named(&name.text)?, name.at.start..end))
            }
            Asked::Word(_) => None,
        })
    }

    /// True when it leaves the order, at `now` by the vendor's clock.
    pub fn leaves(&self, case: &Case, group: Group, now: Timestamp) -> bool {
        // Looking for a word anywhere takes longest.
        self.fields_leave(case, group, now) && self.words.iter().all(|word| word.holds(case, group, now))
    }

    /// True when what it asks of fields leaves the order.
    pub fn fields_leave(&self, case: &Case, group: Group, now: Timestamp) -> bool {
        self.clauses.iter().all(|clause| clause.holds(case, group, now))
    }

    /// True when its words leave an order of which this is written down.
    pub fn words_leave(&self, written: &[u8]) -> bool {
        self.words.iter().all(|word| word.needle.is_written(written) != word.is_negated)
    }

    /// True when it asks for words anywhere.
    pub fn has_words(&self) -> bool {
        !self.words.is_empty()
    }

    /// True when it asks anything of fields.
    pub fn has_fields(&self) -> bool {
        !self.clauses.is_empty()
    }

    /// True when it leaves another choice of orders by the mere passing of time.
    pub fn is_timed(&self) -> bool {
        self.clauses.iter().any(Clause::is_timed)
    }

    /// When after `now` that changes for the order next, as long as that stays in its group.
    pub fn turns_at(&self, case: &Case, group: Group, now: Timestamp) -> Option<Timestamp> {
        let timed = || self.clauses.iter().filter(|clause| clause.is_timed());
        let mut lasting = self.clauses.iter().filter(|clause| !clause.is_timed());
        if !self.is_timed()
            || !lasting.all(|clause| clause.holds(case, group, now))
            || !self.words.iter().all(|word| word.holds(case, group, now))
        {
            return None;
        }
        let holds = |at| timed().all(|clause| clause.holds(case, group, at));
        let is_left = holds(now);
        let turns = timed().flat_map(|clause| clause.turns(case, group));
        turns.filter(|turn| *turn > now && holds(*turn) != is_left).min()
    }

    /// True when it leaves no order that `before` does not.
    pub fn narrows(&self, before: &Self) -> bool {
        let is_narrowed = |old: &Word| self.words.iter().any(|new| new.narrows(old));
        let is_kept = |old: &Clause| self.clauses.iter().any(|new| new.narrows(old));
        before.words.iter().all(is_narrowed)
            && before.clauses.iter().all(is_kept)
            && !(self.is_timed() || before.is_timed())
    }
}

impl Word {
    fn holds(&self, case: &Case, group: Group, now: Timestamp) -> bool {
        column::is_found(case, group, now, &self.needle) != self.is_negated
    }

    fn narrows(&self, before: &Self) -> bool {
        self == before || !(self.is_negated || before.is_negated) && self.needle.narrows(&before.needle)
    }
}

impl Clause {
    fn holds(&self, case: &Case, group: Group, now: Timestamp) -> bool {
        self.tests.iter().any(|test| test.is_met(self.field.facts, case, group, now)) != self.is_negated
    }

    fn is_timed(&self) -> bool {
        let moves = |bound: &Bound<Edge>| {
            matches!(bound, Bound::Included(Edge::FromNow(_)) | Bound::Excluded(Edge::FromNow(_)))
        };
        let moves = |test: &Test| matches!(test, Test::Moment((low, high)) if moves(low) || moves(high));
        // What is ahead is behind some day.
        matches!(self.field.facts, Facts::Left(_) | Facts::Timed(_)) || self.tests.iter().any(moves)
    }

    /// Every moment at which it might change by itself.
    fn turns(&self, case: &Case, group: Group) -> impl Iterator<Item = Timestamp> {
        let at = self.field.facts.moment(case, group);
        let passes = match self.field.facts {
            Facts::Left(_) => at,
            Facts::Timed(timed) => (timed.until)(case),
            _ => None,
        };
        let edges = self.tests.iter().flat_map(|test| match test {
            Test::Moment((low, high)) => [*low, *high],
            _ => [Bound::Unbounded; 2],
        });
        let reaches = edges.filter_map(move |edge| match edge {
            Bound::Included(Edge::FromNow(span)) | Bound::Excluded(Edge::FromNow(span)) => {
                at?.checked_sub(span).ok()
            }
            _ => None,
        });
        reaches.flat_map(|turn| [turn, turn.checked_add(INSTANT).unwrap_or(turn)]).chain(passes)
    }

    fn narrows(&self, before: &Self) -> bool {
        let is_typed_on = || match (self.tests.as_slice(), before.tests.as_slice()) {
            ([Test::Word(new)], [Test::Word(old)]) => !self.is_negated && new.narrows(old),
            _ => false,
        };
        self == before || self.field == before.field && self.is_negated == before.is_negated && is_typed_on()
    }
}

impl Facts {
    /// The moment that it is about, if it is about one.
    fn moment(self, case: &Case, group: Group) -> Option<Timestamp> {
        match self {
            Self::Left(at) => at(case, group),
            Self::Ago(at) | Self::At(at) | Self::Since(at) => at(case),
            Self::Words(_)
            | Self::Lasting(_)
            | Self::Choice(_)
            | Self::Queues(_)
            | Self::Timed(_)
            | Self::Amount(_)
            | Self::Numbers(_) => None,
        }
    }
}

impl Test {
    fn is_met(&self, facts: Facts, case: &Case, group: Group, now: Timestamp) -> bool {
        match (self, facts) {
            (Self::Word(needle), Facts::Words(words)) => words(case, group, &mut |said| needle.is_in(said)),
            (Self::Word(needle), Facts::Lasting(lasting)) => needle.is_in_lasting(lasting(case), now),
            (Self::Word(needle), Facts::Choice(choice)) => {
                (choice.words)(case, group, &mut |said| needle.is_in(said))
            }
            (Self::Queue(needle, today), Facts::Queues(_)) => {
                let mut queues = Queue::ALL.into_iter().filter(|queue| queue.has(case, group, today));
                queues.any(|queue| needle.is_in(Said::Term(queue_key(queue))))
            }
            (Self::Word(needle), Facts::Timed(timed)) => {
                (timed.words)(case, group, now, &mut |said| needle.is_in(said))
            }
            (Self::Number(bounds), Facts::Choice(choice)) => {
                (choice.numbers)(case, &mut |number| bounds.contains(&number))
            }
            (Self::Number(bounds), Facts::Numbers(numbers)) => {
                numbers(case, &mut |number| bounds.contains(&number))
            }
            (Self::Amount(bounds, currency), Facts::Amount(amount)) => amount(case).is_some_and(|money| {
                currency.is_none_or(|currency| money.currency == currency) && bounds.contains(&money.amount)
            }),
            (Self::Moment((low, high)), facts) => facts.moment(case, group).is_some_and(|at| {
                let is_ahead = at > now || !matches!(facts, Facts::Left(_));
                let edge = |edge: Edge| edge.at(now);
                is_ahead && (low.map(edge), high.map(edge)).contains(&at)
            }),
            _ => false,
        }
    }
}

/// What `value` asks of `field`.
fn test(field: &'static Field, value: &Value, reading: &Reading) -> Result<Test, Mistake> {
    let mistake = |problem| Mistake { at: value.at(), problem };
    let of_moment = |bounds: Result<Bounds<Edge>, Unread>| bounds.map(Test::Moment);
    let read = match field.facts {
        Facts::Words(_) | Facts::Lasting(_) => match value {
            Value::Is(piece) => Ok(Test::Word(Needle::new(&piece.text))),
            _ => return Err(mistake(Problem::NoRange { field })),
        },
        Facts::Choice(choice) | Facts::Queues(choice) | Facts::Timed(Timed { choice, .. }) => match value {
            Value::Is(piece) if piece.text.parse::<i64>().is_err() => {
                let needle = Needle::new(&piece.text);
                if !needle.finds_any(choice.keys()) {
                    let nearest = nearest_word(&piece.text, choice);
                    return Err(mistake(Problem::NoWord { field, word: piece.text.clone(), nearest }));
                }
                Ok(match field.facts {
                    Facts::Queues(_) => Test::Queue(needle, Day::of(reading.now, &reading.zone)),
                    _ => Test::Word(needle),
                })
            }
            _ => value::numbers(value).map(Test::Number),
        },
        Facts::Numbers(_) => value::numbers(value).map(Test::Number),
        Facts::Amount(_) => value::amounts(value).map(|(bounds, of)| Test::Amount(bounds, of)),
        Facts::Left(_) => of_moment(value::ahead(value, reading)),
        Facts::Ago(_) => of_moment(value::ago(value)),
        Facts::At(_) => of_moment(value::moments(value, reading)),
        Facts::Since(_) => of_moment(value::since(value, reading)),
    };
    read.map_err(|unread| {
        mistake(match unread {
            Unread::Form => Problem::Unreadable { field },
            Unread::Backwards => Problem::Backwards,
        })
    })
}
