//! The machine: one declaration per object and per enum.
//!
//! The macros only list members. Reading, writing and checking are defined in ordinary implementations of
//! [`Value`](crate::Value).

mod names;
mod object;
mod open_enum;

pub use names::{Count, changes, member_name, place, required_mask};
pub(crate) use {crate::object, crate::open_enum};

#[doc(hidden)]
pub use crate::any::debug;
#[doc(hidden)]
pub use crate::json::aliases::{NamedMember, is_same_name, known_name, known_value};
#[doc(hidden)]
pub use crate::patch::apply;
#[doc(hidden)]
pub use crate::scalars::{FromLiteral, Literal, from_literal};
#[doc(hidden)]
pub use serde;
