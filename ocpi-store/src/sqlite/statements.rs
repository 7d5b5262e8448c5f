//! Statements to the database. All of them have a constant text, so that each is prepared once, and a test can look at the
//! plans of all.
//!
//! Whatever lists documents names its index: with a wrong one it cannot be prepared, and no guess of the planner can make a
//! page slow. The partial indexes are only taken with a literal `deleted = 0`. A window goes on in two ranges, documents of
//! the same time and those of later times: of `(updated, place) > (?, ?)`, SQLite would use the first column only.

/// A document by its address.
pub(super) const READ: &str = "
    SELECT list, updated, revision, deleted, format, terms, stamps, cause, body
    FROM documents WHERE collection = ?1 AND owner = ?2 AND key = ?3";

/// A document by its address, for a write.
pub(super) const LOAD: &str = "
    SELECT list, updated, revision, deleted, format, terms, stamps, cause, body, place,
        EXISTS (SELECT 1 FROM changes WHERE changes.place = documents.place)
    FROM documents WHERE collection = ?1 AND owner = ?2 AND key = ?3";

/// A document by its place.
pub(super) const ROW: &str = "
    SELECT list, updated, revision, deleted, format, terms, stamps, cause, body, owner, key
    FROM documents WHERE place = ?1";

/// Revision of the document at a place. What stands before it in the row is short, so the body is not looked at.
pub(super) const REVISION: &str = "SELECT revision FROM documents WHERE place = ?1";

/// Places of a list, behind a place.
pub(super) const PLACES: &str = "
    SELECT place FROM documents INDEXED BY documents_list
    WHERE deleted = 0 AND collection = ?1 AND list = ?2 AND place > ?3 ORDER BY place LIMIT ?4 OFFSET ?5";

/// Places of a list with a time, behind a place.
pub(super) const SAME_TIME: &str = "
    SELECT updated, place FROM documents INDEXED BY documents_updated
    WHERE deleted = 0 AND collection = ?1 AND list = ?2 AND updated = ?3 AND place > ?4 ORDER BY place LIMIT ?5";

/// Times and places of a list between two times, both excluded.
pub(super) const LATER: &str = "
    SELECT updated, place FROM documents INDEXED BY documents_updated
    WHERE deleted = 0 AND collection = ?1 AND list = ?2 AND updated > ?3 AND updated < ?4
    ORDER BY updated, place LIMIT ?5 OFFSET ?6";

/// Number of documents of a list in a window.
pub(super) const COUNT_WINDOW: &str = "
    SELECT count(*) FROM documents INDEXED BY documents_updated
    WHERE deleted = 0 AND collection = ?1 AND list = ?2 AND updated >= ?3 AND updated < ?4";

/// The first list of a collection that has this name or a later one.
pub(super) const NEXT_LIST: &str =
    "SELECT list FROM buckets WHERE collection = ?1 AND list >= ?2 ORDER BY list LIMIT 1";

/// Number of documents of a list.
pub(super) const COUNT_LIST: &str =
    "SELECT coalesce(sum(n), 0) FROM buckets WHERE collection = ?1 AND list = ?2";

/// Number of documents of a collection.
pub(super) const COUNT_ALL: &str = "SELECT coalesce(sum(n), 0) FROM buckets WHERE collection = ?1";

/// Buckets of a list.
pub(super) const BUCKETS: &str =
    "SELECT bucket, n FROM buckets WHERE collection = ?1 AND list = ?2 ORDER BY bucket";

/// Buckets of a collection.
pub(super) const ALL_BUCKETS: &str =
    "SELECT list, bucket, n FROM buckets WHERE collection = ?1 ORDER BY list, bucket";

/// Documents with a term, behind a place.
pub(super) const WITH_TERM: &str = "
    SELECT t.place, d.list, d.updated FROM terms AS t CROSS JOIN documents AS d ON d.place = t.place
    WHERE t.collection = ?1 AND t.name = ?2 AND t.value = ?3 AND t.place > ?4 ORDER BY t.place";

/// Whether a document has a term.
pub(super) const HAS_TERM: &str =
    "SELECT 1 FROM terms WHERE collection = ?1 AND name = ?2 AND value = ?3 AND place = ?4";

/// Whether more than so many documents have a term.
pub(super) const MORE_WITH_TERM: &str =
    "SELECT 1 FROM terms WHERE collection = ?1 AND name = ?2 AND value = ?3 LIMIT 1 OFFSET ?4";

/// Number of documents with a term.
pub(super) const COUNT_TERM: &str =
    "SELECT count(*) FROM terms WHERE collection = ?1 AND name = ?2 AND value = ?3";

/// The change feed behind a position.
pub(super) const FEED: &str = "
    SELECT c.position, c.part, d.collection, d.owner, d.key, d.revision, d.deleted
    FROM changes AS c CROSS JOIN documents AS d ON d.place = c.place
    WHERE c.position > ?1 ORDER BY c.position LIMIT ?2";

/// The newest position of the change feed. With the counter, writes that are not in the feed would wake its readers.
pub(super) const HEAD: &str = "
    SELECT max(coalesce((SELECT max(position) FROM changes), 0), purged) FROM counter WHERE id = 1";

/// A number that is another one when others have written to the file.
pub(super) const VERSION: &str = "PRAGMA data_version";

/// The numbers that were given out.
pub(super) const COUNTER: &str = "SELECT places, positions, revisions, purged FROM counter WHERE id = 1";

/// Keeps the numbers that were given out.
pub(super) const SET_COUNTER: &str =
    "UPDATE counter SET places = ?1, positions = ?2, revisions = ?3, purged = ?4 WHERE id = 1";

/// Adds a document.
pub(super) const INSERT: &str = "
    INSERT INTO documents
        (updated, revision, format, terms, stamps, cause, body, place, list, deleted, collection, owner, key)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// Changes a document that stays in its list. Fewer columns than [`UPDATE`]: the index of lists is not touched.
pub(super) const UPDATE_IN_LIST: &str = "
    UPDATE documents
    SET updated = ?1, revision = ?2, format = ?3, terms = ?4, stamps = ?5, cause = ?6, body = ?7
    WHERE place = ?8";

/// Changes a document that stays in its list and keeps its terms.
pub(super) const UPDATE_BODY: &str = "
    UPDATE documents SET updated = ?1, revision = ?2, format = ?3, stamps = ?4, cause = ?5, body = ?6 WHERE place = ?7";

/// Changes a document.
pub(super) const UPDATE: &str = "
    UPDATE documents
    SET updated = ?1, revision = ?2, format = ?3, terms = ?4, stamps = ?5, cause = ?6, body = ?7, list = ?9,
        deleted = ?10
    WHERE place = ?8";

/// Removes a document.
pub(super) const DELETE: &str = "DELETE FROM documents WHERE place = ?1";

/// Adds a term.
pub(super) const ADD_TERM: &str =
    "INSERT INTO terms (collection, name, value, place) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";

/// Removes a term.
pub(super) const REMOVE_TERM: &str =
    "DELETE FROM terms WHERE collection = ?1 AND name = ?2 AND value = ?3 AND place = ?4";

/// Tells a change of a part, in the place of the one before.
pub(super) const TELL: &str = "
    INSERT INTO changes (position, place, part) VALUES (?1, ?2, ?3)
    ON CONFLICT (place, part) DO UPDATE SET position = excluded.position";

/// Removes a document from the change feed.
pub(super) const UNTELL: &str = "DELETE FROM changes WHERE place = ?1";

/// The newest position of a document in the change feed.
pub(super) const NEWEST: &str = "SELECT coalesce(max(position), 0) FROM changes WHERE place = ?1";

/// Adds to a bucket.
pub(super) const ADD_TO_BUCKET: &str = "
    INSERT INTO buckets (collection, list, bucket, n) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (collection, list, bucket) DO UPDATE SET n = n + excluded.n";

/// Removes a bucket that is empty.
pub(super) const REMOVE_BUCKET: &str =
    "DELETE FROM buckets WHERE collection = ?1 AND list = ?2 AND bucket = ?3 AND n <= 0";

/// The oldest tombstones.
pub(super) const OLD_TOMBSTONES: &str = "
    SELECT place FROM documents INDEXED BY documents_deleted
    WHERE deleted = 1 AND updated < ?1 ORDER BY updated LIMIT ?2";

/// All of them.
#[cfg(test)]
pub(super) const ALL: &[&str] = &[
    READ,
    LOAD,
    ROW,
    REVISION,
    PLACES,
    SAME_TIME,
    LATER,
    COUNT_WINDOW,
    NEXT_LIST,
    COUNT_LIST,
    COUNT_ALL,
    BUCKETS,
    ALL_BUCKETS,
    WITH_TERM,
    HAS_TERM,
    MORE_WITH_TERM,
    COUNT_TERM,
    FEED,
    HEAD,
    VERSION,
    COUNTER,
    SET_COUNTER,
    INSERT,
    UPDATE_IN_LIST,
    UPDATE_BODY,
    UPDATE,
    DELETE,
    ADD_TERM,
    REMOVE_TERM,
    TELL,
    UNTELL,
    NEWEST,
    ADD_TO_BUCKET,
    REMOVE_BUCKET,
    OLD_TOMBSTONES,
];
