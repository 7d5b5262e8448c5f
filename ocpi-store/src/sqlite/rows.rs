//! Single rows: added, changed, removed.

use ocpi_server_traits::storage::{Address, Document};
use rusqlite::{CachedStatement, Connection, Error, Result, ToSql, params_from_iter};

use super::numbers::signed;
use super::statements;
use crate::terms::{Term, without};

/// A row to store.
pub(super) struct NewRow<'a> {
    place: i64,
    document: &'a Document,
    updated: i64,
    revision: i64,
    /// Stamps, cause and body.
    blobs: [&'a [u8]; 3],
}

impl<'a> NewRow<'a> {
    pub(super) fn new(place: i64, document: &'a Document) -> Self {
        let (updated, revision) = (document.micros(), signed(document.revision));
        let blobs = [&*document.stamps, &*document.cause, &*document.body];
        Self { place, document, updated, revision, blobs }
    }

    pub(super) fn insert(&self, connection: &Connection, at: &Address) -> Result<()> {
        let terms = written(&self.document.terms)?;
        let address: [&dyn ToSql; 3] = [&at.collection(), &at.owner(), &at.key()];
        let columns = self.columns(&terms).into_iter().chain(address);
        connection.prepare_cached(statements::INSERT)?.execute(params_from_iter(columns))?;
        Ok(())
    }

    pub(super) fn update(&self, connection: &Connection) -> Result<()> {
        let terms = written(&self.document.terms)?;
        connection.prepare_cached(statements::UPDATE)?.execute(self.columns(&terms))?;
        Ok(())
    }

    /// Changes a document that stays in its list.
    pub(super) fn update_in_list(&self, connection: &Connection) -> Result<()> {
        let terms = written(&self.document.terms)?;
        let [columns @ .., _list, _is_deleted] = self.columns(&terms);
        connection.prepare_cached(statements::UPDATE_IN_LIST)?.execute(columns)?;
        Ok(())
    }

    /// Changes a document that stays in its list and keeps its terms, by [`statements::UPDATE_BODY`].
    pub(super) fn update_body(&self, update: &mut CachedStatement<'_>) -> Result<()> {
        let Self { place, document, updated, revision, blobs: [stamps, cause, body] } = *self;
        update.execute((updated, revision, &document.format, stamps, cause, body, place))?;
        Ok(())
    }

    /// The columns as all other statements number them, list and deletion last.
    fn columns<'b>(&'b self, terms: &'b dyn ToSql) -> [&'b dyn ToSql; 10] {
        let Self { place, document, updated, revision, blobs: [stamps, cause, body] } = self;
        let Document { format, list, is_deleted, .. } = document;
        [updated, revision, format, terms, stamps, cause, body, place, list, is_deleted]
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
    old: &[Term],
    new: &[Term],
) -> Result<()> {
    for (name, value) in without(old, new) {
        let mut statement = connection.prepare_cached(statements::REMOVE_TERM)?;
        statement.execute((collection, name, value, place))?;
    }
    for (name, value) in without(new, old) {
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
