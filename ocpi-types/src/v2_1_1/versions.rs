//! Versions: which OCPI versions a platform speaks and where the endpoints of each version are.
//!
//! Every platform offers two GET endpoints. The first lists versions with one URL each. The second,
//! behind such a URL, lists the modules with their endpoint URLs. CPO and eMSP have separate version
//! lists, so a module has one endpoint here; 2.2.1 lists both sides of it.
//!
//! Spec: 2.1.1 version_information_endpoint

// The same as in 2.2.1. Two modules and two versions are new there.
pub use crate::v2_2_1::versions::{ModuleId, Version, VersionInit, VersionNumber};

use crate::macros::object;
use crate::{Check, NonEmpty, Object, Rule, Url, rules};

object! {
    /// The endpoints a platform offers for one version.
    ///
    /// 2.2.1 has the same members, but other endpoints in them.
    ///
    /// Spec: 2.1.1 version_information_endpoint §version-details-endpoint
    pub struct VersionDetails = "VersionDetails", init VersionDetailsInit, rules version_details_rules {
        /// The version these endpoints belong to.
        pub version: VersionNumber,
        /// The endpoints, one per module.
        pub endpoints: NonEmpty<Endpoint>,
    }
}

object! {
    /// Where a module can be reached.
    ///
    /// 2.2.1 adds `role`.
    ///
    /// Spec: 2.1.1 version_information_endpoint §endpoint-class
    pub struct Endpoint = "Endpoint", init EndpointInit {
        /// The module served there.
        pub identifier: ModuleId,
        /// Absolute URL under which the paths of the module start.
        pub url: Url,
    }
}

fn version_details_rules(details: &VersionDetails, check: &mut Check) {
    let endpoints = &details.endpoints;
    if endpoints.iter().all(|endpoint| endpoint.extra.is_read(Endpoint::INFO)) {
        rules::unique(
            check,
            "endpoints",
            endpoints,
            |endpoint| &endpoint.identifier,
            Rule::DuplicateEndpoint,
        );
    }
}
