//! Masking of secrets in what a report shows.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use ocpi_types::CredentialsToken;
use serde_json::Value;

/// Most characters of a body that a report shows.
const EXCERPT: usize = 400;
/// A text as short as this is no secret, and may stand anywhere.
const SHORTEST: usize = 4;
/// Members whose values are never shown.
const SECRET: [&str; 7] =
    ["token", "contract_id", "visual_number", "auth_id", "group_id", "license_plate", "signed_data"];

/// Texts that no report shows.
#[derive(Debug, Default)]
pub(crate) struct Redactor(Mutex<BTreeSet<String>>);

impl Redactor {
    /// Hides a token in both of its forms.
    pub(crate) fn hide_token(&self, token: &CredentialsToken) {
        self.hide(token.expose());
        for base64 in [true, false] {
            let header = token.to_header(base64);
            let value = header.strip_prefix("Token ").unwrap_or(&header).trim_end_matches('=');
            self.hide(value);
        }
    }

    /// Hides a text, such as the id of a driver's card.
    pub(crate) fn hide(&self, text: &str) {
        if text.chars().count() >= SHORTEST {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(text.to_owned());
        }
    }

    /// Masks all hidden texts.
    pub(crate) fn mask(&self, text: &str) -> String {
        let hidden = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Longer ones first: one may be a part of another.
        let mut texts: Vec<&String> = hidden.iter().collect();
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        texts.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
    }

    /// The beginning of a body, without secrets.
    pub(crate) fn body(&self, body: &[u8]) -> String {
        let text = match serde_json::from_slice::<Value>(body) {
            Ok(mut json) => {
                self.learn(&json);
                conceal(&mut json);
                json.to_string()
            }
            Err(_) => String::from_utf8_lossy(body).into_owned(),
        };
        let masked = self.mask(&text);
        let mut shown: String =
            masked.chars().filter(|it| !it.is_control() || *it == ' ').take(EXCERPT).collect();
        if masked.chars().count() > EXCERPT {
            shown.push('…');
        }
        shown
    }

    /// Hides the drivers' ids of a document, wherever else they may stand.
    pub(crate) fn learn(&self, json: &Value) {
        match json {
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(members) => {
                for (name, value) in members {
                    let text =
                        value.as_str().filter(|_| is_secret(name) || (name == "uid" && is_token(json)));
                    text.map_or_else(|| self.learn(value), |text| self.hide(text));
                }
            }
            _ => {}
        }
    }
}

fn conceal(json: &mut Value) {
    let is_of_token = is_token(json);
    match json {
        Value::Array(items) => items.iter_mut().for_each(conceal),
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                if value.is_string() && (is_secret(name) || (name == "uid" && is_of_token)) {
                    *value = Value::from("***");
                } else {
                    conceal(value);
                }
            }
        }
        _ => {}
    }
}

fn is_secret(name: &str) -> bool {
    SECRET.contains(&name)
}

/// Whether an object is a driver's token, not an EVSE, which has a `uid`, too.
fn is_token(json: &Value) -> bool {
    ["contract_id", "auth_id", "whitelist", "valid"].iter().any(|name| json.get(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::Redactor;

    #[test]
    fn tokens_and_drivers_are_masked_wherever_they_stand() {
        let redactor = Redactor::default();
        redactor.hide_token(&"secret-token".parse().expect("a token"));
        let body =
            br#"{"data":{"uid":"04A2FF","contract_id":"C-77","whitelist":"NEVER","message":"secret-token"}}"#;
        let shown = redactor.body(body);
        for secret in ["secret-token", "04A2FF", "C-77"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert_eq!(redactor.mask("GET /tokens/04A2FF"), "GET /tokens/***", "learned from the body");
        assert!(redactor.body(br#"{"uid": "EVSE1", "connectors": []}"#).contains("EVSE1"));
        assert_eq!(redactor.mask("c2VjcmV0LXRva2Vu"), "***", "in Base64");
        assert!(redactor.body("x".repeat(2_000).as_bytes()).chars().count() < 500);
    }
}
