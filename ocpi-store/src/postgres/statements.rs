//! Statements of writes.

use tokio_postgres::types::Type;

use super::load::COLUMNS;
use super::namespace::Namespace;
use super::rows::{INSERT, ROW_TYPES, UPDATE};

/// A statement, and the types of its parameters.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) types: &'static [Type],
}

/// The statements of a group of writes, in one schema.
#[derive(Debug)]
pub(super) struct Statements {
    /// Whether sessions remember them.
    pub(super) are_prepared: bool,
    /// Begins a transaction.
    pub(super) begin: &'static str,
    pub(super) lock: Statement,
    pub(super) clock: Statement,
    pub(super) order: Statement,
    pub(super) vacant: Statement,
    pub(super) raise: Statement,
    pub(super) next: Statement,
    pub(super) gone: Statement,
    pub(super) forgotten: Statement,
    pub(super) insert: Statement,
    pub(super) update: Statement,
    pub(super) terms_gone: Statement,
    pub(super) terms_new: Statement,
    pub(super) count: Statement,
    pub(super) uncount: Statement,
    pub(super) feed: Statement,
    pub(super) tell: Statement,
    pub(super) head: Statement,
    pub(super) purged: Statement,
}

/// Settings of a transaction that writes, and of it alone. Each statement sees what the lock before it waited for. A
/// node that stops in the middle must not stop the others.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL jit = off; \
                     SET LOCAL enable_seqscan = off; SET LOCAL lock_timeout = '30s'; \
                     SET LOCAL idle_in_transaction_session_timeout = '15s'";

/// [`BEGIN`], and no plan is made twice.
const BEGIN_PREPARED: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL jit = off; \
                              SET LOCAL enable_seqscan = off; SET LOCAL lock_timeout = '30s'; \
                              SET LOCAL idle_in_transaction_session_timeout = '15s'; \
                              SET LOCAL plan_cache_mode = force_generic_plan";

/// Notes the revision of documents that leave nothing. Whoever does so stands in line, so it never goes back.
pub(super) const RAISE: &str = "SELECT setval('§.revisions', greatest(last_value, $1)) FROM §.revisions";

/// Documents by their addresses, as parameters.
const AT: &str = "unnest($1::text[], $2::text[], $3::text[]) a (collection, owner, key) \
                  JOIN §.documents d ON d.collection = a.collection AND d.owner = a.owner AND d.key = a.key";

const ADDRESSES: &[Type] = &[Type::TEXT_ARRAY, Type::TEXT_ARRAY, Type::TEXT_ARRAY];
const LOCK: &[Type] = &[Type::TEXT_ARRAY, Type::TEXT_ARRAY, Type::TEXT_ARRAY, Type::INT8_ARRAY, Type::INT8];
const NUMBER: &[Type] = &[Type::INT8];
const PLACES: &[Type] = &[Type::INT8_ARRAY];
const TERMS: &[Type] = &[Type::TEXT_ARRAY, Type::TEXT_ARRAY, Type::TEXT_ARRAY, Type::INT8_ARRAY];
const BUCKETS: &[Type] = &[Type::TEXT_ARRAY, Type::TEXT_ARRAY, Type::INT8_ARRAY];
const COUNTS: &[Type] = &[Type::TEXT_ARRAY, Type::TEXT_ARRAY, Type::INT8_ARRAY, Type::INT8_ARRAY];
const FEED: &[Type] = &[Type::INT8_ARRAY, Type::INT8_ARRAY, Type::TEXT_ARRAY];
const PURGED: &[Type] = &[Type::INT8, Type::INT8_ARRAY];
const TELL: &[Type] = &[Type::INT8, Type::INT8_ARRAY, Type::TEXT_ARRAY];

impl Statements {
    pub(super) fn new(namespace: &Namespace, are_prepared: bool) -> Self {
        let of = |sql: &str, types| Statement { sql: namespace.sql(sql), types };
        Self {
            are_prepared,
            begin: if are_prepared { BEGIN_PREPARED } else { BEGIN },
            // All are locked. Bodies come of the first job, and of those behind it for as long as there is room.
            lock: of(
                &format!(
                    "WITH locked AS MATERIALIZED ( \
                         SELECT {COLUMNS}, a.job \
                         FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) \
                             a (collection, owner, key, job) \
                         JOIN §.documents d \
                             ON d.collection = a.collection AND d.owner = a.owner AND d.key = a.key \
                         ORDER BY d.place FOR UPDATE OF d), \
                     d AS ( \
                         SELECT l.collection, l.owner, l.key, l.place, l.list, l.updated, l.revision, l.deleted, \
                             l.in_feed, l.format, l.terms, l.stamps, l.cause, l.job, \
                             CASE WHEN l.job = 0 OR sum(octet_length(l.body) + octet_length(l.stamps)) \
                                 OVER (ORDER BY l.job) <= $5 THEN l.body END AS body \
                         FROM locked l) \
                     SELECT {COLUMNS}, d.job FROM d"
                ),
                LOCK,
            ),
            clock: of(
                "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint, \
                     (SELECT last_value FROM §.revisions)",
                &[],
            ),
            order: of("SELECT pg_advisory_xact_lock($1)", NUMBER),
            // It fails in the middle of a pipeline, so that its `COMMIT` stores nothing. The server's log has the comment.
            vacant: of(
                &format!(
                    "SELECT 1 / (count(*) = 0)::integer FROM {AT} \
                     /* ocpi: another node created a document meanwhile; the write is run again */"
                ),
                ADDRESSES,
            ),
            raise: of(RAISE, NUMBER),
            next: of("SELECT setval('§.counter', nextval('§.counter') + $1 - 1) - $1 + 1", NUMBER),
            gone: of(
                "DELETE FROM §.documents d USING unnest($1::bigint[]) u (place) WHERE d.place = u.place",
                PLACES,
            ),
            forgotten: of(
                "DELETE FROM §.changes c USING unnest($1::bigint[]) u (place) WHERE c.place = u.place",
                PLACES,
            ),
            insert: of(INSERT, ROW_TYPES),
            update: of(UPDATE, ROW_TYPES),
            terms_gone: of(
                "DELETE FROM §.terms t \
                 USING unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) u (collection, name, value, place) \
                 WHERE t.collection = u.collection AND t.name = u.name AND t.value = u.value AND t.place = u.place",
                TERMS,
            ),
            terms_new: of(
                "INSERT INTO §.terms (collection, name, value, place) \
                 SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) ON CONFLICT DO NOTHING",
                TERMS,
            ),
            count: of(
                "INSERT INTO §.buckets AS b (collection, list, bucket, n) \
                 SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) \
                 ON CONFLICT (collection, list, bucket) DO UPDATE SET n = b.n + excluded.n",
                COUNTS,
            ),
            uncount: of(
                "DELETE FROM §.buckets b \
                 USING unnest($1::text[], $2::text[], $3::bigint[]) u (collection, list, bucket) \
                 WHERE b.collection = u.collection AND b.list = u.list AND b.bucket = u.bucket AND b.n <= 0",
                BUCKETS,
            ),
            feed: of(
                "INSERT INTO §.changes (position, place, part) \
                 SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[]) \
                 ON CONFLICT (place, part) DO UPDATE SET position = excluded.position",
                FEED,
            ),
            // `next`, `feed` and `head` in one.
            tell: of(
                "WITH base AS MATERIALIZED ( \
                     SELECT setval('§.counter', nextval('§.counter') + $1 - 1) - $1 AS n), \
                 told AS ( \
                     INSERT INTO §.changes (position, place, part) \
                     SELECT base.n + u.number, u.place, u.part \
                     FROM base, unnest($2::bigint[], $3::text[]) WITH ORDINALITY u (place, part, number) \
                     ON CONFLICT (place, part) DO UPDATE SET position = excluded.position \
                     RETURNING position) \
                 SELECT max(position) FROM told",
                TELL,
            ),
            head: of(
                "SELECT greatest((SELECT max(position) FROM §.changes), (SELECT purged FROM §.version), 0)",
                &[],
            ),
            purged: of(
                "UPDATE §.version SET purged = greatest(purged, $1, \
                     (SELECT max(c.position) FROM §.changes c JOIN unnest($2::bigint[]) u (place) USING (place)))",
                PURGED,
            ),
        }
    }

    /// All that a session may have to remember.
    pub(super) fn all(&self) -> [&Statement; 18] {
        let Self { lock, clock, order, vacant, raise, next, gone, forgotten, insert, update, .. } = self;
        let Self { terms_gone, terms_new, count, uncount, feed, tell, head, purged, .. } = self;
        [
            lock, clock, order, vacant, raise, next, gone, forgotten, insert, update, terms_gone, terms_new,
            count, uncount, feed, tell, head, purged,
        ]
    }
}
