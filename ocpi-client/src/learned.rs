//! Facts about a partner that were learned from its answers.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_types::protocol::{EndpointUrl, PartnerProfile};
use ocpi_types::{Finding, InterfaceRole, ModuleId, Url, Version};

use crate::Deviation;
use crate::deviation::Deviations;

/// Facts about a partner that were learned from its answers: necessary detours, and tolerated deviations. Clones share
/// them, so that all clients of the partner benefit.
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
    /// Returns the tolerated deviations: the first for each endpoint and rule, at most 500.
    pub fn deviations(&self) -> Vec<Deviation> {
        self.facts().deviations.list()
    }

    /// Whether a deviation occurred that has not been [taken](Self::take_unsaved_deviations) for storing.
    pub fn has_new_deviations(&self) -> bool {
        self.facts().deviations.has_new()
    }

    /// Returns the deviations with the counts that have not been [taken](Self::take_unsaved_deviations) for storing.
    pub fn unsaved_deviations(&self) -> Vec<Deviation> {
        self.facts().deviations.unsaved()
    }

    /// Takes the deviations with the counts since the last call, to be added to the stored ones. Each occurrence is
    /// counted once, even with concurrent calls.
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

    /// Returns deviations that were taken but could not be stored.
    pub fn give_back_deviations(&self, taken: &[Deviation]) {
        self.facts().deviations.give_back(taken);
    }

    /// Forgets the deviations, for example after the partner has fixed them.
    pub fn forget_deviations(&self) {
        self.facts().deviations = Deviations::default();
    }

    /// Returns a profile that includes the learned detours.
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

    /// Forgets the detours, for example when an operator sets the profile.
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

/// The lower of two limits, each of which may be unknown.
fn lower(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    [one, other].into_iter().flatten().min()
}
