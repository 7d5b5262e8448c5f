//! Scalar types of messages.

mod codes;
mod coordinates;
mod credentials_token;
mod date_time;
mod decimal;
mod int;
mod known;
mod literal;
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
pub use literal::{FromLiteral, Literal, from_literal};
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

/// Implements the ways of a text for a scalar that is one: its length, comparing with `str`, and the way out.
/// `$equals` compares as the type itself does.
macro_rules! as_text {
    ($name:ident $(<const $n:ident>)?, $equals:expr) => {
        impl $(<const $n: usize>)? $name $(<$n>)? {
            /// Length in bytes.
            pub fn len(&self) -> usize {
                self.as_str().len()
            }

            /// Whether the text is empty.
            pub fn is_empty(&self) -> bool {
                self.as_str().is_empty()
            }

            /// Returns the text, in its original spelling.
            pub fn into_string(self) -> String {
                self.as_str().to_owned()
            }
        }

        impl $(<const $n: usize>)? AsRef<str> for $name $(<$n>)? {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl $(<const $n: usize>)? TryFrom<String> for $name $(<$n>)? {
            type Error = <Self as std::str::FromStr>::Err;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl $(<const $n: usize>)? From<$name $(<$n>)?> for String {
            fn from(text: $name $(<$n>)?) -> Self {
                text.into_string()
            }
        }

        impl $(<const $n: usize>)? PartialEq<str> for $name $(<$n>)? {
            fn eq(&self, text: &str) -> bool {
                let equals: fn(&str, &str) -> bool = $equals;
                equals(self.as_str(), text)
            }
        }

        impl $(<const $n: usize>)? PartialEq<&str> for $name $(<$n>)? {
            fn eq(&self, text: &&str) -> bool {
                *self == **text
            }
        }
    };
}
use as_text;
