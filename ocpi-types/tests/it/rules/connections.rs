//! Rules about credentials, versions, terminals and invoices.

use ocpi_types::{Ruleset, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value as Json, json};

use super::{Pair, pair, with};

const OLD: &Ruleset = &Ruleset::V2_1_1;
const MID: &Ruleset = &Ruleset::V2_2_1;
const NEW: &Ruleset = &Ruleset::V2_3_0;

const CREDENTIALS_221: &str = include_str!("../../fixtures/2.2.1/credentials.minimal.json");
const CREDENTIALS_230: &str = include_str!("../../fixtures/2.3.0/credentials.minimal.json");
const TERMINAL: &str = include_str!("../../fixtures/2.3.0/terminal.minimal.json");
const RECORD: &str = include_str!("../../fixtures/2.3.0/invoice_reconciliation_record.minimal.json");

pub(super) fn pairs() -> Vec<Pair> {
    [credentials(), versions(), others()].into_iter().flatten().collect()
}

fn credentials() -> Vec<Pair> {
    let role = |role: &str, country: &str, party: &str| json!({"role": role, "country_code": country, "party_id": party, "business_details": {"name": "Alfa"}});
    let roles = |second: Json| json!({"roles": [role("CPO", "NL", "ALF"), second]});
    let at = ("/roles/1", "cred.duplicate_role");
    let again = || roles(role("CPO", "NL", "ALF"));
    let old = |change: Json| with(CREDENTIALS_221, change);
    let new = |change: Json| with(CREDENTIALS_230, change);
    vec![
        pair::<v2_2_1::credentials::Credentials>(
            MID,
            old(again()),
            at,
            old(roles(role("EMSP", "NL", "ALF"))),
        ),
        pair::<v2_2_1::credentials::Credentials>(MID, old(again()), at, old(roles(role("CPO", "BE", "ALF")))),
        pair::<v2_2_1::credentials::Credentials>(
            MID,
            old(roles(role("CPO", "UK", "ALF"))),
            ("/roles/1/country_code", "country.unknown"),
            old(roles(role("CPO", "GB", "ALF"))),
        ),
        pair::<v2_3_0::credentials::Credentials>(
            NEW,
            new(json!({"hub_party_id": "UKHUB"})),
            ("/hub_party_id", "country.unknown"),
            new(json!({"hub_party_id": "GBHUB"})),
        ),
        pair::<v2_3_0::credentials::Credentials>(NEW, new(again()), at, new(roles(role("CPO", "NL", "BET")))),
    ]
}

fn versions() -> Vec<Pair> {
    let endpoint = |module: &str, role: Option<&str>| {
        let mut endpoint = json!({"identifier": module, "url": "https://alfa.example/1"});
        if let Some(role) = role {
            endpoint["role"] = json!(role);
        }
        endpoint
    };
    let details = |version: &str, endpoints: [Json; 2]| json!({"version": version, "endpoints": endpoints});
    let both = |first: &str, second: &str| {
        details("2.2.1", [first, second].map(|role| endpoint("cdrs", Some(role))))
    };
    let old =
        |first: &str, second: &str| details("2.1.1", [first, second].map(|module| endpoint(module, None)));
    let at = ("/endpoints/1", "vers.duplicate_endpoint");
    vec![
        pair::<v2_2_1::versions::VersionDetails>(
            MID,
            both("SENDER", "SENDER"),
            at,
            both("SENDER", "RECEIVER"),
        ),
        pair::<v2_1_1::versions::VersionDetails>(OLD, old("cdrs", "cdrs"), at, old("cdrs", "tokens")),
    ]
}

fn others() -> Vec<Pair> {
    let payments = &Ruleset::V2_3_0_PAYMENTS;
    let (country, party) = (json!({"country_code": "NL"}), json!({"party_id": "ALF"}));
    let both = || with(TERMINAL, json!({"country_code": "NL", "party_id": "ALF"}));
    let cdrs = |second: &str| with(RECORD, json!({"cdrs": ["C1", second]}));
    vec![
        pair::<v2_3_0::payments::Terminal>(
            payments,
            with(TERMINAL, country),
            ("/party_id", "terminal.party"),
            both(),
        ),
        pair::<v2_3_0::payments::Terminal>(
            payments,
            with(TERMINAL, party),
            ("/country_code", "terminal.party"),
            TERMINAL,
        ),
        pair::<v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord>(
            NEW,
            cdrs("c1"),
            ("/cdrs/1", "id.duplicate"),
            cdrs("C2"),
        ),
    ]
}
