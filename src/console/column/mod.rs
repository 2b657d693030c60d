//! The columns of the table, each of them one row of data: what it is called, how it is drawn, sorted and searched.
//!
//! A new column is a static here with its cell, a place in [`COLUMNS`] and in the `SETS` that show it, and its head in
//! the language files.

mod cell;
mod chosen;
mod row;
mod search;
mod spans;
mod time;

use jiff::Timestamp;

use crate::{
    domain::{
        case::Case,
        outlay::Outlay,
        triage::{self, Group},
    },
    lang::words,
};

pub use self::{
    cell::{methods, row_role},
    chosen::{Chosen, Fitted, Pick, WIDTHS},
    row::{Head, Key, Lasting, Row, Value, Visit},
    search::{Needle, Said, write_down},
    spans::Spans,
    time::{age, countdown, whole_minute},
};

/// A column of the table.
#[derive(Debug)]
pub struct Column {
    /// Its word outside the languages: in the configuration and in a filter.
    pub id: &'static str,
    /// Key of its head, which is its name in the sort menu too.
    pub head: &'static str,
    /// How it is chosen to sort by.
    pub sort: Sort,
    /// Columns of the screen, and how many where there is room to spare.
    width: [u16; 2],
    /// Numbers end at the same place.
    pub is_right: bool,
    /// Writes what stands in a row.
    pub cell: fn(&Row<'_>, &mut Spans),
    /// What it says of an order, to sort and to search by.
    pub value: Value,
}

/// How a column is chosen to sort by.
#[derive(Debug)]
pub enum Sort {
    /// By this letter of the menu.
    By(char),
    /// Not by itself: it shows in short what another one sorts and is searched by.
    Like(&'static Column),
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// All columns, in the order of the sort menu.
pub static COLUMNS: [&Column; 16] = [
    &URGENCY,
    &DUE,
    &ORDER,
    &SHORT_ORDER,
    &ROUTE,
    &AIRLINE,
    &FLIGHT,
    &PASSENGERS,
    &AMOUNT,
    &FEE,
    &METHOD,
    &PAYMENT,
    &TICKETING,
    &AGE,
    &OWNER,
    &STATE,
];

/// The sign before each row: who needs a person next. It stands in no set, since every table has it.
pub static URGENCY: Column = Column {
    id: "urgency",
    head: "sort.urgency",
    sort: Sort::By('u'),
    width: [1, 1],
    is_right: false,
    cell: cell::urgency,
    value: Value::Rank(|case, group| triage::sort_key(&case.order, group)),
};

static DUE: Column = Column {
    id: "due",
    head: "column.due",
    sort: Sort::By('d'),
    width: [8, 10],
    is_right: true,
    cell: cell::due,
    value: Value::Deadline(|case, group| match group {
        // It may be any moment.
        Group::Undated => Some(jiff::Timestamp::MIN),
        Group::Baggage => case.baggage()?.ends_at(),
        _ => case.order.deadline(),
    }),
};

/// An order is also known by the references of the vendor and of the airlines.
pub static ORDER: Column = Column {
    id: "order",
    head: "column.order",
    sort: Sort::By('o'),
    width: [22, 22],
    is_right: false,
    cell: cell::order,
    value: Value::Words(|case, _, visit| {
        let references = case.order.pnr_code.iter().chain(&case.order.airline_pnrs);
        visit(Said::Text(case.order.no.as_str()))
            || references.into_iter().any(|text| visit(Said::Text(text)))
    }),
};

/// As much of the number as tells it from the others on the screen.
pub static SHORT_ORDER: Column = Column {
    id: "short_order",
    head: "column.order",
    sort: Sort::Like(&ORDER),
    width: [7, 7],
    is_right: false,
    cell: cell::short_order,
    value: ORDER.value,
};

static ROUTE: Column = Column {
    id: "route",
    head: "column.route",
    sort: Sort::By('r'),
    width: [7, 7],
    is_right: false,
    cell: cell::route,
    value: Value::Words(|case, _, visit| match (&case.order.from, &case.order.to) {
        (Some(from), Some(to)) => visit(Said::Text(&[from.as_str(), "-", to.as_str()].concat())),
        (from, to) => from.iter().chain(to).any(|place| visit(Said::Text(place))),
    }),
};

/// Who flies; behind it stands whether one of them is in trouble.
static AIRLINE: Column = Column {
    id: "airline",
    head: "column.airline",
    sort: Sort::By('l'),
    width: [3, 3],
    is_right: false,
    cell: cell::airline,
    value: Value::Words(|case, _, visit| {
        case.order.airlines.iter().any(|airline| visit(Said::Text(airline.code())))
    }),
};

/// The airline with the number of its first flight.
static FLIGHT: Column = Column {
    id: "flight",
    head: "column.flight",
    sort: Sort::Like(&AIRLINE),
    width: [7, 7],
    is_right: false,
    cell: cell::flight,
    value: AIRLINE.value,
};

static PASSENGERS: Column = Column {
    id: "passengers",
    head: "column.passengers",
    sort: Sort::By('p'),
    width: [9, 22],
    is_right: false,
    cell: cell::passengers,
    value: Value::Words(|case, _, visit| case.order.passengers.iter().any(|name| visit(Said::Name(name)))),
};

static AMOUNT: Column = Column {
    id: "amount",
    head: "column.amount",
    sort: Sort::By('a'),
    width: [14, 14],
    is_right: true,
    cell: cell::amount,
    value: Value::Amount(|case| Some(Outlay::of(&case.order)?.amount)),
};

static FEE: Column = Column {
    id: "fee",
    head: "column.fee",
    sort: Sort::By('f'),
    width: [11, 11],
    is_right: true,
    cell: cell::fee,
    value: Value::Amount(|case| Outlay::of(&case.order)?.fee),
};

static METHOD: Column = Column {
    id: "method",
    head: "column.method",
    sort: Sort::By('m'),
    width: [7, 7],
    is_right: false,
    cell: cell::method,
    value: Value::Words(|case, _, visit| {
        cell::methods(case).any(|method| visit(Said::Term(words::method_key(method))))
    }),
};

/// What became of its payment.
pub static PAYMENT: Column = Column {
    id: "payment",
    head: "column.payment",
    sort: Sort::By('s'),
    width: [12, 12],
    is_right: false,
    cell: cell::payment,
    value: Value::Words(|case, group, visit| {
        cell::payment_key(case, group).is_some_and(|key| visit(Said::Term(key)))
    }),
};

/// What became of its ticket.
pub static TICKETING: Column = Column {
    id: "ticketing",
    head: "column.ticketing",
    sort: Sort::By('t'),
    width: [12, 12],
    is_right: false,
    cell: cell::ticketing,
    value: Value::Words(|case, group, visit| {
        cell::ticketing_keys(case, group).any(|key| visit(Said::Term(key)))
            || cell::failure(case).is_some_and(|code| visit(Said::Text(code)))
    }),
};

static AGE: Column = Column {
    id: "age",
    head: "column.age",
    sort: Sort::By('g'),
    width: [4, 4],
    is_right: true,
    cell: cell::age,
    value: Value::Since(|case| case.order.created),
};

/// Who works on it, until the lease is over.
static OWNER: Column = Column {
    id: "owner",
    head: "column.owner",
    sort: Sort::By('w'),
    width: [8, 8],
    is_right: false,
    cell: cell::owner,
    value: Value::Lasting(|case| case.work().owner.as_ref().map(|owner| (&*owner.who, owner.until))),
};

/// Payment and ticketing in one word, where there is no room for both.
static STATE: Column = Column {
    id: "state",
    head: "column.state",
    sort: Sort::Like(&PAYMENT),
    width: [12, 12],
    is_right: false,
    cell: cell::state,
    value: PAYMENT.value,
};

/// The columns that a table shows together.
pub struct Set {
    /// From left to right.
    pub columns: &'static [&'static Column],
    /// Those of them that have room to spare.
    wide: &'static [&'static Column],
}

/// Sets by room, from the narrowest; what comes with more room is more than width.
static SETS: [Set; 7] = [
    Set { columns: &[&DUE, &SHORT_ORDER, &ROUTE, &FLIGHT, &AMOUNT, &STATE], wide: &[] },
    Set { columns: SHORT, wide: &[] },
    Set { columns: SHORT, wide: &[&DUE] },
    Set { columns: &[&DUE, &ORDER, &ROUTE, &FLIGHT, &PASSENGERS, &AMOUNT, &STATE], wide: &[&DUE] },
    Set { columns: FULL, wide: &[&DUE] },
    Set { columns: FULL, wide: &[&DUE, &PASSENGERS] },
    Set {
        columns: &[
            &DUE,
            &ORDER,
            &ROUTE,
            &FLIGHT,
            &PASSENGERS,
            &AMOUNT,
            &FEE,
            &METHOD,
            &PAYMENT,
            &TICKETING,
            &OWNER,
            &AGE,
        ],
        wide: &[&DUE, &PASSENGERS],
    },
];

const SHORT: &[&Column] = &[&DUE, &SHORT_ORDER, &ROUTE, &FLIGHT, &PASSENGERS, &AMOUNT, &STATE];

const FULL: &[&Column] =
    &[&DUE, &ORDER, &ROUTE, &FLIGHT, &PASSENGERS, &AMOUNT, &PAYMENT, &TICKETING, &OWNER, &AGE];

/// What stands there in place of the short numbers of orders that nothing short tells apart.
static WHOLE: Set = Set { columns: &[&DUE, &ORDER, &ROUTE, &AIRLINE, &AMOUNT, &STATE], wide: &[] };

/// Columns of the screen before the first column: the edge of the selected row, the sign, and what has changed.
pub const MARGIN: u16 = 3;

impl Column {
    /// The letter that chooses it to sort by, if it has one of its own.
    pub fn letter(&self) -> Option<char> {
        match self.sort {
            Sort::By(letter) => Some(letter),
            Sort::Like(_) => None,
        }
    }

    /// True when rows that are sorted by `other` are sorted by what this one shows.
    pub fn is_sorted_by(&self, other: &Self) -> bool {
        self == other || matches!(self.sort, Sort::Like(like) if like == other)
    }

    /// True for that of the number. Rows with equal keys stand by number anyway, so it needs no keys.
    pub fn is_number(&self) -> bool {
        self.is_sorted_by(&ORDER)
    }

    /// The head of what a row is sorted by.
    pub fn head(&self, case: &Case, group: Group, now: Timestamp) -> Head {
        if self.is_number() { Head::default() } else { self.value.head(case, group, now) }
    }

    /// True when its cell says something else of a case now than before.
    pub fn says_otherwise(&self, before: (&Case, Group), now: (&Case, Group)) -> bool {
        // An order keeps its number; what else it is found by is not shown there.
        let is_number = *self == ORDER || *self == SHORT_ORDER;
        (!is_number && self.value.says_otherwise(before, now))
            // One word for both.
            || (*self == STATE && TICKETING.value.says_otherwise(before, now))
    }

    /// The column with this word.
    pub fn named(id: &str) -> Option<&'static Self> {
        COLUMNS.into_iter().find(|column| column.id == id)
    }

    /// The column that `letter` of the sort menu chooses.
    pub fn of_letter(letter: char) -> Option<&'static Self> {
        COLUMNS.into_iter().find(|column| column.letter() == Some(letter))
    }
}

impl Set {
    /// The richest one of all.
    pub fn richest() -> &'static Self {
        Self::fitting(u16::MAX)
    }

    /// The richest one that `width` columns of the screen hold, or the narrowest.
    pub fn fitting(width: u16) -> &'static Self {
        SETS.iter().rev().find(|set| set.room() <= width).unwrap_or(&SETS[0])
    }

    /// The same for orders of which nothing short tells one from the other, as far as there is room.
    pub fn with_whole_numbers(width: u16) -> &'static Self {
        let set = Self::fitting(width);
        if set.shows(&SHORT_ORDER) && WHOLE.room() <= width { &WHOLE } else { set }
    }

    /// Columns of the screen that it takes: each with a blank before it, after the margin.
    pub fn room(&self) -> u16 {
        MARGIN + self.columns.iter().map(|column| self.narrowest(column) + 1).sum::<u16>() - 1
    }

    fn narrowest(&self, column: &Column) -> u16 {
        column.width[usize::from(self.wide.contains(&column))]
    }

    /// The width of one of its columns where all have `room`. What is to spare goes to the names.
    pub fn width(&self, column: &Column, room: u16) -> u16 {
        let spare = if *column == PASSENGERS { room.saturating_sub(self.room()).min(SPARE) } else { 0 };
        self.narrowest(column) + spare
    }

    fn shows(&self, column: &Column) -> bool {
        self.columns.contains(&column)
    }
}

impl Fitted {
    /// The columns of a table with so much room: as they were chosen, or what fits best. Where nothing short tells the orders
    /// on the screen apart, their numbers are whole.
    pub fn in_table(chosen: Option<&Chosen>, room: u16, is_short: bool) -> Self {
        match chosen {
            Some(chosen) => Self::of(chosen, room),
            None if is_short => Self::set(Set::fitting(room), room),
            None => Self::set(Set::with_whole_numbers(room), room),
        }
    }

    /// True when it shows ages, which change by the minute.
    pub fn shows_age(&self) -> bool {
        self.shows(&AGE)
    }
}

/// As many columns as names take of what is to spare.
const SPARE: u16 = 24;

/// Hands all that the columns say of an order at `now` to a visitor, until that says yes.
pub fn say_all(case: &Case, group: Group, now: Timestamp, visit: Visit<'_>) -> bool {
    let mut own = COLUMNS.iter().filter(|column| column.letter().is_some());
    own.any(|column| match column.value {
        Value::Lasting(lasting) => {
            lasting(case).is_some_and(|(text, until)| now < until && visit(Said::Text(text)))
        }
        value => value.is_found(case, group, visit),
    })
}

/// True when `needle` is found in what the columns say of an order at `now`.
pub fn is_found(case: &Case, group: Group, now: Timestamp, needle: &Needle) -> bool {
    say_all(case, group, now, &mut |said| needle.is_in(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(column: &Column, columns: &[&Column]) -> usize {
        columns.iter().filter(|other| **other == column).count()
    }

    #[test]
    fn every_column_of_a_set_is_one_of_all_and_every_one_of_all_is_in_a_set() {
        for column in COLUMNS {
            assert_eq!(count(column, &COLUMNS), 1, "{} is in COLUMNS twice", column.id);
            let most = SETS.iter().chain([&WHOLE]).map(|set| count(column, set.columns)).max();
            // Every table has the sign, before the columns of its set.
            let wanted = usize::from(*column != URGENCY);
            assert_eq!(most, Some(wanted), "{} is shown by no set, or twice by one", column.id);
        }
        for column in SETS.iter().chain([&WHOLE]).flat_map(|set| set.columns) {
            assert_eq!(count(column, &COLUMNS), 1, "{} is not in COLUMNS", column.id);
        }
        // Both say the same.
        let is_doubled = |set: &Set| set.columns.contains(&&STATE) && set.columns.contains(&&PAYMENT);
        assert!(!SETS.iter().any(is_doubled));
    }

    #[test]
    fn the_smallest_screen_has_the_names_and_room_for_whole_numbers() {
        const INSIDE: u16 = 76;
        assert!(Set::fitting(INSIDE).shows(&PASSENGERS) && Set::fitting(INSIDE).shows(&SHORT_ORDER));
        assert!(
            Set::with_whole_numbers(INSIDE).columns == WHOLE.columns
                && !Set::with_whole_numbers(100).shows(&SHORT_ORDER)
        );
    }

    #[test]
    fn each_set_is_shown_at_the_width_that_it_needs() {
        for set in &SETS {
            assert!(std::ptr::eq(Set::fitting(set.room()), set), "{} columns show another one", set.room());
        }
    }
}
