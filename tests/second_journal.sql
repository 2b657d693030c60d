-- A journal as version 2 wrote it: a doubt that was cleared, and the next one with two answers "unpaid".
-- Everything that happened, in order: never changed, never deleted. `hash` is SHA-256 over the row and the hash of
-- the row before it, so that a row that was altered, removed or slipped in breaks the chain at its place.
CREATE TABLE entries (
    seq      INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,     -- UTC, RFC 3339
    program  TEXT NOT NULL,     -- the running program that wrote it
    operator TEXT NOT NULL,     -- who sat there
    order_no TEXT,
    kind     TEXT NOT NULL,     -- attempt, regeneration, seen, told, action
    body     TEXT NOT NULL,     -- JSON
    hash     BLOB NOT NULL
) STRICT;

CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;

-- Where attempts stand: each row says what its newest entry says. The partial index is the claim.
CREATE TABLE attempts (
    id       TEXT PRIMARY KEY,
    owner    TEXT NOT NULL,     -- the running program that made it
    lineage  TEXT NOT NULL,
    order_no TEXT NOT NULL,
    state    TEXT NOT NULL,
    entry    INTEGER NOT NULL REFERENCES entries (seq)
) STRICT;

CREATE UNIQUE INDEX one_blocking_attempt_a_lineage ON attempts (lineage)
    WHERE state NOT IN ('reversed', 'rejected', 'notSent', 'notApplied', 'closed');

-- The same for one order, since a program may not have heard yet which lineage it belongs to.
CREATE UNIQUE INDEX one_blocking_attempt_an_order ON attempts (order_no)
    WHERE state NOT IN ('reversed', 'rejected', 'notSent', 'notApplied', 'closed');

-- Where regenerations stand. An order is made anew once.
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
INSERT INTO entries VALUES (1, '2026-11-22T06:00:00Z', '0190b2c4-0000-7000-8000-0000000000aa', 'wei@desk', 'TESTA20261122135802207', 'attempt',
    '{"attemptId":"0190b2c4-0000-7000-8000-000000000001","lineage":"TESTA20261122135802207","orderNo":"TESTA20261122135802207","paymentMethod":1,"amount":"501.90","currency":"EUR","cardBrand":null,"cardLastFour":null,"reusable":false,"claimedAt":"2026-11-22T06:00:00Z","sent":null,"changedAt":"2026-11-22T06:00:00Z","answer":null,"unpaidAnswers":0,"unpaidAt":null,"unpaidLast":null,"state":"claimed"}',
    X'4175a8e820b28315ebefd9d8e044a09032e853cf34a67b1475369031640ee386');
INSERT INTO entries VALUES (2, '2026-11-22T06:00:01Z', '0190b2c4-0000-7000-8000-0000000000aa', 'wei@desk', 'TESTA20261122135802207', 'attempt',
    '{"attemptId":"0190b2c4-0000-7000-8000-000000000001","lineage":"TESTA20261122135802207","orderNo":"TESTA20261122135802207","paymentMethod":1,"amount":"501.90","currency":"EUR","cardBrand":null,"cardLastFour":null,"reusable":false,"claimedAt":"2026-11-22T06:00:00Z","sent":{"at":"2026-11-22T06:00:01Z","boot":"0000000000000007","upMs":1235000},"changedAt":"2026-11-22T06:00:01Z","answer":null,"unpaidAnswers":0,"unpaidAt":null,"unpaidLast":null,"state":"sending"}',
    X'789f0e3b1f1e9cb274563495375d7a43d68dfdf0be171b6f483dcd90a4a6cacd');
INSERT INTO entries VALUES (3, '2026-11-22T06:01:01Z', '0190b2c4-0000-7000-8000-0000000000aa', 'wei@desk', 'TESTA20261122135802207', 'attempt',
    '{"attemptId":"0190b2c4-0000-7000-8000-000000000001","lineage":"TESTA20261122135802207","orderNo":"TESTA20261122135802207","paymentMethod":1,"amount":"501.90","currency":"EUR","cardBrand":null,"cardLastFour":null,"reusable":false,"claimedAt":"2026-11-22T06:00:00Z","sent":{"at":"2026-11-22T06:00:01Z","boot":"0000000000000007","upMs":1235000},"changedAt":"2026-11-22T06:01:01Z","answer":null,"unpaidAnswers":0,"unpaidAt":null,"unpaidLast":null,"state":"inDoubt","cause":"noAnswer"}',
    X'7a563d6cf40ba9a4ab933681a6d817662c698fbd430cb79d2b970dd26f4a261b');
INSERT INTO entries VALUES (4, '2026-11-22T06:03:20Z', '0190b2c4-0000-7000-8000-0000000000aa', 'wei@desk', 'TESTA20261122135802207', 'attempt',
    '{"attemptId":"0190b2c4-0000-7000-8000-000000000001","lineage":"TESTA20261122135802207","orderNo":"TESTA20261122135802207","paymentMethod":1,"amount":"501.90","currency":"EUR","cardBrand":null,"cardLastFour":null,"reusable":false,"claimedAt":"2026-11-22T06:00:00Z","sent":{"at":"2026-11-22T06:00:01Z","boot":"0000000000000007","upMs":1235000},"changedAt":"2026-11-22T06:03:20Z","answer":null,"unpaidAnswers":3,"unpaidAt":{"at":"2026-11-22T06:03:20Z","boot":"0000000000000007","upMs":1434000},"unpaidLast":{"at":"2026-11-22T06:03:20Z","boot":"0000000000000007","upMs":1434000},"state":"notApplied"}',
    X'adcacec09d000e7b3d843783430626e5a00bd87c226b96b396f345731b1ac01a');
INSERT INTO entries VALUES (5, '2026-11-22T06:05:00Z', '0190b2c4-0000-7000-8000-0000000000aa', 'wei@desk', 'TESTA20261122135802207', 'attempt',
    '{"attemptId":"0190b2c4-0000-7000-8000-000000000002","lineage":"TESTA20261122135802207","orderNo":"TESTA20261122135802207","paymentMethod":1,"amount":"501.90","currency":"EUR","cardBrand":null,"cardLastFour":null,"reusable":false,"claimedAt":"2026-11-22T06:00:00Z","sent":null,"changedAt":"2026-11-22T06:05:00Z","answer":null,"unpaidAnswers":0,"unpaidAt":null,"unpaidLast":null,"state":"claimed"}',
    X'f126884dc1e9d42aa426d5b7170f894bd87e70c5e368a6b0ace6a9a0f2b58ec4');
INSERT INTO entries VALUES (6, '2026-11-22T06:05:01Z', '0190b2c4-0000-7000-8000-0000000000aa', 'wei@desk', 'TESTA20261122135802207', 'attempt',
    '{"attemptId":"0190b2c4-0000-7000-8000-000000000002","lineage":"TESTA20261122135802207","orderNo":"TESTA20261122135802207","paymentMethod":1,"amount":"501.90","currency":"EUR","cardBrand":null,"cardLastFour":null,"reusable":false,"claimedAt":"2026-11-22T06:00:00Z","sent":{"at":"2026-11-22T06:05:01Z","boot":"0000000000000007","upMs":1535000},"changedAt":"2026-11-22T06:05:01Z","answer":null,"unpaidAnswers":0,"unpaidAt":null,"unpaidLast":null,"state":"sending"}',
    X'9004477e0b9d37974a4c533a1d7150987e912cb80d8f043682748671122ad9e2');
INSERT INTO entries VALUES (7, '2026-11-22T06:06:01Z', '0190b2c4-0000-7000-8000-0000000000aa', 'wei@desk', 'TESTA20261122135802207', 'attempt',
    '{"attemptId":"0190b2c4-0000-7000-8000-000000000002","lineage":"TESTA20261122135802207","orderNo":"TESTA20261122135802207","paymentMethod":1,"amount":"501.90","currency":"EUR","cardBrand":null,"cardLastFour":null,"reusable":false,"claimedAt":"2026-11-22T06:00:00Z","sent":{"at":"2026-11-22T06:05:01Z","boot":"0000000000000007","upMs":1535000},"changedAt":"2026-11-22T06:06:01Z","answer":null,"unpaidAnswers":2,"unpaidAt":{"at":"2026-11-22T06:06:40Z","boot":"0000000000000007","upMs":1634000},"unpaidLast":{"at":"2026-11-22T06:06:50Z","boot":"0000000000000007","upMs":1644000},"state":"inDoubt","cause":"noAnswer"}',
    X'6fe87035c36f2df1bd9cf5a42aa2ea6a44e8308afa0825cb91cc61819aa8479d');
INSERT INTO entries VALUES (8, '2026-11-22T06:06:02Z', '0190b2c4-0000-7000-8000-0000000000aa', 'wei@desk', 'TESTA20261122135802207', 'seen',
    '{"status":0,"error":null}',
    X'f89222299eceedcb8e8b70428dced414dcb2102ef9d4fc75f20589a2125fba06');
INSERT INTO attempts VALUES ('0190b2c4-0000-7000-8000-000000000001', '0190b2c4-0000-7000-8000-0000000000aa', 'TESTA20261122135802207', 'TESTA20261122135802207', 'notApplied', 4);
INSERT INTO attempts VALUES ('0190b2c4-0000-7000-8000-000000000002', '0190b2c4-0000-7000-8000-0000000000aa', 'TESTA20261122135802207', 'TESTA20261122135802207', 'inDoubt', 7);
PRAGMA user_version = 2;
