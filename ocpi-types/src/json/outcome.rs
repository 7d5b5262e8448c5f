//! Outcome of a request, as stated by members of a frame.

use super::aliases::is_same_name;

/// Whether the member speaks of a failure by its name alone, if it holds anything.
pub(super) fn is_name_of_failure(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "error",
        "errors",
        "exception",
        "exceptions",
        "fault",
        "failure",
        "failures",
        "error_message",
        "has_error",
        "is_error",
        "has_errors",
    ];
    NAMES.iter().any(|known| is_same_name(known, name))
}

/// Outcome of the request, as a member of a frame tells it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    Success,
    /// With the code, if it says one.
    Failure(u16),
}

/// Outcome of the request that a member of a frame tells, by this name and JSON text; `None`: it tells nothing.
pub(super) fn outcome(name: &str, raw: &str) -> Option<Outcome> {
    let is = |names: &[&str]| names.iter().any(|known| is_same_name(known, name));
    let text = raw.trim_matches('"').trim();
    let is_nothing = matches!(text, "" | "null" | "false" | "0" | "[]" | "{}");
    if is_name_of_failure(name) {
        return (!is_nothing).then_some(Outcome::Failure(0));
    }
    if is(&["success", "successful", "is_success", "succeeded", "ok", "is_ok"]) {
        let is_failure = is_nothing && text != "null" || text.eq_ignore_ascii_case("false");
        return Some(if is_failure { Outcome::Failure(0) } else { Outcome::Success });
    }
    if !is(&[
        "status",
        "state",
        "status_code",
        "code",
        "error_code",
        "http_status",
        "http_code",
        "outcome",
        "result",
        "result_code",
    ]) {
        return None;
    }
    if text == "false" {
        return Some(Outcome::Failure(0));
    }
    match text.parse::<u16>() {
        Ok(code @ (400..=599 | 2000..=4999)) => Some(Outcome::Failure(code)),
        Ok(200..=299 | 1000..=1999) => Some(Outcome::Success),
        Ok(_) => None,
        Err(_) => outcome_word(text),
    }
}

/// Outcome that a word for a status tells; `None`: it is not known.
pub(super) fn outcome_word(word: &str) -> Option<Outcome> {
    const GOOD: &[&str] =
        &["ok", "success", "successful", "succeeded", "generic_success", "done", "completed"];
    const BAD: &[&str] = &[
        "error",
        "err",
        "fail",
        "failed",
        "failure",
        "ko",
        "nok",
        "denied",
        "forbidden",
        "unauthorized",
        "invalid",
        "exception",
        "not_found",
        "bad_request",
        "internal_server_error",
        "server_error",
        "client_error",
        "generic_error",
        "generic_client_error",
        "generic_server_error",
        "timeout",
        "unavailable",
    ];
    let is_among = |words: &[&str]| words.iter().any(|known| is_same_name(known, word));
    if is_among(GOOD) {
        Some(Outcome::Success)
    } else if is_among(BAD) {
        Some(Outcome::Failure(0))
    } else {
        None
    }
}
