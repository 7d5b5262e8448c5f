//! What clients do with the body of an answer, from bytes to objects of 2.3.0.

use std::any::Any;

use bytes::Bytes;
use ocpi_client::{Ids, Peer};
use ocpi_kit::convert::wire::ObjectKind;
use ocpi_kit::transport::OcpiResponse;
use ocpi_kit::{VersionNumber, v2_3_0 as kit_2_3_0};
use ocpi_types::Version;
use ocpi_types::endpoint::List;
use ocpi_types::v2_3_0::locations::Location;

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
    let peer = Peer::new(Version::V2_3_0, Vec::new(), "secret".parse().expect("a token"), Ids::new("bench"));
    let answer = peer.response::<List<Location>>(http::Response::new(body.clone())).expect("an answer");
    assert!(answer.findings.is_empty());
    Box::new(answer)
}

/// What the client of `ocpi-kit` does with a body, as its `Transport::send_page` does it.
///
/// # Panics
/// When the body is no page of 2.3.0.
#[must_use]
pub fn kit(body: &Bytes) -> Box<dyn Any> {
    Box::new(kit_list::<kit_2_3_0::Location>(body))
}

/// What it does with a body of 2.2.1: over `Value` to 2.3.0.
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

fn kit_list<T: serde::de::DeserializeOwned>(body: &Bytes) -> Vec<T> {
    let mut de = serde_json::Deserializer::from_slice(body);
    let response: OcpiResponse<Vec<T>> = serde_path_to_error::deserialize(&mut de).expect("an answer");
    response.into_list().expect("a list")
}
