//! The types that messages are made of.

mod codes;
mod coordinates;
mod credentials_token;
mod date_time;
mod decimal;
mod int;
mod known;
mod local;
mod private;
mod string;
mod url;

pub use codes::{CountryCode, CountryCode3, Currency, Language, PartyId, TimeZone};
pub use coordinates::{Latitude, Longitude};
pub use credentials_token::CredentialsToken;
pub use date_time::{DateTime, DateTimeError};
pub use decimal::{Decimal, DecimalError};
pub use int::{Digits, TooManyDigits};
pub use local::{LocalDate, TimeOfDay};
pub use private::Private;
pub use string::{CiString, FreeText, Text, TextError};
pub use url::{Url, UrlError};

/// Implements serde's traits for a scalar through its [`Value`](crate::Value) implementation and its text.
macro_rules! serde_as_text {
    ($name:ident $(<const $n:ident>)?) => {
        impl $(<const $n: usize>)? serde::Serialize for $name $(<$n>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de $(, const $n: usize)?> serde::Deserialize<'de> for $name $(<$n>)? {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                crate::json::deserialize(from)
            }
        }
    };
}
use serde_as_text;
