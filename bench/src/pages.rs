//! The pages that are measured.

use crate::data::{self, Version};

/// Objects on a page.
pub const OBJECTS: usize = 1_000;

/// The page of a kind and version.
///
/// # Panics
/// When there is no such kind or version.
#[must_use]
pub fn page(kind: &str, version: &str) -> String {
    let version = match version {
        "2.2.1" => Version::V2_2_1,
        "2.3.0" => Version::V2_3_0,
        other => panic!("no pages of {other}"),
    };
    match kind {
        "locations" => data::locations(version, OBJECTS, 1),
        "cdrs" => data::cdrs(version, OBJECTS, 1),
        "tariffs" => data::tariffs(version, OBJECTS, 1),
        other => panic!("no pages of {other}"),
    }
}

/// A PATCH of four members, one of them an object.
pub const PATCH: &str = r#"{"name":"Parkhaus am Markt","coordinates":{"latitude":"52.09000","longitude":"5.12000"},"charging_when_closed":true,"last_updated":"2026-11-22T10:00:00Z"}"#;
