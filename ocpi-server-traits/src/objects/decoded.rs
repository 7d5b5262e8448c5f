//! Cache of recently written objects, in decoded form, for the next update.

use std::any::Any;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use bytes::Bytes;
use ocpi_types::endpoint::Resource;
use ocpi_types::{AnyObject, Node};
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::stored::must_be;
use crate::order::{Stamps, each_object};
use crate::storage::{Address, Document};

/// Bytes of objects that are kept, about.
const BYTES: u64 = 16 << 20;

/// Bytes of an object beside those that grow with its text.
const OVERHEAD: usize = 1_024;

/// Keeps objects with their times, so that an update need not read the text that the one before it wrote. Clones share it.
///
/// One counts only for a document with the very bytes that were written with it, whoever wrote them and whatever became of
/// that write: a write that failed, another node or a purge need no thought here.
#[derive(Clone)]
pub(super) struct Decoded {
    kept: Arc<Cache<u64, Entry, Weigh>>,
    keys: RandomState,
}

/// An object with the bytes that it was written as.
#[derive(Clone)]
pub(super) struct Copy<R> {
    body: Bytes,
    stamps: Bytes,
    pub(super) object: R,
    pub(super) times: Stamps,
}

/// A [`Copy`] of some type.
#[derive(Clone)]
struct Entry {
    copy: Arc<dyn Any + Send + Sync>,
    bytes: u64,
}

#[derive(Clone)]
struct Weigh;

impl Weighter<u64, Entry> for Weigh {
    fn weight(&self, _: &u64, entry: &Entry) -> u64 {
        entry.bytes
    }
}

impl<R> Copy<R> {
    /// An object, and the bytes that it is written as: reading them gives this object with these times.
    pub(super) fn new(body: Bytes, stamps: Bytes, object: R, times: Stamps) -> Self {
        Self { body, stamps, object, times }
    }

    fn is_of(&self, document: &Document) -> bool {
        // Stamps first: they are short, and differ with the text.
        self.stamps == document.stamps && is_same(&self.body, &document.body)
    }

    /// The text and the object made of it, and about as much for each time.
    fn weight(&self) -> u64 {
        let bytes = self.body.len().saturating_mul(2).saturating_add(self.stamps.len().saturating_mul(8));
        u64::try_from(bytes.saturating_add(OVERHEAD)).unwrap_or(u64::MAX)
    }
}

/// Whether bytes are equal. Where the store kept what was written, they are the very same.
fn is_same(one: &Bytes, other: &Bytes) -> bool {
    (one.as_ptr() == other.as_ptr() && one.len() == other.len()) || one == other
}

impl Decoded {
    pub(super) fn new() -> Self {
        // In one piece: a few writers share it, and the largest objects are those that it spares most.
        let options = OptionsBuilder::new()
            .shards(1)
            .estimated_items_capacity(1 << 11)
            .weight_capacity(BYTES)
            .build()
            .ok();
        let kept = match options {
            Some(options) => Cache::with_options(
                options,
                Weigh,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            ),
            None => Cache::with_weighter(1 << 11, BYTES, Weigh),
        };
        Self { kept: Arc::new(kept), keys: RandomState::new() }
    }

    /// Takes out the object of a document, if it is known.
    pub(super) fn take<R: Resource<Root = R>>(&self, at: &Address, document: &Document) -> Option<Copy<R>> {
        let (_, Entry { copy, .. }) = self.kept.remove(&self.key(at))?;
        let copy = copy.downcast::<Copy<R>>().ok()?;
        let is_it = copy.is_of(document) && must_be::<R>(document).is_ok();
        is_it.then(|| Arc::unwrap_or_clone(copy))
    }

    /// Keeps an object until the next update of it.
    pub(super) fn keep<R: Resource<Root = R>>(&self, at: &Address, copy: Copy<R>) {
        let bytes = copy.weight();
        if bytes < BYTES {
            self.kept.insert(self.key(at), Entry { copy: Arc::new(copy), bytes });
        }
    }

    /// Another address with the same key costs a look at the text, and nothing else.
    fn key(&self, at: &Address) -> u64 {
        self.keys.hash_one(at)
    }
}

impl fmt::Debug for Decoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoded").field("bytes", &self.kept.weight()).finish_non_exhaustive()
    }
}

/// Whether an object, with those in it, is read again as it is now: it has no note, which is not written, and no text in
/// the place of a member, which a value may hide.
pub(super) fn is_whole(object: &dyn AnyObject) -> bool {
    each_object(Node::Object(object), &|object| {
        let extra = object.extra();
        !extra.has_notes() && extra.iter().all(|(name, _)| object.info().place(name).is_none())
    })
}

#[cfg(test)]
mod tests;
