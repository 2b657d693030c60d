//! The chain of entries: how one is appended, and how they are read and held against their hashes.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::{
    domain::{author::Author, mask::mask, order::OrderNo, text::Text},
    journal::{
        archive::{
            archived::Archived,
            tables::{self, Kept},
        },
        chain::{self, Link},
        error::JournalError,
        fact::{Entry, Fact, Reading},
        masked::Masked,
        record,
        redact::stored,
    },
};

/// An entry's columns but for its place, what it says, and its hash.
pub(in crate::journal) struct Column<'a> {
    pub(in crate::journal) at: &'a str,
    pub(in crate::journal) author: &'a Author,
    pub(in crate::journal) order_no: Option<OrderNo>,
}

/// Appends `fact`; returns its place.
pub(in crate::journal) fn append(
    db: &Connection,
    author: &Author,
    at: Timestamp,
    order_no: Option<OrderNo>,
    fact: &Fact,
) -> Result<i64, JournalError> {
    append_masked(db, &Column { at: &at.to_string(), author, order_no }, &Masked::of(fact)?)
}

/// Appends what has been masked; returns its place. Nothing else writes entries.
pub(in crate::journal) fn append_masked(
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

/// The place of the newest one.
pub(in crate::journal) fn newest(db: &Connection) -> Result<u64, JournalError> {
    let newest: Option<i64> =
        db.prepare_cached("SELECT max(seq) FROM entries")?.query_row([], |row| row.get(0))?;
    Ok(newest.and_then(|seq| u64::try_from(seq).ok()).unwrap_or_default())
}

/// True when another program has written about `order` after the entry `seq`.
pub(in crate::journal) fn is_overtaken(
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

/// So many entries are read at once. What is made of one is kept, but not the entry.
const AT_ONCE: usize = 1_000;

/// How far the chain was read, with the hash there: what comes after is checked from it.
pub(in crate::journal) struct ReadTo {
    seq: u64,
    link: Link,
    /// What the entries come to that were archived and stay, until an entry of the chain has said the same.
    kept: Option<Kept>,
}

impl ReadTo {
    /// Before the first entry.
    pub(in crate::journal) const START: Self = Self { seq: 0, link: chain::START, kept: None };
}

/// The next entries after `seq`, as far as the chain holds. `program` is this one. Unless it was read to `seq` before, the
/// chain is checked from its start.
pub(in crate::journal) fn read_after(
    db: &Connection,
    program: &str,
    read_to: &mut ReadTo,
    seq: u64,
) -> Result<Reading, JournalError> {
    let to = std::mem::replace(read_to, ReadTo::START);
    let to = if seq == to.seq { to } else { ReadTo::START };
    let mut entries = Vec::new();
    let take = |entry| {
        entries.push(entry);
        entries.len() < AT_ONCE
    };
    let mut walk = Walk { db, program, seq, take, to, known: Arc::default() };
    let ended = walk.go();
    *read_to = walk.to;
    let mut reading = Reading { entries, ..Reading::default() };
    match ended {
        Ok(()) => {}
        Err(Halt::Enough) => reading.more = true,
        Err(Halt::Broken(error)) => reading.put(Reading { broken: Some(error), ..Reading::default() }),
        Err(Halt::Failed(error)) => return Err(error),
    }
    Ok(reading)
}

/// Goes along the whole chain, and hands over what the entries say. Ends where it does not hold: what was handed over from
/// that entry on does not count either.
pub(in crate::journal) fn walk(
    db: &Connection,
    program: &str,
    mut take: impl FnMut(Entry),
) -> Result<Option<JournalError>, JournalError> {
    let take = |entry| {
        take(entry);
        true
    };
    let mut walk = Walk { db, program, seq: 0, take, to: ReadTo::START, known: Arc::default() };
    match walk.go() {
        Ok(()) | Err(Halt::Enough) => Ok(None),
        Err(Halt::Broken(error)) => Ok(Some(error)),
        Err(Halt::Failed(error)) => Err(error),
    }
}

/// Why a walk ends early.
enum Halt {
    /// What lies there cannot be relied on.
    Broken(JournalError),
    /// It cannot be read.
    Failed(JournalError),
    /// No more is wanted.
    Enough,
}

impl Halt {
    fn at(seq: u64, what: &'static str) -> Self {
        Self::Broken(JournalError::Broken { seq, what })
    }
}

impl From<JournalError> for Halt {
    fn from(error: JournalError) -> Self {
        Self::Failed(error)
    }
}

impl From<rusqlite::Error> for Halt {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.into())
    }
}

struct Walk<'a, T> {
    db: &'a Connection,
    program: &'a str,
    seq: u64,
    take: T,
    to: ReadTo,
    /// Most rows have the author of the one before.
    known: Arc<Author>,
}

impl<T: FnMut(Entry) -> bool> Walk<'_, T> {
    fn go(&mut self) -> Result<(), Halt> {
        let archived = tables::end(self.db)?;
        if let Some((last, link)) = archived.filter(|(last, _)| self.to.seq < *last) {
            self.to.kept.get_or_insert_default();
            self.kept(last)?;
            (self.to.seq, self.to.link) = (last, link);
        }
        rows(self.db, self.to.seq, u64::MAX, |row, stored| self.chained(row, stored))?;
        match (&self.to.kept, archived) {
            (Some(_), Some((last, _))) => {
                Err(Halt::at(last + 1, "no entry says what was archived before it"))
            }
            _ => Ok(()),
        }
    }

    /// The entries that were archived and stay: each has the hash before it beside it.
    fn kept(&mut self, last: u64) -> Result<(), Halt> {
        let db = self.db;
        let mut query = db.prepare_cached(
            "SELECT seq, at, program, operator, order_no, kind, body, hash, before
             FROM entries LEFT JOIN kept USING (seq) WHERE seq > ? AND seq <= ? ORDER BY seq",
        )?;
        let mut rows = query.query([signed(self.to.seq), signed(last)])?;
        while let Some(row) = rows.next()? {
            let (read, stored) = columns(row)?;
            let here = place(&read);
            let Some(before) = row.get::<_, Option<Link>>(8)? else {
                return Err(Halt::at(here, "it is in an archive, and was not left here"));
            };
            if let Some(kept) = &mut self.to.kept {
                kept.take(read.seq, &before, &stored);
            }
            self.held(here, &read, &before, &stored)?;
        }
        Ok(())
    }

    /// An entry that follows the one before.
    fn chained(&mut self, row: &chain::Row<'_>, stored: Link) -> Result<(), Halt> {
        let (here, before) = (place(row), self.to.link);
        if here != self.to.seq + 1 {
            return Err(Halt::at(self.to.seq + 1, "an entry before it is missing"));
        }
        self.held(here, row, &before, &stored)
    }

    /// Holds an entry against its hash, and hands over what it says.
    fn held(&mut self, here: u64, row: &chain::Row<'_>, before: &Link, stored: &Link) -> Result<(), Halt> {
        let now = row.after(before);
        if now != *stored && !stored::explains(self.db, here, stored, &now)? {
            return Err(Halt::at(here, "its hash differs"));
        }
        (self.to.seq, self.to.link) = (here, *stored);
        if here <= self.seq && row.kind != "archived" {
            return Ok(());
        }
        // What cannot be read is whole, but of a newer program, perhaps: nothing after it can be relied on either.
        let entry = entry(here, row, self.program, &mut self.known).map_err(Halt::Broken)?;
        match &entry.fact {
            Fact::Redacted(redaction) if !stored::holds(self.db, redaction)? => {
                return Err(Halt::at(redaction.entry, "it was redacted, and is not as it was left"));
            }
            Fact::Archived(archived) if self.to.kept.is_some() => self.left(archived)?,
            _ => {}
        }
        if here > self.seq && !(self.take)(entry) {
            return Err(Halt::Enough);
        }
        Ok(())
    }

    /// The newest entry that says so decides about what archives have left; older ones speak of what has gone since.
    fn left(&mut self, archived: &Archived) -> Result<(), Halt> {
        let Some((last, link)) = tables::end(self.db)? else { return Ok(()) };
        if archived.last != last {
            return Ok(());
        }
        if self.to.kept.clone().map(Kept::hash) != Some(archived.kept_hash) || link != archived.last_hash {
            return Err(Halt::at(1, "what stayed of the archived entries is not what was left of them"));
        }
        self.to.kept = None;
        Ok(())
    }
}

/// The rows after `from` up to `to`.
pub(in crate::journal) fn rows<E: From<rusqlite::Error>>(
    db: &Connection,
    from: u64,
    to: u64,
    mut take: impl FnMut(&chain::Row<'_>, Link) -> Result<(), E>,
) -> Result<(), E> {
    let mut query = db.prepare_cached(
        "SELECT seq, at, program, operator, order_no, kind, body, hash FROM entries
         WHERE seq > ? AND seq <= ? ORDER BY seq",
    )?;
    let mut rows = query.query([signed(from), signed(to)])?;
    while let Some(row) = rows.next()? {
        let (read, stored) = columns(row)?;
        take(&read, stored)?;
    }
    Ok(())
}

fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// The place of a row.
pub(in crate::journal) fn place(row: &chain::Row<'_>) -> u64 {
    u64::try_from(row.seq).unwrap_or_default()
}

/// A row of `entries`, its columns in their order.
fn columns<'a>(row: &'a rusqlite::Row<'_>) -> rusqlite::Result<(chain::Row<'a>, Link)> {
    let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let read = chain::Row {
        seq: row.get(0)?,
        at: text(1)?,
        program: text(2)?,
        operator: text(3)?,
        order_no: row.get_ref(4)?.as_str_or_null()?,
        kind: text(5)?,
        body: text(6)?,
    };
    Ok((read, row.get(7)?))
}

/// The entry that a row says. Most rows have the author of the one before.
pub(in crate::journal) fn entry(
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
