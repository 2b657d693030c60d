//! The fields of a filter: every column of the table is one, and so are facts of an order that no column shows. Names,
//! meanings and examples are texts (`assets/lang/filter.toml`); a name in either language is one of the field's.

use std::{collections::BTreeSet, iter, sync::LazyLock};

use jiff::Timestamp;

use crate::{
    console::column::{COLUMNS, Lasting, PAYMENT, SHORT_ORDER, Said, TICKETING, Value, Visit, methods},
    domain::{
        attempt::{Doubt, State},
        away::Away,
        case::Case,
        deadline::REGENERABLE_FOR,
        fold::caseless,
        money::Money,
        order::OrderStatus,
        outlay::Outlay,
        story::{OperatorAction, What},
        triage::{Group, Queue},
    },
    lang::{self, Lang},
};

/// Is handed one number after the other until it says yes.
type VisitNumbers<'a> = &'a mut dyn FnMut(i64) -> bool;

/// Hands everything of one kind that an order has to a visitor; true when that said yes.
pub type Words = fn(&Case, Group, Visit<'_>) -> bool;

/// A field.
#[derive(Debug)]
pub struct Field {
    /// Its word outside the languages.
    pub id: &'static str,
    /// What it knows of an order.
    pub facts: Facts,
}

/// What a field knows of an order, by the kind of thing.
#[derive(Clone, Copy, Debug)]
pub enum Facts {
    /// Texts of its own: numbers, references, places, names.
    Words(Words),
    /// A text that is so until a moment.
    Lasting(Lasting),
    /// Some of the desk's words, which are known beforehand, and the vendor's numbers for the same.
    Choice(Choice),
    /// The queues that have the order today, by their words.
    Queues(Choice),
    /// The same by words that change with the time.
    Timed(Timed),
    /// An amount.
    Amount(fn(&Case) -> Option<Money>),
    /// Numbers, of which one must fit.
    Numbers(fn(&Case, VisitNumbers<'_>) -> bool),
    /// A moment ahead, asked for by the time until then, or as a time. Once it is past there is none.
    Left(fn(&Case, Group) -> Option<Timestamp>),
    /// A moment in the past, asked for by the time since then.
    Ago(fn(&Case) -> Option<Timestamp>),
    /// A moment, asked for as a time.
    At(fn(&Case) -> Option<Timestamp>),
    /// A moment, asked for by a time or an age that it must not lie before.
    Since(fn(&Case) -> Option<Timestamp>),
}

/// Words that are known beforehand.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Those of an order, by the keys of their texts.
    pub words: Words,
    /// How the keys of all of them begin.
    pub sections: &'static [&'static str],
    /// The vendor's numbers that an order has.
    pub numbers: fn(&Case, VisitNumbers<'_>) -> bool,
}

/// Words that are known beforehand, and of which an order has others as time passes.
#[derive(Clone, Copy, Debug)]
pub struct Timed {
    /// Those that an order has at some time, by the keys of their texts.
    pub words: fn(&Case, Group, Timestamp, Visit<'_>) -> bool,
    /// When it has others next, if its group stays the same.
    pub until: fn(&Case) -> Option<Timestamp>,
    /// What they may be.
    pub choice: Choice,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Field {}

/// All fields: those of the columns in their order, then the others.
pub fn all() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter()
}

/// Fields that are no columns, and columns of which more is known than what sorts them.
static OTHERS: [Field; 20] = [
    Field { id: "due", facts: Facts::Left(runs_until) },
    Field {
        id: "method",
        facts: Facts::Choice(Choice {
            words: |case, _, visit| {
                methods(case).any(|method| visit(Said::Term(lang::words::method_key(method))))
            },
            sections: &["method."],
            numbers: |case, visit| methods(case).any(|method| visit(method.number().into())),
        }),
    },
    Field {
        id: "payment",
        facts: Facts::Choice(Choice {
            words: |case, group, visit| PAYMENT.value.is_found(case, group, visit),
            sections: STATES,
            numbers: |case, visit| answers(case).any(visit),
        }),
    },
    Field {
        id: "ticketing",
        facts: Facts::Choice(Choice {
            words: |case, group, visit| TICKETING.value.is_found(case, group, visit),
            sections: STATES,
            numbers: |case, visit| failure(case).into_iter().any(visit),
        }),
    },
    Field {
        id: "state",
        facts: Facts::Choice(Choice {
            words: |case, group, visit| {
                // An unpaid order stays one after a refused payment, which is what its row says then.
                let is_unpaid = case.order.status == OrderStatus::Unpaid && Queue::Unpaid.holds(group);
                (is_unpaid && visit(Said::Term("state.unpaid")))
                    || PAYMENT.value.is_found(case, group, visit)
                    || TICKETING.value.is_found(case, group, visit)
            },
            sections: STATES,
            numbers: |case, visit| status(case).into_iter().chain(codes(case)).any(visit),
        }),
    },
    Field {
        id: "queue",
        facts: Facts::Queues(Choice {
            words: |_, group, visit| {
                let queues = Queue::ALL.into_iter().filter(|queue| queue.holds(group));
                queues.into_iter().any(|queue| visit(Said::Term(lang::words::queue_key(queue))))
            },
            sections: &["queue."],
            numbers: |_, _| false,
        }),
    },
    Field {
        id: "is",
        facts: Facts::Timed(Timed {
            words: |case, group, now, visit| {
                let away = case.away(group, now).map(|away| match away {
                    Away::Snoozed(_) => "is.snoozed",
                    Away::Handled(_) => "is.handled",
                });
                let back = case.is_back(group, now).then_some("is.back");
                away.or(back).is_some_and(|key| visit(Said::Term(key)))
            },
            until: Case::snoozed_until,
            choice: Choice { words: |_, _, _| false, sections: &["is."], numbers: |_, _| false },
        }),
    },
    Field { id: "snoozed", facts: Facts::Left(|case, _| case.snoozed_until()) },
    Field { id: "created", facts: Facts::At(|case| case.order.created) },
    Field { id: "since", facts: Facts::Since(Case::changed_at) },
    Field { id: "code", facts: Facts::Numbers(|case, visit| codes(case).any(visit)) },
    Field {
        id: "attempts",
        facts: Facts::Numbers(|case, visit| visit(count(case.lineage.attempts_on(case.order.no)))),
    },
    Field { id: "people", facts: Facts::Numbers(|case, visit| visit(count(case.order.passengers.iter()))) },
    Field {
        id: "pnr",
        facts: Facts::Words(|case, _, visit| {
            let order = &case.order;
            let booked = order.details.iter().flat_map(|details| &details.bookings);
            let all = order.pnr_code.iter().chain(&order.airline_pnrs);
            all.chain(booked.filter_map(|booking| booking.pnr.as_ref())).any(|pnr| visit(Said::Text(pnr)))
        }),
    },
    Field {
        id: "flight",
        facts: Facts::Words(|case, _, visit| {
            let mut segments = case.order.details.iter().flat_map(|details| &details.segments);
            segments.any(|segment| visit(Said::Text(&segment.flight)))
        }),
    },
    Field {
        id: "from",
        facts: Facts::Words(|case, _, visit| case.order.from.iter().any(|place| visit(Said::Text(place)))),
    },
    Field {
        id: "to",
        facts: Facts::Words(|case, _, visit| case.order.to.iter().any(|place| visit(Said::Text(place)))),
    },
    Field {
        id: "currency",
        facts: Facts::Words(|case, _, visit| {
            let amount = Outlay::of(&case.order).map(|outlay| outlay.amount);
            amount.is_some_and(|amount| visit(Said::Text(amount.currency.code())))
        }),
    },
    Field {
        id: "card",
        facts: Facts::Words(|case, _, visit| {
            let booked = case.order.details.iter().flat_map(|details| &details.bookings);
            let mut cards = case.lineage.attempts.iter().filter_map(|attempt| attempt.card.as_ref());
            cards.any(|card| {
                visit(Said::Text(card.last_four()))
                    || card.brand.is_some_and(|brand| visit(Said::Text(brand.word())))
            }) || booked.filter_map(|booking| booking.card_tail.as_ref()).any(|tail| visit(Said::Text(tail)))
        }),
    },
    Field {
        id: "note",
        facts: Facts::Words(|case, _, visit| {
            case.story.iter().any(|happening| match &happening.what {
                What::OperatorAction(OperatorAction::Noted(note) | OperatorAction::Decided { note, .. }) => {
                    visit(Said::Text(note))
                }
                _ => false,
            })
        }),
    },
];

/// The sections of the words for the state of an order.
const STATES: &[&str] = &["state.", "attempt_short.", "found_by.declined", "found_by.late"];

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let other = |id| OTHERS.iter().find(|field| field.id == id).map(|field| field.facts);
    let all = COLUMNS.iter().filter(|column| ***column != SHORT_ORDER);
    let columns = all.filter_map(|column| {
        let facts = other(column.id).or(match column.value {
            Value::Words(words) => Some(Facts::Words(words)),
            Value::Lasting(lasting) => Some(Facts::Lasting(lasting)),
            Value::Amount(amount) => Some(Facts::Amount(amount)),
            Value::Deadline(at) => Some(Facts::Left(at)),
            Value::Since(at) => Some(Facts::Ago(at)),
            Value::Rank(_) => None,
        });
        Some(Field { id: column.id, facts: facts? })
    });
    let mut fields: Vec<Field> = columns.collect();
    for Field { id, facts } in &OTHERS {
        if !fields.iter().any(|field| field.id == *id) {
            fields.push(Field { id, facts: *facts });
        }
    }
    fields
});

impl Field {
    /// The field of a name in either language.
    pub fn named(name: &str) -> Option<&'static Self> {
        let name = caseless(name);
        all().find(|field| field.names().any(|known| caseless(known) == name))
    }

    /// Its names: its id, then those of both languages.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let names = [Lang::En, Lang::ZhCn].map(|lang| self.text(lang, "field_name"));
        iter::once(self.id).chain(names.into_iter().flat_map(str::split_whitespace))
    }

    /// The name by which it is called in `lang`.
    pub fn name(&self, lang: Lang) -> &'static str {
        self.text(lang, "field_name").split_whitespace().next().unwrap_or(self.id)
    }

    /// What it means, in few words.
    pub fn meaning(&self, lang: Lang) -> &'static str {
        self.text(lang, "field_means")
    }

    /// How it is used.
    pub fn example(&self, lang: Lang) -> &'static str {
        self.text(lang, "field_example")
    }

    fn text(&self, lang: Lang, section: &str) -> &'static str {
        lang.find(&format!("{section}.{}", self.id)).unwrap_or_default()
    }
}

impl Choice {
    /// The keys of all words that it may be.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        let is_one = |key: &&str| self.sections.iter().any(|section| key.starts_with(section));
        lang::all().map(|(key, ..)| key).filter(is_one)
    }

    /// One word of `lang` for each of them, in alphabetical order.
    pub fn texts(&self, lang: Lang) -> BTreeSet<String> {
        let text = |key: &'static str| {
            let (_, name) = key.split_once('.').unwrap_or_default();
            let synonym = lang.find(&format!("found_by.{name}")).and_then(|all| all.split(' ').next());
            synonym.map_or_else(|| lang.text(key).trim_end_matches('?').to_lowercase(), str::to_owned)
        };
        self.keys().map(text).collect()
    }
}

fn count<T>(things: impl Iterator<Item = T>) -> i64 {
    i64::try_from(things.count()).unwrap_or(i64::MAX)
}

/// What runs out for the order, as its row counts it down.
fn runs_until(case: &Case, group: Group) -> Option<Timestamp> {
    match (case.order.status, group) {
        (OrderStatus::Unpaid, _) if case.is_replaced() => None,
        (OrderStatus::Unpaid, _) => case.order.deadline(),
        (_, Group::Baggage) => case.baggage()?.ends_at(),
        (_, Group::Recoverable) => Some(case.order.created? + REGENERABLE_FOR),
        _ => None,
    }
}

/// `orderStatus`, as documented.
fn status(case: &Case) -> Option<i64> {
    match case.order.status {
        OrderStatus::Unpaid => Some(0),
        OrderStatus::Ticketing => Some(1),
        OrderStatus::Ticketed => Some(2),
        OrderStatus::Cancelled => Some(-3),
        OrderStatus::Unknown(number) => number,
    }
}

/// Why ticketing failed or hangs.
fn failure(case: &Case) -> Option<i64> {
    case.order.ticketing_error.as_ref()?.code.trim().parse().ok()
}

/// The numbers by which payments of the order were refused or left open.
fn answers(case: &Case) -> impl Iterator<Item = i64> {
    case.lineage.attempts_on(case.order.no).filter_map(|attempt| match attempt.state {
        State::Refused(code) | State::Rejected(code) | State::InDoubt(Doubt::Status(code)) => Some(code),
        _ => attempt.answer.filter(|answer| *answer != 0),
    })
}

/// All numbers of the vendor's that say what is the matter with the order.
fn codes(case: &Case) -> impl Iterator<Item = i64> {
    failure(case).into_iter().chain(answers(case))
}
