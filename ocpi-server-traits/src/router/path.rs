//! Parsing of paths and queries.

/// The parts of a path, decoded once; `None`: one is not UTF-8, or `.` or `..`, which no id can be. A slash at the end is
/// no part.
pub(super) fn segments(path: &str) -> Option<Vec<String>> {
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/')
        .map(|segment| percent_decode(segment).filter(|it| !matches!(it.as_str(), "." | "..")))
        .collect()
}

/// The pairs of a query, decoded. What is not UTF-8 is left out.
pub(super) fn query(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let decoded = pairs.filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((percent_decode(name)?, percent_decode(value)?))
    });
    decoded.collect()
}

fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        out.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::{query, segments};

    #[test]
    fn paths_are_decoded_once() {
        for (path, expected) in [
            ("2.3.0/sender/locations/", Some(vec!["2.3.0", "sender", "locations"])),
            ("locations/A%2FB", Some(vec!["locations", "A/B"])),
            ("locations/A%252FB", Some(vec!["locations", "A%2FB"])),
            ("locations//B", Some(vec!["locations", "", "B"])),
            ("", Some(vec![""])),
            ("locations/%2E%2e/B", None),
            ("locations/./B", None),
            ("locations/%ff", None),
            ("locations/%4", None),
        ] {
            let expected = expected.map(|parts| parts.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(segments(path), expected, "{path}");
        }
    }

    #[test]
    fn queries_are_decoded_once() {
        let pairs = query("date_from=2026-01-01T00:00:00%2B01:00&x=a%253Db&&flag");
        let expected = [("date_from", "2026-01-01T00:00:00+01:00"), ("x", "a%3Db"), ("flag", "")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
