//! Comparison of JSON by its meaning.

use ocpi_types::DateTime;
use serde_json::Value;

/// Returns the place of the first member in which the two differ.
pub(crate) fn difference(one: &Value, other: &Value) -> Option<String> {
    differs(one, other, Extras::Differ, &mut String::new())
}

/// Returns the place of the first member that is otherwise than it was sent. What was not sent may have been added.
pub(crate) fn lost(sent: &Value, found: &Value) -> Option<String> {
    differs(sent, found, Extras::Allowed, &mut String::new())
}

/// Members that only the second one has.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Extras {
    Differ,
    Allowed,
}

fn differs(one: &Value, other: &Value, extras: Extras, at: &mut String) -> Option<String> {
    let told = |at: &str| Some(if at.is_empty() { "the whole".to_owned() } else { at.to_owned() });
    match (one, other) {
        (Value::Object(left), Value::Object(right)) => {
            let names = left.keys().chain(right.keys().filter(|_| extras == Extras::Differ));
            for name in names {
                let (a, b) =
                    (left.get(name).unwrap_or(&Value::Null), right.get(name).unwrap_or(&Value::Null));
                if is_absent(a) && is_absent(b) {
                    continue;
                }
                let length = at.len();
                at.push('/');
                at.push_str(name);
                let found = differs(a, b, extras, at);
                at.truncate(length);
                if found.is_some() {
                    return found;
                }
            }
            None
        }
        (Value::Array(left), Value::Array(right)) => {
            if left.len() != right.len() {
                return told(at);
            }
            for (place, (a, b)) in left.iter().zip(right).enumerate() {
                let length = at.len();
                at.push_str(&format!("/{place}"));
                let found = differs(a, b, extras, at);
                at.truncate(length);
                if found.is_some() {
                    return found;
                }
            }
            None
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        (Value::String(a), Value::String(b)) if a == b || is_same_time(a, b) => None,
        (a, b) if a == b => None,
        _ => told(at),
    }
}

/// An empty list, null and nothing at all mean the same.
fn is_absent(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn is_same_time(a: &str, b: &str) -> bool {
    let time = |text: &str| text.contains('T').then(|| text.parse::<DateTime>().ok()).flatten();
    time(a).is_some_and(|left| time(b).is_some_and(|right| left.to_unix_micros() == right.to_unix_micros()))
}

#[cfg(test)]
mod tests {
    use super::{difference, lost};
    use serde_json::json;

    #[test]
    fn values_are_compared_by_their_meaning() {
        let same = [
            (
                json!({"a": 1, "t": "2026-01-01T00:00:00Z"}),
                json!({"a": 1.0, "t": "2026-01-01T00:00:00.000Z"}),
            ),
            (json!({"a": null, "b": []}), json!({})),
        ];
        for (a, b) in same {
            assert_eq!((difference(&a, &b), difference(&b, &a)), (None, None), "{a} {b}");
        }
        for (a, b, place) in [
            (json!({"a": {"b": [1, 2]}}), json!({"a": {"b": [1, 3]}}), "/a/b/1"),
            (json!({"a": 1}), json!({"a": "1"}), "/a"),
            (json!({"a": 1}), json!({}), "/a"),
            (json!({"a": "x"}), json!({"a": "X"}), "/a"),
            (json!([1]), json!([1, 2]), "the whole"),
        ] {
            assert_eq!(difference(&a, &b).as_deref(), Some(place), "{a} {b}");
        }
        assert_eq!(difference(&json!({"a": 1}), &json!({"a": 1, "b": 2})).as_deref(), Some("/b"));
    }

    #[test]
    fn members_that_were_added_are_not_lost() {
        assert_eq!(lost(&json!({"a": [{"b": 1}]}), &json!({"a": [{"b": 1, "c": 2}], "d": 3})), None);
        assert_eq!(lost(&json!({"a": [{"b": 1}]}), &json!({"a": [{"c": 2}]})).as_deref(), Some("/a/0/b"));
    }
}
