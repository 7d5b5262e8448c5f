//! Publishing objects of our own.

use ocpi_client::Transport;
use ocpi_server_traits::order::Taken;
use ocpi_server_traits::storage::{Address, NewDocument, Store};
use ocpi_server_traits::{Error as Refusal, Published};
use ocpi_types::endpoint::{CdrKey, Owned, PatchedResource, Resource};
use ocpi_types::protocol::Party;
use ocpi_types::{CiString, ModuleId};

use super::stored::Letter;
use crate::documents::corrupt;
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Puts an object of ours; whoever may see it is told. Nothing is sent here: [`Platform::run`] or [`Platform::tick`] does
    /// that, until every partner has the newest state, through outages and restarts.
    ///
    /// A CDR arrives once at the eMSP of the driver's token, or at the hub that it is behind. It does not change any more: a credit
    /// CDR takes it back. An invoice reconciliation record goes to the eMSPs of its CDRs.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::v2_3_0::cdrs::Cdr;
    ///
    /// /// Sends a CDR; it arrives once.
    /// async fn charged<S: Store, T: Transport>(cpo: &Platform<S, T>, cdr: Cdr) -> Result<(), Error> {
    ///     cpo.publish(cdr).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// When the owner is none of our parties, another CDR of this id was published before, or the store fails.
    pub async fn publish<R: Published>(&self, object: R) -> Result<Taken, Error> {
        let at = Address::of::<R>(&object.identity());
        let letters = self.letters_about(&object, &at).await?;
        Ok(self.objects.publish(object, letters, R::MODULE != ModuleId::Cdrs).await?)
    }

    /// Changes an object of ours, or an EVSE or Connector of one; whoever may see it is told, as by [`Platform::publish`]. A change
    /// without a time gets the time of now.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::endpoint::{EvseKey, Owned};
    /// use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Status};
    ///
    /// /// Publishes a status; everybody who may see it gets the newest one.
    /// async fn is_charging<S: Store, T: Transport>(
    ///     cpo: &Platform<S, T>,
    ///     evse: &Owned<EvseKey>,
    /// ) -> Result<(), Error> {
    ///     cpo.patch::<Evse>(evse, EvsePatch { status: Status::Charging.into(), ..EvsePatch::default() }).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Platform::publish`], and when the object is not there or the change would give it another identity.
    pub async fn patch<R>(&self, at: &Owned<R::Key>, change: R::Patch) -> Result<Taken, Error>
    where
        R: PatchedResource,
        R::Root: Published,
    {
        Ok(self.objects.publish_patch::<R>(at, change).await?)
    }

    /// Takes an object of ours back, and whoever may see it is told: a Tariff by DELETE, a Token as one that is not valid, a
    /// Location as one whose EVSEs are removed. A Session is deleted here only, because the specification has no message for that.
    ///
    /// # Errors
    /// When it is not there, it is a CDR, which only a credit CDR takes back, or the store fails.
    pub async fn withdraw<R: Published>(&self, at: &Owned<R::Key>) -> Result<Taken, Error> {
        if R::MODULE == ModuleId::Cdrs {
            return Err(Refusal::invalid("a CDR is taken back by a credit CDR").into());
        }
        Ok(self.objects.withdraw::<R>(at).await?)
    }

    /// The messages that are written with an object.
    async fn letters_about<R: Published>(
        &self,
        object: &R,
        at: &Address,
    ) -> Result<Vec<(Address, NewDocument)>, Error> {
        let parties: Vec<Party> = match R::MODULE {
            ModuleId::Cdrs => object.audience().into_iter().collect(),
            ModuleId::InvoiceReconciliation => {
                let parties = self.drivers_of(&object.identity().owner, object.invoiced()).await?;
                if parties.is_empty() {
                    return Err(Refusal::invalid(
                        "none of the CDRs of the invoice is one of ours that is kept",
                    )
                    .into());
                }
                parties
            }
            _ => Vec::new(),
        };
        let now = self.now();
        // A party of ours has it already.
        let parties = parties.into_iter().filter(|party| !self.parties().contains(party));
        let letters = parties.map(|party| {
            let letter = Letter::about(at.clone(), now).document(party.canonical(), now);
            letter.map(|letter| (Letter::address(at, &party), letter)).ok_or_else(corrupt)
        });
        letters.collect()
    }

    /// The eMSPs of the drivers of CDRs, each once.
    async fn drivers_of(&self, owner: &Party, cdrs: Vec<CiString<39>>) -> Result<Vec<Party>, Error> {
        type Cdr = ocpi_types::v2_3_0::cdrs::Cdr;
        let mut parties = Vec::new();
        for cdr_id in cdrs {
            let at = Owned { owner: owner.clone(), key: CdrKey { cdr_id } };
            let party = self.objects.get::<Cdr>(&at).await?.and_then(|cdr| cdr.audience());
            parties.extend(party.filter(|party| !parties.contains(party)));
        }
        Ok(parties)
    }
}
