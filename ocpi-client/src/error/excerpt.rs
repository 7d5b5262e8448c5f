//! Bodies that are not OCPI: their form, and an excerpt for operators.

use ocpi_types::CredentialsToken;

use super::message::masked_within;

/// Most characters of an excerpt.
const MOST: usize = 300;
/// Most bytes of a body that are looked at.
const MOST_BYTES: usize = 16 << 10;

/// Form of a body, by its first bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BodyForm {
    Empty,
    Json,
    /// HTML or XML.
    WebPage,
    Text,
    Binary,
}

impl BodyForm {
    pub(crate) fn of(body: &[u8]) -> Self {
        let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
        match start.first() {
            None => Self::Empty,
            Some(b'{' | b'[' | b'"') => Self::Json,
            _ if !is_text(start) => Self::Binary,
            Some(b'<') => Self::WebPage,
            Some(_) => Self::Text,
        }
    }

    /// The form in the text of an error.
    pub(super) fn told(self) -> Option<&'static str> {
        match self {
            Self::WebPage => Some("the answer is a web page"),
            Self::Text => Some("the answer is plain text"),
            Self::Binary => Some("the answer is no text"),
            Self::Empty | Self::Json => None,
        }
    }
}

/// The start of a body as people may see it, on one line: of a web page its text, without tags; no token, no secret.
/// `None` if it is empty or no text.
pub(crate) fn excerpt(body: &[u8], token: &CredentialsToken) -> Option<String> {
    let form = BodyForm::of(body);
    if matches!(form, BodyForm::Empty | BodyForm::Binary) {
        return None;
    }
    let text = String::from_utf8_lossy(body.get(..MOST_BYTES).unwrap_or(body));
    let text = text.trim_start_matches('\u{feff}');
    let text = if form == BodyForm::WebPage { without_tags(text) } else { text.to_owned() };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = masked_within(&line, token, MOST);
    (!shown.is_empty()).then_some(shown)
}

/// Whether nearly all of it is text, in whatever encoding.
fn is_text(body: &[u8]) -> bool {
    let body = body.get(..1 << 10).unwrap_or(body);
    let odd = body.iter().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
    let broken = String::from_utf8_lossy(body).chars().filter(|c| *c == '\u{fffd}').count();
    odd == 0 && broken * 5 <= body.len()
}

/// The text of a web page: scripts and styles are left out, tags become blanks.
fn without_tags(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let mut text = String::with_capacity(page.len().min(4 << 10));
    let mut at = 0;
    while let Some(rest) = page.get(at..).filter(|rest| !rest.is_empty()) {
        let open = rest.find('<').unwrap_or(rest.len());
        text.push_str(&rest[..open]);
        let tag = lower.get(at + open..).unwrap_or_default();
        if tag.is_empty() {
            break;
        }
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        if !is_tag {
            text.push('<');
            at += open + 1;
            continue;
        }
        let end = [("<script", "</script"), ("<style", "</style"), ("<!--", "-->")]
            .into_iter()
            .find(|(start, _)| tag.starts_with(start))
            .map_or(Some(0), |(_, end)| tag.find(end));
        let Some(close) = end.and_then(|end| Some(end + tag[end..].find('>')?)) else { break };
        text.push(' ');
        at += open + close + 1;
    }
    [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(text, |text, (entity, plain)| text.replace(entity, plain))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BodyForm, excerpt};

    #[test]
    fn an_excerpt_is_the_text_of_a_body() {
        let token = "s3cret-of-ours".parse().expect("a token");
        let gateway = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title><style>p > a { color: red }</style>\
            <script>if (a < b) { send('<p>no</p>') }</script></head>\n<body><!-- <p>hidden --><h1>Bad&nbsp;Gateway</h1>\
            5 < 6 &amp; nginx</body></html>";
        for (body, form, shown) in [
            (gateway, BodyForm::WebPage, Some("502 Bad Gateway Bad Gateway 5 < 6 & nginx")),
            ("<html><body>unclosed <a href='", BodyForm::WebPage, Some("unclosed")),
            ("<script>endless", BodyForm::WebPage, None),
            ("<", BodyForm::WebPage, Some("<")),
            ("\u{feff} Service\r\n  busy ", BodyForm::Text, Some("Service busy")),
            (r#"{"detail": "msg"}"#, BodyForm::Json, Some(r#"{"detail": "msg"}"#)),
            ("token s3cret-of-ours is bad", BodyForm::Text, Some("token *** is bad")),
            ("<p>s3cret-of-ours</p>", BodyForm::WebPage, Some("***")),
            ("key 9f2c4b7d8e1a4c3f9b0d", BodyForm::Text, Some("key ***")),
            ("caf\u{e9}", BodyForm::Text, Some("caf\u{e9}")),
            (" \r\n", BodyForm::Empty, None),
            ("", BodyForm::Empty, None),
            ("GIF89a\u{1}\u{0}", BodyForm::Binary, None),
        ] {
            assert_eq!(BodyForm::of(body.as_bytes()), form, "{body}");
            assert_eq!(excerpt(body.as_bytes(), &token).as_deref(), shown, "{body}");
        }
        assert_eq!(excerpt(b"\x1f\x8b\x08\x00\x00", &token), None, "gzip");
        assert_eq!(excerpt(b"l'adresse erron\xe9e", &token).as_deref(), Some("l'adresse erron\u{fffd}e"));
        let long = excerpt("ö ".repeat(9_000).as_bytes(), &token).expect("a text");
        assert_eq!(long.chars().count(), 300);
    }

    proptest! {
        #[test]
        fn no_body_is_too_odd(body in prop::collection::vec(any::<u8>(), 0..200), page in "(<|>|/|!|-|script|style|p| |&|;|é){0,60}") {
            let token = "s3cret-of-ours".parse().expect("a token");
            for body in [body.as_slice(), page.as_bytes(), format!("<{page}").as_bytes()] {
                let shown = excerpt(body, &token).unwrap_or_default();
                prop_assert!(shown.chars().count() <= 300);
                prop_assert!(!shown.contains(|c: char| c.is_control()));
            }
        }
    }
}
