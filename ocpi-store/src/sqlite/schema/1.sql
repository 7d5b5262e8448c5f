CREATE TABLE documents (
    -- The order of first writing.
    place INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    -- The owner, in upper case.
    country TEXT NOT NULL,
    party TEXT NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    -- The party it is for, in upper case with a slash between the codes; empty: everybody.
    audience TEXT NOT NULL,
    -- What the body is written in.
    format TEXT NOT NULL,
    -- The time of the last update, to compare: UTC with nanoseconds, always of the same width.
    updated TEXT NOT NULL,
    -- The same time as it was written.
    written TEXT NOT NULL,
    -- Last, so that the other columns are read without it.
    body BLOB NOT NULL,
    UNIQUE (collection, country, party, key)
) STRICT;

-- One for each way to list. Those with more columns than they sort by spare a look at the table.
CREATE INDEX documents_by_place ON documents (collection, place);
CREATE INDEX documents_by_owner ON documents (collection, country, party, place);
CREATE INDEX documents_by_time ON documents (collection, updated, country, party, audience);
CREATE INDEX documents_by_audience ON documents (collection, audience, country, party, place);

-- Counts writes, for places and revisions. It outlives the documents: a number is never given twice.
CREATE TABLE counter (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    writes INTEGER NOT NULL
) STRICT;
INSERT INTO counter (id, writes) VALUES (1, 0);
