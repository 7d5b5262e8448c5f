//! Numbers of documents by list and bucket of places: totals, and the way to an offset.

use std::collections::BTreeMap;

use ocpi_server_traits::storage::{Address, Lists, Query};
use rusqlite::{Connection, Result};

use super::numbers::unsigned;
use super::statements;

/// Places of a bucket, as a power of two.
const PLACES: u32 = 12;

/// Changes of buckets that a group of writes makes.
#[derive(Default)]
pub(super) struct Buckets(BTreeMap<(String, String, i64), i64>);

impl Buckets {
    pub(super) fn count(&mut self, at: &Address, list: &str, place: i64, documents: i64) {
        let bucket = (at.collection().to_owned(), list.to_owned(), place >> PLACES);
        *self.0.entry(bucket).or_default() += documents;
    }

    pub(super) fn store(self, connection: &Connection) -> Result<()> {
        for ((collection, list, bucket), added) in self.0 {
            if added != 0 {
                let mut statement = connection.prepare_cached(statements::ADD_TO_BUCKET)?;
                statement.execute((&collection, &list, bucket, added))?;
            }
            if added < 0 {
                let mut statement = connection.prepare_cached(statements::REMOVE_BUCKET)?;
                statement.execute((collection, list, bucket))?;
            }
        }
        Ok(())
    }
}

/// Counts the documents of the lists of a query.
pub(super) fn total(connection: &Connection, query: &Query) -> Result<u64> {
    let sum = match query.wanted_lists() {
        Lists::All => {
            let mut statement = connection.prepare_cached(statements::COUNT_ALL)?;
            statement.query_row([query.collection()], |row| row.get::<_, i64>(0))?
        }
        Lists::These(lists) => {
            let mut statement = connection.prepare_cached(statements::COUNT_LIST)?;
            let mut sum = 0;
            for list in lists {
                let n: i64 = statement.query_row((query.collection(), list), |row| row.get(0))?;
                sum += n;
            }
            sum
        }
    };
    Ok(unsigned(sum))
}

/// Returns the lists of a collection, from a name on.
pub(super) fn next_list(connection: &Connection, collection: &str, from: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached(statements::NEXT_LIST)?;
    let mut rows = statement.query((collection, from))?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

/// The smallest text that is larger.
pub(super) fn after(list: &str) -> String {
    format!("{list}\0")
}

/// Beginning of a page that is asked for by its offset.
pub(super) struct Jump {
    /// The list, where all are read.
    pub(super) list: String,
    /// The place before the first of the bucket.
    pub(super) after: i64,
    /// Documents to pass over, fewer than there are in a bucket.
    pub(super) rest: u64,
}

/// Finds the bucket with the document at an offset; `None` past the end.
pub(super) fn jump(connection: &Connection, query: &Query, offset: u64) -> Result<Option<Jump>> {
    match query.wanted_lists() {
        Lists::All => {
            let mut statement = connection.prepare_cached(statements::ALL_BUCKETS)?;
            let rows = statement.query_map([query.collection()], |row| {
                Ok(((row.get::<_, String>(0)?, row.get(1)?), row.get(2)?))
            })?;
            find(rows, offset)
        }
        Lists::These(lists) => {
            let mut statement = connection.prepare_cached(statements::BUCKETS)?;
            let mut sums = BTreeMap::<i64, i64>::new();
            for list in lists {
                let mut rows = statement.query((query.collection(), list))?;
                while let Some(row) = rows.next()? {
                    *sums.entry(row.get(0)?).or_default() += row.get::<_, i64>(1)?;
                }
            }
            find(sums.into_iter().map(|(bucket, n)| Ok(((String::new(), bucket), n))), offset)
        }
    }
}

fn find(buckets: impl Iterator<Item = Result<((String, i64), i64)>>, mut rest: u64) -> Result<Option<Jump>> {
    for bucket in buckets {
        let ((list, bucket), n) = bucket?;
        let n = unsigned(n);
        if rest < n {
            return Ok(Some(Jump { list, after: (bucket << PLACES) - 1, rest }));
        }
        rest -= n;
    }
    Ok(None)
}
