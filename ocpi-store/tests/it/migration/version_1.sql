-- A file as the former store wrote it, and rows that it never would have written.
PRAGMA application_id = 0x4F435049;
PRAGMA user_version = 1;

CREATE TABLE documents (
    place INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    country TEXT NOT NULL,
    party TEXT NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    audience TEXT NOT NULL,
    format TEXT NOT NULL,
    updated TEXT NOT NULL,
    written TEXT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (collection, country, party, key)
) STRICT;
CREATE INDEX documents_by_place ON documents (collection, place);
CREATE INDEX documents_by_owner ON documents (collection, country, party, place);
CREATE INDEX documents_by_time ON documents (collection, updated, country, party, audience);
CREATE INDEX documents_by_audience ON documents (collection, audience, country, party, place);
CREATE TABLE counter (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    writes INTEGER NOT NULL
) STRICT;
INSERT INTO counter (id, writes) VALUES (1, 40);

INSERT INTO documents (place, collection, country, party, key, revision, audience, format, updated, written, body) VALUES
    -- Written first, and changed last.
    (2, 'Location', 'NL', 'ALF', 'depot', 33, '', '2.3.0',
        '2026-11-22T10:00:00.500000000', '2026-11-22T10:00:00.50', CAST('{"id":"DEPOT"}' AS BLOB)),
    (3, 'Location', 'DE', 'EMP', 'depot', 3, '', '2.2.1',
        '2026-11-22T09:00:00.000000000', '2026-11-22T09:00:00Z', x'00FF'),
    (5, 'Token', 'DE', 'EMP', 'card' || char(0) || '7', 9, 'NL/ALF', '2.3.0',
        '2026-11-22T10:00:00.000001999', '2026-11-22T10:00:00.000001999Z', CAST('{}' AS BLOB)),
    (11, 'Location', 'NL', 'ALF', 'yard', 11, '', '2.3.0',
        '2026-11-22T11:00:00.000000000', '2026-11-22T11:00:00Z', CAST('{}' AS BLOB)),
    (12, 'Partner', 'NL', 'ALF', 'emsp', 31, '', '1',
        '2026-11-22T08:00:00.000000000', '2026-11-22T08:00:00Z', CAST('{"token":"t"}' AS BLOB)),
    -- In small letters.
    (13, 'Location', 'nl', 'alf', 'shop', 13, 'de/emp', '2.3.0',
        '2026-11-22T12:00:00.000000000', '2026-11-22T12:00:00Z', CAST('{}' AS BLOB)),
    -- With a time that only the column to compare can tell.
    (14, 'Location', 'NL', 'ALF', 'wharf', 14, '', '', '2026-11-22T13:00:00.000000000', 'one o''clock', x''),

    -- From here on, each lacks something.
    (-1, 'Location', 'NL', 'ALF', 'negative place', 15, '', '2.3.0',
        '2026-11-22T10:00:00.000000000', '2026-11-22T10:00:00Z', x''),
    (20, 'Location', '', 'ALF', 'no country', 16, '', '2.3.0',
        '2026-11-22T10:00:00.000000000', '2026-11-22T10:00:00Z', x''),
    (21, 'Location', 'NL', 'ALFRED', 'long party', 17, '', '2.3.0',
        '2026-11-22T10:00:00.000000000', '2026-11-22T10:00:00Z', x''),
    (22, 'Location', 'NL', 'A>F', 'separator', 18, '', '2.3.0',
        '2026-11-22T10:00:00.000000000', '2026-11-22T10:00:00Z', x''),
    (23, 'Location', 'NL', 'ALF', 'for whom', 19, 'DE', '2.3.0',
        '2026-11-22T10:00:00.000000000', '2026-11-22T10:00:00Z', x''),
    (24, 'Location', 'NL', 'ALF', 'when', 20, '', '2.3.0', 'noon', 'one o''clock', x''),
    (25, 'Location', 'NL', 'ALF', CAST(x'FF' AS TEXT), 21, '', '2.3.0',
        '2026-11-22T10:00:00.000000000', '2026-11-22T10:00:00Z', CAST('{"odd":1}' AS BLOB)),
    (26, 'Location', 'NL', 'ALF', 'format', 22, '', CAST(x'C3' AS TEXT),
        '2026-11-22T10:00:00.000000000', '2026-11-22T10:00:00Z', x''),
    (27, 'Location', 'NL', 'ALF', 'revision', 9223372036854775807, '', '2.3.0',
        '2026-11-22T10:00:00.000000000', '2026-11-22T10:00:00Z', x''),
    (28, 'Location', 'nl', 'alf', 'yard', 24, '', '2.3.0',
        '2026-11-22T10:00:00.000000000', '2026-11-22T10:00:00Z', CAST('the second' AS BLOB));
