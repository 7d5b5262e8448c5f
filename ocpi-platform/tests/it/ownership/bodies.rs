//! Objects of each kind, as partners send them in each version.

use std::sync::Arc;

use http::Method;
use ocpi_server_traits::{Memory, Objects};
use ocpi_testkit::{
    cdr_json, connector_json, evse_json, location_json, parse, session_json, tariff_json, token_json,
};
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{ModuleId, Version};
use pollster::block_on;

/// A kind of object: where it is, how it is written, and what a partner may do with its own.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) module: ModuleId,
    pub(super) below: &'static str,
    pub(super) methods: &'static [Method],
    pub(super) body: fn([&str; 2], Version) -> String,
    /// Whether the body names the owner, from 2.2 on.
    names_owner: bool,
}

const PATCHED: &[Method] = &[Method::GET, Method::PUT, Method::PATCH];

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "Location",
        module: ModuleId::Locations,
        below: "L1",
        methods: PATCHED,
        body: |of, version| match version {
            Version::V2_1_1 => LOCATION.replace("$owner", ""),
            _ => owned(&location_json("NL/ALF", "L1", "11:00:00"), of),
        },
        names_owner: true,
    },
    Kind {
        name: "EVSE",
        module: ModuleId::Locations,
        below: "L1/E1",
        methods: PATCHED,
        body: |_, version| match version {
            Version::V2_1_1 => evse_json("E1", "11:00:00")
                .replace("AC_3_PHASE", "AC_3_PHASE\", \"voltage\": 230, \"amperage\": 32, \"x\": \""),
            _ => evse_json("E1", "11:00:00"),
        },
        names_owner: false,
    },
    Kind {
        name: "Connector",
        module: ModuleId::Locations,
        below: "L1/E1/C1",
        methods: PATCHED,
        body: |_, version| match version {
            Version::V2_1_1 => connector_json("C1", "11:00:00")
                .replace("AC_3_PHASE", "AC_3_PHASE\", \"voltage\": 230, \"amperage\": 32, \"x\": \""),
            _ => connector_json("C1", "11:00:00"),
        },
        names_owner: false,
    },
    Kind {
        name: "Tariff",
        module: ModuleId::Tariffs,
        below: "T1",
        methods: &[Method::PUT, Method::DELETE],
        body: |of, version| match version {
            Version::V2_1_1 => TARIFF.to_owned(),
            _ => owned(&tariff_json("NL/ALF", "T1", "11:00:00"), of),
        },
        names_owner: true,
    },
    Kind {
        name: "Session",
        module: ModuleId::Sessions,
        below: "S1",
        methods: PATCHED,
        body: |of, version| match version {
            Version::V2_1_1 => SESSION.replace("$location", &LOCATION.replace("$owner", "")),
            _ => owned(&session_json("NL/ALF", "S1", "11:00:00"), of),
        },
        names_owner: true,
    },
    Kind {
        name: "Token",
        module: ModuleId::Tokens,
        below: "K1",
        methods: PATCHED,
        body: |of, version| match version {
            Version::V2_1_1 => TOKEN.to_owned(),
            _ => owned(&token_json("NL/ALF", "K1", "11:00:00"), of),
        },
        names_owner: true,
    },
    Kind {
        name: "CDR",
        module: ModuleId::Cdrs,
        below: "D2",
        methods: &[Method::POST],
        body: |of, version| match version {
            Version::V2_1_1 => CDR.replace("$location", &LOCATION.replace("$owner", "")),
            Version::V2_3_0 => owned(&cdr_json("NL/ALF", "D2", "11:00:00"), of),
            // A price has another name there.
            _ => owned(&cdr_json("NL/ALF", "D2", "11:00:00").replace("before_taxes", "excl_vat"), of),
        },
        names_owner: true,
    },
];

const LOCATION: &str = r#"{$owner"id": "L1", "type": "ON_STREET", "address": "Stationsplein 1", "city": "Utrecht",
    "postal_code": "3511 ED", "country": "NLD", "coordinates": {"latitude": "52.089450", "longitude": "5.110270"},
    "evses": [{"uid": "E1", "status": "AVAILABLE", "connectors": [{"id": "C1", "standard": "IEC_62196_T2",
    "format": "SOCKET", "power_type": "AC_3_PHASE", "voltage": 230, "amperage": 32,
    "last_updated": "2026-11-22T11:00:00Z"}], "last_updated": "2026-11-22T11:00:00Z"}],
    "last_updated": "2026-11-22T11:00:00Z"}"#;
const TARIFF: &str = r#"{"id": "T1", "currency": "EUR", "elements": [{"price_components":
    [{"type": "ENERGY", "price": 0.45, "step_size": 1}]}], "last_updated": "2026-11-22T11:00:00Z"}"#;
const SESSION: &str = r#"{"id": "S1", "start_datetime": "2026-11-22T08:00:00Z", "kwh": 1.5, "auth_id": "C1",
    "auth_method": "WHITELIST", "location": $location, "currency": "EUR", "status": "ACTIVE",
    "last_updated": "2026-11-22T11:00:00Z"}"#;
const TOKEN: &str = r#"{"uid": "K1", "type": "RFID", "auth_id": "C1", "issuer": "EM", "valid": true,
    "whitelist": "ALLOWED", "last_updated": "2026-11-22T11:00:00Z"}"#;
const CDR: &str = r#"{"id": "D2", "start_date_time": "2026-11-22T08:00:00Z", "stop_date_time": "2026-11-22T09:00:00Z",
    "auth_id": "C1", "auth_method": "WHITELIST", "location": $location, "currency": "EUR", "charging_periods":
    [{"start_date_time": "2026-11-22T08:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 10.0}]}],
    "total_cost": 4.50, "total_energy": 10.0, "total_time": 1.0, "last_updated": "2026-11-22T11:00:00Z"}"#;

impl Kind {
    pub(super) fn names_owner(&self, version: Version) -> bool {
        self.names_owner && version != Version::V2_1_1
    }

    pub(super) fn patch(&self, of: [&str; 2], version: Version) -> String {
        let owner = format!(r#""country_code": "{}", "party_id": "{}", "#, of[0], of[1]);
        let owner = if self.names_owner(version) { &*owner } else { "" };
        format!(r#"{{{owner}"last_updated": "2026-11-22T12:00:00Z"}}"#)
    }
}

/// A sample of another owner, whatever stands there.
fn owned(json: &str, of: [&str; 2]) -> String {
    let owner = format!(r#""country_code": "{}", "party_id": "{}""#, of[0], of[1]);
    json.replacen(r#""country_code": "NL", "party_id": "ALF""#, &owner, 1)
}

/// Puts one object of each kind of a party, where there is none.
pub(super) fn put_all(objects: &Arc<Objects<Arc<Memory>>>, [country, id]: [&str; 2]) {
    fn put<T: RootResource>(objects: &Objects<Arc<Memory>>, json: &str) {
        let object: T = parse(json);
        if block_on(objects.get::<T>(&object.identity())).expect("a store").is_none() {
            block_on(objects.put_all([object])).expect("a store");
        }
    }
    let of = &format!("{country}/{id}");
    put::<Location>(objects, &location_json(of, "L1", "09:00:00"));
    put::<Tariff>(objects, &tariff_json(of, "T1", "09:00:00"));
    put::<Session>(objects, &session_json(of, "S1", "09:00:00"));
    put::<Token>(objects, &token_json(of, "K1", "09:00:00"));
    put::<Cdr>(objects, &cdr_json(of, "D1", "09:00:00"));
}
