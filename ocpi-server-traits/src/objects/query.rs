//! Typed queries, read page by page.

mod criteria;
mod found;
mod plan;

use std::fmt;
use std::sync::Arc;

use ocpi_types::DateTime;
use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::Party;

use super::stored::is_for;
use super::{Broken, Objects};
use crate::storage::{Address, Document, Store};
use crate::{Error, StoreError};
pub use criteria::{BoundingBox, HasCoordinates, HasStatus};
pub use found::Found;
use plan::Plan;

/// Query for objects of a kind that meet all criteria, as a stream that keeps one page in memory.
///
/// | Criterion | Evaluated by |
/// |---|---|
/// | [`owner`](Self::owner) | an index; with a window or a term, for Sessions and CDRs, a filter |
/// | [`owner`](Self::owner) and [`visible_to`](Self::visible_to) together | an index |
/// | [`visible_to`](Self::visible_to) without an owner | a filter |
/// | [`updated_from`](Self::updated_from), [`updated_before`](Self::updated_before) | an index |
/// | [`term`](Self::term) | an index; with a window, whichever of the two indexes visits fewer objects |
/// | [`status`](Self::status), [`inside`](Self::inside), [`filter`](Self::filter) | a filter |
///
/// An index costs as much as the objects found. A filter reads all objects that the other criteria leave. Owner and
/// visibility are evaluated on the document, the other filters on the object.
///
/// Objects are returned in order of creation, by owner if there is no term or window; with a window in the order of
/// `last_updated`. Pages are read by cursor: an object that meets the criteria throughout is found, whatever changes
/// meanwhile. An object that changes during the query may be found in its old or its new form; in a window it moves to
/// the end, and may be found in both.
///
/// ```
/// use ocpi_server_traits::{BoundingBox, Memory, Objects};
/// use ocpi_types::protocol::Party;
/// use ocpi_types::v2_3_0::locations::{Location, Status};
///
/// # async fn run(objects: &Objects<Memory>) -> Result<(), Box<dyn std::error::Error>> {
/// let amsterdam = BoundingBox::new("52.27".parse()?, "4.72".parse()?, "52.44".parse()?, "5.08".parse()?);
/// let mut free = objects
///     .query::<Location>()
///     .owner(&Party::new("NL", "ALF")?)
///     .inside(amsterdam)
///     .status(Status::Available)
///     .stream();
/// while let Some(location) = free.next().await {
///     println!("{}", location?.address);
/// }
/// # Ok(()) }
/// ```
#[must_use = "a query does nothing until its stream is read"]
pub struct ObjectQuery<'a, S, T> {
    objects: &'a Objects<S>,
    plan: Plan,
    criteria: Criteria<T>,
    page: u32,
}

/// Criteria that are looked for in documents and objects.
struct Criteria<T> {
    owner: Option<String>,
    reader: Option<Party>,
    filters: Vec<Filter<T>>,
}

type Filter<T> = Arc<dyn Fn(&T) -> bool + Send + Sync>;

/// Failure of a [query](ObjectQuery).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The store failed; the stream ends.
    #[error("the storage failed")]
    Store(#[from] StoreError),
    /// A document is not an object of this kind. The stream continues after it.
    #[error("a stored object cannot be read")]
    Broken(Broken),
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Store(error) => error.into(),
            QueryError::Broken(broken) => broken.error,
        }
    }
}

impl<S: Store> Objects<S> {
    /// Queries the objects of a kind: all of them, until criteria are added.
    pub fn query<T: RootResource>(&self) -> ObjectQuery<'_, S, T> {
        let criteria = Criteria { owner: None, reader: None, filters: Vec::new() };
        ObjectQuery { objects: self, plan: Plan::default(), criteria, page: self.page_size }
    }
}

impl<'a, S: Store, T: RootResource> ObjectQuery<'a, S, T> {
    /// Selects objects of this owner.
    pub fn owner(mut self, owner: &Party) -> Self {
        self.plan.owner = Some(owner.clone());
        self.criteria.owner = Some(owner.canonical());
        self
    }

    /// Selects objects that this party may see: those for everybody, and those for it alone.
    pub fn visible_to(mut self, reader: &Party) -> Self {
        self.plan.reader = Some(reader.clone());
        self.criteria.reader = Some(reader.clone());
        self
    }

    /// Selects objects that changed at this time or later.
    pub fn updated_from(mut self, from: DateTime) -> Self {
        self.plan.from = Some(from);
        self
    }

    /// Selects objects that changed before this time.
    pub fn updated_before(mut self, to: DateTime) -> Self {
        self.plan.to = Some(to);
        self
    }

    /// Selects objects with a term, such as `session` of CDRs, `contract_id` of Tokens and `evse_id` of Locations,
    /// case-insensitively. [`Resource::terms`](ocpi_types::endpoint::Resource::terms) lists the terms. A second term is
    /// a filter.
    pub fn term(mut self, name: &'static str, value: &str) -> Self {
        let value = value.to_ascii_lowercase();
        if self.plan.term.is_none() {
            self.plan.term = Some((name, value));
            return self;
        }
        self.filter(move |object| object.terms().iter().any(|term| term.0 == name && term.1 == value))
    }

    /// Selects objects with a status: Sessions in it, and Locations with an EVSE in it.
    pub fn status(self, status: T::Status) -> Self
    where
        T: HasStatus,
    {
        self.filter(move |object| object.has_status(&status))
    }

    /// Selects Locations that are inside a box, or have an EVSE there.
    pub fn inside(self, area: BoundingBox) -> Self
    where
        T: HasCoordinates,
    {
        self.filter(move |object| object.is_inside(&area))
    }

    /// Selects objects that satisfy a predicate.
    pub fn filter(mut self, holds: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        self.criteria.filters.push(Arc::new(holds));
        self
    }

    /// Sets the maximum number of documents per page, 500 at most; the default is that of the objects.
    pub fn page_size(mut self, documents: u32) -> Self {
        self.page = documents;
        self
    }

    /// Returns the objects as a stream.
    pub fn stream(self) -> Found<'a, S, T> {
        Found::new(self.objects.store(), self.plan.run::<T>(), self.criteria, self.page)
    }
}

impl<T: RootResource> Criteria<T> {
    /// Whether a document may hold an object that is looked for.
    fn admit(&self, at: &Address, document: &Document) -> bool {
        self.owner.as_ref().is_none_or(|owner| at.owner() == owner)
            && self.reader.as_ref().is_none_or(|reader| is_for::<T>(document, std::iter::once(reader)))
    }

    fn hold(&self, object: &T) -> bool {
        self.filters.iter().all(|filter| filter(object))
    }
}

/// Values that are looked for may name drivers.
impl<S, T> fmt::Debug for ObjectQuery<'_, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectQuery").field("filters", &self.criteria.filters.len()).finish_non_exhaustive()
    }
}
