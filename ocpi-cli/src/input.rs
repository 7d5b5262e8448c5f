//! From paths and standard input to single objects.

mod content;
mod paths;

pub(crate) use content::{Content, Span};
pub(crate) use paths::{Failure, Paths, Source, sources};
