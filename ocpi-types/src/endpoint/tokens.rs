//! Real-time authorization.

use http::Method;

use super::key::{Key, TokenKey};
use super::{Body, DecodeError, Endpoint, Incoming, Mount, Outgoing, Segment};
use crate::Value;
use crate::v2_2_1::tokens::{AuthorizationInfo, LocationReferences};
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};

/// POST with which a CPO requests the authorization of a token, in real time.
///
/// Spec: 2.2.1 mod_tokens §real-time_authorization
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Authorize {
    /// The token.
    pub token: TokenKey,
    /// Location of the driver.
    pub location: Option<LocationReferences>,
}

impl Endpoint for Authorize {
    const METHOD: Method = Method::POST;
    const MOUNT: Mount = Mount::Module(ModuleId::Tokens, InterfaceRole::Sender);
    type Response = AuthorizationInfo;

    fn name() -> String {
        "Authorize".to_owned()
    }

    fn path() -> Vec<Segment> {
        vec![Segment::Parameter("token_uid"), Segment::Fixed("authorize")]
    }

    fn body() -> Body {
        Body::Optional(LocationReferences::TYPE)
    }

    fn encode(&self, to: &mut Outgoing) {
        self.token.encode(to);
        to.segment("authorize");
        if let Some(location) = &self.location {
            to.body(location);
        }
    }

    fn asks_about(&self) -> Option<&TokenKey> {
        Some(&self.token)
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        let token = TokenKey::decode(from, 0)?;
        let location = from.read_body_if_any()?;
        Ok(Self { token, location })
    }
}
