//! Identity of a document.

use std::borrow::Cow;
use std::fmt;

/// Identifies a document. Stores compare the three texts byte for byte and never parse them; an address made from
/// case-insensitive ids must contain them case-folded.
///
/// ```
/// use ocpi_server_traits::storage::Address;
/// let at = Address::new("Location", "NL/ALF", "loc1");
/// assert_eq!((at.collection(), at.owner(), at.key()), ("Location", "NL/ALF", "loc1"));
/// // The key may be the number of a driver's card.
/// assert_eq!(format!("{at:?}"), "Location of NL/ALF (key of 4 bytes)");
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Address {
    collection: Cow<'static, str>,
    owner: String,
    key: String,
}

impl Address {
    /// Creates an address.
    pub fn new(
        collection: impl Into<Cow<'static, str>>,
        owner: impl Into<String>,
        key: impl Into<String>,
    ) -> Self {
        Self { collection: collection.into(), owner: owner.into(), key: key.into() }
    }

    /// Returns the kind of document.
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// Returns the owner, as written by the typed layer.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Returns the identity within collection and owner.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} (key of {} bytes)", self.collection, self.owner, self.key.len())
    }
}
