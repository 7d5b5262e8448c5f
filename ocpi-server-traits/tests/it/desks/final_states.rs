//! The copy that an eMSP has of a Booking stays in its final state.

use std::sync::Arc;

use http::Method;
use ocpi_server_traits::{Memory, Objects, Quota, Routes};
use ocpi_types::v2_3_0::bookings::Booking;

use super::{World, objects};
use crate::observe::heard::log;
use crate::site::{CPO, builder};

const AT: &str = "/receiver/bookings/NL/ALF/K1";
const FINAL: &[&str] = &["FULFILLED", "CANCELED", "NO_SHOW", "REJECTED", "FAILED"];

fn booking(status: &str, reference: &str, updated: &str) -> String {
    let canceled = match status {
        "CANCELED" => r#""canceled": {"cancellation_reason": "FULL", "who_canceled": "CPO"},"#,
        _ => "",
    };
    let period = r#"{"start_date_time": "2026-11-22T13:00:00Z", "end_date_time": "2026-11-22T14:00:00Z"}"#;
    format!(
        r#"{{"id": "K1", "country_code": "NL", "party_id": "ALF", "request_id": "R1", "location_id": "L1",
            "period": {period}, "reservation_status": "{status}", {canceled}
            "authorization_reference": "{reference}",
            "booking_terms": {{"supported_access_methods": ["OPEN"], "change_until_minutes": 60,
                "cancel_until_minutes": 30}},
            "booking_requests": [{{"request_status": "ACCEPTED", "request_received": "2026-11-22T09:00:00Z",
                "booking_request": {{"country_code": "DE", "party_id": "EMP", "request_id": "R1",
                    "location_id": "L1", "booking_location_id": "B1", "period": {period},
                    "authorization_reference": "A1"}}}}],
            "last_updated": "2026-11-22T{updated}Z"}}"#
    )
}

fn mount(objects: &Arc<Objects<Memory>>, routes: Routes) -> Routes {
    routes.receiver::<Booking>(objects)
}

fn kept(world: &World) -> Booking {
    world.ask(CPO, Method::GET, AT, "").expect(200, 1000).object()
}

fn state(booking: &Booking) -> (String, bool) {
    (booking.reservation_status.as_str().to_owned(), booking.canceled.is_some())
}

#[test]
fn no_push_takes_a_booking_out_of_its_final_state() {
    for ended in FINAL {
        let (log, observer) = log();
        let world = World::built(objects(Quota::default()), builder().observe(observer), mount);
        world.ask(CPO, Method::PUT, AT, &booking("RESERVED", "A1", "10:00:00")).expect(201, 1000);
        world.ask(CPO, Method::PUT, AT, &booking(ended, "A1", "10:10:00")).expect(200, 1000);
        let final_state = state(&kept(&world));
        assert_eq!(final_state, ((*ended).to_owned(), *ended == "CANCELED"));
        log.take();
        let mut reopenings = vec![
            (Method::PUT, booking("RESERVED", "A1", "10:05:00")),
            (Method::PUT, booking("PENDING", "A2", "10:20:00")),
            (
                Method::PATCH,
                r#"{"reservation_status": "RESERVED", "last_updated": "2026-11-22T10:06:00Z"}"#.into(),
            ),
            (
                Method::PATCH,
                r#"{"reservation_status": "PENDING", "last_updated": "2026-11-22T10:30:00Z"}"#.into(),
            ),
        ];
        let other = FINAL.iter().find(|other| *other != ended).expect("another");
        reopenings.push((Method::PUT, booking(other, "A2", "10:40:00")));
        for (method, body) in reopenings {
            world.ask(CPO, method.clone(), AT, &body).expect(200, 1000);
            assert_eq!(state(&kept(&world)), final_state, "{ended} after {method} {body}");
            let heard = log.take();
            let told = heard.iter().filter(|heard| heard.debug.contains("booking.final_kept")).count();
            assert_eq!(told, 1, "{ended} after {method} {body}: {heard:?}");
        }
        // Everything else changes as ever, and a push that agrees is nothing odd.
        assert_eq!(kept(&world).authorization_reference.as_str(), "A2");
        world.ask(CPO, Method::PUT, AT, &booking(ended, "A3", "10:50:00")).expect(200, 1000);
        let patch = format!(r#"{{"reservation_status": "{ended}", "last_updated": "2026-11-22T10:51:00Z"}}"#);
        world.ask(CPO, Method::PATCH, AT, &patch).expect(200, 1000);
        assert!(log.take().iter().all(|heard| heard.kind != "Odd"), "{ended}");
        assert_eq!(kept(&world).authorization_reference.as_str(), "A3");
    }
}

#[test]
fn a_booking_that_is_open_goes_on() {
    let world = World::of(objects(Quota::default()), mount);
    for (number, status) in ["PENDING", "RESERVED", "PENDING", "RESERVED", "NO_SHOW"].into_iter().enumerate()
    {
        world.ask(CPO, Method::PUT, AT, &booking(status, "A1", &format!("10:0{number}:00")));
        assert_eq!(kept(&world).reservation_status.as_str(), status);
    }
}

/// A PUT that lost is heard when it comes again later; it does not reopen either.
#[test]
fn an_owner_that_insists_does_not_reopen_a_booking() {
    use ocpi_server_traits::order::{Arrival, OrderSettings, StoredCopy, Update};
    use ocpi_testkit::{parse, time};
    use ocpi_types::endpoint::RootResource;

    let mut copy = StoredCopy::<Booking>::default();
    let mut put = |json: &str, came: &str| {
        let booking: Booking = parse(json);
        let (at, update) = (booking.identity(), Update::put(booking));
        let arrival = Arrival::of(&update, time(came));
        copy.take(&at, update, arrival, &OrderSettings::default()).expect("taken");
        copy.object.clone().expect("a Booking")
    };
    put(&booking("FULFILLED", "A1", "10:10:00"), "10:10:01");
    let late = booking("RESERVED", "A2", "10:05:00");
    assert_eq!(put(&late, "10:10:02").reservation_status.as_str(), "FULFILLED");
    let insisted = put(&late, "11:00:00");
    assert_eq!(insisted.reservation_status.as_str(), "FULFILLED");
}
