//! Two platforms over a network that loses, doubles and delays, and programs that crash: once it is calm again, both reach
//! each other, whatever happened.
//!
//! The environment variable `OCPI_SEEDS` says how many courses are played.

use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use ocpi_platform::PartnerState;
use ocpi_testkit::{Fate, Network, PlatformSetup, SteppedClock, TestPlatform};
use ocpi_types::CredentialsToken;
use pollster::block_on;

use crate::hand::ask_for_tariffs;

#[test]
fn once_it_is_calm_both_reach_each_other() {
    let seeds = std::env::var("OCPI_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(150);
    for seed in 0..seeds {
        World::new(seed).run();
    }
    println!("{seeds} courses of registration");
}

/// Numbers by chance, the same for a seed in each run.
#[derive(Clone)]
struct Chance(Arc<Mutex<u64>>);

impl Chance {
    fn below(&self, most: u64) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % most
    }
}

struct World {
    seed: u64,
    chance: Chance,
    network: Network,
    clock: SteppedClock,
    sides: [TestPlatform; 2],
    /// Requests with credentials that were sent once, to come again.
    sent: Arc<Mutex<Vec<http::Request<bytes::Bytes>>>>,
    /// Tokens that were superseded before a rotation that returned.
    token_a: CredentialsToken,
}

const NAMES: [&str; 2] = ["cpo", "emsp"];

impl World {
    fn new(seed: u64) -> Self {
        let (network, clock) = (Network::default(), SteppedClock::default());
        let sides = [PlatformSetup::cpo(), PlatformSetup::emsp()]
            .map(|setup| PlatformSetup { clock: clock.clock(), ..setup }.open(&network));
        let token_a = sides[0].invite("emsp", &sides[1]).expect("invited");
        let chance = Chance(Arc::new(Mutex::new(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))));
        Self { seed, chance, network, clock, sides, sent: Arc::default(), token_a }
    }

    fn run(mut self) {
        self.network.watch({
            let (chance, sent) = (self.chance.clone(), Arc::clone(&self.sent));
            move |request| {
                if [Method::POST, Method::PUT].contains(request.method()) {
                    sent.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                }
                match chance.below(8) {
                    0 => Some(Fate::Lost),
                    1 => Some(Fate::AnswerLost),
                    _ => None,
                }
            }
        });
        for _ in 0..self.chance.below(20) + 5 {
            self.happens();
        }
        self.network.calm();
        self.settle();
        for (side, other) in [(0, 1), (1, 0)] {
            let reached = self.sides[side].reach(NAMES[other]);
            reached
                .unwrap_or_else(|error| panic!("seed {}: {} is locked out: {error}", self.seed, NAMES[side]));
            let status = self.sides[side].partner(NAMES[other]);
            let is_settled = status.is_confirmed && !status.is_exchanging && !status.is_suspect;
            assert!(is_settled && status.state == PartnerState::Registered, "seed {}: {status:?}", self.seed);
        }
        // Whatever was sent before comes once more, and changes nothing.
        let late: Vec<_> = std::mem::take(&mut *self.sent.lock().unwrap_or_else(PoisonError::into_inner));
        for request in late {
            let side = usize::from(request.uri().host() == Some("emsp.example"));
            assert_eq!(self.sides[side].ask(request).0, 401, "seed {}", self.seed);
        }
        assert_eq!(ask_for_tariffs(&self.sides[0], &self.token_a), (401, 2000), "seed {}", self.seed);
        for (side, other) in [(0, 1), (1, 0)] {
            self.sides[side].reach(NAMES[other]).expect("the late ones changed nothing");
        }
    }

    fn happens(&mut self) {
        let side = usize::from(self.chance.below(2) == 1);
        let (this, other) = (&self.sides[side], NAMES[1 - side]);
        // Most of it fails, which is what is wanted here.
        match self.chance.below(8) {
            0 | 1 => drop(self.register()),
            2 => drop(block_on(this.platform.rotate(other))),
            3 => drop(block_on(this.platform.tick())),
            4 => drop(this.reach(other)),
            5 => {
                let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone();
                if let Some(most) = u64::try_from(sent.len()).ok().filter(|most| *most > 0) {
                    let place = usize::try_from(self.chance.below(most)).expect("a place");
                    let to = usize::from(sent[place].uri().host() == Some("emsp.example"));
                    self.sides[to].ask(sent[place].clone());
                }
            }
            6 => {
                let seconds = [1, 5, 60, 700][usize::try_from(self.chance.below(4)).expect("a place")];
                self.clock.advance(seconds);
            }
            _ => {
                let setup = if side == 0 { PlatformSetup::cpo() } else { PlatformSetup::emsp() };
                let (store, clock) = (Arc::clone(&this.store), self.clock.clock());
                self.sides[side] = PlatformSetup { store, clock, ..setup }.open(&self.network);
            }
        }
    }

    fn register(&self) -> Result<(), ocpi_platform::Error> {
        let [cpo, emsp] = &self.sides;
        let url = cpo.versions_url();
        block_on(emsp.platform.register("cpo", url, self.token_a.clone(), cpo.allow())).map(drop)
    }

    /// Both programs run on for a while.
    fn settle(&self) {
        drop(self.register());
        for _ in 0..6 {
            for side in &self.sides {
                self.clock.advance(2_000);
                drop(block_on(side.platform.tick()));
            }
        }
    }
}
