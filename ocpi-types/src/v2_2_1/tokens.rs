//! Tokens: the cards and app identities with which drivers may charge.
//!
//! The eMSP owns tokens and shares them with the CPO, which then knows which drivers may charge. The CPO
//! can also ask the eMSP at the moment of use (real-time authorisation). Tokens are never deleted;
//! one that may no longer be used is marked as not valid.
//!
//! Spec: 2.2.1 mod_tokens

use super::sessions::ProfileType;
use super::types::DisplayText;
use crate::macros::{object, open_enum};
use crate::{Check, CiString, CountryCode, DateTime, Language, PartyId, Private, Rule, Text};

object! {
    /// The eMSP's answer to a real-time authorisation.
    ///
    /// Spec: 2.2.1 mod_tokens §authorizationinfo_object
    pub struct AuthorizationInfo = "AuthorizationInfo", init AuthorizationInfoInit {
        /// Decision whether the driver may charge, at the given location if the CPO named one.
        pub allowed: AllowedType,
        /// The whole token the CPO asked about.
        pub token: Token,
        /// The location of the request, with only those EVSEs at which the driver may charge.
        pub location: Option<LocationReferences>,
        /// Reference for this authorisation. The CPO copies it to the session and the CDR.
        pub authorization_reference: Option<CiString<36>>,
        /// A message for the driver.
        pub info: Option<DisplayText>,
    }
}

/// Identifies a Token: its uid and its type.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TokenKey {
    /// Id that the charge point reads.
    pub uid: Private<CiString<36>>,
    /// The type; `RFID` where a message does not say.
    pub r#type: TokenType,
}

object! {
    /// Means of identification that a driver shows in order to charge.
    ///
    /// Within one eMSP, `uid` and `type` together identify a token.
    ///
    /// Spec: 2.2.1 mod_tokens §token_object
    pub struct Token = "Token", init TokenInit, patch TokenPatch, rules token_rules {
        /// Country of the eMSP that owns the token.
        pub country_code: CountryCode,
        /// Party id of the eMSP that owns the token.
        pub party_id: PartyId,
        /// Id that the charge point reads, such as the hidden id of an RFID card. For app and one-time
        /// users: an id made by the eMSP.
        pub uid: Private<CiString<36>>,
        /// Kind of token.
        pub r#type: TokenType,
        /// Identifies the driver's contract with the eMSP, preferably as an eMA id.
        pub contract_id: Private<CiString<36>>,
        /// The number printed on the card. May equal `contract_id`.
        pub visual_number: Option<Private<Text<64>>>,
        /// The company that issued the token, usually the name on the card. Not always the eMSP.
        pub issuer: Text<64>,
        /// Tokens with the same group id work as one: a session started with one can be stopped with
        /// another. OCPP 1.5 and 1.6 charge points handle at most 20 characters.
        pub group_id: Option<Private<CiString<36>>>,
        /// Whether the token may be used.
        pub valid: bool,
        /// Permission of the CPO to decide by itself, or its duty to ask the eMSP.
        pub whitelist: WhitelistType,
        /// The language the driver prefers. Absent leaves the choice to the CPO.
        pub language: Option<Language>,
        /// The profile to start smart charging with, if the charge point supports it.
        pub default_profile_type: Option<ProfileType>,
        /// The driver's own energy contract, for charge points that can use it.
        pub energy_contract: Option<EnergyContract>,
        /// When the token was last changed, or created.
        pub last_updated: DateTime,
    }
}

open_enum! {
    /// Decision whether a driver may charge, with the cause of a refusal.
    ///
    /// Spec: 2.2.1 mod_tokens §allowed_enum
    pub enum AllowedType = "AllowedType", open NEVER {
        /// The driver may charge.
        Allowed = "ALLOWED",
        /// The token is blocked.
        Blocked = "BLOCKED",
        /// The token has expired.
        Expired = "EXPIRED",
        /// The account has too little credit.
        NoCredit = "NO_CREDIT",
        /// The token is valid, but not at this location.
        NotAllowed = "NOT_ALLOWED",
    }
}

object! {
    /// A driver's own contract with an energy supplier.
    ///
    /// Spec: 2.2.1 mod_tokens §energy_contract
    pub struct EnergyContract = "EnergyContract", init EnergyContractInit {
        /// Name of the energy supplier.
        pub supplier_name: Text<64>,
        /// Number of the driver's contract with that supplier.
        pub contract_id: Option<Private<Text<64>>>,
    }
}

object! {
    /// A location, and the EVSEs there that are meant.
    ///
    /// Spec: 2.2.1 mod_tokens §locationreferences_class
    pub struct LocationReferences = "LocationReferences", init LocationReferencesInit {
        /// Id of the location.
        pub location_id: CiString<36>,
        /// Uids of EVSEs of that location.
        pub evse_uids: Vec<CiString<36>>,
    }
}

open_enum! {
    /// A kind of token.
    ///
    /// The eMSP should set `whitelist` to `NEVER` for one-time and app users.
    ///
    /// Spec: 2.2.1 mod_tokens §tokentype_enum
    pub enum TokenType = "TokenType", open V2_3_0_UP {
        /// Made by a server or app for one use. Not in 2.1.1.
        AdHocUser = "AD_HOC_USER" in V2_2_UP,
        /// Made by a server or app for one user, the same for every session. Not in 2.1.1.
        AppUser = "APP_USER" in V2_2_UP,
        /// An eMA id, used when car and charging station talk ISO 15118. Should not be pushed as a token.
        Emaid = "EMAID" in V2_3_0_UP,
        /// Some other kind of token.
        Other = "OTHER",
        /// An RFID card or tag.
        Rfid = "RFID",
    }
}

open_enum! {
    /// Permission of the CPO to let a token charge without asking the eMSP.
    ///
    /// This holds for tokens that are not valid, too: if the eMSP has to be asked, it is asked.
    ///
    /// Spec: 2.2.1 mod_tokens §whitelisttype_enum
    pub enum WhitelistType = "WhitelistType", open NEVER {
        /// Never ask; always allow the token.
        Always = "ALWAYS",
        /// The CPO may ask or not, as it likes.
        Allowed = "ALLOWED",
        /// Ask; allow the token if the eMSP cannot be reached.
        AllowedOffline = "ALLOWED_OFFLINE",
        /// Always ask.
        Never = "NEVER",
    }
}

/// Checks the `whitelist` and the type of a token that the eMSP pushes; in a command or an answer it is not pushed.
fn token_rules(token: &Token, check: &mut Check) {
    use TokenType::{AdHocUser, AppUser, Emaid};
    if check.is_whole() {
        let asks = token.whitelist == WhitelistType::Never || !matches!(token.r#type, AdHocUser | AppUser);
        check.expect_at("whitelist", asks, Rule::TokenWhitelist);
        check.expect_at("type", token.r#type != Emaid, Rule::TokenPushed);
    }
}
