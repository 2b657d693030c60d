//! The chain of entries: how one is appended, and how they are read and held against their hashes.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{
    chain::{self, Link},
    error::JournalError,
    fact::{Entry, Fact, Reading},
    masked::Masked,
    record, stored,
};
use crate::domain::{author::Author, mask::mask, order::OrderNo, text::Text};

/// An entry's columns but for its place, what it says, and its hash.
pub(super) struct Column<'a> {
    pub(super) at: &'a str,
    pub(super) author: &'a Author,
    pub(super) order_no: Option<OrderNo>,
}

/// Appends `fact`; returns its place.
pub(super) fn append(
    db: &Connection,
    author: &Author,
    at: Timestamp,
    order_no: Option<OrderNo>,
    fact: &Fact,
) -> Result<i64, JournalError> {
    append_masked(db, &Column { at: &at.to_string(), author, order_no }, &Masked::of(fact)?)
}

/// Appends what has been masked; returns its place. Nothing else writes entries.
pub(super) fn append_masked(
    db: &Connection,
    column: &Column<'_>,
    masked: &Masked,
) -> Result<i64, JournalError> {
    let last = db
        .prepare_cached("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Link>(1)?)))
        .optional()?;
    let (seq, before) = last.map_or((1, chain::START), |(seq, hash)| (seq + 1, hash));
    let Column { at, author: Author { program, who }, .. } = *column;
    let (operator, order_no) = (&*mask(who), column.order_no.as_ref().map(OrderNo::as_str));
    let (kind, body) = (masked.kind(), masked.text());
    let hash = chain::Row { seq, at, program, operator, order_no, kind, body }.after(&before);
    db.prepare_cached("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?.execute((
        seq,
        at,
        program.as_str(),
        operator,
        order_no,
        kind,
        body,
        hash,
    ))?;
    Ok(seq)
}

/// True when another program has written about `order` after the entry `seq`.
pub(super) fn is_overtaken(
    db: &Connection,
    author: &Author,
    seq: u64,
    order: OrderNo,
) -> Result<bool, JournalError> {
    let read_to = i64::try_from(seq).unwrap_or(i64::MAX);
    let mut query =
        db.prepare_cached("SELECT 1 FROM entries WHERE seq > ? AND order_no = ? AND program <> ?")?;
    Ok(query.exists((read_to, order.as_str(), author.program.as_str()))?)
}

/// How far the chain was read, with the hash there: what comes after is checked from it.
#[derive(Clone, Copy)]
pub(super) struct ReadTo {
    seq: u64,
    link: Link,
}

impl ReadTo {
    /// Before the first entry.
    pub(super) const START: Self = Self { seq: 0, link: chain::START };
}

/// The entries after `seq`, as far as the chain holds, and where it was left. `program` is this one. Unless it was read
/// to `seq` before, the chain is checked from its start.
pub(super) fn read_after(
    db: &Connection,
    program: &str,
    read_to: ReadTo,
    seq: u64,
) -> Result<(Reading, ReadTo), JournalError> {
    let ReadTo { seq: mut expected, mut link } = if seq == read_to.seq { read_to } else { ReadTo::START };
    let mut reading = Reading::default();
    let mut known = Arc::<Author>::default();
    let mut query = db.prepare_cached("SELECT * FROM entries WHERE seq > ? ORDER BY seq")?;
    let mut rows = query.query([i64::try_from(expected).unwrap_or(i64::MAX)])?;
    while let Some(row) = rows.next()? {
        let text = |column: &'static str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        let place: i64 = row.get("seq")?;
        let order_no = row.get_ref("order_no")?.as_str_or_null().map_err(rusqlite::Error::from)?;
        let read = chain::Row {
            seq: place,
            at: text("at")?,
            program: text("program")?,
            operator: text("operator")?,
            order_no,
            kind: text("kind")?,
            body: text("body")?,
        };
        let stored: Link = row.get("hash")?;
        let here = u64::try_from(place).unwrap_or_default();
        let now = read.after(&link);
        let what = if here != expected + 1 {
            Some("an entry before it is missing")
        } else if now == stored || stored::explains(db, here, &stored, &now)? {
            None
        } else {
            Some("its hash differs")
        };
        if let Some(what) = what {
            reading.broken = Some(JournalError::Broken { seq: expected + 1, what });
            break;
        }
        (expected, link) = (here, stored);
        if here <= seq {
            continue;
        }
        match entry(here, &read, program, &mut known) {
            Ok(Entry { fact: Fact::Redacted(redaction), .. }) if !stored::holds(db, &redaction)? => {
                let seq = redaction.entry;
                reading.entries.retain(|entry| entry.seq < seq);
                reading.broken =
                    Some(JournalError::Broken { seq, what: "it was redacted, and is not as it was left" });
                break;
            }
            Ok(entry) => reading.entries.push(entry),
            // Whole, but of a newer program, perhaps: nothing after it can be relied on either.
            Err(error) => {
                reading.broken = Some(error);
                break;
            }
        }
    }
    Ok((reading, ReadTo { seq: expected, link }))
}

/// The entry that a row says. Most rows have the author of the one before.
fn entry(
    seq: u64,
    row: &chain::Row<'_>,
    program: &str,
    known: &mut Arc<Author>,
) -> Result<Entry, JournalError> {
    let order = match (row.order_no.map(str::parse::<OrderNo>).transpose(), row.kind) {
        (Ok(order), _) => order,
        // Older versions took a card number for an order's in what a stranger stored.
        (Err(_), "told") => None,
        (Err(_), _) => return Err(JournalError::Record(format!("entry {seq}: order_no"))),
    };
    let at = row.at.parse().map_err(|_| JournalError::Record(format!("entry {seq}: at")))?;
    let fact = record::read(row.kind, order, row.body)?;
    let is_ours = row.program == program;
    if *known.who != *row.operator || *known.program != *row.program {
        *known = Arc::new(Author { who: Text::new(row.operator), program: Text::new(row.program) });
    }
    Ok(Entry { seq, at, is_ours, author: Arc::clone(known), order, fact })
}
