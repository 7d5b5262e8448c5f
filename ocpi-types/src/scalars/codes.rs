//! Codes of other standards: countries, parties, currencies, languages, time zones.

use std::str::FromStr;

use super::string::{CiString, Text, TextError};
use crate::json::{Reader, Stop, Writer, is_padded};
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
            /// The text, as it was spelled.
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

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
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
                if is_padded(self.as_str()) && self.as_str().trim().len() < self.as_str().len() {
                    self.0 = <$base>::as_read(self.as_str().trim());
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

fn letters(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_alphabetic())
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
    Pattern::Code { pattern: "^[A-Za-z]{2}$", codes: COUNTRIES.codes }, |text| letters(text, 2),
    respelled |text: &str| CiString::from_str(by_alpha3(text)?.alpha2).ok(),
    in COUNTRIES, but LowerCaseParty if has_lower_case
}

code! {
    /// Three letters of ISO 3166-1 for the country of an address.
    ///
    /// Spec: 2.2.1 mod_locations §location_object
    CountryCode3(Text<3>), CountryCode, Pattern::Code { pattern: "^[A-Z]{3}$", codes: COUNTRIES_3.codes },
    |text| letters(text, 3) && text.bytes().all(|b| b.is_ascii_uppercase()),
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
    |text| text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphanumeric()),
    but LowerCaseParty if has_lower_case
}

code! {
    /// Three letters of ISO 4217 for a currency.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariff_object
    Currency(Text<3>), Currency, Pattern::Code { pattern: "^[A-Z]{3}$", codes: CURRENCIES.codes },
    |text| letters(text, 3) && text.bytes().all(|b| b.is_ascii_uppercase()),
    respelled |text: &str| {
        letters(text, 3).then(|| text.to_ascii_uppercase()).and_then(|text| Text::from_str(&text).ok())
    }, in CURRENCIES
}

code! {
    /// Two letters of ISO 639-1 for a language.
    ///
    /// Spec: 2.2.1 types §displaytext_class
    Language(Text<2>), Language, Pattern::Code { pattern: "^[A-Za-z]{2}$", codes: LANGUAGES.codes },
    |text| letters(text, 2),
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
    Pattern::Code { pattern: "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", codes: TIME_ZONES.codes }, |text| {
        !text.is_empty()
            && text.len() <= 255
            && text.split('/').all(|part| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
            })
    }, in TIME_ZONES
}
