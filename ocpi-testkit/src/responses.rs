//! Responses as a partner sends them.

use bytes::Bytes;

use crate::NOW;

/// Makes a response with this status, these headers and this body.
pub fn respond(status: u16, headers: &[(&str, &str)], body: &str) -> http::Response<Bytes> {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.to_owned().into()).expect("a response")
}

/// Makes a success with this data.
pub fn success(data: &str) -> http::Response<Bytes> {
    respond(200, &[], &envelope(data))
}

/// Makes a failure with this status of HTTP and this status of OCPI.
pub fn failure(http: u16, code: u16) -> http::Response<Bytes> {
    respond(http, &[], &format!(r#"{{"status_code": {code}, "timestamp": "{NOW}"}}"#))
}

/// Makes the envelope of a success.
pub fn envelope(data: &str) -> String {
    format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "{NOW}"}}"#)
}
