//! OCPI 2.3.0: one module per chapter of the specification.
//!
//! The files have the same names in every version, so the difference between two of them is the protocol's own
//! changelog.

pub mod bookings;
pub mod cdrs;
pub mod charging_profiles;
pub mod commands;
pub mod credentials;
pub mod hub_client_info;
pub mod invoice_reconciliation;
pub mod locations;
pub mod payments;
pub mod sessions;
pub mod tariffs;
pub mod tokens;
pub mod types;
pub mod versions;
