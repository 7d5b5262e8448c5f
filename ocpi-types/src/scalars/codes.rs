//! Codes of other standards: countries, parties, currencies, languages, time zones.

use std::str::FromStr;

use super::literal::{FromLiteral, Literal};
use super::string::{CiString, Text, TextError};
use crate::json::{Reader, Stop, Writer, is_padded, trimmed};
use crate::standards::{COUNTRIES, COUNTRIES_3, CURRENCIES, LANGUAGES, TIME_ZONES, by_alpha2, by_alpha3};
use crate::{Check, Pattern, Rule, Type, Value};

/// A string type with a form of its own, over one of the general ones. `$form` describes texts that `$is_code` takes;
/// `$respelled` puts texts into that form that can mean one thing only; `$list` has the codes that there are.
macro_rules! code {
    ($(#[doc = $doc:expr])+ $name:ident($base:ty), $rule:ident, $form:expr, $is_code:expr
        $(, respelled $respelled:expr)? $(, in $list:ident)? $(, but $odd:ident if $is_odd:expr)?) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name($base);

        impl $name {
            /// Returns the text, in its original spelling.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// Whether the text has the form that is asked for.
            fn is_code(text: &str) -> bool {
                let is_code: fn(&str) -> bool = $is_code;
                is_code(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                if Self::is_code(text) { text.parse().map(Self) } else { Err(TextError(Rule::$rule)) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = TextError;

            fn try_from(text: &str) -> Result<Self, TextError> {
                text.parse()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Value for $name {
            const TYPE: Type = <$base as Value>::TYPE;
            const PATTERN: Pattern = $form;

            fn blank() -> Self {
                Self(Value::blank())
            }

            #[inline]
            fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
                let at = r.offset();
                self.0.read(r)?;
                if is_padded(self.as_str()) && trimmed(self.as_str()).len() < self.as_str().len() {
                    self.0 = <$base>::as_read(trimmed(self.as_str()));
                    r.deviates(Rule::Blanks, at)?;
                }
                $(
                    // An empty text is for the check.
                    if !self.as_str().is_empty() && !Self::is_code(self.as_str()) {
                        let Some(text) = $respelled(self.as_str()) else {
                            return r.tolerates(Rule::$rule, at);
                        };
                        self.0 = text;
                        return r.deviates(Rule::$rule, at);
                    }
                )?
                let _ = at;
                Ok(())
            }

            #[inline]
            fn write(&self, w: &mut Writer) {
                self.0.write(w);
            }

            fn check(&self, c: &mut Check) {
                let text = self.as_str();
                if text.trim_ascii_start().is_empty() {
                    return c.empty_text();
                }
                if !Self::is_code(text) {
                    let likely: Option<&str> = None$(.or_else(|| (crate::standards::$list.likely)(text)))?;
                    return c.report_likely(Rule::$rule, likely);
                }
                $(if !(crate::standards::$list.has)(text) {
                    let list = &crate::standards::$list;
                    return c.report_likely(list.unknown, (list.likely)(text));
                })?
                $(c.expect(!$is_odd(text), Rule::$odd);)?
            }
        }

        super::serde_as_text!($name);
        super::as_text!($name, |one, other| match <$base as Value>::TYPE {
            Type::CiString { .. } => one.eq_ignore_ascii_case(other),
            _ => one == other,
        });
    };
}
pub(super) use code;

fn has_lower_case(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_lowercase())
}

const fn letters(text: &str, count: usize) -> bool {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() && bytes[i].is_ascii_alphabetic() {
        i += 1;
    }
    i == bytes.len() && i == count
}

const fn two_letters(text: &str) -> bool {
    letters(text, 2)
}

const fn three_capitals(text: &str) -> bool {
    matches!(text.as_bytes(), [b'A'..=b'Z', b'A'..=b'Z', b'A'..=b'Z'])
}

const fn is_party_id(text: &str) -> bool {
    match text.as_bytes() {
        [a, b, c] => a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() && c.is_ascii_alphanumeric(),
        _ => false,
    }
}

/// Parts of letters, digits and `_`, `+`, `-`, with a slash between two of them.
const fn is_zone_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut i, mut ends_part) = (0, true);
    while i < bytes.len() {
        let is_slash = bytes[i] == b'/';
        let is_sign = matches!(bytes[i], b'_' | b'+' | b'-');
        if is_slash && ends_part || !is_slash && !is_sign && !bytes[i].is_ascii_alphanumeric() {
            return false;
        }
        ends_part = is_slash;
        i += 1;
    }
    !ends_part && i <= 255
}

code! {
    /// Two letters of ISO 3166-1 for the country of a party; case does not matter.
    ///
    /// Spec: 2.2.1 credentials §credentials_role_class
    ///
    /// ```
    /// use ocpi_types::CountryCode;
    /// assert_eq!("nl".parse::<CountryCode>()?, "NL");
    /// assert!("NLD".parse::<CountryCode>().is_err());
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    CountryCode(CiString<2>), CountryCode,
    Pattern::Code { pattern: "^[A-Za-z]{2}$", codes: COUNTRIES.codes }, two_letters,
    respelled |text: &str| CiString::from_str(by_alpha3(text)?.alpha2).ok(),
    in COUNTRIES, but LowerCaseParty if has_lower_case
}

code! {
    /// Three letters of ISO 3166-1 for the country of an address.
    ///
    /// Spec: 2.2.1 mod_locations §location_object
    CountryCode3(Text<3>), CountryCode, Pattern::Code { pattern: "^[A-Z]{3}$", codes: COUNTRIES_3.codes },
    three_capitals,
    respelled |text: &str| {
        let country = by_alpha2(text).or_else(|| by_alpha3(text))?;
        Text::from_str(country.alpha3).ok()
    }, in COUNTRIES_3
}

code! {
    /// Three letters or digits for a party inside its country; case does not matter.
    ///
    /// Spec: 2.2.1 credentials §credentials_role_class
    PartyId(CiString<3>), PartyId, Pattern::Whole(|_| "^[A-Za-z0-9]{3}$"),
    is_party_id,
    but LowerCaseParty if has_lower_case
}

code! {
    /// Three letters of ISO 4217 for a currency.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariff_object
    Currency(Text<3>), Currency, Pattern::Code { pattern: "^[A-Z]{3}$", codes: CURRENCIES.codes },
    three_capitals,
    respelled |text: &str| {
        letters(text, 3).then(|| text.to_ascii_uppercase()).and_then(|text| Text::from_str(&text).ok())
    }, in CURRENCIES
}

code! {
    /// Two letters of ISO 639-1 for a language.
    ///
    /// Spec: 2.2.1 types §displaytext_class
    Language(Text<2>), Language, Pattern::Code { pattern: "^[A-Za-z]{2}$", codes: LANGUAGES.codes },
    two_letters,
    respelled |text: &str| {
        let (language, region) = text.split_once(['-', '_'])?;
        (letters(language, 2) && letters(region, 2)).then(|| Text::from_str(language).ok())?
    }, in LANGUAGES
}

code! {
    /// The name of a time zone in the IANA database: `Europe/Oslo`.
    ///
    /// Spec: 2.2.1 mod_locations §location_object
    TimeZone(Text<255>), TimeZone,
    Pattern::Code { pattern: "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", codes: TIME_ZONES.codes }, is_zone_name,
    in TIME_ZONES
}

/// Lets codes be made from literals; a `const fn` says whether a text has the form of the code.
macro_rules! from_literal {
    ($($name:ident: $is_code:path),+) => { $(
        impl<L: Literal> FromLiteral<L> for $name {
            const CHECKED: () = assert!($is_code(L::TEXT), "not of the form of the code");

            fn make() -> Self {
                Self(<_ as FromLiteral<L>>::make())
            }
        }
    )+ };
}

from_literal! {
    CountryCode: two_letters,
    CountryCode3: three_capitals,
    PartyId: is_party_id,
    Currency: three_capitals,
    Language: two_letters,
    TimeZone: is_zone_name
}
