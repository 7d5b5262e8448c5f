//! Stores of documents.

mod differential;
mod files;
mod groups;
mod kill;
mod many;
mod queue;
mod support;
mod texts;
mod wake;
