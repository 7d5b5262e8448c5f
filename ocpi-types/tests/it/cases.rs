//! Number of objects that a property is tried on.

/// The number that `OCPI_CASES` says; few if it says none. `.ci/run` says more than anybody wants to wait for often.
pub(crate) fn cases(few: u32) -> u32 {
    std::env::var("OCPI_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(few)
}
