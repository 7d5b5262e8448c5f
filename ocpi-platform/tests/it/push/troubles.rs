//! Partners that refuse, fail, and go away.

use ocpi_platform::{AfterLong, PartnerPush, PushSettings, QueuedDelivery};
use ocpi_testkit::tariff_json;
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::tariffs::Tariff;

use super::world::{Fault, Setup, World, location};

fn with(push: PartnerPush) -> World {
    let push = PushSettings { general: push, ..PushSettings::default() };
    World::with(Setup { push, ..Setup::default() })
}

fn published() -> World {
    let world = World::new();
    world.publish::<Location>(&location("L1", 2, "10:00:00"));
    world.live(3);
    world.take_got();
    world
}

fn dead(world: &World) -> Vec<QueuedDelivery> {
    pollster::block_on(world.cpo.platform.deliveries("emsp").dead()).expect("a store")
}

#[test]
fn an_unclear_outcome_is_confirmed_by_the_whole_now_and_once_more() {
    for fault in [Fault::AnswerLost, Fault::Lost] {
        let world = published();
        world.fault([fault]);
        world.status("L1", "E1", Status::Charging);
        world.live(90);
        let got = world.take_got();
        let methods: Vec<&str> = got.iter().map(|got| got.method.as_str()).collect();
        assert_eq!(methods, ["PATCH", "PUT", "PUT"], "{fault:?}");
        assert!(got.iter().skip(1).all(|got| got.path == "locations/NL/ALF/L1"));
        assert!(got[1].at - got[0].at <= 3 && got[2].at - got[0].at >= 60, "{got:?}");
        assert!(world.is_same());
        let lag = pollster::block_on(world.cpo.platform.deliveries("emsp").lag()).unwrap();
        assert_eq!((lag.parts, lag.dead), (0, 0));
    }
}

#[test]
fn a_patch_that_is_refused_is_cured_by_a_put() {
    // 405 and 2003: the whole at once; another refusal: if the copy differs.
    for (fault, due) in [
        (Fault::Refused(405, 2000), &["PATCH locations/NL/ALF/L1/E1", "PUT locations/NL/ALF/L1"][..]),
        (Fault::Refused(200, 2003), &["PATCH locations/NL/ALF/L1/E1", "PUT locations/NL/ALF/L1"]),
        (
            Fault::Refused(400, 2001),
            &["PATCH locations/NL/ALF/L1/E1", "GET locations/NL/ALF/L1", "PUT locations/NL/ALF/L1"],
        ),
    ] {
        let world = published();
        world.fault([fault]);
        world.status("L1", "E1", Status::Charging);
        world.live(3);
        assert_eq!(world.lines(), due);
        assert!(world.is_same() && dead(&world).is_empty());
    }
}

#[test]
fn a_partner_that_takes_no_patch_is_learned() {
    let world = published();
    for number in 0..3 {
        world.fault([Fault::Refused(405, 2000)]);
        world.status("L1", "E1", if number % 2 == 0 { Status::Charging } else { Status::Available });
        world.live(3);
    }
    world.take_got();
    world.status("L1", "E2", Status::Charging);
    world.live(3);
    assert_eq!(world.lines(), ["PUT locations/NL/ALF/L1"]);
    // After a day it is tried again.
    world.time.advance(std::time::Duration::from_secs(24 * 60 * 60));
    world.status("L1", "E2", Status::Available);
    world.live(3);
    assert_eq!(world.lines(), ["PATCH locations/NL/ALF/L1/E2"]);
}

#[test]
fn what_is_refused_is_a_dead_letter_and_holds_up_nothing() {
    let world = published();
    world.fault([Fault::Refused(400, 2001)]);
    world.publish::<Tariff>(&tariff_json("NL/ALF", "T1", "10:00:00"));
    world.live(2);
    world.publish::<Tariff>(&tariff_json("NL/ALF", "T2", "10:00:00"));
    world.live(2);
    assert_eq!(world.lines(), ["PUT tariffs/NL/ALF/T1", "PUT tariffs/NL/ALF/T2"]);
    let all = dead(&world);
    assert_eq!(all.len(), 1);
    let refusal = all[0].refusal.clone().unwrap();
    assert_eq!((refusal.http, refusal.status, all[0].object.key()), (Some(400), Some(2001), "t1"));
    assert_eq!(world.take_told(), ["push.dead Tariff"]);
    let deliveries = world.cpo.platform.deliveries("emsp");
    let lag = pollster::block_on(deliveries.lag()).unwrap();
    assert_eq!((lag.parts, lag.dead), (0, 1));

    // It is sent again when somebody says so, and if that does not help it is dead again.
    world.fault([Fault::Refused(400, 2001)]);
    assert!(pollster::block_on(deliveries.retry(&all[0].id)).unwrap());
    world.live(2);
    assert_eq!((world.lines(), dead(&world).len()), (vec!["PUT tariffs/NL/ALF/T1".to_owned()], 1));
    // A newer change tries it by itself.
    world.publish::<Tariff>(&tariff_json("NL/ALF", "T1", "11:00:00"));
    world.live(2);
    assert_eq!((world.lines(), dead(&world).len()), (vec!["PUT tariffs/NL/ALF/T1".to_owned()], 0));
    assert!(!pollster::block_on(deliveries.retry(&all[0].id)).unwrap(), "it is not dead any more");
}

#[test]
fn what_is_dead_can_be_given_up() {
    let world = published();
    world.fault([Fault::Refused(400, 2001)]);
    world.publish::<Tariff>(&tariff_json("NL/ALF", "T1", "10:00:00"));
    world.live(2);
    let id = dead(&world).remove(0).id;
    let others = world.cpo.platform.deliveries("other");
    assert!(!pollster::block_on(others.discard(&id)).unwrap(), "it is of another partner");
    assert!(pollster::block_on(world.cpo.platform.deliveries("emsp").discard(&id)).unwrap());
    assert!(dead(&world).is_empty());
}

#[test]
fn a_partner_that_is_away_is_left_alone_and_gets_the_newest_when_it_is_back() {
    let world = published();
    world.always(Fault::Refused(503, 3000));
    world.status("L1", "E1", Status::Charging);
    world.live(60);
    let lines = world.lines();
    let pushes = lines.iter().filter(|line| line.contains("locations")).count();
    assert_eq!(pushes, 5, "{lines:?}");
    assert_eq!(world.take_told(), ["push.breaker_opened partner"]);
    for status in [Status::Blocked, Status::Available, Status::Inoperative] {
        world.status("L1", "E1", status);
        world.live(200);
    }
    let lines = world.lines();
    assert!(lines.iter().all(|line| line.ends_with("versions")), "{lines:?}");
    assert!(lines.len() < 10, "{lines:?}");
    let lag = pollster::block_on(world.cpo.platform.deliveries("emsp").lag()).unwrap();
    assert!(lag.parts == 1 && lag.away.is_some(), "{lag:?}");
    world.always(Fault::None);
    world.live(700);
    assert_eq!(world.take_told(), ["push.breaker_closed partner"]);
    assert!(world.is_same());
    let lines = world.lines();
    assert!(lines.iter().filter(|line| line.contains("locations")).count() <= 2, "{lines:?}");
}

#[test]
fn a_pause_that_the_partner_asked_for_is_no_silence() {
    let world = published();
    world.fault([Fault::Busy(120)]);
    let asked = world.cpo.platform.send("emsp", &ocpi_types::endpoint::GetVersions);
    world.time.run(asked).expect("no hang").expect_err("it is busy");
    for number in 0..10 {
        world.publish::<Tariff>(&tariff_json("NL/ALF", &format!("T{number}"), "10:00:00"));
    }
    world.take_got();
    world.live(90);
    assert_eq!(world.take_told(), [""; 0]);
    assert_eq!(world.lines().len(), 10);
}

#[test]
fn a_token_that_is_not_known_opens_the_breaker_at_once() {
    let world = published();
    world.fault([Fault::Refused(401, 2001)]);
    world.status("L1", "E1", Status::Charging);
    world.live(10);
    assert_eq!(world.take_told(), ["push.breaker_opened partner"]);
    world.live(60);
    assert!(world.is_same());
}

#[test]
fn a_partner_that_was_away_for_long_may_fetch_what_it_missed() {
    for after_long in [AfterLong::SendNewest, AfterLong::LetItPull] {
        let push = PartnerPush {
            give_way: std::time::Duration::from_secs(3_600),
            after_long,
            ..PartnerPush::default()
        };
        let world = with(push);
        world.publish::<Location>(&location("L1", 2, "10:00:00"));
        world.live(3);
        world.always(Fault::Refused(500, 3000));
        world.status("L1", "E1", Status::Charging);
        world.live(60);
        world.time.advance(std::time::Duration::from_secs(4_000));
        world.always(Fault::None);
        world.take_got();
        world.live(120);
        assert_eq!(world.is_same(), after_long == AfterLong::SendNewest);
        let is_told = world.take_told().contains(&"push.passed_over partner".to_owned());
        assert_eq!(is_told, after_long == AfterLong::LetItPull);
        // What changes from then on is sent in any case.
        world.status("L1", "E2", Status::Blocked);
        world.live(5);
        assert_eq!(world.copy("L1").unwrap().evse("E2").unwrap().status, Status::Blocked);
    }
}

#[test]
fn a_partner_that_left_is_sent_nothing_and_is_new_when_it_comes_again() {
    let world = published();
    pollster::block_on(world.emsp.platform.unregister("cpo")).unwrap();
    world.live(3);
    world.status("L1", "E1", Status::Charging);
    world.take_got();
    world.live(10);
    assert_eq!(world.lines(), [""; 0]);
    world.emsp.register_with(&world.cpo, "cpo", "emsp").expect("registered again");
    world.live(10);
    assert!(world.lines().iter().all(|line| !line.contains("locations")), "it fetches what is there");
    world.status("L1", "E1", Status::Available);
    world.live(5);
    assert_eq!(world.copy("L1").unwrap().evse("E1").unwrap().status, Status::Available);
}

#[test]
fn a_token_that_is_exchanged_meanwhile_hinders_nothing() {
    let world = published();
    for number in 0..3 {
        pollster::block_on(world.cpo.platform.rotate("emsp")).unwrap();
        world.status("L1", "E1", if number % 2 == 0 { Status::Charging } else { Status::Available });
        world.live(3);
        assert!(world.is_same(), "{number}");
    }
    assert_eq!(world.take_told(), [""; 0]);
}

#[test]
fn many_evses_go_to_a_slow_partner_in_whole_locations() {
    let world = World::new();
    for number in 0..20 {
        world.publish::<Location>(&location(&format!("L{number}"), 10, "10:00:00"));
    }
    world.live(3);
    assert_eq!(world.lines().len(), 20);
    world.fault([Fault::Busy(20)]);
    for number in 0..20 {
        for evse in 1..=10 {
            world.status(&format!("L{number}"), &format!("E{evse}"), Status::Charging);
        }
    }
    world.live(60);
    let lines = world.lines();
    assert!(lines.len() <= 21, "{lines:?}");
    assert!(world.is_same());
}

#[test]
fn after_a_refusal_the_whole_is_sent_also_after_a_restart() {
    for restarts in [false, true] {
        let world = published();
        // The city is refused, and would be missing if the status alone followed.
        let mut location = world.cpo.all::<Location>().remove(0);
        location.city = "Nijmegen".parse().unwrap();
        location.last_updated = ocpi_testkit::time("11:00:00");
        world.fault([Fault::Refused(400, 2001); 3]);
        pollster::block_on(world.cpo.platform.publish(location)).unwrap();
        world.live(2);
        assert_eq!(dead(&world).len(), 1);
        world.time.advance(std::time::Duration::from_secs(600));
        if restarts {
            world.run(1, async {});
        }
        world.take_got();
        world.status("L1", "E1", Status::Charging);
        world.live(3);
        assert_eq!(world.lines(), ["PUT locations/NL/ALF/L1"], "{restarts}");
        assert!(dead(&world).is_empty() && world.is_same());
    }
}

#[test]
fn an_object_that_is_new_in_the_place_of_another_is_sent_though_the_clock_went_back() {
    let world = published();
    let at = ocpi_types::endpoint::RootResource::identity(&world.cpo.all::<Location>()[0]);
    // Written past the marks, and published again.
    let mut location = world.cpo.all::<Location>().remove(0);
    location.city = "Nijmegen".parse().unwrap();
    location.last_updated = ocpi_testkit::time("11:00:00");
    pollster::block_on(world.cpo.platform.objects().put(&at, location.clone())).unwrap();
    location.address = "Station 2".parse().unwrap();
    pollster::block_on(world.cpo.platform.publish(location)).unwrap();
    world.live(3);
    assert!(world.is_same());
    pollster::block_on(world.cpo.platform.objects().delete::<Location>(&at)).unwrap();
    world.publish::<Location>(&super::world::location("L1", 1, "11:30:00"));
    world.live(3);
    assert!(world.is_same());
}
