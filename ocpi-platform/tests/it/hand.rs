//! A partner that is played by hand, and a CPO that invited it.

use http::Method;
use ocpi_platform::{Allow, PartnerState};
use ocpi_testkit::{CannedPlatform, Network, PlatformSetup, TestPlatform, credentials_json, party};
use ocpi_types::CredentialsToken;
use pollster::block_on;

pub(crate) const HAND: &[(&str, &str, &str)] = &[("EMSP", "BE", "HND")];

/// Its credentials.
pub(crate) fn by_hand() -> String {
    credentials_json("token-b", "hand.example", HAND)
}

/// Its party and host, named.
pub(crate) fn allow_hand() -> Allow {
    Allow::default().party(party("BE/HND")).host("hand.example")
}

/// A CPO alone, and a token A of it for the partner.
pub(crate) fn inviting(setup: PlatformSetup) -> (Network, TestPlatform, CredentialsToken) {
    let network = Network::default();
    let cpo = setup.open(&network);
    let token_a = invite(&cpo, "hand");
    (network, cpo, token_a)
}

pub(crate) fn invite(side: &TestPlatform, partner: &str) -> CredentialsToken {
    block_on(side.platform.invite(partner, allow_hand())).expect("not registered yet")
}

/// A CPO with which the partner has registered, its token A, and its token C, which it has not used.
pub(crate) fn by_hand_registered() -> (Network, TestPlatform, CredentialsToken, CredentialsToken) {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    CannedPlatform::with("").add_to(&network);
    let (_, code, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    assert_eq!(code, 1000);
    (network, cpo, token_a, token_c.expect("token C"))
}

/// The state of a partner; `None` if it is not known.
pub(crate) fn state(side: &TestPlatform, partner: &str) -> Option<PartnerState> {
    block_on(side.platform.partner(partner)).expect("a store").map(|partner| partner.state)
}

pub(crate) fn is_registered(side: &TestPlatform, partner: &str) -> bool {
    state(side, partner) == Some(PartnerState::Registered)
}

/// Asks for a list of a functional module; returns the statuses of HTTP and OCPI.
pub(crate) fn ask_for_tariffs(side: &TestPlatform, token: &CredentialsToken) -> (u16, u16) {
    let url = format!("{}/2.3.0/sender/tariffs", side.platform.base());
    let request = http::Request::get(url).header("Authorization", token.to_header(true));
    side.ask(request.body("".into()).expect("a request"))
}
