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
    /// Public base URL, which all URLs of the platform begin with.
    pub base: Url,
    /// Paths below the base URL. A platform that replaces another one can keep the URLs that partners know.
    pub layout: Layout,
    /// Limits on the requests of each partner.
    pub request_limits: RequestLimits,
    /// Roles and parties of the platform, as in its credentials.
    pub roles: NonEmpty<CredentialsRole>,
    /// Versions that it offers and uses.
    pub versions: Vec<Version>,
    /// Endpoints that a partner must offer to be registered. Default: none.
    pub required: Vec<(ModuleId, InterfaceRole)>,
    /// Rule for URLs of partners to which requests may go. Default: public https URLs only.
    pub urls: UrlPolicy,
    /// Exceptions to the permissions that partners have by their roles.
    pub permissions: Permissions,
    /// Limits of registrations.
    pub limits: Limits,
    /// Limits of asynchronous requests.
    pub results: ResultLimits,
    /// Maximum number of objects and bytes stored for each partner.
    pub quotas: Quotas,
    /// Times that order the updates of partners.
    pub order: OrderSettings,
    /// Rules for received CDRs. A hub accepts CDRs of all drivers.
    pub cdr_rules: CdrRules,
    /// Maximum rate of requests to a partner; `None`: no limit. The default is 100 a minute. The rate in a partner's profile
    /// takes precedence. A request beyond the rate waits, including those for pages of a list. Exchanges of credentials wait
    /// for the rate of a profile only.
    pub rate: Option<Rate>,
    /// Rule for repeating failed requests that are repeatable. Exchanges of credentials have their own rule: see
    /// [`Platform::tick`](crate::Platform::tick).
    pub retry: Retry,
    /// Settings of the push engine, which sends published objects to partners.
    pub push: PushSettings,
    /// Hooks that decide on registrations, and are notified of them.
    pub hooks: Arc<dyn Hooks>,
    /// Key for hashing the tokens that we issued before they are stored, so that somebody who reads the store cannot
    /// test guesses. If it changes, all partners have to register again.
    pub pepper: Option<Vec<u8>>,
    /// Encrypts stored tokens that partners gave us, URLs of partners that may contain a secret, and unfinished
    /// erasures of drivers.
    pub seal: Option<Arc<dyn Seal>>,
    /// Observer of requests and responses in both directions, and of each failure with its cause. Default: none.
    pub observer: Observer,
    /// Log of messages. Default: off.
    pub messages: MessageLog,
    /// Clock of the platform.
    pub clock: Clock,
    /// Timer for deadlines and waits.
    pub timer: Timer,
    /// Starts background work, such as waiting for charge points and running reactors.
    pub spawn: Spawn,
    /// Source of random numbers for tokens and ids.
    pub secrets: SecureRandom,
}

impl Settings {
    /// Creates settings for a platform that speaks for one party, with all supported versions, the system's clock and
    /// random numbers. It sends a partner at most 100 requests a minute, and each repeatable request up to three times.
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
