//! CDRs and states over a line that loses and doubles, from processes that crash.
//!
//! The variable `OCPI_CDRS` says how many CDRs are sent, the half of them by processes that crash:
//!
//! ```sh
//! OCPI_CDRS=1000000 cargo test --release -p ocpi-platform --test it push::storm -- --nocapture
//! ```

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use ocpi_testkit::{Fate, Network, PlatformSetup, SimulatedTime, cdr_json, parse};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::{Location, Status};

use super::world::{cdrs, location, on, set_status};

/// CDRs of a course.
const EACH: usize = 20;

#[test]
fn no_cdr_is_lost_and_none_is_there_twice() {
    let count = std::env::var("OCPI_CDRS").map_or(200, |count| count.parse().expect("a number"));
    let (mut sent, mut posts, mut crashes) = (0, 0, 0);
    for seed in 0..(count / EACH).max(1) as u64 {
        let course = Course::play(seed);
        (sent, posts, crashes) = (sent + EACH, posts + course.posts, crashes + course.crashes);
    }
    println!("{sent} CDRs by {posts} POSTs, {crashes} crashes: 0 lost, 0 twice");
    assert!(posts > sent + sent / 4 && crashes * EACH * 4 > sent, "{posts} POSTs, {crashes} crashes");
}

/// Numbers that look like chance.
#[derive(Clone)]
struct Chance(Arc<Mutex<u64>>);

impl Chance {
    fn below(&self, bound: u64) -> u64 {
        let mut state = self.0.lock().expect("nobody panicked");
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % bound
    }
}

struct Course {
    posts: usize,
    crashes: usize,
}

impl Course {
    fn play(seed: u64) -> Self {
        let chance = Chance(Arc::new(Mutex::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xDEAD_BEEF)));
        let (time, network) = (SimulatedTime::default(), Network::default());
        let setup = on(&time, PlatformSetup::new("cpo", &[("CPO", "NL", "ALF")]));
        let emsp = on(&time, PlatformSetup::new("emsp", &[("EMSP", "DE", "EMP")])).open(&network);
        let cpo = setup.clone().open(&network);
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        time.run(cpo.platform.tick()).expect("no hang").expect("a tick");
        let posts = Arc::new(Mutex::new(0));
        storm(&network, &emsp.router, &chance, &posts);

        let text = location("L1", 3, "10:00:00");
        time.run(cpo.platform.publish(parse::<Location>(&text))).expect("no hang").expect("published");
        let (mut platform, mut crashes) = (cpo.platform, 0);
        for number in 0..EACH {
            let cdr = parse::<Cdr>(&cdr_json("NL/ALF", &format!("CDR{number}"), "10:00:00"));
            time.run(platform.publish(cdr)).expect("no hang").expect("published");
            let evse = format!("E{}", 1 + chance.below(3));
            let status =
                [Status::Charging, Status::Available, Status::Blocked][chance.below(3) as usize].clone();
            time.run(set_status(&*platform, "L1", &evse, status)).expect("no hang");
            // It lives for a while, and crashes, or stops as it should.
            let life = Duration::from_millis(chance.below(4_000));
            let timer = time.timer();
            if chance.below(2) == 0 {
                let end = timer.within(life, platform.run(std::future::pending()));
                time.run(end).expect("no hang");
                crashes += 1;
                platform = setup.clone().open(&network).platform;
            } else {
                time.run(platform.run(timer.wait(life))).expect("no hang");
            }
        }
        // The storm is over: everything arrives.
        network.calm();
        network.add_router("emsp.example", emsp.router.clone());
        time.run(platform.run(time.timer().wait(Duration::from_secs(900)))).expect("no hang");
        let due: BTreeSet<String> = (0..EACH).map(|number| format!("CDR{number}")).collect();
        let there = cdrs(&emsp);
        assert_eq!(there.len(), EACH, "seed {seed}: one is there twice, or not at all");
        assert_eq!(there.into_iter().collect::<BTreeSet<_>>(), due, "seed {seed}");
        assert_eq!(
            emsp.all::<Location>(),
            pollster::block_on(platform.objects().all()).expect("a store").objects,
            "seed {seed}"
        );
        let lag = pollster::block_on(platform.deliveries("emsp").lag()).expect("a store");
        assert_eq!((lag.parts, lag.messages, lag.dead), (0, 0, 0), "seed {seed}");
        let posts = *posts.lock().expect("nobody panicked");
        Self { posts, crashes }
    }
}

/// One request in five is lost, so is one answer in five, and one request in five arrives twice.
fn storm(network: &Network, router: &ocpi_server_traits::Router, chance: &Chance, posts: &Arc<Mutex<usize>>) {
    let (router, doubles) = (router.clone(), chance.clone());
    network.add_host("emsp.example", move |request: http::Request<Bytes>| {
        if doubles.below(5) == 0 {
            pollster::block_on(router.call(request.clone()));
        }
        pollster::block_on(router.call(request))
    });
    let (chance, posts) = (chance.clone(), Arc::clone(posts));
    network.watch(move |request| {
        if request.uri().host() != Some("emsp.example") {
            return None;
        }
        *posts.lock().expect("nobody panicked") += usize::from(request.method() == Method::POST);
        match chance.below(5) {
            0 => Some(Fate::Lost),
            1 => Some(Fate::AnswerLost),
            _ => None,
        }
    });
}
