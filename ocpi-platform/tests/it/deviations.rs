//! Deviations of partners are stored with them.

use ocpi_client::Deviation;
use ocpi_platform::Error;
use ocpi_server_traits::storage::{Address, StoreExt};
use ocpi_testkit::{TestPlatform, respond, success};
use ocpi_types::endpoint::List;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use super::calls::World;

/// A list without the `timestamp` of the envelope.
const ODD: &str = r#"{"data": [], "status_code": 1000}"#;

fn odd() -> World {
    let world = World::new(|setup| setup);
    world.answers(|_, _| respond(200, &[], ODD));
    world
}

fn ask(side: &TestPlatform) -> Result<(), Error> {
    block_on(side.platform.send("cpo", &List::<Tariff>::all())).map(drop)
}

/// The rules with their numbers that lists showed.
fn lists(side: &TestPlatform) -> Vec<(String, &'static str, u64)> {
    let told = side.partner("cpo").deviations;
    let told = told.into_iter().filter(|it| it.endpoint.starts_with("List"));
    told.map(|Deviation { endpoint, finding, times, .. }| (endpoint, finding.rule.id(), times)).collect()
}

fn tariffs(times: u64) -> Vec<(String, &'static str, u64)> {
    vec![("List<Tariff>".to_owned(), "env.missing", times)]
}

/// The number of writes of the document.
fn revision(side: &TestPlatform) -> Option<u64> {
    let at = Address::new("PartnerDeviations", "", "cpo");
    block_on(side.store.get(&at)).expect("a store").map(|document| document.revision)
}

#[test]
fn deviations_outlive_the_platform_and_are_those_of_all_nodes() {
    let world = odd();
    ask(&world.emsp).expect("tolerated");
    assert_eq!(lists(&world.emsp), tariffs(1));
    let other = world.setup.clone().open(&world.network);
    assert_eq!(lists(&other), tariffs(1), "of the other process");
    ask(&other).expect("tolerated");
    assert_eq!((lists(&other), lists(&world.emsp)), (tariffs(2), tariffs(2)));
    block_on(other.platform.send("cpo", &List::<Location>::all())).expect("tolerated");
    let all = block_on(world.emsp.platform.partners()).expect("a store");
    assert_eq!(all[0].deviations, other.partner("cpo").deviations);
    assert!(lists(&world.emsp).contains(&("List<Location>".to_owned(), "env.missing", 1)));
    drop(other);
    let restarted = world.setup.clone().open(&world.network);
    assert_eq!(restarted.partner("cpo").deviations, world.emsp.partner("cpo").deviations);
}

#[test]
fn only_a_new_deviation_is_written_at_once_and_numbers_once_in_an_hour() {
    let world = odd();
    ask(&world.emsp).expect("tolerated");
    let first = revision(&world.emsp).expect("stored");
    for _ in 0..20 {
        ask(&world.emsp).expect("tolerated");
    }
    assert_eq!((revision(&world.emsp), lists(&world.emsp)), (Some(first), tariffs(21)));
    let tick = || block_on(world.emsp.platform.tick()).expect("a store");
    tick();
    world.time.advance(std::time::Duration::from_secs(3_599));
    tick();
    assert_eq!(revision(&world.emsp), Some(first));
    world.time.advance(std::time::Duration::from_secs(1));
    tick();
    let second = revision(&world.emsp);
    assert_ne!(second, Some(first));
    tick();
    assert_eq!((revision(&world.emsp), lists(&world.emsp)), (second, tariffs(21)));
    let other = world.setup.clone().open(&world.network);
    assert_eq!(lists(&other), tariffs(21));
    // Nothing odd, nothing written.
    world.answers(|_, _| success("[]"));
    ask(&world.emsp).expect("a list");
    assert_eq!(revision(&world.emsp), second);
}

#[test]
fn deviations_can_be_forgotten() {
    let world = odd();
    ask(&world.emsp).expect("tolerated");
    block_on(world.emsp.platform.forget_deviations("cpo")).expect("a store");
    assert_eq!((world.emsp.partner("cpo").deviations, revision(&world.emsp)), (vec![], None));
    ask(&world.emsp).expect("tolerated");
    assert_eq!(lists(&world.emsp), tariffs(1));
}

/// A partner that comes back is met anew.
#[test]
fn deviations_go_with_a_partner_that_is_forgotten() {
    let world = odd();
    ask(&world.emsp).expect("tolerated");
    assert!(revision(&world.emsp).is_some());
    block_on(world.emsp.platform.forget("cpo")).expect("forgotten");
    assert_eq!((world.emsp.partner("cpo").deviations, revision(&world.emsp)), (vec![], None));
}

/// A broken document hides nothing, and rules of another release are kept.
#[test]
fn documents_of_others_are_taken_as_far_as_they_go() {
    use ocpi_server_traits::storage::{NewDocument, Rejected};
    let world = odd();
    let at = Address::new("PartnerDeviations", "", "cpo");
    let now = world.time.clock().now();
    let put = |body: &str| {
        let (place, document) = (at.clone(), NewDocument::new(body.to_owned(), "deviations 1", now));
        let edit = move |transaction: &mut ocpi_server_traits::storage::Transaction<'_>| {
            transaction.put(&place, document.clone())?;
            Ok::<_, Rejected<()>>(())
        };
        block_on(world.emsp.store.update(vec![at.clone()], edit)).expect("stored");
    };
    put("{");
    assert_eq!(lists(&world.emsp), []);
    put(r#"{"met": [{"endpoint": "List<Tariff>", "rule": "of.tomorrow", "repaired": false, "times": 3}]}"#);
    ask(&world.emsp).expect("tolerated");
    assert_eq!(lists(&world.emsp), tariffs(1));
    let document = block_on(world.emsp.store.get(&at)).expect("a store").expect("stored");
    assert!(String::from_utf8_lossy(&document.body).contains("of.tomorrow"));
}
