//! Deviations of the faults, by chapter.

pub(super) mod credentials;
pub(super) mod lists;
pub(super) mod objects;
pub(super) mod pushes;
pub(super) mod statuses;
pub(super) mod urls;
pub(super) mod values;
