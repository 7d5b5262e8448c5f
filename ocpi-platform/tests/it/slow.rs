//! Partners that never answer, and the others, whose registrations are looked after at the same time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join;
use http::Method;
use ocpi_platform::{Error, Every, PartnerState, TickReport};
use ocpi_testkit::{CannedPlatform, Fate, PlatformSetup, TestPlatform, tariff_json};
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use crate::calls::World;
use crate::hand::{allow_hand, by_hand};

/// Registers the eMSP with a CPO for each of these names.
fn with_partners(names: &[String]) -> (World, Vec<TestPlatform>) {
    let world = World::new(|setup| setup);
    let register = |name: &String| {
        let party = name.to_ascii_uppercase();
        let side = PlatformSetup::new(name.clone().leak(), &[("CPO", "NL", &party)]).open(&world.network);
        world.emsp.register_with(&side, name, "emsp").expect("registered");
        side
    };
    let sides = names.iter().map(register).collect();
    (world, sides)
}

/// Partners called `a00`, `a01` …, which come before `cpo`.
fn names(number: usize) -> Vec<String> {
    (0..number).map(|id| format!("a{id:02}")).collect()
}

/// Begins a rotation with each of them, whose answer is lost.
fn begin_rotations<'a>(world: &World, names: impl IntoIterator<Item = &'a str>) {
    world.network.watch(|request| (request.method() == Method::PUT).then_some(Fate::AnswerLost));
    for name in names {
        block_on(world.emsp.platform.rotate(name)).expect_err("the answer is lost");
    }
    world.network.calm();
    world.network.take_requests();
    world.time.advance(Duration::from_secs(2));
}

/// Lets nothing be heard of hosts whose names begin so: of requests with this method, or of all.
fn hang(world: &World, begin: &'static str, method: Option<Method>) {
    world.network.watch(move |request| {
        let is_theirs = request.uri().host().is_some_and(|host| host.starts_with(begin));
        let is_it = method.as_ref().is_none_or(|method| request.method() == method);
        (is_theirs && is_it).then_some(Fate::Hangs)
    });
}

fn tick(world: &World) -> (TickReport, f64) {
    let (ticked, took) = world.run(world.emsp.platform.tick());
    (ticked.expect("a store"), took)
}

fn is_open(world: &World, name: &str) -> bool {
    world.emsp.partner(name).is_exchanging
}

#[test]
fn a_partner_that_never_answers_holds_up_no_other() {
    for (method, most) in [(None, 10.0), (Some(Method::PUT), 60.0)] {
        let names = ["a00".to_owned(), "z00".to_owned()];
        let (world, _sides) = with_partners(&names);
        begin_rotations(&world, ["a00", "cpo", "z00"]);
        hang(&world, "a00", method.clone());
        let (ticked, took) = tick(&world);
        assert!(took <= most, "{took}");
        assert_eq!(ticked.done, 2, "{ticked:?}");
        let [(slow, error)] = &ticked.failed[..] else { panic!("{ticked:?}") };
        assert_eq!(slow.as_str(), "a00");
        assert!(matches!(error, Error::TooSlow | Error::NoAnswer), "{error}");
        assert!(is_open(&world, "a00") && !is_open(&world, "cpo") && !is_open(&world, "z00"));
        // It is noted as any other failure: the partner is asked less and less often.
        world.network.take_requests();
        let (ticked, took) = tick(&world);
        assert_eq!((ticked.failed.len(), took), (0, 0.0), "{ticked:?}");
        assert_eq!(world.network.take_requests(), [""; 0]);
        // When it is back, the exchange is settled.
        world.network.calm();
        world.time.advance(Duration::from_secs(20));
        assert_eq!(tick(&world).0.done, 1);
        world.emsp.reach("a00").expect("its token is known");
    }
}

/// So it is with a DELETE, and with the first use of a token.
#[test]
fn every_request_about_credentials_has_an_end() {
    let (world, sides) = with_partners(&["a00".to_owned(), "b00".to_owned()]);
    let partners = [&sides[0], &sides[1]];
    world.network.once(Method::DELETE, Fate::Lost);
    block_on(world.emsp.platform.unregister("a00")).expect_err("lost");
    world.network.once(Method::PUT, Fate::AnswerLost);
    block_on(partners[1].platform.rotate("emsp")).expect_err("lost");
    assert_eq!(world.emsp.partner("a00").state, PartnerState::Leaving);
    world.time.advance(Duration::from_secs(2));
    world.network.watch(|request| {
        let is_theirs = request.uri().host().is_some_and(|host| host != "emsp.example");
        (is_theirs && request.uri().path().ends_with("/credentials")).then_some(Fate::Hangs)
    });
    let (ticked, took) = tick(&world);
    let failed: Vec<_> = ticked.failed.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!((failed, took), (vec!["a00", "b00"], 60.0), "side by side");
    assert_eq!(tick(&world).1, 0.0, "less and less often");
    world.network.calm();
    world.time.advance(Duration::from_secs(20));
    assert_eq!(tick(&world).0.done, 2);
    assert_eq!(world.emsp.partner("a00").state, PartnerState::Left);
}

/// A call of an operator has an end, too, and its failure is noted.
#[test]
fn a_call_has_an_end() {
    let (world, _sides) = with_partners(&[]);
    hang(&world, "cpo", Some(Method::PUT));
    let (rotated, took) = world.run(world.emsp.platform.rotate("cpo"));
    assert!(matches!(rotated, Err(Error::NoAnswer)), "{rotated:?}");
    assert_eq!(took, 60.0);
    assert_eq!(tick(&world).1, 0.0, "it is noted");
    hang(&world, "cpo", Some(Method::DELETE));
    world.time.advance(Duration::from_secs(2));
    let (left, took) = world.run(world.emsp.platform.unregister("cpo"));
    assert!(matches!(&left, Err(Error::Client(error)) if error.is_timeout()), "{left:?}");
    assert_eq!((took, world.emsp.partner("cpo").state), (60.0, PartnerState::Leaving));
}

/// Many of them leave room for partners that come by themselves, and for those behind them in the next ticks.
#[test]
fn many_that_never_answer_leave_room_for_others() {
    let names = names(20);
    let (world, _sides) = with_partners(&names);
    CannedPlatform::with("").add_to(&world.network);
    let invited = ["hand", "second"]
        .map(|id| block_on(world.emsp.platform.invite(id, allow_hand())).expect("not registered yet"));
    begin_rotations(&world, names.iter().map(String::as_str).chain(["cpo"]));
    hang(&world, "a", None);
    let comes = async {
        world.time.timer().wait(Duration::from_secs(5)).await;
        world.emsp.send_credentials(Method::POST, &invited[0], &by_hand())
    };
    let (both, took) = world.run(join(world.emsp.platform.tick(), comes));
    assert_eq!(both.1, (200, 1000), "it is called back meanwhile");
    assert!(both.0.is_ok() && took <= 20.0, "{took}");
    for _ in 0..3 {
        let (_, took) = tick(&world);
        assert!(took <= 20.0, "{took}");
        world.time.advance(Duration::from_secs(1));
    }
    assert!(!is_open(&world, "cpo"), "the one behind them had its turn");
}

/// Neither do pushes, results and syncs wait for its answer.
#[test]
fn other_work_goes_on() {
    let world = World::new(|setup| setup);
    world.cpo.put::<Tariff>(&tariff_json("NL/ALF", "A", "10:00:00"));
    let slow = PlatformSetup::new("slow", &[("CPO", "NL", "SLO")]).open(&world.network);
    world.emsp.register_with(&slow, "slow", "emsp").expect("registered");
    begin_rotations(&world, ["slow"]);
    block_on(world.emsp.platform.keep::<(Tariff,)>("cpo", Every::hour())).expect("a store");
    let (time, asked) = (world.time.clone(), Arc::new(Mutex::new(None)));
    let begun = time.clock().now();
    world.network.watch({
        let asked = Arc::clone(&asked);
        move |request| {
            if request.uri().path().ends_with("/tariffs") {
                *asked.lock().expect("no panic") = Some(time.clock().now().seconds_since(begun));
            }
            (request.uri().host() == Some("slow.example") && request.method() == Method::PUT)
                .then_some(Fate::Hangs)
        }
    });
    let (ticked, took) = tick(&world);
    assert_eq!((ticked.failed.len(), took), (1, 60.0));
    assert_eq!(*asked.lock().expect("no panic"), Some(10), "after a while it is not waited for");
    assert_eq!(world.emsp.all::<Tariff>().len(), 1);
}
