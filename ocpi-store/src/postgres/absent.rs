//! Addresses at which a group found nothing, and relies on it.

use ocpi_server_traits::storage::Address;

use super::pipeline::{Sent, Session};
use super::read::{columns, values};

/// Declared addresses without a row.
#[derive(Debug, Default)]
pub(super) struct Absent<'a>([Vec<&'a str>; 3]);

impl<'a> Absent<'a> {
    pub(super) fn new(at: &[&'a Address]) -> Self {
        Self(columns(at))
    }

    /// The statement that fails if something has come to one of them, as a [conflict](super::error::is_conflict) does. `None`:
    /// there are none.
    pub(super) fn check<'s>(&'s self, session: Session<'s>) -> Option<Sent<'s>> {
        let [collections, ..] = &self.0;
        (!collections.is_empty()).then(|| session.query(&session.statements.vacant, values(&self.0)))
    }
}
