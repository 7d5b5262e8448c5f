//! Cache of stored objects in the form for a partner, each encoded once per revision.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use ocpi_types::Version;
use ocpi_types::convert::{ConversionError, OfKind, Relation};
use ocpi_types::endpoint::{EncodedPage, EncodedResponse, Encoding, Reply, Resource};
use ocpi_types::json::WritingStyle;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::stored::read;
use crate::Error;
use crate::storage::{Address, Document};

/// Bytes of encodings that are kept, unless [`Objects::with_cache`](super::Objects::with_cache) says otherwise.
pub(super) const DEFAULT_BYTES: u64 = 32 << 20;

/// Bytes of an encoding beside its text, about.
const OVERHEAD: u64 = 128;

/// Keeps the encodings of stored objects, up to a number of bytes. Clones share it.
#[derive(Clone)]
pub(super) struct Encodings {
    kept: Arc<Cache<u128, Encoded, Weigh>>,
    /// Two keys, so that nobody can find two documents with one hash.
    keys: [RandomState; 2],
}

/// An object in the form that a partner gets.
#[derive(Clone)]
enum Encoded {
    /// The stored text, which was read once and is known to be valid.
    AsStored,
    /// Converted, or in a style.
    Text(Arc<EncodedResponse>),
    /// Left out: the version cannot express the object.
    LeftOut(ConversionError),
}

#[derive(Clone)]
struct Weigh;

impl Weighter<u128, Encoded> for Weigh {
    fn weight(&self, _: &u128, encoded: &Encoded) -> u64 {
        let bytes = match encoded {
            Encoded::AsStored | Encoded::LeftOut(_) => 0,
            Encoded::Text(text) => {
                let entries = text.ledger.len() + text.cuts.len();
                text.data.as_ref().map_or(0, Vec::len) + entries * 100
            }
        };
        u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(OVERHEAD)
    }
}

impl Encodings {
    pub(super) fn new(bytes: u64) -> Self {
        let items = usize::try_from(bytes / 4096).unwrap_or(usize::MAX).clamp(16, 1 << 16);
        let kept = Arc::new(Cache::with_weighter(items, bytes, Weigh));
        Self { kept, keys: [RandomState::new(), RandomState::new()] }
    }

    /// Adds an object to a page.
    ///
    /// # Errors
    /// When the document is broken; then nothing was added.
    pub(super) fn add<T: Resource<Root = T> + OfKind>(
        &self,
        page: &mut EncodedPage,
        (at, document): &(Address, Document),
        version: Version,
        style: WritingStyle,
    ) -> Result<(), Error> {
        let key = self.key(at, document, version, &style);
        let encoded = match self.kept.get(&key) {
            Some(encoded) => encoded,
            None => {
                let encoded = encode::<T>(document, version, style)?;
                self.kept.insert(key, encoded.clone());
                encoded
            }
        };
        match encoded {
            Encoded::AsStored => page.push(&document.body),
            Encoded::Text(text) => page.push_encoded(&text),
            Encoded::LeftOut(error) => page.leave_out(error),
        }
        Ok(())
    }

    fn key(&self, at: &Address, document: &Document, version: Version, style: &WritingStyle) -> u128 {
        let WritingStyle { explicit_nulls, times, coordinate_decimals, lengths } = *style;
        let lengths = lengths.map(|ruleset| ruleset.name());
        let facts = (at, document.revision, version, explicit_nulls, times, coordinate_decimals, lengths);
        let [one, other] = &self.keys;
        u128::from(one.hash_one(facts)) << 64 | u128::from(other.hash_one(facts))
    }
}

/// Encodes an object, or finds out that it is sound as it stands.
///
/// Of the facts about a partner only its time zone plays a part between the versions that are encoded here, and who has one
/// is not answered from here. So one encoding is for all.
fn encode<T: Resource<Root = T> + OfKind>(
    document: &Document,
    version: Version,
    style: WritingStyle,
) -> Result<Encoded, Error> {
    let object = read::<T>(document)?;
    // Its policies are those of connections: a bill has to arrive.
    let relation = Relation::default();
    let context = relation.sent();
    let encoding = Encoding { version: Some(version), style, context: &context, ..Encoding::PLAIN };
    if encoding.is_plain::<T>() {
        return Ok(Encoded::AsStored);
    }
    Ok(match object.write(&encoding) {
        Ok(text) => Encoded::Text(Arc::new(text)),
        Err(error) => Encoded::LeftOut(error),
    })
}

impl fmt::Debug for Encodings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encodings").field("bytes", &self.kept.weight()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
