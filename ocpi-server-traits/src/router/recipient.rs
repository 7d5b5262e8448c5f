//! The receiving party of a message.

use http::HeaderMap;
use ocpi_types::protocol::{Party, headers};

use crate::Error;

/// Checks that a message is for a party of ours, if it is for one.
///
/// # Errors
/// With 2001, when the message of a functional module is for a party that the platform does not speak for: 4001 is for hubs.
pub(super) fn check(
    request: &HeaderMap,
    to: Option<&Party>,
    is_routed: bool,
    ours: &[Party],
) -> Result<(), Error> {
    let is_ours = to.is_some_and(|to| ours.contains(to));
    if is_routed && !ours.is_empty() && !is_ours && names_party(request) {
        return Err(Error::invalid("the OCPI-to headers name a party that this platform does not speak for"));
    }
    Ok(())
}

/// Whether the headers are there, readable or not.
fn names_party(request: &HeaderMap) -> bool {
    let names = [headers::TO_COUNTRY_CODE, headers::TO_PARTY_ID];
    names.iter().any(|name| request.get(name).is_some_and(|value| !value.as_bytes().trim_ascii().is_empty()))
}
