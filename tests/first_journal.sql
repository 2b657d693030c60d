-- A journal as version 1 wrote it: one attempt that was refused, and a status that was seen.
CREATE TABLE attempts (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, lineage TEXT NOT NULL, order_no TEXT NOT NULL, method INTEGER NOT NULL,
    amount TEXT NOT NULL, currency TEXT NOT NULL, card_brand TEXT, card_last_four TEXT, reusable INTEGER NOT NULL,
    claimed_at TEXT NOT NULL, sent_at TEXT, changed_at TEXT NOT NULL, unpaid_answers INTEGER NOT NULL,
    state TEXT NOT NULL, code INTEGER, cause TEXT, note TEXT
) STRICT;
CREATE UNIQUE INDEX one_blocking_attempt_a_lineage ON attempts (lineage)
    WHERE state NOT IN ('reversed', 'rejected', 'notSent', 'notApplied');
CREATE TABLE happenings (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, order_no TEXT NOT NULL, attempt_id TEXT REFERENCES attempts (id),
    state TEXT, code INTEGER, cause TEXT, note TEXT, status INTEGER
) STRICT;
CREATE TRIGGER happenings_are_never_changed BEFORE UPDATE ON happenings
    BEGIN SELECT RAISE(ABORT, 'happenings are never changed'); END;
CREATE TRIGGER happenings_are_never_deleted BEFORE DELETE ON happenings
    BEGIN SELECT RAISE(ABORT, 'happenings are never deleted'); END;
INSERT INTO attempts VALUES ('0190b2c4-0000-7000-8000-000000000001', 'p1', 'TESTA20261122135802207',
    'TESTA20261122135802207', 3, '501.90', 'EUR', 'Visa', '1111', 0, '2026-11-22T06:00:00Z', '2026-11-22T06:00:01Z',
    '2026-11-22T06:00:05Z', 0, 'rejected', 403, NULL, NULL);
INSERT INTO happenings VALUES (1, '2026-11-22T06:00:00Z', 'TESTA20261122135802207',
    '0190b2c4-0000-7000-8000-000000000001', 'claimed', NULL, NULL, NULL, NULL);
INSERT INTO happenings VALUES (2, '2026-11-22T06:00:01Z', 'TESTA20261122135802207',
    '0190b2c4-0000-7000-8000-000000000001', 'sending', NULL, NULL, NULL, NULL);
INSERT INTO happenings VALUES (3, '2026-11-22T06:00:05Z', 'TESTA20261122135802207',
    '0190b2c4-0000-7000-8000-000000000001', 'rejected', 403, NULL, NULL, NULL);
INSERT INTO happenings VALUES (4, '2026-11-22T06:00:09Z', 'TESTA20261122135802207', NULL, NULL, NULL, NULL, '604', -3);
PRAGMA user_version = 1;
