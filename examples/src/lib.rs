//! Code that the example programs share.

pub mod cpo;
pub mod nodes;
pub mod own_module;
pub mod roam;

/// The made-up city of the sandbox.
pub use ocpi_sandbox::city;

/// The snippets of the README are compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
