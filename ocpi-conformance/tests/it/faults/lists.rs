//! Faults in lists: each in all lists at once, so that each is caught in each module; and in one list alone.

use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use http::{Method, StatusCode};
use ocpi_client::Transport;
use ocpi_client::transport::from_fn;
use ocpi_types::{DateTime, Version};
use pollster::block_on;
use serde_json::{Value, json};

use super::breached;
use crate::correct::memory;
use crate::layer::Deed::{self, After, Before};
use crate::layer::{Asked, Told};
use crate::server::Server;

/// Lists by their names in checks, and the ends of their paths.
const LISTS: [(&str, &str); 10] = [
    ("locations", "/sender/locations"),
    ("tariffs", "/sender/tariffs"),
    ("sessions", "/sender/sessions"),
    ("cdrs", "/sender/cdrs"),
    ("tokens", "/sender/tokens"),
    ("hubclientinfo", "/sender/hubclientinfo"),
    ("invoicereconciliation", "/sender/invoicereconciliation"),
    ("terminals", "/sender/payments/terminals"),
    ("financial_advice_confirmations", "/sender/payments/financial-advice-confirmations"),
    ("booking_locations", "/sender/bookings/booking_locations"),
];

/// Lists whose objects name their owner.
const OWNED: [&str; 7] =
    ["locations", "tariffs", "sessions", "cdrs", "tokens", "invoicereconciliation", "booking_locations"];

/// A fault of lists: its name, the check that is for it, and what is done wrong.
struct Fault(&'static str, &'static str, Deed);

fn faults() -> Vec<Fault> {
    vec![
        Fault(
            "open to everybody",
            "list_without_token",
            Before(|it| {
                if it.token().is_empty() {
                    it.authorize();
                }
                None
            }),
        ),
        Fault(
            "open to every token",
            "list_wrong_token",
            Before(|it| {
                it.authorize();
                None
            }),
        ),
        Fault(
            "refuses with HTTP 403",
            "list_wrong_token",
            After(|_, told| {
                if told.status == StatusCode::UNAUTHORIZED {
                    told.status = StatusCode::FORBIDDEN;
                }
            }),
        ),
        Fault(
            "refuses, and gives the list all the same",
            "list_without_token",
            Before(|it| {
                let mut told = Told::success(&json!([{"id": "1"}]));
                told.status = StatusCode::UNAUTHORIZED;
                (!it.is_authorized()).then_some(told)
            }),
        ),
        Fault(
            "fails",
            "list",
            After(|it, told| {
                if it.is_authorized() {
                    told.status = StatusCode::INTERNAL_SERVER_ERROR;
                }
            }),
        ),
        Fault("answers 2000", "list", After(|_, told| told.envelope(|it| it["status_code"] = 2000.into()))),
        Fault(
            "gives an object for a list",
            "list",
            After(|_, told| told.data(|it| *it = json!({"items": []}))),
        ),
        Fault("gives no data", "list", After(|_, told| told.data(|it| *it = Value::Null))),
        Fault("gives cut JSON", "list", After(|_, told| told.body.truncate(told.body.len() / 2))),
        Fault(
            "links in a circle",
            "list",
            After(|it, told| {
                let uri = it.request.uri().to_string();
                if it.is_authorized() {
                    told.set("link", Some(&format!("<{uri}>; rel=\"next\"")));
                }
            }),
        ),
        Fault("says no total", "list_total", After(|_, told| told.set("x-total-count", None))),
        Fault(
            "says a total of the page",
            "list_total",
            After(|_, told| told.set("x-total-count", Some("1"))),
        ),
        Fault("says no limit", "list_limit_header", After(|_, told| told.set("x-limit", None))),
        Fault(
            "says a limit that it does not keep",
            "list_limit_header",
            After(|_, told| {
                told.set("x-limit", Some("3"));
            }),
        ),
        Fault(
            "ignores limit",
            "list_limit",
            Before(|it| {
                it.set_query("limit", None);
                None
            }),
        ),
        Fault("sends no link", "list_link", After(|_, told| told.set("link", None))),
        Fault(
            "sends a link without brackets",
            "list_link",
            After(|_, told| {
                let bare = told.header("link").map(|it| it.replace(['<', '>'], ""));
                told.set("link", bare.as_deref());
            }),
        ),
        Fault(
            "sends a link to its inner host",
            "list_link",
            After(|_, told| {
                let inner = told.header("link").map(|it| it.replace("server.example", "10.0.0.7"));
                told.set("link", inner.as_deref());
            }),
        ),
        Fault(
            "links to an empty page",
            "list_link",
            After(|it, told| {
                if told.header("link").is_none() && it.query("offset").is_none() && it.is_authorized() {
                    let url = format!("https://server.example{}?offset=900", it.path);
                    told.set("link", Some(&format!("<{url}>; rel=\"next\"")));
                }
            }),
        ),
        Fault(
            "ignores offset",
            "list_offset",
            Before(|it| {
                it.set_query("offset", None);
                it.set_query("cursor", None);
                None
            }),
        ),
        Fault(
            "begins again behind the end",
            "list_offset_beyond",
            Before(|it| {
                if it.query("offset").as_deref() == Some("17") {
                    it.set_query("offset", None);
                }
                None
            }),
        ),
        Fault(
            "loses an object at the seam",
            "list_pages_join",
            After(|it, told| {
                if it.query("limit").as_deref() == Some("3") {
                    told.items(|items| drop(items.pop()));
                }
            }),
        ),
        Fault(
            "gives an object on two pages",
            "list_pages_join",
            After(|it, told| {
                if it.query("limit").as_deref() == Some("3") {
                    told.items(|items| items.extend(items.first().cloned()));
                }
            }),
        ),
        Fault(
            "changes its order",
            "list_order",
            After(|it, told| {
                told.items(|items| {
                    // Another order for each of 14 requests in a row.
                    let by = it.number % items.len().max(1);
                    items.rotate_left(by);
                    if it.number / 7 % 2 == 0 {
                        items.reverse();
                    }
                });
            }),
        ),
        Fault(
            "gives objects without ids",
            "list_ids",
            After(|_, told| {
                told.items(|items| {
                    for name in ["id", "uid", "terminal_id", "role"] {
                        first(items, |item| drop(item.as_object_mut().expect("an object").remove(name)));
                    }
                });
            }),
        ),
        Fault(
            "gives an object twice",
            "list_ids_unique",
            After(|_, told| {
                told.items(|items| items.extend(items.first().cloned()));
            }),
        ),
        Fault(
            "ignores date_from",
            "list_date_from",
            Before(|it| {
                if it.query("date_from").is_some() {
                    it.set_query("date_from", Some("2000-01-01T00:00:00Z"));
                }
                None
            }),
        ),
        Fault(
            "takes date_from as exclusive",
            "list_date_from_inclusive",
            Before(|it| {
                later(it, "date_from");
                None
            }),
        ),
        Fault(
            "ignores date_to",
            "list_date_to",
            Before(|it| {
                it.set_query("date_to", None);
                None
            }),
        ),
        Fault(
            "takes date_to as inclusive",
            "list_date_to_exclusive",
            Before(|it| {
                later(it, "date_to");
                None
            }),
        ),
        Fault(
            "takes date_to as inclusive",
            "list_windows_chain",
            Before(|it| {
                later(it, "date_to");
                None
            }),
        ),
        Fault(
            "counts what is not in the window",
            "list_future",
            After(|_, told| {
                told.set("x-total-count", Some("7"));
            }),
        ),
        Fault(
            "forgets the window in links",
            "list_link_keeps_window",
            After(|_, told| {
                let link = told.header("link").map(|link| match link.split_once("date_from=") {
                    Some((before, rest)) => {
                        format!(
                            "{before}date_from=2000-01-01T00:00:00Z{}",
                            rest.find(['&', '>']).map_or("", |at| &rest[at..])
                        )
                    }
                    None => link,
                });
                // The place by offset alone: a cursor would remember.
                let link = link.map(|link| match link.split_once("&cursor=") {
                    Some((before, rest)) => {
                        format!("{before}{}", rest.find(['&', '>']).map_or("", |at| &rest[at..]))
                    }
                    None => link,
                });
                told.set("link", link.as_deref());
            }),
        ),
        Fault(
            "takes any text for a time",
            "list_bad_date",
            Before(|it| {
                if it.query("date_from").as_deref() == Some("yesterday") {
                    it.set_query("date_from", Some("2000-01-01T00:00:00Z"));
                }
                None
            }),
        ),
        Fault(
            "gives objects that were never updated",
            "items_conform",
            After(|_, told| {
                told.items(|items| {
                    first(items, |item| drop(item.as_object_mut().expect("an object").remove("last_updated")))
                });
            }),
        ),
        Fault(
            "gives times as numbers",
            "items_conform",
            After(|_, told| {
                told.items(|items| first(items, |item| item["last_updated"] = 5.into()));
            }),
        ),
        Fault(
            "gives objects of tomorrow",
            "items_not_in_future",
            After(|_, told| {
                told.items(|items| first(items, |item| item["last_updated"] = "2026-11-24T00:00:00Z".into()));
            }),
        ),
    ]
}

/// Changes the first object of a page, if it has one.
fn first(items: &mut [Value], change: impl FnOnce(&mut Value)) {
    if let Some(item) = items.first_mut() {
        change(item);
    }
}

/// Sets a time of the window one second later.
fn later(it: &mut Asked, name: &str) {
    let Some(time) = it.query(name).filter(|time| time.starts_with("2026-11-22T09:00:0")) else { return };
    let later = time.parse::<DateTime>().expect("a time").checked_add_seconds(1).expect("a time");
    it.set_query(name, Some(&later.to_string()));
}

fn is_list(it: &Asked) -> bool {
    it.is(Method::GET) && LISTS.iter().any(|(_, end)| it.path.ends_with(end))
}

#[test]
fn each_fault_of_lists_is_caught_by_its_check_in_each_module() {
    let mut caught = 0;
    for Fault(name, check, deed) in faults() {
        let found = breached(Version::V2_3_0, is_list, deed);
        for (list, _) in LISTS {
            let id = format!("{list}.{check}");
            assert!(found.contains(&id), "`{name}` should break {id}: {found:?}");
            caught += 1;
        }
    }
    println!("{caught} faults of lists, each caught by its check");
    assert!(caught > 300, "{caught}");
}

/// A correct server one of whose Locations is changed before each answer.
fn living(server: &Server) -> impl Transport + 'static {
    let (network, count) = (server.network.clone(), AtomicI64::new(0));
    from_fn(move |request: http::Request<Bytes>| {
        let (network, number) = (network.clone(), count.fetch_add(1, Ordering::Relaxed));
        let path = request.uri().path().to_owned();
        let mut asked = Asked { request, path, number: 0, right: String::new() };
        let is_refused = asked.query("date_from").as_deref() == Some("yesterday");
        let is_list = asked.path.ends_with("/sender/locations") && asked.query("limit").is_none();
        let is_concerned = is_list && !is_refused;
        async move {
            let window = ["date_from", "date_to"].map(|name| asked.query(name));
            if is_concerned {
                asked.set_query("date_from", None);
                asked.set_query("date_to", None);
            }
            let (mut parts, body) = network.send(asked.request).await?.into_parts();
            if !is_concerned || !parts.status.is_success() {
                return Ok(http::Response::from_parts(parts, body));
            }
            let mut envelope: Value = serde_json::from_slice(&body).expect("JSON");
            let items = envelope["data"].as_array_mut().expect("a list");
            let now: DateTime = "2026-11-22T09:00:00Z".parse().expect("a time");
            let now = now.checked_add_seconds(number).expect("a time");
            first(items, |item| item["last_updated"] = now.to_string().into());
            let [from, to] = window.map(|time| time.map(|it| it.parse::<DateTime>().expect("a time")));
            items.retain(|item| {
                let time: DateTime = item["last_updated"].as_str().expect("a text").parse().expect("a time");
                from.is_none_or(|from| time >= from) && to.is_none_or(|to| time < to)
            });
            parts.headers.insert("x-total-count", items.len().into());
            Ok(http::Response::from_parts(parts, envelope.to_string().into()))
        }
    })
}

#[test]
fn a_correct_server_passes_while_its_objects_change() {
    let server = block_on(Server::open(&[Version::V2_3_0], memory()));
    let report = block_on(server.check_over(Version::V2_3_0, living(&server)));
    assert_eq!(report.breached(), [""; 0], "{report}");
    let ids = ["list_date_from", "list_date_to", "list_windows_chain"].map(|it| format!("locations.{it}"));
    let passed =
        report.checks.iter().filter(|it| ids.contains(&it.check.id) && it.outcome.as_str() == "pass");
    assert_eq!(passed.count(), 3, "{report}");
}

#[test]
fn a_fault_in_one_list_breaks_no_check_of_another() {
    let found = breached(
        Version::V2_2_1,
        |it| it.path.ends_with("/sender/tariffs"),
        After(|_, told| told.set("x-total-count", Some("5"))),
    );
    assert!(found.contains(&"tariffs.list_total".to_owned()), "{found:?}");
    assert!(found.iter().all(|id| id.starts_with("tariffs.")), "{found:?}");
}

#[test]
fn faults_of_objects_are_caught() {
    let owned = breached(
        Version::V2_3_0,
        is_list,
        After(|_, told| {
            told.items(|items| first(items, |item| item["country_code"] = "FR".into()));
        }),
    );
    for list in OWNED {
        assert!(owned.contains(&format!("{list}.items_owner")), "{list}: {owned:?}");
    }
    let newer = breached(
        Version::V2_3_0,
        is_list,
        After(|_, told| {
            told.items(|items| {
                for name in ["evses", "calendars"] {
                    first(items, |item| {
                        if item.get(name).is_some() {
                            item[name][0]["last_updated"] = "2026-11-22T09:30:00Z".into();
                        }
                    });
                }
            });
        }),
    );
    for list in ["locations", "booking_locations"] {
        assert!(newer.contains(&format!("{list}.items_parts_not_newer")), "{list}: {newer:?}");
    }
}

/// Lists whose objects have URLs of their own.
const SINGLES: [(&str, &str); 4] = [
    ("locations", "/sender/locations/"),
    ("terminals", "/payments/terminals/"),
    ("financial_advice_confirmations", "/financial-advice-confirmations/"),
    ("booking_locations", "/booking_locations/"),
];

#[test]
fn faults_of_single_objects_are_caught() {
    let is_single = |it: &Asked| it.is(Method::GET) && SINGLES.iter().any(|(_, part)| it.path.contains(part));
    let is_part = |it: &Asked| it.path.contains("/L1/") || it.path.contains("/B1/");
    let found = |deed| breached(Version::V2_3_0, is_single, deed);
    let changed = found(After(|_, told| told.data(|it| it["address"] = "elsewhere".into())));
    let bare = found(After(|_, told| told.data(|it| *it = json!([it.clone()]))));
    let unknown =
        found(Before(|it| it.path.contains("no-such").then(|| Told::success(&json!({"id": "L1"})))));
    let other = found(After(|_, told| {
        if told.status == StatusCode::NOT_FOUND {
            told.status = StatusCode::BAD_REQUEST;
        }
    }));
    let open = found(Before(|it| {
        it.authorize();
        None
    }));
    for (list, _) in SINGLES {
        for (check, found) in [
            ("get_own", &changed),
            ("get_own", &bare),
            ("get_own_unknown", &unknown),
            ("get_own_unknown_404", &other),
            ("get_own_without_token", &open),
        ] {
            assert!(found.contains(&format!("{list}.{check}")), "{list}.{check}: {found:?}");
        }
    }
    let parts = breached(
        Version::V2_3_0,
        is_part,
        After(|_, told| {
            told.data(|it| it["physical_reference"] = "2".into());
        }),
    );
    let no_parts = breached(
        Version::V2_3_0,
        is_part,
        Before(|it| it.path.contains("no-such").then(|| Told::success(&json!({"uid": "E1"})))),
    );
    for list in ["locations", "booking_locations"] {
        assert!(parts.contains(&format!("{list}.get_part")), "{parts:?}");
        assert!(no_parts.contains(&format!("{list}.get_part_unknown")), "{no_parts:?}");
    }
}
