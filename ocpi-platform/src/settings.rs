//! Settings of a platform at its start.

use std::fmt;
use std::sync::Arc;

use ocpi_client::Retry;
use ocpi_server_traits::order::OrderSettings;
use ocpi_server_traits::{CdrRules, CdrVerdict, Clock, Layout, Permissions, Quotas, RequestLimits, Timer};
use ocpi_types::observe::Observer;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::versions::{InterfaceRole, ModuleId};
use ocpi_types::{NonEmpty, Rate, Role, Url, Version};

use crate::hooks::NoHooks;
use crate::{Hooks, Limits, MessageLog, PushSettings, ResultLimits, Seal, SecureRandom, Spawn, UrlPolicy};

/// Settings of a platform at its start.
#[derive(Clone)]
pub struct Settings {
    /// The URL that all its own URLs begin with.
    pub base: Url,
    /// The paths below it. A platform that takes the place of another keeps the URLs that partners know.
    pub layout: Layout,
    /// Bounds on the requests of each partner.
    pub request_limits: RequestLimits,
    /// For whom it speaks.
    pub roles: NonEmpty<CredentialsRole>,
    /// The versions it has.
    pub versions: Vec<Version>,
    /// The endpoints that a partner must offer.
    pub required: Vec<(ModuleId, InterfaceRole)>,
    /// Which URLs of partners requests may go to.
    pub urls: UrlPolicy,
    /// Modules that partners may use beyond what their roles say, or may not.
    pub permissions: Permissions,
    /// Limits of registrations.
    pub limits: Limits,
    /// Limits of requests whose result comes later.
    pub results: ResultLimits,
    /// Most objects and bytes that are kept for each partner.
    pub quotas: Quotas,
    /// Times by which updates of partners are ordered.
    pub order: OrderSettings,
    /// Rules that received CDRs are held to. A hub takes those of all drivers.
    pub cdr_rules: CdrRules,
    /// Most requests that are sent to a partner in a time; `None`: no bound. The rate in a partner's profile comes first.
    /// A request beyond it waits, those for pages of a list, too. Exchanges of credentials wait for the rate of a profile only.
    pub rate: Option<Rate>,
    /// Rule for sending requests again that failed, of those that may be repeated. Exchanges of credentials have their own:
    /// see [`Platform::tick`](crate::Platform::tick).
    pub retry: Retry,
    /// The manner in which partners are told of what is published.
    pub push: PushSettings,
    /// Hooks that decide on registrations, and are told of them.
    pub hooks: Arc<dyn Hooks>,
    /// Key by which tokens that we issued are hashed before they are stored, so that who reads the store cannot try
    /// tokens. If it changes, all partners have to register anew.
    pub pepper: Option<Vec<u8>>,
    /// Seals the tokens that partners gave us before they are stored, URLs of partners that may have a secret in them, and
    /// erasures of drivers that are under way.
    pub seal: Option<Arc<dyn Seal>>,
    /// Is told of requests and responses of both directions, and of each failure with its cause. By default nobody is.
    pub observer: Observer,
    /// Messages that are logged: by default none.
    pub messages: MessageLog,
    /// Where the time comes from.
    pub clock: Clock,
    /// Waits, for deadlines.
    pub timer: Timer,
    /// Starts work that goes on in the background: charge points that take their time.
    pub spawn: Spawn,
    /// Where tokens and ids come from.
    pub secrets: SecureRandom,
}

impl Settings {
    /// A platform that speaks for one party, with every version it can, the time of the machine and the random
    /// numbers of the operating system. It sends 100 requests a minute to a partner at most, each up to three times where
    /// that does no harm.
    ///
    /// ```
    /// use ocpi_client::Retry;
    /// use ocpi_platform::Settings;
    /// use ocpi_types::Rate;
    /// use ocpi_types::v2_3_0::credentials::CredentialsRole;
    ///
    /// fn settings(role: CredentialsRole) -> Result<Settings, ocpi_types::UrlError> {
    ///     let base = "https://emsp.example/ocpi".parse()?;
    ///     Ok(Settings {
    ///         rate: Some(Rate::per_minute(300)),
    ///         retry: Retry::default().with_sends(5),
    ///         ..Settings::new(base, role)
    ///     })
    /// }
    /// ```
    pub fn new(base: Url, role: CredentialsRole) -> Self {
        Self {
            base,
            layout: Layout::default(),
            request_limits: RequestLimits::default(),
            roles: NonEmpty::of(role),
            versions: Version::SPOKEN.to_vec(),
            required: Vec::new(),
            urls: UrlPolicy::Public,
            permissions: Permissions::default(),
            limits: Limits::default(),
            results: ResultLimits::default(),
            quotas: Quotas::default(),
            order: OrderSettings::default(),
            cdr_rules: CdrRules::default(),
            rate: Some(Rate::per_minute(100)),
            retry: Retry::default(),
            push: PushSettings::default(),
            hooks: Arc::new(NoHooks),
            pepper: None,
            seal: None,
            observer: Observer::default(),
            messages: MessageLog::off(),
            clock: Clock::system(),
            timer: Timer::system(),
            spawn: Spawn::system(),
            secrets: SecureRandom::system(),
        }
    }
}

impl Settings {
    pub(crate) fn rules_of_cdrs(&self) -> CdrRules {
        let is_hub = self.roles.iter().any(|role| role.role == Role::Hub);
        let foreign_driver = if is_hub { CdrVerdict::Take } else { self.cdr_rules.foreign_driver };
        CdrRules { foreign_driver, ..self.cdr_rules }
    }
}

/// The pepper is a secret.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("base", &self.base)
            .field("roles", &self.roles)
            .field("versions", &self.versions)
            .field("required", &self.required)
            .field("urls", &self.urls)
            .field("permissions", &self.permissions)
            .field("limits", &self.limits)
            .field("results", &self.results)
            .field("quotas", &self.quotas)
            .field("rate", &self.rate)
            .field("retry", &self.retry)
            .field("push", &self.push)
            .field("messages", &self.messages)
            .finish_non_exhaustive()
    }
}
