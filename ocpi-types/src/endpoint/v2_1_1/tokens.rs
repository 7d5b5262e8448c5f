//! Real-time authorization.

use super::TokenKey;
use crate::Value;
use crate::endpoint::declare::endpoint;
use crate::endpoint::key::token_type;
use crate::endpoint::{Body, Key};
use crate::v2_1_1::tokens::{AuthorizationInfo, LocationReferences, TokenType};

/// POST with which a CPO requests the authorization of a token, in real time.
///
/// Spec: 2.1.1 mod_tokens
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Authorize {
    /// The token.
    pub token: TokenKey,
    /// The type of the token; `RFID` if the message does not state it.
    pub r#type: TokenType,
    /// Location of the driver.
    pub location: Option<LocationReferences>,
}

endpoint! {
    Authorize = "Authorize", POST Tokens Sender [{"token_uid"}, "authorize"] -> AuthorizationInfo,
    body Body::Optional(LocationReferences::TYPE),
    encode |this, to| {
        this.token.encode(to);
        to.segment("authorize");
        to.query.push(("type", this.r#type.as_str().to_owned()));
        if let Some(location) = &this.location {
            to.body(location);
        }
    },
    decode |from| {
        Ok(Self {
            token: TokenKey::decode(from, 0)?,
            r#type: token_type(from)?.map_or(TokenType::Rfid, |kind| kind.as_str().into()),
            location: from.read_body_if_any()?,
        })
    },
}
