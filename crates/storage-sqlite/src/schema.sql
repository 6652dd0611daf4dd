-- Everything here can be built again from the log. Times are microseconds since 1970; keys are 16 bytes;
-- bodies are coded as src/codec.rs says. Streams go by their place in event_log::Stream::ALL.

CREATE TABLE epochs (role TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE positions (
    role TEXT NOT NULL, stream INTEGER NOT NULL, part INTEGER NOT NULL, next INTEGER NOT NULL, epoch INTEGER NOT NULL,
    PRIMARY KEY (role, stream, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE progress (
    role TEXT NOT NULL, stream INTEGER NOT NULL, caught_up_at INTEGER NOT NULL,
    PRIMARY KEY (role, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE seen (
    role TEXT NOT NULL, event BLOB NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (role, event)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    role TEXT NOT NULL, stream INTEGER NOT NULL, key BLOB NOT NULL, event BLOB NOT NULL, body BLOB NOT NULL,
    UNIQUE (role, stream, event)
) STRICT;

CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, record BLOB NOT NULL, person BLOB
) STRICT;

-- facts: what a view reads; upkeep: what only folding reads.
CREATE TABLE records (
    record BLOB PRIMARY KEY, facts BLOB NOT NULL, upkeep BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- kind 1 is a CHI number, kind 2 an NHS number.
CREATE TABLE identifiers (
    kind INTEGER NOT NULL, value TEXT NOT NULL, record BLOB NOT NULL,
    PRIMARY KEY (kind, value, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifiers_by_record ON identifiers (record);

-- held is 0 for the trace of an item that was removed.
CREATE TABLE items (
    record BLOB NOT NULL, kind INTEGER NOT NULL, instance TEXT NOT NULL, held INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (record, kind, instance)
) STRICT, WITHOUT ROWID;

-- status as in the codec; by_index is 1 where the record stands for its own person.
CREATE TABLE links (
    record BLOB PRIMARY KEY, person BLOB NOT NULL, status INTEGER NOT NULL, by_index INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_person ON links (person);

-- scope 0 moves the record, scope 1 only its data.
CREATE TABLE redirects (
    origin BLOB NOT NULL, scope INTEGER NOT NULL, survivor BLOB NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (origin, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX redirects_by_survivor ON redirects (survivor);

CREATE TABLE never_links (
    record BLOB NOT NULL, person BLOB NOT NULL,
    PRIMARY KEY (record, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE reviews (
    review BLOB PRIMARY KEY, record BLOB NOT NULL, raised_at INTEGER NOT NULL, body BLOB NOT NULL, closing BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX reviews_by_record ON reviews (record);
CREATE INDEX reviews_open ON reviews (raised_at, review) WHERE closing IS NULL;

CREATE TABLE assignments (
    record BLOB NOT NULL, person BLOB NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (record, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE leaves (
    place INTEGER PRIMARY KEY, disclosure BLOB NOT NULL, person BLOB NOT NULL, hash BLOB NOT NULL,
    part INTEGER NOT NULL, lies_at INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX leaves_by_person ON leaves (person);
CREATE INDEX leaves_by_disclosure ON leaves (disclosure);

CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL, signed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE launch_codes (
    code BLOB PRIMARY KEY, body BLOB NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token BLOB PRIMARY KEY, session BLOB NOT NULL, body BLOB NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_session ON sessions (session);

-- state: 0 blocking, 1 waiting, 2 quarantined, 3 replayed, 4 skipped.
CREATE TABLE parked (
    role TEXT NOT NULL, event BLOB NOT NULL, key BLOB NOT NULL, authority TEXT, stream INTEGER NOT NULL,
    part INTEGER NOT NULL, lies_at INTEGER NOT NULL, event_type TEXT NOT NULL, reason TEXT NOT NULL,
    since INTEGER NOT NULL, state INTEGER NOT NULL,
    PRIMARY KEY (role, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_open ON parked (key) WHERE state <= 1;

CREATE TABLE feeds (
    authority TEXT PRIMARY KEY, last_heard INTEGER,
    accepted INTEGER NOT NULL DEFAULT 0, applied INTEGER NOT NULL DEFAULT 0, superseded INTEGER NOT NULL DEFAULT 0,
    parked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
