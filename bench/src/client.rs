//! Work of clients on the body of an answer, from bytes to objects of 2.3.0, and of servers to make one.

use std::any::Any;
use std::cell::RefCell;

use bytes::Bytes;
use ocpi_client::{Client, RequestIds};
use ocpi_kit::convert::wire::ObjectKind;
use ocpi_kit::transport::OcpiResponse;
use ocpi_kit::{VersionNumber, v2_3_0 as kit_2_3_0};
use ocpi_types::endpoint::{Encoding, List, Page, Reply};
use ocpi_types::protocol::{StatusCode, write_envelope};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::{DateTime, Version, json};

/// The body of an answer that holds a page.
#[must_use]
pub fn body(page: &str) -> Bytes {
    format!(r#"{{"data":{page},"status_code":1000,"timestamp":"2026-11-22T10:00:00Z"}}"#).into()
}

/// This library's client: every finding and what the partner says about the page included.
///
/// # Panics
/// When the body is no page of 2.3.0.
#[must_use]
pub fn own(body: &Bytes) -> Box<dyn Any> {
    own_from(Version::V2_3_0, body)
}

/// It, from a partner of 2.2.1: the types stay those of 2.3.0.
///
/// # Panics
/// When the body is no page of 2.2.1.
#[must_use]
pub fn own_from_2_2_1(body: &Bytes) -> Box<dyn Any> {
    own_from(Version::V2_2_1, body)
}

fn own_from(version: Version, body: &Bytes) -> Box<dyn Any> {
    let client =
        Client::new(version, Vec::new(), "secret".parse().expect("a token"), RequestIds::new("bench"));
    let answer = client.response::<List<Location>>(http::Response::new(body.clone())).expect("an answer");
    assert!(answer.findings.is_empty());
    Box::new(answer)
}

/// Reads a body with the client of `ocpi-kit`, as its `Transport::send_page` does it.
///
/// # Panics
/// When the body is no page of 2.3.0.
#[must_use]
pub fn kit(body: &Bytes) -> Box<dyn Any> {
    Box::new(kit_list::<kit_2_3_0::Location>(body))
}

/// Reads a body of 2.2.1 with that client: over `Value` to 2.3.0.
///
/// # Panics
/// When the body is no page of 2.2.1.
#[must_use]
pub fn kit_from_2_2_1(body: &Bytes) -> Box<dyn Any> {
    let page = serde_json::Value::Array(kit_list(body));
    let bridged = ObjectKind::Location.bridge(&VersionNumber::V2_2_1, &VersionNumber::V2_3_0, page);
    let bridged = bridged.expect("it crosses").value;
    Box::new(serde_path_to_error::deserialize::<_, Vec<kit_2_3_0::Location>>(bridged).expect("locations"))
}

/// Serves objects of 2.3.0 to a partner of 2.2.1, so many times: a handler hands out objects of its own, which are gone
/// then.
///
/// # Panics
/// When the page is none, and when it is served more often.
#[must_use]
pub fn own_serving_2_2_1(page: &str, times: usize) -> Box<dyn Fn() -> Vec<u8>> {
    let items = json::read_list::<Location>(page.as_bytes()).expect("a page").items;
    let stock = RefCell::new(vec![items; times]);
    Box::new(move || {
        let wire = Encoding { version: Some(Version::V2_2_1), ..Encoding::PLAIN };
        let items = stock.borrow_mut().pop().expect("some are left");
        let parts = Page::whole(items).write(&wire).expect("a page of 2.2.1");
        assert!(parts.left_out.is_empty());
        write_envelope(parts.data.as_deref(), StatusCode::SUCCESS, None, DateTime::UNIX_EPOCH)
    })
}

/// Serves objects of 2.3.0 to a partner of 2.2.1 with `ocpi-kit`: its answer is read again as `Value`, translated and
/// written again.
///
/// # Panics
/// When the page is none.
#[must_use]
pub fn kit_serving_2_2_1(page: &str) -> Box<dyn Fn() -> Vec<u8>> {
    let items: Vec<kit_2_3_0::Location> = serde_json::from_str(page).expect("a page");
    let answer = OcpiResponse::success(items);
    Box::new(move || {
        let body = serde_json::to_vec(&answer).expect("JSON");
        let mut envelope: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        let data = envelope.get_mut("data").map(serde_json::Value::take).expect("data");
        let bridged = ObjectKind::Location.bridge(&VersionNumber::V2_3_0, &VersionNumber::V2_2_1, data);
        envelope["data"] = bridged.expect("it crosses").value;
        serde_json::to_vec(&envelope).expect("JSON")
    })
}

fn kit_list<T: serde::de::DeserializeOwned>(body: &Bytes) -> Vec<T> {
    let mut de = serde_json::Deserializer::from_slice(body);
    let response: OcpiResponse<Vec<T>> = serde_path_to_error::deserialize(&mut de).expect("an answer");
    response.into_list().expect("a list")
}
