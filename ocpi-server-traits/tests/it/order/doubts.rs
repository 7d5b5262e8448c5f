//! Doubts, and the answers that settle them.

use ocpi_server_traits::order::{Arrival, DoubtReason, OrderFinding, Taken, Update};
use ocpi_server_traits::storage::{Address, NewDocument, Rejected, StoreExt};
use ocpi_server_traits::{Cause, Memory, Objects};
use ocpi_testkit::{evse_json, location_json, parse, partner_id, party, time};
use ocpi_types::endpoint::{EvseKey, Owned, RootResource};
use ocpi_types::json;
use ocpi_types::v2_3_0::locations::{Evse, Location, LocationPatch};
use pollster::block_on;

fn location(updated: &str) -> Location {
    parse(&location_json("NL/ALF", "L1", updated))
}

fn by() -> Cause {
    Cause::Push { partner: partner_id("cpo"), request_id: None }
}

fn take(objects: &Objects<Memory>, update: Update<Location>, came: &str) -> Taken {
    let arrival = Arrival::of(&update, time(came));
    let at = location("10:00:00").identity();
    block_on(objects.take(&at, update, arrival, &by())).expect("a store").taken
}

fn named(name: &str, updated: &str) -> Update<Location> {
    let patch = format!(r#"{{"name": "{name}", "last_updated": "2026-11-22T{updated}Z"}}"#);
    Update::patch(json::from_str::<LocationPatch>(&patch).expect("a PATCH"))
}

#[test]
fn a_doubt_is_listed_until_the_owner_has_answered() {
    let objects = Objects::new(Memory::new(), vec![]);
    let at = location("10:00:00").identity();
    assert_eq!(take(&objects, Update::put(location("10:00:00")), "10:00:01"), Taken::Created);
    assert_eq!(take(&objects, named("B", "10:02:00"), "10:02:01"), Taken::Updated);
    assert_eq!(block_on(objects.doubts()).expect("a store"), []);
    assert_eq!(take(&objects, named("A", "10:01:00"), "10:02:02"), Taken::Older);
    let doubts = block_on(objects.doubts()).expect("a store");
    assert_eq!(doubts.len(), 1);
    assert_eq!(doubts[0].at, Address::of::<Location>(&at));
    assert_eq!(doubts[0].partner, Some(partner_id("cpo")));
    assert_eq!(doubts[0].doubt.since, time("10:02:02"));
    assert_eq!(doubts[0].doubt.reasons, [DoubtReason::Overtaken].into());
    assert_eq!(block_on(objects.doubts_of(&party("NL/ALF"))).expect("a store"), doubts);
    assert_eq!(block_on(objects.doubts_of(&party("NL/BET"))).expect("a store"), []);

    let mut theirs = location("10:02:00");
    theirs.name = Some("B".parse().expect("a name"));
    let by = by();
    let answer = objects.answer(&at, Some(theirs), time("10:02:07"), time("10:02:08"), &by);
    assert_eq!(block_on(answer).expect("a store").taken, Taken::Unchanged);
    assert_eq!(block_on(objects.doubts()).expect("a store"), []);
}

#[test]
fn a_doubt_that_comes_up_after_the_question_stays() {
    let objects = Objects::new(Memory::new(), vec![]);
    let at = location("10:00:00").identity();
    take(&objects, Update::put(location("10:00:00")), "10:00:01");
    take(&objects, named("B", "10:02:00"), "10:02:01");
    take(&objects, named("A", "10:01:00"), "10:02:08");
    let (theirs, by) = (Some(location("10:02:00")), by());
    let answer = objects.answer(&at, theirs, time("10:02:07"), time("10:02:09"), &by);
    block_on(answer).expect("a store");
    assert!(block_on(objects.doubt::<Location>(&at)).expect("a store").is_some());
}

#[test]
fn the_owner_is_believed_the_fourth_time() {
    let objects = Objects::new(Memory::new(), vec![]);
    let at = location("10:00:00").identity();
    take(&objects, Update::put(location("11:00:00")), "11:00:01");
    let mut old = location("10:00:00");
    old.city = "Gent".parse().expect("a city");
    let ask = |minute: u8| {
        let (asked, came) = (time(&format!("11:{minute}:00")), time(&format!("11:{minute}:01")));
        block_on(objects.answer(&at, Some(old.clone()), asked, came, &by())).expect("a store").taken
    };
    assert_eq!([10, 11, 12].map(ask), [Taken::Older; 3]);
    assert!(block_on(objects.doubt::<Location>(&at)).expect("a store").is_some());
    assert_eq!(ask(13), Taken::Updated);
    assert!(block_on(objects.doubt::<Location>(&at)).expect("a store").is_none());
}

#[test]
fn answers_of_a_page_are_taken_together() {
    let (objects, by) = (Objects::new(Memory::new(), vec![]), by());
    let locations =
        (0..600).map(|number| parse::<Location>(&location_json("NL/ALF", &format!("L{number}"), "10:00:00")));
    let answers = objects.answer_all(locations.collect(), time("10:00:01"), time("10:00:02"), &by);
    let outcomes = block_on(answers).expect("a store");
    let created =
        outcomes.iter().filter(|outcome| outcome.as_ref().is_ok_and(|found| found.taken == Taken::Created));
    assert_eq!((outcomes.len(), created.count()), (600, 600));
    assert_eq!(block_on(objects.all::<Location>()).expect("a store").objects.len(), 600);
    let newer =
        (0..2).map(|number| parse::<Location>(&location_json("NL/ALF", &format!("L{number}"), "11:00:00")));
    let answers = objects.answer_all(newer.collect(), time("11:00:01"), time("11:00:02"), &by);
    assert!(
        block_on(answers)
            .expect("a store")
            .iter()
            .all(|outcome| { outcome.as_ref().is_ok_and(|found| found.taken == Taken::Unchanged) })
    );
}

/// Times that cannot be read do not hide the object: the order is that of arrival, until the owner has been asked.
#[test]
fn times_that_cannot_be_read_are_a_doubt() {
    for stamps in [&b"\xff"[..], b"\x01", b"\x01\x00\x00\x05", b"\x02\x00"] {
        let objects = Objects::new(Memory::new(), vec![]);
        let (at, body) = (location("10:00:00").identity(), json::to_vec(&location("10:00:00")));
        let (address, kept) = (Address::of::<Location>(&at), stamps.to_vec());
        let write = objects.store().update(vec![address.clone()], move |tx| {
            let document =
                NewDocument::new(body.clone(), "2.3.0", time("10:00:00")).in_list("NL/ALF").with_part("");
            tx.put(&address, document.with_stamps(kept.clone()))?;
            Ok::<_, Rejected<()>>(())
        });
        block_on(write).expect("a store");
        assert_eq!(take(&objects, named("A", "09:00:00"), "12:00:00"), Taken::Updated);
        let found: Location = block_on(objects.get(&at)).expect("a store").expect("a Location");
        assert_eq!(found.name.expect("a name").as_str(), "A");
        let doubt = block_on(objects.doubt::<Location>(&at)).expect("a store").expect("a doubt");
        assert!(doubt.reasons.contains(&DoubtReason::Unreadable));
    }
}

/// The feed names the parts that changed, as the object spells them; and the origin stands beside the object.
#[test]
fn a_change_is_told_by_its_part_and_its_cause() {
    use ocpi_server_traits::storage::{Position, Store};
    let objects = Objects::new(Memory::new(), vec![]);
    take(&objects, Update::put(location("10:00:00")), "10:00:01");
    let start = block_on(objects.store().changes(Position::START, 100)).expect("a store");
    let patch = json::from_str(r#"{"status": "CHARGING", "last_updated": "2026-11-22T10:01:00Z"}"#);
    let update = Update::<Evse>::patch(patch.expect("a PATCH"));
    let key = EvseKey { location_id: "l1".parse().expect("an id"), evse_uid: "e1".parse().expect("an id") };
    let at = Owned { owner: party("nl/alf"), key };
    let arrival = Arrival::of(&update, time("10:01:01"));
    let outcome = block_on(objects.take(&at, update, arrival, &by())).expect("a store");
    assert_eq!((outcome.taken, outcome.parts), (Taken::Updated, vec!["E1".to_owned()]));
    let changes = block_on(objects.store().changes(start.upto, 100)).expect("a store");
    let parts: Vec<_> = changes.rows.iter().map(|change| change.part.as_str()).collect();
    assert_eq!(parts, ["E1"]);
    let document = block_on(objects.store().get(&changes.rows[0].at)).expect("a store").expect("a document");
    assert_eq!(Cause::from_bytes(&document.cause), Some(by()));
    // The same again changes nothing, and is told to nobody.
    assert_eq!(take(&objects, Update::put(location("09:00:00")), "10:02:00"), Taken::Older);
    assert_eq!(block_on(objects.store().changes(changes.upto, 100)).expect("a store").rows, []);
}

/// Changes of one Location at the same time are all made.
#[test]
fn changes_at_the_same_time_are_all_made() {
    const COUNT: usize = 200;
    let objects = Objects::new(Memory::new(), vec![]);
    let mut many = location("10:00:00");
    many.evses = (0..COUNT).map(|number| parse(&evse_json(&format!("E{number}"), "10:00:00"))).collect();
    take(&objects, Update::put(many.clone()), "10:00:01");
    let by = by();
    let changes = (0..COUNT).map(|number| {
        let patch = json::from_str(r#"{"status": "CHARGING", "last_updated": "2026-11-22T10:01:00Z"}"#);
        let update = Update::<Evse>::patch(patch.expect("a PATCH"));
        let evse_uid = format!("E{number}").parse().expect("an id");
        let key = EvseKey { location_id: "L1".parse().expect("an id"), evse_uid };
        let arrival = Arrival::of(&update, time("10:01:01"));
        let (objects, by) = (&objects, &by);
        async move { objects.take(&Owned { owner: party("NL/ALF"), key }, update, arrival, by).await }
    });
    let taken = block_on(futures_util::future::join_all(changes));
    assert!(taken.iter().all(|taken| taken.as_ref().is_ok_and(|found| found.taken == Taken::Updated)));
    let found: Location = block_on(objects.get(&many.identity())).expect("a store").expect("a Location");
    assert!(found.evses.iter().all(|evse| evse.status.as_str() == "CHARGING"));
}

/// Whoever takes an update is given what became of it, also of one that changed nothing.
#[test]
fn the_outcome_of_an_update_is_returned() {
    let objects = Objects::new(Memory::new(), vec![]);
    let outcome = |update: Update<Location>, came: &str| {
        let arrival = Arrival::of(&update, time(came));
        let at = location("10:00:00").identity();
        let outcome = block_on(objects.take(&at, update, arrival, &by())).expect("a store");
        (outcome.taken, outcome.findings)
    };
    assert_eq!(outcome(named("A", "10:00:00"), "10:00:01"), (Taken::Missing, vec![]));
    let future = outcome(Update::put(location("12:00:00")), "10:00:02");
    assert_eq!(future, (Taken::Created, vec![OrderFinding::FutureStamp]));
    assert_eq!(outcome(named("B", "11:00:00"), "11:00:01"), (Taken::Updated, vec![]));
    assert_eq!(outcome(named("A", "10:59:00"), "11:00:02"), (Taken::Older, vec![OrderFinding::Stale]));
}
