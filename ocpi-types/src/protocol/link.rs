//! The header `Link`, by which a page names the next one.

use crate::Url;

/// The URL of the next page in the value of a header `Link`. Any quotes are taken.
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

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let value = value.trim().trim_matches(['"', '\'', '\u{201c}', '\u{201d}']);
    name.trim().eq_ignore_ascii_case("rel")
        && value.split_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"))
}

/// The value of a header `Link` for the next page.
pub fn write_next_link(url: &Url) -> String {
    format!("<{url}>; rel=\"next\"")
}
