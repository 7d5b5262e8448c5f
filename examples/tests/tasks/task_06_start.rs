//! Starts a session, and awaits what comes of it.

use ocpi_client::Transport;
use ocpi_platform::{Error, Outcome, Platform};
use ocpi_server_traits::Store;
use ocpi_testkit::{parse, token_json};
use ocpi_types::endpoint::EvseKey;
use ocpi_types::v2_3_0::commands::CommandResultType;
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

use crate::task_08_chargers::with_depot;

async fn start<S: Store, T: Transport>(
    emsp: &Platform<S, T>,
    token: &Token,
    evse: &EvseKey,
) -> Result<bool, Error> {
    // [task]
    let started = emsp.start_session("cpo", token, evse).await?; // the partner's answer
    Ok(matches!(started.result().await?, Outcome::Accepted(_))) // at the partner's time-out at the latest
    // [end]
}

#[test]
fn a_session_is_started_where_the_evse_is_free() {
    let (_network, _cpo, emsp) = with_depot();
    let token: Token = parse(&token_json("DE/EMP", "04A2", "10:00:00"));
    let evse = |uid: &str| EvseKey {
        location_id: "L1".parse().expect("an id"),
        evse_uid: uid.parse().expect("an id"),
    };
    assert!(block_on(start(&emsp.platform, &token, &evse("E1"))).expect("an outcome"));
    let again = block_on(emsp.platform.start_session("cpo", &token, &evse("E1"))).expect("an answer");
    match block_on(again.result()).expect("an outcome") {
        Outcome::Unsuccessful(result) => assert_eq!(result.result, CommandResultType::EvseOccupied),
        other => panic!("{other:?}"),
    }
}
