CREATE TABLE documents (
    -- The order of creation, which is the order of commits.
    place INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    list TEXT NOT NULL,
    -- The time by which windows are sorted, in microseconds since 1970.
    updated INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    -- 1: a tombstone.
    deleted INTEGER NOT NULL,
    -- The language of the body.
    format TEXT NOT NULL,
    -- The terms once more, as JSON, so that a write knows which to remove.
    terms TEXT NOT NULL,
    stamps BLOB NOT NULL,
    cause BLOB NOT NULL,
    -- Last, so that the other columns are read without it.
    body BLOB NOT NULL,
    UNIQUE (collection, owner, key)
) STRICT;

CREATE INDEX documents_list ON documents (collection, list, place) WHERE deleted = 0;
CREATE INDEX documents_updated ON documents (collection, list, updated, place) WHERE deleted = 0;
-- For purging.
CREATE INDEX documents_deleted ON documents (updated) WHERE deleted = 1;

CREATE TABLE terms (
    collection TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (collection, name, value, place)
) STRICT, WITHOUT ROWID;

-- The change feed: the newest position of each part of a document.
CREATE TABLE changes (
    position INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    part TEXT NOT NULL,
    UNIQUE (place, part)
) STRICT;

-- Number of documents of a list whose places, divided by 4096, are the bucket: totals, and the way to an offset.
CREATE TABLE buckets (
    collection TEXT NOT NULL,
    list TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (collection, list, bucket)
) STRICT, WITHOUT ROWID;

-- The last place, position and revision that were given out, and the newest position of a tombstone that was purged.
CREATE TABLE counter (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    places INTEGER NOT NULL,
    positions INTEGER NOT NULL,
    revisions INTEGER NOT NULL,
    purged INTEGER NOT NULL
) STRICT;
INSERT INTO counter (id, places, positions, revisions, purged) VALUES (1, 0, 0, 0, 0);
