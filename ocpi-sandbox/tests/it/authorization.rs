//! Drivers whose platform is asked.

use ocpi_testkit::{parse, token_json};
use ocpi_types::v2_3_0::cdrs::AuthMethod;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tokens::{Token, WhitelistType};

use crate::town::Town;

fn asked(is_valid: bool, is_there: bool) -> Vec<Session> {
    let town = Town::new(4, 0);
    let token: Token = parse(&token_json("DE/EMP", "U1", "10:00:00"));
    let token = Token { whitelist: WhitelistType::Never, ..token };
    town.knows(&token);
    if !is_valid {
        let now = town.time.clock().now();
        let blocked = Token { valid: false, last_updated: now, ..token };
        town.emsp.put::<Token>(&ocpi_types::json::to_string(&blocked));
    }
    if !is_there {
        town.network.remove_host("emsp.example");
    }
    for _ in 0..180 {
        town.pass(60);
    }
    town.cpo.all::<Session>()
}

#[test]
fn the_partner_decides_about_its_drivers() {
    let sessions = asked(true, true);
    assert!(!sessions.is_empty());
    for session in &sessions {
        assert_eq!(session.auth_method, AuthMethod::AuthRequest);
        assert!(session.authorization_reference.is_some(), "by which the eMSP finds it again");
    }
    assert_eq!(asked(false, true), [], "who is blocked drives on");
    assert_eq!(asked(true, false), [], "who has to be asked about, and nobody answers, drives on");
}
