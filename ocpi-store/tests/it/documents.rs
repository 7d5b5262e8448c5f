//! Stores of documents.

mod conformance;
mod differential;
mod files;
mod groups;
mod kill;
mod many;
mod queue;
mod support;
mod texts;
mod wake;
