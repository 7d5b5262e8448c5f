//! Files of the former store, which had other tables.

#[cfg(test)]
mod tests;

use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use ocpi_types::DateTime;
use ocpi_types::protocol::Party;
use rusqlite::{Connection, Result, Row};

/// Largest place and revision that is taken over: beyond it new ones could not be given out for ever.
const MOST: i64 = 1 << 53;

/// Columns of a former document, but for its body.
const COLUMNS: &str = "place, collection, country, party, key, revision, audience, format, updated, written";

/// A document that can be understood.
const MIGRATE: &str = "
    INSERT INTO documents
        (place, collection, owner, key, list, updated, revision, deleted, format, terms, stamps, cause, body)
    SELECT place, ?2, ?3, key, ?4, ?5, revision, 0, format, '', x'', x'', body
    FROM former_documents WHERE place = ?1
    ON CONFLICT DO NOTHING";

/// A document that cannot be understood. Without types, every value stays as it is.
const KEEP: &str = "INSERT INTO unmigrated SELECT ?2, * FROM former_documents WHERE place = ?1";

const UNMIGRATED: &str = "
    CREATE TABLE unmigrated
        (reason, place, collection, country, party, key, revision, audience, format, updated, written, body)";

/// Everything that follows from the documents. The feed has them in the order in which they were written last.
const FINISH: &str = "
    INSERT INTO changes (position, place, part)
        SELECT row_number() OVER (ORDER BY revision, place), place, '' FROM documents
        WHERE collection <> 'Partner/1';
    INSERT INTO buckets (collection, list, bucket, n)
        SELECT collection, list, place >> 12, count(*) FROM documents GROUP BY 1, 2, 3;
    UPDATE counter SET
        positions = (SELECT coalesce(max(position), 0) FROM changes),
        places = max(given, (SELECT coalesce(max(place), 0) FROM documents)),
        revisions = max(given, (SELECT coalesce(max(revision), 0) FROM documents))
        FROM (SELECT coalesce(max(writes), 0) AS given FROM former_counter WHERE writes BETWEEN 0 AND 1 << 53);
    DROP TABLE former_documents;
    DROP TABLE former_counter;";

/// Renames the former tables, so that there is room for the new ones.
pub(super) fn set_aside(connection: &Connection) -> std::result::Result<(), StoreError> {
    let aside = || {
        connection.prepare(&format!("SELECT {COLUMNS}, body FROM documents"))?;
        connection.execute_batch(
            "ALTER TABLE documents RENAME TO former_documents; ALTER TABLE counter RENAME TO former_counter",
        )
    };
    aside().map_err(|error: rusqlite::Error| {
        let message = "the tables of the file are not those of its schema version 1";
        StoreError::new(StoreErrorKind::Corrupt, message).with_source(error)
    })
}

/// Takes over the documents of the former tables. None that cannot be understood stands in the way of the others.
pub(super) fn take_over(connection: &Connection) -> Result<()> {
    connection.execute_batch(UNMIGRATED)?;
    let mut is_any_left = false;
    {
        let mut former =
            connection.prepare(&format!("SELECT {COLUMNS} FROM former_documents ORDER BY place"))?;
        let mut migrate = connection.prepare(MIGRATE)?;
        let mut keep = connection.prepare(KEEP)?;
        let mut rows = former.query([])?;
        while let Some(row) = rows.next()? {
            let place: i64 = row.get(0)?;
            let reason = match Migrated::read(row) {
                Ok(Migrated { collection, owner, list, updated }) => {
                    if migrate.execute((place, collection, owner, list, updated))? > 0 {
                        continue;
                    }
                    "an earlier document has the same address"
                }
                Err(reason) => reason,
            };
            keep.execute((place, reason))?;
            is_any_left = true;
        }
    }
    if !is_any_left {
        connection.execute_batch("DROP TABLE unmigrated")?;
    }
    connection.execute_batch(FINISH)
}

/// Counts the documents that could not be taken over.
pub(crate) fn count_unmigrated(connection: &Connection) -> Result<u64> {
    let has_any = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'unmigrated')";
    if !connection.query_row(has_any, [], |row| row.get(0))? {
        return Ok(0);
    }
    connection.query_row("SELECT count(*) FROM unmigrated", [], |row| row.get(0))
}

/// Columns of a document that are made of former ones. The others stay as they are.
struct Migrated<'a> {
    collection: &'a str,
    owner: String,
    list: String,
    updated: i64,
}

impl<'a> Migrated<'a> {
    /// Reads [`COLUMNS`], or says why they cannot be understood.
    fn read(row: &'a Row<'_>) -> std::result::Result<Self, &'static str> {
        let text = |column, reason| {
            let text = row.get_ref(column).ok().and_then(|value| value.as_str().ok());
            text.ok_or(reason)
        };
        let number = |column, reason| {
            let number = row.get::<_, i64>(column).ok().filter(|number| (1..=MOST).contains(number));
            number.ok_or(reason)
        };
        number(0, "the place is out of range")?;
        number(5, "the revision is out of range")?;
        let collection = match text(1, "the collection is no text")? {
            // Whoever knows partners in the new form takes them over from there.
            "Partner" => "Partner/1",
            collection => collection,
        };
        text(4, "the key is no text")?;
        text(7, "the format is no text")?;
        let owner = "the owner is no party";
        let owner = party(text(2, owner)?, text(3, owner)?).ok_or(owner)?;
        let audience = "the audience is no party";
        let list = match text(6, audience)? {
            _ if collection == "Partner/1" => String::new(),
            "" => owner.clone(),
            partner => {
                let (country, id) = partner.split_once('/').ok_or(audience)?;
                // Never more than who was to see it.
                format!("{owner}>{}", party(country, id).ok_or(audience)?)
            }
        };
        let time = |column| text(column, "").ok()?.parse::<DateTime>().ok();
        let updated = time(9).or_else(|| time(8)).ok_or("the time of the last update cannot be read")?;
        Ok(Self { collection, owner, list, updated: updated.to_unix_micros() })
    }
}

/// A party as new addresses and lists spell it, in which `/` and `>` separate.
fn party(country: &str, id: &str) -> Option<String> {
    let party = Party::new(country, id).ok()?;
    let has_separator = [country, id].into_iter().any(|code| code.is_empty() || code.contains(['/', '>']));
    (!has_separator).then(|| party.canonical())
}
