//! A document: the text of an object, and what a store must know without reading it.

use std::fmt;

use bytes::Bytes;
use ocpi_types::json::{self, Limits};
use ocpi_types::protocol::Party;
use ocpi_types::{DateTime, Object};

use crate::Error;

/// A document to be written.
#[derive(Clone, Eq, PartialEq)]
pub struct NewDocument {
    /// JSON.
    pub body: Bytes,
    /// When the object changed last, as it says itself.
    pub last_updated: DateTime,
    /// The party it is for, besides its owner; `None`: everybody.
    pub audience: Option<Party>,
    /// Format of the body: the version of OCPI, or a name of the application's.
    pub format: String,
}

/// A document as it is kept.
#[derive(Clone, Eq, PartialEq)]
pub struct Document {
    /// JSON.
    pub body: Bytes,
    /// When the object changed last, as it says itself.
    pub last_updated: DateTime,
    /// The party it is for, besides its owner; `None`: everybody.
    pub audience: Option<Party>,
    /// Format of the body: the version of OCPI, or a name of the application's.
    pub format: String,
    /// Counts the writes to this document; never the same twice for one address.
    pub revision: u64,
}

/// The longest body that is written. An object that grows with every message of a partner ends here, and not
/// when the memory does.
const LONGEST: usize = 16 << 20;

impl NewDocument {
    /// An object that is for everybody.
    ///
    /// # Errors
    /// When it is larger than 16 MiB.
    pub fn of<T: Object>(object: &T, last_updated: DateTime, format: &str) -> Result<Self, Error> {
        let body = Bytes::from(json::to_vec(object));
        if body.len() > LONGEST {
            return Err(Error::invalid("the object is larger than 16 MiB"));
        }
        Ok(Self { body, last_updated, audience: None, format: format.to_owned() })
    }

    /// The document as it is kept after a write with this revision.
    pub fn written(self, revision: u64) -> Document {
        let Self { body, last_updated, audience, format } = self;
        Document { body, last_updated, audience, format, revision }
    }
}

impl Document {
    /// Reads the object, if it is written in this format.
    ///
    /// # Errors
    /// When it is written in another one, or the body is broken.
    pub fn read<T: Object>(&self, format: &str) -> Result<T, Error> {
        self.must_be(format)?;
        // With the limits for messages, an object that many messages made could not be read again.
        match json::read_within(&self.body, Limits::trusted()) {
            Ok(read) => Ok(read.value),
            Err(error) => Err(Error::internal("a stored object is broken").with_source(error)),
        }
    }

    /// To read one version as another would lose what only one of them has.
    pub(crate) fn must_be(&self, format: &str) -> Result<(), Error> {
        if self.format == format {
            return Ok(());
        }
        Err(Error::internal(format!("a stored object is of version {}, not {format}", self.format)))
    }

    /// Whether it is for everybody, or for one of these parties.
    pub fn is_for(&self, parties: &[Party]) -> bool {
        self.audience.as_ref().is_none_or(|audience| parties.contains(audience))
    }
}

/// The body may hold tokens: its size is shown.
impl fmt::Debug for NewDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewDocument")
            .field("bytes", &self.body.len())
            .field("last_updated", &self.last_updated)
            .field("audience", &self.audience)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// The body may hold tokens: its size is shown.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.body.len())
            .field("last_updated", &self.last_updated)
            .field("audience", &self.audience)
            .field("format", &self.format)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}
