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

/// Objects of a kind that meet all criteria, in a stream that keeps one page in memory.
///
/// | Criterion | is answered by |
/// |---|---|
/// | [`owner`](Self::owner) | an index; with a window or a term, for Sessions and CDRs, a filter |
/// | [`owner`](Self::owner) and [`visible_to`](Self::visible_to) together | an index |
/// | [`visible_to`](Self::visible_to) without an owner | a filter |
/// | [`updated_from`](Self::updated_from), [`updated_before`](Self::updated_before) | an index |
/// | [`term`](Self::term) | an index; with a window, by the one of the two that passes over fewer objects |
/// | [`status`](Self::status), [`inside`](Self::inside), [`filter`](Self::filter) | a filter |
///
/// An index costs as much as the objects that are found. A filter reads all that the other criteria leave. An owner or a
/// reader is told from the document, the rest of the filters from the object.
///
/// Objects come in the order in which they were created, by owner where no term or window is given; with a window in the order
/// of `last_updated`. Pages go by cursor: whatever changes meanwhile, an object that meets the criteria all the time is
/// found. One that changes while it is read may be found in its old or in its new form; in a window it moves to the end, and
/// may be found in both.
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
    /// The store failed: the stream ends.
    #[error("the storage failed")]
    Store(#[from] StoreError),
    /// A document is no object of this kind. The stream goes on behind it.
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
    /// Asks for objects of a kind: all of them, until criteria are added.
    pub fn query<T: RootResource>(&self) -> ObjectQuery<'_, S, T> {
        let criteria = Criteria { owner: None, reader: None, filters: Vec::new() };
        ObjectQuery { objects: self, plan: Plan::default(), criteria, page: self.page_size }
    }
}

impl<'a, S: Store, T: RootResource> ObjectQuery<'a, S, T> {
    /// Only objects of this owner.
    pub fn owner(mut self, owner: &Party) -> Self {
        self.plan.owner = Some(owner.clone());
        self.criteria.owner = Some(owner.canonical());
        self
    }

    /// Only objects that this party may see: those for everybody, and those for it alone.
    pub fn visible_to(mut self, reader: &Party) -> Self {
        self.plan.reader = Some(reader.clone());
        self.criteria.reader = Some(reader.clone());
        self
    }

    /// Only objects that changed at this time or later.
    pub fn updated_from(mut self, from: DateTime) -> Self {
        self.plan.from = Some(from);
        self
    }

    /// Only objects that changed before this time.
    pub fn updated_before(mut self, to: DateTime) -> Self {
        self.plan.to = Some(to);
        self
    }

    /// Only objects with a term, such as `session` of CDRs, `contract_id` of Tokens and `evse_id` of Locations; case does not
    /// matter. Which terms there are says [`Resource::terms`](ocpi_types::endpoint::Resource::terms). A second term is a filter.
    pub fn term(mut self, name: &'static str, value: &str) -> Self {
        let value = value.to_ascii_lowercase();
        if self.plan.term.is_none() {
            self.plan.term = Some((name, value));
            return self;
        }
        self.filter(move |object| object.terms().iter().any(|term| term.0 == name && term.1 == value))
    }

    /// Only objects with a status: Sessions in it, and Locations with an EVSE in it.
    pub fn status(self, status: T::Status) -> Self
    where
        T: HasStatus,
    {
        self.filter(move |object| object.has_status(&status))
    }

    /// Only Locations that stand inside a box, or have an EVSE there.
    pub fn inside(self, area: BoundingBox) -> Self
    where
        T: HasCoordinates,
    {
        self.filter(move |object| object.is_inside(&area))
    }

    /// Only objects for which this holds.
    pub fn filter(mut self, holds: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        self.criteria.filters.push(Arc::new(holds));
        self
    }

    /// With pages of at most this many documents, 500 at most; the default is that of the objects.
    pub fn page_size(mut self, documents: u32) -> Self {
        self.page = documents;
        self
    }

    /// The objects.
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
