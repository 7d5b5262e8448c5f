//! A sandbox and an eMSP in a network, in a time that passes where a test says so.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpi_platform::{Limits, Spawn};
use ocpi_sandbox::{Error, Sandbox, SandboxOptions, Seed};
use ocpi_server_traits::Memory;
use ocpi_testkit::{Network, PlatformSetup, SimulatedTime, TestPlatform, parse, token_json};
use ocpi_types::endpoint::{Authorize, RootResource};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::tokens::Token;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The city's sandbox, and an eMSP that is registered with it.
pub(crate) struct Town {
    pub(crate) time: SimulatedTime,
    pub(crate) network: Network,
    pub(crate) emsp: TestPlatform,
    pub(crate) cpo: TestPlatform,
    pub(crate) sandbox: Sandbox<Arc<Memory>, Network>,
    work: Arc<Mutex<Vec<Work>>>,
}

fn setup(setup: PlatformSetup, time: &SimulatedTime, work: &Arc<Mutex<Vec<Work>>>) -> PlatformSetup {
    let work = Arc::clone(work);
    PlatformSetup {
        clock: time.clock(),
        timer: time.timer(),
        spawn: Spawn::new(move |it| work.lock().unwrap().push(it)),
        limits: Limits { credentials_per_minute: 1_000, ..Limits::default() },
        ..setup
    }
}

fn options(time: &SimulatedTime, seed: Option<Seed>) -> SandboxOptions {
    let (clock, timer) = (time.clock(), time.timer());
    SandboxOptions { is_emsp: false, seed, number: 1, clock, timer, ..SandboxOptions::default() }
}

impl Town {
    /// A city of so many Locations; the eMSP has tokens `U1` and so on, which the CPO knows.
    pub(crate) fn new(locations: usize, tokens: usize) -> Self {
        let party = Party::new("NL", "ALF").unwrap();
        Self::of(Seed::city(1, Some(locations), &party).unwrap(), tokens)
    }

    /// The same, of a seed of NL/ALF.
    pub(crate) fn of(seed: Seed, tokens: usize) -> Self {
        let (time, network, work) = (SimulatedTime::default(), Network::default(), Arc::default());
        let cpo = setup(PlatformSetup::new("cpo", &[("CPO", "NL", "ALF")]), &time, &work).open(&network);
        let emsp = setup(PlatformSetup::emsp(), &time, &work).open(&network);
        let (platform, objects) = (&emsp.platform, emsp.platform.objects());
        let router = platform
            .router(|routes| platform.mount_results(routes.emsp(objects)).on::<Authorize, _>(platform));
        network.add_router("emsp.example", router.unwrap());
        emsp.register_with(&cpo, "cpo", "emsp").unwrap();
        let opened = Sandbox::open(Arc::clone(&cpo.platform), options(&time, Some(seed)));
        let sandbox = time.run(opened).unwrap().unwrap();
        network.add_router("cpo.example", sandbox.router().unwrap());
        let town = Self { time, network, emsp, cpo, sandbox, work };
        for number in 1..=tokens {
            town.knows(&parse(&token_json("DE/EMP", &format!("U{number}"), "10:00:00")));
        }
        town.network.take_requests();
        town
    }

    /// The eMSP has a token, and the CPO knows it.
    pub(crate) fn knows(&self, token: &Token) {
        let objects = [self.cpo.platform.objects(), self.emsp.platform.objects()];
        for objects in objects {
            pollster::block_on(objects.put(&token.identity(), token.clone())).unwrap();
        }
    }

    /// The process ends, and another one begins on the same store.
    pub(crate) fn restart(&mut self) {
        let opened = Sandbox::open(Arc::clone(&self.cpo.platform), options(&self.time, None));
        self.sandbox = self.time.run(opened).unwrap().unwrap();
        self.network.add_router("cpo.example", self.sandbox.router().unwrap());
    }

    /// Time passes, the city takes a step, and partners are told.
    pub(crate) fn pass(&self, seconds: u64) {
        self.time.advance(Duration::from_secs(seconds));
        self.step();
    }

    /// The city takes a step now.
    pub(crate) fn step(&self) {
        self.work_off();
        self.try_step().unwrap();
        self.time.run(self.cpo.platform.tick()).unwrap().unwrap();
    }

    /// The city alone takes a step now.
    pub(crate) fn try_step(&self) -> Result<(), Error> {
        self.time.run(self.sandbox.step(self.sandbox.now())).unwrap()
    }

    /// Work in the background comes to its end, however long that takes.
    pub(crate) fn work_off(&self) {
        loop {
            let work = std::mem::take(&mut *self.work.lock().unwrap());
            if work.is_empty() {
                return;
            }
            for work in work {
                self.time.run(work).unwrap();
            }
        }
    }
}
