//! A run of the suite.

use std::future::Future;
use std::time::Duration;

use ocpi_client::Transport;
use ocpi_client::transport::AnyTransport;
use ocpi_types::protocol::Party;
use ocpi_types::{Clock, CredentialsToken, InterfaceRole, Role, Timer, Url, Version};

use crate::active::act;
use crate::behaviour::{Group, run};
use crate::checks::{
    auth, credentials, http, items, journey, lists, receivers, registration, versions, windows,
};
use crate::context::Context;
use crate::inbox::Inbox;
use crate::options::Options;
use crate::report::Report;
use crate::wire::Wire;

/// Objects of a list that are read, unless said otherwise.
const MOST: usize = 1_000;

/// Length of the outage in a journey, unless said otherwise.
const OUTAGE: Duration = Duration::from_secs(600);

/// A run of the suite against one server: which checks, and as whom.
///
/// See the [crate](crate) for an example.
#[must_use = "it does nothing until it is run"]
pub struct Suite {
    options: Options,
    token: CredentialsToken,
    transport: AnyTransport,
    clock: Clock,
    timer: Timer,
}

impl Suite {
    /// Checks the server with this list of versions, which knows us by `token`.
    pub fn new(versions_url: Url, token: CredentialsToken, transport: impl Transport + 'static) -> Self {
        let versions_url = versions_url.as_str().to_owned();
        let options = Options {
            versions_url,
            version: None,
            party: None,
            most: MOST,
            only: Vec::new(),
            is_active: false,
            inbox: None,
            registers_as: None,
            next_token: None,
            outage: OUTAGE,
            meanwhile: None,
        };
        let transport = AnyTransport::new(transport);
        Self { options, token, transport, clock: Clock::system(), timer: Timer::system() }
    }

    /// In this version; the default is the newest that the server offers.
    pub fn version(mut self, version: Version) -> Self {
        self.options.version = Some(version);
        self
    }

    /// As this party, for routing headers and for copies of our objects.
    pub fn party(mut self, party: Party) -> Self {
        self.options.party = Some(party);
        self
    }

    /// With at most about this many objects of each list; the default is 1000. Checks of whole lists skip longer ones.
    pub fn most_objects(mut self, most: usize) -> Self {
        self.options.most = most;
        self
    }

    /// Checks these modules only, such as `locations`. Versions and credentials are always checked.
    pub fn only<M: Into<String>>(mut self, modules: impl IntoIterator<Item = M>) -> Self {
        self.options.only = modules.into_iter().map(Into::into).collect();
        self
    }

    /// Also runs the checks that write: for a sandbox only. [`party`](Self::party) names the party whose objects are pushed.
    ///
    /// The ids of everything that is created begin with `CONFORMANCE-`. At the end it is withdrawn as far as the protocol
    /// allows: Tariffs and records of invoices are deleted, EVSEs are `REMOVED`, Sessions `INVALID`, Tokens not valid, Bookings
    /// cancelled. CDRs, terminals and payments stay. A session that a command starts is not stopped.
    pub fn active(mut self) -> Self {
        self.options.is_active = true;
        self
    }

    /// With an inbox, which the server can call: for results of commands, and for registration.
    pub fn inbox(mut self, inbox: Inbox) -> Self {
        self.options.inbox = Some(inbox);
        self
    }

    /// The token is a token A: the suite registers with it in this role, looks at registration, rotation and unregistration,
    /// too, and is not registered any more at the end. It needs an [`inbox`](Self::inbox) and a [`party`](Self::party).
    pub fn registering(mut self, role: Role) -> Self {
        self.options.registers_as = Some(role);
        self.active()
    }

    /// With a second token A, which is asked for when the suite has unregistered: for the new start at the end of a journey.
    pub fn next_token<F>(mut self, next: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = CredentialsToken> + Send + 'static,
    {
        self.options.next_token = Some(Box::new(move || Box::pin(next())));
        self
    }

    /// Sets the length of the outage in a journey, during which the inbox answers HTTP 503, and a function that changes the
    /// server in that time. The default is ten minutes, and no function.
    pub fn outage<F>(mut self, length: Duration, meanwhile: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.options.outage = length;
        self.options.meanwhile = Some(Box::new(move || Box::pin(meanwhile())));
        self
    }

    /// Sets the clock and the timer; by default those of the machine.
    pub fn time(self, clock: Clock, timer: Timer) -> Self {
        Self { clock, timer, ..self }
    }

    /// Runs the checks that apply to the server's version and modules. They only read, unless the suite is
    /// [active](Self::active).
    pub async fn run(self) -> Report {
        let Self { options, token, transport, clock, timer } = self;
        if let Some(inbox) = &options.inbox {
            inbox.set_clock(clock.clone());
        }
        let cx = Context::new(Wire::new(transport, token, clock, timer), options);
        run_checks(&cx).await;
        Report::of(&cx)
    }

    /// Plays the onboarding of a new partner, step by step, beginning with a token A: see [`Journey`]. It needs an
    /// [`inbox`](Self::inbox) and a [`party`](Self::party), and writes as [`active`](Self::active) does.
    pub async fn run_journey(self, journey: Journey) -> Report {
        let Self { mut options, token, transport, clock, timer } = self;
        if let Some(inbox) = &options.inbox {
            inbox.set_clock(clock.clone());
        }
        options.registers_as = Some(journey.our_role());
        let cx = Context::new(Wire::new(transport, token, clock, timer), options);
        let steps = match journey {
            Journey::Cpo => journey::WITH_CPO,
            Journey::Emsp => journey::WITH_EMSP,
        };
        run(&cx, journey::JOURNEY, steps, &()).await;
        run_on_answers(&cx).await;
        Report::of(&cx)
    }
}

/// Onboarding that the suite plays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Journey {
    /// The server is a CPO. The suite is its new eMSP: it registers, pulls, pushes Tokens, and sends a command.
    Cpo,
    /// The server is an eMSP. The suite is its new CPO: it registers, pushes a Location with its statuses, a Tariff, a Session
    /// and a CDR, and has a driver authorized.
    Emsp,
}

impl Journey {
    /// The role in which the suite registers.
    fn our_role(self) -> Role {
        match self {
            Self::Cpo => Role::Emsp,
            Self::Emsp => Role::Cpo,
        }
    }
}

async fn run_checks(cx: &Context) {
    run(cx, versions::VERSIONS, versions::OF_VERSIONS, &()).await;
    run(cx, versions::DETAILS, versions::OF_DETAILS, &()).await;
    let is_registering = cx.options.registers_as.is_some();
    if is_registering {
        run(cx, registration::REGISTRATION, registration::OF_REGISTRATION, &()).await;
        if cx.missing(registration::REGISTRATION.name, &["post"]).is_some() {
            // A token A opens nothing else: the rest would say so again and again.
            return run_on_answers(cx).await;
        }
    }
    run(cx, auth::AUTH, auth::OF_AUTH, &()).await;
    run(cx, credentials::CREDENTIALS, credentials::OF_CREDENTIALS, &()).await;
    cx.address_messages();
    run(cx, http::HTTP, http::OF_HTTP, &()).await;
    for list in lists::advertised(cx) {
        let group = Group { name: list.of.name, module: list.of.module.as_str(), chapter: list.of.chapter };
        run(cx, group, lists::OF_LISTS, &list).await;
        run(cx, group, windows::OF_WINDOWS, &list).await;
        run(cx, group, items::OF_ITEMS, &list).await;
        if list.of.has_single {
            run(cx, group, items::OF_SINGLES, &list).await;
        }
    }
    for receiver in &receivers::RECEIVERS {
        let module = receiver.module.as_str();
        if cx.wants(module) && cx.endpoint(&receiver.module, &InterfaceRole::Receiver).is_some() {
            let group = Group { name: receiver.name, module, chapter: receiver.chapter };
            run(cx, group, receivers::OF_RECEIVERS, receiver).await;
        }
    }
    if cx.options.is_active {
        act(cx).await;
    }
    if is_registering {
        run(cx, registration::REGISTRATION, registration::OF_ROTATION, &()).await;
        run(cx, registration::REGISTRATION, registration::OF_UNREGISTRATION, &()).await;
    }
    run_on_answers(cx).await;
}

/// Of all answers, so last.
async fn run_on_answers(cx: &Context) {
    run(cx, http::HTTP, http::OF_ANSWERS, &()).await;
    run(cx, http::ENVELOPE, http::OF_ENVELOPES, &()).await;
}
