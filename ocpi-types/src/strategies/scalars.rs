//! Texts, numbers, times and enum values.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use proptest::prelude::any;
use proptest::strategy::{BoxedStrategy, Just, SBoxedStrategy, Strategy};
use proptest::string::string_regex;
use proptest::{prop_oneof, sample};
use serde_json::{Value as Json, json};

use crate::{DateTime, EnumInfo, Pattern, Ruleset, Type, Versions};

/// Texts are mostly short: long ones are no more likely to be wrong, and hard to look at.
const SHORT: usize = 12;
/// Where the specification sets no limit.
const LONG: usize = 300;

/// 2015 to 2035.
const YEARS: std::ops::Range<i64> = 1_420_070_400..2_051_222_400;

/// One value of a type that is no object.
pub(super) fn any_of(ty: &Type, form: Pattern, profile: &'static Ruleset) -> BoxedStrategy<Json> {
    match ty {
        Type::CiString { .. } => text(ty, form, profile, "[ -~]"),
        Type::String { .. } => text(ty, form, profile, "\\PC"),
        Type::DateTime => time(),
        Type::Url => matching("https?://[a-z]{1,10}\\.example(:[1-9][0-9]{1,3})?(/[A-Za-z0-9_-]{1,8}){0,3}"),
        Type::Number => number(),
        Type::Int { .. } => integer(ty.max_len()),
        Type::Boolean => any::<bool>().prop_map(Json::from).boxed(),
        Type::Enum(info) => sample_of(info, profile.documents),
        Type::Any | Type::Object(_) => prop_oneof![Just(json!({})), Just(json!({"any": [1, null]}))].boxed(),
    }
}

/// A text by its form, or of some characters, within its limit.
fn text(ty: &Type, form: Pattern, profile: &Ruleset, any: &str) -> BoxedStrategy<Json> {
    let max = ty.max_len().unwrap_or(LONG);
    match form {
        // Half a date is short enough; a text without end is cut.
        Pattern::Whole(pattern) => matching(pattern(profile.version)),
        Pattern::Code { codes, .. } => sample::select(codes()).prop_map(Json::from).boxed(),
        Pattern::Chars(pattern) if pattern.contains("]+") => {
            matching(&pattern.replace("]+", "]{1,8}").replace(")*", "){0,2}"))
        }
        Pattern::Plain | Pattern::Chars(_) => {
            // A text of blanks says nothing.
            let of = |max: usize| matching(&format!("[!-~]{any}{{0,{}}}", max.saturating_sub(1)));
            prop_oneof![7 => of(max.min(SHORT)), 1 => of(max)].boxed()
        }
    }
}

/// Texts of an expression. Hundreds of members share a few dozen, so each is read once.
fn matching(pattern: &str) -> BoxedStrategy<Json> {
    static KNOWN: Mutex<BTreeMap<String, SBoxedStrategy<Json>>> = Mutex::new(BTreeMap::new());
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(texts) = known.get(pattern) {
        return texts.clone().boxed();
    }
    let texts = match string_regex(pattern) {
        Ok(texts) => texts.prop_map(Json::from).sboxed(),
        // A form that is no expression is of somebody's own type.
        Err(_) => Just(json!("")).sboxed(),
    };
    known.insert(pattern.to_owned(), texts.clone());
    texts.boxed()
}

/// Every form of time that OCPI has: with or without a fraction, with or without `Z`.
fn time() -> BoxedStrategy<Json> {
    let form = prop_oneof![4 => Just("Z"), 1 => Just(""), 1 => Just(".5Z"), 1 => Just(".250Z")];
    (YEARS, form)
        .prop_map(|(seconds, form)| {
            let time = DateTime::from_unix(seconds).unwrap_or(DateTime::UNIX_EPOCH).to_string();
            json!(format!("{}{form}", time.trim_end_matches('Z')))
        })
        .boxed()
}

/// Up to four decimals, seldom below zero.
fn number() -> BoxedStrategy<Json> {
    let quarters = |range: std::ops::Range<i32>| range.prop_map(|number| json!(f64::from(number) / 4.0));
    prop_oneof![
        6 => quarters(0..400),
        2 => (0..1_000_000_i32).prop_map(|number| json!(f64::from(number) / 10_000.0)),
        1 => any::<i32>().prop_map(Json::from),
        1 => quarters(-400..0),
    ]
    .boxed()
}

fn integer(digits: Option<usize>) -> BoxedStrategy<Json> {
    let limit = digits.and_then(|digits| 10_i64.checked_pow(u32::try_from(digits).ok()?));
    match limit {
        Some(limit) => (1 - limit..limit).prop_map(Json::from).boxed(),
        None => prop_oneof![6 => 0..1_000_i64, 1 => any::<i64>()].prop_map(Json::from).boxed(),
    }
}

/// A value that the documents have.
fn sample_of(info: &EnumInfo, documents: Versions) -> BoxedStrategy<Json> {
    let values = values(info, documents);
    // An enum of another branch has none; its object is then no object of the profile either.
    if values.is_empty() {
        Just(json!("")).boxed()
    } else {
        sample::select(values).prop_map(Json::from).boxed()
    }
}

/// The values of an enum that the documents have.
pub(super) fn values(info: &EnumInfo, documents: Versions) -> Vec<&'static str> {
    let values = info.values.iter().filter(|(_, versions)| versions.meets(documents));
    values.map(|(text, _)| *text).collect()
}
