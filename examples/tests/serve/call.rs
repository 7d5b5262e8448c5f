//! The example `serve_call`.

#[allow(dead_code, reason = "its `main` is for the command line")]
#[path = "../../examples/serve_call.rs"]
mod example;

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;
use http::{Request, Response};
use ocpi_client::TransportError;
use ocpi_client::transport::from_fn;
use ocpi_server_traits::{Rate, RequestLimits};
use serde_json::{Map, Value, json};

use crate::side::{Side, talk};

const BASE: &str = "https://cpo.example/ocpi";

/// The event that a gateway makes of a request.
fn event(request: &Request<Bytes>) -> Value {
    let headers: Map<String, Value> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().expect("a text").into()))
        .collect();
    json!({
        "version": "2.0",
        "rawPath": request.uri().path(),
        "rawQueryString": request.uri().query().unwrap_or_default(),
        "headers": headers,
        "requestContext": { "http": { "method": request.method().as_str(), "sourceIp": "192.0.2.7" } },
        "body": BASE64_STANDARD.encode(request.body()),
        "isBase64Encoded": true,
    })
}

/// The response that a gateway makes of an answer.
fn response(answer: &Value) -> Response<Bytes> {
    let status = answer["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok());
    let mut response = Response::builder().status(status.expect("a status"));
    for (name, value) in answer["headers"].as_object().expect("headers") {
        response = response.header(name, value.as_str().expect("a text"));
    }
    response.body(answer["body"].as_str().expect("a text").to_owned().into()).expect("a response")
}

#[tokio::test]
async fn events_are_answered() {
    let side = Side::new(BASE, RequestLimits::default());
    let router = &side.router;
    let gateway = from_fn(|request| async move {
        let answer = example::call(router, &event(&request)).await.map_err(TransportError::new)?;
        Ok(response(&answer))
    });
    talk(&side.client.over(gateway)).await;
}

#[tokio::test]
async fn bodies_may_be_texts_and_addresses_are_handed_on() {
    let side = Side::new(BASE, RequestLimits::default().with_refusals(Rate::per_minute(1)));
    let event = |token: &str| {
        json!({
            "rawPath": "/ocpi/2.3.0/receiver/locations/NL/ALF/L1",
            "headers": { "authorization": format!("Token {}", BASE64_STANDARD.encode(token)), "x-request-id": "r-1" },
            "requestContext": { "http": { "method": "PUT", "sourceIp": "192.0.2.7" } },
            "body": ocpi_testkit::location_json("NL/ALF", "L1", "10:00:00"),
            "isBase64Encoded": false,
        })
    };
    let mut statuses = Vec::new();
    for token in ["known", "guessed", "guessed"] {
        let answer = example::call(&side.router, &event(token)).await.expect("an answer");
        assert_eq!(answer["headers"]["x-request-id"], "r-1");
        statuses.push(answer["statusCode"].clone());
    }
    assert_eq!(statuses, [201, 401, 429]);
}

#[tokio::test]
async fn an_event_that_is_no_request_is_an_error() {
    let side = Side::new(BASE, RequestLimits::default());
    for event in [json!({ "source": "aws.events" }), json!(null), json!([1])] {
        example::call(&side.router, &event).await.expect_err("no request");
    }
}
