//! Tokens of 2.1.1 and 2.2.1.

use super::embedded::not_available_text;
use crate::convert::convert_to::{ConvertTo, convert_members};
use crate::convert::owner::Side;
use crate::convert::{ConversionRule, NOT_AVAILABLE, Step, Unsupported};
use crate::v2_1_1::tokens as old;
use crate::v2_2_1::cdrs::CdrToken;
use crate::v2_2_1::tokens as new;
use crate::{Change, CiString, Extra, Private, Text, json};

convert_members! {
    |this, run| old::Token => new::Token;
    same { r#type visual_number issuer valid whitelist language last_updated }
    converted { uid: uid; contract_id: auth_id; }
    lost {}
    first { let owner = run.owner(Side::Emsp, &mut this.extra)?; }
    made {
        country_code: owner.country_code;
        party_id: owner.party_id;
        group_id: None;
        default_profile_type: None;
        energy_contract: None;
    }
    patch old::TokenPatch => new::TokenPatch;
    first { let (country_code, party_id) = run.owner_change(Side::Emsp, &mut this.extra)?; }
    made {
        country_code: country_code;
        party_id: party_id;
        group_id: Change::Keep;
        default_profile_type: Change::Keep;
        energy_contract: Change::Keep;
    }
}

convert_members! {
    |this, run| new::Token => old::Token;
    same { r#type visual_number issuer valid whitelist language last_updated }
    converted { uid: uid; auth_id: contract_id by contract; }
    lost { group_id default_profile_type energy_contract }
    first { run.lose_owner(Side::Emsp, &this.country_code, &this.party_id); }
    patch new::TokenPatch => old::TokenPatch;
    first { run.lose_owner_change(Side::Emsp, &this.country_code, &this.party_id); }
}

convert_members! {
    |this, run| old::AuthorizationInfo => new::AuthorizationInfo;
    same { allowed info }
    converted { location: location; }
    lost {}
    made {
        // The answer of 2.1.1 does not repeat what was asked.
        token: asked_token(run)?;
        authorization_reference: None;
    }
}

convert_members! {
    |this, run| new::AuthorizationInfo => old::AuthorizationInfo;
    same { allowed info }
    converted { location: location; }
    lost { token authorization_reference }
}

convert_members! {
    |this, run| old::LocationReferences => new::LocationReferences;
    same {}
    converted { location_id: location_id; evse_uids: evse_uids; }
    lost {}
    first {
        if !this.connector_ids.is_empty() {
            run.keep_member("connector_ids", &this.connector_ids, &mut this.extra);
        }
    }
}

convert_members! {
    |this, run| new::LocationReferences => old::LocationReferences;
    same {}
    converted { location_id: location_id; evse_uids: evse_uids; }
    lost {}
    made { connector_ids: connector_ids(&mut this.extra); }
}

/// Those that were kept when the object was of 2.1.1.
fn connector_ids(extra: &mut Extra) -> Vec<Text<36>> {
    extra.take("connector_ids").unwrap_or_default()
}

fn asked_token(run: &mut Step<'_>) -> Result<new::Token, Unsupported> {
    let token =
        run.context().token.cloned().ok_or_else(|| Unsupported::at("token", ConversionRule::TokenUnknown))?;
    run.note(ConversionRule::TokenAssumed, "token", &token);
    Ok(token)
}

/// The token of a contract, as a partner of 2.1.1 states it already, or the context finds it; or one made without
/// either.
pub(super) fn cdr_token(
    auth_id: Private<Text<36>>,
    extra: &mut Extra,
    run: &mut Step<'_>,
) -> Result<CdrToken, Unsupported> {
    let is_of_contract = |token: &CdrToken| token.contract_id.as_str().eq_ignore_ascii_case(auth_id.as_str());
    let said = extra.get("cdr_token").and_then(|raw| json::read::<CdrToken>(raw.as_bytes()).ok());
    if let Some(token) = said.map(|said| said.value).filter(is_of_contract) {
        extra.remove("cdr_token");
        return Ok(token);
    }
    let found = run.context().lookup.and_then(|lookup| lookup.token(auth_id.as_str()));
    let contract_id = auth_id.turn(run)?;
    let token = match found {
        Some(new::Token { country_code, party_id, uid, r#type, .. }) => {
            CdrToken { country_code, party_id, uid, r#type, contract_id, extra: Extra::new() }
        }
        None => {
            let emsp = run.party(Side::Emsp).cloned();
            let emsp = emsp.ok_or_else(|| Unsupported::at("auth_id", ConversionRule::OwnerUnknown))?;
            CdrToken {
                country_code: emsp.country_code,
                party_id: emsp.party_id,
                uid: Private::new(not_available_text()),
                r#type: new::TokenType::Other,
                contract_id,
                extra: Extra::new(),
            }
        }
    };
    run.note(ConversionRule::TokenAssumed, "cdr_token", &token);
    Ok(token)
}

/// The contract of a token. The rest of it is lost, unless it says nothing.
pub(super) fn auth_id(token: CdrToken, run: &mut Step<'_>) -> Result<Private<Text<36>>, Unsupported> {
    let says_nothing = token.uid.as_str() == NOT_AVAILABLE
        && token.r#type == new::TokenType::Other
        && token.extra.is_empty()
        && run
            .party(Side::Emsp)
            .is_some_and(|emsp| emsp.country_code == token.country_code && emsp.party_id == token.party_id);
    if !says_nothing {
        run.note(ConversionRule::Token, "cdr_token", &token);
    }
    contract(token.contract_id, run)
        .map_err(|unsupported| unsupported.within("contract_id").within("cdr_token"))
}

/// 2.1.1 knows a driver by the contract only: a placeholder would be a contract of many.
fn contract(
    contract_id: Private<CiString<36>>,
    run: &mut Step<'_>,
) -> Result<Private<Text<36>>, Unsupported> {
    if contract_id.as_str() == NOT_AVAILABLE {
        return Err(Unsupported::new(ConversionRule::Placeholder));
    }
    contract_id.turn(run)
}
