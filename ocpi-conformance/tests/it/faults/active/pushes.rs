//! Faults of Receiver interfaces with copies.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Fault, assert_caught, broken, open, refusal, refuse, swallow_refusal};
use crate::layer::Deed::{self, After, Before};
use crate::layer::{Asked, Told};

/// Modules, and the names of their checks.
const MODULES: [&str; 6] =
    ["locations", "tariffs", "sessions", "tokens", "invoicereconciliation", "bookings"];
const ALL: [&str; 7] =
    ["locations", "tariffs", "sessions", "tokens", "invoicereconciliation", "bookings", "booking_locations"];
const PATCHED: [&str; 5] = ["locations", "sessions", "tokens", "bookings", "booking_locations"];
const DELETED: [&str; 2] = ["tariffs", "invoicereconciliation"];

/// A fault of all modules: the checks that are for it, in these ones, and what is done wrong.
struct Everywhere(&'static [&'static str], &'static [&'static str], fn(&Asked) -> bool, Deed);

fn is_at_receiver(it: &Asked) -> bool {
    it.path.contains("/receiver/")
}

fn is_put(it: &Asked) -> bool {
    is_at_receiver(it) && (it.is(Method::PUT) || it.is(Method::POST))
}

fn is_patch(it: &Asked) -> bool {
    is_at_receiver(it) && it.is(Method::PATCH)
}

fn is_delete(it: &Asked) -> bool {
    is_at_receiver(it) && it.is(Method::DELETE)
}

fn is_get(it: &Asked) -> bool {
    is_at_receiver(it) && it.is(Method::GET)
}

fn ignore(it: &mut Asked) -> Option<Told> {
    it.is_authorized().then(|| Told::success(&Value::Null))
}

/// Changes the body of a request, if it is an object.
fn body(it: &mut Asked, change: impl FnOnce(&mut Value)) {
    if let Ok(mut json) = serde_json::from_slice::<Value>(it.request.body()) {
        if json.is_object() {
            change(&mut json);
            *it.request.body_mut() = json.to_string().into();
        }
    }
}

/// Takes a message for one of another time.
fn as_of(it: &mut Asked, time: &str, other: &str) {
    body(it, |json| {
        if json["last_updated"].as_str().is_some_and(|text| text.ends_with(time)) {
            json["last_updated"] = format!("2026-11-22T11:{other}Z").into();
        }
    });
}

const FAULTS: &[Everywhere] = &[
    Everywhere(&["put"], &ALL, is_put, After(|_, told| told.status = StatusCode::INTERNAL_SERVER_ERROR)),
    Everywhere(&["put"], &ALL, is_put, After(refuse)),
    Everywhere(&["put_get"], &ALL, is_put, Before(ignore)),
    Everywhere(
        &["put_get"],
        &ALL,
        is_get,
        After(|_, told| told.data(|it| it["last_updated"] = "2026-11-22T11:59:59Z".into())),
    ),
    Everywhere(
        &["put_created"],
        &ALL,
        is_put,
        After(|_, told| {
            if told.status.is_success() {
                told.status = StatusCode::CREATED;
            }
        }),
    ),
    Everywhere(
        &["put_again", "put_replaces", "undo"],
        &["locations", "sessions", "tokens", "bookings", "booking_locations"],
        is_put,
        After(|it, told| {
            if told.status == StatusCode::OK {
                refuse(it, told);
            }
        }),
    ),
    Everywhere(
        &["put_replaces"],
        &["locations", "tariffs", "sessions", "tokens", "bookings", "booking_locations"],
        is_get,
        After(|_, told| {
            // What is left out stays.
            told.data(|it| {
                for name in ["name", "tariff_alt_url", "total_cost", "visual_number", "tariff_ids"] {
                    if it.is_object() && it.get(name).is_none() {
                        it[name] = json!(["of before"]);
                    }
                }
            })
        }),
    ),
    Everywhere(
        &["put_older"],
        &ALL,
        is_put,
        Before(|it| {
            as_of(it, ":05Z", "00:40");
            None
        }),
    ),
    Everywhere(
        &["put_unknown_member"],
        &ALL,
        is_put,
        Before(|it| {
            let text = String::from_utf8_lossy(it.request.body()).into_owned();
            let mut told = Told::success(&Value::Null);
            told.envelope(|it| *it = refusal());
            text.contains("conformance_member").then_some(told)
        }),
    ),
    Everywhere(
        &["put_without_token"],
        &ALL,
        is_put,
        Before(|it| if it.token().is_empty() { open(it) } else { None }),
    ),
    Everywhere(&["put_without_token", "put_wrong_token"], &ALL, is_put, Before(open)),
    Everywhere(&["put_foreign"], &ALL, |it| is_put(it) && it.path.contains("/ZZ/ZZZ/"), Before(ignore)),
    Everywhere(
        &["put_other_id", "put_other_owner", "put_no_json", "put_incomplete"],
        &ALL,
        is_put,
        After(swallow_refusal),
    ),
    Everywhere(&["patch"], &PATCHED, is_patch, Before(ignore)),
    Everywhere(&["patch"], &PATCHED, is_patch, After(refuse)),
    Everywhere(
        &["patch"],
        &PATCHED,
        is_patch,
        Before(|it| {
            let (name, value) = match it.path.split('/').nth(4).unwrap_or_default() {
                "locations" => ("city", json!("Elsewhere")),
                "sessions" => ("currency", json!("USD")),
                "tokens" => ("issuer", json!("Somebody")),
                _ if it.path.contains("booking_locations") => ("tariff_ids", json!(["T9"])),
                _ => ("location_id", json!("L9")),
            };
            body(it, |json| json[name] = value);
            None
        }),
    ),
    Everywhere(
        &["patch_last_updated"],
        &PATCHED,
        is_patch,
        Before(|it| {
            body(it, |json| {
                if json.get("last_updated").is_none() {
                    json["last_updated"] = "2026-11-22T11:00:20Z".into();
                }
            });
            None
        }),
    ),
    Everywhere(
        &["patch_unknown", "patch_foreign", "patch_no_json", "patch_last_updated"],
        &PATCHED,
        is_patch,
        After(swallow_refusal),
    ),
    Everywhere(
        &["patch_older"],
        &PATCHED,
        is_patch,
        Before(|it| {
            as_of(it, ":15Z", "00:45");
            None
        }),
    ),
    Everywhere(&["delete"], &DELETED, is_delete, Before(ignore)),
    Everywhere(&["delete", "undo"], &DELETED, is_delete, After(refuse)),
    Everywhere(&["delete_unknown", "delete_foreign"], &DELETED, is_delete, After(swallow_refusal)),
];

#[test]
fn each_fault_of_copies_is_caught_in_each_module() {
    let mut caught = 0;
    for (number, Everywhere(checks, modules, concerns, deed)) in FAULTS.iter().enumerate() {
        let found = broken(&MODULES, *concerns, *deed);
        for module in *modules {
            for check in *checks {
                let id = format!("{module}.{check}");
                assert!(found.contains(&id), "fault {number} should break {id}: {found:?}");
                caught += 1;
            }
        }
    }
    println!("{} faults in copies, caught {caught} times", FAULTS.len());
    assert!(caught >= 60);
}

fn is_evse(it: &Asked) -> bool {
    it.path.contains("/receiver/locations/") && it.path.contains("-E")
}

const PARTS: &[Fault] = &[
    Fault(
        &["locations"],
        &["locations.put_evse", "locations.put_connector"],
        |it| is_evse(it) && is_put(it),
        Before(ignore),
    ),
    Fault(
        &["locations"],
        &["locations.patch_evse", "locations.patch_connector"],
        |it| is_evse(it) && is_patch(it),
        Before(ignore),
    ),
    Fault(
        &["locations"],
        &[
            "locations.put_evse_other_uid",
            "locations.put_evse_unknown_location",
            "locations.patch_evse_unknown",
        ],
        |it| it.path.contains("/receiver/locations/") && !it.is(Method::GET),
        After(swallow_refusal),
    ),
    Fault(
        &["locations"],
        &["locations.part_moves_parents"],
        is_get,
        After(|it, told| {
            // The Location is as old as before.
            if !it.path.contains("-E") {
                told.data(|it| {
                    if it["last_updated"] == "2026-11-22T11:00:40Z" {
                        it["last_updated"] = "2026-11-22T11:00:10Z".into();
                    }
                });
            }
        }),
    ),
    Fault(
        &["locations"],
        &["locations.patch_evse_last_updated"],
        |it| is_evse(it) && is_patch(it),
        Before(|it| {
            body(it, |json| {
                if json.get("last_updated").is_none() {
                    json["last_updated"] = "2026-11-22T11:00:20Z".into();
                }
            });
            None
        }),
    ),
    Fault(
        &["sessions"],
        &["sessions.patch_appends_periods", "sessions.put_replaces_periods"],
        is_get,
        After(|_, told| {
            told.data(|it| {
                if let Some(periods) = it.get_mut("charging_periods").and_then(Value::as_array_mut) {
                    periods.truncate(1);
                }
            })
        }),
    ),
    Fault(
        &["sessions"],
        &["sessions.put_completed"],
        is_put,
        Before(|it| {
            as_of(it, ":15Z", "00:50");
            None
        }),
    ),
    Fault(
        &["tokens"],
        &["tokens.put_type"],
        is_at_receiver,
        Before(|it| {
            it.set_query("type", None);
            None
        }),
    ),
    Fault(
        &["tokens"],
        &["tokens.put_type_default"],
        |it| is_get(it) && it.query("type").as_deref() == Some("APP_USER"),
        After(|_, told| {
            if told.status == StatusCode::NOT_FOUND {
                *told = Told::success(&json!({"type": "RFID"}));
            }
        }),
    ),
    Fault(
        &["tokens"],
        &["tokens.patch_invalid"],
        is_get,
        After(|_, told| told.data(|it| it["valid"] = true.into())),
    ),
];

#[test]
fn faults_of_parts_are_caught() {
    assert_caught(PARTS);
}
