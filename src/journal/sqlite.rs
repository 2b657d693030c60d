//! The journal in a SQLite file, written with full synchronisation; in memory for the demo.

use std::{
    collections::HashMap,
    fs,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    str::FromStr,
};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, named_params, params};
use uuid::Uuid;

use super::{
    Journal, JournalError,
    presence::Presence,
    record::{StateRecord, status_number},
};
use crate::domain::{
    attempt::{Attempt, AttemptId, State},
    card::{CardBrand, MaskedCard},
    method::PaymentMethod,
    money::{Currency, Money},
    order::{OrderNo, OrderStatus},
    story::{Happening, What},
    text::Text,
};

/// The version of `schema.sql`, kept in SQLite's `user_version`.
const SCHEMA: i64 = 1;

/// A journal in SQLite.
pub struct SqliteJournal {
    db: Connection,
    presence: Presence,
}

impl SqliteJournal {
    /// Opens, or makes, `journal.sqlite` in `folder`. Folder and file are the user's alone (0700, 0600).
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let unusable = |cause| JournalError::Folder { folder: folder.display().to_string(), cause };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
        let file = folder.join("journal.sqlite");
        fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&file).map_err(unusable)?;
        Self::prepare(Connection::open(&file)?, Presence::show(folder).map_err(unusable)?)
    }

    /// A journal that ends with the program.
    pub fn in_memory() -> Result<Self, JournalError> {
        Self::prepare(Connection::open_in_memory()?, Presence::alone())
    }

    fn prepare(mut db: Connection, presence: Presence) -> Result<Self, JournalError> {
        db.busy_timeout(std::time::Duration::from_secs(2))?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match tx.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? {
            SCHEMA => {}
            0 => {
                tx.execute_batch(include_str!("schema.sql"))?;
                tx.pragma_update(None, "user_version", SCHEMA)?;
            }
            newer => {
                return Err(JournalError::Record(format!(
                    "it is of version {newer}, this program knows {SCHEMA}"
                )));
            }
        }
        tx.commit()?;
        Ok(Self { db, presence })
    }
}

/// Any text of a column that is not what this program writes.
fn unreadable<E>(column: &'static str) -> impl FnOnce(E) -> JournalError {
    move |_| JournalError::Record(format!("column {column}"))
}

fn parsed<T: FromStr>(text: &str, column: &'static str) -> Result<T, JournalError> {
    text.parse().map_err(unreadable(column))
}

fn state_of(row: &Row<'_>) -> Result<State, JournalError> {
    let record = StateRecord {
        state: row.get("state")?,
        code: row.get("code")?,
        cause: row.get("cause")?,
        note: row.get("note")?,
    };
    let word = record.state.clone();
    record.read().ok_or_else(|| JournalError::Record(format!("state {word}")))
}

fn attempt_of(row: &Row<'_>) -> Result<Attempt, JournalError> {
    let text = |column: &'static str| row.get::<_, String>(column);
    let money = Money::new(
        parsed(&text("amount")?, "amount")?,
        Currency::parse(&text("currency")?).ok_or(()).map_err(unreadable("currency"))?,
    );
    let card = row
        .get::<_, Option<String>>("card_last_four")?
        .zip(Some(row.get::<_, Option<String>>("card_brand")?))
        .and_then(|(tail, brand)| {
            MaskedCard::from_parts(brand.as_deref().and_then(CardBrand::from_word), &tail)
        });
    Ok(Attempt {
        id: AttemptId(text("id")?.parse::<Uuid>().map_err(unreadable("id"))?),
        lineage: parsed(&text("lineage")?, "lineage")?,
        order: parsed(&text("order_no")?, "order_no")?,
        method: PaymentMethod::from_number(row.get("method")?).ok_or(()).map_err(unreadable("method"))?,
        amount: money,
        card,
        reusable: row.get("reusable")?,
        claimed_at: parsed(&text("claimed_at")?, "claimed_at")?,
        sent_at: row.get::<_, Option<String>>("sent_at")?.map(|at| parsed(&at, "sent_at")).transpose()?,
        changed_at: parsed(&text("changed_at")?, "changed_at")?,
        unpaid_answers: row.get("unpaid_answers")?,
        state: state_of(row)?,
    })
}

/// Appends the state that `attempt` is in to the story of its order.
fn append(db: &Connection, attempt: &Attempt, record: &StateRecord) -> Result<(), JournalError> {
    db.prepare_cached(
        "INSERT INTO happenings (at, order_no, attempt_id, state, code, cause, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        attempt.changed_at.to_string(),
        attempt.order.as_str(),
        attempt.id.to_string(),
        record.state,
        record.code,
        record.cause,
        record.note
    ])?;
    Ok(())
}

impl Journal for SqliteJournal {
    fn recover(&mut self, now: Timestamp) -> Result<(), JournalError> {
        let mut left: Vec<(Attempt, String)> = Vec::new();
        {
            let mut query =
                self.db.prepare("SELECT * FROM attempts WHERE state IN ('claimed', 'sending')")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                left.push((attempt_of(row)?, row.get("owner")?));
            }
        }
        for (mut attempt, owner) in left {
            if self.presence.is_running(&owner) {
                continue;
            }
            let Some(state) = attempt.after_restart() else { continue };
            let from = std::mem::replace(&mut attempt.state, state);
            attempt.changed_at = now;
            match self.advance(&attempt, &from) {
                // Another program that started just now was faster.
                Ok(()) | Err(JournalError::Overtaken) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
        let found = self
            .db
            .prepare_cached("SELECT * FROM attempts WHERE id = ?")?
            .query_row([id.to_string()], |row| Ok(attempt_of(row)))
            .optional()?;
        found.transpose()
    }

    fn attempts(&mut self) -> Result<Vec<Attempt>, JournalError> {
        let mut query = self.db.prepare("SELECT * FROM attempts ORDER BY claimed_at, id")?;
        let mut rows = query.query([])?;
        let mut attempts = Vec::new();
        while let Some(row) = rows.next()? {
            attempts.push(attempt_of(row)?);
        }
        Ok(attempts)
    }

    fn happenings(&mut self) -> Result<Vec<(OrderNo, Happening)>, JournalError> {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut per_lineage: HashMap<OrderNo, usize> = HashMap::new();
        for attempt in self.attempts()? {
            let number = per_lineage.entry(attempt.lineage).or_default();
            *number += 1;
            numbers.insert(attempt.id.to_string(), *number);
        }
        let mut query = self.db.prepare("SELECT * FROM happenings ORDER BY seq")?;
        let mut rows = query.query([])?;
        let mut happenings = Vec::new();
        while let Some(row) = rows.next()? {
            let what = match row.get::<_, Option<String>>("attempt_id")? {
                Some(id) => {
                    What::Attempt { number: numbers.get(&id).copied().unwrap_or(1), state: state_of(row)? }
                }
                None => What::Seen {
                    status: OrderStatus::from_number(row.get("status")?),
                    error: row.get::<_, Option<String>>("note")?.map(|code| Text::new(&code)),
                },
            };
            let at = parsed::<Timestamp>(&row.get::<_, String>("at")?, "at")?;
            happenings
                .push((parsed(&row.get::<_, String>("order_no")?, "order_no")?, Happening { at, what }));
        }
        Ok(happenings)
    }

    fn claim(&mut self, attempt: &Attempt) -> Result<(), JournalError> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let holder = tx
            .prepare_cached(
                "SELECT * FROM attempts WHERE lineage = ?
                 AND state NOT IN ('reversed', 'rejected', 'notSent', 'notApplied')",
            )?
            .query_row([attempt.lineage.as_str()], |row| Ok(attempt_of(row)))
            .optional()?;
        if let Some(holder) = holder {
            return Err(JournalError::Blocked(Box::new(holder?)));
        }
        let record = StateRecord::of(&attempt.state);
        tx.prepare_cached(
            "INSERT INTO attempts VALUES (:id, :owner, :lineage, :order_no, :method, :amount, :currency, :brand, :last_four,
             :reusable, :claimed_at, NULL, :claimed_at, 0, :state, NULL, NULL, NULL)",
        )?
        .execute(named_params! {
            ":id": attempt.id.to_string(),
            ":owner": self.presence.name,
            ":lineage": attempt.lineage.as_str(),
            ":order_no": attempt.order.as_str(),
            ":method": attempt.method.number(),
            ":amount": attempt.amount.plain(),
            ":currency": attempt.amount.currency.code(),
            ":brand": attempt.card.and_then(|card| card.brand).map(CardBrand::word),
            ":last_four": attempt.card.map(|card| card.last_four().to_owned()),
            ":reusable": attempt.reusable,
            ":claimed_at": attempt.claimed_at.to_string(),
            ":state": record.state,
        })?;
        append(&tx, attempt, &record)?;
        tx.commit()?;
        Ok(())
    }

    fn advance(&mut self, attempt: &Attempt, from: &State) -> Result<(), JournalError> {
        let record = StateRecord::of(&attempt.state);
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let changed = tx
            .prepare_cached(
                "UPDATE attempts SET state = :state, code = :code, cause = :cause, note = :note, sent_at = :sent_at,
                 changed_at = :changed_at, unpaid_answers = :unpaid_answers WHERE id = :id AND state = :from",
            )?
            .execute(named_params! {
                ":id": attempt.id.to_string(),
                ":from": from.word(),
                ":state": record.state,
                ":code": record.code,
                ":cause": record.cause,
                ":note": record.note,
                ":sent_at": attempt.sent_at.map(|at| at.to_string()),
                ":changed_at": attempt.changed_at.to_string(),
                ":unpaid_answers": attempt.unpaid_answers,
            })?;
        if changed == 0 {
            return Err(JournalError::Overtaken);
        }
        if attempt.state != *from {
            append(&tx, attempt, &record)?;
        }
        tx.commit()?;
        Ok(())
    }

    fn note(&mut self, order: OrderNo, happening: &Happening) -> Result<(), JournalError> {
        // What the vendor records itself is asked for again; attempts are written by `claim` and `advance`.
        let What::Seen { status, error } = &happening.what else { return Ok(()) };
        self.db
            .prepare_cached("INSERT INTO happenings (at, order_no, status, note) VALUES (?, ?, ?, ?)")?
            .execute(params![
                happening.at.to_string(),
                order.as_str(),
                status_number(*status),
                error.as_ref().map(Text::as_str)
            ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::journal::record::every_state;

    fn attempt(lineage: &str, at: &str) -> Attempt {
        let claimed_at: Timestamp = at.parse().unwrap();
        Attempt {
            id: AttemptId::generate(),
            lineage: lineage.parse().unwrap(),
            order: lineage.parse().unwrap(),
            method: PaymentMethod::Vcc,
            amount: Money::new("501.90".parse().unwrap(), Currency::parse("EUR").unwrap()),
            card: MaskedCard::from_parts(Some(CardBrand::Visa), "1111"),
            reusable: false,
            claimed_at,
            sent_at: None,
            changed_at: claimed_at,
            state: State::Claimed,
            unpaid_answers: 0,
        }
    }

    const ORDER: &str = "TESTA20261122135802207";

    #[test]
    fn a_lineage_is_held_exactly_while_its_attempt_blocks() {
        for state in every_state() {
            let mut journal = SqliteJournal::in_memory().unwrap();
            let mut first = attempt(ORDER, "2026-11-22T06:00:00Z");
            journal.claim(&first).unwrap();
            first.state = state.clone();
            journal.advance(&first, &State::Claimed).unwrap();
            let second = journal.claim(&attempt(ORDER, "2026-11-22T06:01:00Z"));
            match second {
                Err(JournalError::Blocked(holder)) => {
                    assert!(state.blocks() && holder.id == first.id, "{state:?}");
                }
                other => assert!(other.is_ok() && !state.blocks(), "{state:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_was_written_is_read_back_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = attempt(ORDER, "2026-11-22T06:00:00Z");
        {
            let mut journal = SqliteJournal::open(folder.path()).unwrap();
            journal.claim(&first).unwrap();
            first.state = State::Sending;
            first.sent_at = Some("2026-11-22T06:00:01Z".parse().unwrap());
            journal.advance(&first, &State::Claimed).unwrap();
            let seen = What::Seen { status: OrderStatus::Cancelled, error: Some("604".into()) };
            journal.note(first.order, &Happening { at: first.claimed_at, what: seen }).unwrap();
        }
        let mut journal = SqliteJournal::open(folder.path()).unwrap();
        assert_eq!(journal.attempts().unwrap(), [first.clone()]);
        let words: Vec<_> =
            journal.happenings().unwrap().into_iter().map(|(_, happening)| happening.what).collect();
        assert_eq!(
            words,
            [
                What::Attempt { number: 1, state: State::Claimed },
                What::Attempt { number: 1, state: State::Sending },
                What::Seen { status: OrderStatus::Cancelled, error: Some("604".into()) },
            ]
        );
        let mode = fs::metadata(folder.path().join("journal.sqlite")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read the journal");
    }

    #[test]
    fn a_program_whose_claim_was_released_cannot_go_on_to_send() {
        let folder = tempfile::tempdir().unwrap();
        let (mut ours, mut theirs) =
            (SqliteJournal::open(folder.path()).unwrap(), SqliteJournal::open(folder.path()).unwrap());
        let mut mine = attempt(ORDER, "2026-11-22T06:00:00Z");
        ours.claim(&mine).unwrap();
        assert!(matches!(
            theirs.claim(&attempt(ORDER, "2026-11-22T06:00:01Z")),
            Err(JournalError::Blocked(_))
        ));
        let mut released = mine.clone();
        released.state = State::NotSent(crate::domain::attempt::NotSent::Interrupted);
        theirs.advance(&released, &State::Claimed).unwrap();
        mine.state = State::Sending;
        assert!(matches!(ours.advance(&mine, &State::Claimed), Err(JournalError::Overtaken)));
    }

    #[test]
    fn only_attempts_of_programs_that_have_died_are_recovered() {
        let folder = tempfile::tempdir().unwrap();
        let now = "2026-11-22T07:00:00Z".parse().unwrap();
        let mut running = SqliteJournal::open(folder.path()).unwrap();
        let mut mine = attempt(ORDER, "2026-11-22T06:00:00Z");
        running.claim(&mine).unwrap();
        mine.state = State::Sending;
        running.advance(&mine, &State::Claimed).unwrap();
        let mut second = SqliteJournal::open(folder.path()).unwrap();
        second.recover(now).unwrap();
        assert_eq!(second.attempt(mine.id).unwrap().unwrap().state, State::Sending, "its program still runs");
        drop(running);
        second.recover(now).unwrap();
        let recovered = second.attempt(mine.id).unwrap().unwrap();
        assert_eq!(recovered.state, State::InDoubt(crate::domain::attempt::Doubt::Crash));
    }

    #[test]
    fn happenings_cannot_be_changed_or_deleted() {
        let mut journal = SqliteJournal::in_memory().unwrap();
        journal.claim(&attempt(ORDER, "2026-11-22T06:00:00Z")).unwrap();
        for sql in ["UPDATE happenings SET at = ''", "DELETE FROM happenings"] {
            assert!(journal.db.execute(sql, []).is_err(), "{sql}");
        }
    }
}
