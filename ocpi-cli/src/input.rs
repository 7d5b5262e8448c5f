//! From paths and standard input to single objects.

mod content;
mod paths;
mod span;

pub(crate) use content::Content;
pub(crate) use paths::{Failure, Paths, Source, sources};
pub(crate) use span::{Span, in_item};
