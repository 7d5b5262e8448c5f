//! URLs that are put together.

use ocpi_types::Url;
use proptest::collection;
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::prop_oneof;

use super::{any_text, texts};

fn segment() -> impl Strategy<Value = String> {
    const ODD: &[&str] = &[
        "", "/", "%", "%2F", "%2e%2e", "a/../b", "...", "..x", "a b", "a+b", "?x=1", "#", "\r\n", "\u{0}",
        "é", "日本", "😀", ";", "@:",
    ];
    prop_oneof![
        2 => proptest::sample::select(ODD).prop_map(str::to_owned),
        2 => texts("[A-Z]{2}\\*[A-Z]{3}\\*[0-9A-Za-z*#]{0,9}"),
        1 => any_text(),
    ]
    .prop_filter("URLs give dots alone a meaning of their own, see below", |text| text != "." && text != "..")
}

fn like_a_url() -> impl Strategy<Value = String> {
    prop_oneof![any_text(), texts("https?:[/\\\\]{0,3}[a-z0-9.@:%é \\[\\]]{0,12}(/[ -~]{0,9})?")]
}

/// Undoes percent-encoding.
fn decode(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit =
                || bytes.next().and_then(|digit| char::from(digit).to_digit(16)).expect("a digit");
            let value = digit() * 16 + digit();
            out.push(u8::try_from(value).expect("two digits"));
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).expect("UTF-8")
}

proptest! {
    #![proptest_config(super::config())]

    #[test]
    fn segments_come_out_as_they_went_in(
        base in texts("https://example\\.com/ocpi/?"),
        segments in collection::vec(segment(), 1..5),
    ) {
        let base: Url = base.parse().expect("a URL");
        let joined = base.join(segments.iter().map(String::as_str));
        prop_assert!(joined.as_str().bytes().all(|byte| (0x21..0x7f).contains(&byte)));
        let parsed = joined.parse().expect("a URL");
        prop_assert_eq!(parsed.as_str(), joined.as_str());
        prop_assert_eq!(parsed.host_str(), Some("example.com"));
        prop_assert_eq!((parsed.query(), parsed.fragment()), (None, None));
        let found: Vec<String> = parsed.path_segments().expect("a path").skip(1).map(decode).collect();
        prop_assert_eq!(found, segments);
    }

    #[test]
    fn queries_come_out_as_they_went_in(pairs in collection::vec((segment(), segment()), 0..4)) {
        let base: Url = "https://example.com/ocpi".parse().expect("a URL");
        let url = base.with_query(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let parsed = url.parse().expect("a URL");
        let found: Vec<(String, String)> = parsed.query_pairs().into_owned().collect();
        prop_assert_eq!(found, pairs);
        prop_assert_eq!(parsed.path(), "/ocpi");
    }

    #[test]
    fn what_is_accepted_is_a_url(text in like_a_url()) {
        if let Ok(url) = text.parse::<Url>() {
            prop_assert_eq!(url.as_str(), &text[..]);
            prop_assert!(matches!(url.parse().expect("it was accepted").scheme(), "http" | "https"));
        }
    }
}

/// The `url` crate, as every browser, takes `.` and `..` for steps in the path, encoded or not. No encoding
/// keeps them: an id of dots alone must be refused before it gets here.
#[test]
fn dots_alone_are_steps_in_the_path() {
    let base: Url = "https://example.com/ocpi/tokens".parse().expect("a URL");
    let path =
        |segments: &[&str]| base.join(segments.iter().copied()).parse().expect("a URL").path().to_owned();
    assert_eq!(path(&[".", "x"]), "/ocpi/tokens/x");
    assert_eq!(path(&["..", "x"]), "/ocpi/x");
    for encoded in ["%2e%2e", "%2E.", ".%2e"] {
        let text = format!("https://example.com/ocpi/tokens/{encoded}/x");
        assert_eq!(text.parse::<Url>().expect("a URL").parse().expect("a URL").path(), "/ocpi/x");
    }
}
