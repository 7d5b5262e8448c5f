//! The secret that identifies a connection.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ecow::EcoString;

use super::string::{TextError, eco};
use crate::json::{Reader, Stop, Writer};
use crate::{Check, Pattern, Rule, Type, Value};

/// A credentials token: at most 64 printable characters without blanks. A secret.
///
/// `Debug` hides it and there is no `Display`; [`CredentialsToken::expose`] is the only access to its text. Comparison
/// with a token or a text takes constant time.
///
/// Spec: 2.2.1 credentials §credentials_object
///
/// ```
/// use ocpi_types::CredentialsToken;
/// let token: CredentialsToken = "example-token".parse()?;
/// assert_eq!(format!("{token:?}"), "<secret>");
/// assert_eq!(token.to_header(true), "Token ZXhhbXBsZS10b2tlbg==");
/// assert_eq!(token.to_header(false), "Token example-token");
/// assert!("with blank".parse::<CredentialsToken>().is_err());
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone)]
pub struct CredentialsToken(EcoString);

impl CredentialsToken {
    const MAX: usize = 64;

    /// Returns the secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the token is empty, as a token that was read may be.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value of the header `Authorization`: in Base64 for 2.2.1 and 2.3.0, or plain for 2.1.1.
    pub fn to_header(&self, base64: bool) -> String {
        if base64 {
            format!("Token {}", STANDARD.encode(self.0.as_bytes()))
        } else {
            format!("Token {}", self.0)
        }
    }

    /// Returns the tokens that a header `Authorization` may contain: the text as it is, and the text decoded.
    ///
    /// The text does not show which of the two is meant, so both must be looked up.
    pub fn candidates(header: &str) -> Vec<Self> {
        let mut parts = header.splitn(2, ' ');
        let (Some(scheme), Some(value)) = (parts.next(), parts.next()) else { return Vec::new() };
        if !scheme.eq_ignore_ascii_case("Token") {
            return Vec::new();
        }
        let value = value.trim();
        let decoded = STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        // The specification's own example decodes to a token and a line feed.
        let decoded = decoded.map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
        decoded.iter().map(String::as_str).chain([value]).filter_map(|text| text.parse().ok()).collect()
    }

    fn breach(text: &str) -> Option<Rule> {
        if text.chars().count() > Self::MAX {
            return Some(Rule::LengthExceeded);
        }
        let printable = !text.is_empty() && text.bytes().all(|byte| (0x21..0x7f).contains(&byte));
        (!printable).then_some(Rule::TokenForm)
    }
}

impl std::str::FromStr for CredentialsToken {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        Self::breach(text).map_or_else(|| Ok(Self(text.into())), |rule| Err(TextError(rule)))
    }
}

impl TryFrom<&str> for CredentialsToken {
    type Error = TextError;

    fn try_from(text: &str) -> Result<Self, TextError> {
        text.parse()
    }
}

impl fmt::Debug for CredentialsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

impl TryFrom<String> for CredentialsToken {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        text.parse()
    }
}

impl PartialEq for CredentialsToken {
    fn eq(&self, other: &Self) -> bool {
        *self == *other.0
    }
}

impl PartialEq<&str> for CredentialsToken {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialEq<str> for CredentialsToken {
    fn eq(&self, other: &str) -> bool {
        let (ours, theirs) = (self.0.as_bytes(), other.as_bytes());
        let differing = ours.iter().zip(theirs).fold(0_u8, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(differing) == 0 && ours.len() == theirs.len()
    }
}

impl Eq for CredentialsToken {}

/// The secret itself: a token reaches a partner or a store by being serialized.
impl serde::Serialize for CredentialsToken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Value for CredentialsToken {
    const TYPE: Type = Type::String { max: Self::MAX };
    const PATTERN: Pattern = Pattern::Chars("^[!-~]+$");

    fn blank() -> Self {
        Self(EcoString::new())
    }

    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        let at = r.offset();
        let text = r.string()?;
        // Some make tokens with `echo`, which ends them in a line break; in a header there can be none.
        let Some(line) = text.strip_suffix('\n') else {
            self.0 = eco(text);
            return Ok(());
        };
        self.0 = line.strip_suffix('\r').unwrap_or(line).into();
        r.deviates(Rule::Blanks, at)
    }

    fn write(&self, w: &mut Writer) {
        w.string(&self.0);
    }

    fn check(&self, c: &mut Check) {
        if let Some(rule) = Self::breach(&self.0) {
            c.report(rule);
        }
    }
}
