//! Objects as the other side sees them, if the two speak an older version.

use ocpi_types::Version;
use ocpi_types::convert::{Found, Ledger, OfKind, Relation};

use super::Failure;

/// The version on the wire between two platforms of 2.3.0.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConversionReport {
    pub(super) version: Version,
}

impl ConversionReport {
    /// An object after its way to the other side: there and back through the version on the wire.
    pub(super) fn seen<T: OfKind>(&self, object: T, relation: &Relation) -> Result<T, Failure> {
        self.seen_with(object, relation, &Found::default())
    }

    /// As [`ConversionReport::seen`], with Locations to be embedded.
    pub(super) fn seen_with<T: OfKind>(
        &self,
        object: T,
        relation: &Relation,
        found: &Found,
    ) -> Result<T, Failure> {
        if self.version == Version::V2_3_0 {
            return Ok(object);
        }
        let (mut ledger, context) = (Ledger::new(), relation.sent());
        let context = ocpi_types::convert::Context { lookup: Some(found), ..context };
        let sent = object.into_any().convert(self.version, &context, &mut ledger)?;
        Ok(T::of_any(sent, &context, &mut ledger)?)
    }
}
