//! Texts that are no JSON: the places where they break, and the errors.

use super::{Sample, fails};
use ocpi_types::{
    CiString, CountryCode, DateTime, Decimal, Digits, NonEmpty, Url, Version, json, v2_3_0::types::Price,
};

#[test]
fn the_place_of_a_syntax_error() {
    // Text, rule, offset, pointer.
    let cases: &[(&str, &str, usize, &str)] = &[
        ("", "json.end", 0, ""),
        ("  ", "json.end", 2, ""),
        ("{", "json.end", 1, ""),
        ("}", "json.syntax", 0, ""),
        ("{]", "json.syntax", 1, ""),
        ("{\"count\"", "json.end", 8, ""),
        ("{\"count\" 1}", "json.syntax", 9, ""),
        ("{\"count\":", "json.end", 9, "/count"),
        ("{\"count\":}", "json.syntax", 9, "/count"),
        ("{\"count\":1", "json.end", 10, ""),
        ("{\"count\":1,}", "json.syntax", 11, ""),
        ("{\"count\":1 \"on\":true}", "json.syntax", 11, ""),
        ("{\"count\":01}", "json.syntax", 10, "/count"),
        ("{\"count\":-}", "json.syntax", 10, "/count"),
        ("{\"count\":1.}", "json.syntax", 11, "/count"),
        ("{\"count\":1e}", "json.syntax", 11, "/count"),
        ("{\"count\":+1}", "json.syntax", 9, "/count"),
        ("{\"count\":.5}", "json.syntax", 9, "/count"),
        ("{\"count\":NaN}", "json.syntax", 9, "/count"),
        ("{\"on\":tru}", "json.syntax", 6, "/on"),
        ("{\"on\":nul}", "json.syntax", 6, "/on"),
        ("{\"on\":'true'}", "json.syntax", 6, "/on"),
        ("{\"name\":\"a}", "json.end", 11, "/name"),
        ("{\"name\":\"a\\", "json.end", 11, "/name"),
        ("{\"name\":\"a\\x\"}", "json.syntax", 11, "/name"),
        ("{\"name\":\"\\u12", "json.end", 13, "/name"),
        ("{\"name\":\"\\u12g4\"}", "json.syntax", 11, "/name"),
        ("{\"texts\":[\"a\",]}", "json.syntax", 14, "/texts"),
        ("{\"texts\":[\"a\" \"b\"]}", "json.syntax", 14, "/texts"),
        ("{\"texts\":[\"a\"}", "json.syntax", 13, "/texts"),
        (
            "{\"list\":[{\"before_taxes\":1},{\"taxes\":[{\"name\":?}]}]}",
            "json.syntax",
            46,
            "/list/1/taxes/0/name",
        ),
        ("{\"x\":[1,{\"y\":[2,?]}]}", "json.syntax", 16, "/x/1/y/1"),
        ("{\"x\":{1:2}}", "json.syntax", 6, "/x"),
        ("{\"a/b~c\":?}", "json.syntax", 9, "/a~1b~0c"),
        ("{} x", "json.trailing", 3, ""),
        ("{}{}", "json.trailing", 2, ""),
    ];
    for (text, rule, offset, pointer) in cases {
        for error in [json::read::<Sample>(text.as_bytes()).map(|read| read.value), json::from_str(text)] {
            let error = error.expect_err(text);
            assert_eq!(
                (error.rule().id(), error.offset(), error.pointer()),
                (*rule, *offset, *pointer),
                "{text}"
            );
            assert!(error.is_syntax() && !error.is_limit(), "{text}");
        }
    }
}

/// Every text that stops early is an error, and none a crash.
#[test]
fn a_text_cut_off_anywhere_is_an_error() {
    let text = include_str!("../../fixtures/2.3.0/tariff.full.json").trim_end();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        let error = json::read::<ocpi_types::v2_3_0::tariffs::Tariff>(&text.as_bytes()[..end]);
        let error = error.expect_err("it is cut off");
        assert!(error.is_syntax(), "cut at {end}: {error}");
    }
}

#[test]
fn bytes_that_are_not_utf_8() {
    fails::<Sample>(b"{\"name\":\"\xff\"}", "/name", "json.utf8");
    fails::<Sample>(b"\xff\xfe{\0}\0", "", "json.utf8");
}

#[test]
fn a_value_of_another_kind() {
    for text in ["1", "\"a\"", "true", "null", "[]", "[[{}]]", "[{},{}]"] {
        fails::<Sample>(text, "", "val.type");
    }
}

#[test]
fn the_words_of_errors() {
    let words = |text: &str| json::from_str::<Price>(text).expect_err(text).to_string();
    assert_eq!(
        words("{\n  \"before_taxes\": ?}"),
        "line 2 column 19 at /before_taxes: not JSON [json.syntax]"
    );
    let text = "{\"before_taxes\":1,\"é\":1}}";
    assert_eq!(words(text), "line 1 column 25: text follows the value [json.trailing]");
    assert_eq!(words("{}"), "line 1 column 1 at /before_taxes: a required member is missing [req.missing]");
    let error = json::from_slice::<Price>(b"\xff").expect_err("no UTF-8");
    assert_eq!(error.to_string(), "line 1 column 1: not UTF-8 [json.utf8]");

    let read = json::read::<Price>("\u{feff}{\"before_taxes\":\"1\"}".as_bytes()).expect("it is read");
    let words: Vec<String> = read.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "a byte order mark stands before the text [json.bom]",
            "/before_taxes: a number is written as a string [num.string]",
        ]
    );
}

/// Errors may be logged: they never show the text that was read.
#[test]
fn errors_do_not_quote_the_text() {
    for text in
        [r#"{"before_taxes":"s3cret"}"#, r#"{"before_taxes":1}s3cret"#, r#"{"before_taxes":1,"x":"s3cret"#]
    {
        let error = json::from_str::<Price>(text).expect_err(text);
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    }
}

#[test]
fn the_words_of_the_scalars_errors() {
    let words: &[(Outcome, &str)] = &[
        (parse::<CiString<2>>("abc"), "longer than the field's limit [len.exceeded]"),
        (parse::<CiString<2>>("é"), "a character outside printable ASCII [str.non_ascii_cistring]"),
        (parse::<CountryCode>("N1"), "not a country code of the kind asked for [country.alpha]"),
        (parse::<Url>("x"), "not an absolute http or https URL of at most 255 characters"),
        (parse::<DateTime>("x"), "not a date and time such as 2026-11-22T10:00:00Z"),
        (parse::<Decimal>("x"), "not a decimal number of at most 28 digits"),
        (
            parse::<Version>("2.0"),
            "not a version of OCPI that this library implements (2.1.1, 2.2, 2.2.1, 2.3.0)",
        ),
        (Digits::<1>::try_from(10).map(drop).map_err(Into::into), "more digits than the field's limit"),
        (
            NonEmpty::<i64>::try_from(vec![]).map(drop).map_err(Into::into),
            "the list needs one element or more",
        ),
    ];
    for (result, expected) in words {
        let error = result.as_ref().expect_err(expected);
        assert_eq!(error.to_string(), *expected);
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn parse<T: std::str::FromStr<Err: std::error::Error + 'static>>(text: &str) -> Outcome {
    text.parse::<T>().map(drop).map_err(Into::into)
}
