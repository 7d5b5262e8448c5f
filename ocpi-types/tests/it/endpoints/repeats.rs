//! Requests that may be sent again, and what they demand.

use std::collections::BTreeSet;

use ocpi_types::endpoint::{Endpoint, Patch, Repeat, SessionKey};
use ocpi_types::{v2_1_1, v2_2_1, v2_3_0};

use super::entry::{owned, read};
use super::{DOCUMENTS, endpoints};

const SAFE: &[&str] = &[
    "GetActiveChargingProfile",
    "GetCdr",
    "GetClientInfo",
    "GetCopy",
    "GetCredentials",
    "GetFinancialAdviceConfirmation",
    "GetOwn",
    "GetTerminal",
    "GetVersionDetails",
    "GetVersions",
    "List",
    "ListBookingLocations",
];

const IDEMPOTENT: &[&str] = &[
    "ClearChargingProfile",
    "Delete",
    "Patch",
    "PatchTerminal",
    "Put",
    "PutActiveChargingProfile",
    "PutChargingProfile",
    "PutClientInfo",
    "PutTerminal",
    "SetChargingPreferences",
];

const ONCE: &[&str] = &[
    "ActivateTerminal",
    "Authorize",
    "CancelReservation",
    "DeactivateTerminal",
    "DeleteCredentials",
    "PostActiveChargingProfileResult",
    "PostBookingRequest",
    "PostCdr",
    "PostChargingProfileResult",
    "PostClearProfileResult",
    "PostCommandResult",
    "PostCredentials",
    "PostFinancialAdviceConfirmation",
    "PostInvoiceReconciliationRecord",
    "PostTerminal",
    "PutCredentials",
    "ReserveNow",
    "StartSession",
    "StopSession",
    "UnlockConnector",
];

#[test]
fn every_endpoint_says_whether_it_may_be_sent_again() {
    let tables = [(Repeat::Safe, SAFE), (Repeat::Idempotent, IDEMPOTENT), (Repeat::Once, ONCE)];
    let mut met = BTreeSet::new();
    for entry in DOCUMENTS.iter().flat_map(endpoints) {
        let stem = entry.name.split('<').next().unwrap_or_default().to_owned();
        let table = tables.iter().find(|(_, names)| names.contains(&stem.as_str()));
        assert_eq!(table.map(|(repeat, _)| *repeat), Some(entry.repeat), "{}", entry.name);
        met.insert(stem);
    }
    let listed: BTreeSet<String> =
        tables.iter().flat_map(|(_, names)| names.iter().map(|name| (*name).to_owned())).collect();
    assert_eq!(met, listed, "each name of the tables is an endpoint");
}

#[test]
fn a_patch_that_appends_charging_periods_is_sent_once() {
    const PERIOD: &str =
        r#"{"start_date_time": "2026-11-22T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 1}]}"#;
    let appending = format!(r#"{{"charging_periods": [{PERIOD}], "last_updated": "2026-11-22T10:00:00Z"}}"#);
    for (patch, expected) in [
        (r#"{"status": "COMPLETED", "last_updated": "2026-11-22T10:00:00Z"}"#, Repeat::Idempotent),
        (
            r#"{"kwh": 12.5, "charging_periods": [], "last_updated": "2026-11-22T10:00:00Z"}"#,
            Repeat::Idempotent,
        ),
        (&*appending, Repeat::Once),
    ] {
        let at = owned(SessionKey { session_id: "S1".parse().expect("an id") });
        let newest = Patch::<v2_3_0::sessions::Session> { at: at.clone(), patch: read(patch) };
        let older = Patch::<v2_2_1::sessions::Session> { at, patch: read(patch) };
        let key = ocpi_types::endpoint::v2_1_1::SessionKey { session_id: "S1".parse().expect("an id") };
        let oldest = Patch::<v2_1_1::sessions::Session> { at: owned(key), patch: read(patch) };
        assert_eq!([newest.repeat(), older.repeat(), oldest.repeat()], [expected; 3], "{patch}");
    }
}

#[test]
fn the_list_of_sessions_demands_a_time() {
    for entry in DOCUMENTS.iter().flat_map(endpoints) {
        let expected: &[&str] = if entry.name == "List<Session>" { &["date_from"] } else { &[] };
        assert_eq!(entry.demanded, expected, "{}", entry.name);
    }
}
