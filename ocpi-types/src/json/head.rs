//! Head of a document: all that stands around its objects.

use super::frame::Following;
use crate::protocol::StatusCode;
use crate::{DateTime, Finding};

/// Envelope or frame around the objects of a document.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Head {
    /// Whether the objects stand in an envelope of an answer, or in another frame.
    pub is_envelope: bool,
    /// A pointer to the objects, where they stand in a frame that is not OCPI's envelope.
    pub frame: Option<String>,
    /// Pattern of the value that holds the objects: `data` of the envelope, or the whole document.
    pub data: Data,
    /// OCPI's status, if it is an envelope that has one; 0, which is no success, if it cannot be read, or if a frame
    /// says in other words that the request failed.
    pub status_code: Option<StatusCode>,
    /// A message for developers.
    pub status_message: Option<String>,
    /// When the answer was made, by the partner's clock.
    pub timestamp: Option<DateTime>,
    /// Hints of a frame about further pages.
    pub following: Following,
    /// Findings about the document, objects apart.
    pub findings: Vec<Finding>,
}

impl Head {
    /// Whether the objects stand in a list, or one after another, rather than one alone.
    pub fn is_list(&self) -> bool {
        self.data == Data::List
    }

    /// Whether it is the answer of a failure: then whatever `data` holds is no object that was asked for.
    pub fn is_failure(&self) -> bool {
        self.status_code.is_some_and(|code| !code.is_success())
    }
}

/// Pattern of the value that holds the objects of a document.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Data {
    /// No value: there is no `data`.
    #[default]
    Missing,
    /// It is `null`.
    Null,
    /// Neither a list nor an object.
    Other,
    /// One object.
    Object,
    /// A list, or objects one after another.
    List,
}
