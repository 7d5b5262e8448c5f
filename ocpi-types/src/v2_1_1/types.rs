//! Small types that several modules share: translated text.
//!
//! They have no endpoint of their own. They only occur as members of the objects of other modules, so any
//! party may send them. Prices are plain numbers and parties have no roles yet; those types came with 2.2.
//!
//! Spec: 2.1.1 types

// The same as in 2.2.1.
pub use crate::v2_2_1::types::{DisplayText, DisplayTextInit};
