//! Decisions on whether a driver may charge.

use ocpi_types::v2_3_0::tokens::AllowedType;
use ocpi_types::v2_3_0::types::{DisplayText, DisplayTextInit};
use ocpi_types::{Language, Text};

/// The most characters of a text for the driver.
const MOST: usize = 512;

/// Decision on whether a driver may charge, with a text for the driver.
///
/// ```
/// use ocpi_platform::Authorization;
/// let refused = Authorization::not_allowed("Only with a parking permit").in_language("en".parse()?);
/// assert!(!refused.is_allowed() && Authorization::allowed().is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Authorization {
    pub(super) verdict: Verdict,
    text: String,
    language: Option<Language>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Verdict {
    Allowed,
    Refused(AllowedType),
    NeedsLocation,
}

impl Authorization {
    fn of(verdict: Verdict, text: impl Into<String>) -> Self {
        Self { verdict, text: text.into(), language: None }
    }

    /// The driver may charge.
    pub fn allowed() -> Self {
        Self::of(Verdict::Allowed, "")
    }

    /// The token is blocked.
    pub fn blocked(text: impl Into<String>) -> Self {
        Self::of(Verdict::Refused(AllowedType::Blocked), text)
    }

    /// The token has expired.
    pub fn expired(text: impl Into<String>) -> Self {
        Self::of(Verdict::Refused(AllowedType::Expired), text)
    }

    /// The account has too little credit.
    pub fn no_credit(text: impl Into<String>) -> Self {
        Self::of(Verdict::Refused(AllowedType::NoCredit), text)
    }

    /// The driver may not charge at this place.
    pub fn not_allowed(text: impl Into<String>) -> Self {
        Self::of(Verdict::Refused(AllowedType::NotAllowed), text)
    }

    /// The decision depends on the place, but none was named: 2002.
    pub fn needs_location() -> Self {
        Self::of(Verdict::NeedsLocation, "")
    }

    /// Sets the text for the driver. An empty text counts as none; of a long one, the first 512 characters are sent.
    #[must_use]
    pub fn saying(self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self }
    }

    /// Sets the language of the text; the default is English.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self { language: Some(language), ..self }
    }

    /// Whether the driver may charge.
    pub fn is_allowed(&self) -> bool {
        self.verdict == Verdict::Allowed
    }

    /// The text for the driver, as it is sent.
    pub(super) fn info(&self) -> Option<DisplayText> {
        let text: String = self.text.chars().filter(|char| !char.is_control()).take(MOST).collect();
        let text: Text<MOST> =
            text.parse().ok().filter(|text: &Text<MOST>| !text.as_str().trim().is_empty())?;
        let language = self.language.clone().or_else(|| "en".parse().ok())?;
        Some(DisplayTextInit { language, text }.into())
    }
}
