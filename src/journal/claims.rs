//! Claims in the database: who holds a lineage, what may be claimed, and where each claim stands.

use rusqlite::{Connection, Transaction};

use super::{chain::entries, claim::Claimed, error::JournalError, presence::Presence, record};
use crate::domain::{
    attempt::{self, Attempt, AttemptId},
    author::Author,
    order::OrderNo,
    regeneration::{self, Regeneration},
};

/// The table that says where such claims stand.
fn table(claimed: Claimed<'_>) -> &'static str {
    match claimed {
        Claimed::Attempt(_) => "attempts",
        Claimed::Regeneration(_) => "regenerations",
    }
}

/// The bodies of the newest entries of a table's rows, by a condition.
fn bodies(db: &Connection, sql: &str, key: &str) -> Result<Vec<String>, JournalError> {
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([key], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// States by their words, as SQL lists them.
fn words(words: impl Iterator<Item = &'static str>) -> String {
    words.map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
}

/// The attempt that holds the lineage or the order itself, if one does: a program that does not know yet that the
/// order belongs to a lineage names another one.
fn holder(db: &Connection, lineage: OrderNo, order: OrderNo) -> Result<Option<Attempt>, JournalError> {
    let free = words(attempt::Kind::ALL.iter().filter(|kind| !kind.blocks()).map(|kind| kind.word()));
    for (column, key) in [("lineage", lineage), ("order_no", order)] {
        let found = bodies(
            db,
            &format!(
                "SELECT e.body FROM attempts a JOIN entries e ON e.seq = a.entry WHERE a.{column} = ?
                 AND a.state NOT IN ({free})"
            ),
            key.as_str(),
        )?;
        if let Some(body) = found.first() {
            return record::attempt(body).map(Some);
        }
    }
    Ok(None)
}

/// Regenerations of which a new order is known or possible, by lineage or parent.
fn regenerated(db: &Connection, column: &str, order: OrderNo) -> Result<Vec<Regeneration>, JournalError> {
    let free = words(regeneration::Kind::ALL.iter().filter(|kind| !kind.blocks()).map(|kind| kind.word()));
    let found = bodies(
        db,
        &format!(
            "SELECT e.body FROM regenerations r JOIN entries e ON e.seq = r.entry
             WHERE r.{column} = ? AND r.state NOT IN ({free})"
        ),
        order.as_str(),
    )?;
    found.iter().map(|body| record::regeneration(body)).collect()
}

/// Whatever speaks against a claim, by what is on disk.
fn may_claim(db: &Connection, claimed: Claimed<'_>) -> Result<(), JournalError> {
    if let Some(holder) = holder(db, claimed.lineage(), claimed.order())? {
        return Err(JournalError::Blocked(Box::new(holder)));
    }
    if let Claimed::Attempt(attempt) = claimed {
        // Its money may still be on its way back: only a new order may be paid.
        let reversed = bodies(
            db,
            "SELECT e.body FROM attempts a JOIN entries e ON e.seq = a.entry
             WHERE a.order_no = ? AND a.state = 'reversed'",
            attempt.order.as_str(),
        )?;
        if let Some(body) = reversed.first() {
            return Err(JournalError::Blocked(Box::new(record::attempt(body)?)));
        }
    }
    let mut in_the_way = regenerated(db, "parent", claimed.order())?;
    if let Claimed::Attempt(attempt) = claimed {
        let of_lineage = regenerated(db, "lineage", attempt.lineage)?;
        in_the_way.extend(of_lineage.into_iter().filter(|regeneration| regeneration.state.is_open()));
    }
    match in_the_way.into_iter().next() {
        Some(regeneration) => Err(JournalError::Regenerated(Box::new(regeneration))),
        None => Ok(()),
    }
}

/// Claims. The transaction holds the lock for writing, so nothing can come in between.
pub(super) fn claim(tx: &Transaction<'_>, author: &Author, claimed: Claimed<'_>) -> Result<(), JournalError> {
    may_claim(tx, claimed)?;
    let seq = entries::append(tx, author, claimed.changed_at(), Some(claimed.order()), &claimed.fact())?;
    tx.prepare_cached(&format!("INSERT INTO {} VALUES (?, ?, ?, ?, ?, ?)", table(claimed)))?.execute((
        claimed.id().to_string(),
        author.program.as_str(),
        claimed.lineage().as_str(),
        claimed.order().as_str(),
        claimed.word(),
        seq,
    ))?;
    Ok(())
}

/// Moves a claim on that still stands in the state `from`.
pub(super) fn advance(
    tx: &Transaction<'_>,
    author: &Author,
    claimed: Claimed<'_>,
    from: &str,
) -> Result<(), JournalError> {
    let seq = entries::append(tx, author, claimed.changed_at(), Some(claimed.order()), &claimed.fact())?;
    let changed = tx
        .prepare_cached(&format!(
            "UPDATE {} SET state = ?, entry = ? WHERE id = ? AND state = ?",
            table(claimed)
        ))?
        .execute((claimed.word(), seq, claimed.id().to_string(), from))?;
    if changed == 0 { Err(JournalError::Overtaken) } else { Ok(()) }
}

/// One attempt as it stands.
pub(super) fn attempt(db: &Connection, id: AttemptId) -> Result<Option<Attempt>, JournalError> {
    let found = bodies(
        db,
        "SELECT e.body FROM attempts a JOIN entries e ON e.seq = a.entry WHERE a.id = ?",
        &id.to_string(),
    )?;
    found.first().map(|body| record::attempt(body)).transpose()
}

/// Attempts between their claim and their outcome whose program has died.
pub(super) fn orphaned_attempts(
    db: &Connection,
    presence: &dyn Presence,
) -> Result<Vec<Attempt>, JournalError> {
    let found = orphans(db, presence, "attempts", "'claimed', 'sending'")?;
    found.iter().map(|body| record::attempt(body)).collect()
}

/// Regenerations whose outcome was not known yet when their program died.
pub(super) fn orphaned_regenerations(
    db: &Connection,
    presence: &dyn Presence,
) -> Result<Vec<Regeneration>, JournalError> {
    let found = orphans(db, presence, "regenerations", "'sending'")?;
    found.iter().map(|body| record::regeneration(body)).collect()
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
