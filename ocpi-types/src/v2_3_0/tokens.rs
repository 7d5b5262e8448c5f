//! Tokens: the cards and app identities with which drivers may charge.
//!
//! The eMSP owns tokens and shares them with the CPO, or answers when the CPO asks.
//! Nothing changed against 2.2.1 but one more kind of token (`EMAID`), and that further kinds may be
//! agreed on.
//!
//! Spec: 2.3.0 mod_tokens

// The same as in 2.2.1.
pub use crate::v2_2_1::tokens::{
    AllowedType, AuthorizationInfo, AuthorizationInfoInit, EnergyContract, EnergyContractInit,
    LocationReferences, LocationReferencesInit, Token, TokenInit, TokenPatch, TokenType, WhitelistType,
};
