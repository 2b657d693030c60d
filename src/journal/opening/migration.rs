//! Bringing a journal of an older version up to date: a copy first, then everything in one transaction, so that a
//! program that dies in between leaves the old journal or the new one.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, TransactionBehavior};
use serde_json::json;

use crate::{
    domain::{author::Author, order::OrderNo, text::Text},
    journal::{archive::tables::WITH_ARCHIVES, chain::entries, error::JournalError, masked::Masked},
};

/// The version of `schema.sql`, kept in SQLite's `user_version`.
pub(in crate::journal) const SCHEMA: i64 = 4;

/// The version of a journal in which a text was taken out. Its tables are the same, but who does not know redactions
/// would find its chain broken.
pub(in crate::journal) const WITH_REDACTIONS: i64 = 5;

/// Makes the tables, or brings those of an older version up to date. `file` is where the journal lies, if in a file.
pub(in crate::journal) fn migrate(db: &mut Connection, file: Option<&Path>) -> Result<(), JournalError> {
    let version = |db: &Connection| db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    let found = version(db)?;
    if (1..SCHEMA).contains(&found)
        && let Some(file) = file
    {
        let copy = file.with_extension(format!("v{found}.sqlite"));
        if !copy.exists() {
            db.execute("VACUUM INTO ?", [copy.to_string_lossy()])?;
        }
    }
    if (SCHEMA..=WITH_ARCHIVES).contains(&found) && has_index(db)? {
        // Nothing is to be written, so nothing has to wait for the disk.
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again under the lock: another program may have been faster.
    let found = version(&tx)?;
    match found {
        // The tables of version 3 are these. Its records of what was seen hold less, and are read as they are; a program
        // of that version would take those of this one for news.
        3 | SCHEMA | WITH_REDACTIONS | WITH_ARCHIVES => {}
        0 => tx.execute_batch(include_str!("schema.sql"))?,
        1 => from_first(&tx)?,
        2 => from_second(&tx)?,
        found => return Err(JournalError::Newer { found, known: WITH_ARCHIVES }),
    }
    statements(&tx, "INDEX IF NOT EXISTS entries_of_an_order")?;
    tx.pragma_update(None, "user_version", SCHEMA.max(found))?;
    tx.commit()?;
    Ok(())
}

/// Version 1 kept attempts in columns, and the states they had entered in `happenings`, without hashes.
fn from_first(tx: &Transaction<'_>) -> Result<(), JournalError> {
    tx.execute_batch(
        "DROP INDEX one_blocking_attempt_a_lineage;
         DROP TRIGGER happenings_are_never_changed;
         DROP TRIGGER happenings_are_never_deleted;
         ALTER TABLE attempts RENAME TO old_attempts;
         ALTER TABLE happenings RENAME TO old_happenings;",
    )?;
    tx.execute_batch(include_str!("schema.sql"))?;
    let mut query = tx.prepare(
        "SELECT h.at AS happened_at, h.order_no AS happened_to, h.status AS seen_status, h.note AS seen_error,
                h.state AS now_state, h.code AS now_code, h.cause AS now_cause, h.note AS now_note, a.*
         FROM old_happenings h LEFT JOIN old_attempts a ON a.id = h.attempt_id ORDER BY h.seq",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let at = row.get::<_, String>("happened_at")?;
        let order: String = row.get("happened_to")?;
        let (kind, body, owner) = if row.get::<_, Option<String>>("id")?.is_some() {
            ("attempt", old_attempt(row, &at)?, row.get::<_, String>("owner")?)
        } else {
            let status: Option<i64> = row.get("seen_status")?;
            let error: Option<String> = row.get("seen_error")?;
            ("seen", json!({ "status": status, "error": error }), String::new())
        };
        let order_no: OrderNo = order.parse().map_err(|_| JournalError::Record("column order_no".into()))?;
        let column = entries::Column {
            at: &at,
            author: &Author { who: Text::default(), program: Text::new(&owner) },
            order_no: Some(order_no),
        };
        let seq = entries::append_masked(tx, &column, &Masked::body(kind, body.clone()))?;
        if kind == "attempt" {
            let text =
                |key: &str| body.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
            tx.execute(
                "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state,
                 entry = excluded.entry",
                (text("attemptId"), owner, text("lineage"), order, text("state"), seq),
            )?;
        }
    }
    drop(rows);
    drop(query);
    tx.execute_batch("DROP TABLE old_happenings; DROP TABLE old_attempts;")?;
    Ok(())
}

/// Until version 2 a contradiction could not stand beside another attempt of its lineage.
fn from_second(tx: &Transaction<'_>) -> Result<(), JournalError> {
    tx.execute_batch("DROP INDEX one_blocking_attempt_a_lineage; DROP INDEX one_blocking_attempt_an_order;")?;
    statements(tx, "UNIQUE INDEX one_blocking_attempt")
}

/// Carries out the statements of the schema that hold `words`.
fn statements(tx: &Transaction<'_>, words: &str) -> Result<(), JournalError> {
    let schema = include_str!("schema.sql");
    for statement in schema.split_inclusive(';').filter(|part| part.contains(words)) {
        tx.execute_batch(statement)?;
    }
    Ok(())
}

fn has_index(db: &Connection) -> Result<bool, JournalError> {
    Ok(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'entries_of_an_order'")?.exists([])?)
}

/// An attempt as it stood when one of its states was entered.
fn old_attempt(row: &Row<'_>, at: &str) -> Result<serde_json::Value, JournalError> {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    let claimed: String = row.get("claimed_at")?;
    let changed: Timestamp = at.parse().map_err(|_| JournalError::Record("column at".into()))?;
    // Only the wall clock was kept: boot 0 is none that any machine is in.
    let sent = text("sent_at")?
        .filter(|sent| sent.parse::<Timestamp>().is_ok_and(|sent| sent <= changed))
        .map(|sent| json!({ "at": sent, "boot": "0000000000000000", "upMs": 0 }));
    Ok(json!({
        "attemptId": text("id")?,
        "lineage": text("lineage")?,
        "orderNo": text("order_no")?,
        "paymentMethod": row.get::<_, i64>("method")?,
        "amount": text("amount")?,
        "currency": text("currency")?,
        "cardBrand": text("card_brand")?,
        "cardLastFour": text("card_last_four")?,
        "reusable": row.get::<_, bool>("reusable")?,
        "claimedAt": claimed,
        "sent": sent,
        "changedAt": at,
        "answer": null,
        "unpaidAnswers": 0,
        "unpaidAt": null,
        "state": text("now_state")?,
        "code": row.get::<_, Option<i64>>("now_code")?,
        "cause": text("now_cause")?,
        "note": text("now_note")?,
    }))
}
