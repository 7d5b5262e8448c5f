//! The builder of a router.

use std::sync::Arc;

use ocpi_types::observe::{Observe, Observer};
use ocpi_types::{Url, Version};

use super::conversions::Conversions;
use super::routes::{Route, Routes};
use super::{Inner, Router};
use crate::locations::Locations;
use crate::{Clock, PartnerDirectory};

/// Puts a [`Router`] together.
pub struct RouterBuilder {
    base: Url,
    clock: Clock,
    body_limit: usize,
    versions: Vec<(Version, Vec<Route>)>,
    conversions: Conversions,
    observer: Observer,
}

impl Router {
    /// A router whose URLs begin with `base`, as the world sees it; never what a request's header `Host` says.
    pub fn builder(base: Url, clock: Clock) -> RouterBuilder {
        RouterBuilder {
            base,
            clock,
            body_limit: 8 << 20,
            versions: Vec::new(),
            conversions: Conversions::default(),
            observer: Observer::default(),
        }
    }
}

impl RouterBuilder {
    /// With bodies of at most this many bytes; the default is 8 MiB.
    #[must_use]
    pub fn with_body_limit(self, bytes: usize) -> Self {
        Self { body_limit: bytes, ..self }
    }

    /// With a place to look Locations up: a Session of 2.1.1 embeds its Location.
    #[must_use]
    pub fn with_locations(mut self, locations: impl Locations) -> Self {
        self.conversions.locations = Some(Arc::new(locations));
        self
    }

    /// Tells `observer` of each request: also of those that are refused before their body is read, with the cause. Two
    /// observers stand in a tuple.
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

    /// Tells partners in `status_message` what their version cannot express of an answer: places and rules, no values.
    #[must_use]
    pub fn report_losses_to_partner(mut self) -> Self {
        self.conversions.are_reported = true;
        self
    }

    /// Mounts endpoints for a version. Handlers may be of any version: messages are converted on the way.
    #[must_use]
    pub fn version(mut self, version: Version, mount: impl FnOnce(Routes) -> Routes) -> Self {
        self.versions.push((version, mount(Routes::default()).into_routes()));
        self
    }

    /// The router; `directory` knows whose tokens are whose.
    pub fn build(self, directory: impl PartnerDirectory) -> Router {
        let Self { base, clock, body_limit, versions, conversions, observer } = self;
        let directory = Box::new(directory);
        Router(Arc::new(Inner { base, clock, directory, body_limit, versions, conversions, observer }))
    }
}
