//! Faults of versions, authorization, credentials, HTTP and envelopes.

use http::{Method, StatusCode};
use ocpi_types::Version;
use serde_json::{Value, json};

use super::breached;
use crate::layer::Deed::{self, After, Before};
use crate::layer::{Asked, Told};

fn versions(it: &Asked) -> bool {
    it.path.ends_with("/versions")
}

fn details(it: &Asked) -> bool {
    it.path.ends_with("/2.3.0")
}

fn credentials(it: &Asked) -> bool {
    it.path.ends_with("/credentials")
}

fn all(_: &Asked) -> bool {
    true
}

fn open(it: &mut Asked) -> Option<Told> {
    it.authorize();
    None
}

fn open_without(it: &mut Asked) -> Option<Told> {
    if it.token().is_empty() {
        it.authorize();
    }
    None
}

fn page() -> Vec<u8> {
    b"<html>Oops</html>".to_vec()
}

type Concerns = fn(&Asked) -> bool;

/// The check that is for the fault, the requests that it concerns, and what is done wrong.
const FAULTS: &[(&str, Concerns, Deed)] = &[
    ("versions.list", versions, After(|_, told| told.data(|it| *it = json!([])))),
    ("versions.list", versions, After(|_, told| told.data(|it| *it = it[0].clone()))),
    ("versions.list", versions, After(|_, told| told.status = StatusCode::BAD_GATEWAY)),
    ("versions.list", versions, After(|_, told| told.body = page())),
    (
        "versions.complete",
        versions,
        After(|_, told| {
            told.items(|it| {
                it.push(json!({"version": "2.1.1", "url": "/ocpi/2.1.1"}));
            })
        }),
    ),
    ("versions.unique", versions, After(|_, told| told.items(|it| it.extend(it.first().cloned())))),
    ("versions.known", versions, After(|_, told| told.data(|it| it[0]["version"] = "3.0".into()))),
    ("details.get", details, After(|_, told| told.data(|it| it["endpoints"] = json!([])))),
    ("details.get", details, After(|_, told| told.data(|it| *it = json!([it.clone()])))),
    ("details.version", details, After(|_, told| told.data(|it| it["version"] = "2.2.1".into()))),
    (
        "details.credentials",
        details,
        After(|_, told| {
            told.data(|it| {
                it["endpoints"]
                    .as_array_mut()
                    .expect("a list")
                    .retain(|it| it["identifier"] != "credentials");
            })
        }),
    ),
    ("details.urls", details, After(|_, told| told.data(|it| it["endpoints"][1]["url"] = "/ocpi/x".into()))),
    (
        "details.unique",
        details,
        After(|_, told| {
            told.data(|it| {
                let first = it["endpoints"][0].clone();
                it["endpoints"].as_array_mut().expect("a list").push(first);
            })
        }),
    ),
    (
        "details.roles",
        details,
        After(|_, told| {
            told.data(|it| {
                it["endpoints"][1].as_object_mut().expect("an object").remove("role");
            })
        }),
    ),
    ("details.roles", details, After(|_, told| told.data(|it| it["endpoints"][1]["role"] = "sender".into()))),
    (
        "details.spelling",
        details,
        After(|_, told| {
            told.data(|it| {
                let name = it["endpoints"][1]["identifier"].as_str().expect("a text").to_uppercase();
                it["endpoints"][1]["identifier"] = name.into();
            })
        }),
    ),
    (
        "auth.token_form",
        details,
        Before(|it| {
            // Only as it is.
            if it.is_authorized() {
                it.request.headers_mut().remove("authorization");
            } else if !it.token().is_empty() {
                it.authorize();
            }
            None
        }),
    ),
    ("auth.versions_without_token", versions, Before(open_without)),
    ("auth.versions_wrong_token", versions, Before(open)),
    (
        "auth.similar_token",
        versions,
        Before(|it| {
            // By its beginning.
            let (given, right) = (it.token().len(), it.right.len());
            if it.token().is_empty() || given.abs_diff(right) > 4 {
                return None;
            }
            it.authorize();
            None
        }),
    ),
    ("auth.details_without_token", details, Before(open_without)),
    ("auth.details_wrong_token", details, Before(open)),
    (
        "auth.details_wrong_token",
        details,
        After(|_, told| {
            if told.status == StatusCode::UNAUTHORIZED {
                told.status = StatusCode::NOT_FOUND;
            }
        }),
    ),
    (
        "auth.refusal_is_envelope",
        versions,
        After(|_, told| {
            if told.status == StatusCode::UNAUTHORIZED {
                told.body = b"no".to_vec();
            }
        }),
    ),
    ("credentials.get", credentials, After(|_, told| told.status = StatusCode::METHOD_NOT_ALLOWED)),
    ("credentials.get", credentials, After(|_, told| told.data(|it| *it = json!([it.clone()])))),
    ("credentials.without_token", credentials, Before(open_without)),
    ("credentials.wrong_token", credentials, Before(open)),
    (
        "credentials.conform",
        credentials,
        After(|_, told| {
            told.data(|it| {
                it["roles"][0].as_object_mut().expect("an object").remove("business_details");
            })
        }),
    ),
    (
        "credentials.conform",
        credentials,
        After(|_, told| told.data(|it| it["roles"][0]["role"] = "CPOX".into())),
    ),
    (
        "credentials.token_is_ours",
        credentials,
        After(|_, told| told.data(|it| it["token"] = "another".into())),
    ),
    (
        "credentials.url_is_versions",
        credentials,
        After(|_, told| {
            told.data(|it| {
                it["url"] = "https://server.example/ocpi".into();
            })
        }),
    ),
    (
        "credentials.url_is_versions",
        credentials,
        After(|_, told| {
            told.data(|it| {
                it["url"] = "https://elsewhere.example/ocpi/versions".into();
            })
        }),
    ),
    (
        "credentials.roles_unique",
        credentials,
        After(|_, told| {
            told.data(|it| {
                let first = it["roles"][0].clone();
                it["roles"].as_array_mut().expect("a list").push(first);
            })
        }),
    ),
    (
        "http.unknown_url",
        all,
        Before(|it| it.path.ends_with("/no-such-module").then(|| Told::success(&Value::Null))),
    ),
    (
        "http.method_not_allowed",
        versions,
        Before(|it| it.is(Method::POST).then(|| Told::success(&json!([])))),
    ),
    ("http.content_type", all, After(|_, told| told.set("content-type", Some("text/html")))),
    (
        "http.no_redirect",
        all,
        After(|it, told| {
            if it.path.ends_with("/no-such-module") {
                told.status = StatusCode::FOUND;
            }
        }),
    ),
    (
        "http.no_server_error",
        all,
        After(|it, told| {
            if it.path.contains("no-such-id") {
                told.status = StatusCode::INTERNAL_SERVER_ERROR;
            }
        }),
    ),
    ("http.request_id", all, After(|_, told| told.set("x-request-id", None))),
    (
        "http.request_id",
        all,
        After(|it, told| {
            if !it.is_authorized() {
                told.set("x-request-id", None);
            }
        }),
    ),
    ("http.correlation_id", all, After(|_, told| told.set("x-correlation-id", Some("mine")))),
    (
        "http.routing",
        all,
        After(|_, told| {
            if told.header("ocpi-to-party-id").is_some() {
                told.set("ocpi-to-party-id", Some("ALF"));
                told.set("ocpi-to-country-code", Some("NL"));
            }
        }),
    ),
    (
        "http.routing_there",
        all,
        After(|_, told| {
            told.set("ocpi-to-party-id", None);
            told.set("ocpi-to-country-code", None);
        }),
    ),
    (
        "envelope.there",
        all,
        After(|it, told| {
            if it.path.ends_with("/sender/tariffs") && told.status == StatusCode::OK {
                let body: Value = serde_json::from_slice(&told.body).expect("JSON");
                told.body = body["data"].to_string().into_bytes();
            }
        }),
    ),
    (
        "envelope.of_refusals",
        all,
        After(|it, told| {
            if it.path.contains("no-such") {
                told.body = page();
            }
        }),
    ),
    (
        "envelope.status_code",
        all,
        After(|_, told| {
            told.envelope(|it| {
                let code = it["status_code"].to_string();
                it["status_code"] = code.into();
            })
        }),
    ),
    (
        "envelope.status_code",
        all,
        After(|it, told| {
            if it.path.contains("no-such") {
                told.envelope(|it| it["status_code"] = 404.into());
            }
        }),
    ),
    (
        "envelope.status_fits_http",
        all,
        After(|it, told| {
            if it.path.contains("no-such") {
                told.envelope(|it| it["status_code"] = 1000.into());
            }
        }),
    ),
    (
        "envelope.timestamp",
        all,
        After(|_, told| {
            told.envelope(|it| {
                it["timestamp"] = "2026-11-22T13:00:00+01:00".into();
            })
        }),
    ),
    (
        "envelope.timestamp",
        all,
        After(|_, told| {
            told.envelope(|it| {
                it.as_object_mut().expect("an object").remove("timestamp");
            })
        }),
    ),
    (
        "envelope.clock",
        all,
        After(|_, told| told.envelope(|it| it["timestamp"] = "2026-11-22T13:00:00Z".into())),
    ),
];

#[test]
fn each_fault_of_the_whole_is_caught_by_its_check() {
    for (number, (check, concerns, deed)) in FAULTS.iter().enumerate() {
        let found = breached(Version::V2_3_0, concerns, *deed);
        assert!(found.contains(&(*check).to_owned()), "fault {number} should break {check}: {found:?}");
    }
    println!("{} faults of the whole, each caught by its check", FAULTS.len());
    assert!(FAULTS.len() >= 50);
}

#[test]
fn modules_of_later_versions_are_found_out() {
    let found = breached(
        Version::V2_1_1,
        |it| it.path.ends_with("/2.1.1"),
        After(|_, told| {
            told.data(|it| {
                let more =
                    json!({"identifier": "chargingprofiles", "url": "https://server.example/ocpi/2.1.1/x"});
                it["endpoints"].as_array_mut().expect("a list").push(more);
            })
        }),
    );
    assert!(found.contains(&"details.modules".to_owned()), "{found:?}");
}
