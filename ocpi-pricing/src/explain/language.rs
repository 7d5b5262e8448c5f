//! Languages, and how each writes numbers, money and dates.

use chrono::NaiveDate;
use ocpi_types::{Currency, Decimal};

use crate::rounding::{Rounding, minor_unit};

/// A language for explanations of tariffs.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Language {
    /// English.
    English,
    /// Swedish.
    Swedish,
    /// German.
    German,
    /// Dutch.
    Dutch,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 4] = [Self::English, Self::Swedish, Self::German, Self::Dutch];

    /// Returns the two-letter code.
    ///
    /// Source: ISO 639-1.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Swedish => "sv",
            Self::German => "de",
            Self::Dutch => "nl",
        }
    }

    /// Finds a language by its two-letter code.
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    pub(super) fn number(self, number: Decimal) -> String {
        let text = number.normalize().to_string();
        if self == Self::English { text } else { text.replace('.', ",") }
    }

    /// With the decimals of the currency, or more if the price has more.
    pub(super) fn money(self, amount: Decimal, currency: &Currency) -> String {
        let decimals = amount.normalize().scale().max(minor_unit(currency));
        let text = Rounding::to_decimals(decimals).apply(amount).to_string();
        let text = if self == Self::English { text } else { text.replace('.', ",") };
        let code = currency.as_str();
        // The sign comes before a sign of the currency.
        let (minus, plain) = text.strip_prefix('-').map_or(("", &*text), |plain| ("-", plain));
        match (self, code) {
            (Self::English, "EUR") => format!("{minus}€{plain}"),
            (Self::English, "GBP") => format!("{minus}£{plain}"),
            (Self::English, "USD") => format!("{minus}${plain}"),
            (_, "") => text,
            (Self::English, _) => format!("{code} {text}"),
            (Self::Dutch, "EUR") => format!("€ {text}"),
            (_, "EUR") => format!("{text} €"),
            (Self::Swedish, "SEK") => format!("{text} kr"),
            _ => format!("{text} {code}"),
        }
    }

    /// A sentence as it is written behind a colon: German keeps its capital there.
    pub(super) fn after_colon(self, sentence: &str) -> String {
        let mut letters = sentence.chars();
        match letters.next() {
            Some(first) if self != Self::German => first.to_lowercase().chain(letters).collect(),
            _ => sentence.to_owned(),
        }
    }

    pub(super) fn percent(self, rate: Decimal) -> String {
        let space = if matches!(self, Self::English | Self::Dutch) { "" } else { " " };
        format!("{}{space}%", self.number(rate))
    }

    pub(super) fn date(self, date: NaiveDate) -> String {
        let form = match self {
            Self::English | Self::Swedish => "%Y-%m-%d",
            Self::German => "%d.%m.%Y",
            Self::Dutch => "%d-%m-%Y",
        };
        date.format(form).to_string()
    }
}
