//! Documents of pages, kept in memory.

use std::fmt;
use std::sync::Arc;

use ocpi_server_traits::storage::{Address, Document};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// A document with its address.
type Row = (Address, Document);

/// Least bytes of a body that is kept: SQLite gives larger ones pages of their own, and has to go through them.
const LEAST: usize = 1_024;

/// Bytes of a document beside its texts, about.
const OVERHEAD: usize = 256;

/// Keeps the larger documents of pages, by place, up to a number of bytes. Clones share it.
///
/// One is as good as what is in the file only if the file has this very revision at the place, whoever wrote it: no
/// revision of a document comes twice, and no place is given out again.
#[derive(Clone)]
pub(super) struct Kept(Arc<Cache<i64, Arc<Row>, Weigh>>);

#[derive(Clone)]
struct Weigh;

impl Weighter<i64, Arc<Row>> for Weigh {
    fn weight(&self, _: &i64, row: &Arc<Row>) -> u64 {
        let (at, document) = &**row;
        let terms: usize = document.terms.iter().map(|(name, value)| name.len() + value.len() + 48).sum();
        let bytes = document.body.len() + document.stamps.len() + document.cause.len() + terms;
        let texts = at.owner().len() + at.key().len() + document.list.len();
        u64::try_from(bytes + texts + OVERHEAD).unwrap_or(u64::MAX)
    }
}

impl Kept {
    /// Room for this many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let items = usize::try_from(bytes / 4_096).unwrap_or(usize::MAX).clamp(16, 1 << 16);
        Self(Arc::new(Cache::with_weighter(items, bytes, Weigh)))
    }

    /// Returns what is known of a place, whatever its revision.
    pub(super) fn at(&self, place: i64) -> Option<Arc<Row>> {
        self.0.get(&place)
    }

    /// Keeps a document that was read, if it is worth it.
    pub(super) fn keep(&self, place: i64, row: &Row) {
        if row.1.body.len() >= LEAST {
            self.0.insert(place, Arc::new(row.clone()));
        }
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("bytes", &self.0.weight()).finish_non_exhaustive()
    }
}
