//! The details of version 2.1.1, whose endpoints have no role.

use http::Method;

use crate::Url;
use crate::endpoint::{DecodeError, Endpoint, Incoming, Mount, Outgoing, Segment};
use crate::v2_1_1::versions::VersionDetails;

/// GET of the details of version 2.1.1.
///
/// Spec: 2.1.1 version_information_endpoint §version-details-endpoint
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GetVersionDetails {
    /// The URL from the list of versions.
    pub url: Option<Url>,
}

impl Endpoint for GetVersionDetails {
    const METHOD: Method = Method::GET;
    const MOUNT: Mount = Mount::VersionDetails;
    type Response = VersionDetails;

    fn name() -> String {
        "GetVersionDetails".to_owned()
    }

    fn path() -> Vec<Segment> {
        Vec::new()
    }

    fn encode(&self, to: &mut Outgoing) {
        to.absolute.clone_from(&self.url);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { url: Some(from.url.clone()) })
    }
}
