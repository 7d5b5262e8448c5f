//! Both sides: their stores, their processes, and the line between them.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use ocpi_client::TransportError;
use ocpi_platform::{Allow, Limits, Platform, SecureRandom, Settings};
use ocpi_server_traits::{Caller, Error as Refusal, Handle, Memory, Objects, Permissions, Router};
use ocpi_testkit::{Hung, SimulatedTime, parse_list, party, result_to, roles_json};
use ocpi_types::endpoint::Authorize;
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseInit, CommandResponseType, CommandResultType,
    ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::{InterfaceRole, ModuleId, Private, Url, Version};

use super::chance::Chance;
use super::crash::{Crashing, Fuse};
use super::line::{self, Call, Fate, Line, MOST, SharedSky, Sky, Weather};
use super::tasks::Tasks;

pub(crate) const CPO: usize = 0;
pub(crate) const EMSP: usize = 1;
/// Names of the sides, by which each knows the other.
pub(crate) const NAMES: [&str; 2] = ["cpo", "emsp"];
pub(crate) const PARTIES: [&str; 2] = ["NL/ALF", "DE/EMP"];
/// Objects on a page.
const PAGE: u32 = 2;
/// Most steps of a process that is to crash.
const MOST_STEPS: u64 = 150;
/// Most steps of a process that is to crash while the registration ends.
const LAST_STEPS: u64 = 30;
/// Most polls of a course: whoever needs more spins.
const MOST_POLLS: u64 = 1_000_000;

pub(crate) type Ours = Arc<Platform<Crashing, Line>>;

/// Plan for the crashes of a side's processes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Crashes {
    Never,
    /// The first process of a side crashes at this step.
    Once(usize, u64),
    /// Each process may crash at any step.
    Often,
}

/// A process of a side.
pub(crate) struct Process {
    pub(crate) platform: Ours,
    pub(crate) router: Router,
    pub(crate) fuse: Arc<Fuse>,
}

struct Side {
    memory: Arc<Memory>,
    secrets: SecureRandom,
    process: Mutex<Option<Arc<Process>>>,
}

pub(crate) struct World {
    pub(crate) time: SimulatedTime,
    pub(crate) chance: Chance,
    pub(crate) tasks: Tasks,
    pub(crate) sky: SharedSky,
    /// The life of the line.
    pub(crate) forever: Arc<Fuse>,
    sides: [Side; 2],
    planned: Crashes,
    crashes: Mutex<Crashes>,
    pub(crate) crashed: Mutex<Vec<(usize, u64)>>,
    /// Number of commands that were done.
    pub(crate) done: AtomicU64,
    pub(crate) wrong: Mutex<Vec<String>>,
    pub(crate) is_told: bool,
}

impl World {
    pub(crate) fn new(seed: u64, weather: Weather, crashes: Crashes, is_told: bool) -> Arc<Self> {
        let chance = Chance::new(seed);
        let time = SimulatedTime::default();
        let side = |salt: u64| Side {
            // A lease of a process that crashed ends by this time, not by that of the machine.
            memory: Arc::new(Memory::with_clock(time.clock())),
            secrets: Chance::new(seed ^ salt).secrets(),
            process: Mutex::default(),
        };
        Arc::new(Self {
            time: time.clone(),
            chance,
            tasks: Tasks::default(),
            sky: Mutex::new(Sky { weather, calls: Vec::new(), once: Vec::new(), delivered: 0 }),
            forever: Fuse::new(None),
            sides: [side(0xa5a5_0000), side(0x5a5a_1111)],
            planned: crashes,
            crashes: Mutex::new(crashes),
            crashed: Mutex::default(),
            done: AtomicU64::new(0),
            wrong: Mutex::default(),
            is_told,
        })
    }

    /// Runs a program, and whatever goes on beside it.
    pub(crate) fn run<F: Future>(&self, program: F) -> Result<F::Output, Hung> {
        let mut program = pin!(program);
        let mut polls = 0_u64;
        let together = std::future::poll_fn(|context| {
            loop {
                polls += 1;
                if polls > MOST_POLLS {
                    return Poll::Ready(None);
                }
                if let Poll::Ready(output) = program.as_mut().poll(context) {
                    return Poll::Ready(Some(output));
                }
                if !self.tasks.poll(context) {
                    return Poll::Pending;
                }
            }
        });
        self.time.run(together)?.ok_or(Hung)
    }

    pub(crate) fn tell(&self, text: impl FnOnce() -> String) {
        if self.is_told {
            println!("{:?} {}", self.time, text());
        }
    }

    pub(crate) fn wrong(&self, text: impl Into<String>) {
        let text = text.into();
        self.tell(|| format!("WRONG {text}"));
        self.wrong.lock().expect("no panic").push(text);
    }

    /// The process of a side, if it runs.
    pub(crate) fn process(&self, side: usize) -> Option<Arc<Process>> {
        let process = self.sides[side].process.lock().expect("no panic").clone();
        process.filter(|process| !process.fuse.is_dead())
    }

    /// The objects in the store of a side, read without its process.
    pub(crate) fn objects(&self, side: usize) -> Objects<Arc<Memory>> {
        Objects::new(Arc::clone(&self.sides[side].memory), vec![party(PARTIES[side])])
    }

    /// Draws the fate of a call.
    pub(crate) fn fate(
        &self,
        from: usize,
        request: &http::Request<Bytes>,
    ) -> Result<Option<Fate>, TransportError> {
        let mut sky = self.sky.lock().expect("no panic");
        let fate = match &mut sky.weather {
            Weather::Calm => None,
            Weather::One(left, fate) => {
                let is_it = *left == 0;
                let fate = is_it.then_some(*fate);
                *left = if is_it { u64::MAX } else { left.saturating_sub(1) };
                fate
            }
            Weather::Storm(one_in) => {
                (self.chance.below(*one_in) == 0).then(|| self.chance.one_of(&Fate::ALL))
            }
        };
        let name = line::name(request);
        self.tell(|| format!("  {} sends {name} {fate:?}", NAMES[from]));
        if line::is_once(request) {
            let call = (request.uri().path().to_owned(), request.body().clone());
            if sky.once.contains(&call) {
                drop(sky);
                self.wrong(format!("{name} is sent twice"));
                return Err(TransportError::new("twice"));
            }
            sky.once.push(call);
        }
        sky.calls.push(Call { name, from, fate });
        if sky.calls.len() > MOST {
            return Err(TransportError::new("too many calls"));
        }
        Ok(fate)
    }

    /// Nothing happens any more; returns the weather that was.
    pub(crate) fn calm(&self) -> Weather {
        *self.crashes.lock().expect("no panic") = Crashes::Never;
        for side in [CPO, EMSP] {
            if let Some(process) = self.process(side) {
                process.fuse.spare();
            }
        }
        std::mem::replace(&mut self.sky.lock().expect("no panic").weather, Weather::Calm)
    }

    /// Lets it be as it was before it was calm: what has not happened yet may happen now.
    pub(crate) fn storm_again(&self, weather: Weather) {
        self.sky.lock().expect("no panic").weather = weather;
        let has_crashed = !self.crashed.lock().expect("no panic").is_empty();
        for side in [CPO, EMSP] {
            let is_to_crash = match self.planned {
                Crashes::Never => false,
                Crashes::Once(of, _) => of == side && !has_crashed,
                Crashes::Often => self.chance.below(2) == 0,
            };
            if let Some(process) = self.process(side).filter(|_| is_to_crash) {
                process.fuse.arm(1 + self.chance.below(LAST_STEPS));
            }
        }
    }

    /// Opens a side whose process does not run, as often as it takes.
    pub(crate) async fn open(self: &Arc<Self>, side: usize) {
        if self.process(side).is_some() {
            return;
        }
        if let Some(dead) = self.sides[side].process.lock().expect("no panic").take() {
            self.note_crash(side, &dead.fuse);
        }
        loop {
            let fuse = Fuse::new(self.steps_of(side));
            if let Ok(process) = fuse.while_alive(Box::pin(self.start(side, &fuse))).await {
                *self.sides[side].process.lock().expect("no panic") = Some(Arc::new(process));
                return;
            }
            self.note_crash(side, &fuse);
        }
    }

    fn note_crash(&self, side: usize, fuse: &Fuse) {
        self.tell(|| format!("  {} crashed at step {}", NAMES[side], fuse.taken()));
        self.crashed.lock().expect("no panic").push((side, fuse.taken()));
    }

    fn steps_of(&self, side: usize) -> Option<u64> {
        let mut crashes = self.crashes.lock().expect("no panic");
        match *crashes {
            Crashes::Never => None,
            Crashes::Once(of, steps) if of == side => {
                *crashes = Crashes::Never;
                Some(steps)
            }
            Crashes::Once(..) => None,
            Crashes::Often => (self.chance.below(2) == 0).then(|| 1 + self.chance.below(MOST_STEPS)),
        }
    }

    async fn start(self: &Arc<Self>, side: usize, fuse: &Arc<Fuse>) -> Process {
        let Side { memory, secrets, .. } = &self.sides[side];
        let (country, name) = PARTIES[side].split_once('/').expect("a party");
        let role = if side == CPO { "CPO" } else { "EMSP" };
        let roles: Vec<CredentialsRole> = parse_list(&roles_json(&[(role, country, name)]));
        let base = format!("https://{}.example/ocpi", NAMES[side]).parse().expect("a URL");
        let settings = Settings {
            versions: vec![Version::V2_3_0],
            permissions: Permissions::default().allow(ModuleId::Tariffs, InterfaceRole::Sender),
            limits: Limits { credentials_per_minute: 1_000, ..Limits::default() },
            clock: self.time.clock(),
            timer: self.time.timer(),
            secrets: secrets.clone(),
            ..Settings::new(base, roles[0].clone())
        };
        let store = Crashing { memory: Arc::clone(memory), fuse: Arc::clone(fuse) };
        let line = Line { world: Arc::downgrade(self), from: side, fuse: Arc::clone(fuse) };
        let platform = Arc::new(Platform::open(settings, store.clone(), line).await.expect("a platform"));
        let objects = Arc::new(Objects::new(store, platform.parties().to_vec()).with_page_size(PAGE));
        let charge_points =
            Arc::new(ChargePoints { world: Arc::downgrade(self), side, fuse: Arc::clone(fuse) });
        let router = platform.router(|routes| {
            let routes = platform.mount_results(routes);
            match side {
                CPO => routes.cpo(&objects).commands(&charge_points),
                _ => routes.emsp(&objects).on::<Authorize, _>(&platform),
            }
        });
        Process { platform, router: router.expect("a router"), fuse: Arc::clone(fuse) }
    }

    /// Names a side's party and host, for the other.
    pub(crate) fn allow(side: usize) -> Allow {
        Allow::default().party(party(PARTIES[side])).host(format!("{}.example", NAMES[side]))
    }

    pub(crate) async fn wait(&self, seconds: u64) {
        self.time.timer().wait(Duration::from_secs(seconds)).await;
    }
}

/// Charge points that do as they are asked, and say so a while later.
struct ChargePoints {
    world: Weak<World>,
    side: usize,
    fuse: Arc<Fuse>,
}

impl ChargePoints {
    fn accept(&self, caller: &Caller, url: Private<Url>) -> Result<CommandResponse, Refusal> {
        let world = self.world.upgrade().ok_or_else(|| Refusal::internal("the world is over"))?;
        world.done.fetch_add(1, Ordering::Relaxed);
        let (inside, side, partner) = (self.world.clone(), self.side, caller.partner.id.as_str().to_owned());
        let pause = world.chance.one_of(&[0, 2, 10]);
        world.tasks.spawn(&self.fuse, async move {
            for _ in 0..3 {
                let Some(world) = inside.upgrade() else { return };
                world.wait(pause).await;
                let Some(process) = world.process(side) else { return };
                let result = result_to(url.clone(), CommandResultType::Accepted);
                if process.platform.send(&partner, &result).await.is_ok() {
                    return;
                }
            }
        });
        Ok(CommandResponseInit { result: CommandResponseType::Accepted, timeout: 30 }.into())
    }
}

macro_rules! accepts {
    ($($command:ident)+) => { $(
        impl Handle<$command> for ChargePoints {
            async fn handle(&self, caller: &Caller, it: $command) -> Result<CommandResponse, Refusal> {
                self.accept(caller, it.response_url)
            }
        }
    )+ };
}

accepts! { CancelReservation ReserveNow StartSession StopSession UnlockConnector }
