//! Terms of a document, as its row has them.

use ocpi_server_traits::storage::StoreError;

use super::numbers::corrupt;

/// Terms as JSON: an array of pairs.
pub(super) fn to_json(terms: &[(String, String)]) -> String {
    if terms.is_empty() {
        return "[]".to_owned();
    }
    serde_json::Value::from_iter(
        terms.iter().map(|(name, value)| [&**name, &**value].map(String::from).to_vec()),
    )
    .to_string()
}

/// Terms from JSON.
pub(super) fn from_json(text: &str) -> Result<Vec<(String, String)>, StoreError> {
    if text == "[]" {
        return Ok(Vec::new());
    }
    serde_json::from_str(text).map_err(|_| corrupt("the terms of a stored document cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::{from_json, to_json};

    #[test]
    fn terms_are_read_as_they_are_written() {
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        for terms in [vec![], vec![("", "")], vec![("a", "\"\\"), ("ä", "],[")]] {
            let terms: Vec<_> = terms.into_iter().map(pair).collect();
            assert_eq!(from_json(&to_json(&terms)).unwrap(), terms);
        }
        assert!(from_json("[[1,2]]").is_err());
    }
}
