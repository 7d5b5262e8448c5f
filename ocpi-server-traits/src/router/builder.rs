//! The builder of a router.

use std::sync::Arc;

use ocpi_types::{Url, Version};

use super::conversions::Conversions;
use super::routes::{Route, Routes};
use super::{Inner, Router};
use crate::conversion_report::{ConversionReport, Locations};
use crate::{Clock, PartnerDirectory};

/// Puts a [`Router`] together.
pub struct RouterBuilder {
    base: Url,
    clock: Clock,
    body_limit: usize,
    versions: Vec<(Version, Vec<Route>)>,
    conversions: Conversions,
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

    /// Tells `hook` what answers lost or assumed on their way to the version of a partner.
    #[must_use]
    pub fn on_conversion(mut self, hook: impl Fn(&ConversionReport) + Send + Sync + 'static) -> Self {
        self.conversions.hook = Some(Arc::new(hook));
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
        let Self { base, clock, body_limit, versions, conversions } = self;
        let directory = Box::new(directory);
        Router(Arc::new(Inner { base, clock, directory, body_limit, versions, conversions }))
    }
}
