//! Arbitrary bytes: errors, never panics; and JSON is always taken.

use ocpi_types::json::{self, RawJson};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::{collection, prop_oneof, sample};

use super::texts;

const LOCATION: &str = include_str!("../../fixtures/2.3.0/location.full.json");

/// Bytes of no kind, and a document with a few bytes changed, left out or put in.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let tokens: Vec<&[u8]> = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "null",
        "true",
        "1e9",
        "1e-2147483648",
        "0.1e2147483648",
        "-0.0",
        "\"\\ud800\"",
        "\u{0}",
        "é",
        "[[",
        "{}",
        "\u{feff}",
    ]
    .map(str::as_bytes)
    .to_vec();
    let patch =
        prop_oneof![sample::select(tokens).prop_map(<[u8]>::to_vec), collection::vec(any::<u8>(), 0..3)];
    let edit = (any::<sample::Index>(), 0_usize..12, patch);
    let edited = collection::vec(edit, 1..6).prop_map(|edits| {
        let mut text = LOCATION.as_bytes().to_vec();
        for (at, gone, new) in edits {
            let at = at.index(text.len());
            let end = (at + gone).min(text.len());
            text.splice(at..end, new);
        }
        text
    });
    let of_json_characters = texts("[\\[\\]{}:,\"\\\\a-u0-9.eE+ -]{0,40}").prop_map(String::into_bytes);
    prop_oneof![1 => collection::vec(any::<u8>(), 0..64), 1 => of_json_characters, 4 => edited]
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn no_bytes_make_the_reader_panic(text in bytes()) {
        let strict = json::from_slice::<Location>(&text);
        let tolerant = json::read::<Location>(&text);
        prop_assert!(strict.is_err() || tolerant.is_ok(), "strict reads what tolerant does not");
        if let (Ok(strict), Ok(tolerant)) = (&strict, &tolerant) {
            prop_assert_eq!(strict, &tolerant.value);
        }
        if let Ok(read) = &tolerant {
            let written = json::to_string(&read.value);
            // Not as a tree: half a surrogate pair and numbers without end are JSON, too.
            serde_json::from_str::<serde::de::IgnoredAny>(&written).expect("what is written is JSON");
            // Tolerantly: members that could not be read are written back as they came.
            let again = json::read::<Location>(written.as_bytes()).expect("what is written can be read");
            prop_assert_eq!(&again.value, &read.value);
            prop_assert_eq!(json::to_string(&again.value), written);
        }
        let list = json::read_list::<Location>(&text);
        prop_assert!(tolerant.is_err() || list.is_ok());
        if let Err(error) = &strict {
            let _ = error.to_string();
            prop_assert!(error.offset() <= text.len());
        }
        let _ = (json::read::<Cdr>(&text), json::read_list::<Cdr>(&text), json::from_slice::<RawJson>(&text));
    }

    #[test]
    fn what_serde_json_takes_is_taken(text in json_text()) {
        serde_json::from_str::<serde_json::Value>(&text).expect("the text is JSON");
        let raw: RawJson = text.parse().expect("it is JSON");
        prop_assert_eq!(raw.as_str(), text.trim());
        prop_assert_eq!(serde_json::to_string(&raw).expect("it is written"), raw.as_str());
    }

    #[test]
    fn edited_documents_are_taken_if_serde_json_takes_them(text in bytes()) {
        if serde_json::from_slice::<serde_json::Value>(&text).is_ok() {
            json::from_slice::<RawJson>(&text).expect("it is JSON");
        }
    }
}

/// JSON with blanks, escapes, and numbers in every form.
fn json_text() -> impl Strategy<Value = String> {
    let blank = || texts("[ \t\r\n]{0,2}");
    let string = || {
        prop_oneof![
            texts("\"[ -!#-\\[\\]-~é日😀]{0,6}\""),
            texts(r#""(\\["\\/bfnrt]|\\u00[0-9a-fA-F]{2}|\\ud83d\\uDE00){0,3}""#),
        ]
    };
    let number = texts("-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?");
    let leaf = prop_oneof![
        3 => sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned),
        1 => number,
        1 => string(),
    ];
    leaf.prop_recursive(8, 64, 6, move |inner| {
        let padded = (blank(), inner, blank()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let member = (blank(), string(), blank(), padded.clone())
            .prop_map(|(a, name, b, value)| format!("{a}{name}{b}:{value}"));
        prop_oneof![
            (blank(), collection::vec(padded, 0..6))
                .prop_map(|(blank, list)| enclosed('[', &blank, &list, ']')),
            (blank(), collection::vec(member, 0..6))
                .prop_map(|(blank, list)| enclosed('{', &blank, &list, '}')),
        ]
    })
}

fn enclosed(open: char, blank: &str, inside: &[String], close: char) -> String {
    if inside.is_empty() {
        format!("{open}{blank}{close}")
    } else {
        format!("{open}{}{close}", inside.join(","))
    }
}
