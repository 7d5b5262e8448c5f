//! Position in a list from which paging can continue.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::state::State;
use super::text::{self, CursorError};

/// Position in a list from which paging can continue, with 16 characters for each object seen.
///
/// Its text, by [`Display`](fmt::Display) or serde, is meant for storing: it is one line, and later releases can read
/// it. It may contain a link of the partner, so protect it like the token; `Debug` shows nothing of it.
///
/// ```
/// use ocpi_client::paging::Cursor;
/// assert!("nothing of the kind".parse::<Cursor>().is_err());
/// ```
#[derive(Clone, PartialEq)]
pub struct Cursor(pub(super) Box<State>);

impl Cursor {
    /// Whether it is of the list of this name.
    pub(super) fn is_of(&self, list: &str) -> bool {
        self.0.list == list
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(&self.0, f)
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("pages", &self.0.spent.pages)
            .field("seen", &self.0.seen.len())
            .field("outcome", &self.0.outcome())
            .finish_non_exhaustive()
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        text::read(text).map(|state| Self(Box::new(state)))
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
