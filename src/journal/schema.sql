-- Attempts as they stand. One that blocks holds its lineage: the partial index is the claim.
CREATE TABLE attempts (
    id             TEXT PRIMARY KEY,
    owner          TEXT NOT NULL,    -- the running program that made it
    lineage        TEXT NOT NULL,
    order_no       TEXT NOT NULL,
    method         INTEGER NOT NULL,
    amount         TEXT NOT NULL,
    currency       TEXT NOT NULL,
    card_brand     TEXT,
    card_last_four TEXT,
    reusable       INTEGER NOT NULL,
    claimed_at     TEXT NOT NULL,
    sent_at        TEXT,
    changed_at     TEXT NOT NULL,
    unpaid_answers INTEGER NOT NULL,
    state          TEXT NOT NULL,
    code           INTEGER,
    cause          TEXT,
    note           TEXT
) STRICT;

CREATE UNIQUE INDEX one_blocking_attempt_a_lineage ON attempts (lineage)
    WHERE state NOT IN ('reversed', 'rejected', 'notSent', 'notApplied');

-- What happened, never changed: states that attempts entered, and statuses seen of orders.
CREATE TABLE happenings (
    seq        INTEGER PRIMARY KEY,
    at         TEXT NOT NULL,
    order_no   TEXT NOT NULL,
    attempt_id TEXT REFERENCES attempts (id),
    state      TEXT,
    code       INTEGER,
    cause      TEXT,
    note       TEXT,
    status     INTEGER
) STRICT;

CREATE TRIGGER happenings_are_never_changed BEFORE UPDATE ON happenings
    BEGIN SELECT RAISE(ABORT, 'happenings are never changed'); END;
CREATE TRIGGER happenings_are_never_deleted BEFORE DELETE ON happenings
    BEGIN SELECT RAISE(ABORT, 'happenings are never deleted'); END;
