//! Downgrading of enum values.

use super::{Conversion, ConversionRule, Unsupported};
use crate::{EnumInfo, Value, Version, Versions, json};

impl Conversion<'_> {
    /// Downgrades an enum value that the source version has and the target version lacks. `known` are the versions that
    /// have it.
    ///
    /// # Errors
    /// When no other value can replace it.
    #[doc(hidden)]
    #[inline]
    pub fn enum_value<T: Value + for<'t> From<&'t str>>(
        &mut self,
        value: &mut T,
        info: &'static EnumInfo,
        known: Option<Versions>,
    ) -> Result<(), Unsupported> {
        let is_known =
            |documents| known.is_some_and(|versions| versions.meets(documents)) || info.open.meets(documents);
        // A value that the version it comes from does not know either is none of a conversion's business.
        if is_known(documents(self.to)) || !is_known(documents(self.from)) {
            return Ok(());
        }
        self.odd_enum_value(value, info)
    }

    #[cold]
    fn odd_enum_value<T: Value + for<'t> From<&'t str>>(
        &mut self,
        value: &mut T,
        info: &'static EnumInfo,
    ) -> Result<(), Unsupported> {
        if self.is_upward() {
            self.note(ConversionRule::EnumKept, "", value);
            return Ok(());
        }
        let text = json::to_string(value);
        let stands_in =
            |(name, gone, _): &&(&str, &str, &str)| *name == info.name && *gone == text.trim_matches('"');
        let (.., known) =
            REPLACEMENTS.iter().find(stands_in).ok_or(Unsupported::new(ConversionRule::EnumValue))?;
        self.note(ConversionRule::EnumReplaced, "", value);
        *value = T::from(known);
        Ok(())
    }
}

/// A version with its branches: an object of 2.3.0 may come from a platform that speaks them.
const fn documents(version: Version) -> Versions {
    match version {
        Version::V2_3_0 => Versions::V2_3_0_UP,
        other => Versions::of(other),
    }
}

/// Values that nearly mean another, which the version has.
const REPLACEMENTS: &[(&str, &str, &str)] = &[
    ("TokenType", "EMAID", "OTHER"),
    ("TokenType", "APP_USER", "OTHER"),
    ("TokenType", "AD_HOC_USER", "OTHER"),
    // Made by a reservation: not active yet either.
    ("SessionStatus", "RESERVATION", "PENDING"),
    // The eMSP that sent the command has authorised the driver.
    ("AuthMethod", "COMMAND", "AUTH_REQUEST"),
    ("Role", "PTP", "OTHER"),
];
