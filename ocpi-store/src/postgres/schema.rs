//! Tables.

/// Steps that lead from one version of the tables to the next.
///
/// A step with the next minor number only adds what nodes of the version before can do without: both work on the
/// database at the same time. A step with the next major number locks older nodes out. `§` is the PostgreSQL schema.
pub(super) const STEPS: &[Step] = &[
    Step { version: Version { major: 1, minor: 0 }, statements: FIRST },
    Step { version: Version { major: 1, minor: 1 }, statements: REVISIONS },
];

pub(super) struct Step {
    /// The version to which it leads.
    pub(super) version: Version,
    pub(super) statements: &'static str,
}

/// A version of the tables.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Version {
    pub(super) major: i32,
    pub(super) minor: i32,
}

/// A revision that is not below the last one of any document that left nothing. A sequence, not a row: messages go without a
/// trace all the time, and each would leave a dead row in a table that everybody reads.
const REVISIONS: &str = "CREATE SEQUENCE §.revisions AS bigint;";

/// `place` has no B-tree of its own: the planner would walk through it, past all other lists, instead of using
/// `documents_list`. By a hash it can only be looked up.
const FIRST: &str = r#"
CREATE TABLE §.version (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    major integer NOT NULL,
    minor integer NOT NULL,
    purged bigint NOT NULL DEFAULT 0
);
INSERT INTO §.version (major, minor) VALUES (1, 0);

CREATE SEQUENCE §.counter AS bigint;

CREATE TABLE §.documents (
    place bigint NOT NULL,
    updated bigint NOT NULL,
    revision bigint NOT NULL,
    deleted boolean NOT NULL,
    in_feed boolean NOT NULL,
    collection text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    list text COLLATE "C" NOT NULL,
    format text COLLATE "C" NOT NULL,
    terms text COLLATE "C" NOT NULL,
    stamps bytea NOT NULL,
    cause bytea NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (collection, owner, key)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
CREATE INDEX documents_place ON §.documents USING hash (place);
CREATE INDEX documents_list ON §.documents (collection, list, place) WHERE NOT deleted;
CREATE INDEX documents_updated ON §.documents (collection, list, updated, place) WHERE NOT deleted;
CREATE INDEX documents_deleted ON §.documents (updated) WHERE deleted;

CREATE TABLE §.terms (
    collection text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    place bigint NOT NULL,
    PRIMARY KEY (collection, name, value, place)
);

CREATE TABLE §.changes (
    position bigint PRIMARY KEY,
    place bigint NOT NULL,
    part text COLLATE "C" NOT NULL,
    UNIQUE (place, part)
) WITH (autovacuum_vacuum_scale_factor = 0.02);

CREATE TABLE §.buckets (
    collection text COLLATE "C" NOT NULL,
    list text COLLATE "C" NOT NULL,
    bucket bigint NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (collection, list, bucket)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

DO $$ BEGIN
    EXECUTE 'ALTER TABLE §.documents ALTER COLUMN body SET COMPRESSION lz4';
EXCEPTION WHEN syntax_error OR feature_not_supported OR invalid_parameter_value THEN
    NULL; -- PostgreSQL 13, or built without lz4.
END $$;
"#;
