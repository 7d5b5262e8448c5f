//! Paging over lists that move.

mod replay;
