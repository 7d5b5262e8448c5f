//! Readings of texts as partners really send them.

mod blanks;
mod broken;
mod deviations;
mod frames;
mod limits;
mod lists;
mod names;

use std::collections::BTreeMap;

use ocpi_types::v2_3_0::locations::Status;
use ocpi_types::v2_3_0::types::Price;
use ocpi_types::{
    CiString, DateTime, Decimal, Digits, Finding, Latitude, NonEmpty, Text, Url, Value, json, object,
};
use serde_json::value::RawValue;

object! {
    /// One member of every kind, none of them required.
    pub struct Sample = "Sample", init SampleInit {
        /// An identifier.
        pub id: Option<CiString<5>>,
        /// A text.
        pub name: Option<Text<10>>,
        /// An integer.
        pub count: Option<i64>,
        /// An integer of one digit.
        pub digit: Option<Digits<1>>,
        /// A number.
        pub price: Option<Decimal>,
        /// A boolean.
        pub on: Option<bool>,
        /// A time.
        pub at: Option<DateTime>,
        /// An enum.
        pub status: Option<Status>,
        /// A coordinate.
        pub latitude: Option<Latitude>,
        /// A URL.
        pub url: Option<Url>,
        /// An object.
        pub inner: Option<Price>,
        /// Objects.
        pub list: Vec<Price>,
        /// Texts.
        pub texts: Vec<Text<5>>,
    }
}

object! {
    /// Required members.
    pub struct Strict = "Strict", init StrictInit {
        /// An integer.
        pub count: i64,
        /// A list that needs an element.
        pub some: NonEmpty<Text<5>>,
        /// An object.
        pub inner: Price,
    }
}

/// Pointer and rule of each finding.
type Expected<'a> = &'a [(&'a str, &'a str)];

fn summary(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings.iter().map(|finding| (finding.pointer.as_str(), finding.rule.id())).collect()
}

/// Reads tolerantly, and compares the text that is written back, and the findings.
#[track_caller]
fn reads<T: Value>(text: impl AsRef<[u8]>, written: &str, findings: Expected) {
    let text = text.as_ref();
    let shown = String::from_utf8_lossy(text);
    let read = json::read::<T>(text).unwrap_or_else(|error| panic!("{shown}: {error}"));
    assert_eq!(json::to_string(&read.value), written, "{shown}");
    assert_eq!(summary(&read.findings), findings, "{shown}");
}

/// Reads the same in both modes: nothing is given up.
#[track_caller]
fn keeps<T: Value>(text: impl AsRef<[u8]>, written: &str, findings: Expected) {
    let text = text.as_ref();
    reads::<T>(text, written, findings);
    let shown = String::from_utf8_lossy(text);
    let value: T = json::from_slice(text).unwrap_or_else(|error| panic!("strict, {shown}: {error}"));
    assert_eq!(json::to_string(&value), written, "strict, {shown}");
}

/// Reads tolerantly, and strictly not at all: the first finding is the error.
#[track_caller]
fn loses<T: Value>(text: impl AsRef<[u8]>, written: &str, findings: Expected) {
    let text = text.as_ref();
    let shown = String::from_utf8_lossy(&text[..text.len().min(200)]);
    let read = json::read::<T>(text).unwrap_or_else(|error| panic!("{shown}: {error}"));
    assert_eq!(summary(&read.findings), findings, "{shown}");
    assert_eq!(typed(&json::to_string(&read.value), findings), typed(written, &[]), "{shown}");
    let error = json::from_slice::<T>(text).expect_err("a strict reader must refuse it");
    let expected = *findings.first().expect("what is lost must be found");
    assert_eq!((error.pointer(), error.rule().id()), expected, "{}", String::from_utf8_lossy(text));
}

/// The members of an object, without those that were found unreadable and are kept as text only.
fn typed(written: &str, unreadable: Expected) -> BTreeMap<String, String> {
    let Ok(members) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(written) else {
        return BTreeMap::from([(String::new(), written.to_owned())]);
    };
    let lost = ["val.type", "val.form", "limit.number"];
    // A list keeps its other elements.
    let is_lost = |name: &str, raw: &RawValue| {
        let of_member = |(pointer, rule): &(&str, &str)| {
            let mut below = pointer.split('/').skip(1);
            let is_list = raw.get().starts_with('[');
            lost.contains(rule) && below.next() == Some(name) && (below.next().is_none() || !is_list)
        };
        unreadable.iter().any(of_member)
    };
    let kept = members.into_iter().filter(|(name, raw)| !is_lost(name, raw));
    kept.map(|(name, raw)| (name, raw.get().to_owned())).collect()
}

/// Cannot be read in either mode.
#[track_caller]
fn fails<T: Value>(text: impl AsRef<[u8]>, pointer: &str, rule: &str) {
    let text = text.as_ref();
    let shown = String::from_utf8_lossy(&text[..text.len().min(200)]);
    for error in [json::read::<T>(text).map(|read| read.value), json::from_slice::<T>(text)] {
        match error {
            Ok(_) => panic!("{shown} was read"),
            Err(error) => assert_eq!((error.pointer(), error.rule().id()), (pointer, rule), "{shown}"),
        }
    }
}
