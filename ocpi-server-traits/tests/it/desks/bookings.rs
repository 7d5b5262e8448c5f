//! Bookings of a CPO: requests of two eMSPs, by the calendars and the terms.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use http::Method;
use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, NewDocument, Page, Position, Query, Rejected, Start, Store, StoreError,
    StoreExt, WriteOutcome,
};
use ocpi_server_traits::{
    BookingAsk, BookingDecision, BookingDesk, Bookings, Caller, Handle, Memory, Objects, Partner, Quota,
    Routes,
};
use ocpi_testkit::{Answer, parse, partner_id, party, time};
use ocpi_types::Version;
use ocpi_types::endpoint::{PostBookingRequest, RootResource};
use ocpi_types::v2_3_0::bookings::{
    Booking, BookingLocation, BookingTerms, Calendar, ReservationRequestStatus, ReservationStatus,
};
use pollster::block_on;

use super::{World, next_path, objects};
use crate::site::{CPO, OTHER, builder, partners, raw_request};

const BOOKINGS: &str = "/sender/bookings";
const OFFERS: &str = "/sender/bookings/booking_locations";

/// A calendar from 13:00 to 20:00 with two slots that touch, and one behind a gap.
fn offer(id: &str) -> String {
    format!(
        r#"{{"country_code": "DE", "party_id": "EMP", "id": "{id}", "location_id": "L1",
            "booking_option": {{"evse_uid": "E1"}}, "tariff_ids": ["T1"],
            "booking_terms": {{"supported_access_methods": ["OPEN"], "change_until_minutes": 60,
                "cancel_until_minutes": 30, "min_booking_duration": 30, "max_booking_duration": 120}},
            "calendars": [{{"id": "C1", "begin_from": "2026-11-22T13:00:00Z",
                "end_before": "2026-11-22T20:00:00Z", "timeslot_increment": 15, "available_timeslots": [
                    {{"start_date_time": "2026-11-22T13:00:00Z", "end_date_time": "2026-11-22T14:00:00Z"}},
                    {{"start_date_time": "2026-11-22T14:00:00Z", "end_date_time": "2026-11-22T16:00:00Z"}},
                    {{"start_date_time": "2026-11-22T17:00:00Z", "end_date_time": "2026-11-22T20:00:00Z"}}],
                "last_updated": "2026-11-22T09:00:00Z"}}],
            "last_updated": "2026-11-22T09:00:00Z"}}"#
    )
}

fn ask_for(of: &str, id: &str, offer: &str, from: &str, to: &str) -> String {
    let party = party(of);
    format!(
        r#"{{"country_code": "{}", "party_id": "{}", "request_id": "{id}", "location_id": "L1",
            "booking_location_id": "{offer}", "authorization_reference": "A1",
            "period": {{"start_date_time": "2026-11-22T{from}:00Z", "end_date_time": "2026-11-22T{to}:00Z"}}}}"#,
        party.country_code, party.party_id
    )
}

fn request(id: &str, from: &str, to: &str) -> String {
    ask_for("NL/ALF", id, "B1", from, to)
}

fn cancellation(id: &str, from: &str, to: &str) -> String {
    let canceled = r#""canceled": {"cancellation_reason": "TRAFFIC", "who_canceled": "EMSP"}, "period""#;
    request(id, from, to).replace(r#""period""#, canceled)
}

struct Cpo<D: BookingDesk = ()> {
    world: World,
    bookings: Arc<Bookings<Memory, Arc<D>>>,
}

impl Cpo {
    fn new() -> Self {
        Self::with((), Quota::default())
    }
}

impl<D: BookingDesk> Cpo<D> {
    fn with(desk: D, quota: Quota) -> Self {
        let desk = Arc::new(desk);
        let mount = |objects: &Arc<Objects<Memory>>, routes: Routes| {
            routes.bookings(objects, &Arc::new(Bookings::new(Arc::clone(objects), Arc::clone(&desk))))
        };
        let world = World::of(objects(quota).with_page_size(2), mount);
        let bookings = Arc::new(Bookings::new(Arc::clone(&world.objects), Arc::clone(&desk)));
        let offers = ["B1", "B2"].map(|id| parse::<BookingLocation>(&offer(id)));
        block_on(world.objects.put_all(offers)).expect("a store");
        Self { world, bookings }
    }

    fn post(&self, who: &str, body: &str) -> Answer {
        self.world.ask(who, Method::POST, BOOKINGS, body)
    }

    fn book(&self, body: &str) -> Booking {
        self.post(CPO, body).expect(200, 1000).object()
    }

    fn status(&self, body: &str) -> String {
        self.book(body).reservation_status.as_str().to_owned()
    }
}

fn answers(booking: &Booking) -> Vec<&str> {
    booking.booking_requests.iter().map(|request| request.request_status.as_str()).collect()
}

fn hours(booking: &Booking) -> (String, String) {
    let hour = |time: ocpi_types::DateTime| time.to_string()[11..16].to_owned();
    (hour(booking.period.start_date_time), hour(booking.period.end_date_time))
}

#[test]
fn a_request_by_the_calendar_is_reserved() {
    let cpo = Cpo::new();
    let booking = cpo.book(&request("R1", "13:30", "14:30"));
    assert_eq!(booking.reservation_status, ReservationStatus::Reserved);
    assert_eq!((booking.request_id.as_str(), booking.location_id.as_str()), ("R1", "L1"));
    assert_eq!(booking.identity().owner, party("DE/EMP"));
    assert_eq!(booking.tariff_ids.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["T1"]);
    assert_eq!(
        booking.booking_option.as_ref().and_then(|option| option.evse_uid.as_ref()?.as_str().into()),
        Some("E1")
    );
    assert_eq!((answers(&booking), hours(&booking)), (vec!["ACCEPTED"], ("13:30".into(), "14:30".into())));
    assert_eq!(booking.booking_requests[0].request_received, time("12:00:00"));
    // It is the eMSP's to see, and nobody else's.
    let list = |who| cpo.world.ask(who, Method::GET, BOOKINGS, "").expect(200, 1000).list::<Booking>();
    assert_eq!((list(CPO), list(OTHER)), (vec![booking], vec![]));
    assert_eq!(cpo.world.usage("cpo").objects(), 1);
}

/// Time, and whether it can be booked.
const TIMES: &[(&str, &str, bool, &str)] = &[
    ("13:00", "14:00", true, "a whole slot"),
    ("13:30", "15:30", true, "slots that touch"),
    ("17:00", "19:00", true, "the longest"),
    ("17:00", "17:30", true, "the shortest"),
    ("17:00", "17:15", false, "too short"),
    ("17:00", "19:15", false, "too long"),
    ("15:30", "17:30", false, "over the gap"),
    ("16:00", "17:00", false, "in the gap"),
    ("12:30", "13:30", false, "before the calendar"),
    ("19:30", "20:30", false, "behind the calendar"),
    ("11:00", "11:45", false, "in the past"),
    ("13:10", "14:10", false, "begins off the step"),
    ("13:15", "14:10", false, "ends off the step"),
];

#[test]
fn what_the_calendar_or_the_terms_do_not_have_is_rejected() {
    for (from, to, is_bookable, why) in TIMES {
        let cpo = Cpo::new();
        let booking = cpo.book(&request("R1", from, to));
        let expected = if *is_bookable { ("RESERVED", "ACCEPTED") } else { ("REJECTED", "DECLINED") };
        assert_eq!((booking.reservation_status.as_str(), answers(&booking)[0]), expected, "{why}");
    }
    let cpo = Cpo::new();
    let other_evse = request("R2", "13:00", "14:00")
        .replace(r#""period""#, r#""booking_option": {"evse_uid": "E2"}, "period""#);
    assert_eq!(cpo.status(&other_evse), "REJECTED");
}

#[test]
fn what_is_no_request_is_refused_and_leaves_nothing() {
    let cpo = Cpo::new();
    cpo.post(CPO, &request("R1", "14:00", "13:00")).expect(200, 2001);
    cpo.post(CPO, &ask_for("NL/ALF", "R1", "B9", "13:00", "14:00")).expect(200, 2003);
    cpo.post(CPO, &request("R1", "13:00", "14:00").replace("L1", "L2")).expect(200, 2001);
    cpo.post(CPO, &cancellation("R1", "13:00", "14:00")).expect(200, 2001);
    cpo.post(OTHER, &request("R1", "13:00", "14:00")).expect(404, 2000);
    assert!(block_on(cpo.world.objects.all::<Booking>()).expect("a store").objects.is_empty());
    let no_terms: BookingLocation = parse(&offer("B3"));
    let no_terms = BookingLocation { booking_terms: None, ..no_terms };
    block_on(cpo.world.objects.put_all([no_terms])).expect("a store");
    cpo.post(CPO, &ask_for("NL/ALF", "R1", "B3", "13:00", "14:00")).expect(200, 2001);
    assert_eq!(cpo.status(&request("R1", "13:00", "14:00")), "RESERVED");
}

#[test]
fn nothing_is_booked_twice() {
    let cpo = Cpo::new();
    assert_eq!(cpo.status(&request("R1", "13:30", "14:30")), "RESERVED");
    for (id, from, to) in [
        ("R2", "13:30", "14:30"),
        ("R3", "13:00", "13:45"),
        ("R4", "14:15", "15:00"),
        ("R5", "13:45", "14:15"),
    ] {
        assert_eq!(cpo.status(&request(id, from, to)), "REJECTED", "{id}");
    }
    let other = cpo.post(OTHER, &ask_for("BE/OTH", "R1", "B1", "13:00", "14:00")).expect(200, 1000);
    assert_eq!(other.object::<Booking>().reservation_status, ReservationStatus::Rejected);
    // Next to it, and at another booking location.
    assert_eq!(cpo.status(&request("R6", "14:30", "15:30")), "RESERVED");
    assert_eq!(cpo.status(&request("R7", "13:00", "13:30")), "RESERVED");
    assert_eq!(cpo.status(&ask_for("NL/ALF", "R8", "B2", "13:30", "14:30")), "RESERVED");
}

#[test]
fn the_same_request_again_gets_the_same_answer() {
    let cpo = Cpo::new();
    let json = request("R1", "13:30", "14:30");
    let first = cpo.book(&json);
    for _ in 0..3 {
        assert_eq!(cpo.book(&json), first);
    }
    // An id is spelled in any case; the same id of another eMSP is another request.
    let changed = cpo.book(&request("r1", "14:00", "15:00"));
    assert_eq!((changed.id, changed.booking_requests.len()), (first.id.clone(), 2));
    let theirs = ask_for("BE/OTH", "R1", "B1", "17:00", "18:00");
    let theirs: Booking = cpo.post(OTHER, &theirs).expect(200, 1000).object();
    assert_ne!(theirs.id, first.id);
    assert_eq!((theirs.reservation_status, theirs.booking_requests.len()), (ReservationStatus::Reserved, 1));
    assert_eq!(block_on(cpo.world.objects.all::<Booking>()).expect("a store").objects.len(), 2);
}

#[test]
fn a_change_moves_the_time_or_leaves_it() {
    let cpo = Cpo::new();
    cpo.book(&request("R1", "14:00", "15:00"));
    cpo.book(&request("R2", "17:00", "18:00"));
    // Over its own time, and the calendar may have it no more.
    let moved = cpo.book(&request("R1", "14:30", "15:30"));
    assert_eq!(
        (answers(&moved), hours(&moved)),
        (vec!["ACCEPTED", "ACCEPTED"], ("14:30".into(), "15:30".into()))
    );
    assert_eq!(cpo.status(&request("R3", "14:00", "14:30")), "RESERVED", "the time that was given up");
    let refused = cpo.book(&request("R1", "17:30", "18:30"));
    assert_eq!(answers(&refused), ["ACCEPTED", "ACCEPTED", "DECLINED"]);
    assert_eq!((refused.reservation_status.as_str(), hours(&refused).0.as_str()), ("RESERVED", "14:30"));
    // Not to another booking location.
    let elsewhere = cpo.book(&ask_for("NL/ALF", "R1", "B2", "17:30", "18:30"));
    assert_eq!(answers(&elsewhere)[3], "DECLINED");
    assert_eq!(cpo.status(&ask_for("NL/ALF", "R4", "B2", "17:30", "18:30")), "RESERVED");
}

/// A change that was declined may be possible later: the desk is asked again. A repeat, which has the id of the first
/// request, is not another request.
#[test]
fn a_change_that_was_declined_can_be_asked_for_again() {
    let cpo = Cpo::new();
    let send = |body: &str, id: &str| -> Booking {
        let mut request =
            raw_request(Method::POST, &format!("/ocpi/2.3.0{BOOKINGS}"), body.to_owned().into());
        request.headers_mut().insert("x-request-id", id.parse().expect("a header"));
        Answer::of(block_on(cpo.world.router.call(request))).expect(200, 1000).object()
    };
    cpo.book(&request("R1", "14:00", "15:00"));
    cpo.book(&request("R2", "17:00", "18:00"));
    let change = request("R1", "17:30", "18:30");
    let declined = send(&change, "q1");
    assert_eq!(answers(&declined), ["ACCEPTED", "DECLINED"]);
    cpo.book(&cancellation("R2", "17:00", "18:00"));
    assert_eq!(send(&change, "q1"), declined, "a repeat");
    let moved = send(&change, "q2");
    assert_eq!(answers(&moved), ["ACCEPTED", "DECLINED", "ACCEPTED"]);
    assert_eq!((moved.reservation_status.as_str(), hours(&moved).0.as_str()), ("RESERVED", "17:30"));
    assert_eq!(send(&change, "q3"), moved, "it has its answer");
    // Without an id every request is one of its own.
    let late = request("R1", "11:00", "11:45");
    assert_eq!(cpo.book(&late).booking_requests.len(), 4);
    assert_eq!(cpo.book(&late).booking_requests.len(), 5);
}

/// The clock stands at 12:00, a change is open until an hour before the start, a cancellation until half an hour.
#[test]
fn changes_and_cancellations_have_an_end() {
    let early: BookingLocation = parse(&offer("B1").replace("13:00:00", "12:00:00"));
    let late = |json: &str, start: &str| {
        let cpo = Cpo::new();
        block_on(cpo.world.objects.put_all([early.clone()])).expect("a store");
        assert_eq!(cpo.status(&request("R1", start, "14:00")), "RESERVED", "{start}");
        let booking = cpo.book(json);
        (answers(&booking)[1].to_owned(), booking.reservation_status)
    };
    let change = request("R1", "14:30", "15:30");
    assert_eq!(late(&change, "13:00"), ("ACCEPTED".into(), ReservationStatus::Reserved));
    assert_eq!(late(&change, "12:45"), ("DECLINED".into(), ReservationStatus::Reserved));
    let cancel = cancellation("R1", "13:00", "14:00");
    assert_eq!(late(&cancel, "12:30"), ("ACCEPTED".into(), ReservationStatus::Canceled));
    assert_eq!(late(&cancel, "12:15"), ("DECLINED".into(), ReservationStatus::Reserved));
}

#[test]
fn a_cancelled_booking_stays_so_and_gives_its_time_free() {
    let cpo = Cpo::new();
    cpo.book(&request("R1", "13:30", "14:30"));
    let json = cancellation("R1", "13:30", "14:30");
    let canceled = cpo.book(&json);
    assert_eq!(canceled.reservation_status, ReservationStatus::Canceled);
    assert_eq!(
        canceled.canceled.as_ref().map(|canceled| canceled.cancellation_reason.as_str()),
        Some("TRAFFIC")
    );
    assert_eq!(cpo.book(&json), canceled);
    // The first request again does not bring it back.
    let again = cpo.book(&request("R1", "13:30", "14:30"));
    assert_eq!((again.reservation_status.as_str(), answers(&again)[2]), ("CANCELED", "DECLINED"));
    assert_eq!(cpo.status(&request("R2", "13:30", "14:30")), "RESERVED");
}

#[test]
fn every_final_state_is_final() {
    use ReservationStatus::{Canceled, Failed, Fulfilled, NoShow, Pending, Rejected, Reserved};
    for status in [Canceled, Failed, Fulfilled, NoShow, Rejected] {
        let cpo = Cpo::new();
        let booking = cpo.book(&request("R1", "13:30", "14:30"));
        let finish =
            |status| block_on(cpo.bookings.finish(&booking.identity(), status, None, time("13:40:00")));
        let ended = finish(status.clone()).expect("it ends");
        assert_eq!((&ended.reservation_status, ended.last_updated), (&status, time("13:40:00")));
        assert_eq!(finish(status.clone()).expect("again"), ended);
        for other in [Canceled, Failed, Fulfilled, NoShow, Rejected] {
            assert_eq!(finish(other.clone()).is_err(), other != status, "{status:?} to {other:?}");
        }
        for open in [Pending, Reserved] {
            finish(open).expect_err("no end");
        }
        for json in [request("R1", "14:00", "15:00"), cancellation("R1", "13:30", "14:30")] {
            let answer = cpo.book(&json);
            assert_eq!((&answer.reservation_status, answers(&answer).last()), (&status, Some(&"DECLINED")));
        }
        assert_eq!(cpo.status(&request("R2", "13:30", "14:30")), "RESERVED", "its time is free");
    }
}

/// Everything is decided later.
struct Later;

impl BookingDesk for Later {
    fn decide(&self, _: &BookingAsk<'_>) -> BookingDecision {
        BookingDecision::Pending
    }
}

#[test]
fn a_pending_request_keeps_its_time_and_is_answered_later() {
    let cpo = Cpo::with(Later, Quota::default());
    let booking = cpo.book(&request("R1", "13:30", "14:30"));
    assert_eq!((booking.reservation_status.as_str(), answers(&booking)), ("PENDING", vec!["PENDING"]));
    let at = booking.identity();
    let answer = |decision| block_on(cpo.bookings.answer(&at, decision, time("12:01:00")));
    let accepted = answer(BookingDecision::Accepted).expect("it waits");
    assert_eq!((accepted.reservation_status.as_str(), answers(&accepted)), ("RESERVED", vec!["ACCEPTED"]));
    answer(BookingDecision::Accepted).expect_err("nothing waits");
    assert_eq!(cpo.book(&request("R1", "13:30", "14:30")), accepted, "the answer to the same request");
    // A change that waits leaves the Booking as it is.
    let waiting = cpo.book(&request("R1", "17:00", "18:00"));
    assert_eq!((answers(&waiting), hours(&waiting).0.as_str()), (vec!["ACCEPTED", "PENDING"], "13:30"));
    assert_eq!(waiting.reservation_status, ReservationStatus::Reserved);
    let declined = answer(BookingDecision::Declined).expect("it waits");
    assert_eq!((declined.reservation_status.as_str(), hours(&declined).0.as_str()), ("RESERVED", "13:30"));
    for (id, decision, status) in
        [("R2", BookingDecision::Declined, "REJECTED"), ("R3", BookingDecision::Failed, "FAILED")]
    {
        let at = cpo.book(&request(id, "18:00", "19:00")).identity();
        let ended = block_on(cpo.bookings.answer(&at, decision, time("12:01:00"))).expect("it waits");
        assert_eq!(ended.reservation_status.as_str(), status);
    }
}

/// A request that is accepted overtakes those before it that wait.
#[test]
fn of_two_requests_that_wait_the_newest_is_answered() {
    let cpo = Cpo::with(Later, Quota::default());
    cpo.book(&request("R1", "13:30", "14:30"));
    let booking = cpo.book(&request("R1", "17:00", "18:00"));
    assert_eq!((answers(&booking), hours(&booking).0.as_str()), (vec!["PENDING", "PENDING"], "13:30"));
    let at = booking.identity();
    let answer = cpo.bookings.answer(&at, BookingDecision::Accepted, time("12:01:00"));
    let booking = block_on(answer).expect("it waits");
    assert_eq!((answers(&booking), hours(&booking).0.as_str()), (vec!["DECLINED", "ACCEPTED"], "17:00"));
}

/// Time that is over is not kept, so that its document does not grow from day to day.
#[test]
fn time_that_is_over_is_forgotten() {
    let cpo = Cpo::new();
    cpo.book(&request("R1", "13:30", "14:30"));
    let at = cpo.book(&request("R2", "17:00", "18:00")).identity();
    let booked = || {
        let at = Address::new("BookedTime", "DE/EMP", "b1");
        let document = block_on(cpo.world.objects.store().get(&at)).expect("a store");
        document.map_or(0, |document| document.body.split(|byte| *byte == b'\n').count() - 1)
    };
    assert_eq!(booked(), 2);
    let finish = cpo.bookings.finish(&at, ReservationStatus::Fulfilled, None, time("15:00:00"));
    block_on(finish).expect("it ends");
    assert_eq!(booked(), 0);
}

/// Waits for decisions about one eMSP, and decides about the other by the terms.
struct Careful;

impl BookingDesk for Careful {
    fn decide(&self, ask: &BookingAsk<'_>) -> BookingDecision {
        match ask.request.party_id.as_str() {
            "ALF" => BookingDecision::Pending,
            _ => ask.by_the_terms(),
        }
    }

    fn capacity(&self, location: &BookingLocation) -> u32 {
        if location.id.as_str() == "B2" { 2 } else { 1 }
    }

    fn terms(&self, location: &BookingLocation) -> Option<BookingTerms> {
        location.booking_terms.as_deref().cloned()
    }
}

#[test]
fn time_that_waits_is_taken_and_there_may_be_room_for_two() {
    let cpo = Cpo::with(Careful, Quota::default());
    let other = |id: &str, offer: &str, from: &str, to: &str| {
        let answer = cpo.post(OTHER, &ask_for("BE/OTH", id, offer, from, to)).expect(200, 1000);
        answer.object::<Booking>().reservation_status.as_str().to_owned()
    };
    let pending = cpo.book(&request("R1", "13:30", "14:30"));
    assert_eq!(other("O1", "B1", "14:00", "15:00"), "REJECTED");
    // A change that waits takes both times.
    let at = pending.identity();
    block_on(cpo.bookings.answer(&at, BookingDecision::Accepted, time("12:01:00"))).expect("it waits");
    cpo.book(&request("R1", "17:00", "18:00"));
    assert_eq!(
        (other("O2", "B1", "14:00", "15:00"), other("O3", "B1", "17:30", "18:30")),
        ("REJECTED".into(), "REJECTED".into())
    );
    block_on(cpo.bookings.answer(&at, BookingDecision::Accepted, time("12:02:00"))).expect("it waits");
    assert_eq!(
        (other("O4", "B1", "14:00", "15:00"), other("O5", "B1", "17:30", "18:30")),
        ("RESERVED".into(), "REJECTED".into())
    );

    cpo.book(&ask_for("NL/ALF", "R2", "B2", "13:30", "14:30"));
    assert_eq!(other("O6", "B2", "14:00", "15:00"), "RESERVED");
    assert_eq!(other("O7", "B2", "14:00", "14:30"), "REJECTED");
    assert_eq!(other("O8", "B2", "14:30", "15:00"), "RESERVED");
}

#[test]
fn bookings_count_for_the_emsp() {
    let cpo = Cpo::with((), Quota::default().with_objects(1));
    let first = cpo.book(&request("R1", "13:30", "14:30"));
    cpo.post(CPO, &request("R2", "17:00", "18:00")).expect(403, 2000);
    assert_eq!(cpo.book(&request("R1", "13:30", "14:30")), first);
    assert_eq!(cpo.world.usage("cpo").objects(), 1);
    // Nothing of what was refused is kept: the time is free.
    let other = cpo.post(OTHER, &ask_for("BE/OTH", "R2", "B1", "17:00", "18:00")).expect(200, 1000);
    assert_eq!(other.object::<Booking>().reservation_status, ReservationStatus::Reserved);
    let ended =
        block_on(cpo.bookings.finish(&first.identity(), ReservationStatus::NoShow, None, time("14:00:00")));
    assert_eq!(ended.expect("it ends").reservation_status, ReservationStatus::NoShow);
    assert_eq!(cpo.world.usage("cpo").objects(), 1, "it counts for the eMSP on");
}

#[test]
fn requests_about_one_booking_are_bounded() {
    let cpo = Cpo::new();
    cpo.book(&request("R1", "13:30", "14:30"));
    for number in 1..100 {
        let (from, to) = if number % 2 == 0 { ("13:30", "14:30") } else { ("13:45", "14:45") };
        assert_eq!(cpo.status(&request("R1", from, to)), "RESERVED", "{number}");
    }
    cpo.post(CPO, &request("R1", "13:30", "14:30")).expect(200, 2000);
}

/// Two processes on one store.
#[test]
fn one_of_many_at_the_same_time_is_reserved() {
    let objects = Arc::new(objects(Quota::default()));
    block_on(objects.put_all([parse::<BookingLocation>(&offer("B1"))])).expect("a store");
    let processes = [(); 2].map(|()| Bookings::new(Arc::clone(&objects), ()));
    let caller = Caller::builder(Partner::new(partner_id("cpo"), [party("NL/ALF")]));
    let caller = caller.now(time("12:00:00")).build();
    let posts = (0..20).map(|number| {
        let json = request(&format!("R{}", number / 2), "13:30", "14:30");
        processes[number % 2].handle(&caller, PostBookingRequest(parse(&json)))
    });
    let bookings: Vec<_> =
        block_on(join_all(posts)).into_iter().map(|made| made.expect("a Booking")).collect();
    let is_reserved = |made: &&Booking| made.reservation_status == ReservationStatus::Reserved;
    let reserved: Vec<_> = bookings.iter().filter(is_reserved).collect();
    assert_eq!(reserved.len(), 2, "the same request, twice");
    assert_eq!(reserved[0], reserved[1]);
    assert_eq!(block_on(objects.all::<Booking>()).expect("a store").objects.len(), 10);
}

#[test]
fn offers_are_listed_by_their_free_time() {
    let cpo = Cpo::new();
    let at = |id: &str, day: &str| {
        let json = offer(id).replace("22T13", &format!("{day}T13")).replace("22T14", &format!("{day}T14"));
        let json = json.replace("22T16", &format!("{day}T16")).replace("22T17", &format!("{day}T17"));
        parse::<BookingLocation>(&json.replace("22T20", &format!("{day}T20")))
    };
    block_on(cpo.world.objects.put_all([at("B3", "23"), at("B4", "24"), at("B5", "23"), at("B6", "23")]))
        .expect("a store");
    let crawl = |first: &str, total: &str| {
        let (mut found, mut path) = (Vec::new(), Some(format!("{OFFERS}{first}")));
        while let Some(at) = path {
            let page = cpo.world.ask(OTHER, Method::GET, &at, "").expect(200, 1000);
            assert_eq!(page.header("x-total-count"), Some(total), "{first}");
            assert!(page.list::<BookingLocation>().len() <= 2);
            found.extend(page.list::<BookingLocation>().iter().map(|offer| offer.id.to_string()));
            path = next_path(&page);
        }
        found
    };
    assert_eq!(crawl("", "6"), ["B1", "B2", "B3", "B4", "B5", "B6"]);
    assert_eq!(crawl("?timeslot_from=2026-11-23T00:00:00Z", "4"), ["B3", "B4", "B5", "B6"]);
    assert_eq!(crawl("?timeslot_to=2026-11-23T00:00:00Z", "2"), ["B1", "B2"]);
    let window = "?timeslot_from=2026-11-23T00:00:00Z&timeslot_to=2026-11-24T00:00:00Z";
    assert_eq!(crawl(window, "3"), ["B3", "B5", "B6"]);
    assert_eq!(crawl(&format!("{window}&limit=1"), "3"), ["B3", "B5", "B6"]);
    assert_eq!(crawl(&format!("{window}&offset=1"), "3"), ["B5", "B6"]);
    assert_eq!(crawl(&format!("{window}&date_from=2026-11-22T00:00:00Z"), "3"), ["B3", "B5", "B6"]);
    assert_eq!(crawl(&format!("{window}&date_from=2026-11-22T10:00:00Z"), "0"), Vec::<String>::new());
    // The bounds are exact: a slot ends as the window begins, or begins as it ends.
    let gap = "?timeslot_from=2026-11-22T16:00:00Z&timeslot_to=2026-11-22T17:00:00Z";
    assert_eq!(crawl(gap, "0"), Vec::<String>::new());
    let inside = "?timeslot_from=2026-11-22T15:59:59Z&timeslot_to=2026-11-22T17:00:00Z";
    assert_eq!(crawl(inside, "2"), ["B1", "B2"]);
    cpo.world.ask(OTHER, Method::GET, &format!("{OFFERS}?timeslot_from=noon"), "").expect(200, 2001);
    let calendar = cpo.world.ask(OTHER, Method::GET, &format!("{OFFERS}/B1/C1"), "").expect(200, 1000);
    assert_eq!(calendar.object::<Calendar>().available_timeslots.len(), 3);
    cpo.world.ask(OTHER, Method::GET, &format!("{OFFERS}/B9"), "").expect(404, 2000);
}

/// A list that changes between two pages loses nothing that was there throughout.
#[test]
fn a_page_goes_on_where_the_one_before_ended() {
    let cpo = Cpo::new();
    block_on(cpo.world.objects.put_all(["B3", "B4"].map(|id| parse::<BookingLocation>(&offer(id)))))
        .expect("a store");
    let path = format!("{OFFERS}?timeslot_from=2026-11-22T12:00:00Z");
    let first = cpo.world.ask(CPO, Method::GET, &path, "").expect(200, 1000);
    let gone = first.list::<BookingLocation>().remove(0);
    block_on(cpo.world.objects.delete::<BookingLocation>(&gone.identity())).expect("a store");
    let second = cpo.world.ask(CPO, Method::GET, &next_path(&first).expect("more"), "").expect(200, 1000);
    let ids: Vec<_> = second.list::<BookingLocation>().iter().map(|offer| offer.id.to_string()).collect();
    assert_eq!(ids, ["B3", "B4"]);
}

/// Bookings 1.0 has other names, and no id of the booking location in a request.
#[test]
fn a_request_of_the_first_revision_is_answered() {
    let old = r#"{"country_code": "NL", "party_id": "ALF", "request_id": "R1", "location_id": "L1",
        "bookable_parking_option": {"vehicle_types": ["PERSONAL_VEHICLE"], "format": "SOCKET",
            "parking_space_length": 500}, "authorization_reference": "A1",
        "period": {"start_from": "2026-11-22T13:30:00Z", "end_before": "2026-11-22T14:30:00Z"}}"#;
    let cpo = Cpo::new();
    let refused = cpo.post(CPO, old).expect(200, 2002);
    assert!(refused.message.is_some_and(|message| message.contains("booking_location_id")));
    cpo.post(CPO, &old.replace("L1", "L2")).expect(200, 2003);
    let second = parse::<BookingLocation>(&offer("B2")).identity();
    block_on(cpo.world.objects.delete::<BookingLocation>(&second)).expect("a store");
    let booking = cpo.book(old);
    assert_eq!((booking.reservation_status.as_str(), hours(&booking).0.as_str()), ("RESERVED", "13:30"));
    let option = booking.booking_option.as_ref().expect("an option");
    assert_eq!((option.connector_format.len(), option.min_parking_space_length.is_some()), (1, true));
    assert_eq!(booking.booking_requests[0].booking_request.booking_location_id.as_str(), "B1");
    assert_eq!(cpo.book(old), booking, "the same request again");
    let at = booking.identity();
    let ended = cpo.bookings.finish(&at, ReservationStatus::NoShow, None, time("13:40:00"));
    block_on(ended).expect("it ends");
    assert_eq!(cpo.status(&request("R2", "13:30", "14:30")), "RESERVED", "its time is free");
}

/// The examples of the specification write the collection in another way, and before its owner.
#[test]
fn paths_of_booking_locations_may_begin_with_the_collection() {
    let cpo = Cpo::new();
    for list in ["booking_locations", "bookinglocations"] {
        let at = |below: &str| cpo.world.ask(CPO, Method::GET, &format!("{BOOKINGS}/{list}{below}"), "");
        assert_eq!(at("").expect(200, 1000).list::<BookingLocation>().len(), 2);
        assert_eq!(at("/B1").expect(200, 1000).object::<BookingLocation>().id.as_str(), "B1");
        assert_eq!(at("/B1/C1").expect(200, 1000).object::<Calendar>().id.as_str(), "C1");
        at("/B9").expect(404, 2000);
    }
    let emsp = World::of(objects(Quota::default()), |objects, routes| {
        routes.receiver::<BookingLocation>(objects).receiver::<Booking>(objects)
    });
    let theirs = offer("B1").replace("\"DE\"", "\"NL\"").replace("\"EMP\"", "\"ALF\"");
    let calendar = r#"{"timeslot_increment": 30, "last_updated": "2026-11-22T10:00:00Z"}"#;
    for (path, step) in [
        ("NL/ALF/booking_locations/B1", 201),
        ("bookinglocations/NL/ALF/B1", 200),
        ("booking_locations/NL/ALF/B1", 200),
        ("NL/ALF/bookinglocations/B1", 200),
    ] {
        let at = format!("/receiver/bookings/{path}");
        emsp.ask(CPO, Method::PUT, &at, &theirs).expect(step, 1000);
        emsp.ask(CPO, Method::PATCH, &format!("{at}/C1"), calendar).expect(200, 1000);
        let kept: Calendar = emsp.ask(CPO, Method::GET, &format!("{at}/C1"), "").expect(200, 1000).object();
        assert_eq!(kept.timeslot_increment, Some(30));
        // The owner is the same in each form.
        emsp.ask(OTHER, Method::GET, &at, "").expect(404, 2000);
        emsp.ask(OTHER, Method::PATCH, &format!("{at}/C1"), calendar).expect(404, 2000);
    }
}

#[test]
fn an_answer_is_one_of_the_four() {
    let status = |decision: BookingDecision| {
        let cpo = Cpo::with(Always(decision), Quota::default());
        let booking = cpo.book(&request("R1", "13:30", "14:30"));
        (booking.reservation_status.clone(), booking.booking_requests[0].request_status.clone())
    };
    use ReservationRequestStatus as R;
    use ReservationStatus as S;
    assert_eq!(status(BookingDecision::Accepted), (S::Reserved, R::Accepted));
    assert_eq!(status(BookingDecision::Declined), (S::Rejected, R::Declined));
    assert_eq!(status(BookingDecision::Pending), (S::Pending, R::Pending));
    assert_eq!(status(BookingDecision::Failed), (S::Failed, R::Failed));
}

struct Always(BookingDecision);

impl BookingDesk for Always {
    fn decide(&self, _: &BookingAsk<'_>) -> BookingDecision {
        self.0
    }
}

/// Writes a document that is no booking location.
fn break_offer(objects: &Objects<Memory>, id: &str) {
    let at = Address::of::<BookingLocation>(&parse::<BookingLocation>(&offer(id)).identity());
    let written = objects.store().update(vec![at.clone()], move |transaction| {
        let document = NewDocument::new("{", "2.3.0", time("10:00:00")).in_list("DE/EMP").with_part("");
        Ok::<_, Rejected<()>>(transaction.put(&at, document).map(drop)?)
    });
    block_on(written).expect("a store");
}

/// Nobody loses a booking because of a booking location that is not asked for.
#[test]
fn a_broken_booking_location_does_not_hide_the_one_that_is_meant() {
    let cpo = Cpo::new();
    let elsewhere: BookingLocation = parse(&offer("B2").replace("L1", "L2"));
    block_on(cpo.world.objects.put_all([elsewhere])).expect("a store");
    break_offer(&cpo.world.objects, "B3");
    let unnamed = ask_for("NL/ALF", "R1", "#NA", "13:30", "14:30");
    assert_eq!(cpo.status(&unnamed), "RESERVED");
    assert_eq!(cpo.world.objects.left_out(), 1);
}

/// A store whose booking locations change behind the reads of a page, as by another node.
struct Changing {
    memory: Memory,
    /// Changes, each behind another read.
    changes: Mutex<VecDeque<(Address, Option<NewDocument>)>>,
}

impl Store for Changing {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.memory.read(at).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        let page = self.memory.page(query, start, limit).await;
        let change = self.changes.lock().expect("no panic").pop_front();
        if let Some((at, document)) = change {
            let written = self.memory.update(vec![at.clone()], move |transaction| {
                match document.clone() {
                    Some(document) => drop(transaction.put(&at, document)?),
                    None => drop(transaction.delete(&at, time("12:00:00"))?),
                }
                Ok::<_, Rejected<()>>(())
            });
            written.await.expect("a store");
        }
        page
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        self.memory.write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.memory.changes(after, limit).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.memory.moved(after, timeout).await;
    }
}

/// Whatever comes and goes while a page is made, a crawl gets all that is there all the time, and nothing twice.
#[test]
fn a_crawl_misses_nothing_while_booking_locations_change() {
    let at = |id: &str| Address::of::<BookingLocation>(&parse::<BookingLocation>(&offer(id)).identity());
    for gone in [&["B1"][..], &["B2"], &["B1", "B2"], &["B3"], &["B1", "B2", "B3", "B4", "B5", "B6"]] {
        for first in 0..3 {
            let store = Changing { memory: Memory::new(), changes: Mutex::default() };
            let objects = Objects::new(store, vec![party("DE/EMP")]).with_page_size(2);
            let ids = ["B1", "B2", "B3", "B4", "B5", "B6", "B7"];
            block_on(objects.put_all(ids.map(|id| parse::<BookingLocation>(&offer(id))))).expect("a store");
            // The first read of a page is followed by a change, and so may be the second one.
            let waits = (0..first).map(|_| (at("other"), None));
            let changes = waits.chain(gone.iter().map(|id| (at(id), None)));
            *objects.store().changes.lock().expect("no panic") = changes.collect();
            let objects = Arc::new(objects);
            let bookings = Arc::new(Bookings::new(Arc::clone(&objects), Arc::new(())));
            let router = builder().version(Version::V2_3_0, |routes| routes.bookings(&objects, &bookings));
            let router = router.build(partners()).expect("a router");
            let mut path = Some(format!("{OFFERS}?timeslot_from=2026-11-22T12:00:00Z"));
            let mut found = Vec::new();
            while let Some(at) = path {
                let request = crate::site::request(Method::GET, &at, "");
                let page = Answer::of(block_on(router.call(request))).expect(200, 1000);
                let offers = page.list::<BookingLocation>();
                assert!(offers.len() <= 2);
                found.extend(offers.iter().map(|offer| offer.id.to_string()));
                path = next_path(&page);
            }
            let staying: Vec<&str> = ids.into_iter().filter(|id| !gone.contains(id)).collect();
            let kept: Vec<&str> =
                found.iter().map(String::as_str).filter(|id| staying.contains(id)).collect();
            assert_eq!(kept, staying, "{gone:?} after {first}");
        }
    }
}
