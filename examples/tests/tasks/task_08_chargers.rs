//! Is a CPO that lets partners start, stop, reserve and unlock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ocpi_platform::{ChargerRequest, Chargers, Outcome};
use ocpi_server_traits::Error;
use ocpi_testkit::{Network, PlatformSetup, TestPlatform, location_json, parse, session_json, token_json};
use ocpi_types::endpoint::{EvseKey, LocationKey};
use ocpi_types::v2_3_0::commands::{
    CommandResult, CommandResultType, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

/// A depot of one EVSE.
#[derive(Default)]
struct Depot(AtomicBool);

impl Depot {
    fn occupy(&self) -> CommandResult {
        if self.0.swap(true, Ordering::SeqCst) {
            CommandResultType::EvseOccupied
        } else {
            CommandResultType::Accepted
        }
        .into()
    }

    fn free(&self) -> CommandResult {
        if self.0.swap(false, Ordering::SeqCst) {
            CommandResultType::Accepted
        } else {
            CommandResultType::Rejected
        }
        .into()
    }
}

// [task]
impl Chargers for Depot {
    async fn start_session(&self, _: StartSession, _: &ChargerRequest) -> Result<CommandResult, Error> {
        Ok(self.occupy())
    }
    async fn stop_session(&self, _: StopSession, _: &ChargerRequest) -> Result<CommandResult, Error> {
        Ok(self.free())
    }
    async fn reserve_now(&self, _: ReserveNow, _: &ChargerRequest) -> Result<CommandResult, Error> {
        Ok(self.occupy())
    }
    async fn unlock_connector(&self, _: UnlockConnector, _: &ChargerRequest) -> Result<CommandResult, Error> {
        Ok(self.free())
    }
} // what is not implemented answers NOT_SUPPORTED
// [end]

/// A CPO with a depot at the Location `L1`, and an eMSP that is registered with it.
pub(crate) fn with_depot() -> (Network, TestPlatform, TestPlatform) {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    cpo.put::<Location>(&location_json("NL/ALF", "L1", "10:00:00"));
    let depot = Arc::new(Depot::default());
    let router = cpo.platform.router(|routes| cpo.platform.mount_cpo(routes, &depot)).expect("a router");
    network.add_router("cpo.example", router);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    (network, cpo, emsp)
}

#[test]
fn a_place_is_reserved_once_until_it_is_unlocked() {
    let (_network, _cpo, emsp) = with_depot();
    let token: Token = parse(&token_json("DE/EMP", "04A2", "10:00:00"));
    let at = EvseKey { location_id: "L1".parse().expect("an id"), evse_uid: "E1".parse().expect("an id") };
    let reserve = |id: &str| {
        let until = "2026-11-22T12:00:00Z".parse().expect("a time");
        let place = LocationKey { location_id: at.location_id.clone() };
        let id = id.parse().expect("an id");
        let asked = emsp.platform.reserve_now("cpo", &token, &place, &id, until);
        block_on(block_on(asked).expect("an answer").result()).expect("an outcome")
    };
    assert!(matches!(reserve("R1"), Outcome::Accepted(_)));
    assert!(matches!(reserve("R2"), Outcome::Unsuccessful(_)));
    let connector = ocpi_types::endpoint::ConnectorKey {
        location_id: at.location_id.clone(),
        evse_uid: at.evse_uid.clone(),
        connector_id: "C1".parse().expect("an id"),
    };
    let unlock = || block_on(emsp.platform.unlock_connector("cpo", &connector)).expect("an answer");
    assert!(matches!(block_on(unlock().result()), Ok(Outcome::Accepted(_))));
    let nothing_to_free = unlock();
    assert!(matches!(block_on(nothing_to_free.result()), Ok(Outcome::Refused(_))));
    assert!(matches!(reserve("R3"), Outcome::Accepted(_)));
}

#[test]
fn a_session_of_the_partner_is_stopped_and_nothing_is_canceled() {
    let (_network, cpo, emsp) = with_depot();
    cpo.put::<Session>(&session_json("NL/ALF", "S1", "10:00:00"));
    let id = "S1".parse().expect("an id");
    let stop = || block_on(emsp.platform.stop_session("cpo", &id)).expect("an answer");
    // The EVSE is free.
    assert!(matches!(block_on(stop().result()), Ok(Outcome::Refused(_))));
    let reservation = "R1".parse().expect("an id");
    let canceled = block_on(emsp.platform.cancel_reservation("cpo", &reservation)).expect("an answer");
    assert!(matches!(block_on(canceled.result()), Ok(Outcome::Refused(_))));
}
