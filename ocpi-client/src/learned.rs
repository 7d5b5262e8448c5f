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
    /// The URLs, the slash and the limit that were learned, and nothing else.
    detours: PartnerProfile,
}

impl Learned {
    /// Returns the deviations that were tolerated: of each endpoint the first of each rule, 500 at most.
    pub fn deviations(&self) -> Vec<Deviation> {
        self.facts().deviations.list()
    }

    /// Whether a deviation was met of which nothing was [taken](Self::take_unsaved_deviations) to be stored.
    pub fn has_new_deviations(&self) -> bool {
        self.facts().deviations.has_new()
    }

    /// Returns the deviations with the times that were not [taken](Self::take_unsaved_deviations) to be stored.
    pub fn unsaved_deviations(&self) -> Vec<Deviation> {
        self.facts().deviations.unsaved()
    }

    /// Takes the deviations with the times since the last call, to be added to those that are stored. Each time is taken once,
    /// also if several ask at once.
    ///
    /// ```
    /// use ocpi_client::Learned;
    /// let learned = Learned::default();
    /// let taken = learned.take_unsaved_deviations();
    /// # let is_stored = taken.is_empty();
    /// if !is_stored {
    ///     learned.give_back_deviations(&taken);
    /// }
    /// ```
    #[must_use]
    pub fn take_unsaved_deviations(&self) -> Vec<Deviation> {
        self.facts().deviations.take_unsaved()
    }

    /// Gives deviations back that were taken and could not be stored.
    pub fn give_back_deviations(&self, taken: &[Deviation]) {
        self.facts().deviations.give_back(taken);
    }

    /// Forgets the deviations, as after the partner has mended them.
    pub fn forget_deviations(&self) {
        self.facts().deviations = Deviations::default();
    }

    /// Returns a profile with the detours that were learned.
    #[must_use]
    pub fn applied_to(&self, profile: &PartnerProfile) -> PartnerProfile {
        let detours = self.facts().detours.clone();
        // What it has stays in its place: another order would be another profile.
        let is_new = |url: &EndpointUrl| profile.url(url.version, &url.module, &url.role) != Some(&url.url);
        let mut learned =
            detours.urls.into_iter().filter(is_new).fold(profile.clone(), PartnerProfile::with_url);
        learned.request_slash = profile.request_slash.or(detours.request_slash);
        learned.most_limit = lower(profile.most_limit, detours.most_limit);
        learned
    }

    /// Forgets the detours: where the profile was set by somebody who knows better.
    pub fn forget_detours(&self) {
        self.facts().detours = PartnerProfile::strict();
    }

    pub(crate) fn tell(&self, endpoint: &str, findings: &[Finding]) {
        if !findings.is_empty() {
            let mut facts = self.facts();
            findings.iter().for_each(|finding| facts.deviations.add(endpoint, finding));
        }
    }

    pub(crate) fn url(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> Option<Url> {
        self.facts().detours.url(version, module, role).cloned()
    }

    pub(crate) fn learn_url(&self, url: EndpointUrl) {
        let detours = &mut self.facts().detours;
        *detours = std::mem::take(detours).with_url(url);
    }

    /// The slash at the end of paths, as far as it was learned.
    pub(crate) fn request_slash(&self) -> Option<bool> {
        self.facts().detours.request_slash
    }

    pub(crate) fn learn_request_slash(&self, slash: bool) {
        self.facts().detours.request_slash = Some(slash);
    }

    /// The lower of a limit that is known and the one that was learned.
    pub(crate) fn most_limit(&self, known: Option<u64>) -> Option<u64> {
        lower(known, self.facts().detours.most_limit)
    }

    pub(crate) fn learn_limit(&self, limit: u64) {
        let most = &mut self.facts().detours.most_limit;
        *most = lower(*most, Some(limit));
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Learned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.facts();
        f.debug_struct("Learned")
            .field("deviations", &facts.deviations.len())
            .field("urls", &facts.detours.urls.len())
            .field("request_slash", &facts.detours.request_slash)
            .field("most_limit", &facts.detours.most_limit)
            .finish()
    }
}

/// The lower of two limits, of which each may be unknown.
fn lower(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    [one, other].into_iter().flatten().min()
}
