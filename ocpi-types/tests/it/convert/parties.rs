//! Tokens, commands, credentials and version details: who and where.

use ocpi_types::Role;
use ocpi_types::convert::{Context, ConversionRule, Ledger, V2_1_1, V2_2_1, V2_3_0, convert, kind};
use ocpi_types::protocol::Party;

use super::{context, converted, read, refusal, told};

const TOKEN: &str = r#"{"country_code": "DE", "party_id": "MSP", "uid": "04A2", "type": "TYPE", "contract_id": "DE8AA001",
    "issuer": "Mob", "group_id": "G1", "valid": true, "whitelist": "NEVER", "last_updated": "2026-01-01T00:00:00Z"}"#;

/// Kinds of token that an older version lacks are some other kind there.
#[test]
fn kinds_of_token_have_a_stand_in() {
    let (token, told) = converted::<kind::Token, V2_3_0, V2_2_1>(&TOKEN.replace("TYPE", "EMAID"));
    assert_eq!((token.r#type.as_str(), told), ("OTHER", vec!["/type conv.enum_replaced".to_owned()]));
    let (token, told) = converted::<kind::Token, V2_2_1, V2_1_1>(&TOKEN.replace("TYPE", "APP_USER"));
    assert_eq!((token.r#type.as_str(), token.auth_id.as_str()), ("OTHER", "DE8AA001"));
    assert_eq!(told, ["/type conv.enum_replaced", "/group_id conv.no_member"]);
}

/// The owner of an object is that of the connection in 2.1.1; of another party it would be taken for one of theirs.
#[test]
fn another_owner_is_told() {
    let text = TOKEN.replace("TYPE", "RFID").replace(r#""MSP""#, r#""XXX""#);
    let (_, told) = converted::<kind::Token, V2_2_1, V2_1_1>(&text);
    assert_eq!(told, ["/group_id conv.no_member", "/country_code conv.owner", "/party_id conv.owner"]);
}

fn reserve_now(reservation_id: &str) -> String {
    let token = TOKEN.replace("TYPE", "RFID").replace(r#""group_id": "G1","#, "");
    format!(
        r#"{{"response_url": "https://example.com/1", "token": {token}, "expiry_date": "2026-01-01T00:00:00Z",
            "reservation_id": {reservation_id}, "location_id": "L1"}}"#
    )
}

/// Ids of reservations are numbers in 2.1.1: one that is written like a number is one.
#[test]
fn ids_of_reservations_are_numbers_or_refused() {
    let (command, _) = converted::<kind::ReserveNow, V2_2_1, V2_1_1>(&reserve_now(r#""42""#));
    assert_eq!(command.reservation_id, 42);
    for id in [r#""R42""#, r#""042""#, r#""99999999999999999999""#] {
        let refused = refusal::<kind::ReserveNow, V2_2_1, V2_1_1>(&reserve_now(id));
        assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::ReservationId, "/reservation_id"));
    }
}

/// 2.1.1 has one type for both answers to a command, and fewer reasons.
#[test]
fn results_of_commands_go_up_and_down() {
    let (result, told) = converted::<kind::CommandResult, V2_1_1, V2_2_1>(r#"{"result": "TIMEOUT"}"#);
    assert_eq!((result.result.as_str(), told), ("TIMEOUT", vec![]));
    let (result, told) = converted::<kind::CommandResult, V2_2_1, V2_1_1>(r#"{"result": "EVSE_OCCUPIED"}"#);
    assert_eq!((result.result.as_str(), told), ("REJECTED", vec!["/result conv.enum_replaced".to_owned()]));
    let (response, told) = converted::<kind::CommandResponse, V2_1_1, V2_2_1>(r#"{"result": "ACCEPTED"}"#);
    assert_eq!((response.timeout, told), (30, vec!["/timeout conv.timeout_assumed".to_owned()]));
}

/// An object that a version does not have is refused.
#[test]
fn objects_that_a_version_lacks_are_refused() {
    let text = r#"{"response_url": "https://example.com/1", "reservation_id": "R1"}"#;
    let refused = refusal::<kind::CancelReservation, V2_2_1, V2_1_1>(text);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::NoObject, ""));
    let text = r#"{"country_code": "NL", "party_id": "ALF", "id": "1", "invoice_id": "I", "cdrs": ["C"],
        "last_updated": "2026-01-01T00:00:00Z"}"#;
    let refused = refusal::<kind::InvoiceReconciliationRecord, V2_3_0, V2_2_1>(text);
    assert_eq!(refused.rule(), ConversionRule::NoObject);
}

fn credentials(roles: &[(&str, &str)], more: &str) -> String {
    let role = |(role, party): &(&str, &str)| {
        format!(
            r#"{{"role": "{role}", "business_details": {{"name": "{party}"}}, "party_id": "{party}", "country_code": "NL"}}"#
        )
    };
    let roles: Vec<_> = roles.iter().map(role).collect();
    format!(
        r#"{{"token": "T", "url": "https://example.com/versions", {more} "roles": [{}]}}"#,
        roles.join(",")
    )
}

/// A connection of 2.1.1 is of one party: the only one, or the one of the context.
#[test]
fn credentials_of_2_1_1_are_of_one_party() {
    let (old, told) = converted::<kind::Credentials, V2_2_1, V2_1_1>(&credentials(&[("CPO", "XXX")], ""));
    assert_eq!((old.party_id.as_str(), told), ("XXX", vec![]));
    let (old, told) = converted::<kind::Credentials, V2_2_1, V2_1_1>(&credentials(
        &[("EMSP", "ALF"), ("CPO", "ALF"), ("CPO", "XXX")],
        "",
    ));
    assert_eq!(
        (old.party_id.as_str(), told),
        ("ALF", vec!["/roles/0 conv.only_one".to_owned(), "/roles/2 conv.only_one".to_owned()])
    );
    let refused =
        refusal::<kind::Credentials, V2_2_1, V2_1_1>(&credentials(&[("EMSP", "ALF"), ("NSP", "ALF")], ""));
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::Party, "/roles"));
}

/// A hub is a role in 2.2.1, and named beside the roles in 2.3.0.
#[test]
fn a_hub_is_a_role_or_named_beside_them() {
    let (new, told) = converted::<kind::Credentials, V2_2_1, V2_3_0>(&credentials(&[("HUB", "HUB")], ""));
    assert_eq!(new.hub_party_id.as_ref().map(|id| id.as_str()), Some("NLHUB"));
    assert_eq!(new.roles[0].role, Role::Other);
    assert_eq!(told, ["/hub_party_id conv.hub_assumed"]);

    let text = credentials(&[("CPO", "ALF")], r#""hub_party_id": "NLHUB","#);
    let (old, told) = converted::<kind::Credentials, V2_3_0, V2_2_1>(&text);
    assert_eq!(old.roles.iter().map(|role| role.role.as_str()).collect::<Vec<_>>(), ["CPO", "HUB"]);
    assert_eq!(old.roles[1].party_id.as_str(), "HUB");
    assert_eq!(told, ["/roles/1 conv.hub_assumed"]);
}

/// A platform of 2.1.1 serves one side of each module, which its role decides.
#[test]
fn version_details_get_and_lose_the_side_of_a_module() {
    let old = r#"{"version": "2.1.1", "endpoints": [{"identifier": "locations", "url": "https://example.com/l"},
        {"identifier": "tokens", "url": "https://example.com/t"},
        {"identifier": "credentials", "url": "https://example.com/c"}]}"#;
    let (new, told) = converted::<kind::VersionDetails, V2_1_1, V2_2_1>(old);
    let sides = |details: &ocpi_types::v2_2_1::versions::VersionDetails| {
        details.endpoints.iter().map(|endpoint| endpoint.role.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(sides(&new), ["SENDER", "RECEIVER", "SENDER"]);
    assert_eq!(new.version.as_str(), "2.2.1");
    assert_eq!(told.len(), 4);

    let emsp = Context { role: Some(Role::Emsp), ..context() };
    let new = convert::<kind::VersionDetails, V2_1_1, V2_2_1>(read(old), &emsp, &mut Ledger::new());
    assert_eq!(sides(&new.expect("it is converted")), ["RECEIVER", "SENDER", "SENDER"]);

    let both = r#"{"version": "2.2.1", "endpoints": [
        {"identifier": "locations", "role": "SENDER", "url": "https://example.com/s"},
        {"identifier": "locations", "role": "RECEIVER", "url": "https://example.com/r"},
        {"identifier": "hubclientinfo", "role": "SENDER", "url": "https://example.com/h"}]}"#;
    let mut ledger = Ledger::new();
    let old = convert::<kind::VersionDetails, V2_2_1, V2_1_1>(read(both), &emsp, &mut ledger);
    let old = old.expect("it is converted");
    assert_eq!(old.endpoints.len(), 1);
    assert_eq!(old.endpoints[0].url.as_str(), "https://example.com/r");
    let only = r#"{"version": "2.2.1", "endpoints": [
        {"identifier": "tokens", "role": "SENDER", "url": "https://example.com/t"}]}"#;
    let refused = refusal::<kind::VersionDetails, V2_2_1, V2_1_1>(only);
    assert_eq!(
        (refused.rule(), refused.pointer()),
        (ConversionRule::Emptied, "/endpoints"),
        "a CPO sends no tokens"
    );
    assert_eq!(
        super::told(&ledger),
        ["/version conv.version_number", "/endpoints/2 conv.enum_value", "/endpoints/0 conv.only_one"]
    );
}

/// The answer of 2.1.1 does not repeat the token that was asked about.
#[test]
fn an_authorisation_needs_the_token_that_was_asked_about() {
    let text = r#"{"allowed": "ALLOWED", "location": {"location_id": "L1", "evse_uids": ["E1"], "connector_ids": ["C1"]}}"#;
    let refused = refusal::<kind::AuthorizationInfo, V2_1_1, V2_2_1>(text);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::TokenUnknown, "/token"));
    let token = read(&TOKEN.replace("TYPE", "RFID"));
    let context = Context { token: Some(&token), emsp: Party::new("DE", "MSP").ok(), ..Context::default() };
    let mut ledger = Ledger::new();
    let info = convert::<kind::AuthorizationInfo, V2_1_1, V2_2_1>(read(text), &context, &mut ledger);
    assert_eq!(info.expect("it is converted").token, token);
    assert_eq!(told(&ledger), ["/token conv.token_assumed", "/location/connector_ids conv.member_kept"]);
}

/// A PTP is a party of no other role in 2.2.1: beside one that it has already, there is no room for it.
#[test]
fn a_ptp_beside_another_role_is_not_listed_twice() {
    let text = credentials(&[("PTP", "PTP"), ("CPO", "ALF"), ("OTHER", "PTP"), ("EMSP", "MSP")], "");
    let (old, told) = converted::<kind::Credentials, V2_3_0, V2_2_1>(&text);
    let roles: Vec<_> = old.roles.iter().map(|role| format!("{} {}", role.role, role.party_id)).collect();
    assert_eq!(roles, ["CPO ALF", "OTHER PTP", "EMSP MSP"]);
    assert_eq!(told, ["/roles/0 conv.enum_value"]);
    let (old, told) = converted::<kind::Credentials, V2_3_0, V2_2_1>(&credentials(&[("PTP", "PTP")], ""));
    assert_eq!(
        (old.roles[0].role.clone(), told),
        (Role::Other, vec!["/roles/0/role conv.enum_replaced".to_owned()])
    );
}

/// A hub whose party has another role beside it is named in 2.3.0, and keeps both roles on the way back.
#[test]
fn a_hub_that_is_also_another_role_is_still_a_hub() {
    for roles in [[("HUB", "HUB"), ("OTHER", "HUB")], [("OTHER", "HUB"), ("HUB", "HUB")]] {
        let (new, told) = converted::<kind::Credentials, V2_2_1, V2_3_0>(&credentials(&roles, ""));
        assert_eq!(new.hub_party_id.as_ref().map(|id| id.as_str()), Some("NLHUB"));
        assert_eq!(new.roles.iter().map(|role| role.role.clone()).collect::<Vec<_>>(), [Role::Other]);
        assert!(told.iter().any(|entry| entry.ends_with("conv.member_kept")), "{told:?}");
        let old = convert::<kind::Credentials, V2_3_0, V2_2_1>(new, &context(), &mut Ledger::new());
        let old = old.expect("it is converted");
        assert_eq!(
            old.roles.iter().map(|role| role.role.clone()).collect::<Vec<_>>(),
            [Role::Other, Role::Hub]
        );
        assert!(old.extra.is_empty());
    }
}

/// 2.1.1 knows a driver by the contract: a placeholder is none.
#[test]
fn a_placeholder_is_no_contract() {
    let text = TOKEN.replace("TYPE", "RFID").replace("DE8AA001", "#NA");
    let refused = refusal::<kind::Token, V2_2_1, V2_1_1>(&text);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::Placeholder, "/contract_id"));
}

/// 2.1.1 does not say the role of a platform, and nobody guesses it.
#[test]
fn without_a_role_there_are_no_credentials_of_2_2_1() {
    let text = r#"{"token": "T", "url": "https://example.com/versions", "business_details": {"name": "A"},
        "party_id": "ALF", "country_code": "NL"}"#;
    let context = Context { role: None, ..context() };
    let refused = convert::<kind::Credentials, V2_1_1, V2_2_1>(read(text), &context, &mut Ledger::new());
    let refused = refused.expect_err("no role");
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::RoleUnknown, "/roles"));
    let details =
        r#"{"version": "2.1.1", "endpoints": [{"identifier": "locations", "url": "https://example.com/l"}]}"#;
    let refused =
        convert::<kind::VersionDetails, V2_1_1, V2_2_1>(read(details), &context, &mut Ledger::new());
    assert_eq!(refused.expect_err("no role").rule(), ConversionRule::RoleUnknown);
}
