//! Objects that are built, written and read again.

use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Object, Rule, Version, check, json};
use proptest::collection;
use proptest::prelude::{TestCaseError, prop_assert, prop_assert_eq, proptest};

use super::objects::{cdr, location, token};

proptest! {
    #![proptest_config(super::config_of_documents())]

    #[test]
    fn locations_come_back(location in location()) {
        comes_back(&location)?;
    }

    #[test]
    fn cdrs_come_back(cdr in cdr()) {
        comes_back(&cdr)?;
    }

    #[test]
    fn tokens_come_back(token in token()) {
        comes_back(&token)?;
    }

    #[test]
    fn lists_come_back(tokens in collection::vec(token(), 0..4)) {
        let text = json::list_to_vec(&tokens);
        let list = json::read_list::<Token>(&text).expect("what is written can be read");
        prop_assert_eq!((list.items, list.rejected.len(), list.findings.len()), (tokens, 0, 0));
    }
}

/// Writing, reading and writing again: the same value, the same bytes, nothing odd, by serde too.
fn comes_back<T: Object + serde::de::DeserializeOwned>(value: &T) -> Result<(), TestCaseError> {
    let text = json::to_string(value);
    let read = json::read::<T>(text.as_bytes()).expect("what is written can be read");
    prop_assert_eq!(&read.value, value);
    prop_assert!(read.findings.is_empty(), "{:?}", read.findings);
    prop_assert_eq!(json::to_string(&read.value), &text[..]);
    prop_assert_eq!(serde_json::to_string(value).expect("serde writes it"), &text[..]);
    prop_assert_eq!(&serde_json::from_str::<T>(&text).expect("serde reads it"), value);
    // A value that can be built conforms, but for members of random values that contradict each other: the rules about
    // these come after all others.
    let mut findings = check(value, Version::V2_3_0);
    findings.retain(|finding| finding.is_error() && finding.rule <= Rule::ProfileDemand);
    prop_assert!(findings.is_empty(), "{:?}", findings);
    Ok(())
}
