//! Rows of `documents` as columns, to be written many at a time.

use ocpi_server_traits::storage::{Address, Document};
use tokio_postgres::types::{ToSql, Type};

use super::numbers::to_bigint;
use super::terms::to_json;

/// A value of a parameter.
pub(super) type Value<'a> = &'a (dyn ToSql + Sync);

/// Most bytes of a statement, about.
const MOST_BYTES: usize = 16 << 20;

/// Inserts rows.
pub(super) const INSERT: &str = "\
INSERT INTO §.documents
    (place, updated, revision, deleted, in_feed, collection, owner, key, list, format, terms, stamps, cause, body)
SELECT u.place, u.updated, u.revision, u.deleted, u.in_feed, u.collection, u.owner, u.key, u.list, u.format, u.terms,
       u.stamps, u.cause, u.body
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::boolean[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::text[], $13::bytea[], $14::bytea[], $15::bytea[])
     u (old, place, updated, revision, deleted, in_feed, collection, owner, key, list, format, terms, stamps, cause, body)";

/// Replaces rows by their old places. Those that are waited for keep their identity, also when the place is new.
pub(super) const UPDATE: &str = "\
UPDATE §.documents d
SET place = u.place, updated = u.updated, revision = u.revision, deleted = u.deleted, in_feed = u.in_feed, list = u.list,
    format = u.format, terms = u.terms, stamps = u.stamps, cause = u.cause, body = u.body
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::boolean[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::text[], $13::bytea[], $14::bytea[], $15::bytea[])
     u (old, place, updated, revision, deleted, in_feed, collection, owner, key, list, format, terms, stamps, cause, body)
WHERE d.place = u.old";

/// Types of the parameters of [`INSERT`] and [`UPDATE`].
pub(super) const ROW_TYPES: &[Type] = &[
    Type::INT8_ARRAY,
    Type::INT8_ARRAY,
    Type::INT8_ARRAY,
    Type::INT8_ARRAY,
    Type::BOOL_ARRAY,
    Type::BOOL_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::TEXT_ARRAY,
    Type::BYTEA_ARRAY,
    Type::BYTEA_ARRAY,
    Type::BYTEA_ARRAY,
];

/// Columns of some rows.
#[derive(Debug, Default)]
pub(super) struct Rows<'a> {
    old: Vec<i64>,
    place: Vec<i64>,
    updated: Vec<i64>,
    revision: Vec<i64>,
    is_deleted: Vec<bool>,
    is_in_feed: Vec<bool>,
    collection: Vec<&'a str>,
    owner: Vec<&'a str>,
    key: Vec<&'a str>,
    list: Vec<&'a str>,
    format: Vec<&'a str>,
    terms: Vec<String>,
    stamps: Vec<&'a [u8]>,
    cause: Vec<&'a [u8]>,
    body: Vec<&'a [u8]>,
    bytes: usize,
}

impl<'a> Rows<'a> {
    fn push(&mut self, row: &Row<'a>) {
        let Row { at, document, old, place, is_in_feed } = row;
        self.old.push(*old);
        self.place.push(*place);
        self.updated.push(document.micros());
        self.revision.push(to_bigint(document.revision));
        self.is_deleted.push(document.is_deleted);
        self.is_in_feed.push(*is_in_feed);
        self.collection.push(at.collection());
        self.owner.push(at.owner());
        self.key.push(at.key());
        self.list.push(&document.list);
        self.format.push(&document.format);
        self.terms.push(to_json(&document.terms));
        self.stamps.push(&document.stamps);
        self.cause.push(&document.cause);
        self.body.push(&document.body);
        self.bytes += row.size();
    }

    /// Values of [`INSERT`] and [`UPDATE`].
    pub(super) fn values(&self) -> Vec<Value<'_>> {
        vec![
            &self.old,
            &self.place,
            &self.updated,
            &self.revision,
            &self.is_deleted,
            &self.is_in_feed,
            &self.collection,
            &self.owner,
            &self.key,
            &self.list,
            &self.format,
            &self.terms,
            &self.stamps,
            &self.cause,
            &self.body,
        ]
    }
}

/// A row to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) at: &'a Address,
    pub(super) document: &'a Document,
    pub(super) old: i64,
    pub(super) place: i64,
    pub(super) is_in_feed: bool,
}

impl Row<'_> {
    fn size(&self) -> usize {
        self.document.body.len() + self.document.stamps.len() + self.document.cause.len() + 200
    }
}

/// Rows, in as many statements as their bytes need.
#[derive(Debug, Default)]
pub(super) struct Batches<'a>(Vec<Rows<'a>>);

impl<'a> Batches<'a> {
    pub(super) fn push(&mut self, row: &Row<'a>) {
        match self.0.last_mut() {
            Some(last) if last.bytes.saturating_add(row.size()) <= MOST_BYTES => last.push(row),
            _ => {
                let mut rows = Rows::default();
                rows.push(row);
                self.0.push(rows);
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Rows<'a>> {
        self.0.iter()
    }
}
