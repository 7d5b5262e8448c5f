//! Where objects are kept: a small trait over JSON documents, and its in-memory form.
//!
//! Whoever implements [`Store`] gets every regular endpoint for free, through [`Objects`](crate::Objects).

mod document;
mod memory;

use std::fmt;
use std::future::Future;

use ocpi_types::DateTime;
use ocpi_types::endpoint::{Owned, Resource};
use ocpi_types::protocol::Party;

pub use document::{Document, NewDocument};
pub use memory::Memory;

/// Where a document is kept.
///
/// ```
/// use ocpi_server_traits::Address;
/// use ocpi_types::endpoint::{LocationKey, Owned};
/// use ocpi_types::protocol::Party;
/// use ocpi_types::v2_3_0::locations::Location;
/// let key = LocationKey { location_id: "LOC1".parse()? };
/// let at = Address::of::<Location>(&Owned { owner: Party::new("NL", "ALF")?, key });
/// assert_eq!((at.collection, at.key.as_str()), ("Location", "loc1"));
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Address {
    /// The kind of document.
    pub collection: &'static str,
    /// The owner. Parties that differ in case only are the same.
    pub owner: Party,
    /// The identity inside collection and owner.
    pub key: String,
}

impl Address {
    /// Where a resource, or the object that holds it, is kept.
    pub fn of<T: Resource>(at: &Owned<T::Key>) -> Self {
        use ocpi_types::Object;
        use ocpi_types::endpoint::Key;
        Self {
            collection: T::Root::INFO.name,
            owner: at.owner.clone(),
            key: T::root_key(&at.key).canonical(),
        }
    }
}

/// The key may be the number of a driver's card: its size is shown.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} (key of {} bytes)", self.collection, self.owner, self.key.len())
    }
}

/// Precondition of a write: the document that must be at the address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Precondition {
    /// Any document, or none.
    Anything,
    /// Nothing.
    Nothing,
    /// The document with this revision.
    Revision(u64),
}

/// Result of a write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PutOutcome {
    /// The document is new.
    Created,
    /// The document replaced one.
    Updated,
    /// Something else was there than expected; nothing changed.
    Conflict,
}

/// Which documents to list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Query {
    /// The kind of document.
    pub collection: &'static str,
    /// The owners whose documents to list; `None`: everybody's.
    pub owners: Option<Vec<Party>>,
    /// Only documents that are for everybody or for one of these parties; `None`: all, whoever they are for.
    pub audience: Option<Vec<Party>>,
    /// Updated at this time or later.
    pub from: Option<DateTime>,
    /// Updated before this time.
    pub to: Option<DateTime>,
    /// Number of documents to pass over.
    pub offset: u64,
    /// Most documents to return.
    pub limit: u64,
}

impl Query {
    /// All documents of a kind.
    pub fn all(collection: &'static str) -> Self {
        Self { collection, owners: None, audience: None, from: None, to: None, offset: 0, limit: u64::MAX }
    }
}

/// A part of a list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Listing {
    /// The documents and where they are kept, oldest first by when they were first written.
    pub documents: Vec<(Address, Document)>,
    /// Number of documents that match, not counting offset and limit.
    pub total: u64,
}

/// A storage failed.
#[derive(Debug, thiserror::Error)]
#[error("storage: {message}")]
pub struct StoreError {
    message: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StoreError {
    /// A failure in words; they must not quote a document.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// A failure with its cause.
    pub fn with_source(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { message: message.into(), source: Some(source.into()) }
    }
}

/// Keeps documents.
///
/// # Behavior
/// - What was written is read back byte for byte, with the time, the audience and the format that came with it.
/// - Parties that differ only in the case of their codes are the same, as owners and as audience.
/// - Keys are compared as they are.
/// - A write is all or nothing, and happens only if what is there is what was expected.
/// - A list is in the order in which documents were first written; a later write does not move a document.
/// - `from` is inclusive, `to` exclusive.
/// - A list for an audience has what is for everybody or for one of the parties; the total counts no other.
/// - Deleting what is not there succeeds and says so; a document written after that is new, and last in the list.
///
/// The crate's feature `conformance` has a test for each.
pub trait Store: Send + Sync + 'static {
    /// Reads a document.
    fn get(&self, at: &Address) -> impl Future<Output = Result<Option<Document>, StoreError>> + Send;

    /// Writes a document, if what is there is what was expected.
    fn put(
        &self,
        at: &Address,
        document: NewDocument,
        expect: Precondition,
    ) -> impl Future<Output = Result<PutOutcome, StoreError>> + Send;

    /// Deletes a document; `false` if there was none.
    fn delete(&self, at: &Address) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Lists documents.
    fn list(&self, query: &Query) -> impl Future<Output = Result<Listing, StoreError>> + Send;
}

/// A shared store is a store.
impl<S: Store> Store for std::sync::Arc<S> {
    async fn get(&self, at: &Address) -> Result<Option<Document>, StoreError> {
        (**self).get(at).await
    }

    async fn put(
        &self,
        at: &Address,
        document: NewDocument,
        expect: Precondition,
    ) -> Result<PutOutcome, StoreError> {
        (**self).put(at, document, expect).await
    }

    async fn delete(&self, at: &Address) -> Result<bool, StoreError> {
        (**self).delete(at).await
    }

    async fn list(&self, query: &Query) -> Result<Listing, StoreError> {
        (**self).list(query).await
    }
}
