//! Tokens: the cards with which drivers may charge.
//!
//! The eMSP owns tokens and shares them with the CPO, which then knows which drivers may charge. The CPO
//! can also ask the eMSP at the moment of use (real-time authorisation). Tokens are never deleted;
//! one that may no longer be used is marked as not valid.
//!
//! Spec: 2.1.1 mod_tokens

// The same as in 2.2.1. Two kinds of token are new there.
pub use crate::v2_2_1::tokens::{AllowedType as Allowed, TokenType, WhitelistType};

use super::types::DisplayText;
use crate::macros::object;
use crate::{DateTime, Language, Private, Text};

object! {
    /// The eMSP's answer to a real-time authorisation.
    ///
    /// 2.2.1 adds the token and a reference.
    ///
    /// Spec: 2.1.1 mod_tokens §31-authorizationinfo-object
    pub struct AuthorizationInfo = "AuthorizationInfo", init AuthorizationInfoInit {
        /// Decision whether the driver may charge, at the given location if the CPO named one.
        pub allowed: Allowed,
        /// The location of the request, with only those EVSEs and connectors at which the driver may charge.
        pub location: Option<LocationReferences>,
        /// A message for the driver.
        pub info: Option<DisplayText>,
    }
}

object! {
    /// Means of identification that a driver shows in order to charge.
    ///
    /// Within one eMSP, `uid` and `type` together identify a token. In 2.2.1 `auth_id` is called
    /// `contract_id`, the owner is named, and there are groups, profiles and energy contracts.
    ///
    /// Spec: 2.1.1 mod_tokens §32-token-object
    pub struct Token = "Token", init TokenInit, patch TokenPatch {
        /// Id that the charge point reads, mostly the hidden id of an RFID card.
        pub uid: Private<Text<36>>,
        /// Kind of token.
        pub r#type: TokenType,
        /// Identifies the driver's contract with the eMSP, preferably as an eMA id.
        pub auth_id: Private<Text<36>>,
        /// The number printed on the card. May equal `auth_id`.
        pub visual_number: Option<Private<Text<64>>>,
        /// The company that issued the token, usually the name on the card. Not always the eMSP.
        pub issuer: Text<64>,
        /// Whether the token may be used.
        pub valid: bool,
        /// Permission of the CPO to decide by itself, or its duty to ask the eMSP.
        pub whitelist: WhitelistType,
        /// The language the driver prefers. Absent leaves the choice to the CPO.
        pub language: Option<Language>,
        /// When the token was last changed, or created.
        pub last_updated: DateTime,
    }
}

object! {
    /// A location, and the EVSEs and connectors there that are meant.
    ///
    /// 2.2.1 drops `connector_ids`.
    ///
    /// Spec: 2.1.1 mod_tokens §42-locationreferences-class
    pub struct LocationReferences = "LocationReferences", init LocationReferencesInit {
        /// Id of the location.
        pub location_id: Text<39>,
        /// Uids of EVSEs of that location.
        pub evse_uids: Vec<Text<39>>,
        /// Ids of connectors of those EVSEs.
        pub connector_ids: Vec<Text<36>>,
    }
}
