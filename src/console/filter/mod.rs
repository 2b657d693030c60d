//! Which orders are shown: how a filter is written (`syntax`), what it may ask for (`field`, `value`), what is wrong with
//! one (`mistake`), which orders it leaves (`compiled`), and the line that it is typed into (`line`, `complete`).
//!
//! The language for people: docs/filter.md.

mod compiled;
mod complete;
mod field;
mod line;
mod mistake;
mod syntax;
mod value;

pub use self::{
    compiled::Filter,
    complete::Completion,
    field::{Choice, Facts, Field, Timed, Words, all as fields},
    line::Line,
    mistake::{Mistake, Problem},
    syntax::{Asked, Piece, Query, Side, Term, Value, quoted},
    value::{Reading, hours, span},
};
