//! Single rows: added, changed, removed.

use ocpi_server_traits::storage::{Address, Document};
use rusqlite::{Connection, Error, Result, params};

use super::numbers::signed;
use super::statements;

/// A row to store.
pub(super) struct NewRow<'a> {
    place: i64,
    document: &'a Document,
    revision: i64,
    terms: String,
}

impl<'a> NewRow<'a> {
    pub(super) fn new(place: i64, document: &'a Document) -> Result<Self> {
        let terms = written(&document.terms)?;
        Ok(Self { place, document, revision: signed(document.revision), terms })
    }

    pub(super) fn insert(&self, connection: &Connection, at: &Address) -> Result<()> {
        let Self { place, document, revision, terms } = self;
        let Document { format, stamps, cause, body, list, is_deleted, .. } = document;
        connection.prepare_cached(statements::INSERT)?.execute(params![
            document.micros(),
            revision,
            format,
            terms,
            &**stamps,
            &**cause,
            &**body,
            place,
            list,
            is_deleted,
            at.collection(),
            at.owner(),
            at.key(),
        ])?;
        Ok(())
    }

    pub(super) fn update(&self, connection: &Connection) -> Result<()> {
        let Self { place, document, revision, terms } = self;
        let Document { format, stamps, cause, body, list, is_deleted, .. } = document;
        connection.prepare_cached(statements::UPDATE)?.execute(params![
            document.micros(),
            revision,
            format,
            terms,
            &**stamps,
            &**cause,
            &**body,
            place,
            list,
            is_deleted,
        ])?;
        Ok(())
    }

    /// Changes a document that stays in its list.
    pub(super) fn update_in_list(&self, connection: &Connection) -> Result<()> {
        let Self { place, document, revision, terms } = self;
        let Document { format, stamps, cause, body, .. } = document;
        connection.prepare_cached(statements::UPDATE_IN_LIST)?.execute(params![
            document.micros(),
            revision,
            format,
            terms,
            &**stamps,
            &**cause,
            &**body,
            place,
        ])?;
        Ok(())
    }
}

/// Removes a row, and what the feed has of it.
pub(super) fn delete(connection: &Connection, place: i64) -> Result<()> {
    connection.prepare_cached(statements::UNTELL)?.execute([place])?;
    connection.prepare_cached(statements::DELETE)?.execute([place])?;
    Ok(())
}

/// Replaces the terms of a document.
pub(super) fn set_terms(
    connection: &Connection,
    collection: &str,
    place: i64,
    old: &[(String, String)],
    new: &[(String, String)],
) -> Result<()> {
    for (name, value) in old.iter().filter(|term| !new.contains(term)) {
        let mut statement = connection.prepare_cached(statements::REMOVE_TERM)?;
        statement.execute((collection, name, value, place))?;
    }
    for (name, value) in new.iter().filter(|term| !old.contains(term)) {
        let mut statement = connection.prepare_cached(statements::ADD_TERM)?;
        statement.execute((collection, name, value, place))?;
    }
    Ok(())
}

/// Terms as JSON. SQLite never looks into it, so a NUL in a term is no matter.
fn written(terms: &[(String, String)]) -> Result<String> {
    if terms.is_empty() {
        return Ok(String::new());
    }
    serde_json::to_string(terms).map_err(|error| Error::ToSqlConversionFailure(error.into()))
}
