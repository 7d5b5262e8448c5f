//! Facts learned about partners in requests, stored for later, for other processes, and for the operator.

use ocpi_client::{Client, Deviation, Learned, Transport};
use ocpi_server_traits::Store;
use ocpi_types::Url;

use crate::directory::Also;
use crate::trust::Record;
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Stores what a client has learned of its partner, and deviations that are new; the observer is told if that fails.
    /// Where somebody else writes meanwhile, detours are stored the next time.
    pub(crate) async fn keep_learned<U>(&self, id: &str, client: &Client<U>) {
        if let Err(error) = self.store_detours(id, client).await {
            self.tell_missing(id, "what was learned of a partner is not stored", &error);
        }
        if client.learned().has_new_deviations() {
            self.store_deviations(id, client.learned()).await;
        }
    }

    /// Stores how often a partner deviated, once in an hour: a number alone is no reason to write after a request.
    pub(crate) async fn keep_numbers(&self, id: &str) {
        if let Some(learned) = self.acquaintances.learned_hourly(id, self.now()) {
            self.store_deviations(id, &learned).await;
        }
    }

    /// Forgets the deviations of a partner, for example when it says that it has fixed them: deviations from now on are
    /// listed again. Other processes add those that they have not stored yet.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_deviations(&self, id: &str) -> Result<(), Error> {
        if let Some(learned) = self.acquaintances.learned(id) {
            learned.forget_deviations();
        }
        self.partners.forget_deviations(self.store(), id, self.now()).await
    }

    /// Returns the deviations of each of these partners: those that are stored, and those of this process that are not.
    pub(crate) async fn deviations_of(&self, ids: &[&str]) -> Result<Vec<Vec<Deviation>>, Error> {
        let unsaved = |id: &str| {
            self.acquaintances.learned(id).map(|learned| learned.unsaved_deviations()).unwrap_or_default()
        };
        self.partners.deviations(self.store(), ids, unsaved).await
    }

    async fn store_deviations(&self, id: &str, learned: &Learned) {
        let met = learned.take_unsaved_deviations();
        if met.is_empty() {
            return;
        }
        if let Err(error) = self.partners.add_deviations(self.store(), id, &met, self.now()).await {
            learned.give_back_deviations(&met);
            self.tell_missing(id, "deviations of a partner are not stored", &error);
        }
    }

    async fn store_detours<U>(&self, id: &str, client: &Client<U>) -> Result<(), Error> {
        if client.learned_profile() == *client.profile() {
            return Ok(());
        }
        let Some(kept) = self.partners.read(self.store(), id).await? else { return Ok(()) };
        let mut profile = client.learned().applied_to(&kept.record.profile);
        // Another process may have seen that the partner has moved.
        let details = self.partners.details(self.store(), &kept.record).await?;
        let is_there = |url: &Url| details.endpoints.iter().any(|endpoint| endpoint.url.is_same_path(url));
        let known = &kept.record.profile.urls;
        profile.urls.retain(|learned| known.contains(learned) || is_there(&learned.url));
        if profile == kept.record.profile {
            return Ok(());
        }
        let record = Record { profile, ..kept.record.clone() };
        match self.replace(&kept, record, Also::default()).await {
            Ok(_) | Err(Error::Conflict(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
