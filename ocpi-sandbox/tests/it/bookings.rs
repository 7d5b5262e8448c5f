//! Bookings at EVSEs of the city.

use std::time::Duration;

use ocpi_types::endpoint::PostBookingRequest;
use ocpi_types::v2_3_0::bookings::{BookingLocation, BookingRequest, BookingRequestInit, PeriodInit};
use ocpi_types::v2_3_0::locations::{Capability, Location};
use ocpi_types::{Finding, Version, check};

use crate::town::Town;

fn request(town: &Town, offer: &BookingLocation, id: &str, hours: i64) -> BookingRequest {
    let now = town.time.clock().now();
    let hour = now.to_unix_micros().div_euclid(3_600_000_000);
    let at = |hours: i64| ocpi_types::DateTime::from_unix((hour + hours) * 3_600).unwrap();
    let period = PeriodInit { start_date_time: at(hours), end_date_time: at(hours + 1) };
    let init = BookingRequestInit {
        country_code: "DE".parse().unwrap(),
        party_id: "EMP".parse().unwrap(),
        request_id: id.parse().unwrap(),
        location_id: offer.location_id.clone(),
        booking_location_id: offer.id.clone(),
        period: period.into(),
        authorization_reference: "A1".parse().unwrap(),
    };
    init.into()
}

#[test]
fn an_evse_that_can_be_reserved_can_be_booked_once() {
    let town = Town::new(8, 0);
    // It learns of the modules of the sandbox.
    town.time.run(town.emsp.platform.rotate("cpo")).unwrap().unwrap();
    let offers = town.cpo.all::<BookingLocation>();
    let locations = town.cpo.all::<Location>();
    assert!(!offers.is_empty());
    for offer in &offers {
        let errors: Vec<Finding> =
            check(offer, Version::V2_3_0).into_iter().filter(Finding::is_error).collect();
        assert_eq!(errors, []);
        let location = locations.iter().find(|it| it.id == offer.location_id).unwrap();
        let evse = offer.booking_option.as_ref().unwrap().evse_uid.as_ref().unwrap();
        assert!(location.evse(evse.as_str()).unwrap().capabilities.contains(&Capability::Reservable));
    }
    let book = |id: &str, hours: i64| {
        let request = PostBookingRequest(request(&town, &offers[0], id, hours));
        let answer = town.time.run(town.emsp.platform.send("cpo", &request)).unwrap().unwrap();
        answer.value.reservation_status.to_string()
    };
    assert_eq!(book("R1", 24), "RESERVED");
    assert_eq!(book("R2", 24), "REJECTED", "it is taken");
    assert_eq!(book("R3", 25), "RESERVED");
    assert_eq!(book("R4", 24 * 8), "REJECTED", "behind the calendar");
    // The calendars go on with the days.
    town.time.advance(Duration::from_secs(3 * 24 * 3_600));
    town.step();
    assert_eq!(book("R5", 24 * 6), "RESERVED");
}
