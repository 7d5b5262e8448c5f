//! Versions: which OCPI versions a platform speaks and where the endpoints of each version are.
//!
//! Every platform offers two GET endpoints. The first lists versions with one URL each. The second,
//! behind such a URL, lists the modules with their endpoint URLs. URLs are always taken from these
//! answers and never built from a version number. A party usually reads both before it registers.
//!
//! Spec: 2.2.1 version_information_endpoint

use crate::macros::{object, open_enum};
use crate::{Check, NonEmpty, Object, Rule, Url, rules};

object! {
    /// One OCPI version that a platform offers.
    ///
    /// The versions endpoint answers with a list of these, at least one.
    ///
    /// Spec: 2.2.1 version_information_endpoint §version_class
    pub struct Version = "Version", init VersionInit {
        /// Number of the version.
        pub version: VersionNumber,
        /// Where the details of this version can be fetched.
        pub url: Url,
    }
}

object! {
    /// The endpoints a platform offers for one version.
    ///
    /// Spec: 2.2.1 version_information_endpoint §version_information_get_details_endpoint_data
    pub struct VersionDetails = "VersionDetails", init VersionDetailsInit, rules version_details_rules {
        /// The version these endpoints belong to.
        pub version: VersionNumber,
        /// The endpoints, one per pair of module and interface role.
        pub endpoints: NonEmpty<Endpoint>,
    }
}

object! {
    /// Where one side of one module can be reached.
    ///
    /// Spec: 2.2.1 version_information_endpoint §endpoint_class
    pub struct Endpoint = "Endpoint", init EndpointInit {
        /// The module served there.
        pub identifier: ModuleId,
        /// Side of the module that is served. Has no meaning for `credentials`: send `SENDER` there and
        /// ignore the role that others send.
        pub role: InterfaceRole,
        /// Absolute URL under which the paths of the module start.
        pub url: Url,
    }
}

open_enum! {
    /// The two sides of a module.
    ///
    /// Spec: 2.2.1 version_information_endpoint §interface_role_enum
    pub enum InterfaceRole = "InterfaceRole", open NEVER {
        /// The side that owns the data. Others fetch from it.
        Sender = "SENDER",
        /// The side that takes the data. The owner pushes to it.
        Receiver = "RECEIVER",
    }
}

open_enum! {
    /// Name of a module in version details.
    ///
    /// Parties may agree on modules of their own, with ids that start with a prefix such as country and
    /// party (`nltnm-tokens`). Such an id may only be sent to a party that is known to understand it. It
    /// is held as text, as any other unknown id.
    ///
    /// Spec: 2.2.1 version_information_endpoint §moduleid_enum
    pub enum ModuleId = "ModuleID", open V2_3_0_UP {
        /// Bookings: charging at a time agreed on beforehand. Only with Bookings, whose text writes `Booking`
        /// here and `bookings` in addresses.
        Bookings = "bookings" in BOOKINGS,
        /// Charge detail records: the energy and time charged, and their cost.
        Cdrs = "cdrs",
        /// Charging profiles: limits on the charging speed of a session. Not in 2.1.1.
        ChargingProfiles = "chargingprofiles" in V2_2_UP,
        /// Commands: start, stop, reserve and unlock from afar.
        Commands = "commands",
        /// Registration and its tokens. Every platform has this one.
        Credentials = "credentials",
        /// Hub client info: the parties that are connected to a hub. Not in 2.1.1.
        HubClientInfo = "hubclientinfo" in V2_2_UP,
        /// Invoice reconciliation: which CDRs an invoice is for. Only in 2.3.0 and later.
        InvoiceReconciliation = "invoicereconciliation" in V2_3_0_UP,
        /// Charging locations with their EVSEs and connectors.
        Locations = "locations",
        /// Payments: bank card terminals. Only with Payments.
        Payments = "payments" in PAYMENTS,
        /// Charging sessions while they run.
        Sessions = "sessions",
        /// Tariffs: the prices of charging.
        Tariffs = "tariffs",
        /// Tokens that drivers identify themselves with.
        Tokens = "tokens",
    }
}

open_enum! {
    /// The number of an OCPI version.
    ///
    /// Spec: 2.2.1 version_information_endpoint §versionnumber_enum
    pub enum VersionNumber = "VersionNumber", open V2_3_0_UP {
        /// OCPI 2.0.
        V2_0 = "2.0",
        /// OCPI 2.1. Deprecated, replaced by 2.1.1.
        V2_1 = "2.1",
        /// OCPI 2.1.1.
        V2_1_1 = "2.1.1",
        /// OCPI 2.2. Deprecated, replaced by 2.2.1. Listed from that version on.
        V2_2 = "2.2" in V2_2_UP,
        /// OCPI 2.2.1. Listed from that version on.
        V2_2_1 = "2.2.1" in V2_2_1_UP,
        /// OCPI 2.3.0. Listed from that version on.
        V2_3_0 = "2.3.0" in V2_3_0_UP,
    }
}

fn version_details_rules(details: &VersionDetails, check: &mut Check) {
    let endpoints = &details.endpoints;
    if !endpoints.iter().all(|endpoint| endpoint.extra.is_read(Endpoint::INFO)) {
        return;
    }
    rules::unique(
        check,
        "endpoints",
        endpoints,
        |endpoint| (&endpoint.identifier, &endpoint.role),
        Rule::DuplicateEndpoint,
    );
}
