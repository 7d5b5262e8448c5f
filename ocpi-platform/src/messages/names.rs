//! Names of members, parameters and headers, with the treatment of their values in a log of messages.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use ocpi_types::{DateTime, ModuleId, Object, Type, Version};

/// Treatment of the value of a member.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Treatment {
    /// It is kept.
    Keep,
    /// Objects are expected: these are masked member by member, anything else as a whole.
    Objects,
    /// A text for people: words of letters are kept.
    Words,
    /// A URL: see [`url`](super::url).
    Url,
    /// It is masked, including everything inside.
    Mask,
    /// It identifies a driver or is a secret: masked wherever it occurs in the exchange. An object with this name is
    /// masked member by member.
    Secret,
}

/// Members that name a driver, or are secrets.
const SECRETS: &[&str] = &[
    "uid",
    "auth_id",
    "contract_id",
    "visual_number",
    "group_id",
    "token",
    "token_uid",
    "response_url",
    "value",
    "authorization_reference",
    "license_plate",
];
/// Members with free contents that may be about a driver.
const MASKED: &[&str] = &[
    "account_number",
    "customer_reference",
    "eft_data",
    "energy_contract",
    "plain_data",
    "public_key",
    "remark",
    "signed_data",
    "terms_and_conditions",
];
/// Members with texts for people.
const WORDS: &[&str] =
    &["cancellation_reason", "capture_status_message", "message", "status_message", "text"];
/// Members with URLs that may have a secret in them.
const URLS: &[&str] = &["invoice_base_url", "tariff_alt_url", "url"];
/// Members of the envelope.
const ENVELOPE: &[&str] = &["status_code", "timestamp"];
/// Member of the envelope with objects.
const DATA: &str = "data";
/// Members by which a `uid` is that of a token, and not of an EVSE.
pub(super) const OF_TOKENS: &[&str] = &["auth_id", "contract_id", "type", "valid", "whitelist"];
/// Members by which a `uid` is that of an EVSE.
pub(super) const OF_EVSES: &[&str] = &["connectors", "evse_id", "status"];

/// Parameters of paths that name no driver.
const PARAMETERS: &[&str] = &[
    "booking_id",
    "booking_location_id",
    "booking_request_id",
    "cdr_id",
    "command",
    "connector_id",
    "country_code",
    "evse_uid",
    "financial_advice_confirmation_id",
    "location_id",
    "party_id",
    "session_id",
    "tariff_id",
    "terminal_id",
    "version",
];
/// Types of tokens, as URLs name them.
const TOKEN_TYPES: &[&str] = &["AD_HOC_USER", "APP_USER", "EMAID", "OTHER", "RFID"];
/// Most letters of the parts of a party; some write a country with three.
const PARTY: usize = 3;
/// Digits of a status.
const STATUS: usize = 4;
/// Headers that are kept as they are.
const HEADERS: &[&str] = &[
    "accept",
    "allow",
    "cache-control",
    "content-length",
    "content-type",
    "date",
    "ocpi-from-country-code",
    "ocpi-from-party-id",
    "ocpi-to-country-code",
    "ocpi-to-party-id",
    "retry-after",
    "server",
    "user-agent",
    "x-correlation-id",
    "x-limit",
    "x-request-id",
    "x-total-count",
];
/// Segments of paths that are no secrets.
const SEGMENTS: &[&str] = &["api", "cpo", "emsp", "hub", "nsp", "ocpi", "receiver", "sender", "versions"];

/// Returns the treatment of a member. Those that are in no object of the specification are masked.
pub(super) fn member(name: &str) -> Treatment {
    let lists: [(&[&str], Treatment); 5] = [
        (SECRETS, Treatment::Secret),
        (MASKED, Treatment::Mask),
        (WORDS, Treatment::Words),
        (URLS, Treatment::Url),
        (ENVELOPE, Treatment::Keep),
    ];
    match lists.into_iter().find(|(names, _)| names.contains(&name)) {
        Some((_, treatment)) => treatment,
        None if name == DATA => Treatment::Objects,
        None => match members().get(name) {
            Some(true) => Treatment::Objects,
            Some(false) => Treatment::Keep,
            None => Treatment::Mask,
        },
    }
}

pub(super) fn is_member(name: &str) -> bool {
    name == DATA || ENVELOPE.contains(&name) || WORDS.contains(&name) || members().contains_key(name)
}

/// Whether a value may stand in a member that is kept: a party and a status are short, a time is one, and nothing else fits in
/// their place.
pub(super) fn fits(name: &str, value: &str) -> bool {
    match name {
        "country_code" | "party_id" => value.chars().count() <= PARTY,
        "status_code" => value.len() <= STATUS && value.bytes().all(|byte| byte.is_ascii_digit()),
        "timestamp" => is_time(value),
        _ => true,
    }
}

fn is_time(value: &str) -> bool {
    value.contains('-') && value.parse::<DateTime>().is_ok()
}

pub(super) fn is_kept_parameter(name: &str, value: &str) -> bool {
    PARAMETERS.contains(&name) && fits(name, value)
}

/// Whether a parameter of a query names no driver: it has its form.
pub(super) fn is_kept_in_query(name: &str, value: &str) -> bool {
    match name {
        "date_from" | "date_to" => is_time(&value.replace("%3A", ":").replace("%3a", ":")),
        "duration" | "limit" | "offset" => value.len() < 8 && value.bytes().all(|byte| byte.is_ascii_digit()),
        "type" => TOKEN_TYPES.contains(&value),
        _ => false,
    }
}

pub(super) fn is_kept_header(name: &str) -> bool {
    HEADERS.contains(&name)
}

/// Whether a segment is one that any platform may have in its paths.
pub(super) fn is_plain_segment(segment: &str) -> bool {
    SEGMENTS.contains(&segment)
        || Version::SPOKEN.iter().any(|version| version.as_str() == segment)
        || ModuleId::ALL.iter().any(|module| module.as_str() == segment)
}

/// The members of all objects of the specification, and whether the values of those of a name are always objects.
fn members() -> &'static BTreeMap<&'static str, bool> {
    macro_rules! members {
        ($($ruleset:ident in $version:ident { $($chapter:ident: $($name:ident),+;)+ })+) => {
            [$($($(ocpi_types::$version::$chapter::$name::INFO.fields),+),+),+]
        };
    }
    static MEMBERS: OnceLock<BTreeMap<&'static str, bool>> = OnceLock::new();
    MEMBERS.get_or_init(|| {
        let mut members = BTreeMap::new();
        for field in ocpi_types::for_each_object!(members).into_iter().flatten() {
            *members.entry(field.name).or_insert(true) &= matches!(field.ty, Type::Object(_) | Type::Any);
        }
        members
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_kept_only_where_they_are_known() {
        assert_eq!(member("kwh"), Treatment::Keep);
        assert_eq!(member("contract_id"), Treatment::Secret);
        assert_eq!(member("status_message"), Treatment::Words);
        assert_eq!(member("x_driver"), Treatment::Mask);
        for name in ["data", "cdr_token", "booking_tokens", "evses"] {
            assert_eq!(member(name), Treatment::Objects, "{name}");
        }
        // A number in 2.1.1.
        assert_eq!(member("total_cost"), Treatment::Keep);
        for name in MASKED.iter().chain(URLS).chain(OF_TOKENS).chain(OF_EVSES) {
            assert!(is_member(name) || *name == "license_plate", "{name} is in no object");
        }
    }
}
