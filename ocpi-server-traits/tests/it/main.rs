//! The crate as its users see it.

mod callers;
mod cdr_rules;
mod cdrs;
mod crossing;
mod desks;
mod observe;
mod order;
mod ownership;
mod paging;
mod patch;
mod quotas;
mod router;
mod site;
mod storage;
mod stored;
mod visibility;
