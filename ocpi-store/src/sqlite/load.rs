//! Documents as they are stored.

use bytes::Bytes;
use ocpi_server_traits::storage::{Address, Document, Loaded, NewDocument};
use ocpi_types::DateTime;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row};

use super::numbers::unsigned;
use super::statements;

/// Reads documents, without tombstones.
pub(super) fn read(connection: &Connection, at: &[Address]) -> Result<Vec<Option<Document>>> {
    let mut statement = connection.prepare_cached(statements::READ)?;
    at.iter()
        .map(|at| {
            let row = statement.query_row((at.collection(), at.owner(), at.key()), document).optional()?;
            Ok(row.filter(|document| !document.is_deleted))
        })
        .collect()
}

/// Loads a row for a write.
pub(super) fn load(connection: &Connection, at: &Address) -> Result<Option<Loaded>> {
    let mut statement = connection.prepare_cached(statements::LOAD)?;
    let loaded = |row: &Row<'_>| {
        Ok(Loaded { document: document(row)?, place: unsigned(row.get(9)?), is_in_feed: row.get(10)? })
    };
    statement.query_row((at.collection(), at.owner(), at.key()), loaded).optional()
}

/// Reads the first nine columns of a row.
pub(super) fn document(row: &Row<'_>) -> Result<Document> {
    let updated = DateTime::from_unix_micros(row.get(1)?).ok_or_else(|| odd(1, "updated", Type::Integer))?;
    let revision = unsigned(row.get(2)?);
    if row.get(3)? {
        return Ok(Document::tombstone(row.get(0)?, updated, revision, bytes(row, 6)?));
    }
    let new = NewDocument::new(bytes(row, 8)?, row.get::<_, String>(4)?, updated)
        .in_list(row.get::<_, String>(0)?)
        .with_stamps(bytes(row, 6)?)
        .with_cause(bytes(row, 7)?);
    let mut document = Document::written(new, revision);
    document.terms = terms(row.get_ref(5)?.as_str()?)?;
    Ok(document)
}

fn bytes(row: &Row<'_>, column: usize) -> Result<Bytes> {
    Ok(Bytes::copy_from_slice(row.get_ref(column)?.as_blob()?))
}

fn terms(text: &str) -> Result<Vec<(String, String)>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    // Without the cause, which might quote a term.
    serde_json::from_str(text).map_err(|_| odd(5, "terms", Type::Text))
}

fn odd(column: usize, name: &str, kind: Type) -> Error {
    Error::InvalidColumnType(column, name.to_owned(), kind)
}
