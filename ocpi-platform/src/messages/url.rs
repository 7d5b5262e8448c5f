//! Masking of URLs and headers: removes everything that identifies a driver or is a secret.

use http::{HeaderMap, HeaderName, header};

use super::names;
use super::secrets::{MASK, Secrets};

/// An unknown URL: only path segments that every platform has are kept.
pub(super) fn masked_url(url: &str) -> String {
    let (origin, path, query) = parts(url);
    let path: Vec<&str> = path.split('/').map(plain).collect();
    format!("{origin}{}{}", path.join("/"), masked_query(query))
}

/// The URL of a request to a place with a template, such as `/receiver/tokens/{country_code}/{party_id}/{token_uid}`. Of a partner's
/// URL, `is_ours` is `false`: what stands before the parameters may have a secret in it. Parameters that name drivers are
/// added to the secrets.
pub(super) fn masked_target(
    url: &str,
    template: Option<&str>,
    is_ours: bool,
    secrets: &mut Secrets,
) -> String {
    let (origin, path, query) = parts(url);
    let Some(template) = template else { return masked_url(url) };
    let tail = tail(template);
    let segments: Vec<&str> = path.split('/').collect();
    let filled = segments.iter().rposition(|segment| !segment.is_empty()).map_or(0, |last| last + 1);
    let start = filled.saturating_sub(tail.len());
    let is_match = filled >= tail.len()
        && tail
            .iter()
            .zip(segments.iter().skip(start))
            .all(|(fixed, segment)| fixed.starts_with('{') || fixed.eq_ignore_ascii_case(segment));
    let mut masked = Vec::with_capacity(segments.len());
    for (place, segment) in segments.iter().enumerate() {
        let parameter = place.checked_sub(start).and_then(|place| tail.get(place)).filter(|_| is_match);
        masked.push(match parameter.and_then(|name| name.strip_prefix('{')?.strip_suffix('}')) {
            Some(name) if names::is_kept_parameter(name, segment) => *segment,
            Some(_) => {
                secrets.add(segment);
                secrets.add(&decoded(segment));
                MASK
            }
            None if parameter.is_some() || (is_ours && is_match) => *segment,
            None => plain(segment),
        });
    }
    format!("{origin}{}{}", masked.join("/"), masked_query(query))
}

/// The headers that may be kept, with masked tokens and URLs.
pub(super) fn masked_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let kept = headers.iter().filter_map(|(name, value)| {
        let masked = match value.to_str() {
            // The token is one of the secrets.
            _ if name == header::AUTHORIZATION => format!("Token {MASK}"),
            Ok(text) if names::is_kept_header(name.as_str()) => text.to_owned(),
            Ok(text) if is_url(name) => masked_link(text),
            _ => return None,
        };
        Some((name.as_str().to_owned(), masked))
    });
    kept.collect()
}

fn is_url(name: &HeaderName) -> bool {
    [header::LINK, header::LOCATION].contains(name)
}

/// `<URL>; rel="next"`, or a URL.
fn masked_link(text: &str) -> String {
    match text.strip_prefix('<').and_then(|text| text.split_once('>')) {
        Some((url, rest)) if rest.to_ascii_lowercase().contains("next") => {
            format!("<{}>; rel=\"next\"", masked_url(url))
        }
        Some((url, _)) => format!("<{}>", masked_url(url)),
        None => masked_url(text),
    }
}

/// Origin without user, path, and query.
fn parts(url: &str) -> (String, &str, &str) {
    let url = url.split('#').next().unwrap_or_default();
    let (origin, rest) = match url.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let (authority, rest) = rest.split_at(end);
            let host = authority.rsplit('@').next().unwrap_or_default();
            (format!("{scheme}://{host}"), rest)
        }
        _ => (String::new(), url),
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    (origin, path, query)
}

/// Segments of a template behind role and module.
fn tail(template: &str) -> Vec<&str> {
    let segments: Vec<&str> = template.split('/').filter(|segment| !segment.is_empty()).collect();
    let skipped = match segments.first() {
        Some(&("sender" | "receiver")) => 2,
        Some(first) if first.starts_with('{') => 0,
        _ => 1,
    };
    segments.get(skipped..).unwrap_or_default().to_vec()
}

/// The module that a template leads to: `tokens`.
pub(crate) fn module_of(template: &str) -> &str {
    let mut segments = template.split('/').filter(|segment| !segment.is_empty());
    match segments.next() {
        Some("sender" | "receiver") => segments.next().unwrap_or_default(),
        Some(first) if first.starts_with('{') => "versions",
        first => first.unwrap_or_default(),
    }
}

fn plain(segment: &str) -> &str {
    if segment.is_empty() || names::is_plain_segment(segment) { segment } else { MASK }
}

fn masked_query(query: &str) -> String {
    let masked = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match names::is_kept_in_query(name, value) {
            true => format!("{name}={value}"),
            false if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => {
                format!("{name}={MASK}")
            }
            false => MASK.to_owned(),
        }
    });
    let masked: Vec<String> = masked.collect();
    if masked.is_empty() { String::new() } else { format!("?{}", masked.join("&")) }
}

fn decoded(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.filter(|_| *byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "/receiver/tokens/{country_code}/{party_id}/{token_uid}";

    fn target(url: &str, template: Option<&str>, is_ours: bool) -> String {
        masked_target(url, template, is_ours, &mut Secrets::default())
    }

    #[test]
    fn tokens_and_secret_paths_are_masked() {
        let url = "https://me:pw@cpo.example/k33p/ocpi/2.2.1/receiver/tokens/DE/EMP/0123%2F4?type=RFID&token=x&Q9=1";
        let masked = "https://cpo.example/***/ocpi/2.2.1/receiver/tokens/DE/EMP/***?type=RFID&token=***&***";
        assert_eq!(target(url, Some(TOKEN), false), masked);
        assert_eq!(target("/k33p/tokens/DE/EMP/0123/", Some(TOKEN), true), "/k33p/tokens/DE/EMP/***/");
        let mut secrets = Secrets::default();
        masked_target(url, Some(TOKEN), false, &mut secrets);
        assert_eq!(secrets.masker().masked("it is 0123/4"), "it is ***");
    }

    #[test]
    fn odd_paths_are_masked() {
        assert_eq!(
            masked_query("date_from=DE8AA&limit=UT-1&type=RFID?uid=1"),
            "?date_from=***&limit=***&type=***"
        );
        let kept = "?date_from=2026-12-01T00%3A00%3A00Z&offset=50";
        assert_eq!(masked_query(kept.trim_start_matches('?')), kept);
        assert_eq!(target("/tokens/DE/DE8AA/1", Some(TOKEN), true), "/tokens/DE/***/***");
        assert_eq!(target("/ocpi/tokens/0123", Some(TOKEN), true), "/***/***/***");
        assert_eq!(
            target("/ocpi/0123/authorize", Some("/sender/tokens/{token_uid}/authorize"), true),
            "/ocpi/***/authorize"
        );
        assert_eq!(
            target("/ocpi/0123/other", Some("/sender/tokens/{token_uid}/authorize"), true),
            "/ocpi/***/***"
        );
        assert_eq!(target("https://x.example/0123?a=b", None, true), "https://x.example/***?a=***");
        assert_eq!(
            masked_link("<https://x.example/p9/locations?offset=5&k=s>; rel=\"next\""),
            "<https://x.example/***/locations?offset=5&k=***>; rel=\"next\""
        );
    }
}
