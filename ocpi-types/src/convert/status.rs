//! Status codes of answers.

use crate::Version;
use crate::protocol::StatusCode;

/// Returns the status code that a version uses for a code. 2.1.1 has no codes of hubs, for unknown tokens or for custom
/// use: the nearest general code replaces them.
///
/// Spec: 2.1.1 status_codes, 2.2.1 status_codes
///
/// ```
/// use ocpi_types::{Version, convert::status_for, protocol::StatusCode};
/// assert_eq!(status_for(StatusCode::UNKNOWN_TOKEN, Version::V2_1_1), StatusCode::CLIENT_ERROR);
/// assert_eq!(status_for(StatusCode::FORWARD_TIMEOUT, Version::V2_1_1), StatusCode::SERVER_ERROR);
/// assert_eq!(status_for(StatusCode::new(1900), Version::V2_1_1), StatusCode::SUCCESS);
/// assert_eq!(status_for(StatusCode::UNKNOWN_LOCATION, Version::V2_1_1), StatusCode::UNKNOWN_LOCATION);
/// assert_eq!(status_for(StatusCode::FORWARD_TIMEOUT, Version::V2_2_1), StatusCode::FORWARD_TIMEOUT);
/// ```
pub fn status_for(code: StatusCode, version: Version) -> StatusCode {
    if version > Version::V2_1_1 {
        return code;
    }
    match code.get() {
        1000 | 2000..=2003 | 3000..=3003 => code,
        1001..=1999 => StatusCode::SUCCESS,
        2004..=2999 => StatusCode::CLIENT_ERROR,
        _ => StatusCode::SERVER_ERROR,
    }
}
