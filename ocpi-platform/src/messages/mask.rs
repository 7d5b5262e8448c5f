//! Masking of JSON: removes everything that identifies a driver or is a secret.

use super::names::{self, Treatment};
use super::secrets::{LONG, MASK, Masker, Secrets};
use super::url::masked_url;
use crate::privacy::tree::{Member, Node, Value};

/// Notes the secrets in a document.
pub(super) fn look_into(text: &str, node: &Node, secrets: &mut Secrets) {
    if let Value::Object(members) = &node.value {
        let is_evse = is_evse(node);
        for Member { name, node: value, .. } in members {
            if treatment(name, is_evse) == Treatment::Secret {
                add(text, value, secrets);
            }
        }
    }
    node.children().for_each(|child| look_into(text, child, secrets));
}

/// Adds a value that is a secret, or a list of them.
fn add(text: &str, node: &Node, secrets: &mut Secrets) {
    match &node.value {
        Value::Text(secret) | Value::Number(secret) => secrets.add(secret),
        Value::Other => {
            let secret = text.get(node.span.clone()).unwrap_or_default();
            if !is_word_of_json(secret) {
                secrets.add(secret);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| add(text, item, secrets)),
        Value::Object(_) => {}
    }
}

/// The text of a document without the secrets, and without all that is not known to be none. Numbers, and the order of members,
/// stay as they are.
pub(super) fn masked_json(text: &str, node: &Node, masker: &Masker) -> String {
    let mut writer = Writer { text, masker, out: String::with_capacity(text.len()) };
    writer.value(node, "", Treatment::Secret);
    writer.out
}

/// Whether the `uid` of an object is that of an EVSE.
fn is_evse(object: &Node) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| object.member(name).is_some());
    has(names::OF_EVSES) && !has(names::OF_TOKENS)
}

/// The treatment of a member of an object.
fn treatment(name: &str, is_evse: bool) -> Treatment {
    if is_evse && name == "uid" { Treatment::Keep } else { names::member(name) }
}

fn is_word_of_json(text: &str) -> bool {
    matches!(text, "true" | "false" | "null")
}

struct Writer<'a> {
    text: &'a str,
    masker: &'a Masker,
    out: String,
}

impl Writer<'_> {
    /// Writes a value in a member of this name, which is treated so.
    fn value(&mut self, node: &Node, name: &str, treatment: Treatment) {
        match &node.value {
            Value::Object(members) => {
                let is_evse = is_evse(node);
                self.list(['{', '}'], members, |writer, Member { name, node: value, .. }| {
                    let is_known = names::is_member(name) || names::member(name) != Treatment::Mask;
                    writer.string(if is_known || is_word(name) { name } else { MASK });
                    writer.out.push(':');
                    let is_inside = treatment == Treatment::Mask;
                    let own = self::treatment(name, is_evse);
                    writer.value(value, name, if is_inside { treatment } else { own });
                });
            }
            Value::Array(items) => {
                self.list(['[', ']'], items, |writer, item| writer.value(item, name, treatment));
            }
            Value::Text(text) => {
                let masked = match treatment {
                    Treatment::Keep if names::fits(name, text) => self.masker.masked(text),
                    Treatment::Words => words(&self.masker.masked(text)),
                    Treatment::Url => self.masker.masked(&masked_url(text)),
                    Treatment::Keep | Treatment::Objects | Treatment::Mask | Treatment::Secret => {
                        MASK.to_owned()
                    }
                };
                self.string(&masked);
            }
            Value::Number(_) | Value::Other => {
                let text = self.text.get(node.span.clone()).unwrap_or_default();
                match treatment {
                    _ if is_word_of_json(text) => self.out.push_str(text),
                    Treatment::Keep if names::fits(name, text) && self.masker.masked(text) == text => {
                        self.out.push_str(text);
                    }
                    _ => self.string(MASK),
                }
            }
        }
    }

    fn list<T>(&mut self, [start, end]: [char; 2], items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.out.push(start);
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.out.push(',');
            }
            write(self, item);
        }
        self.out.push(end);
    }

    fn string(&mut self, text: &str) {
        self.out.push_str(&serde_json::Value::from(text).to_string());
    }
}

/// A text for people without the words that may be ids: those with anything but letters in them.
pub(crate) fn words(text: &str) -> String {
    let is_end = |letter: char| ".,;:!?()'\"".contains(letter);
    let kept =
        |word: &str| if is_word(word.trim_matches(is_end)) { word.to_owned() } else { MASK.to_owned() };
    let words: Vec<String> = text.split_whitespace().map(kept).collect();
    words.join(" ")
}

/// Whether a word is one of a language, or the name of a member, and no id.
fn is_word(word: &str) -> bool {
    let is_shouted = word.chars().filter(|letter| letter.is_uppercase()).count() > 1;
    word.chars().all(|letter| letter.is_alphabetic() || letter == '_') && (!is_shouted || word.len() < LONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let node = Node::read(text).unwrap();
        let mut secrets = Secrets::default();
        look_into(text, &node, &mut secrets);
        masked_json(text, &node, &secrets.masker())
    }

    #[test]
    fn ids_of_drivers_are_masked_wherever_they_stand() {
        assert_eq!(
            masked(
                r#"{"id":"012345678","kwh":1.500,"cdr_token":{"uid":"012345678","type":"RFID","contract_id":"DE8AA"},
                    "location_id":"at-012345678-x","remark":"his","x_odd":{"kwh":7,"name":"DE8AA"}}"#
            ),
            r#"{"id":"***","kwh":1.500,"cdr_token":{"uid":"***","type":"RFID","contract_id":"***"},"location_id":"at-***-x","remark":"***","x_odd":{"kwh":"***","name":"***"}}"#
        );
        assert_eq!(
            masked(r#"{"uid":12345,"type":"RFID","id":12345}"#),
            r#"{"uid":"***","type":"RFID","id":"***"}"#
        );
        assert_eq!(masked(r#""012345678""#), r#""***""#);
        assert_eq!(masked(r#"{"DE-8AA":{"x":["a",1,true]}}"#), r#"{"***":{"x":["***","***",true]}}"#);
    }

    #[test]
    fn values_in_the_wrong_place_are_masked() {
        for (text, expected) in [
            (
                r#"{"data":"aaaabbbb","status_code":2001,"timestamp":"aaaabbbb"}"#,
                r#"{"data":"***","status_code":2001,"timestamp":"***"}"#,
            ),
            (
                r#"{"data":["012ABC",{"kwh":1}],"status_code":["012ABC"],"timestamp":12345678}"#,
                r#"{"data":["***",{"kwh":1}],"status_code":["***"],"timestamp":"***"}"#,
            ),
            (
                r#"{"cdr_token":"DE8AA123456","evses":[[7]],"tariffs":null}"#,
                r#"{"cdr_token":"***","evses":[["***"]],"tariffs":null}"#,
            ),
            (
                r#"{"booking_tokens":["0123ABCD"],"party_id":["DE8AA"]}"#,
                r#"{"booking_tokens":["***"],"party_id":["***"]}"#,
            ),
            (r#"{"uid":["0123ABCD"],"id":"0123abcd"}"#, r#"{"uid":["***"],"id":"***"}"#),
            (
                r#"{"data":{},"status_code":1000,"timestamp":"2026-12-03T05:00:00Z"}"#,
                r#"{"data":{},"status_code":1000,"timestamp":"2026-12-03T05:00:00Z"}"#,
            ),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn ids_of_evses_stay() {
        let evse = r#"{"evses":[{"uid":"E1","status":"AVAILABLE"}]}"#;
        assert_eq!(masked(evse), evse);
        assert_eq!(
            masked(r#"{"uid":"E1","status":"x","whitelist":"NEVER"}"#),
            r#"{"uid":"***","status":"x","whitelist":"NEVER"}"#
        );
    }

    #[test]
    fn of_texts_for_people_the_words_stay() {
        assert_eq!(
            words("Token 0123-A is unknown, says DE8AA: (CONTRACTX) tariff_id"),
            "Token *** is unknown, says *** *** tariff_id"
        );
    }
}
