//! Chapter C: envelopes and statuses.

use http::Method;
use serde_json::{Value, json};

use crate::worst::Answer;
use crate::worst::visit::{Memory, Visit};

/// Replaces the answer about a Location that is not there.
fn not_found(visit: &Visit, answer: &mut Answer, by: impl FnOnce() -> Answer) {
    let is_one = visit.is(Method::GET, "locations") && !visit.tail.is_empty();
    if is_one && answer.status == 404 {
        *answer = by();
    }
}

pub(in crate::worst) fn not_found_empty(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    not_found(visit, answer, || Answer::new(404, "text/plain", ""));
}

pub(in crate::worst) fn not_found_page(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    not_found(visit, answer, || Answer::page(404));
}

pub(in crate::worst) fn not_found_200(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    not_found(visit, answer, || Answer::status(200, 2003));
}

pub(in crate::worst) fn not_found_500(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    not_found(visit, answer, || Answer::status(500, 2003));
}

pub(in crate::worst) fn not_found_400(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    not_found(visit, answer, || Answer::status(400, 2003));
}

pub(in crate::worst) fn list_with_400(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.lists("tariffs") {
        answer.status = 400;
    }
}

pub(in crate::worst) fn list_with_500(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.lists("tariffs") {
        answer.status = 500;
    }
}

pub(in crate::worst) fn object_with_500(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.is(Method::GET, "locations") && !visit.tail.is_empty() && answer.is_success() {
        answer.status = 500;
    }
}

pub(in crate::worst) fn created_200(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    if answer.status == 201 {
        answer.status = 200;
    }
}

pub(in crate::worst) fn created_202(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    if answer.status == 201 {
        answer.status = 202;
    }
}

/// Whether a write of an object was a success.
fn is_written(visit: &Visit, answer: &Answer) -> bool {
    (visit.writes("tokens") && visit.has_method(Method::PUT)
        || visit.writes("locations")
        || visit.has_method(Method::PATCH))
        && answer.is_success()
}

pub(in crate::worst) fn written_204(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if is_written(visit, answer) {
        answer.status = 204;
        answer.body.clear();
    }
}

fn write_data(visit: &Visit, answer: &mut Answer, data: &Value) {
    if is_written(visit, answer) {
        answer.envelope(|envelope| drop(envelope.insert("data".to_owned(), data.clone())));
    }
}

pub(in crate::worst) fn write_null(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    write_data(visit, answer, &Value::Null);
}

pub(in crate::worst) fn write_object(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    let body = serde_json::from_slice(visit.request.body()).unwrap_or_default();
    write_data(visit, answer, &body);
}

pub(in crate::worst) fn write_list(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    write_data(visit, answer, &json!([]));
}

fn write_body(visit: &Visit, answer: &mut Answer, body: &str) {
    if is_written(visit, answer) {
        answer.body = body.as_bytes().to_vec();
    }
}

pub(in crate::worst) fn write_empty_object(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    write_body(visit, answer, "{}");
}

pub(in crate::worst) fn write_ok(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    write_body(visit, answer, "OK");
}

pub(in crate::worst) fn write_nothing(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    write_body(visit, answer, "");
}

/// Takes the data out of their envelope.
fn bare(answer: &mut Answer) {
    let envelope = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
    if let (true, Some(data)) = (answer.is_success(), envelope.get("data")) {
        answer.body = data.to_string().into_bytes();
    }
}

pub(in crate::worst) fn object_bare(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.is(Method::GET, "locations") && !visit.tail.is_empty() {
        bare(answer);
    }
}

pub(in crate::worst) fn list_bare(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.lists("tariffs") {
        bare(answer);
    }
}

pub(in crate::worst) fn list_without_data(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.lists("tariffs") {
        answer.envelope(|envelope| drop(envelope.remove("data")));
    }
}

pub(in crate::worst) fn one_in_list(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.has_method(Method::GET) && answer.is_success() {
        answer.data(|data| {
            if data.is_object() {
                *data = json!([data.take()]);
            }
        });
    }
}

pub(in crate::worst) fn no_timestamp(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.envelope(|envelope| drop(envelope.remove("timestamp")));
}

pub(in crate::worst) fn timestamp_without_zone(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.envelope(|envelope| {
        if let Some(Value::String(time)) = envelope.get_mut("timestamp") {
            *time = time.trim_end_matches('Z').to_owned();
        }
    });
}

/// Whether it is about a Token that nobody knows.
fn is_unknown_token(visit: &Visit, answer: &Answer) -> bool {
    visit.is(Method::POST, "tokens") && answer.status == 404
}

pub(in crate::worst) fn unknown_token_200(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if is_unknown_token(visit, answer) {
        *answer = Answer::status(200, 2004);
    }
}

pub(in crate::worst) fn unknown_token_page(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if is_unknown_token(visit, answer) {
        *answer = Answer::page(404);
    }
}

pub(in crate::worst) fn rate_is_2004(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.lists("sessions").then(|| Answer::status(200, 2004))
}

pub(in crate::worst) fn success_1999(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.envelope(|envelope| {
        if envelope.get("status_code") == Some(&json!(1000)) {
            envelope.insert("status_code".to_owned(), json!(1999));
        }
    });
}

pub(in crate::worst) fn status_text(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.envelope(|envelope| {
        if let Some(code) = envelope.get("status_code").map(Value::to_string) {
            envelope.insert("status_code".to_owned(), Value::String(code));
        }
    });
}
