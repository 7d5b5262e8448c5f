//! Versions: which OCPI versions a platform speaks and where the endpoints of each version are.
//!
//! Every platform offers two GET endpoints. The first lists versions with one URL each. The second,
//! behind such a URL, lists the modules with their endpoint URLs. URLs are always taken from these
//! answers and never built from a version number. A party usually reads both before it registers.
//!
//! Spec: 2.3.0 version_information_endpoint

// The same as in 2.2.1. `ModuleId` and `VersionNumber` are open now, and `VersionNumber` has 2.3.0 as well.
pub use crate::v2_2_1::versions::{
    Endpoint, EndpointInit, InterfaceRole, ModuleId, Version, VersionDetails, VersionDetailsInit,
    VersionInit, VersionNumber,
};
