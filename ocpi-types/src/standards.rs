//! Lists that other standards keep: countries, currencies, languages, time zones.
//!
//! Each list is a sorted table in a file of its own, with its source and date. Looking a code up allocates nothing.

mod countries;

pub(crate) use countries::{Country, by_alpha2, by_alpha3};
