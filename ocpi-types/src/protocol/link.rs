//! The header `Link`, with the URL of the next page.

use crate::Url;

/// Returns the URL of the next page in a `Link` header. Any quotes are accepted.
///
/// ```
/// use ocpi_types::protocol::next_link;
/// let header = r#"<https://a.example/1?x=1,2>; rel="prev", <https://a.example/3>; rel="next""#;
/// assert_eq!(next_link(header), Some("https://a.example/3"));
/// assert_eq!(next_link("<https://a.example/3>; rel=next"), Some("https://a.example/3"));
/// assert_eq!(next_link("https://a.example/3"), None);
/// ```
pub fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (url, after) = after.split_once('>')?;
        let parameters = after.split('<').next().unwrap_or_default();
        if parameters.split([';', ',']).any(is_next) {
            return Some(url.trim());
        }
        rest = after;
    }
    None
}

/// Next page of a header `Link`, or of several.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NextLink<'a> {
    /// No link to a next page.
    Absent,
    /// A URL, written as RFC 8288 requires.
    Url(&'a str),
    /// A URL, in a deviating form.
    OddUrl(&'a str),
    /// An unreadable link that may be one to the next page.
    Unreadable,
}

impl<'a> NextLink<'a> {
    /// Reads one header; of more than one, the first that has a URL counts, see [`NextLink::or`].
    pub(crate) fn read(header: &'a [u8]) -> Self {
        let Ok(text) = std::str::from_utf8(header) else { return Self::Unreadable };
        if let Some(url) = next_link(text) {
            return Self::Url(url);
        }
        let text = text.trim();
        let (target, parameters) = text.split_once(';').unwrap_or((text, ""));
        let target = target.trim().trim_matches(['"', '\'', '<', '>', '\u{201c}', '\u{201d}']);
        let is_target = target.starts_with("http://") || target.starts_with("https://");
        if !text.starts_with('<') && is_target && parameters.split(';').any(is_next) {
            return Self::OddUrl(target);
        }
        if text.is_empty() || has_relations(text) { Self::Absent } else { Self::Unreadable }
    }

    /// This link, or another one if this one has no URL.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Url(_) | Self::OddUrl(_), _) | (_, Self::Absent) => self,
            _ => other,
        }
    }
}

/// Whether every link of a header has a target in angle brackets and says what it is to the page.
fn has_relations(header: &str) -> bool {
    let mut rest = header;
    while let Some(after) = rest.strip_prefix('<') {
        let Some((_, after)) = after.split_once('>') else { return false };
        let (parameters, next) = after.split_at(after.find('<').unwrap_or(after.len()));
        let has_rel = |parameter: &str| {
            parameter.split_once('=').is_some_and(|(name, _)| name.trim().eq_ignore_ascii_case("rel"))
        };
        if !parameters.split([';', ',']).any(has_rel) {
            return false;
        }
        rest = next;
    }
    rest.is_empty()
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let value = value.trim().trim_matches(['"', '\'', '\u{201c}', '\u{201d}']);
    name.trim().eq_ignore_ascii_case("rel")
        && value.split_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"))
}

/// Returns the value of a `Link` header for the next page.
pub fn write_next_link(url: &Url) -> String {
    format!("<{url}>; rel=\"next\"")
}

#[cfg(test)]
mod tests {
    use super::NextLink;

    #[test]
    fn a_link_that_cannot_be_read_is_not_taken_for_none() {
        for (header, read) in [
            ("", NextLink::Absent),
            ("<https://a.example/1>; rel=\"prev\"", NextLink::Absent),
            (
                "<https://a.example/1>; rel=prev, <https://a.example/9>; title=\"a, b\"; rel=last",
                NextLink::Absent,
            ),
            ("<https://a.example/3>; rel=\u{201c}next\u{201d}", NextLink::Url("https://a.example/3")),
            ("https://a.example/3; rel=next", NextLink::OddUrl("https://a.example/3")),
            ("\"https://a.example/3\"; rel=\"next\"", NextLink::OddUrl("https://a.example/3")),
            ("https://a.example/3", NextLink::Unreadable),
            ("<https://a.example/3>", NextLink::Unreadable),
            ("<https://a.example/3; rel=next", NextLink::Unreadable),
            ("<https://a.example/1>; rel=prev, odd", NextLink::Absent),
            ("next", NextLink::Unreadable),
        ] {
            assert_eq!(NextLink::read(header.as_bytes()), read, "{header}");
        }
        assert_eq!(NextLink::read(b"\xff"), NextLink::Unreadable);
    }

    #[test]
    fn of_several_headers_the_first_with_a_url_counts() {
        let url = NextLink::Url("https://a.example/3");
        assert_eq!(NextLink::Absent.or(NextLink::Unreadable).or(url), url);
        assert_eq!(url.or(NextLink::Unreadable), url);
        assert_eq!(NextLink::Unreadable.or(NextLink::Absent), NextLink::Unreadable);
    }
}
