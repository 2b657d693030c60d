//! Rows of the table as a table for others: what its columns say, in words and whole.

use crate::{
    console::column::{Column, Row, Spans},
    export::Part,
    lang::Lang,
};

/// The rows with the heads of their columns.
pub fn part<'a>(lang: Lang, columns: &[&Column], rows: impl Iterator<Item = Row<'a>>) -> Part {
    let mut spans = Spans::in_words();
    let mut cells = |row: Row<'_>| {
        // An order is named in full where nothing beside it tells which one is meant.
        let row = Row { tail: usize::MAX, ..row };
        let mut cell = |column: &&Column| {
            spans.begin(u16::MAX);
            (column.cell)(&row, &mut spans);
            spans.text().to_owned()
        };
        columns.iter().map(&mut cell).collect::<Vec<_>>()
    };
    let rows = rows.map(&mut cells).collect();
    Part {
        heads: columns.iter().map(|column| lang.text(column.head).to_owned()).collect(),
        rows,
        ..Part::default()
    }
}
