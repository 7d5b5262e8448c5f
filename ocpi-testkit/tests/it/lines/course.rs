//! A course: what both sides do while the line and their processes fail.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ocpi_platform::Error;
use ocpi_testkit::{parse, party, token_json};
use ocpi_types::endpoint::{Authorize, EvseKey, Owned, Patch, PostCdr, Put, SessionKey, TokenKey};
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location};
use ocpi_types::v2_3_0::sessions::{Session, SessionPatch};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::{Token, TokenPatch, TokenType};
use ocpi_types::{CredentialsToken, DateTime, Url};

use super::chance::Chance;
use super::laws;
use super::line::{Call, Fate, Weather};
use super::objects::{self, Key, Kind, Truth};
use super::world::{CPO, Crashes, EMSP, NAMES, Ours, PARTIES, World};

/// Calls among which the one is that meets a fate; most courses make more.
const CALLS: u64 = 70;
/// Steps among which the one is at which a process crashes.
const STEPS: u64 = 260;
/// Longest time of an operation: no wait is longer.
const LONGEST: Duration = Duration::from_secs(7_200);
/// Word for a course, or an operation, that does not end.
pub(crate) const HANGS: &str = "it hangs";
/// Objects of a kind.
const OBJECTS: u64 = 3;

/// A course that was played.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) calls: Vec<Call>,
    pub(crate) crashes: Vec<(usize, u64)>,
    pub(crate) done: u64,
    /// Operations that were told to have failed.
    pub(crate) told: u64,
    pub(crate) wrong: Vec<String>,
}

/// Plays the course of a seed.
pub(crate) fn play(seed: u64, is_told: bool) -> Played {
    let chance = Chance::new(!seed);
    let (weather, crashes) = match seed % 3 {
        0 => (Weather::One(chance.below(CALLS), chance.one_of(&Fate::ALL)), Crashes::Never),
        1 => (Weather::Calm, Crashes::Once(chance.one_of(&[CPO, EMSP]), 1 + chance.below(STEPS))),
        _ => (Weather::Storm(2 + chance.below(6)), Crashes::Often),
    };
    play_in(seed, weather, crashes, is_told)
}

/// Plays the course of a seed in this weather.
pub(crate) fn play_in(seed: u64, weather: Weather, crashes: Crashes, is_told: bool) -> Played {
    let world = World::new(seed, weather, crashes, is_told);
    let mut course = Course { world: &world, truth: Truth::default(), token_a: None, done: 0, told: 0 };
    if world.run(Box::pin(course.play())).is_err() {
        world.wrong(HANGS);
    }
    let (done, told) = (course.done, course.told);
    let sky = world.sky.lock().expect("no panic");
    Played {
        calls: sky.calls.clone(),
        crashes: world.crashed.lock().expect("no panic").clone(),
        done,
        told,
        wrong: world.wrong.lock().expect("no panic").clone(),
    }
}

/// Reason why an operation came to nothing.
#[derive(Debug)]
pub(crate) enum Told {
    Failed(Error),
    Crashed,
    Hung,
}

pub(crate) struct Course<'a> {
    pub(crate) world: &'a Arc<World>,
    pub(crate) truth: Truth,
    pub(crate) token_a: Option<CredentialsToken>,
    done: u64,
    told: u64,
}

impl Course<'_> {
    async fn play(&mut self) {
        self.world.open(CPO).await;
        self.world.open(EMSP).await;
        while self.token_a.is_none() {
            let invited = self.operate(CPO, "invite", |cpo| async move {
                cpo.invite(NAMES[EMSP], World::allow(EMSP)).await
            });
            self.token_a = invited.await.ok();
        }
        let registered = self.register().await;
        if registered.is_ok() {
            laws::is_registered(self).await;
        }
        for _ in 0..10 + self.world.chance.below(12) {
            self.world.wait(1 + self.world.chance.below(4)).await;
            Box::pin(self.something()).await;
        }
        let weather = self.world.calm();
        Box::pin(laws::settle(self)).await;
        Box::pin(laws::nothing_is_lost(self)).await;
        Box::pin(laws::every_command_has_an_outcome(self)).await;
        self.world.storm_again(weather);
        Box::pin(laws::comes_to_an_end(self)).await;
    }

    /// Runs an operation of a side's process, and opens afterwards what has crashed.
    pub(crate) async fn operate<T, F>(
        &mut self,
        side: usize,
        name: &str,
        operation: impl FnOnce(Ours) -> F,
    ) -> Result<T, Told>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let outcome = run(self.world, side, name, operation).await;
        self.note(&outcome);
        self.reopen().await;
        outcome
    }

    fn note<T>(&mut self, outcome: &Result<T, Told>) {
        match outcome {
            Ok(_) => self.done += 1,
            Err(_) => self.told += 1,
        }
    }

    pub(crate) async fn reopen(&self) {
        self.world.open(CPO).await;
        self.world.open(EMSP).await;
    }

    pub(crate) async fn register(&mut self) -> Result<(), Told> {
        let token_a = self.token_a.clone().expect("an invitation");
        self.operate(EMSP, "register", |emsp| async move {
            emsp.register(NAMES[CPO], versions_url(CPO), token_a, World::allow(CPO)).await.map(drop)
        })
        .await
    }

    async fn something(&mut self) {
        let chance = self.world.chance.clone();
        match chance.below(16) {
            0..=3 => self.push(self.any_of(&Kind::OF_CPO)).await,
            4 => self.push(self.any_of(&[Kind::Token])).await,
            5 | 6 => self.patch(self.any_of(&[Kind::Location, Kind::Session, Kind::Token])).await,
            7 => self.pull().await,
            8 | 9 => self.command().await,
            10 => {
                let side = chance.one_of(&[CPO, EMSP]);
                let rotate = |ours: Ours| async move { ours.rotate(NAMES[1 - side]).await.map(drop) };
                drop(self.operate(side, "rotate", rotate).await);
            }
            11 => self.both_rotate().await,
            12 => {
                let side = chance.one_of(&[CPO, EMSP]);
                drop(self.operate(side, "tick", |ours| async move { ours.tick().await.map(drop) }).await);
            }
            13 => self.world.wait(chance.one_of(&[20, 90, 700, 4_000])).await,
            14 => drop(self.register().await),
            _ => self.authorize().await,
        }
    }

    fn any_of(&self, kinds: &[Kind]) -> Key {
        let kind = self.world.chance.one_of(kinds);
        Key { kind, number: self.world.chance.below(OBJECTS) }
    }

    pub(crate) fn now(&self) -> DateTime {
        self.world.time.clock().now()
    }

    /// Changes an object and pushes it.
    async fn push(&mut self, key: Key) {
        if key.kind == Kind::Cdr && self.truth.0.contains_key(&key) {
            // They never change.
            return;
        }
        self.truth.change(key, self.now());
        self.publish(key).await;
        self.send(key).await;
    }

    /// Stores an object at its owner.
    async fn publish(&self, key: Key) {
        let (own, state) = (self.world.objects(key.kind.owner()), &self.truth.0[&key]);
        match key.kind {
            Kind::Location => own.put_all([objects::location(key, state)]).await.expect("a store"),
            Kind::Tariff => own.put_all([objects::tariff(key, state)]).await.expect("a store"),
            Kind::Session => own.put_all([objects::session(key, state)]).await.expect("a store"),
            Kind::Cdr => own.put_all([objects::cdr(key)]).await.expect("a store"),
            Kind::Token => own.put_all([objects::token(key, state)]).await.expect("a store"),
        }
    }

    /// Sends an object as it is. Returns whether the other side has said that it has it.
    pub(crate) async fn send(&mut self, key: Key) -> bool {
        let (side, state) = (key.kind.owner(), self.truth.0[&key]);
        let other = NAMES[1 - side];
        let name = key.to_string();
        let sent = self.operate(side, &name, |ours| async move {
            match key.kind {
                Kind::Location => ours.send(other, &Put::of(objects::location(key, &state))).await.map(drop),
                Kind::Tariff => ours.send(other, &Put::of(objects::tariff(key, &state))).await.map(drop),
                Kind::Session => ours.send(other, &Put::of(objects::session(key, &state))).await.map(drop),
                Kind::Cdr => ours.send(other, &PostCdr(objects::cdr(key))).await.map(drop),
                Kind::Token => ours.send(other, &Put::of(objects::token(key, &state))).await.map(drop),
            }
        });
        let is_there = sent.await.is_ok();
        if is_there {
            self.truth.0.entry(key).and_modify(|state| state.is_there = true);
            laws::is_there(self, key).await;
        }
        is_there
    }

    /// Changes a part of an object and patches it.
    async fn patch(&mut self, key: Key) {
        if !self.truth.0.contains_key(&key) {
            return;
        }
        self.truth.change_part(key, self.now());
        self.publish(key).await;
        let (side, state) = (key.kind.owner(), self.truth.0[&key]);
        let (other, owner, updated) = (NAMES[1 - side], party(PARTIES[side]), state.part_updated);
        let name = format!("patch {key}");
        let patched = self.operate(side, &name, |ours| async move {
            match key.kind {
                Kind::Location => {
                    let status = objects::status(state.part);
                    let patch = format!(r#"{{"status": "{status}", "last_updated": "{updated}"}}"#);
                    let evse_uid = "E1".parse().expect("a uid");
                    let at = Owned {
                        owner,
                        key: EvseKey { location_id: key.id().parse().expect("an id"), evse_uid },
                    };
                    ours.send(other, &Patch::<Evse> { at, patch: parse::<EvsePatch>(&patch) }).await.map(drop)
                }
                Kind::Session => {
                    let patch = format!(r#"{{"kwh": {}, "last_updated": "{updated}"}}"#, state.part);
                    let at =
                        Owned { owner, key: SessionKey { session_id: key.id().parse().expect("an id") } };
                    ours.send(other, &Patch::<Session> { at, patch: parse::<SessionPatch>(&patch) })
                        .await
                        .map(drop)
                }
                _ => {
                    let patch =
                        format!(r#"{{"valid": {}, "last_updated": "{updated}"}}"#, state.part % 2 == 0);
                    let at = Owned { owner, key: token_key(&key.id()) };
                    ours.send(other, &Patch::<Token> { at, patch: parse::<TokenPatch>(&patch) })
                        .await
                        .map(drop)
                }
            }
        });
        if patched.await.is_err() {
            self.truth.0.entry(key).and_modify(|state| state.is_there = false);
        } else if self.truth.0[&key].is_there {
            laws::is_there(self, key).await;
        }
    }

    /// One side pulls what the other has.
    async fn pull(&mut self) {
        let kind = self.world.chance.one_of(&[Kind::Location, Kind::Tariff, Kind::Token]);
        let side = 1 - kind.owner();
        let name = format!("pull {kind:?}");
        let pulled = self.operate(side, &name, |ours| async move {
            let partner = NAMES[1 - side];
            let pulled = match kind {
                Kind::Location => ours.pull::<Location>(partner, |_, _| {}).await,
                Kind::Tariff => ours.pull::<Tariff>(partner, |_, _| {}).await,
                _ => ours.pull::<Token>(partner, |_, _| {}).await,
            };
            Ok(pulled?)
        });
        if pulled.await.is_ok_and(|pulled| pulled.outcome.is_complete()) {
            let keys: Vec<Key> = self.truth.0.keys().copied().filter(|key| key.kind == kind).collect();
            for key in keys {
                self.truth.0.entry(key).and_modify(|state| state.is_there = true);
                laws::is_there(self, key).await;
            }
        }
    }

    async fn command(&mut self) {
        let is_start = self.world.chance.below(2) == 0;
        let world = Arc::clone(self.world);
        let done = || world.done.load(Ordering::Relaxed);
        let before = done();
        let outcome = self.operate(EMSP, "command", |emsp| async move {
            if is_start {
                let token: Token = parse(&token_json(PARTIES[EMSP], "U0", "08:00:00"));
                let at = EvseKey {
                    location_id: "L0".parse().expect("an id"),
                    evse_uid: "E1".parse().expect("a uid"),
                };
                emsp.start_session(NAMES[CPO], &token, &at).await?.result().await.map(|it| it.is_accepted())
            } else {
                let session = "S0".parse().expect("an id");
                emsp.stop_session(NAMES[CPO], &session).await?.result().await.map(|it| it.is_accepted())
            }
        });
        if outcome.await.is_ok_and(|is_accepted| is_accepted) && done() == before {
            world.wrong("a command is accepted that nobody got");
        }
    }

    async fn authorize(&mut self) {
        let asked = Authorize { token: token_key("U0"), location: None };
        let sent = self.operate(CPO, "authorize", |cpo| async move { cpo.send(NAMES[EMSP], &asked).await });
        drop(sent.await);
    }

    /// Both at the same time, which crosses.
    async fn both_rotate(&mut self) {
        let rotate = |side: usize| {
            run(self.world, side, "rotate", move |ours: Ours| async move {
                ours.rotate(NAMES[1 - side]).await.map(drop)
            })
        };
        let (first, second) = super::line::join(rotate(CPO), rotate(EMSP)).await;
        self.note(&first);
        self.note(&second);
        self.reopen().await;
    }
}

async fn run<T, F>(
    world: &Arc<World>,
    side: usize,
    name: &str,
    operation: impl FnOnce(Ours) -> F,
) -> Result<T, Told>
where
    F: Future<Output = Result<T, Error>>,
{
    let process = world.process(side).ok_or(Told::Crashed)?;
    world.tell(|| format!("{}: {name}", NAMES[side]));
    let work = process.fuse.while_alive(Box::pin(operation(Arc::clone(&process.platform))));
    let outcome = match world.time.timer().within(LONGEST, work).await {
        Some(Ok(Ok(value))) => Ok(value),
        Some(Ok(Err(error))) => Err(Told::Failed(error)),
        Some(Err(_)) => Err(Told::Crashed),
        None => {
            world.wrong(format!("{HANGS}: {name} of {}", NAMES[side]));
            Err(Told::Hung)
        }
    };
    world.tell(|| {
        let told = outcome.as_ref().err().map(|told| match told {
            Told::Failed(error) => ocpi_types::observe::Chain(error).to_string(),
            other => format!("{other:?}"),
        });
        format!("{}: {name}: {}", NAMES[side], told.unwrap_or_else(|| "done".to_owned()))
    });
    outcome
}

pub(crate) fn versions_url(side: usize) -> Url {
    format!("https://{}.example/ocpi/versions", NAMES[side]).parse().expect("a URL")
}

fn token_key(uid: &str) -> TokenKey {
    TokenKey { uid: uid.parse().expect("a uid"), r#type: TokenType::Rfid }
}
