//! The journal in a SQLite file, written with full synchronisation; in memory for the demo.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{
    Entry, Fact, Journal, JournalError, Reading,
    chain::{self, Link},
    door::Sealed,
    emergency::{self, Emergency},
    migration::migrate,
    place,
    presence::{Alone, Locks, Presence},
    record, verify,
};
use crate::domain::{
    attempt::{self, Attempt, AttemptId, State},
    mask::mask,
    order::OrderNo,
    regeneration::{self, Regeneration},
    text::Text,
};

/// So long a program waits for another one that is writing.
const PATIENCE: Duration = Duration::from_secs(2);

/// A journal in SQLite.
pub struct SqliteJournal {
    db: Connection,
    presence: Box<dyn Presence>,
    operator: String,
    emergency: Option<Emergency>,
    /// The newest entry read here with its hash: what comes after is checked from there.
    read_to: (u64, Link),
}

impl SqliteJournal {
    /// Opens, or makes, `journal.sqlite` in `folder`. Folder and file are the user's alone (0700, 0600). A file that
    /// is damaged is refused as it is: it is never made anew over what it may still hold.
    pub fn open(folder: &Path, operator: &str) -> Result<Self, JournalError> {
        let unusable = |cause| JournalError::Folder { folder: folder.display().to_string(), cause };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
        if let Some(kind) = place::refused(folder) {
            return Err(JournalError::OtherMachine { folder: folder.display().to_string(), kind });
        }
        let file = folder.join("journal.sqlite");
        fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&file).map_err(unusable)?;
        let presence = Box::new(Locks::show(folder).map_err(unusable)?);
        let mut db = Connection::open(&file)?;
        prepare(&db)?;
        if let Some(fault) = verify::integrity(&db)?.into_iter().next() {
            return Err(JournalError::Record(format!("the file is damaged: {fault}")));
        }
        migrate(&mut db, Some(&file))?;
        let mut journal = Self::on(db, presence, operator);
        for left in emergency::left_by_the_dead(folder, &*journal.presence).map_err(unusable)? {
            let is_read = journal.enter(&left.lines)?;
            left.close(is_read).map_err(unusable)?;
        }
        journal.emergency = Some(Emergency::open(folder, journal.presence.name()).map_err(unusable)?);
        Ok(journal)
    }

    /// A journal that ends with the program.
    pub fn in_memory() -> Result<Self, JournalError> {
        Self::with(Connection::open_in_memory()?, Box::new(Alone::new()), "")
    }

    /// A journal on a connection of the caller's, for programs that are simulated.
    pub fn with(
        mut db: Connection,
        presence: Box<dyn Presence>,
        operator: &str,
    ) -> Result<Self, JournalError> {
        prepare(&db)?;
        migrate(&mut db, None)?;
        Ok(Self::on(db, presence, operator))
    }

    fn on(db: Connection, presence: Box<dyn Presence>, operator: &str) -> Self {
        Self { db, presence, operator: operator.to_owned(), emergency: None, read_to: (0, chain::START) }
    }

    /// The database itself, for those who look after it.
    pub fn connection(&self) -> &Connection {
        &self.db
    }

    /// Enters outcomes that an earlier program could only keep in its reserve. False if one cannot be read.
    fn enter(&mut self, lines: &[String]) -> Result<bool, JournalError> {
        let mut is_read = true;
        for line in lines {
            let kept = emergency::body(line).and_then(|body| record::attempt(&body).ok());
            let Some(attempt) = kept else {
                is_read = false;
                continue;
            };
            let Some(stored) = self.attempt(attempt.id)? else { continue };
            // What was entered meanwhile, or is known better by now, stays.
            if matches!(stored.state, State::Sending | State::InDoubt(_)) {
                self.advance(&attempt, &stored.state)?;
            }
        }
        Ok(is_read)
    }
}

fn prepare(db: &Connection) -> Result<(), JournalError> {
    db.busy_timeout(PATIENCE)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}

/// An entry's columns but for its place, what it says, and its hash.
pub(super) struct Column<'a> {
    pub(super) at: &'a str,
    pub(super) program: &'a str,
    pub(super) operator: &'a str,
    pub(super) order_no: Option<OrderNo>,
}

/// Appends an entry to the chain; returns its place. Nothing else writes entries.
pub(super) fn append(db: &Connection, column: &Column<'_>, sealed: &Sealed) -> Result<i64, JournalError> {
    let last = db
        .prepare_cached("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Link>(1)?)))
        .optional()?;
    let (seq, before) = last.map_or((1, chain::START), |(seq, hash)| (seq + 1, hash));
    let Column { at, program, .. } = *column;
    let (operator, order_no) = (&*mask(column.operator), column.order_no.as_ref().map(OrderNo::as_str));
    let (kind, body) = (sealed.kind(), sealed.text());
    let hash = chain::Row { seq, at, program, operator, order_no, kind, body }.after(&before);
    db.prepare_cached("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?
        .execute((seq, at, program, operator, order_no, kind, body, hash))?;
    Ok(seq)
}

impl SqliteJournal {
    /// Appends `fact`; returns its place.
    fn put(
        db: &Connection,
        (program, operator): (&str, &str),
        at: Timestamp,
        order: Option<OrderNo>,
        fact: &Fact,
    ) -> Result<i64, JournalError> {
        append(db, &Column { at: &at.to_string(), program, operator, order_no: order }, &Sealed::of(fact)?)
    }

    /// The bodies of the newest entries of a table's rows, by a condition.
    fn bodies(db: &Connection, sql: &str, key: &str) -> Result<Vec<(String, String)>, JournalError> {
        let mut query = db.prepare_cached(sql)?;
        let rows = query.query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The attempt that holds the lineage or the order itself, if one does: a program that has not heard yet that the
    /// order belongs to a lineage names another one.
    fn holder(db: &Connection, lineage: OrderNo, order: OrderNo) -> Result<Option<Attempt>, JournalError> {
        for (column, key) in [("lineage", lineage), ("order_no", order)] {
            let found = Self::bodies(
                db,
                &format!(
                    "SELECT a.owner, e.body FROM attempts a JOIN entries e ON e.seq = a.entry WHERE a.{column} = ?
                     AND a.state NOT IN ('reversed', 'rejected', 'notSent', 'notApplied', 'closed')"
                ),
                key.as_str(),
            )?;
            if let Some((_, body)) = found.first() {
                return record::attempt(body).map(Some);
            }
        }
        Ok(None)
    }

    /// Regenerations of which a new order is known or possible, by lineage or parent.
    fn remade(db: &Connection, column: &str, order: OrderNo) -> Result<Vec<Regeneration>, JournalError> {
        let found = Self::bodies(
            db,
            &format!(
                "SELECT r.owner, e.body FROM regenerations r JOIN entries e ON e.seq = r.entry
                 WHERE r.{column} = ? AND r.state NOT IN ('refused', 'notSent', 'notMade')"
            ),
            order.as_str(),
        )?;
        found.iter().map(|(_, body)| record::regeneration(body)).collect()
    }

    /// Keeps an outcome that the store did not take where it will be found at the next start.
    fn keep(&mut self, attempt: &Attempt, error: JournalError) -> JournalError {
        let is_outcome = !matches!(attempt.state, State::Claimed | State::Sending);
        if let (JournalError::Store(_), true, Some(emergency)) = (&error, is_outcome, &mut self.emergency) {
            let kept = Sealed::of(&Fact::Attempt(Box::new(attempt.clone())))
                .and_then(|sealed| emergency.keep(&sealed));
            if let Err(error) = kept {
                tracing::error!(attempt = %attempt.id, %error, "the reserve failed too");
            }
        }
        error
    }
}

/// What programs that have died left behind, of one table.
fn orphans(
    db: &Connection,
    presence: &dyn Presence,
    table: &str,
    states: &str,
) -> Result<Vec<String>, JournalError> {
    let mut query = db.prepare_cached(&format!(
        "SELECT t.owner, e.body FROM {table} t JOIN entries e ON e.seq = t.entry WHERE t.state IN ({states})"
    ))?;
    let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut orphans = Vec::new();
    for row in rows {
        let (owner, body) = row?;
        if !presence.is_running(&owner) {
            orphans.push(body);
        }
    }
    Ok(orphans)
}

impl Journal for SqliteJournal {
    fn recover(&mut self, now: Timestamp) -> Result<Vec<Entry>, JournalError> {
        let mut judged = Vec::new();
        let operator = Text::new(&self.operator);
        let mut note = |done, order, fact| match done {
            Ok(()) => {
                let operator = operator.clone();
                judged.push(Entry { seq: 0, at: now, is_ours: true, operator, order: Some(order), fact });
                Ok(())
            }
            // Another program that looked at the same moment was faster.
            Err(JournalError::Overtaken) => Ok(()),
            Err(error) => Err(error),
        };
        for body in orphans(&self.db, &*self.presence, "attempts", "'claimed', 'sending'")? {
            let left = record::attempt(&body)?;
            let Ok(attempt) = left.apply(&attempt::Event::OwnerDied, now) else { continue };
            let done = self.advance(&attempt, &left.state);
            note(done, attempt.order, Fact::Attempt(Box::new(attempt)))?;
        }
        for body in orphans(&self.db, &*self.presence, "regenerations", "'sending'")? {
            let left = record::regeneration(&body)?;
            let Ok(regeneration) = left.apply(&regeneration::Event::OwnerDied, now) else { continue };
            let done = self.conclude(&regeneration, &left.state);
            note(done, regeneration.parent, Fact::Regeneration(Box::new(regeneration)))?;
        }
        Ok(judged)
    }

    fn read_after(&mut self, seq: u64) -> Result<Reading, JournalError> {
        let (mut expected, mut link) = if seq == self.read_to.0 { self.read_to } else { (0, chain::START) };
        let mut reading = Reading::default();
        {
            let mut query = self.db.prepare_cached("SELECT * FROM entries WHERE seq > ? ORDER BY seq")?;
            let mut rows = query.query([i64::try_from(expected).unwrap_or(i64::MAX)])?;
            while let Some(row) = rows.next()? {
                let text =
                    |column: &'static str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
                let place: i64 = row.get("seq")?;
                let at = text("at")?;
                let program = text("program")?;
                let operator = text("operator")?;
                let order_no = row.get_ref("order_no")?.as_str_or_null().map_err(rusqlite::Error::from)?;
                let (kind, body) = (text("kind")?, text("body")?);
                let told: Link = row.get("hash")?;
                let here = u64::try_from(place).unwrap_or_default();
                let what = if here == expected + 1 {
                    let made =
                        chain::Row { seq: place, at, program, operator, order_no, kind, body }.after(&link);
                    (made != told).then_some("its hash differs")
                } else {
                    Some("an entry before it is missing")
                };
                if let Some(what) = what {
                    reading.broken = Some(JournalError::Broken { seq: expected + 1, what });
                    break;
                }
                (expected, link) = (here, told);
                if here <= seq {
                    continue;
                }
                let entry = || -> Result<Entry, JournalError> {
                    let order = match (order_no.map(str::parse::<OrderNo>).transpose(), kind) {
                        (Ok(order), _) => order,
                        // Older versions took a card number for an order's in what a stranger told.
                        (Err(_), "told") => None,
                        (Err(_), _) => return Err(JournalError::Record(format!("entry {here}: order_no"))),
                    };
                    let at = at.parse().map_err(|_| JournalError::Record(format!("entry {here}: at")))?;
                    let fact = record::read(kind, order, body)?;
                    let is_ours = program == self.presence.name();
                    Ok(Entry { seq: here, at, is_ours, operator: Text::new(operator), order, fact })
                };
                match entry() {
                    Ok(entry) => reading.entries.push(entry),
                    // Whole, but of a newer program, perhaps: nothing after it can be relied on either.
                    Err(error) => {
                        reading.broken = Some(error);
                        break;
                    }
                }
            }
        }
        self.read_to = (expected, link);
        Ok(reading)
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        let found = Self::bodies(
            &self.db,
            "SELECT a.owner, e.body FROM attempts a JOIN entries e ON e.seq = a.entry WHERE a.id = ?",
            &id.to_string(),
        )?;
        found.first().map(|(_, body)| record::attempt(body)).transpose()
    }

    fn claim(&mut self, attempt: &Attempt) -> Result<(), JournalError> {
        let Self { db, presence, operator, .. } = self;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(holder) = Self::holder(&tx, attempt.lineage, attempt.order)? {
            return Err(JournalError::Blocked(Box::new(holder)));
        }
        // Its money may still be on its way back: only a new order may be paid.
        let reversed = Self::bodies(
            &tx,
            "SELECT a.owner, e.body FROM attempts a JOIN entries e ON e.seq = a.entry
             WHERE a.order_no = ? AND a.state = 'reversed'",
            attempt.order.as_str(),
        )?;
        if let Some((_, body)) = reversed.first() {
            return Err(JournalError::Blocked(Box::new(record::attempt(body)?)));
        }
        if let Some(remade) = Self::remade(&tx, "parent", attempt.order)?.into_iter().next() {
            return Err(JournalError::Remade(Box::new(remade)));
        }
        let open = Self::remade(&tx, "lineage", attempt.lineage)?;
        if let Some(open) = open.into_iter().find(|regeneration| regeneration.state.is_open()) {
            return Err(JournalError::Remade(Box::new(open)));
        }
        let fact = Fact::Attempt(Box::new(attempt.clone()));
        let who = (presence.name(), operator.as_str());
        let seq = Self::put(&tx, who, attempt.changed_at, Some(attempt.order), &fact)?;
        tx.prepare_cached("INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?)")?.execute((
            attempt.id.to_string(),
            presence.name(),
            attempt.lineage.as_str(),
            attempt.order.as_str(),
            attempt.state.word(),
            seq,
        ))?;
        tx.commit()?;
        Ok(())
    }

    fn advance(&mut self, attempt: &Attempt, from: &State) -> Result<(), JournalError> {
        let Self { db, presence, operator, .. } = self;
        let mut advance = || -> Result<(), JournalError> {
            let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let fact = Fact::Attempt(Box::new(attempt.clone()));
            let who = (presence.name(), operator.as_str());
            let seq = Self::put(&tx, who, attempt.changed_at, Some(attempt.order), &fact)?;
            let changed = tx
                .prepare_cached("UPDATE attempts SET state = ?, entry = ? WHERE id = ? AND state = ?")?
                .execute((attempt.state.word(), seq, attempt.id.to_string(), from.word()))?;
            if changed == 0 {
                return Err(JournalError::Overtaken);
            }
            tx.commit()?;
            Ok(())
        };
        advance().map_err(|error| self.keep(attempt, error))
    }

    fn begin(&mut self, regeneration: &Regeneration) -> Result<(), JournalError> {
        let Self { db, presence, operator, .. } = self;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(holder) = Self::holder(&tx, regeneration.lineage, regeneration.parent)? {
            return Err(JournalError::Blocked(Box::new(holder)));
        }
        if let Some(remade) = Self::remade(&tx, "parent", regeneration.parent)?.into_iter().next() {
            return Err(JournalError::Remade(Box::new(remade)));
        }
        let fact = Fact::Regeneration(Box::new(regeneration.clone()));
        let who = (presence.name(), operator.as_str());
        let seq = Self::put(&tx, who, regeneration.changed_at, Some(regeneration.parent), &fact)?;
        tx.prepare_cached("INSERT INTO regenerations VALUES (?, ?, ?, ?, ?, ?)")?.execute((
            regeneration.id.to_string(),
            presence.name(),
            regeneration.lineage.as_str(),
            regeneration.parent.as_str(),
            regeneration.state.word(),
            seq,
        ))?;
        tx.commit()?;
        Ok(())
    }

    fn conclude(
        &mut self,
        regeneration: &Regeneration,
        from: &regeneration::State,
    ) -> Result<(), JournalError> {
        let Self { db, presence, operator, .. } = self;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let fact = Fact::Regeneration(Box::new(regeneration.clone()));
        let who = (presence.name(), operator.as_str());
        let seq = Self::put(&tx, who, regeneration.changed_at, Some(regeneration.parent), &fact)?;
        let changed = tx
            .prepare_cached("UPDATE regenerations SET state = ?, entry = ? WHERE id = ? AND state = ?")?
            .execute((regeneration.state.word(), seq, regeneration.id.to_string(), from.word()))?;
        if changed == 0 {
            return Err(JournalError::Overtaken);
        }
        tx.commit()?;
        Ok(())
    }

    fn write(&mut self, at: Timestamp, order: Option<OrderNo>, fact: &Fact) -> Result<(), JournalError> {
        let Self { db, presence, operator, .. } = self;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Self::put(&tx, (presence.name(), operator.as_str()), at, order, fact)?;
        tx.commit()?;
        Ok(())
    }
}
