//! Requests to partners: their options, repeats and pace.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use ocpi_client::{RequestOptions, Retry};
use ocpi_platform::PullOptions;
use ocpi_testkit::{
    Network, PlatformSetup, SimulatedTime, TestPlatform, cdr_json, parse, party, respond, success, token_json,
};
use ocpi_types::Rate;
use ocpi_types::endpoint::{ConnectorKey, EvseKey, List, Owned, PostCdr};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::charging_profiles::ChargingProfile;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

const SECOND: Duration = Duration::from_secs(1);

/// An eMSP with the default repeats in a time that can be waited for, and its partner `cpo`.
pub(crate) struct World {
    pub(crate) time: SimulatedTime,
    pub(crate) network: Network,
    pub(crate) emsp: TestPlatform,
    pub(crate) setup: PlatformSetup,
    pub(crate) cpo: TestPlatform,
    /// Requests to the partner, from the time on that it answers by hand.
    asked: Arc<Mutex<Vec<http::Request<Bytes>>>>,
}

impl World {
    pub(crate) fn new(change: impl FnOnce(PlatformSetup) -> PlatformSetup) -> Self {
        let (time, network) = (SimulatedTime::default(), Network::default());
        let cpo = PlatformSetup::cpo().open(&network);
        let setup = PlatformSetup {
            clock: time.clock(),
            timer: time.timer(),
            retry: Retry::default(),
            ..PlatformSetup::emsp()
        };
        let setup = change(setup);
        let emsp = setup.clone().open(&network);
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        network.take_requests();
        Self { time, network, emsp, setup, cpo, asked: Arc::default() }
    }

    /// Lets the partner answer its requests, which are counted from 0.
    pub(crate) fn answers(
        &self,
        answer: impl Fn(usize, &http::Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
    ) {
        let asked = Arc::clone(&self.asked);
        asked.lock().expect("no panic").clear();
        self.network.add_host("cpo.example", move |request| {
            let mut asked = asked.lock().expect("no panic");
            let answer = answer(asked.len(), &request);
            asked.push(request);
            answer
        });
    }

    pub(crate) fn asked(&self) -> Vec<http::Request<Bytes>> {
        std::mem::take(&mut *self.asked.lock().expect("no panic"))
    }

    /// Runs a program, and returns the seconds that it took.
    pub(crate) fn run<F: IntoFuture>(&self, program: F) -> (F::Output, f64) {
        let before = self.time.clock().now();
        let output = self.time.run(program).expect("it does not hang");
        let micros = self.time.clock().now().to_unix_micros() - before.to_unix_micros();
        (output, Duration::from_micros(micros.try_into().expect("later")).as_secs_f64())
    }
}

fn busy(status: u16, retry_after: Option<&str>) -> Response<Bytes> {
    let headers: Vec<(&str, &str)> = retry_after.into_iter().map(|text| ("retry-after", text)).collect();
    respond(status, &headers, "")
}

fn header(request: &http::Request<Bytes>, name: &str) -> Option<String> {
    request.headers().get(name).map(|value| value.to_str().expect("a text").to_owned())
}

/// M5: every call takes the options of a request.
#[test]
fn a_party_behind_a_hub_can_be_addressed_by_every_call() {
    let world = World::new(|setup| setup);
    world.answers(|_, request| {
        let is_list = request.uri().path().ends_with("/tariffs");
        success(if is_list { "[]" } else { r#"{"result": "REJECTED", "timeout": 30}"# })
    });
    let options =
        RequestOptions::new().from(party("DE/EMP")).to(party("FR/HUB")).correlation_id("driver-waits");
    let emsp = &world.emsp.platform;
    let [id, location_id, evse_uid, connector_id] =
        ["S1", "L1", "E1", "C1"].map(|id| id.parse().expect("an id"));
    let connector = ConnectorKey { location_id, evse_uid, connector_id };
    let evse = EvseKey { location_id: connector.location_id.clone(), evse_uid: connector.evse_uid.clone() };
    let evse = Owned { owner: party("NL/BET"), key: evse };
    let token: Token = parse(&token_json("DE/EMP", "04A2", "10:00:00"));
    let profile: ChargingProfile = parse(r#"{"charging_rate_unit": "A"}"#);
    let expiry = "2026-11-22T13:00:00Z".parse().expect("a time");
    block_on(async {
        emsp.send_with("cpo", &List::<Tariff>::all(), &options).await.expect("a list");
        let pull = PullOptions::new().options(options.clone());
        emsp.pull_with::<Tariff>("cpo", &pull, |_| {}).await.expect("a list");
        drop(emsp.start_session("cpo", &token, &evse).options(options.clone()).await.expect("answered"));
        drop(emsp.stop_session("cpo", &id).options(options.clone()).await.expect("answered"));
        drop(
            emsp.reserve_now("cpo", &token, &evse, &id, expiry)
                .options(options.clone())
                .await
                .expect("answered"),
        );
        drop(emsp.cancel_reservation("cpo", &id).options(options.clone()).await.expect("answered"));
        drop(emsp.unlock_connector("cpo", &connector).options(options.clone()).await.expect("answered"));
        drop(emsp.active_charging_profile("cpo", &id, 60).options(options.clone()).await.expect("answered"));
        drop(
            emsp.set_charging_profile("cpo", &id, profile).options(options.clone()).await.expect("answered"),
        );
        drop(emsp.clear_charging_profile("cpo", &id).options(options.clone()).await.expect("answered"));
    });
    let asked = world.asked();
    // The list that nothing ends is asked for three times.
    assert_eq!(asked.len(), 12);
    for request in asked {
        let told = ["ocpi-from-party-id", "ocpi-to-country-code", "ocpi-to-party-id", "x-correlation-id"]
            .map(|name| header(&request, name).unwrap_or_default());
        assert_eq!(told, ["EMP", "FR", "HUB", "driver-waits"], "{}", request.uri());
    }
}

#[test]
fn what_may_be_repeated_is_repeated_and_nothing_else() {
    let world = World::new(|setup| setup);
    world.answers(|number, _| if number < 2 { busy(503, None) } else { success("[]") });
    let list = List::<Tariff>::all();
    let (sent, took) = world.run(world.emsp.platform.send("cpo", &list));
    sent.expect("the third time");
    assert_eq!(world.asked().len(), 3);
    assert!((1.5..=3.0).contains(&took), "between half and the whole of 1 s and 2 s: {took}");

    world.answers(|_, _| busy(429, Some("40")));
    let (sent, took) = world.run(world.emsp.platform.send("cpo", &list));
    sent.expect_err("it stays busy");
    assert_eq!((world.asked().len(), took), (3, 80.0));

    // A CDR would be there twice.
    let world = World::new(|setup| setup);
    world.answers(|_, _| busy(503, None));
    let cdr = PostCdr(parse::<Cdr>(&cdr_json("DE/EMP", "D1", "10:00:00")));
    let (sent, took) = world.run(world.emsp.platform.send("cpo", &cdr));
    sent.expect_err("it is busy");
    assert_eq!((world.asked().len(), took), (1, 0.0));
    let stop = "S1".parse().expect("an id");
    drop(world.run(world.emsp.platform.stop_session("cpo", &stop)));
    assert_eq!(world.asked().len(), 1);
}

#[test]
fn a_deadline_bounds_repeats_and_waits() {
    let world = World::new(|setup| setup);
    world.answers(|_, _| busy(503, Some("30")));
    let soon = RequestOptions::new().within(SECOND * 10);
    let (sent, took) = world.run(world.emsp.platform.send_with("cpo", &List::<Tariff>::all(), &soon));
    sent.expect_err("not in time");
    assert_eq!((world.asked().len(), took), (1, 0.0));
}

/// Also when the token changes on the way.
#[test]
fn the_rest_of_a_deadline_is_left_for_a_newer_token() {
    let world = World::new(|setup| setup);
    let (platform, time) = (Arc::clone(&world.emsp.platform), world.time.clone());
    let (network, mut rotated) = (world.network.clone(), false);
    world.network.watch(move |request| {
        if !request.uri().path().ends_with("/tariffs") {
            return None;
        }
        if std::mem::replace(&mut rotated, true) {
            // The newer token meets a partner that is busy for longer than the 4 seconds that are left.
            network.add_host("cpo.example", |_| busy(503, Some("5")));
        } else {
            time.advance(SECOND * 6);
            block_on(platform.rotate("cpo")).expect("rotated");
        }
        None
    });
    let soon = RequestOptions::new().within(SECOND * 10);
    let (sent, took) = world.run(world.emsp.platform.send_with("cpo", &List::<Tariff>::all(), &soon));
    sent.expect_err("too late");
    let requests = world.network.take_requests();
    let lists = requests.iter().filter(|request| request.ends_with("/tariffs")).count();
    assert_eq!((lists, took), (2, 6.0), "once by each token: {requests:?}");
}

#[test]
fn a_partner_gets_no_more_than_the_default_rate() {
    let world = World::new(|setup| PlatformSetup { rate: Some(Rate::per_minute(100)), ..setup });
    world.answers(|_, _| success("[]"));
    let list = List::<Tariff>::all();
    let send = |times: usize| {
        let platform = &world.emsp.platform;
        world.run(async {
            for _ in 0..times {
                platform.send("cpo", &list).await.expect("a list");
            }
        })
    };
    assert_eq!(send(100).1, 0.0);
    assert_eq!(send(1).1, 60.0, "one too many in the minute");
    // A request whose deadline ends before its turn is not sent.
    assert_eq!(send(99).1, 0.0);
    let soon = RequestOptions::new().within(SECOND * 5);
    let (late, took) = world.run(world.emsp.platform.send_with("cpo", &list, &soon));
    let late = late.expect_err("no turn");
    assert!(matches!(&late, ocpi_platform::Error::Client(error) if error.is_no_turn()), "{late}");
    assert!(took < 5.0, "{took}");
    assert_eq!(world.asked().len(), 200);
    // What the profile says comes first.
    let slow = PartnerProfile::strict().with_rate(Rate::per_minute(2));
    block_on(world.emsp.platform.set_profile("cpo", &slow)).expect("a partner");
    assert_eq!(send(5).1, 120.0);
    block_on(world.emsp.platform.set_profile("cpo", &PartnerProfile::strict())).expect("a partner");
    assert_eq!(send(100).1, 0.0);
}

/// A partner waits for the end of an exchange: it is not held up by lists that are fetched.
#[test]
fn exchanges_of_credentials_do_not_wait_for_the_default_rate() {
    let world = World::new(|setup| PlatformSetup { rate: Some(Rate::per_minute(20)), ..setup });
    let (platform, list) = (&world.emsp.platform, List::<Tariff>::all());
    let use_up = async {
        for _ in 0..20 {
            platform.send("cpo", &list).await.expect("a list");
        }
    };
    world.run(use_up);
    let (rotated, took) = world.run(platform.rotate("cpo"));
    rotated.expect("rotated");
    assert_eq!(took, 0.0);
}
