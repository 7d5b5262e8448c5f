//! Partners that say that they are hubs (`hub_party_id`): the rights of one are the operator's to give.

use http::Method;
use ocpi_platform::{Allow, Error, PartnerState};
use ocpi_testkit::{CannedPlatform, Network, PlatformSetup, TestPlatform, credentials_json};
use ocpi_types::{CredentialsToken, Role};
use pollster::block_on;

use crate::hand::{HAND, allow_hand, state};

fn hub(token: &str) -> String {
    credentials_json(token, "hand.example", HAND).replacen('{', r#"{"hub_party_id": "BEHND", "#, 1)
}

fn invited(allow: Allow) -> (Network, TestPlatform, CredentialsToken) {
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    CannedPlatform::with("").add_to(&network);
    let token_a = block_on(cpo.platform.invite("hand", allow)).expect("invited");
    (network, cpo, token_a)
}

fn sends(cpo: &TestPlatform, method: Method, token: &CredentialsToken, body: &str) -> CredentialsToken {
    let (_, code, token) = cpo.exchange_credentials(method, token, body);
    assert_eq!(code, 1000);
    token.expect("a token")
}

/// Asks whether it may PUT a Location, which a CPO or a hub may and an eMSP may not: 2000 where it may not.
fn may_put_locations(cpo: &TestPlatform, token: &CredentialsToken) -> bool {
    let url = format!("{}/2.3.0/receiver/locations/BE/HND/1", cpo.platform.base());
    let request = http::Request::put(url).header("Authorization", token.to_header(true));
    cpo.ask(request.body("{}".into()).expect("a request")).1 != 2000
}

#[test]
fn a_partner_becomes_a_hub_only_if_the_operator_has_seen_that() {
    let (_network, cpo, token_a) = invited(Allow::default());
    let token_c = sends(&cpo, Method::POST, &token_a, &credentials_json("token-b", "hand.example", HAND));
    let seen = cpo.partner("hand");
    let token_c = sends(&cpo, Method::PUT, &token_c, &hub("token-b2"));
    let approved = block_on(cpo.platform.approve(&seen));
    assert!(matches!(approved, Err(Error::Conflict(_))), "it was no hub when it was seen: {approved:?}");
    let seen = cpo.partner("hand");
    assert!(seen.is_hub && !seen.allow.roles.contains(&Role::Hub));
    let approved = block_on(cpo.platform.approve(&seen)).expect("approved");
    assert!(approved.allow.roles.contains(&Role::Hub) && approved.allow.roles.contains(&Role::Emsp));
    assert!(may_put_locations(&cpo, &token_c));
}

/// Where parties and hosts are named and no roles, all but the hub goes on.
#[test]
fn a_hub_that_nobody_named_is_held() {
    let (_network, cpo, token_a) = invited(allow_hand());
    let token_c = sends(&cpo, Method::POST, &token_a, &credentials_json("token-b", "hand.example", HAND));
    assert_eq!(state(&cpo, "hand"), Some(PartnerState::Registered));
    let token_c = sends(&cpo, Method::PUT, &token_c, &hub("token-b2"));
    assert_eq!(state(&cpo, "hand"), Some(PartnerState::Registered), "what it was goes on");
    assert!(!may_put_locations(&cpo, &token_c));
    block_on(cpo.platform.reject("hand")).expect("refused");
    assert!(!cpo.partner("hand").is_hub);
    assert!(matches!(block_on(cpo.platform.reject("hand")), Err(Error::NothingToApprove(_))));
    let token_c = sends(&cpo, Method::PUT, &token_c, &hub("token-b3"));
    block_on(cpo.platform.approve(&cpo.partner("hand"))).expect("approved");
    assert!(may_put_locations(&cpo, &token_c));
    let (_network, cpo, token_a) = invited(allow_hand());
    sends(&cpo, Method::POST, &token_a, &hub("token-b"));
    assert_eq!(state(&cpo, "hand"), Some(PartnerState::Pending));
}

#[test]
fn a_hub_that_is_named_needs_no_approval() {
    let (_network, cpo, token_a) = invited(allow_hand().role(Role::Emsp).role(Role::Hub));
    let token_c = sends(&cpo, Method::POST, &token_a, &hub("token-b"));
    assert!(may_put_locations(&cpo, &token_c));
    let (_network, cpo, token_a) = invited(allow_hand().role(Role::Emsp));
    let token_c = sends(&cpo, Method::POST, &token_a, &hub("token-b"));
    assert!(!may_put_locations(&cpo, &token_c), "other roles were named");
}
