//! Text literals in application code, checked at compile time.

/// Makes a text or a code from a literal. One that the type does not hold is refused when the program is built.
///
/// The type is that of the place where it stands: [`CiString`](crate::CiString), [`Text`](crate::Text), a code such as
/// [`CountryCode`](crate::CountryCode), or [`Private`](crate::Private) of one of them.
///
/// ```
/// use ocpi_types::{CiString, CountryCode, Text, text};
/// let id: CiString<36> = text!("LOC1");
/// assert_eq!(id, "LOC1");
/// let country: CountryCode = text!("SE");
/// assert_eq!(country, "SE");
/// let name: Text<10> = text!("Malmö Syd");
/// assert_eq!(name, "Malmö Syd");
/// ```
///
/// ```compile_fail,E0080
/// let country: ocpi_types::CountryCode = ocpi_types::text!("Sweden");
/// # drop(country);
/// ```
#[macro_export]
macro_rules! text {
    ($text:literal) => {{
        struct Here;

        impl $crate::macros::Literal for Here {
            const TEXT: &'static str = $text;
        }

        $crate::macros::from_literal::<_, Here>()
    }};
}

/// A literal, as a type.
pub trait Literal {
    /// Its text.
    const TEXT: &'static str;
}

/// A type that can be created from a literal.
pub trait FromLiteral<L: Literal> {
    /// Evaluates the check at compile time; panics for a text that the type does not allow.
    const CHECKED: ();

    /// Creates the value.
    fn make() -> Self;
}

/// Creates a value from a literal.
pub fn from_literal<T: FromLiteral<L>, L: Literal>() -> T {
    let () = T::CHECKED;
    T::make()
}

impl<L: Literal, T: FromLiteral<L>> FromLiteral<L> for super::Private<T> {
    const CHECKED: () = T::CHECKED;

    fn make() -> Self {
        Self::new(T::make())
    }
}

/// The number of characters of a text.
pub(super) const fn characters(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut count, mut i) = (0, 0);
    while i < bytes.len() {
        // Not a byte within a character.
        if bytes[i] & 0xc0 != 0x80 {
            count += 1;
        }
        i += 1;
    }
    count
}

/// Whether all characters are printable ones of ASCII.
pub(super) const fn is_printable_ascii(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() && 0x20 <= bytes[i] && bytes[i] < 0x7f {
        i += 1;
    }
    i == bytes.len()
}

/// Whether no character is a control character.
pub(super) const fn is_free_of_controls(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let is_c1 = bytes[i] == 0xc2 && i + 1 < bytes.len() && bytes[i + 1] < 0xa0;
        if bytes[i] < 0x20 || bytes[i] == 0x7f || is_c1 {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{characters, is_free_of_controls, is_printable_ascii};
    use crate::{CiString, Language, PartyId, Private, Text, TimeZone};

    #[test]
    fn literals_are_checked_as_texts_are() {
        for text in ["", " ~", "LOC1", "Malmö", "ö\u{a0}", "a\nb", "\u{7f}", "\u{80}", "\u{9f}x", "東京", "𝄞"]
        {
            assert_eq!(is_printable_ascii(text), text.parse::<CiString<0>>().is_ok(), "{text:?}");
            assert_eq!(is_free_of_controls(text), text.parse::<Text<0>>().is_ok(), "{text:?}");
            assert_eq!(characters(text), text.chars().count(), "{text:?}");
        }
    }

    #[test]
    fn literals_of_codes() {
        let (party, language): (PartyId, Language) = (text!("Kr4"), text!("sv"));
        assert_eq!((party.as_str(), language.as_str()), ("Kr4", "sv"));
        let zone: TimeZone = text!("America/Argentina/Buenos_Aires");
        assert_eq!(zone.as_str(), "America/Argentina/Buenos_Aires");
        let uid: Private<CiString<36>> = text!("04A2B3C4");
        assert_eq!(*uid, "04a2b3c4");
    }
}
