//! Requests whose result comes later, to our inbox.

use std::time::Duration;

use serde_json::Value;

use crate::check::Stop;
use crate::context::Context;
use crate::wire::Answer;

/// Time between two looks into the inbox.
const STEP: Duration = Duration::from_millis(250);
/// Longest time that is waited for a result, in seconds, whatever the server says.
const LONGEST: i64 = 120;
/// Time that is waited where the version has no `timeout`, in seconds.
const USUAL: i64 = 30;

/// URL of a result, and the id in it. Without an inbox it is one that nobody can call.
pub(crate) fn response_url(cx: &Context) -> (String, String) {
    let id = cx.new_id();
    match &cx.options.inbox {
        Some(inbox) => (inbox.result_url(&id).as_str().to_owned(), id),
        None => (format!("https://conformance.invalid/results/{id}"), id),
    }
}

/// Looks that an answer names one of these results, with a timeout if the version has one; returns the result.
///
/// # Errors
/// When it does not.
pub(crate) fn named(answer: &Answer, results: &[&str], has_timeout: bool) -> Result<String, Stop> {
    let data = answer.success()?.data.unwrap_or_default();
    let result = data.get("result").and_then(Value::as_str).unwrap_or_default();
    if !results.contains(&result) {
        return Err(answer.fail(format!("one of {}", results.join(", ")), format!("`{result}`")));
    }
    if has_timeout && data.get("timeout").and_then(Value::as_i64).is_none_or(|it| it < 0) {
        return Err(answer.fail("`timeout`, in seconds", "none"));
    }
    Ok(result.to_owned())
}

/// Waits for the result of a request that was accepted, and looks that it is one of these.
///
/// # Errors
/// When none comes in time, or another one, and when there is no inbox.
pub(crate) async fn awaited(
    cx: &Context,
    answer: &Answer,
    id: &str,
    results: &[&str],
) -> Result<Value, Stop> {
    let inbox = cx.options.inbox.clone().ok_or_else(no_inbox)?;
    let data = answer.success()?.data.unwrap_or_default();
    let timeout = data.get("timeout").and_then(Value::as_i64).unwrap_or(USUAL).clamp(1, LONGEST);
    let steps = timeout * 1_000 / i64::try_from(STEP.as_millis()).unwrap_or(250);
    for step in 0..=steps {
        if let Some(result) = inbox.results(id).into_iter().next() {
            let name = result.get("result").and_then(Value::as_str).unwrap_or_default();
            if results.contains(&name) {
                return Ok(result);
            }
            let found = format!("`{name}`");
            return Err(answer.fail(format!("a result, one of {}", results.join(", ")), found));
        }
        if step < steps {
            cx.wire.timer.wait(STEP).await;
        }
    }
    Err(answer.fail(format!("a result at response_url, within {timeout} s"), "none"))
}

pub(crate) fn no_inbox() -> Stop {
    Stop::skip("nobody listens for results: give the suite an inbox")
}
