//! Objects that were stored can be read again, by the version that wrote them; those that cannot be read spoil no
//! others.

use ocpi_server_traits::storage::{Address, Document, NewDocument, Query, Rejected, Start, Store, StoreExt};
use ocpi_server_traits::{Error, Memory, Objects};
use ocpi_testkit::{evse_json, location_json, parse, party, time, token_json};
use ocpi_types::endpoint::{EvseKey, LocationKey, Owned, RootResource};
use ocpi_types::json;
use ocpi_types::v2_2_1::locations::Location as OldLocation;
use ocpi_types::v2_3_0::locations::{Evse, Location};
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

use crate::site::Site;

fn location(id: &str) -> Location {
    parse(&location_json("DE/EMP", id, "10:00:00"))
}

fn place(id: &str) -> Owned<LocationKey> {
    location(id).identity()
}

fn evse_place(location_id: &str, evse_uid: &str) -> Owned<EvseKey> {
    let key = EvseKey {
        location_id: location_id.parse().expect("an id"),
        evse_uid: evse_uid.parse().expect("an id"),
    };
    Owned { owner: party("DE/EMP"), key }
}

fn stored(objects: &Objects<Memory>, id: &str) -> Document {
    let address = Address::of::<Location>(&place(id));
    block_on(objects.store().get(&address)).expect("a store").expect("a document")
}

/// Writes a text past the library.
fn write(objects: &Objects<Memory>, id: &str, body: &str, format: &str) {
    let document = NewDocument::new(body.to_owned(), format, time("10:00:00")).in_list("DE/EMP");
    let at = Address::of::<Location>(&place(id));
    let written = objects.store().update(vec![at.clone()], move |transaction| {
        assert!(transaction.get(&at)?.is_none());
        Ok::<_, Rejected<()>>(transaction.put(&at, document.clone()).map(drop)?)
    });
    block_on(written).expect("a store");
}

fn own() -> Objects<Memory> {
    Objects::new(Memory::new(), vec![party("DE/EMP")])
}

#[track_caller]
fn assert_names_both_versions(error: &Error) {
    let text = error.to_string();
    assert!(error.is_internal(), "{text}");
    assert!(text.contains("2.2.1") && text.contains("2.3.0") && !text.contains("broken"), "{text}");
}

#[test]
fn documents_say_the_version_of_their_body() {
    let objects = own();
    block_on(objects.put_all([location("L1")])).expect("a store");
    assert_eq!(stored(&objects, "L1").format, "2.3.0");
    let evse: Evse = parse(&evse_json("E2", "10:00:01"));
    block_on(objects.put(&evse_place("L1", "E2"), evse)).expect("a store");
    assert_eq!(stored(&objects, "L1").format, "2.3.0");
    // A type that versions share is written as that of the first.
    let token: Token = parse(&token_json("DE/EMP", "K1", "10:00:00"));
    block_on(objects.put_all([token])).expect("a store");
    let page = block_on(objects.store().page(&Query::all("Token"), Start::First, 10)).expect("a page");
    assert_eq!(page.rows[0].1.format, "2.2.1");
}

#[test]
fn an_object_of_another_version_is_neither_read_nor_written_over() {
    let objects = own();
    let old: OldLocation = parse(&location_json("DE/EMP", "L1", "09:00:00"));
    block_on(objects.put_all([old.clone()])).expect("a store");
    let before = stored(&objects, "L1");

    assert_names_both_versions(&block_on(objects.get::<Location>(&place("L1"))).unwrap_err());
    assert_names_both_versions(&block_on(objects.put(&place("L1"), location("L1"))).unwrap_err());
    let evse: Evse = parse(&evse_json("E1", "11:00:00"));
    assert_names_both_versions(&block_on(objects.put(&evse_place("L1", "E1"), evse)).unwrap_err());

    assert_eq!(stored(&objects, "L1"), before);
    assert_eq!(block_on(objects.get::<OldLocation>(&old.identity())).expect("a store"), Some(old));
}

#[test]
fn a_list_of_another_version_is_refused_and_not_empty() {
    let site = Site::emsp();
    let old: OldLocation = parse(&location_json("DE/EMP", "L1", "09:00:00"));
    block_on(site.objects.put_all([old])).expect("a store");
    for path in ["/sender/locations", "/sender/locations/L1"] {
        let answer = site.get(path).expect(200, 3000);
        assert!(answer.message.is_some_and(|message| message.contains("2.2.1") && message.contains("2.3.0")));
    }
    assert_eq!(site.objects.left_out(), 0);

    block_on(site.objects.put_all([location("L2")])).expect("a store");
    let all = block_on(site.objects.all::<Location>()).expect("a store");
    assert_eq!(all.objects, [location("L2")]);
    assert_eq!(all.broken.len(), 1);
    assert_names_both_versions(&all.broken[0].error);
}

#[test]
fn a_broken_document_costs_nobody_else() {
    let site = Site::emsp();
    block_on(site.objects.put_all([location("L1")])).expect("a store");
    write(&site.objects, "L2", r#"{"id": "L2"}"#, "2.3.0");
    block_on(site.objects.put_all([location("L3")])).expect("a store");

    let all = block_on(site.objects.all::<Location>()).expect("a store");
    assert_eq!(all.objects, [location("L1"), location("L3")]);
    let broken: Vec<&Address> = all.broken.iter().map(|broken| &broken.at).collect();
    assert_eq!(broken, [&Address::of::<Location>(&place("L2"))]);
    assert!(all.broken[0].error.is_internal());

    for listed in 1..=2 {
        let answer = site.get("/sender/locations").expect(200, 1000);
        assert_eq!(answer.list::<Location>(), [location("L1"), location("L3")]);
        // Offsets count documents, so the total does too.
        assert_eq!(answer.header("x-total-count"), Some("3"));
        assert_eq!(site.objects.left_out(), listed);
    }
    site.get("/sender/locations/L2").expect(200, 3000);
}

#[test]
fn what_is_deeper_than_any_message_is_read_again() {
    let objects = own();
    // 100 levels: more than the 64 of a message.
    let deep = format!("{}1{}", "[".repeat(99), "]".repeat(99));
    let body =
        location_json("DE/EMP", "L1", "10:00:00").replacen('{', &format!(r#"{{"x_deep": {deep}, "#), 1);
    assert!(json::read::<Location>(body.as_bytes()).is_err());
    write(&objects, "L1", &body, "2.3.0");
    let found = block_on(objects.get::<Location>(&place("L1"))).expect("a store").expect("an object");
    // It can be changed, too.
    block_on(objects.put(&place("L1"), found.clone())).expect("a store");
    assert_eq!(block_on(objects.all::<Location>()).expect("a store").objects, [found]);
}

/// A Location whose JSON has this many bytes.
fn of_size(bytes: usize) -> Location {
    let json = |blank: usize| {
        let text = "x".repeat(blank);
        location_json("DE/EMP", "L1", "10:00:00").replacen('{', &format!(r#"{{"x_long": "{text}", "#), 1)
    };
    let short = json::to_vec(&parse::<Location>(&json(0))).len();
    parse(&json(bytes - short))
}

#[test]
fn an_object_of_more_than_15_mib_is_2001() {
    const MOST: usize = 15 << 20;
    let objects = own();
    let large = of_size(MOST);
    assert_eq!(json::to_vec(&large).len(), MOST);
    block_on(objects.put(&place("L1"), large)).expect("a store");
    let before = stored(&objects, "L1");

    let error = block_on(objects.put(&place("L1"), of_size(MOST + 1))).unwrap_err();
    assert_eq!((error.http_status().as_u16(), error.status_code().get()), (200, 2001));
    // Nor does it grow by a part at a time.
    let evse: Evse = parse(&evse_json("E2", "10:00:01"));
    let error = block_on(objects.put(&evse_place("L1", "E2"), evse)).unwrap_err();
    assert_eq!(error.status_code().get(), 2001);
    assert_eq!(stored(&objects, "L1"), before);
}
