//! Paging over lists that move.

mod replay;
mod store;
mod stores;
