//! Failures reported in other words than OCPI's.

use super::aliases::is_same_name;
use super::outcome::{Outcome, outcome, outcome_word};
use super::reader::Reader;
use super::{Limits, Stop};

/// Words by which a text that is no JSON, or a message, speaks of a failure.
const BAD: &[&str] = &[
    "error",
    "exception",
    "fail",
    "denied",
    "forbidden",
    "unauthorized",
    "unauthorised",
    "invalid",
    "not found",
    "not allowed",
    "unavailable",
    "refused",
    "rejected",
    "timeout",
    "timed out",
];

/// Members with a message for people.
const MESSAGES: &[&str] = &["message", "status_message", "msg", "detail", "details", "title", "reason"];

/// Whether the body of an answer without OCPI's envelope reports a failure in other words: by a member such as `error`
/// or `"success": false`, or by a text that mentions an error. An empty body reports nothing.
///
/// ```
/// use ocpi_types::json::tells_failure;
/// for fine in ["", "OK", "{}", "[]", "true", r#"{"status": "ok"}"#, r#"{"id": "T1", "error": null}"#] {
///     assert!(!tells_failure(fine.as_bytes()), "{fine}");
/// }
/// for bad in ["Internal error", "false", r#"{"error": "gone"}"#, r#"{"success": false}"#, r#"{"message": "Failed"}"#] {
///     assert!(tells_failure(bad.as_bytes()), "{bad}");
/// }
/// ```
pub fn tells_failure(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    let read = Reader::tolerant(body, Limits::default()).ok().and_then(|mut reader| judge(&mut reader).ok());
    read.unwrap_or_else(|| speaks_of_failure(&String::from_utf8_lossy(body)))
}

fn judge(r: &mut Reader<'_>) -> Result<bool, Stop> {
    r.skip_blanks();
    if r.peek() != Some(b'{') {
        let raw = r.raw_value()?;
        let is_text = raw.starts_with('"');
        return Ok(is_failure("status", raw) || is_text && speaks_of_failure(raw));
    }
    let mut more = r.open_object()?;
    while more {
        let name = r.key_text()?.into_owned();
        let raw = r.raw_value()?;
        let is_message = MESSAGES.iter().any(|known| is_same_name(known, &name));
        if is_failure(&name, raw) || is_message && raw.starts_with('"') && speaks_of_failure(raw) {
            return Ok(true);
        }
        more = r.next_member()?;
    }
    Ok(false)
}

fn is_failure(name: &str, raw: &str) -> bool {
    matches!(outcome(name, raw), Some(Outcome::Failure(_)))
}

fn speaks_of_failure(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let is_bad = matches!(outcome_word(text.trim_matches('"')), Some(Outcome::Failure(_)));
    is_bad || BAD.iter().any(|word| text.contains(word))
}
