//! Checks of whole values.

use super::Check;
use crate::{Finding, Ruleset, Value, Version};

/// Checks a value against a version of OCPI, and returns the findings.
///
/// ```
/// use ocpi_types::{Version, check, json, v2_3_0::locations::Connector};
/// let connector: Connector = json::from_str(r#"{"id":"1","standard":"MCS","format":"CABLE","power_type":"DC",
///     "max_voltage":1250,"max_amperage":3000,"last_updated":"2026-01-01T00:00:00Z"}"#)?;
/// assert!(check(&connector, Version::V2_3_0).is_empty());
/// assert_eq!(
///     check(&connector, Version::V2_2_1)[0].to_string(),
///     "/standard: not a value of this enum in this version [enum.other_version]",
/// );
/// # Ok::<(), json::Error>(())
/// ```
#[must_use]
pub fn check<T: Value>(value: &T, version: Version) -> Vec<Finding> {
    check_ruleset(value, Ruleset::of(version))
}

/// Checks a value against a ruleset, and returns the findings.
///
/// ```
/// use ocpi_types::{Ruleset, check_ruleset, json, v2_2_1::locations::Connector};
/// let connector: Connector = json::from_str(r#"{"id":"1","standard":"IEC_62196_T2","format":"CABLE",
///     "power_type":"AC_3_PHASE","max_voltage":230,"max_amperage":32,"last_updated":"2026-01-01T00:00:00Z"}"#)?;
/// assert!(check_ruleset(&connector, &Ruleset::V2_2_1).is_empty());
/// let findings = check_ruleset(&connector, &Ruleset::NDW_DOT_NL);
/// assert_eq!(findings[0].to_string(), "/max_electric_power: the profile asks for this member [profile.demand]");
/// # Ok::<(), json::Error>(())
/// ```
#[must_use]
pub fn check_ruleset<T: Value>(value: &T, profile: &'static Ruleset) -> Vec<Finding> {
    let mut check = Check::new(profile);
    value.check(&mut check);
    check.findings
}
