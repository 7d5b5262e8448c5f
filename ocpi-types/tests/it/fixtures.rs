//! Documents that conform: the smallest and the fullest of each object that partners exchange.
//!
//! Their members stand in the specification's order and their numbers are plain, so the library writes them
//! back byte for byte, but for the blanks.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_types::{
    Finding, Object, ObjectInfo, Rule, Ruleset, Severity, Type, Version, check, check_ruleset, json,
};
use serde_json::Value as Json;

/// A fixture by its version and name.
macro_rules! fixture {
    ($version:literal, $name:literal) => {
        $crate::fixtures::Fixture {
            name: concat!($version, "/", $name),
            minimal: include_str!(concat!("../fixtures/", $version, "/", $name, ".minimal.json")),
            full: include_str!(concat!("../fixtures/", $version, "/", $name, ".full.json")),
        }
    };
}

macro_rules! fixtures {
    ($($test:ident: $version:ident::$chapter:ident::$object:ident in $number:literal, $name:literal;)+) => {
        $(#[test]
        fn $test() {
            let version = $number.parse().expect("a known version");
            fixture!($number, $name).holds::<ocpi_types::$version::$chapter::$object>(version);
        })+
    };
}

/// Hands the list of all fixtures to a macro.
macro_rules! each_fixture {
    ($take:ident) => {
        $take! {
            location_211: v2_1_1::locations::Location in "2.1.1", "location";
            location_221: v2_2_1::locations::Location in "2.2.1", "location";
            location_230: v2_3_0::locations::Location in "2.3.0", "location";
            session_211: v2_1_1::sessions::Session in "2.1.1", "session";
            session_221: v2_2_1::sessions::Session in "2.2.1", "session";
            session_230: v2_3_0::sessions::Session in "2.3.0", "session";
            cdr_211: v2_1_1::cdrs::Cdr in "2.1.1", "cdr";
            cdr_221: v2_2_1::cdrs::Cdr in "2.2.1", "cdr";
            cdr_230: v2_3_0::cdrs::Cdr in "2.3.0", "cdr";
            tariff_211: v2_1_1::tariffs::Tariff in "2.1.1", "tariff";
            tariff_221: v2_2_1::tariffs::Tariff in "2.2.1", "tariff";
            tariff_230: v2_3_0::tariffs::Tariff in "2.3.0", "tariff";
            token_211: v2_1_1::tokens::Token in "2.1.1", "token";
            token_221: v2_2_1::tokens::Token in "2.2.1", "token";
            token_230: v2_3_0::tokens::Token in "2.3.0", "token";
            credentials_211: v2_1_1::credentials::Credentials in "2.1.1", "credentials";
            credentials_221: v2_2_1::credentials::Credentials in "2.2.1", "credentials";
            credentials_230: v2_3_0::credentials::Credentials in "2.3.0", "credentials";
            start_session_211: v2_1_1::commands::StartSession in "2.1.1", "start_session";
            start_session_221: v2_2_1::commands::StartSession in "2.2.1", "start_session";
            start_session_230: v2_3_0::commands::StartSession in "2.3.0", "start_session";
            reserve_now_211: v2_1_1::commands::ReserveNow in "2.1.1", "reserve_now";
            reserve_now_221: v2_2_1::commands::ReserveNow in "2.2.1", "reserve_now";
            reserve_now_230: v2_3_0::commands::ReserveNow in "2.3.0", "reserve_now";
            set_charging_profile_221: v2_2_1::charging_profiles::SetChargingProfile
                in "2.2.1", "set_charging_profile";
            set_charging_profile_230: v2_3_0::charging_profiles::SetChargingProfile
                in "2.3.0", "set_charging_profile";
            active_charging_profile_221: v2_2_1::charging_profiles::ActiveChargingProfile
                in "2.2.1", "active_charging_profile";
            active_charging_profile_230: v2_3_0::charging_profiles::ActiveChargingProfile
                in "2.3.0", "active_charging_profile";
            client_info_221: v2_2_1::hub_client_info::ClientInfo in "2.2.1", "client_info";
            client_info_230: v2_3_0::hub_client_info::ClientInfo in "2.3.0", "client_info";
            invoice_reconciliation_record: v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord
                in "2.3.0", "invoice_reconciliation_record";
            terminal: v2_3_0::payments::Terminal in "2.3.0", "terminal";
            financial_advice_confirmation: v2_3_0::payments::FinancialAdviceConfirmation
                in "2.3.0", "financial_advice_confirmation";
            booking: v2_3_0::bookings::Booking in "2.3.0", "booking";
            booking_location: v2_3_0::bookings::BookingLocation in "2.3.0", "booking_location";
            calendar: v2_3_0::bookings::Calendar in "2.3.0", "calendar";
            booking_request: v2_3_0::bookings::BookingRequest in "2.3.0", "booking_request";
            version_211: v2_1_1::versions::Version in "2.1.1", "version";
            version_details_211: v2_1_1::versions::VersionDetails in "2.1.1", "version_details";
            endpoint_211: v2_1_1::versions::Endpoint in "2.1.1", "endpoint";
            authorization_info_211: v2_1_1::tokens::AuthorizationInfo in "2.1.1", "authorization_info";
            location_references_211: v2_1_1::tokens::LocationReferences in "2.1.1", "location_references";
            evse_211: v2_1_1::locations::Evse in "2.1.1", "evse";
            connector_211: v2_1_1::locations::Connector in "2.1.1", "connector";
            command_response_211: v2_1_1::commands::CommandResponse in "2.1.1", "command_response";
            stop_session_211: v2_1_1::commands::StopSession in "2.1.1", "stop_session";
            unlock_connector_211: v2_1_1::commands::UnlockConnector in "2.1.1", "unlock_connector";
            version_221: v2_2_1::versions::Version in "2.2.1", "version";
            version_details_221: v2_2_1::versions::VersionDetails in "2.2.1", "version_details";
            endpoint_221: v2_2_1::versions::Endpoint in "2.2.1", "endpoint";
            authorization_info_221: v2_2_1::tokens::AuthorizationInfo in "2.2.1", "authorization_info";
            location_references_221: v2_2_1::tokens::LocationReferences in "2.2.1", "location_references";
            evse_221: v2_2_1::locations::Evse in "2.2.1", "evse";
            connector_221: v2_2_1::locations::Connector in "2.2.1", "connector";
            command_response_221: v2_2_1::commands::CommandResponse in "2.2.1", "command_response";
            command_result_221: v2_2_1::commands::CommandResult in "2.2.1", "command_result";
            stop_session_221: v2_2_1::commands::StopSession in "2.2.1", "stop_session";
            unlock_connector_221: v2_2_1::commands::UnlockConnector in "2.2.1", "unlock_connector";
            cancel_reservation_221: v2_2_1::commands::CancelReservation in "2.2.1", "cancel_reservation";
            charging_preferences_221: v2_2_1::sessions::ChargingPreferences
                in "2.2.1", "charging_preferences";
            charging_profile_response_221: v2_2_1::charging_profiles::ChargingProfileResponse
                in "2.2.1", "charging_profile_response";
            active_charging_profile_result_221: v2_2_1::charging_profiles::ActiveChargingProfileResult
                in "2.2.1", "active_charging_profile_result";
            charging_profile_result_221: v2_2_1::charging_profiles::ChargingProfileResult
                in "2.2.1", "charging_profile_result";
            clear_profile_result_221: v2_2_1::charging_profiles::ClearProfileResult
                in "2.2.1", "clear_profile_result";
            version_230: v2_3_0::versions::Version in "2.3.0", "version";
            version_details_230: v2_3_0::versions::VersionDetails in "2.3.0", "version_details";
            endpoint_230: v2_3_0::versions::Endpoint in "2.3.0", "endpoint";
            authorization_info_230: v2_3_0::tokens::AuthorizationInfo in "2.3.0", "authorization_info";
            location_references_230: v2_3_0::tokens::LocationReferences in "2.3.0", "location_references";
            evse_230: v2_3_0::locations::Evse in "2.3.0", "evse";
            connector_230: v2_3_0::locations::Connector in "2.3.0", "connector";
            command_response_230: v2_3_0::commands::CommandResponse in "2.3.0", "command_response";
            command_result_230: v2_3_0::commands::CommandResult in "2.3.0", "command_result";
            stop_session_230: v2_3_0::commands::StopSession in "2.3.0", "stop_session";
            unlock_connector_230: v2_3_0::commands::UnlockConnector in "2.3.0", "unlock_connector";
            cancel_reservation_230: v2_3_0::commands::CancelReservation in "2.3.0", "cancel_reservation";
            charging_preferences_230: v2_3_0::sessions::ChargingPreferences
                in "2.3.0", "charging_preferences";
            charging_profile_response_230: v2_3_0::charging_profiles::ChargingProfileResponse
                in "2.3.0", "charging_profile_response";
            active_charging_profile_result_230: v2_3_0::charging_profiles::ActiveChargingProfileResult
                in "2.3.0", "active_charging_profile_result";
            charging_profile_result_230: v2_3_0::charging_profiles::ChargingProfileResult
                in "2.3.0", "charging_profile_result";
            clear_profile_result_230: v2_3_0::charging_profiles::ClearProfileResult
                in "2.3.0", "clear_profile_result";
            booking_request_status_230: v2_3_0::bookings::BookingRequestStatus
                in "2.3.0", "booking_request_status";
        }
    };
}
pub(crate) use {each_fixture, fixture};

each_fixture!(fixtures);

pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) minimal: &'static str,
    pub(crate) full: &'static str,
}

impl Fixture {
    fn holds<T: Object>(&self, version: Version) {
        for text in [self.minimal, self.full] {
            self.conforms::<T>(version, text);
        }
        self.is_minimal(T::INFO, &parse(self.minimal), String::new());
        self.is_full(T::INFO);
    }

    fn conforms<T: Object>(&self, version: Version, text: &str) {
        let name = self.name;
        let value: T = json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let read = json::read::<T>(text.as_bytes()).expect("what is read strictly is read tolerantly");
        assert_eq!(read.findings, [], "{name}");
        assert_eq!(read.value, value, "{name}");
        assert_eq!(errors(&value, version), [], "{name}");
        assert_eq!(json::to_string(&value), without_blanks(text), "{name}");
    }

    /// No member could be left out.
    fn is_minimal(&self, info: &ObjectInfo, value: &Json, place: String) {
        let members = value.as_object().unwrap_or_else(|| panic!("{}{place} is no object", self.name));
        for (name, value) in members {
            let place = format!("{place}/{name}");
            let field = info.fields.iter().find(|field| field.name == name);
            let field = field.unwrap_or_else(|| panic!("{}{place} is unknown", self.name));
            assert!(matches!(field.card.sign(), "1" | "+"), "{}{place} can be left out", self.name);
            if let Type::Object(info) = field.ty {
                elements(value).for_each(|value| self.is_minimal(info(), value, place.clone()));
            }
        }
    }

    /// Every object that can occur does, and every member of it is set at least once.
    fn is_full(&self, info: &ObjectInfo) {
        let mut set = BTreeMap::new();
        collect(info, &parse(self.full), &mut set);
        for info in reachable(info) {
            let members = set.get(info.name).unwrap_or_else(|| panic!("{}: no {}", self.name, info.name));
            for field in info.fields {
                assert!(members.contains(field.name), "{}: no {}.{}", self.name, info.name, field.name);
            }
        }
    }
}

/// Findings above info in every document of the version: a member of a branch is right in that branch.
fn errors<T: Object>(value: &T, version: Version) -> Vec<Finding> {
    let mut errors = check(value, version);
    // The smallest of these say less than a partner can use, which the specification allows.
    let too_little = [Rule::ProfileEmpty, Rule::BookingOption];
    errors.retain(|finding| finding.severity > Severity::Info && !too_little.contains(&finding.rule));
    for branch in [&Ruleset::V2_3_0_PAYMENTS, &Ruleset::V2_3_0_BOOKINGS] {
        if branch.version() == version {
            let of_branch = check_ruleset(value, branch);
            errors.retain(|error| of_branch.contains(error));
        }
    }
    errors
}

/// The members that are set, by the name of the object they are in.
fn collect(info: &ObjectInfo, value: &Json, set: &mut BTreeMap<&'static str, BTreeSet<&'static str>>) {
    for field in info.fields {
        let values: Vec<&Json> = value.get(field.name).into_iter().flat_map(elements).collect();
        if !values.is_empty() {
            set.entry(info.name).or_default().insert(field.name);
        }
        if let Type::Object(info) = field.ty {
            values.into_iter().for_each(|value| collect(info(), value, set));
        }
    }
}

/// The object and all objects in it.
fn reachable(root: &ObjectInfo) -> Vec<&ObjectInfo> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(info) = found.get(next) {
        for field in info.fields {
            if let Type::Object(info) = field.ty {
                if !found.iter().any(|known| known.name == info().name) {
                    found.push(info());
                }
            }
        }
        next += 1;
    }
    found
}

/// The elements of a list; or the value itself.
fn elements(value: &Json) -> impl Iterator<Item = &Json> {
    match value {
        Json::Array(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    }
    .iter()
}

fn parse(text: &str) -> Json {
    serde_json::from_str(text).expect("a fixture is JSON")
}

/// The text without blanks outside strings.
fn without_blanks(text: &str) -> String {
    let mut out = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if quoted || !c.is_ascii_whitespace() {
            out.push(c);
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    out
}
