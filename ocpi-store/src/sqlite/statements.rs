//! Statements to the database.

use ocpi_server_traits::{Address, Document, Listing, NewDocument, Precondition, PutOutcome, Query};
use ocpi_types::protocol::Party;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row, ToSql, named_params};

use super::timestamp::{AFTER_ALL, BEFORE_ALL, Timestamp, sortable};

/// Reads a document.
pub(super) fn get(connection: &Connection, at: &Address) -> Result<Option<Document>> {
    let (country, party) = folded(&at.owner);
    connection
        .prepare_cached(
            "SELECT revision, audience, format, written, body FROM documents
             WHERE collection = ? AND country = ? AND party = ? AND key = ?",
        )?
        .query_row((at.collection, country, party, &at.key), read_document)
        .optional()
}

/// Writes a document, if what is there is what was expected. Needs a transaction around it.
pub(super) fn put(
    connection: &Connection,
    at: &Address,
    document: &NewDocument,
    expect: Precondition,
) -> Result<PutOutcome> {
    let known = find(connection, at)?;
    let expected = match (expect, known) {
        (Precondition::Anything, _) | (Precondition::Nothing, None) => true,
        (Precondition::Nothing, Some(_)) | (Precondition::Revision(_), None) => false,
        // A revision that is too large for the database was never given.
        (Precondition::Revision(revision), Some(known)) => i64::try_from(revision) == Ok(known.revision),
    };
    if !expected {
        return Ok(PutOutcome::Conflict);
    }
    let count: i64 = connection
        .prepare_cached("UPDATE counter SET writes = writes + 1 RETURNING writes")?
        .query_row([], |row| row.get(0))?;
    let time = Timestamp::new(document.last_updated);
    let audience = document.audience.as_ref().map(audience).unwrap_or_default();
    match known {
        None => {
            let (country, party) = folded(&at.owner);
            connection
                .prepare_cached(
                    "INSERT INTO documents
                         (place, collection, country, party, key, revision, audience, format, updated, written,
                          body)
                     VALUES
                         (:count, :collection, :country, :party, :key, :count, :audience, :format, :updated,
                          :written, :body)",
                )?
                .execute(named_params! {
                    ":count": count, ":collection": at.collection, ":country": country, ":party": party,
                    ":key": at.key, ":audience": audience, ":format": document.format,
                    ":updated": time.sortable, ":written": time.written, ":body": &*document.body,
                })?;
            Ok(PutOutcome::Created)
        }
        Some(known) => {
            connection
                .prepare_cached(
                    "UPDATE documents
                     SET revision = :count, audience = :audience, format = :format, updated = :updated,
                         written = :written, body = :body
                     WHERE place = :place",
                )?
                .execute(named_params! {
                    ":count": count, ":audience": audience, ":format": document.format,
                    ":updated": time.sortable, ":written": time.written, ":body": &*document.body,
                    ":place": known.place,
                })?;
            Ok(PutOutcome::Updated)
        }
    }
}

/// Deletes a document; `false` if there was none.
pub(super) fn delete(connection: &Connection, at: &Address) -> Result<bool> {
    let (country, party) = folded(&at.owner);
    let deleted = connection
        .prepare_cached(
            "DELETE FROM documents WHERE collection = ? AND country = ? AND party = ? AND key = ?",
        )?
        .execute((at.collection, country, party, &at.key))?;
    Ok(deleted > 0)
}

/// Lists documents, and counts them.
pub(super) fn list(connection: &Connection, query: &Query) -> Result<Listing> {
    // Another process may write between the two statements; inside a transaction they see the same.
    let transaction = connection.unchecked_transaction()?;
    let listing = Listed::new(query).read(&transaction)?;
    transaction.finish()?;
    Ok(listing)
}

/// A query in the terms of the database.
struct Listed<'a> {
    /// The index that serves it. SQLite would choose by guess; with the name it is certain.
    index: &'static str,
    collection: &'static str,
    filter: String,
    values: Vec<(&'static str, Box<dyn ToSql + 'a>)>,
    limit: i64,
    offset: i64,
}

impl<'a> Listed<'a> {
    fn new(query: &'a Query) -> Self {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let mut listed = Self {
            index: "documents_by_place",
            collection: query.collection,
            filter: "collection = :collection".to_owned(),
            values: vec![(":collection", Box::new(query.collection))],
            limit: whole(query.limit),
            offset: whole(query.offset),
        };
        if let Some(owners) = &query.owners {
            listed.of(owners);
        }
        if let Some(parties) = &query.audience {
            listed.audience(parties);
        }
        if query.from.is_some() || query.to.is_some() {
            listed.index = "documents_by_time";
            listed.filter += " AND updated >= :from AND updated < :to";
            listed.value(":from", query.from.map_or_else(|| BEFORE_ALL.to_owned(), sortable));
            listed.value(":to", query.to.map_or_else(|| AFTER_ALL.to_owned(), sortable));
        }
        listed
    }

    fn of(&mut self, owners: &[Party]) {
        self.index = "documents_by_owner";
        if let [owner] = owners {
            // The index then has the right order already.
            let (country, party) = folded(owner);
            self.filter += " AND country = :country AND party = :party";
            self.value(":country", country);
            self.value(":party", party);
        } else {
            // One value however many owners there are: SQLite has a limit for values.
            let owners: Vec<_> = owners.iter().map(folded).collect();
            self.filter +=
                " AND (country, party) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:owners))";
            self.value(":owners", serde_json::json!(owners).to_string());
        }
    }

    fn audience(&mut self, parties: &[Party]) {
        self.index = "documents_by_audience";
        // The empty text stands for everybody.
        let audiences: Vec<_> = parties.iter().map(audience).chain([String::new()]).collect();
        self.filter += " AND audience IN (SELECT value FROM json_each(:audiences))";
        self.value(":audiences", serde_json::json!(audiences).to_string());
    }

    fn value(&mut self, name: &'static str, value: String) {
        self.values.push((name, Box::new(value)));
    }

    fn read(mut self, connection: &Connection) -> Result<Listing> {
        let Self { index, collection, filter, .. } = &self;
        let collection = *collection;
        // Bodies are read for the page only, not for what the offset passes over.
        let page = format!(
            "SELECT revision, audience, format, written, body, country, party, key
             FROM documents WHERE place IN (
                 SELECT place FROM documents INDEXED BY {index} WHERE {filter}
                 ORDER BY place LIMIT :limit OFFSET :offset
             ) ORDER BY place"
        );
        let count = format!("SELECT count(*) FROM documents INDEXED BY {index} WHERE {filter}");
        let total: i64 =
            connection.prepare_cached(&count)?.query_row(&*self.parameters(), |row| row.get(0))?;
        self.values.push((":limit", Box::new(self.limit)));
        self.values.push((":offset", Box::new(self.offset)));
        let documents = connection
            .prepare_cached(&page)?
            .query_map(&*self.parameters(), |row| Ok((read_address(row, collection)?, read_document(row)?)))?
            .collect::<Result<_>>()?;
        Ok(Listing { documents, total: total.unsigned_abs() })
    }

    fn parameters(&self) -> Vec<(&str, &dyn ToSql)> {
        self.values.iter().map(|(name, value)| (*name, &**value)).collect()
    }
}

/// Where a document is in the order, and what a writer must know to change it.
#[derive(Clone, Copy)]
struct Known {
    place: i64,
    revision: i64,
}

fn find(connection: &Connection, at: &Address) -> Result<Option<Known>> {
    let (country, party) = folded(&at.owner);
    connection
        .prepare_cached(
            "SELECT place, revision FROM documents
             WHERE collection = ? AND country = ? AND party = ? AND key = ?",
        )?
        .query_row((at.collection, country, party, &at.key), |row| {
            Ok(Known { place: row.get(0)?, revision: row.get(1)? })
        })
        .optional()
}

/// Revision, audience, format, written time and body, in this order.
fn read_document(row: &Row<'_>) -> Result<Document> {
    let revision: i64 = row.get(0)?;
    let audience: String = row.get(1)?;
    let audience = match audience.split_once('/') {
        Some((country, party)) => Some(read_party(1, country, party)?),
        None => None,
    };
    let written: String = row.get(3)?;
    let body: Vec<u8> = row.get(4)?;
    Ok(Document {
        body: body.into(),
        last_updated: written.parse().map_err(|error| not_ours(3, error))?,
        audience,
        format: row.get(2)?,
        revision: revision.unsigned_abs(),
    })
}

/// Country, party and key, in this order, behind the columns of the document.
fn read_address(row: &Row<'_>, collection: &'static str) -> Result<Address> {
    let (country, party): (String, String) = (row.get(5)?, row.get(6)?);
    Ok(Address { collection, owner: read_party(5, &country, &party)?, key: row.get(7)? })
}

fn read_party(column: usize, country: &str, party: &str) -> Result<Party> {
    Party::new(country, party).map_err(|error| not_ours(column, error))
}

/// A text that this library would not have written.
fn not_ours(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// A party in the one spelling that the database knows.
fn audience(party: &Party) -> String {
    let (country, party) = folded(party);
    format!("{country}/{party}")
}

/// The codes of an owner in the one spelling that the database knows.
fn folded(owner: &Party) -> (String, String) {
    let fold = |code: &str| code.to_ascii_uppercase();
    (fold(owner.country_code.as_str()), fold(owner.party_id.as_str()))
}
