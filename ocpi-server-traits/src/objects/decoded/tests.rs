//! An object that is kept is the one that would be read, and counts for the very document that it was written as.

use ocpi_types::DateTime;
use ocpi_types::endpoint::{EvseKey, LocationKey, Owned, RootResource};
use ocpi_types::json;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, LocationPatch};
use pollster::block_on;

use super::*;
use crate::order::{Arrival, Update};
use crate::storage::{NewDocument, Rejected, StoreExt};
use crate::{Cause, Memory, Objects, Quota};

const LOCATION: &str = r#"{"country_code":"NL","party_id":"ALF","id":"L1","publish":true,"address":"Street 1","city":"Ede",
    "country":"NLD","coordinates":{"latitude":"52.09","longitude":"5.12"},"evses":[{"uid":"E1","status":"AVAILABLE",
    "connectors":[{"id":"1","standard":"IEC_62196_T2","format":"SOCKET","power_type":"AC_3_PHASE","max_voltage":230,
    "max_amperage":16,"last_updated":"2026-11-22T10:00:00Z"}],"last_updated":"2026-11-22T10:00:00Z"}],
    "time_zone":"Europe/Amsterdam","x_note":"kept","last_updated":"2026-11-22T10:00:00Z"}"#;

fn now() -> DateTime {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn by() -> Cause {
    Cause::Push { partner: "cpo".parse().unwrap(), request_id: None }
}

fn at() -> Owned<LocationKey> {
    Owned { owner: Party::new("NL", "ALF").unwrap(), key: LocationKey { location_id: "L1".parse().unwrap() } }
}

fn address() -> Address {
    Address::of::<Location>(&at())
}

fn objects() -> Objects<Memory> {
    let objects = Objects::new(Memory::new(), vec![]);
    let location: Location = json::from_str(LOCATION).unwrap();
    assert_eq!(location.identity(), at());
    let update = Update::put(location);
    let arrival = Arrival::of(&update, now());
    block_on(objects.take::<Location>(&at(), update, arrival, &by())).unwrap();
    objects
}

fn patch_evse(objects: &Objects<Memory>, patch: &str) {
    let key = EvseKey { location_id: "L1".parse().unwrap(), evse_uid: "E1".parse().unwrap() };
    let at = Owned { owner: at().owner, key };
    let update = Update::<Evse>::patch(json::read::<EvsePatch>(patch.as_bytes()).unwrap().value);
    let arrival = Arrival::of(&update, now());
    block_on(objects.take(&at, update, arrival, &by())).unwrap();
}

fn status(minute: u32) -> String {
    let status = if minute % 2 == 0 { "CHARGING" } else { "AVAILABLE" };
    format!(r#"{{"status":"{status}","last_updated":"2026-11-22T11:{minute:02}:00Z"}}"#)
}

fn document(objects: &Objects<Memory>) -> Document {
    block_on(objects.store().get(&address())).unwrap().expect("a document")
}

fn known(objects: &Objects<Memory>) -> Option<Copy<Location>> {
    objects.decoded.take(&address(), &document(objects))
}

#[test]
fn an_object_is_kept_as_it_would_be_read() {
    let objects = objects();
    assert!(known(&objects).is_none(), "the first one was not read from the store");
    for minute in 0..4 {
        patch_evse(&objects, &status(minute));
        let (kept, document) = (known(&objects).expect("it is kept"), document(&objects));
        assert_eq!(kept.object, json::read::<Location>(&document.body).unwrap().value);
        assert_eq!(Some(kept.times), Stamps::from_bytes(&document.stamps));
        assert!(known(&objects).is_none(), "it was taken out");
    }
}

/// One that comes late changes nothing, and costs the next one nothing.
#[test]
fn an_object_that_stays_as_it_is_is_kept() {
    let objects = objects();
    patch_evse(&objects, &status(5));
    patch_evse(&objects, &status(4));
    let (kept, document) = (known(&objects).expect("it is kept"), document(&objects));
    assert_eq!(kept.object, json::read::<Location>(&document.body).unwrap().value);
    assert_eq!(Some(kept.times), Stamps::from_bytes(&document.stamps));
}

/// A value that is equal may be spelled otherwise; where nothing is written, that is not in the document.
#[test]
fn an_object_with_an_equal_value_is_not_kept() {
    let objects = objects();
    for id in ["NL*ALF*E1", "nl*alf*e1"] {
        patch_evse(&objects, &format!(r#"{{"evse_id":"{id}","last_updated":"2026-11-22T11:00:00Z"}}"#));
    }
    let body = String::from_utf8(document(&objects).body.to_vec()).unwrap();
    assert!(body.contains("NL*ALF*E1") && known(&objects).is_none());
}

#[test]
fn only_the_very_document_counts() {
    let objects = objects();
    patch_evse(&objects, &status(0));
    let mut other = document(&objects);
    other.stamps = Bytes::from_static(b"\x01");
    assert!(objects.decoded.take::<Location>(&address(), &other).is_none());

    patch_evse(&objects, &status(1));
    // Somebody else writes, past this library.
    let (body, place) = (LOCATION.replace("Street 1", "Road 1"), address());
    let write = objects.store().update(vec![place.clone()], move |transaction| {
        let new = NewDocument::new(body.clone(), "2.3.0", now()).in_list("NL/ALF").with_part("");
        Ok::<_, Rejected<()>>(transaction.put(&place, new).map(drop)?)
    });
    block_on(write).unwrap();
    patch_evse(&objects, &status(2));
    let there: Location = block_on(objects.get(&at())).unwrap().expect("a Location");
    assert_eq!(there.address.as_str(), "Road 1");
}

/// A change that is refused is kept, too, but not as what is stored.
#[test]
fn an_edit_that_is_not_stored_leaves_nothing() {
    let objects = objects().with_quotas(Quota::default().with_bytes(2_000));
    patch_evse(&objects, &status(0));
    let long = format!(r#"{{"address":"{}","last_updated":"2026-11-22T11:30:00Z"}}"#, "x".repeat(20_000));
    let update = Update::<Location>::patch(json::read::<LocationPatch>(long.as_bytes()).unwrap().value);
    let arrival = Arrival::of(&update, now());
    let error = block_on(objects.take(&at(), update, arrival, &by())).expect_err("it is too large");
    assert_eq!(error.http_status(), 403, "{error}");
    patch_evse(&objects, &status(1));
    let there: Location = block_on(objects.get(&at())).unwrap().expect("a Location");
    assert_eq!(there.address.as_str(), "Street 1");
}

/// Notes are not written, so an object with one is read again.
#[test]
fn an_update_with_more_than_members_is_not_kept() {
    let objects = objects();
    patch_evse(&objects, &status(0));
    for odd in [r#""status":"CHARGING","status":"BLOCKED""#, r#""x":1"#, r#""floor_level":{}"#] {
        patch_evse(&objects, &format!(r#"{{{odd},"last_updated":"2026-11-22T11:30:00Z"}}"#));
        assert!(known(&objects).is_none(), "{odd}");
    }
    patch_evse(&objects, &status(31));
    assert!(known(&objects).is_some(), "the notes are not in the text");
}

#[test]
fn an_object_with_notes_is_not_whole() {
    let is_whole_with = |member: &str| {
        let text = LOCATION.replace(r#""x_note":"kept""#, member);
        is_whole(&json::read::<Location>(text.as_bytes()).unwrap().value)
    };
    assert!(is_whole_with(r#""x_note":"kept","x_note":"kept""#));
    assert!(!is_whole_with(r#""city":"Apeldoorn""#), "a member stands twice");
    assert!(!is_whole_with(r#""operator":5"#), "one cannot be read");
}

#[test]
fn room_is_bounded() {
    let (objects, decoded) = (objects(), Decoded::new());
    let (document, location) = (document(&objects), json::from_str::<Location>(LOCATION).unwrap());
    let copy = |bytes: usize| {
        Copy::new(
            Bytes::from(vec![b' '; bytes]),
            document.stamps.clone(),
            location.clone(),
            Stamps::default(),
        )
    };
    for number in 0..40_000 {
        decoded.keep(&Address::new("Location", "NL/ALF", format!("l{number}")), copy(100));
    }
    assert!(decoded.kept.weight() <= BYTES && decoded.kept.weight() > BYTES / 2);
    decoded.keep(&address(), copy(9 << 20));
    assert!(decoded.kept.weight() <= BYTES);
    decoded.keep(&address(), copy(2 << 20));
    assert!(decoded.kept.get(&decoded.key(&address())).is_some(), "a large one has room");
}
