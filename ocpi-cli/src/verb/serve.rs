//! `ocpi serve`.

mod admin;
mod background;
mod config;
mod faults;
mod hooks;
mod http;
mod lifetime;
mod outgoing;
mod register;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use ocpi_platform::{Allow, Error as PlatformError, MessageLog, PartnerState, Platform, Settings};
use ocpi_sandbox::{Counters, Sandbox, SandboxOptions, Seed};
use ocpi_server_traits::{AnyStore, Clock, Router, Timer};
use ocpi_testkit::{Fault, FaultLayer};
use ocpi_types::observe::Observer;
use ocpi_types::protocol::Party;
use ocpi_types::{CredentialsToken, DateTime, Url};
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{self, Format, Output};
use crate::remote::{self, Failure, Own, OwnRole, Reach, Table, listen, report};
use admin::Admin;
use background::Background;
use config::Config;
use hooks::Welcome;
use http::Site;
use lifetime::Signals;
use outgoing::Outgoing;
use register::Registering;

/// The party of a sandbox, where none is named.
const USUAL: &str = "NL/ALF";

/// Run a sandbox: a simulated CPO and eMSP to develop a partner against
///
/// As a CPO it has a city of Locations: EVSEs become busy and free over the day, Sessions of the partners' tokens progress
/// and are priced as they go, their CDRs are sent, and commands are accepted at once and carried out a little later. As an
/// eMSP it has drivers with cards, one for each answer of real-time authorization, and takes whatever a CPO sends. With
/// --fault it deviates in ways that real partners do. It runs until it is interrupted; SIGTERM and Ctrl-C wait for open
/// requests and for commands that were accepted.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi serve --seed city --invite me --allow-private
  ocpi serve --roles cpo --store sqlite:sandbox.db --listen 0.0.0.0:8080 --base-url https://sandbox.example/ocpi \\
      --seed city:200 --admin 127.0.0.1:9090 --invite emsp --format json
  ocpi serve --roles emsp --party DE/EMP --store postgres://ocpi@db.example/sandbox --base-url https://emsp.example/ocpi
  ocpi serve --seed locations.json --invite me --allow-private --speed 60
  ocpi serve --seed city --invite me --allow-private --fault WrongLinkHost --fault WebPage")]
pub(crate) struct Arguments {
    /// The roles of the sandbox
    #[arg(
        long,
        value_name = "ROLES",
        value_enum,
        ignore_case = true,
        value_delimiter = ',',
        default_value = "cpo,emsp"
    )]
    roles: Vec<Playable>,
    /// The address at which it listens; port 0: any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The URL that all its URLs begin with, as partners reach it [default: as it was told in an earlier run with this store, else
    /// http://ADDR/ocpi]
    #[arg(long, value_name = "URL", value_parser = remote::url)]
    base_url: Option<Url>,
    /// Its store: sqlite:FILE, postgres://… or memory: (gone at the end of the run)
    #[arg(long, value_name = "URL", default_value = "memory:")]
    store: String,
    /// Its party [default: as in the last run with this store, else NL/ALF]
    #[arg(long, value_name = "PARTY", value_parser = remote::party)]
    party: Option<Party>,
    /// The name in its credentials [default: the party]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Locations to begin with: `city` or `city:N` for a made-up one of N Locations, or a file with JSON of 2.3.0
    ///
    /// The file is an array of Locations, or an object with `locations`, `tariffs` and `booking_locations`. A store that has
    /// Locations of ours keeps these, and the seed is ignored.
    #[arg(long, value_name = "city|FILE")]
    seed: Option<String>,
    /// The number that the city and its days follow from
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    number: u64,
    /// Run the time of the city this many times as fast
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    speed: u32,
    /// Answer /health/live, /health/ready and /metrics at this address
    #[arg(long, value_name = "ADDR")]
    admin: Option<SocketAddr>,
    /// Log the messages to and from partners in the store, without tokens and drivers: `ocpi messages` shows them
    #[arg(long)]
    log_messages: bool,
    /// Invite a partner by this name, and print its token A
    #[arg(long, value_name = "ID")]
    invite: Option<String>,
    /// Invite the partners in this file, or register with them
    ///
    /// JSON: `{"partners": [{"id": "emsp", "parties": ["DE/EMP"], "hosts": ["emsp.example"]}, {"id": "cpo", "versions_url":
    /// "https://cpo.example/ocpi/versions", "token_file": "cpo.token"}]}`. Partners without `versions_url` are invited, and
    /// their tokens A printed; with the others, the sandbox registers itself once it serves, and tries again where a partner
    /// does not answer. Those that are registered already stay as they are, and need no token file.
    /// Without parties and hosts, whoever has token A is taken.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Deviate in this way; repeat for several faults
    #[arg(long, value_name = "FAULT", value_parser = faults::named)]
    fault: Vec<Fault>,
    /// List the faults
    #[arg(long)]
    faults: bool,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    output: Output,
}

/// Role that a sandbox can play.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum Playable {
    Cpo,
    Emsp,
}

/// Our platform in a sandbox.
type Served = Platform<AnyStore, Outgoing>;

#[derive(Serialize)]
struct Json<'a> {
    listening: String,
    versions_url: &'a str,
    token_a: Option<&'a str>,
    /// Tokens A of the partners of the file.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tokens: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    admin: Option<String>,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        if self.faults {
            return faults::list(self.output.format()).map(|()| Exit::Done);
        }
        self.serve().or_else(|failure| report(failure, None))
    }

    fn serve(&self) -> Result<Exit, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
        let runtime = runtime.map_err(|error| Failure::unreadable("the runtime", error))?;
        let exit = runtime.block_on(self.live());
        // Requests to partners that are under way are on threads of their own.
        runtime.shutdown_timeout(Duration::from_secs(1));
        exit
    }

    async fn live(&self) -> Result<Exit, Failure> {
        let (listener, address) = listen(self.listen).await?;
        let admin = match self.admin {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let config = self.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
        if config.partners.iter().any(|partner| Some(&partner.id) == self.invite.as_ref()) {
            return Err(Failure::Usage("--invite names a partner of --config".to_owned()));
        }
        let counters = Counters::default();
        let background = Background::new();
        let platform = self.open(address, &counters, &background).await?;
        let sandbox = Arc::new(self.sandbox(&platform).await?);
        let router = sandbox.router().map_err(|error| Failure::unreadable("the sandbox", error))?;
        let versions_url = router.versions_url();
        let mut tokens = Vec::new();
        for partner in config.partners.iter().filter(|partner| partner.at.is_none()) {
            let token = invite(&platform, &partner.id, partner.allow.clone()).await?;
            tokens.extend(token.map(|token| (partner.id.as_str(), token)));
        }
        let token = match &self.invite {
            Some(partner) => invite(&platform, partner, Allow::default()).await?,
            None => None,
        };
        if token.is_none() && tokens.is_empty() {
            self.refuse_unmet_faults(&platform).await?;
        }
        let registering = Registering::of(&platform, &config).await?;
        let shown = Shown {
            listening: address,
            admin: admin.as_ref().map(|(_, address)| *address),
            versions_url: &versions_url,
            token: token.as_ref(),
            tokens: &tokens,
        };
        // Whoever reads the first line may end it at once.
        let signals = Signals::new()?;
        self.print(&shown)?;
        let admin = admin.map(|(listener, _)| (listener, Admin::new(Arc::clone(&sandbox), counters)));
        let known = token.iter().chain(tokens.iter().map(|(_, token)| token));
        let site = self.site(router, known, &platform)?;
        let registering = register::all(platform, registering);
        Ok(lifetime::serve(listener, site, admin, sandbox, background, signals, registering).await)
    }

    /// Refuses faults that cannot show, since nobody can register.
    async fn refuse_unmet_faults(&self, platform: &Served) -> Result<(), Failure> {
        let Some(fault) = self.fault.iter().find(|fault| fault.is_of_registration()) else { return Ok(()) };
        let partners = platform.partners().await?;
        if partners.iter().any(|partner| partner.state == PartnerState::Invited) {
            return Ok(());
        }
        Err(Failure::Usage(format!(
            "--fault {} shows when a partner registers, and nobody is invited: add --invite with a new name",
            fault.name()
        )))
    }

    fn site<'a>(
        &self,
        router: Router,
        known: impl Iterator<Item = &'a CredentialsToken>,
        platform: &Served,
    ) -> Result<Site, Failure> {
        if self.fault.is_empty() {
            return Ok(Site::of(router));
        }
        let layer = FaultLayer::new(router, self.fault.clone(), platform.clock().clone(), timer());
        let layer = layer.map_err(|error| Failure::unreadable("--fault", error))?;
        known.for_each(|token| layer.knows(token.expose()));
        Ok(Site::with_faults(layer, platform.base()))
    }

    async fn open(
        &self,
        address: SocketAddr,
        counters: &Counters,
        background: &Background,
    ) -> Result<Arc<Served>, Failure> {
        let mut roles: Vec<OwnRole> = Vec::new();
        for role in &self.roles {
            let role = match role {
                Playable::Cpo => OwnRole::Cpo,
                Playable::Emsp => OwnRole::Emsp,
            };
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        let own = Own::of_store(&self.store, self.reach.clone()).with_roles(&roles).with_identity(
            self.party.clone(),
            self.name.clone(),
            self.base_url.clone(),
        );
        let (store, settings, _) = own.prepare(Some(address), Some(USUAL)).await?;
        let settings = Settings {
            hooks: Arc::new(Welcome),
            observer: Observer::new(counters.clone()),
            timer: timer(),
            spawn: background.spawn(),
            messages: if self.log_messages { MessageLog::all() } else { MessageLog::off() },
            ..settings
        };
        let transport = Outgoing::new(self.reach.urls())?;
        Ok(Arc::new(Platform::open(settings, store, transport).await?))
    }

    async fn sandbox(&self, platform: &Arc<Served>) -> Result<Sandbox<AnyStore, Outgoing>, Failure> {
        let seed = match (&self.seed, platform.parties().first()) {
            (Some(seed), Some(party)) => Some(self.read_seed(seed, party)?),
            _ => None,
        };
        if let Some(without) = seed.as_ref().map(Seed::without_tariff).filter(|without| *without > 0) {
            output::mention(&format!(
                "{without} connectors of the file name none of its tariffs: nothing is charged there; add them as `tariffs`"
            ));
        }
        let options = SandboxOptions {
            is_cpo: self.roles.contains(&Playable::Cpo),
            is_emsp: self.roles.contains(&Playable::Emsp),
            seed,
            number: self.number,
            clock: faster(self.speed),
            timer: timer(),
        };
        let sandbox = Sandbox::open(Arc::clone(platform), options).await.map_err(failure)?;
        sandbox.notes().iter().for_each(|note| output::mention(note));
        Ok(sandbox)
    }

    fn read_seed(&self, seed: &str, party: &Party) -> Result<Seed, Failure> {
        let count = match seed.strip_prefix("city") {
            Some("") => Some(None),
            Some(rest) => rest.strip_prefix(':').and_then(|count| count.parse().ok()).map(Some),
            None => None,
        };
        if let Some(count) = count {
            return Seed::city(self.number, count, party).map_err(failure);
        }
        let bytes = std::fs::read(seed).map_err(|error| Failure::unreadable(seed, error))?;
        Seed::read(seed, &bytes, party).map_err(failure)
    }

    /// The first line of standard output says how to reach it. The tokens are made to be handed over.
    fn print(&self, shown: &Shown<'_>) -> Result<(), Failure> {
        let tokens = shown.tokens.iter().map(|(id, token)| (*id, token.expose()));
        let text = match self.output.format() {
            Format::Json => output::json::line(&Json {
                listening: shown.listening.to_string(),
                versions_url: shown.versions_url.as_str(),
                token_a: shown.token.map(CredentialsToken::expose),
                tokens: tokens.collect(),
                admin: shown.admin.map(|admin| admin.to_string()),
            })?,
            Format::Text => {
                let mut table = Table::default();
                table.line("listening", &shown.listening.to_string());
                table.line("versions URL", shown.versions_url.as_str());
                if let Some(token) = shown.token {
                    table.line("token A", token.expose());
                }
                for (id, token) in tokens {
                    table.line("token A", &format!("{token} for {id}"));
                }
                if let Some(admin) = shown.admin {
                    table.line("admin", &format!("http://{admin}/metrics"));
                }
                table.finish()
            }
        };
        Ok(output::print(&text)?)
    }
}

/// Addresses and tokens of a sandbox.
struct Shown<'a> {
    listening: SocketAddr,
    admin: Option<SocketAddr>,
    versions_url: &'a Url,
    token: Option<&'a CredentialsToken>,
    /// Tokens A of the partners of the file.
    tokens: &'a [(&'a str, CredentialsToken)],
}

/// Invites a partner. One that is registered needs no token any more.
async fn invite(platform: &Served, partner: &str, allow: Allow) -> Result<Option<CredentialsToken>, Failure> {
    match platform.invite(partner, allow).await {
        Ok(token) => Ok(Some(token)),
        Err(PlatformError::Registered(_)) => {
            output::mention(&format!("{partner} is registered already, and needs no token A"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn timer() -> Timer {
    Timer::new(tokio::time::sleep)
}

/// A clock that runs so many times as fast as that of the machine, from now on.
fn faster(speed: u32) -> Clock {
    let system = Clock::system();
    if speed == 1 {
        return system;
    }
    let (start, ticks) = (system.now().to_unix_micros(), system.ticks());
    Clock::new(move || {
        let passed = system.ticks().saturating_sub(ticks).saturating_mul(speed);
        let passed = i64::try_from(passed.as_micros()).unwrap_or(i64::MAX);
        DateTime::from_unix_micros(start.saturating_add(passed)).unwrap_or(DateTime::UNIX_EPOCH)
    })
}

fn failure(error: ocpi_sandbox::Error) -> Failure {
    Failure::Unreadable(told(&error))
}

/// An error with its causes.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    ocpi_types::observe::Chain(error).to_string()
}
