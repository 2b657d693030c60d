-- Everything that happened, in order: never changed, never deleted. `hash` is SHA-256 over the row and the hash of
-- the row before it, so that a row that was altered, removed or slipped in breaks the chain at its place.
CREATE TABLE entries (
    seq      INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,     -- UTC, RFC 3339
    program  TEXT NOT NULL,     -- the running program that wrote it
    operator TEXT NOT NULL,     -- who sat there
    order_no TEXT,
    kind     TEXT NOT NULL,     -- attempt, regeneration, stop, seen, told, action, paused, redaction
    body     TEXT NOT NULL,     -- JSON
    hash     BLOB NOT NULL
) STRICT;

CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;

-- What is known of an order is found without reading what is known of the others. Nothing rests on it: programs that do
-- not know it write it all the same, and one that does not find it makes it.
CREATE INDEX IF NOT EXISTS entries_of_an_order ON entries (order_no) WHERE order_no IS NOT NULL;

-- Where attempts stand: each row says what its newest entry says. The partial index is the claim. A contradiction holds
-- its lineage too, which a claim looks for; but it may arise beside another attempt, and must not be lost for that.
CREATE TABLE attempts (
    id       TEXT PRIMARY KEY,
    owner    TEXT NOT NULL,     -- the running program that made it
    lineage  TEXT NOT NULL,
    order_no TEXT NOT NULL,
    state    TEXT NOT NULL,
    entry    INTEGER NOT NULL REFERENCES entries (seq)
) STRICT;

CREATE UNIQUE INDEX one_blocking_attempt_a_lineage ON attempts (lineage)
    WHERE state NOT IN ('conflict', 'reversed', 'rejected', 'notSent', 'notApplied', 'closed');

-- The same for one order, since a program may not have heard yet which lineage it belongs to.
CREATE UNIQUE INDEX one_blocking_attempt_an_order ON attempts (order_no)
    WHERE state NOT IN ('conflict', 'reversed', 'rejected', 'notSent', 'notApplied', 'closed');

-- Where regenerations stand. An order is regenerated once.
CREATE TABLE regenerations (
    id      TEXT PRIMARY KEY,
    owner   TEXT NOT NULL,
    lineage TEXT NOT NULL,
    parent  TEXT NOT NULL,
    state   TEXT NOT NULL,
    entry   INTEGER NOT NULL REFERENCES entries (seq)
) STRICT;

CREATE UNIQUE INDEX one_regeneration_an_order ON regenerations (parent)
    WHERE state NOT IN ('refused', 'notSent', 'notMade');
