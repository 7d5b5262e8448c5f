//! The builder of a router.

use std::sync::Arc;

use ocpi_types::observe::{Observe, Observer};
use ocpi_types::protocol::Party;
use ocpi_types::{Url, Version};

use super::conversions::Conversions;
use super::layout::Layout;
use super::limits::RequestLimits;
use super::refusals::Refusals;
use super::router_error::RouterError;
use super::routes::{Asked, Route, Routes};
use super::site::Site;
use super::usage::Usage;
use super::{Inner, Router};
use crate::locations::Locations;
use crate::{Clock, PartnerDirectory, Timer};

/// Builder of a [`Router`].
pub struct RouterBuilder {
    base: Url,
    clock: Clock,
    timer: Timer,
    layout: Layout,
    limits: RequestLimits,
    parties: Vec<Party>,
    versions: Vec<(Version, Vec<Route>)>,
    error: Option<RouterError>,
    conversions: Conversions,
    observer: Observer,
}

impl Router {
    /// Starts a router. Its URLs begin with `base`, the public URL; the header `Host` of a request is never used.
    pub fn builder(base: Url, clock: Clock) -> RouterBuilder {
        RouterBuilder {
            base,
            clock,
            timer: Timer::system(),
            layout: Layout::default(),
            limits: RequestLimits::default(),
            parties: Vec::new(),
            versions: Vec::new(),
            error: None,
            conversions: Conversions::default(),
            observer: Observer::default(),
        }
    }
}

impl RouterBuilder {
    /// Sets the limits on the size, time and number of a partner's requests.
    #[must_use]
    pub fn with_limits(self, limits: RequestLimits) -> Self {
        Self { limits, ..self }
    }

    /// Sets the maximum size of bodies in bytes, as [`RequestLimits::body_bytes`]; the default is 8 MiB.
    #[must_use]
    pub fn with_body_limit(self, bytes: usize) -> Self {
        Self { limits: self.limits.with_body_bytes(bytes), ..self }
    }

    /// Sets the timer for the deadlines of [`RequestLimits`]; the default is [`Timer::system`].
    #[must_use]
    pub fn with_timer(self, timer: Timer) -> Self {
        Self { timer, ..self }
    }

    /// Sets the layout of the URLs; the default is [`Layout::default`].
    #[must_use]
    pub fn with_layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// Sets the parties that the platform speaks for. A message to any other party (`OCPI-to-…`) is refused with 2001.
    /// By default messages to any party are accepted.
    #[must_use]
    pub fn with_parties(self, parties: impl IntoIterator<Item = Party>) -> Self {
        Self { parties: parties.into_iter().collect(), ..self }
    }

    /// Sets the look-up of Locations: a Session of 2.1.1 embeds its Location.
    #[must_use]
    pub fn with_locations(mut self, locations: impl Locations) -> Self {
        self.conversions.locations = Some(Arc::new(locations));
        self
    }

    /// Reports each request to `observer`, including those refused before their body is read, with the cause. Use a
    /// tuple for two observers.
    ///
    /// ```
    /// use ocpi_server_traits::{Clock, Router};
    /// use ocpi_types::observe::{Chain, Event, EventKind, from_fn};
    /// let router = Router::builder("https://cpo.example/ocpi".parse()?, Clock::system()).observe(from_fn(
    ///     |event: &Event<'_>| {
    ///         if let EventKind::Failed(failure) = &event.kind {
    ///             let endpoint = event.exchange.endpoint.unwrap_or("no endpoint");
    ///             eprintln!("{endpoint}: {}", Chain(failure.error));
    ///         }
    ///     },
    /// ));
    /// # Ok::<(), ocpi_types::UrlError>(())
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl Observe) -> Self {
        self.observer = Observer::new(observer);
        self
    }

    /// Reports to partners, in `status_message`, the parts of an answer that their version cannot express: places and
    /// rules, no values.
    #[must_use]
    pub fn report_losses_to_partner(mut self) -> Self {
        self.conversions.are_reported = true;
        self
    }

    /// Mounts endpoints for one version, in addition to earlier ones. Building the router fails if the version lacks
    /// one of them.
    ///
    /// Handlers may use any version: messages are converted.
    #[must_use]
    pub fn version(self, version: Version, mount: impl FnOnce(Routes) -> Routes) -> Self {
        self.add(vec![mount(Routes::new(version))])
    }

    /// Mounts the same endpoints for several versions, each endpoint in the versions that have it. Building the router
    /// fails if none of the versions has an endpoint.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use ocpi_server_traits::{Partner, PartnerDirectory, StoreError};
    /// use ocpi_server_traits::{Clock, Memory, Objects, Router};
    /// use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
    /// use ocpi_types::{CredentialsToken, ModuleId, Version};
    /// # struct Nobody;
    /// # impl PartnerDirectory for Nobody {
    /// #     async fn find(&self, _: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> { Ok(None) }
    /// # }
    /// let objects = Arc::new(Objects::new(Memory::new(), Vec::new()));
    /// let router = Router::builder("https://cpo.example/ocpi".parse()?, Clock::system())
    ///     .versions(Version::ALL.iter().copied(), |routes| {
    ///         routes.cpo(&objects).sender::<InvoiceReconciliationRecord>(&objects)
    ///     })
    ///     .build(Nobody)?;
    /// let has_records = |version| {
    ///     router.endpoints(version).iter().any(|it| it.identifier == ModuleId::InvoiceReconciliation)
    /// };
    /// assert!(has_records(Version::V2_3_0) && !has_records(Version::V2_1_1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn versions(
        self,
        versions: impl IntoIterator<Item = Version>,
        mount: impl Fn(Routes) -> Routes,
    ) -> Self {
        self.add(versions.into_iter().map(|version| mount(Routes::new(version))).collect())
    }

    fn add(mut self, group: Vec<Routes>) -> Self {
        let (mut versions, mut asked) = (Vec::new(), Vec::new());
        for routes in group {
            let version = routes.version();
            let (mut routes, mut names) = routes.into_parts();
            versions.push(version);
            asked.append(&mut names);
            match self.versions.iter_mut().find(|(known, _)| *known == version) {
                Some((_, known)) => known.append(&mut routes),
                None => self.versions.push((version, routes)),
            }
        }
        let is_mounted = |name: &str| asked.iter().any(|it: &Asked| it.name == name && it.is_mounted);
        if let Some(missing) = asked.iter().find(|it| !is_mounted(&it.name)) {
            self.error
                .get_or_insert_with(|| RouterError::not_in_version(&missing.name, &versions, &missing.has));
        }
        self
    }

    /// Builds the router. `directory` finds the partner that a credentials token belongs to.
    ///
    /// # Errors
    /// When an endpoint is mounted twice or in no version, a version has no endpoints, or two pages of the layout have
    /// the same URL.
    pub fn build(self, directory: impl PartnerDirectory) -> Result<Router, RouterError> {
        let Self { base, clock, timer, layout, limits, parties, versions, error, conversions, observer } =
            self;
        if let Some(error) = error {
            return Err(error);
        }
        let site = Site::new(&base, &layout, versions)?;
        let (directory, usage, refusals) = (Box::new(directory), Usage::new(&limits), Refusals::new(&limits));
        Ok(Router(Arc::new(Inner {
            base,
            clock,
            timer,
            directory,
            limits,
            usage,
            refusals,
            parties,
            site,
            conversions,
            observer,
        })))
    }
}
