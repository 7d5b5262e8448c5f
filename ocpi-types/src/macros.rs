//! Macros that declare an object or an enum once and generate everything else.
//!
//! The macros only list members. Reading, writing and checking are defined in ordinary implementations of
//! [`Value`](crate::Value).

#[cfg(feature = "http")]
mod module;
pub(crate) mod names;
mod object;
mod odd_value;
mod open_enum;

pub use names::{Count, changes, debug_value, is_module_id, member_name, place, plain_values, required_mask};
pub use odd_value::read_odd_value;
pub(crate) use {crate::object, crate::open_enum};

#[doc(hidden)]
pub use crate::any::{debug, equals};
#[cfg(feature = "http")]
#[doc(hidden)]
pub use crate::endpoint::Part;
#[doc(hidden)]
pub use crate::json::aliases::{NamedMember, is_same_name, known_name};
#[doc(hidden)]
pub use crate::patch::apply;
#[doc(hidden)]
pub use crate::scalars::{FromLiteral, Literal, from_literal};
#[cfg(feature = "http")]
#[doc(hidden)]
pub use http;
#[doc(hidden)]
pub use serde;
