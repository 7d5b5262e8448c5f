//! Lists of codes from other standards: countries, currencies, languages, time zones.
//!
//! Each list is a sorted table in its own file, with source and date. Lookups do not allocate; the probable meaning of
//! an unknown code is computed only when it is reported.

mod countries;
mod currencies;
mod languages;
mod likely;
mod members;
mod nearest;
mod places;
mod slang;
mod windows_zones;
mod zones;

use crate::Rule;

pub(crate) use countries::{Country, by_alpha2, by_alpha3};
pub(crate) use members::likely_member;
pub(crate) use nearest::distance;
pub(crate) use places::holds;
pub(crate) use slang::enum_value as likely_enum_value;

/// A list of codes: the rule that a code breaks which is not in it, and the functions that look codes up.
#[derive(Debug)]
pub(crate) struct CodeList {
    pub(crate) unknown: Rule,
    pub(crate) has: fn(&str) -> bool,
    /// The code that is likely meant by a text that is none.
    pub(crate) likely: fn(&str) -> Option<&'static str>,
    /// All codes, those that are out of use aside.
    pub(crate) codes: fn() -> Vec<&'static str>,
}

pub(crate) static COUNTRIES: CodeList = CodeList {
    unknown: Rule::CountryUnknown,
    has: |code| by_alpha2(code).is_some(),
    likely: |text| likely::country(text).map(|country| country.alpha2),
    codes: || countries::all().iter().map(|country| country.alpha2).collect(),
};

pub(crate) static COUNTRIES_3: CodeList = CodeList {
    unknown: Rule::CountryUnknown,
    has: |code| by_alpha3(code).is_some(),
    likely: |text| likely::country(text).map(|country| country.alpha3),
    codes: || countries::all().iter().map(|country| country.alpha3).collect(),
};

pub(crate) static CURRENCIES: CodeList = CodeList {
    unknown: Rule::CurrencyUnknown,
    has: currencies::has,
    likely: likely::currency,
    codes: || currencies::CURRENCIES.to_vec(),
};

pub(crate) static LANGUAGES: CodeList = CodeList {
    unknown: Rule::LanguageUnknown,
    has: languages::has,
    likely: likely::language,
    codes: || languages::LANGUAGES.to_vec(),
};

pub(crate) static TIME_ZONES: CodeList = CodeList {
    unknown: Rule::TimeZoneUnknown,
    has: zones::has,
    likely: likely::time_zone,
    codes: || zones::ZONES.to_vec(),
};
