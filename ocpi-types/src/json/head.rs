//! Head of a document: everything around its objects.

use super::frame::Following;
use crate::protocol::StatusCode;
use crate::{DateTime, Finding};

/// Envelope or frame around the objects of a document.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Head {
    /// Whether the objects are in the envelope of an answer, rather than in another frame.
    pub is_envelope: bool,
    /// Pointer to the objects, if they are in a frame other than OCPI's envelope.
    pub frame: Option<String>,
    /// Kind of value that holds the objects: `data` of the envelope, or the whole document.
    pub data: Data,
    /// OCPI status code of the envelope, if it has one; 0, which is not a success, if it cannot be read or if a frame
    /// reports a failure in other words.
    pub status_code: Option<StatusCode>,
    /// Message for developers.
    pub status_message: Option<String>,
    /// Time of the answer, by the partner's clock.
    pub timestamp: Option<DateTime>,
    /// Paging hints of a frame.
    pub following: Following,
    /// Findings about the document, without those of its objects.
    pub findings: Vec<Finding>,
}

impl Head {
    /// Whether the objects are in a list or one after another, rather than a single one.
    pub fn is_list(&self) -> bool {
        self.data == Data::List
    }

    /// Whether the answer reports a failure: `data` then does not hold the requested objects.
    pub fn is_failure(&self) -> bool {
        self.status_code.is_some_and(|code| !code.is_success())
    }
}

/// Kind of value that holds the objects of a document.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Data {
    /// There is no `data`.
    #[default]
    Missing,
    /// `data` is `null`.
    Null,
    /// Neither a list nor an object.
    Other,
    /// One object.
    Object,
    /// A list, or objects one after another.
    List,
}
