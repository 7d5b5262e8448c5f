//! The sandbox: a platform with a city that lives.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use ocpi_client::Transport;
use ocpi_platform::{Every, PartnerState, PartnerStatus, Platform};
use ocpi_server_traits::{Bookings, Clock, Router, RouterError, Store, Timer};
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{DateTime, InterfaceRole, ModuleId, Version};

use crate::depot::Depot;
use crate::life::Life;
use crate::offers::Offers;
use crate::ours::{own, publish};
use crate::seeding::{self, Seeded};
use crate::world::World;
use crate::{Error, Seed, charge, emsp, point};

/// Time between two steps of the city.
const STEP: Duration = Duration::from_secs(1);
/// Seconds without a step that succeeds, after which the city is not ready.
const STALLED: i64 = 60;
/// Time between two looks at the partners.
const LOOK: i64 = 5;
/// Minutes between two syncs of a partner's lists.
const SYNC: u32 = 5;

/// Options of a sandbox.
#[derive(Clone, Debug)]
pub struct SandboxOptions {
    /// Whether it is a CPO.
    pub is_cpo: bool,
    /// Whether it is an eMSP.
    pub is_emsp: bool,
    /// Locations and Tariffs to begin with, in a store that has no Locations of ours. A seeding that broke off goes on.
    pub seed: Option<Seed>,
    /// The number that the days of the city follow from.
    pub number: u64,
    /// The time of the city. It may run faster than that of the platform. [`Sandbox::now`] is never before the end of an earlier
    /// run.
    pub clock: Clock,
    /// Waits for the charge points, and between two steps.
    pub timer: Timer,
}

impl Default for SandboxOptions {
    /// A CPO and an eMSP without Locations, by the time of the machine.
    fn default() -> Self {
        let (clock, timer) = (Clock::system(), Timer::system());
        Self { is_cpo: true, is_emsp: true, seed: None, number: 1, clock, timer }
    }
}

/// A platform with a simulated city: statuses change, drivers charge, commands are carried out.
#[derive(Debug)]
pub struct Sandbox<S, T> {
    platform: Arc<Platform<S, T>>,
    depot: Arc<Depot>,
    bookings: Arc<Bookings<S>>,
    life: Life<S, T>,
    offers: Offers,
    options: SandboxOptions,
    notes: Vec<String>,
    /// The time of the last step without a failure, by the clock of the platform.
    stepped: Mutex<DateTime>,
    /// Partners whose lists are kept.
    kept: Mutex<BTreeSet<(String, &'static str)>>,
}

impl<S: Store, T: Transport + 'static> Sandbox<S, T> {
    /// Opens a sandbox on a platform. Sessions that an earlier run left in the same store continue. If that run was ahead of the
    /// clock, because its time ran faster, the city goes on at its end.
    ///
    /// # Errors
    /// When the store fails, or a Location makes no sense.
    pub async fn open(platform: Arc<Platform<S, T>>, options: SandboxOptions) -> Result<Self, Error> {
        let (mut points, mut notes, mut offers) = (Vec::new(), Vec::new(), Offers::default());
        let mut options = options;
        if let Some(left) = left_at::<S, T>(&platform).await?.filter(|left| *left > options.clock.now()) {
            notes.push(format!("the city goes on at {left}, where an earlier run has left it"));
            options.clock = ahead(options.clock, left);
        }
        if options.is_cpo {
            let seeded = match &options.seed {
                Some(seed) => Some(seeding::seed(&platform, seed).await?),
                None => None,
            };
            if seeded == Some(Seeded::Ignored) {
                notes.push("the store has Locations of ours already: the seed is ignored".to_owned());
            }
            let (locations, tariffs) = (own::<S, T, Location>(&platform).await?, own(&platform).await?);
            offers = Offers::of(&platform, &locations).await?;
            offers.keep(&platform).await?;
            points = point::points(options.number, &locations, tariffs);
            for (id, error) in charge::drop_unpriceable(&mut points, options.clock.now()) {
                notes.push(format!("tariff {id}: {error}: nothing is charged by it"));
            }
        }
        if options.is_emsp && own::<S, T, Token>(&platform).await?.is_empty() {
            if let Some(party) = platform.parties().first() {
                for token in emsp::tokens(party, platform.clock().now())? {
                    publish(&platform, token).await?;
                }
            }
        }
        let world = Arc::new(World::new(options.number, points));
        let (clock, timer) = (options.clock.clone(), options.timer.clone());
        let (now, on) = (clock.now(), Arc::clone(&platform));
        let life = Life::begin(on, Arc::clone(&world), now, timer.clone()).await?;
        let depot = Arc::new(Depot { world, clock, timer });
        let bookings = Arc::new(platform.bookings(()));
        let stepped = Mutex::new(platform.clock().now());
        Ok(Self { platform, depot, bookings, life, offers, options, notes, stepped, kept: Mutex::default() })
    }

    /// Returns sentences for whoever runs the sandbox, about what it makes of its Locations and Tariffs.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The platform.
    pub fn platform(&self) -> &Arc<Platform<S, T>> {
        &self.platform
    }

    /// A router with the modules of its roles.
    ///
    /// # Errors
    /// When a version of the platform has none of them.
    pub fn router(&self) -> Result<Router, RouterError> {
        let (platform, depot) = (&self.platform, &self.depot);
        platform.router(|routes| {
            let mut routes = routes;
            if self.options.is_cpo {
                routes = platform.mount_cpo(routes, depot);
                if routes.version() >= Version::V2_3_0 {
                    routes = routes.bookings(platform.objects(), &self.bookings);
                }
            }
            if self.options.is_emsp {
                routes = platform.mount_emsp(routes, &Arc::new(emsp::Rule));
            }
            routes
        })
    }

    /// Advances the city to a time. The result depends only on the seed, that time, and what partners do.
    ///
    /// # Errors
    /// When the store fails: what could not be published is published by the next step. And when a charge cannot be priced: it
    /// ends, and everything else goes on.
    pub async fn step(&self, now: DateTime) -> Result<(), Error> {
        self.life.step(now).await?;
        self.offers.keep(&self.platform).await?;
        *self.stepped.lock().unwrap_or_else(PoisonError::into_inner) = self.platform.clock().now();
        Ok(())
    }

    /// Starts keeping the lists of partners that have registered since the last call.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn befriend(&self) -> Result<(), Error> {
        let partners = self.platform.partners().await;
        let partners = partners.map_err(|error| Error::platform("the partners cannot be read", error))?;
        for partner in partners.iter().filter(|partner| partner.state == PartnerState::Registered) {
            if self.options.is_emsp {
                self.keep::<Location>(partner, &ModuleId::Locations).await?;
                self.keep::<Tariff>(partner, &ModuleId::Tariffs).await?;
                self.keep::<Session>(partner, &ModuleId::Sessions).await?;
                self.keep::<Cdr>(partner, &ModuleId::Cdrs).await?;
            }
            if self.options.is_cpo {
                self.keep::<Token>(partner, &ModuleId::Tokens).await?;
            }
        }
        Ok(())
    }

    async fn keep<R: RootResource>(&self, partner: &PartnerStatus, module: &ModuleId) -> Result<(), Error> {
        let is_it = |it: &ocpi_types::v2_3_0::versions::Endpoint| {
            it.identifier == *module && it.role == InterfaceRole::Sender
        };
        let id = partner.id.as_str();
        let key = (id.to_owned(), R::INFO.name);
        let is_kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).contains(&key);
        if is_kept || !partner.endpoints.iter().any(is_it) {
            return Ok(());
        }
        let kept = self.platform.keep::<(R,)>(id, Every::minutes(SYNC)).await;
        kept.map_err(|error| Error::platform("the lists of a partner cannot be kept", error))?;
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
        Ok(())
    }

    /// Runs the city until `shutdown` completes: steps every second, and keeps the lists of partners. [`Platform::run`] has to
    /// run alongside. Failures of a step are passed to `failed`, and the step is tried again.
    ///
    /// A step that still goes on at the end is broken off; then charges that commands have begun and ended are published, so
    /// `shutdown` has to complete after the last command.
    pub async fn live(
        &self,
        shutdown: impl Future<Output = ()> + Send,
        mut failed: impl FnMut(&Error) + Send,
    ) {
        let days = async {
            let mut looked: Option<DateTime> = None;
            loop {
                if let Err(error) = self.step(self.now()).await {
                    failed(&error);
                }
                let now = self.platform.clock().now();
                if looked.is_none_or(|looked| now.seconds_since(looked) >= LOOK) {
                    looked = Some(now);
                    if let Err(error) = self.befriend().await {
                        failed(&error);
                    }
                }
                self.options.timer.wait(STEP).await;
            }
        };
        until(shutdown, days).await;
        if let Err(error) = self.life.settle(self.now()).await {
            failed(&error);
        }
    }

    /// The time of the city.
    pub fn now(&self) -> DateTime {
        self.options.clock.now()
    }

    /// Whether the store answers and the city lives.
    pub async fn is_ready(&self) -> bool {
        !self.is_stalled() && self.platform.partners().await.is_ok()
    }

    /// Whether no step has succeeded for a minute.
    pub fn is_stalled(&self) -> bool {
        let stepped = *self.stepped.lock().unwrap_or_else(PoisonError::into_inner);
        self.platform.clock().now().seconds_since(stepped) >= STALLED
    }

    /// Returns the number of charges that go on, of drivers whose platforms are told.
    pub fn charges(&self) -> usize {
        self.depot.world.charges()
    }
}

/// Runs what has no end until something else is over.
async fn until(over: impl Future<Output = ()>, endless: impl Future<Output = ()>) {
    let (mut over, mut endless) = (pin!(over), pin!(endless));
    std::future::poll_fn(|context| {
        if over.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        endless.as_mut().poll(context)
    })
    .await;
}

/// The time of the newest status or Session of ours, until which an earlier run has lived.
async fn left_at<S: Store, T: Transport>(platform: &Platform<S, T>) -> Result<Option<DateTime>, Error> {
    let (locations, sessions) =
        (own::<S, T, Location>(platform).await?, own::<S, T, Session>(platform).await?);
    let statuses = locations.iter().flat_map(|it| &it.evses).map(|evse| evse.last_updated);
    Ok(statuses.chain(sessions.iter().map(|session| session.last_updated)).max())
}

/// A clock that begins at a later time, and runs as fast as another one.
fn ahead(clock: Clock, begin: DateTime) -> Clock {
    let by = begin.to_unix_micros().saturating_sub(clock.now().to_unix_micros());
    Clock::new(move || {
        let now = clock.now();
        DateTime::from_unix_micros(now.to_unix_micros().saturating_add(by)).unwrap_or(now)
    })
}
