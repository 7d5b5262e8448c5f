//! The regular objects of 2.2.1 and 2.3.0.

use super::declare::{SINCE_EVER, patched, root};
use super::locations;
use crate::Version;
use crate::endpoint::Incoming;
use crate::endpoint::key::{
    CdrKey, ConnectorKey, EvseKey, InvoiceReconciliationKey, LocationKey, Owned, SessionKey, TariffKey,
    TokenKey,
};
use crate::protocol::Party;
use crate::v2_2_1::cdrs::CdrToken;
use crate::v2_2_1::tokens::Token;

macro_rules! resources_of {
    ($version:ident $number:ident) => {
        const _: () = {
            use crate::$version::cdrs::Cdr;
            use crate::$version::locations::{Connector, Evse, Location};
            use crate::$version::sessions::Session;
            use crate::$version::tariffs::Tariff;

            root!(
                $number,
                Location,
                Locations,
                LocationKey { location_id: id },
                parts evses,
                terms |location| {
                    location.evses.iter().filter_map(|evse| term("evse_id", evse.evse_id.as_ref()?.as_str())).collect()
                }
            );
            root!(
                $number,
                Cdr,
                Cdrs,
                CdrKey { cdr_id: id },
                audience |cdr| party_of(&cdr.cdr_token),
                terms |cdr| cdr.session_id.iter().filter_map(|id| term("session", id.as_str())).collect(),
                credited |cdr| cdr.credit_reference_id.clone().map(|cdr_id| CdrKey { cdr_id })
            );
            root!(
                $number,
                Session,
                Sessions,
                SessionKey { session_id: id },
                demanded SINCE_EVER,
                audience |session| party_of(&session.cdr_token)
            );
            root!($number, Tariff, Tariffs, TariffKey { tariff_id: id });
            // Only 2.1.1 has a PATCH of Tariffs; an application of a later version can take it.
            patched!(Location; Evse; Connector; Session, appending charging_periods; Tariff);
            locations!($number);
        };
    };
}

resources_of!(v2_2_1 V2_2_1);
resources_of!(v2_3_0 V2_3_0);
// The same type in both versions.
root!(
    V2_2_1,
    Token,
    Tokens,
    TokenKey { uid: uid, r#type: r#type },
    terms | token | term("contract_id", token.contract_id.as_str()).into_iter().collect(),
    in_url token_in_url
);
patched!(Token);
root!(
    V2_3_0,
    crate::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord,
    InvoiceReconciliation,
    InvoiceReconciliationKey { id: id },
    addressed true
);

/// In 2.1.1 the URL of a Token does not say its type: the Token does.
fn token_in_url(token: &Token, at: Owned<TokenKey>, from: &Incoming<'_>) -> Owned<TokenKey> {
    let is_said =
        from.wire.version.is_none_or(|version| version > Version::V2_1_1) || TokenKey::is_type_in(from.query);
    if is_said {
        return at;
    }
    Owned { key: TokenKey { r#type: token.r#type.clone(), ..at.key }, ..at }
}

/// A term to look an object up by; none of an empty id.
fn term(name: &'static str, id: &str) -> Option<(&'static str, String)> {
    (!id.is_empty()).then(|| (name, id.to_ascii_lowercase()))
}

/// The eMSP whose token was used.
fn party_of(token: &CdrToken) -> Option<Party> {
    Some(Party { country_code: token.country_code.clone(), party_id: token.party_id.clone() })
}
