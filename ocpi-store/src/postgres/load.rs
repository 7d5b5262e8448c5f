//! Documents from rows.

use bytes::Bytes;
use ocpi_server_traits::storage::{Address, Document, Loaded, NewDocument, StoreError};
use tokio_postgres::{Error, Row};

use super::error::explain;
use super::numbers::{from_bigint, time};
use super::terms::from_json;

/// Columns of `documents d` that [`row`] reads, in this order.
pub(super) const COLUMNS: &str = "d.collection, d.owner, d.key, d.place, d.list, d.updated, d.revision, d.deleted, \
                                  d.in_feed, d.format, d.terms, d.stamps, d.cause, d.body";

/// Number of the column `body`.
const BODY: usize = 13;

/// Whether a row that may have come without its body has it.
pub(super) fn has_body(row: &Row) -> Result<bool, StoreError> {
    row.try_get(BODY).map(|body: Option<&[u8]>| body.is_some()).map_err(explain)
}

/// A row of `documents`.
pub(super) fn row(row: &Row) -> Result<(Address, Loaded), StoreError> {
    let columns = Columns::read(row).map_err(explain)?;
    let revision = from_bigint(columns.revision)?;
    let time = time(columns.updated)?;
    let document = if columns.is_deleted {
        Document::tombstone(columns.list, time, revision, columns.stamps)
    } else {
        let new = NewDocument::new(columns.body, columns.format, time)
            .in_list(columns.list)
            .with_stamps(columns.stamps)
            .with_cause(columns.cause);
        let mut document = Document::written(new, revision);
        document.terms = from_json(columns.terms)?;
        document
    };
    let place = from_bigint(columns.place)?;
    Ok((columns.at, Loaded { document, place, is_in_feed: columns.is_in_feed }))
}

struct Columns<'a> {
    at: Address,
    place: i64,
    list: String,
    updated: i64,
    revision: i64,
    is_deleted: bool,
    is_in_feed: bool,
    format: String,
    terms: &'a str,
    stamps: Bytes,
    cause: Bytes,
    body: Bytes,
}

impl<'a> Columns<'a> {
    fn read(row: &'a Row) -> Result<Self, Error> {
        Ok(Self {
            at: Address::new(
                row.try_get::<_, String>(0)?,
                row.try_get::<_, String>(1)?,
                row.try_get::<_, String>(2)?,
            ),
            place: row.try_get(3)?,
            list: row.try_get(4)?,
            updated: row.try_get(5)?,
            revision: row.try_get(6)?,
            is_deleted: row.try_get(7)?,
            is_in_feed: row.try_get(8)?,
            format: row.try_get(9)?,
            terms: row.try_get(10)?,
            stamps: bytes(row, 11)?,
            cause: bytes(row, 12)?,
            body: bytes(row, BODY)?,
        })
    }
}

fn bytes(row: &Row, column: usize) -> Result<Bytes, Error> {
    Ok(Bytes::copy_from_slice(row.try_get(column)?))
}
