//! Strings with a length limit: `CiString` and `string`.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use ecow::EcoString;

use super::literal::{self, FromLiteral, Literal};
use super::{as_text, serde_as_text};
use crate::json::{Reader, Stop, Writer};
use crate::{Check, Pattern, Rule, Type, Value};

/// Error: a text is not allowed in a string type.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{} [{}]", .0.message(), .0.id())]
pub struct TextError(pub(super) Rule);

impl TextError {
    /// The rule that the text breaks.
    pub fn rule(&self) -> Rule {
        self.0
    }
}

/// A case-insensitive string of at most `N` printable ASCII characters; `N` = 0: no limit.
///
/// Keeps the spelling, compares case-insensitively. A value that was *read* may break the limits, because partners do;
/// [`check`](crate::check) reports it.
///
/// Spec: 2.2.1 types §cistring_type
///
/// ```
/// use ocpi_types::CiString;
/// let id: CiString<36> = "LOC1".parse()?;
/// assert_eq!(id, "loc1".parse::<CiString<36>>()?);
/// assert_eq!(id.as_str(), "LOC1");
/// assert_eq!(id, "Loc1");
/// assert!("é".parse::<CiString<36>>().is_err());
/// assert!("12345".parse::<CiString<4>>().is_err());
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone)]
pub struct CiString<const N: usize>(EcoString);

/// A case-sensitive string of at most `N` characters; `N` = 0: no limit.
///
/// A value that was *read* may break the limit, because partners do; [`check`](crate::check) reports it.
///
/// Spec: 2.2.1 types §string_type
///
/// ```
/// use ocpi_types::Text;
/// let name: Text<10> = "Gent Zuid".parse()?;
/// assert_eq!(name.as_str(), "Gent Zuid");
/// assert!("a\nb".parse::<Text<10>>().is_err());
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Text<const N: usize>(EcoString);

/// Implements the common part of both string types. `$read` reads the text, `$breach` finds the rule that a text
/// breaks, if any; `$is_literal` takes literals, and `$pattern` describes the texts, that break none.
macro_rules! string_type {
    ($name:ident, $variant:ident, $read:ident, $breach:ident, $is_literal:path, $pattern:literal) => {
        impl<const N: usize> $name<N> {
            /// Returns the text, in its original spelling.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Returns the same text with another limit, which it may break.
            pub(crate) fn resized<const M: usize>(self) -> $name<M> {
                $name(self.0)
            }

            /// A text as it was read: it may break the rules.
            pub(super) fn as_read(text: &str) -> Self {
                Self(text.into())
            }

            /// The rule that a text breaks, if any.
            pub(crate) fn breach(text: &str) -> Option<Rule> {
                if N != 0 && text.len() > N && text.chars().count() > N {
                    return Some(Rule::LengthExceeded);
                }
                $breach(text)
            }
        }

        impl<const N: usize> std::str::FromStr for $name<N> {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::breach(text).map_or_else(|| Ok(Self(text.into())), |rule| Err(TextError(rule)))
            }
        }

        impl<const N: usize> TryFrom<&str> for $name<N> {
            type Error = TextError;

            fn try_from(text: &str) -> Result<Self, TextError> {
                text.parse()
            }
        }

        impl<const N: usize> fmt::Display for $name<N> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<const N: usize> fmt::Debug for $name<N> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl<const N: usize> Value for $name<N> {
            const TYPE: Type = Type::$variant { max: N };
            const PATTERN: Pattern = Pattern::Chars($pattern);
            const EMPTY_IS_ABSENT: bool = false;

            fn blank() -> Self {
                Self(EcoString::new())
            }

            #[inline]
            fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
                self.0 = match r.plain_text() {
                    Some(text) => text.into(),
                    None => eco(r.$read()?),
                };
                Ok(())
            }

            #[inline]
            fn write(&self, w: &mut Writer) {
                w.string(&self.0);
            }

            fn check(&self, c: &mut Check) {
                // Most texts begin with something to see.
                if !self.0.starts_with(|first: char| first > ' ') && self.0.trim().is_empty() {
                    c.empty_text();
                } else if let Some(rule) = Self::breach(&self.0) {
                    c.report(rule);
                }
            }
        }

        impl<const N: usize, L: Literal> FromLiteral<L> for $name<N> {
            const CHECKED: () = {
                assert!($is_literal(L::TEXT), "a character that the type does not hold");
                assert!(N == 0 || literal::characters(L::TEXT) <= N, "longer than the type holds");
            };

            fn make() -> Self {
                Self(L::TEXT.into())
            }
        }

        serde_as_text!($name<const N>);
    };
}

string_type!(CiString, CiString, word_text, not_printable_ascii, literal::is_printable_ascii, "^[ -~]*$");
string_type!(
    Text,
    String,
    free_text,
    control_character,
    literal::is_free_of_controls,
    r"^[^\x00-\x1f\x7f-\x9f]*$"
);
as_text!(CiString<const N>, str::eq_ignore_ascii_case);
as_text!(Text<const N>, |one, other| one == other);

#[inline]
pub(super) fn eco(text: Cow<'_, str>) -> EcoString {
    EcoString::from(&*text)
}

fn not_printable_ascii(text: &str) -> Option<Rule> {
    (!is_printable_ascii(text)).then_some(Rule::NonAsciiCiString)
}

fn control_character(text: &str) -> Option<Rule> {
    (!is_printable_ascii(text) && text.chars().any(char::is_control)).then_some(Rule::ControlCharacter)
}

/// Looks at eight bytes together; the last ones of a longer text are looked at twice.
#[inline]
fn is_printable_ascii(text: &str) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The high bit of a byte is set: by itself, by a borrow below a blank, or by a carry from the last character.
    let is_printable = |bytes: &[u8; 8]| {
        let word = u64::from_le_bytes(*bytes);
        (word | word.wrapping_sub(ONES * 0x20) | word.wrapping_add(ONES)) & HIGH == 0
    };
    let mut rest = text.as_bytes();
    let Some(last) = rest.last_chunk() else {
        return rest.iter().all(|byte| (0x20..0x7f).contains(byte));
    };
    while let Some((chunk, after)) = rest.split_first_chunk() {
        if !is_printable(chunk) {
            return false;
        }
        rest = after;
    }
    is_printable(last)
}

impl<const N: usize> PartialEq for CiString<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl<const N: usize> Eq for CiString<N> {}

impl<const N: usize> Hash for CiString<N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        state.write_u8(0xff);
    }
}

impl<const N: usize> Ord for CiString<N> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let (ours, theirs) = (self.0.bytes(), other.0.bytes());
        ours.map(|byte| byte.to_ascii_lowercase()).cmp(theirs.map(|byte| byte.to_ascii_lowercase()))
    }
}

impl<const N: usize> PartialOrd for CiString<N> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<const N: usize> CiString<N> {
    /// Returns the same text as the other type, with another limit.
    pub(crate) fn into_text<const M: usize>(self) -> Text<M> {
        Text(self.0)
    }
}

impl<const N: usize> Text<N> {
    /// Returns the same text as the other type, with another limit: it may break the rules of that type.
    pub(crate) fn into_ci_string<const M: usize>(self) -> CiString<M> {
        CiString(self.0)
    }

    /// As much of the text as fits another limit.
    pub(crate) fn cut<const M: usize>(&self) -> Text<M> {
        Text(self.0.chars().take(M).collect())
    }
}

impl<const N: usize> From<CiString<N>> for Text<N> {
    fn from(text: CiString<N>) -> Self {
        Self(text.0)
    }
}

/// Text without a length limit.
pub type FreeText = Text<0>;

#[cfg(test)]
mod tests {
    use super::is_printable_ascii;

    #[test]
    fn each_byte_of_a_text_is_looked_at() {
        for length in 1..20 {
            for (place, byte) in (0..length).flat_map(|place| (0..0x80).map(move |byte| (place, byte))) {
                let mut text = vec![b'~'; length];
                text[place] = byte;
                let text = String::from_utf8(text).unwrap();
                assert_eq!(is_printable_ascii(&text), (0x20..0x7f).contains(&byte), "{text:?}");
            }
            let text = format!("{}é", " ".repeat(length));
            assert!(!is_printable_ascii(&text), "{text:?}");
        }
    }
}
