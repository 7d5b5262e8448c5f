//! Downgrading of enum values.

use super::{Conversion, ConversionRule, Unsupported};
use crate::{AnyValue, EnumInfo, Value, Version, Versions, json};

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
        if self.has_enum_value(info, known) {
            return Ok(());
        }
        match self.enum_replacement(value, info) {
            Ok(Some(replacement)) => *value = T::from(replacement),
            Ok(None) => {}
            Err(unsupported) => return Err(unsupported),
        }
        Ok(())
    }

    /// Whether a value of an enum stays as it is.
    fn has_enum_value(&self, info: &EnumInfo, known: Option<Versions>) -> bool {
        let is_known =
            |documents| known.is_some_and(|versions| versions.meets(documents)) || info.open.meets(documents);
        // A value that the version it comes from does not know either is none of a conversion's business.
        is_known(documents(self.to)) || !is_known(documents(self.from))
    }

    /// The value that nearly means the same as one that the version does not have; `None` if it is kept.
    #[cold]
    fn enum_replacement(
        &mut self,
        value: &dyn AnyValue,
        info: &EnumInfo,
    ) -> Result<Option<&'static str>, Unsupported> {
        if self.is_upward() {
            self.note_any(ConversionRule::EnumKept, "", value);
            return Ok(None);
        }
        let text = json::text_of(value);
        let stands_in =
            |(name, gone, _): &&(&str, &str, &str)| *name == info.name && *gone == text.trim_matches('"');
        let (.., known) =
            REPLACEMENTS.iter().find(stands_in).ok_or(Unsupported::new(ConversionRule::EnumValue))?;
        self.note_any(ConversionRule::EnumReplaced, "", value);
        Ok(Some(known))
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
