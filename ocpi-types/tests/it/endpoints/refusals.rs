//! Refusals of the endpoints of the newer modules, and the owners of their objects.

use ocpi_types::endpoint::{
    Authorize, CalendarKey, ClearChargingProfile, DecodeError, Endpoint, GetActiveChargingProfile, Incoming,
    PostBookingRequest, PostTerminal, Put, PutClientInfo, PutTerminal, Resource, RootResource, TerminalKey,
    Upsert,
};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::bookings::{Booking, BookingLocation, Calendar};

use super::entry::{fixture, read, url};

fn alf() -> Party {
    Party::new("NL", "ALF").expect("a party")
}

/// Without a URL for the result, nobody would ever hear of it.
#[test]
fn a_request_for_a_later_result_says_where_to() {
    fn missing<E: Endpoint>(query: &[(&str, &str)]) -> Option<DecodeError> {
        let query: Vec<_> = query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let (url, parameters) = (url(&["S1"]), ["S1".to_owned()]);
        E::decode(&mut Incoming::new(&url, &parameters, &query, &[])).err()
    }
    let (duration, to) = (("duration", "60"), ("response_url", "https://beta.example/1"));
    assert_eq!(missing::<GetActiveChargingProfile>(&[duration, to]), None);
    assert_eq!(
        missing::<GetActiveChargingProfile>(&[duration]),
        Some(DecodeError::Parameter("response_url"))
    );
    assert_eq!(missing::<GetActiveChargingProfile>(&[to]), Some(DecodeError::Parameter("duration")));
    assert_eq!(missing::<ClearChargingProfile>(&[to]), None);
    assert_eq!(missing::<ClearChargingProfile>(&[]), Some(DecodeError::Parameter("response_url")));
}

/// Clients that cannot send nothing send an empty object: they do not say where the driver is.
#[test]
fn a_place_that_is_not_told_is_none() {
    let (url, parameters) = (url(&["T1", "authorize"]), ["T1".to_owned()]);
    let read = |body: &str| Authorize::decode(&mut Incoming::new(&url, &parameters, &[], body.as_bytes()));
    for body in ["", " ", "null", "{}", " {\r\n} ", r#"{"location_id": null, "evse_uids": null}"#] {
        assert_eq!(read(body).expect("a request").location, None, "{body:?}");
    }
    assert!(read(r#"{"location_id": "L1"}"#).expect("a request").location.is_some());
    for body in ["{", "}", "{]", "[]", "{{}}", r#"{"evse_uids": []}"#] {
        assert!(matches!(read(body), Err(DecodeError::Body(_))), "{body:?}");
    }
}

#[test]
fn a_hub_tells_of_others() {
    let put = |about| PutClientInfo { about, info: fixture!("2.3.0", "client_info") };
    let other = put(alf());
    assert!(other.consistent().is_err(), "the fixture is of another party");
    let about = Party { country_code: other.info.country_code.clone(), party_id: other.info.party_id };
    assert_eq!(put(about.clone()).consistent(), Ok(()));
    assert_eq!(put(about).owner(), None, "the hub need not speak for the party in the path");
}

#[test]
fn terminals_have_their_ids() {
    assert_eq!(PostTerminal(read(r#"{"terminal_id":"T1"}"#)).consistent(), Ok(()));
    assert!(PostTerminal(read(r#"{"city":"Gent"}"#)).consistent().is_err());
    let key = TerminalKey { terminal_id: "another".parse().expect("an id") };
    assert!(PutTerminal { key, terminal: fixture!("2.3.0", "terminal") }.consistent().is_err());
}

#[test]
fn a_booking_is_for_who_asked_for_it() {
    let emp = || Party::new("DE", "EMP").expect("a party");
    let mut booking: Booking = fixture!("2.3.0", "booking");
    let mut requests = booking.booking_requests.into_vec();
    let request = &mut requests[0].booking_request;
    (request.country_code, request.party_id) = (emp().country_code, emp().party_id);
    let asked = PostBookingRequest(request.clone());
    booking.booking_requests = requests.try_into().expect("one at least");
    assert_eq!(booking.audience(), Some(emp()));
    assert_eq!(asked.owner(), Some(emp()));
    let cpo = Some(booking.identity().owner);
    assert_ne!(cpo, Some(emp()));
    assert_eq!(Resource::owner(&booking), cpo);
}

/// The table of its parameters says that a PUT has the id of the request in its URL, the URL itself that of the Booking.
#[test]
fn a_booking_is_put_by_its_own_id_or_by_that_of_its_request() {
    let booking: Booking = fixture!("2.3.0", "booking");
    let (owner, body) = (booking.identity().owner, ocpi_types::json::to_string(&booking));
    let put = |id: &str| {
        let parameters = [owner.country_code.as_str(), owner.party_id.as_str(), id].map(str::to_owned);
        let url = url(&["1"]);
        Put::<Booking>::decode(&mut Incoming::new(&url, &parameters, &[], body.as_bytes()))
            .expect("a request")
    };
    assert_ne!(booking.id, booking.request_id);
    for id in [booking.id.as_str(), booking.request_id.as_str(), &booking.request_id.as_str().to_lowercase()]
    {
        let put = put(id);
        assert_eq!((put.consistent(), put.at), (Ok(()), booking.identity()), "{id}");
    }
    assert!(put("another").consistent().is_err());
}

#[test]
fn a_calendar_is_kept_in_its_booking_location() {
    let mut offer: BookingLocation = fixture!("2.3.0", "booking_location");
    let later = "2030-01-01T00:00:00Z".parse().expect("a time");
    let calendar =
        Calendar { id: "new".parse().expect("an id"), last_updated: later, ..fixture!("2.3.0", "calendar") };
    let key = CalendarKey {
        booking_location_id: offer.identity().key.booking_location_id,
        calendar_id: calendar.id.clone(),
    };
    assert_eq!(Calendar::find(&offer, &key), None);
    assert_eq!(calendar.clone().put_into(&mut offer, &key), Upsert::Added);
    assert_eq!(offer.last_updated, later);
    assert_eq!(Calendar::find(&offer, &key), Some(&calendar));
    assert_eq!(calendar.clone().put_into(&mut offer, &key), Upsert::Replaced);
    assert_eq!(offer.calendars.iter().filter(|other| other.id == calendar.id).count(), 1);
    assert_eq!(Calendar::root_key(&key), offer.identity().key);
}
