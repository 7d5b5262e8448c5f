//! OCPI's objects as anybody would write them with serde and nothing else.
//!
//! All members that the specification has, as `String`, `f64`, `i64`, `bool`, closed enums, `Option` and `Vec`;
//! times and URLs are a `String` too. Nothing is checked, and a member that is not listed is dropped. These set the
//! mark for what reading and writing must cost at least when the values are kept one by one.
//!
//! Locations are those of 2.3.0, which have all members of 2.2.1's. CDRs and tariffs differ in how they write money,
//! so that each version has its own in [`v2_2_1`] and [`v2_3_0`].

#![allow(missing_docs, reason = "the specification describes the objects and members of these names")]

pub mod billing;
pub mod enums;
pub mod locations;
pub mod v2_2_1;
pub mod v2_3_0;

pub use self::locations::Location;
