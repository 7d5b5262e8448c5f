//! The contents of an answer, read by serde_json, and the results that it allows.

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use ocpi_client::{Answer, Error};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::TOKEN;
use crate::arrivals::encoded;

/// The value of a success, as the client tells it.
pub(crate) enum Told<'a> {
    /// Nothing: the answer to a write.
    Done,
    /// One value, in which a member has this text.
    One(&'static str, &'a str),
    /// A list of this many values, those that cannot be read among them.
    Many(usize),
    /// The readable ones of a list: so many.
    Some(usize),
}

/// Checks a success against the answer that it came from.
pub(crate) fn check<T>(answer: &Answer<T>, told: &Told<'_>, response: &http::Response<Bytes>) {
    let (http, said) = (response.status(), Said::of(response.body()));
    assert!(answer.status_code.is_success(), "a success has a status of one");
    let is_failure = http.is_client_error() || http.is_server_error();
    let may_contradict = match told {
        Told::Done => false,
        Told::One(..) => is_failure,
        Told::Many(_) | Told::Some(_) => http.is_client_error(),
    };
    assert!(http.is_success() || may_contradict, "HTTP {http} is no success");
    let Some(said) = said else { return };
    if let Some(code) = said.code {
        assert!((1000..2000).contains(&code), "{code} is no success");
        assert_eq!(u64::from(answer.status_code.get()), code, "another status");
    }
    assert!(
        http.is_success() || said.code.is_some() || !said.is_known,
        "a failure without a status of success"
    );
    match (told, &said.data) {
        (Told::Done, _) | (_, None) => {}
        (Told::One(name, text), Some(Value::Array(list))) => {
            assert_eq!(list.len(), 1, "one of many");
            agrees(&list[0], name, text);
        }
        (Told::One(name, text), Some(data)) => agrees(data, name, text),
        (Told::Many(count), Some(Value::Array(list))) => assert_eq!(list.len(), *count, "another length"),
        (Told::Many(count), Some(Value::Null)) => assert_eq!(*count, 0, "objects out of nothing"),
        // The list may stand deeper, in a frame.
        (Told::Many(_) | Told::Some(_), Some(data @ Value::Object(_))) if holds_list(data) => {}
        (Told::Many(count), Some(Value::Object(_))) => assert_eq!(*count, 1, "one object"),
        (Told::Some(count), Some(Value::Array(list))) => assert!(*count <= list.len(), "more than there are"),
        (Told::Some(count), Some(Value::Null)) => assert_eq!(*count, 0, "objects out of nothing"),
        (Told::Some(count), Some(Value::Object(_))) => assert!(*count <= 1, "one object"),
        (Told::Many(_) | Told::Some(_), Some(data)) => panic!("a list out of {data}"),
    }
}

fn holds_list(value: &Value) -> bool {
    match value {
        Value::Array(_) => true,
        Value::Object(members) => members.values().any(holds_list),
        _ => false,
    }
}

/// The member of the object, where it is a plain text, is the one that is told.
fn agrees(object: &Value, name: &str, text: &str) {
    let Some(Value::String(said)) = object.get(name) else { return };
    let is_plain = said.len() <= 36 && said.bytes().all(|byte| byte.is_ascii_graphic());
    assert!(!is_plain || said.eq_ignore_ascii_case(text), "{name} is {said}, and {text} is told");
}

/// Checks that no text of an error holds the token.
pub(crate) fn is_discreet(error: &Error) {
    hides(&error.to_string());
    hides(&format!("{error:?}"));
    hides(error.partner_message().unwrap_or_default());
    hides(error.excerpt().unwrap_or_default());
    let mut source = StdError::source(error);
    while let Some(cause) = source {
        hides(&cause.to_string());
        hides(&format!("{cause:?}"));
        source = cause.source();
    }
}

/// Checks that a text does not hold the token.
pub(crate) fn hides(text: &str) {
    assert!(!text.contains(TOKEN) && !text.contains(&encoded()), "a token is shown: {text}");
}

/// The contents of a body in which no member occurs twice.
struct Said {
    /// The status, if it is a number.
    code: Option<u64>,
    /// Whether the status is a number or missing.
    is_known: bool,
    data: Option<Value>,
}

impl Said {
    fn of(body: &[u8]) -> Option<Self> {
        let Ok(Members(members)) = serde_json::from_slice(body) else { return None };
        let mut names: Vec<_> = members.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return None;
        }
        let get = |wanted: &str| {
            let found = members.iter().find(|(name, _)| name == wanted);
            found.map(|(_, text)| text.get())
        };
        let code = get("status_code").and_then(|text| text.parse().ok());
        let is_known = code.is_some() || !names.iter().any(|name| name == "status_code");
        let data = get("data").filter(|text| is_plain(text)).and_then(|text| serde_json::from_str(text).ok());
        Some(Self { code, is_known, data })
    }
}

/// Whether no member stands twice in an object, or in an object of a list.
fn is_plain(text: &str) -> bool {
    if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(text) {
        return list.iter().all(|text| !text.get().starts_with('{') || is_plain(text.get()));
    }
    let Ok(Members(members)) = serde_json::from_str(text) else { return true };
    let mut names: Vec<_> = members.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1])
}

/// The members of an object, in their order.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}
