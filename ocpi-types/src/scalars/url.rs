//! URLs.

use std::fmt;

use ecow::EcoString;

use super::string::eco;
use super::{as_text, serde_as_text};
use crate::json::{Reader, Stop, Writer, is_padded};
use crate::{Check, Pattern, Rule, Type, Value};

/// A URL of at most 255 characters, kept as text.
///
/// A value that was *read* may be any text, because partners send anything; [`check`](crate::check) reports it, and
/// [`Url::parse`] fails.
///
/// Spec: 2.2.1 types §url_type
///
/// ```
/// use ocpi_types::Url;
/// let url: Url = "https://example.com/ocpi/versions".parse()?;
/// assert_eq!(url.join(["NL", "A/B"]).as_str(), "https://example.com/ocpi/versions/NL/A%2FB");
/// assert!("/ocpi/versions".parse::<Url>().is_err());
/// assert!("ftp://example.com".parse::<Url>().is_err());
/// # Ok::<(), ocpi_types::UrlError>(())
/// ```
///
/// `Debug` shows neither user information nor the query, where partners put keys and cursors:
///
/// ```
/// # use ocpi_types::Url;
/// let url: Url = "https://user:word@example.com/cdrs/1?key=secret".parse()?;
/// assert_eq!(format!("{url:?}"), r#"Url("https://…@example.com/cdrs/1?…")"#);
/// # Ok::<(), ocpi_types::UrlError>(())
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Url(EcoString);

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, query) = self.0.split_once(['?', '#']).map_or((&*self.0, ""), |(path, _)| (path, "?…"));
        let (scheme, rest) = shown.split_once("://").unwrap_or(("", shown));
        let separator = if scheme.is_empty() { "" } else { "://" };
        // The last `@` before the path ends the user information.
        let user = rest.split('/').next().and_then(|host| rest.get(host.rfind('@')?..));
        let (hidden, rest) = user.map_or(("", rest), |rest| ("…", rest));
        write!(f, "Url(\"{}{separator}{hidden}{}{query}\")", scheme.escape_debug(), rest.escape_debug())
    }
}

/// Error: a text is not an absolute http or https URL of at most 255 characters.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an absolute http or https URL of at most 255 characters")]
pub struct UrlError;

impl Url {
    pub(crate) const MAX: usize = 255;

    /// Creates a URL from a header, `Link` or `Location`, of any length: the limit applies to members only.
    ///
    /// # Errors
    /// When the text is not an absolute http or https URL.
    pub fn from_header(text: &str) -> Result<Self, UrlError> {
        if is_url(text) { Ok(Self(text.into())) } else { Err(UrlError) }
    }

    /// Returns the text, as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two URLs are equal except for slashes at the end.
    ///
    /// ```
    /// use ocpi_types::Url;
    /// let url: Url = "https://cpo.example/ocpi/2.2.1/tokens".parse()?;
    /// assert!(url.is_same_path(&"https://cpo.example/ocpi/2.2.1/tokens/".parse()?));
    /// assert!(!url.is_same_path(&"https://cpo.example/ocpi/2.2.1/tariffs".parse()?));
    /// # Ok::<(), ocpi_types::UrlError>(())
    /// ```
    pub fn is_same_path(&self, other: &Self) -> bool {
        self.as_str().trim_end_matches('/') == other.as_str().trim_end_matches('/')
    }

    /// Parses the URL with the crate `url`. Needs the feature `http`.
    ///
    /// # Errors
    /// When the text is not an absolute http or https URL.
    #[cfg(feature = "http")]
    pub fn parse(&self) -> Result<url::Url, UrlError> {
        parse(&self.0)
    }

    /// Returns this URL with path segments appended, each percent-encoded. A slash at the end is not doubled; a query
    /// stays after the path.
    ///
    /// Do not pass the segments `.` or `..`: they mean another path to any reader of the URL, encoded or not.
    #[must_use]
    pub fn join<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Self {
        let (path, rest) = self.0.split_at(self.0.find(['?', '#']).unwrap_or(self.0.len()));
        let mut text = EcoString::with_capacity(self.0.len() + ROOM);
        text.push_str(path.strip_suffix('/').unwrap_or(path));
        for segment in segments {
            text.push('/');
            push_encoded(&mut text, segment);
        }
        text.push_str(rest);
        Self(text)
    }

    /// Returns this URL with a query, each value percent-encoded.
    #[must_use]
    pub fn with_query<'a>(&self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut text = self.0.clone();
        for (name, value) in pairs {
            text.push(if text.contains('?') { '&' } else { '?' });
            push_encoded(&mut text, name);
            text.push('=');
            push_encoded(&mut text, value);
        }
        Self(text)
    }

    fn is_conformant(text: &str) -> bool {
        text.len() <= Self::MAX && is_url(text)
    }
}

/// Whether the text is one of the plainest URLs, which almost all are: they need not be parsed to be known as such.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(rest) = bytes.strip_prefix(b"https://").or_else(|| bytes.strip_prefix(b"http://")) else {
        return false;
    };
    // A host of letters and digits, each of its parts beginning with a letter: no address of numbers, and no part
    // that is written in another alphabet.
    let (mut starts, mut length) = (true, 0_usize);
    for byte in rest {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => starts = false,
            b'0'..=b'9' if !starts => {}
            b'.' if !starts => starts = true,
            b'/' => break,
            _ => return false,
        }
        length += 1;
    }
    let path = rest.get(length..).unwrap_or_default();
    !starts && path.iter().fold(true, |all, byte| all & (0x21..0x7f).contains(byte))
}

fn is_url(text: &str) -> bool {
    is_plain(text) || is_other_url(text)
}

#[cfg(feature = "http")]
fn is_other_url(text: &str) -> bool {
    parse(text).is_ok()
}

/// Without the `url` crate, names of hosts in other alphabets and addresses are not looked at any closer.
#[cfg(not(feature = "http"))]
fn is_other_url(text: &str) -> bool {
    let strip = |scheme| {
        Some(text.split_at_checked(str::len(scheme))?).filter(|(it, _)| it.eq_ignore_ascii_case(scheme))
    };
    let Some((_, rest)) = strip("https://").or_else(|| strip("http://")) else { return false };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || "<>\"^`{|}%".contains(c);
    !host.is_empty() && !host.starts_with(':') && !host.contains(is_odd) && !rest.contains(char::is_control)
}

#[cfg(feature = "http")]
fn parse(text: &str) -> Result<url::Url, UrlError> {
    let url = url::Url::parse(text).map_err(|_| UrlError)?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() { Ok(url) } else { Err(UrlError) }
}

/// Bytes of most paths behind a URL.
const ROOM: usize = 64;

/// Everything but unreserved characters (RFC 3986 §2.3) is encoded.
fn push_encoded(out: &mut EcoString, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let mut rest = text;
    while !rest.is_empty() {
        // Most texts are plain altogether.
        let (plain, behind) = rest.split_at(rest.bytes().take_while(is_plain).count());
        out.push_str(plain);
        let mut odd = behind.chars();
        for byte in odd.next().map_or("", |first| behind.get(..first.len_utf8()).unwrap_or_default()).bytes()
        {
            let digit = |nibble: u8| char::from(*HEX.get(usize::from(nibble)).unwrap_or(&b'0'));
            out.push('%');
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
        rest = odd.as_str();
    }
}

impl std::str::FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if Self::is_conformant(text) { Ok(Self(text.into())) } else { Err(UrlError) }
    }
}

impl TryFrom<&str> for Url {
    type Error = UrlError;

    fn try_from(text: &str) -> Result<Self, UrlError> {
        text.parse()
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_as_text!(Url);
as_text!(Url, |one, other| one == other);

impl Value for Url {
    const TYPE: Type = Type::Url;
    const PATTERN: Pattern = Pattern::Chars("^[Hh][Tt][Tt][Pp][Ss]?://[^ ]+$");

    fn blank() -> Self {
        Self(EcoString::new())
    }

    #[inline]
    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        match r.plain_text() {
            Some(text) => self.0 = text.into(),
            None => self.0 = odd_url(r)?,
        }
        Ok(())
    }

    #[inline]
    fn write(&self, w: &mut Writer) {
        w.string(&self.0);
    }

    fn check(&self, c: &mut Check) {
        c.expect(Self::is_conformant(&self.0), Rule::Url);
    }
}

#[cold]
fn odd_url(r: &mut Reader<'_>) -> Result<EcoString, Stop> {
    let at = r.offset();
    let text = r.string()?;
    Ok(eco(if is_padded(&text) { r.unpadded(text, at)? } else { text }))
}

#[cfg(test)]
mod tests {
    use super::Url;

    #[test]
    fn all_but_unreserved_characters_are_encoded() {
        let url: Url = "https://cpo.example/ocpi?a=1".parse().unwrap();
        for (segment, encoded) in [
            ("", ""),
            ("Az09-._~", "Az09-._~"),
            ("NL*ALF E1", "NL%2AALF%20E1"),
            ("é/€", "%C3%A9%2F%E2%82%AC"),
            ("%41", "%2541"),
        ] {
            let joined = url.join([segment, "x"]);
            assert_eq!(joined.as_str(), format!("https://cpo.example/ocpi/{encoded}/x?a=1"));
        }
    }
}
