//! Documents in an SQLite file.

mod buckets;
mod builder;
mod counter;
mod failure;
mod feed;
mod file;
mod kept;
mod keys;
mod load;
mod log;
mod merge;
mod numbers;
mod page;
mod persist;
mod queue;
mod readers;
mod recent;
mod rows;
mod schema;
mod statements;
mod store;
mod terms;
#[cfg(test)]
mod tests;
mod threads;
mod wake;
mod windows;
mod writer;

pub use builder::Builder;
pub use store::Sqlite;
