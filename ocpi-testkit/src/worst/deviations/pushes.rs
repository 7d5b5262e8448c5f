//! Chapter F: pushes, CDRs, commands, real-time authorization.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::NOW;
use crate::worst::Answer;
use crate::worst::plan::{Plan, ResultHabit};
use crate::worst::visit::{Memory, Visit};

pub(in crate::worst) fn patch_refused(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.is(Method::PATCH, "tokens").then(|| Answer::status(405, 2000))
}

pub(in crate::worst) fn patch_wants_time(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    let body = serde_json::from_slice::<Value>(visit.request.body()).unwrap_or_default();
    let lacks_it = visit.has_method(Method::PATCH) && body.get("last_updated").is_none();
    lacks_it.then(|| Answer::status(200, 2001))
}

pub(in crate::worst) fn forgets_puts(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.is(Method::PUT, "tokens").then(|| Answer::status(200, 1000))
}

pub(in crate::worst) fn cdr_answer_lost(visit: &mut Visit, _: &mut Memory) {
    visit.is_answer_lost |= visit.is(Method::POST, "cdrs");
}

pub(in crate::worst) fn cdr_url_in_body(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.is(Method::POST, "cdrs") {
        if let Some(url) = answer.header("location").map(str::to_owned) {
            answer.set_header("location", None);
            answer.envelope(|envelope| drop(envelope.insert("data".to_owned(), json!({"url": url}))));
        }
    }
}

pub(in crate::worst) fn no_cdr_url(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.is(Method::POST, "cdrs") {
        answer.set_header("location", None);
    }
}

pub(in crate::worst) fn twice(plan: &mut Plan) {
    plan.results = ResultHabit::Twice;
}

pub(in crate::worst) fn never(plan: &mut Plan) {
    plan.results = ResultHabit::Never;
}

pub(in crate::worst) fn first(plan: &mut Plan) {
    plan.results = ResultHabit::First;
}

pub(in crate::worst) fn late(plan: &mut Plan) {
    plan.results = ResultHabit::Late;
}

pub(in crate::worst) fn forged(plan: &mut Plan) {
    plan.results = ResultHabit::Forged;
}

pub(in crate::worst) fn wrong_token(plan: &mut Plan) {
    plan.results = ResultHabit::WrongToken;
}

pub(in crate::worst) fn not_supported(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    let body =
        json!({"data": {"result": "NOT_SUPPORTED", "timeout": 0}, "status_code": 1000, "timestamp": NOW});
    visit.is(Method::POST, "commands").then(|| Answer::new(200, "application/json", body.to_string()))
}

pub(in crate::worst) fn without_timeout(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.is(Method::POST, "commands") {
        answer.data(|data| drop(data.as_object_mut().and_then(|response| response.remove("timeout"))));
    }
}

pub(in crate::worst) fn slow_authorization(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    if visit.is(Method::POST, "tokens") {
        visit.delay += Duration::from_secs(5);
    }
    None
}
