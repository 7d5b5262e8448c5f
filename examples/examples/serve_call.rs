//! A router without a server, as a function in the cloud has it: an event goes in, an answer comes out.
//!
//! `cargo run -p examples --example serve_call < event.json`, with an event of an API gateway (payload format 2.0).

use std::net::IpAddr;

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;
use examples::roam::Failure;
use ocpi_server_traits::{RemoteAddress, Router};
use serde_json::{Map, Value, json};
use tokio::io::AsyncReadExt;

// [task]
/// Answers the request that an event stands for.
///
/// # Errors
/// When the event is no request. What is wrong with a request, the answer says.
pub(crate) async fn call(router: &Router, event: &Value) -> Result<Value, Failure> {
    let answer = router.call(request_of(event)?).await;
    let mut headers = Map::new();
    for (name, value) in answer.headers() {
        headers.insert(name.to_string(), value.to_str()?.into());
    }
    let status = answer.status().as_u16();
    // Envelopes are JSON, so that the body is a text.
    let body = String::from_utf8(answer.into_body().into())?;
    Ok(json!({ "statusCode": status, "headers": headers, "body": body, "isBase64Encoded": false }))
}

fn request_of(event: &Value) -> Result<http::Request<Bytes>, Failure> {
    let text = |pointer| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (path, query) = (text("/rawPath"), text("/rawQueryString"));
    let uri = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let mut request = http::Request::builder().method(text("/requestContext/http/method")).uri(uri);
    for (name, value) in event["headers"].as_object().into_iter().flatten() {
        request = request.header(name, value.as_str().unwrap_or_default());
    }
    if let Ok(address) = text("/requestContext/http/sourceIp").parse::<IpAddr>() {
        request = request.extension(RemoteAddress(address));
    }
    let body = match event["isBase64Encoded"] {
        Value::Bool(true) => BASE64_STANDARD.decode(text("/body"))?,
        _ => text("/body").into(),
    };
    Ok(request.body(body.into())?)
}
// [end]

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut event = Vec::new();
    tokio::io::stdin().read_to_end(&mut event).await?;
    let router = examples::cpo::open("https://cpo.example/ocpi").await?;
    println!("{}", call(&router, &serde_json::from_slice(&event)?).await?);
    Ok(())
}
