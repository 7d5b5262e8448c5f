//! Lookup of codes in the lists of other standards.

use super::{CountryCode, CountryCode3, Currency, Language, TimeZone};
use crate::standards::{
    COUNTRIES, COUNTRIES_3, CURRENCIES, Country, LANGUAGES, TIME_ZONES, by_alpha2, by_alpha3,
};

/// Implements the look-ups of a country by either of its codes.
macro_rules! country {
    ($name:ident, $find:ident, $known:literal, $unknown:literal) => {
        impl $name {
            /// Whether ISO 3166-1 has the code; case does not matter. `XK` and `XKX`, which ISO leaves to its users, count
            /// as Kosovo.
            ///
            /// ```
            #[doc = concat!("use ocpi_types::", stringify!($name), ";")]
            #[doc = concat!("assert!(\"", $known, "\".parse::<", stringify!($name), ">()?.is_known());")]
            #[doc = concat!("assert!(!\"", $unknown, "\".parse::<", stringify!($name), ">()?.is_known());")]
            /// # Ok::<(), ocpi_types::TextError>(())
            /// ```
            pub fn is_known(&self) -> bool {
                self.country().is_some()
            }

            /// Currencies that are legal tender in the country, the usual one first; none for a code that is not known.
            ///
            /// ```
            #[doc = concat!("use ocpi_types::{", stringify!($name), ", Currency};")]
            #[doc = concat!("let country: ", stringify!($name), " = \"", $known, "\".parse()?;")]
            /// assert_eq!(country.currencies().collect::<Vec<_>>(), ["PAB".parse::<Currency>()?, "USD".parse()?]);
            /// # Ok::<(), ocpi_types::TextError>(())
            /// ```
            pub fn currencies(&self) -> impl Iterator<Item = Currency> + use<> {
                let currencies = self.country().map_or("", |country| country.currencies);
                currencies.split_ascii_whitespace().filter_map(|code| code.parse().ok())
            }

            /// Name of the time zone, if the whole country has one clock.
            ///
            /// ```
            #[doc = concat!("use ocpi_types::", stringify!($name), ";")]
            #[doc = concat!("let country: ", stringify!($name), " = \"", $known, "\".parse()?;")]
            /// assert_eq!(country.time_zone(), Some("America/Panama"));
            /// # Ok::<(), ocpi_types::TextError>(())
            /// ```
            pub fn time_zone(&self) -> Option<&'static str> {
                self.country().map(|country| country.time_zone).filter(|zone| !zone.is_empty())
            }

            pub(crate) fn country(&self) -> Option<&'static Country> {
                $find(self.as_str())
            }
        }
    };
}

country!(CountryCode, by_alpha2, "PA", "UK");
country!(CountryCode3, by_alpha3, "PAN", "ROM");

impl CountryCode {
    /// Returns the three-letter code of the same country; `None` for a code that ISO 3166-1 does not have.
    ///
    /// ```
    /// use ocpi_types::CountryCode;
    /// let country: CountryCode = "nl".parse()?;
    /// assert_eq!(country.alpha3(), Some("NLD".parse()?));
    /// assert_eq!("UK".parse::<CountryCode>()?.alpha3(), None);
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    pub fn alpha3(&self) -> Option<CountryCode3> {
        self.country()?.alpha3.parse().ok()
    }
}

impl CountryCode3 {
    /// Returns the two-letter code of the same country; `None` for a code that ISO 3166-1 does not have.
    ///
    /// ```
    /// use ocpi_types::CountryCode3;
    /// let country: CountryCode3 = "NLD".parse()?;
    /// assert_eq!(country.alpha2(), Some("NL".parse()?));
    /// assert_eq!("ROM".parse::<CountryCode3>()?.alpha2(), None);
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    pub fn alpha2(&self) -> Option<CountryCode> {
        self.country()?.alpha2.parse().ok()
    }
}

/// Implements the look-ups of a code in its list, and of the code that is likely meant if it is not there.
macro_rules! listed {
    ($name:ident, $list:ident, $known:literal, $other:literal means $likely:literal $(, is_known $of:literal)?) => {
        impl $name {
            $(
                #[doc = concat!("Whether ", $of, " has it.")]
                ///
                /// ```
                #[doc = concat!("use ocpi_types::", stringify!($name), ";")]
                #[doc = concat!("assert!(\"", $known, "\".parse::<", stringify!($name), ">()?.is_known());")]
                #[doc = concat!("assert!(!\"", $other, "\".parse::<", stringify!($name), ">()?.is_known());")]
                /// # Ok::<(), ocpi_types::TextError>(())
                /// ```
                pub fn is_known(&self) -> bool {
                    ($list.has)(self.as_str())
                }
            )?

            /// Finds the code that is likely meant by a text that is none: one in another case or of another list, a name,
            /// a slip of the pen. `None` if there is no likely one. It is a proposal: ask before taking it.
            ///
            /// ```
            #[doc = concat!("use ocpi_types::", stringify!($name), ";")]
            #[doc = concat!("assert_eq!(", stringify!($name), "::likely(\"", $other, "\"), Some(\"", $likely, "\".parse()?));")]
            #[doc = concat!("assert_eq!(", stringify!($name), "::likely(\"?\"), None);")]
            /// # Ok::<(), ocpi_types::TextError>(())
            /// ```
            pub fn likely(text: &str) -> Option<Self> {
                // Some lists are known in either case; the code is proposed as the list has it.
                let known = Some(text).filter(|text| ($list.codes)().contains(text));
                known.or_else(|| ($list.likely)(text)).and_then(|text| text.parse().ok())
            }
        }
    };
}

listed!(CountryCode, COUNTRIES, "GB", "UK" means "GB");
listed!(CountryCode3, COUNTRIES_3, "ROU", "ROM" means "ROU");
listed!(Currency, CURRENCIES, "GBP", "UKP" means "GBP", is_known "ISO 4217");
listed!(Language, LANGUAGES, "DA", "dk" means "da", is_known "ISO 639-1");
listed!(
    TimeZone, TIME_ZONES, "Europe/Amsterdam", "Europe/Amsterdm" means "Europe/Amsterdam", is_known "the IANA database"
);
