//! Misspelled names of members.

use super::nearest::{folded, nearest};
use crate::Field;

/// The member that is likely meant by a name that no member has; `None` for names that are marked as a partner's own, and
/// where one name is a part of the other: `operator_id` is no `operator`.
#[cold]
pub(crate) fn likely_member(fields: &[Field], sent: &str) -> Option<&'static str> {
    let is_marked =
        sent.starts_with(['_', '$', '@', '#']) || matches!(sent.as_bytes(), [b'x' | b'X', b'_' | b'-', ..]);
    if is_marked {
        return None;
    }
    let plain = folded(sent)?;
    let name =
        nearest(&plain, fields.iter().map(|field| field.name).filter(|name| may_be_near(name, &plain)))?;
    let (known, sent) = (words(name), words(sent));
    (!is_part(&known, &sent) && !is_part(&sent, &known)).then_some(name)
}

fn is_part(words: &[String], of: &[String]) -> bool {
    words.len() < of.len() && (of.starts_with(words) || of.ends_with(words))
}

/// Whether a name is about as long as a folded text, and begins or ends as it does. Most are not: those need no closer look.
fn may_be_near(name: &str, plain: &str) -> bool {
    let letters = name.bytes().filter(|byte| *byte != b'_').count();
    letters.abs_diff(plain.len()) <= 2
        && (name.bytes().next() == plain.bytes().next() || name.bytes().last() == plain.bytes().last())
}

/// The words of a name in snake or camel case, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_small = false;
    for letter in name.chars() {
        let is_sign = !letter.is_alphanumeric();
        if is_sign || is_small && letter.is_uppercase() {
            words.push(String::new());
        }
        if let (false, Some(word)) = (is_sign, words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
        is_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{likely_member, words};
    use crate::{Object, v2_2_1};

    #[test]
    fn members_that_are_likely_meant() {
        let tariff = v2_2_1::tariffs::Tariff::INFO.fields;
        let element = v2_2_1::tariffs::TariffElement::INFO.fields;
        let location = v2_2_1::locations::Location::INFO.fields;
        for (fields, sent, meant) in [
            (element, "restriction", Some("restrictions")),
            (element, "price_component", Some("price_components")),
            (tariff, "min_prise", Some("min_price")),
            (tariff, "elemnts", Some("elements")),
            (location, "last_update", Some("last_updated")),
            (location, "adress", Some("address")),
            (location, "operator_id", None),
            (location, "ownerId", None),
            (location, "x_owner", None),
            (location, "_adress", None),
            (location, "promotion", None),
            (location, "ids", None),
            (location, "evse", Some("evses")),
            (location, "", None),
            (v2_2_1::sessions::Session::INFO.fields, "location", None),
        ] {
            assert_eq!(likely_member(fields, sent), meant, "{sent}");
        }
        assert_eq!(words("ownerId"), ["owner", "id"]);
        assert_eq!(words("max_kWh"), ["max", "k", "wh"]);
    }
}
