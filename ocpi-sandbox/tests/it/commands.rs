//! Commands at the city's charge points.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ocpi_platform::{AsyncRequest, Outcome, PendingResult};
use ocpi_types::endpoint::EvseKey;
use ocpi_types::v2_3_0::cdrs::{AuthMethod, Cdr};
use ocpi_types::v2_3_0::commands::{
    CommandResult, StartSession, StartSessionInit, UnlockConnector, UnlockConnectorInit,
};
use ocpi_types::v2_3_0::locations::{Capability, Evse, Location, Status};
use ocpi_types::v2_3_0::sessions::{Session, SessionStatus};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{CiString, Decimal};

use crate::town::Town;

const ACCEPTED: &str = "ACCEPTED";
const OCCUPIED: &str = "EVSE_OCCUPIED";

fn free(town: &Town, holds: impl Fn(&Evse) -> bool) -> (Location, Evse) {
    let all = town.cpo.all::<Location>();
    let found = all.into_iter().find_map(|location| {
        let evse =
            location.evses.iter().find(|evse| evse.status == Status::Available && holds(evse)).cloned();
        evse.map(|evse| (location, evse))
    });
    found.expect("one is free")
}

fn status(town: &Town, evse: &Evse) -> Status {
    let all = town.emsp.all::<Location>();
    all.iter().find_map(|location| location.evse(evse.uid.as_str())).unwrap().status.clone()
}

type ResponseUrl = ocpi_types::Private<ocpi_types::Url>;

/// Sends a command; its result comes a little later.
fn ask<R: AsyncRequest<Result = CommandResult>>(
    town: &Town,
    make: impl FnOnce(ResponseUrl) -> R + Send,
) -> String {
    result(town, town.time.run(town.emsp.platform.ask("cpo", make)).unwrap().unwrap())
}

/// The result of a command, or `refused`.
fn result<R: AsyncRequest<Result = CommandResult>>(town: &Town, asked: PendingResult<R>) -> String {
    town.work_off();
    match town.time.run(asked.result()).unwrap().unwrap() {
        Outcome::Accepted(result) | Outcome::Unsuccessful(result) => result.result.to_string(),
        Outcome::Refused(_) => "refused".to_owned(),
        _ => "no result".to_owned(),
    }
}

fn start(town: &Town, location: &Location, evse: &Evse, token: &Token) -> String {
    ask(town, |response_url| StartSession {
        evse_uid: Some(evse.uid.clone()),
        connector_id: Some(evse.connectors.first().unwrap().id.clone()),
        authorization_reference: Some("AUTH1".parse().unwrap()),
        ..StartSessionInit { response_url, token: token.clone(), location_id: location.id.clone() }.into()
    })
}

fn token(town: &Town, number: usize) -> Token {
    town.emsp.all::<Token>().remove(number)
}

#[test]
fn a_session_follows_from_a_start_and_ends_by_a_stop() {
    let town = Town::new(8, 1);
    town.step();
    let (location, evse) = free(&town, |_| true);
    assert_eq!(start(&town, &location, &evse, &token(&town, 0)), ACCEPTED);
    assert_eq!(start(&town, &location, &evse, &token(&town, 0)), OCCUPIED);
    town.pass(1);
    let by_command = |town: &Town| -> Session {
        town.emsp.all::<Session>().into_iter().find(|it| it.auth_method == AuthMethod::Command).unwrap()
    };
    let session = by_command(&town);
    assert_eq!((&session.status, session.kwh), (&SessionStatus::Active, Decimal::ZERO));
    assert_eq!(session.authorization_reference.unwrap().as_str(), "AUTH1");
    for _ in 0..11 {
        town.pass(60);
    }
    let charged = by_command(&town);
    assert!(charged.kwh > Decimal::ZERO && charged.charging_periods.len() >= 2, "{charged:?}");
    let stop = town.time.run(town.emsp.platform.stop_session("cpo", &charged.id)).unwrap().unwrap();
    assert_eq!(result(&town, stop), ACCEPTED);
    town.pass(1);
    let over = by_command(&town);
    assert_eq!(over.status, SessionStatus::Completed);
    let passed = over.end_date_time.unwrap().seconds_since(over.start_date_time);
    assert!((660..=670).contains(&passed), "{passed}");
    let cdrs: Vec<Cdr> =
        town.emsp.all::<Cdr>().into_iter().filter(|it| it.session_id == Some(over.id.clone())).collect();
    assert_eq!(cdrs.len(), 1);
    assert_eq!((cdrs[0].total_energy, Some(&cdrs[0].total_cost)), (over.kwh, over.total_cost.as_ref()));
    let again = town.time.run(town.emsp.platform.stop_session("cpo", &over.id)).unwrap().unwrap();
    assert_eq!(result(&town, again), "refused", "it is over");
}

#[test]
fn a_reservation_keeps_an_evse_for_its_driver_until_it_is_over_or_cancelled() {
    let town = Town::new(8, 2);
    town.step();
    let (location, evse) = free(&town, |_| true);
    let (mine, other) = (token(&town, 0), token(&town, 1));
    let at = EvseKey { location_id: location.id.clone(), evse_uid: evse.uid.clone() };
    let id: CiString<36> = "R1".parse().unwrap();
    let reserve = |minutes: i64| {
        let until = town.time.clock().now().checked_add_seconds(minutes * 60).unwrap();
        let asked = town.emsp.platform.reserve_now("cpo", &mine, &at, &id, until);
        result(&town, town.time.run(asked).unwrap().unwrap())
    };
    assert_eq!(reserve(30), ACCEPTED);
    town.pass(1);
    assert_eq!(status(&town, &evse), Status::Reserved);
    assert_eq!(start(&town, &location, &evse, &other), OCCUPIED);
    let cancel = |id: &CiString<36>| {
        let asked = town.emsp.platform.cancel_reservation("cpo", id);
        result(&town, town.time.run(asked).unwrap().unwrap())
    };
    assert_eq!(cancel(&id), ACCEPTED);
    assert_eq!(cancel(&id), "UNKNOWN_RESERVATION");
    assert_eq!(reserve(30), ACCEPTED);
    assert_eq!(start(&town, &location, &evse, &mine), ACCEPTED);
    town.pass(1);
    assert_eq!(status(&town, &evse), Status::Charging);

    let (location, evse) = free(&town, |_| true);
    let at = EvseKey { location_id: location.id, evse_uid: evse.uid.clone() };
    let until = town.time.clock().now().checked_add_seconds(120).unwrap();
    let asked =
        town.time.run(town.emsp.platform.reserve_now("cpo", &mine, &at, &id, until)).unwrap().unwrap();
    assert_eq!(result(&town, asked), ACCEPTED);
    town.pass(1);
    assert_eq!(status(&town, &evse), Status::Reserved);
    town.time.advance(Duration::from_secs(120));
    town.pass(60);
    assert_ne!(status(&town, &evse), Status::Reserved, "it is over");
}

#[test]
fn connectors_are_unlocked_where_they_can_be() {
    let town = Town::new(20, 1);
    town.step();
    let unlock = |location: &Location, evse: &Evse| {
        let (location_id, evse_uid) = (location.id.clone(), evse.uid.clone());
        let connector_id = evse.connectors.first().unwrap().id.clone();
        move |response_url| {
            UnlockConnector::from(UnlockConnectorInit { response_url, location_id, evse_uid, connector_id })
        }
    };
    let can = |evse: &Evse| evse.capabilities.contains(&Capability::UnlockCapable);
    let (location, evse) = free(&town, can);
    assert_eq!(ask(&town, unlock(&location, &evse)), ACCEPTED);
    let (location, evse) = free(&town, |evse| !can(evse));
    assert_eq!(ask(&town, unlock(&location, &evse)), "refused", "NOT_SUPPORTED");
}

#[test]
fn a_reservation_is_replaced_only_by_one_that_is_accepted_and_withdrawn_if_it_is_lost() {
    let mut town = Town::new(8, 2);
    town.step();
    let (mine, other) = (token(&town, 0), token(&town, 1));
    let (id, next): (CiString<36>, CiString<36>) = ("R1".parse().unwrap(), "R2".parse().unwrap());
    let reserve = |town: &Town, token: &Token, evse: &(Location, Evse), id: &CiString<36>| {
        let (location_id, evse_uid) = (evse.0.id.clone(), evse.1.uid.clone());
        let at = EvseKey { location_id, evse_uid };
        let until = town.time.clock().now().checked_add_seconds(3_600).unwrap();
        let asked = town.emsp.platform.reserve_now("cpo", token, &at, id, until);
        result(town, town.time.run(asked).unwrap().unwrap())
    };
    let first = free(&town, |_| true);
    assert_eq!(reserve(&town, &mine, &first, &id), ACCEPTED);
    town.pass(1);
    let second = free(&town, |_| true);
    assert_eq!(reserve(&town, &other, &second, &next), ACCEPTED);
    town.pass(1);
    // It cannot be moved to where somebody else has reserved: then it stays where it is.
    assert_eq!(reserve(&town, &mine, &second, &id), OCCUPIED);
    town.pass(1);
    assert_eq!((status(&town, &first.1), status(&town, &second.1)), (Status::Reserved, Status::Reserved));
    // Its driver may be another one.
    assert_eq!(reserve(&town, &other, &first, &id), ACCEPTED);
    town.pass(1);

    let withdrawn = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&withdrawn);
    town.network.watch(move |request| {
        let is_news = String::from_utf8_lossy(request.body()).contains("CANCELED_RESERVATION");
        count.fetch_add(usize::from(is_news), Ordering::Relaxed);
        None
    });
    town.restart();
    for _ in 0..3 {
        town.pass(1);
        assert_eq!(
            withdrawn.load(Ordering::Relaxed),
            3,
            "each request that was accepted has one more result"
        );
    }
    assert_ne!(status(&town, &first.1), Status::Reserved);
    assert_eq!(reserve(&town, &mine, &first, &id), ACCEPTED);
}
