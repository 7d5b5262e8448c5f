//! Facts that were learned of a partner while it was spoken with.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_types::protocol::{EndpointUrl, PartnerProfile};
use ocpi_types::{Finding, InterfaceRole, ModuleId, Url, Version};

use crate::Deviation;
use crate::deviation::Deviations;

/// Facts that were learned of a partner while it was spoken with: detours that its answers made necessary, and deviations
/// that were tolerated. Clones share them, so that all clients of a partner profit.
///
/// ```
/// use ocpi_client::{Client, Learned, RequestIds};
/// use ocpi_types::Version;
/// let learned = Learned::default();
/// let client = Client::new(Version::V2_1_1, vec![], "secret".parse()?, RequestIds::new("run-1"))
///     .with_learned(learned.clone());
/// assert_eq!(client.learned_profile(), *client.profile(), "nothing yet");
/// assert!(learned.deviations().is_empty());
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone, Default)]
pub struct Learned(Arc<Mutex<Facts>>);

#[derive(Clone, Debug, Default)]
struct Facts {
    deviations: Deviations,
    urls: Vec<EndpointUrl>,
    most_limit: Option<u64>,
}

impl Learned {
    /// Returns the deviations that were tolerated: of each endpoint the first of each rule, 500 at most.
    pub fn deviations(&self) -> Vec<Deviation> {
        self.facts().deviations.list()
    }

    /// Returns a profile with the detours that were learned.
    #[must_use]
    pub fn applied_to(&self, profile: &PartnerProfile) -> PartnerProfile {
        let facts = self.facts();
        let most_limit = match (profile.most_limit, facts.most_limit) {
            (Some(known), Some(learned)) => Some(known.min(learned)),
            (known, learned) => known.or(learned),
        };
        let base = PartnerProfile::clone(profile);
        let mut learned = facts.urls.iter().cloned().fold(base, PartnerProfile::with_url);
        learned.most_limit = most_limit;
        learned
    }

    /// Forgets the detours: where the profile was set by somebody who knows better.
    pub fn forget_detours(&self) {
        let mut facts = self.facts();
        (facts.urls, facts.most_limit) = (Vec::new(), None);
    }

    pub(crate) fn tell(&self, endpoint: &str, findings: &[Finding]) {
        if !findings.is_empty() {
            let mut facts = self.facts();
            findings.iter().for_each(|finding| facts.deviations.add(endpoint, finding));
        }
    }

    pub(crate) fn url(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> Option<Url> {
        let facts = self.facts();
        let known = |url: &&EndpointUrl| (url.version, &url.module, &url.role) == (version, module, role);
        facts.urls.iter().find(known).map(|known| known.url.clone())
    }

    pub(crate) fn learn_url(&self, url: EndpointUrl) {
        let urls = &mut self.facts().urls;
        urls.retain(|known| {
            (known.version, &known.module, &known.role) != (url.version, &url.module, &url.role)
        });
        urls.push(url);
    }

    pub(crate) fn most_limit(&self) -> Option<u64> {
        self.facts().most_limit
    }

    pub(crate) fn learn_limit(&self, limit: u64) {
        let most = &mut self.facts().most_limit;
        *most = Some(most.map_or(limit, |known| known.min(limit)));
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Learned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.facts();
        f.debug_struct("Learned")
            .field("deviations", &facts.deviations.list().len())
            .field("urls", &facts.urls.len())
            .field("most_limit", &facts.most_limit)
            .finish()
    }
}
