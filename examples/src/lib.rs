//! Code that the example programs share.

pub mod city;
pub mod cpo;
pub mod roam;

/// The snippets of the README are compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
