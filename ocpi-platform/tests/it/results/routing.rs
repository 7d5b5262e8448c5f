//! The parties that a command goes from and to.

use ocpi_client::RequestOptions;
use ocpi_platform::Target;
use ocpi_testkit::{parse, party, success, token_json};
use ocpi_types::endpoint::{ConnectorKey, EvseKey, LocationKey, Owned};
use ocpi_types::v2_3_0::commands::{StopSession, StopSessionInit};
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

use super::world::World;

fn header(world: &World, name: &str) -> Option<String> {
    world.asked().headers().get(name).map(|value| value.to_str().expect("a text").to_owned())
}

fn parties(world: &World) -> (Option<String>, Option<String>) {
    (header(world, "ocpi-from-party-id"), header(world, "ocpi-to-party-id"))
}

#[test]
fn a_party_behind_a_hub_can_be_addressed() {
    let world = World::new();
    world.answers(|| success(r#"{"result": "ACCEPTED", "timeout": 30}"#));
    let emsp = &world.emsp.platform;
    let id: ocpi_types::CiString<36> = "S1".parse().expect("an id");
    // The partner speaks for two parties, so the client knows not which.
    drop(world.stop().expect("accepted"));
    assert_eq!(parties(&world), (None, None));
    let stop = |response_url| -> StopSession { StopSessionInit { response_url, session_id: id }.into() };
    let options = RequestOptions::new().from(party("DE/EMP")).to(party("FR/HUB"));
    drop(block_on(emsp.ask("cpo", stop).options(options)).expect("accepted"));
    assert_eq!(parties(&world), (Some("EMP".to_owned()), Some("HUB".to_owned())));
    // So does the owner of an EVSE.
    let token: Token = parse(&token_json("DE/EMP", "04A2", "10:00:00"));
    let key = EvseKey { location_id: "L1".parse().expect("an id"), evse_uid: "E1".parse().expect("an id") };
    let evse = Owned { owner: party("NL/BET"), key };
    drop(block_on(emsp.start_session("cpo", &token, &evse)).expect("accepted"));
    assert_eq!(parties(&world), (Some("EMP".to_owned()), Some("BET".to_owned())));
    drop(block_on(emsp.start_session("cpo", &token, &evse.key)).expect("accepted"));
    assert_eq!(parties(&world), (Some("EMP".to_owned()), None));
}

#[test]
fn a_place_is_named_as_closely_as_its_key() {
    let world = World::new();
    world.answers(|| success(r#"{"result": "ACCEPTED", "timeout": 30}"#));
    let token: Token = parse(&token_json("DE/EMP", "04A2", "10:00:00"));
    let [location_id, evse_uid, connector_id] = ["L1", "E1", "C1"].map(|id| id.parse().expect("an id"));
    let location = LocationKey { location_id };
    let evse = EvseKey { location_id: location.location_id.clone(), evse_uid };
    let connector =
        ConnectorKey { location_id: evse.location_id.clone(), evse_uid: evse.evse_uid.clone(), connector_id };
    for (target, expected) in [
        (Target::from(&location), ["L1", "", ""]),
        (Target::from(&evse), ["L1", "E1", ""]),
        (Target::from(&connector), ["L1", "E1", "C1"]),
        (Target::from(&Owned { owner: party("NL/ALF"), key: connector.clone() }), ["L1", "E1", "C1"]),
    ] {
        drop(block_on(world.emsp.platform.start_session("cpo", &token, target)).expect("accepted"));
        let body: serde_json::Value = serde_json::from_slice(world.asked().body()).expect("JSON");
        let members = ["location_id", "evse_uid", "connector_id"];
        assert_eq!(members.map(|name| body[name].as_str().unwrap_or_default()), expected);
        assert_eq!(body["token"]["uid"], "04A2");
    }
    drop(block_on(world.emsp.platform.unlock_connector("cpo", &connector)).expect("accepted"));
    assert!(world.asked().uri().path().ends_with("/commands/UNLOCK_CONNECTOR"));
    let id = "R1".parse().expect("an id");
    drop(block_on(world.emsp.platform.cancel_reservation("cpo", &id)).expect("accepted"));
    assert!(world.asked().uri().path().ends_with("/commands/CANCEL_RESERVATION"));
}
