//! Faults of Receiver interfaces.

use ocpi_types::Version;
use serde_json::json;

use super::breached;
use crate::layer::Asked;
use crate::layer::Deed::Before;
use crate::layer::Told;

const RECEIVERS: [&str; 10] = [
    "locations",
    "tariffs",
    "sessions",
    "tokens",
    "cdrs",
    "commands",
    "chargingprofiles",
    "hubclientinfo",
    "invoicereconciliation",
    "bookings",
];

fn is_receiver(it: &Asked) -> bool {
    it.path.contains("/receiver/")
}

#[test]
fn each_fault_of_receivers_is_caught_by_its_check_in_each_module() {
    let found = |deed| breached(Version::V2_3_0, is_receiver, deed);
    let open = found(Before(|it| {
        if it.token().is_empty() {
            it.authorize();
        }
        None
    }));
    let any = found(Before(|it| {
        it.authorize();
        None
    }));
    let accepts =
        found(Before(|it| (!it.is_authorized()).then(|| Told::success(&json!({"result": "ACCEPTED"})))));
    for module in RECEIVERS {
        for (check, found) in [
            ("receiver_without_token", &open),
            ("receiver_wrong_token", &any),
            ("receiver_without_token", &accepts),
        ] {
            assert!(found.contains(&format!("{module}.{check}")), "{module}.{check}: {found:?}");
        }
    }
    let foreign =
        found(Before(|it| it.path.contains("/ZZ/ZZZ/").then(|| Told::success(&json!({"id": "1"})))));
    let made_up =
        found(Before(|it| it.path.contains("/DE/EMP/").then(|| Told::success(&json!({"id": "1"})))));
    for module in ["locations", "tariffs", "sessions", "tokens", "invoicereconciliation", "bookings"] {
        assert!(foreign.contains(&format!("{module}.copy_foreign")), "{module}: {foreign:?}");
        assert!(made_up.contains(&format!("{module}.copy_unknown")), "{module}: {made_up:?}");
    }
}
