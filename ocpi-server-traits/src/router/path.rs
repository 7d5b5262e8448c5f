//! The URLs of the router, and the targets of paths.
//!
//! ```text
//! {base}/versions
//! {base}/2.3.0
//! {base}/2.3.0/credentials
//! {base}/2.3.0/{sender|receiver}/{module}/…
//! ```

use ocpi_types::{InterfaceRole, ModuleId, Url, Version};

/// Target of a path.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Target {
    Versions,
    Details(Version),
    Module {
        version: Version,
        /// `None`: the path names none, as for credentials.
        role: Option<InterfaceRole>,
        module: String,
        rest: Vec<String>,
    },
}

pub(super) fn versions_url(base: &Url) -> Url {
    base.join(["versions"])
}

pub(super) fn version_url(base: &Url, version: Version) -> Url {
    base.join([version.as_str()])
}

pub(super) fn module_url(base: &Url, version: Version, module: &ModuleId, role: &InterfaceRole) -> Url {
    let version = version_url(base, version);
    match module {
        ModuleId::Credentials => version.join([module.as_str()]),
        _ => version.join([role.as_str().to_ascii_lowercase().as_str(), module.as_str()]),
    }
}

/// Finds the target of a path; `None`: nothing here. A slash at the end changes nothing.
pub(super) fn target(base: &Url, path: &str) -> Option<Target> {
    let base = base.parse().ok()?;
    let below = path.strip_prefix(base.path().trim_end_matches('/'))?.strip_prefix('/')?;
    let segments = below.strip_suffix('/').unwrap_or(below).split('/').map(decode);
    let mut segments = segments.collect::<Option<Vec<_>>>()?.into_iter();
    let first = segments.next()?;
    if first == "versions" {
        return segments.next().is_none().then_some(Target::Versions);
    }
    let version = first.parse().ok()?;
    let Some(second) = segments.next() else { return Some(Target::Details(version)) };
    let role = match second.as_str() {
        "sender" => InterfaceRole::Sender,
        "receiver" => InterfaceRole::Receiver,
        _ => return Some(Target::Module { version, role: None, module: second, rest: segments.collect() }),
    };
    Some(Target::Module { version, role: Some(role), module: segments.next()?, rest: segments.collect() })
}

/// Decodes one segment, once. `None`: not UTF-8, or a segment that no id can be.
fn decode(segment: &str) -> Option<String> {
    let decoded = percent_decode(segment)?;
    (!matches!(decoded.as_str(), "" | "." | "..")).then_some(decoded)
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
    use super::{Target, query, target};
    use ocpi_types::{InterfaceRole, Version};

    fn at(path: &str) -> Option<Target> {
        target(&"https://example.com/ocpi/".parse().unwrap(), path)
    }

    fn module(role: Option<InterfaceRole>, module: &str, rest: &[&str]) -> Option<Target> {
        let rest = rest.iter().map(|part| (*part).to_owned()).collect();
        Some(Target::Module { version: Version::V2_3_0, role, module: module.to_owned(), rest })
    }

    #[test]
    fn paths_mean_what_they_say() {
        let sender = Some(InterfaceRole::Sender);
        for (path, expected) in [
            ("/ocpi/versions", Some(Target::Versions)),
            ("/ocpi/versions/", Some(Target::Versions)),
            ("/ocpi/2.3.0", Some(Target::Details(Version::V2_3_0))),
            ("/ocpi/2.3.0/credentials", module(None, "credentials", &[])),
            ("/ocpi/2.3.0/sender/locations/", module(sender.clone(), "locations", &[])),
            ("/ocpi/2.3.0/sender/locations/A%2FB", module(sender.clone(), "locations", &["A/B"])),
            ("/ocpi/2.3.0/sender/locations/A%252FB", module(sender, "locations", &["A%2FB"])),
            ("/ocpi/2.3.0/sender/locations//B", None),
            ("/ocpi/2.3.0/sender/locations/%2E%2e/B", None),
            ("/ocpi/2.3.0/sender/locations/%ff", None),
            ("/ocpi/2.3.0/sender/locations/%4", None),
            ("/ocpi/9.9", None),
            ("/ocpi", None),
            ("/other/versions", None),
            ("", None),
        ] {
            assert_eq!(at(path), expected, "{path}");
        }
    }

    #[test]
    fn queries_are_decoded_once() {
        let pairs = query("date_from=2026-01-01T00:00:00%2B01:00&x=a%253Db&&flag");
        let expected = [("date_from", "2026-01-01T00:00:00+01:00"), ("x", "a%3Db"), ("flag", "")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
