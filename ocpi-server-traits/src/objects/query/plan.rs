//! Selection of the documents in which the objects are searched.

use ocpi_types::DateTime;
use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::Party;

use crate::objects::stored::{collection, lists_for};
use crate::storage::{Cursor, Query, Start};

/// Criteria that an index of the store may answer.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) owner: Option<Party>,
    pub(super) reader: Option<Party>,
    pub(super) from: Option<DateTime>,
    pub(super) to: Option<DateTime>,
    pub(super) term: Option<(&'static str, String)>,
}

/// A query of the store, the place where it begins, and the name behind the last list, if lists are read in order.
pub(super) struct Run {
    pub(super) query: Query,
    pub(super) start: Start,
    pub(super) end: Option<String>,
}

impl Plan {
    pub(super) fn run<T: RootResource>(&self) -> Run {
        let (query, start, end) = self.lists::<T>();
        let query = self.from.into_iter().fold(query, Query::from);
        let query = self.to.into_iter().fold(query, Query::to);
        let query = self.term.iter().fold(query, |query, (name, value)| query.with_term(*name, value));
        Run { query, start, end }
    }

    fn lists<T: RootResource>(&self) -> (Query, Start, Option<String>) {
        let Some(owner) = &self.owner else { return (Query::all(collection::<T>()), Start::First, None) };
        if self.reader.is_some() || !T::HAS_AUDIENCE {
            let lists = lists_for::<T>(std::slice::from_ref(owner), self.reader.iter());
            return (Query::lists(collection::<T>(), lists), Start::First, None);
        }
        let all = Query::all(collection::<T>());
        if self.from.is_some() || self.to.is_some() || self.term.is_some() {
            return (all, Start::First, None);
        }
        // The lists of an owner, `NL/ALF` and `NL/ALF>…`, stand together in the order of names.
        let owner = owner.canonical();
        let end = format!("{owner}?");
        let before_first = Cursor { list: owner, updated: 0, place: 0, total: None };
        (all, Start::After(before_first), Some(end))
    }
}
