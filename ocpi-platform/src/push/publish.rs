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
    /// Stores an object of ours, for delivery to every partner that may see it. It sends nothing itself:
    /// [`Platform::run`] or [`Platform::tick`] does, until every partner has the newest state, through outages and
    /// restarts.
    ///
    /// A CDR is delivered once, to the eMSP of the driver's token or the hub in front of it. It cannot be changed
    /// afterwards: to reverse it, publish a credit CDR. An invoice reconciliation record is delivered to the eMSPs of
    /// its CDRs. If that is a single one, it may also fetch the record; nobody else may.
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
    /// When the owner is not one of our parties, a different CDR with this id was published before, or the store fails.
    pub async fn publish<R: Published>(&self, object: R) -> Result<Taken, Error> {
        let at = Address::of::<R>(&object.identity());
        let parties = self.told_once(&object).await?;
        let letters = self.letters_about(&parties, &at)?;
        // A record that is for several is nobody's to fetch: each would see the CDRs of the others.
        let audience = <[Party; 1]>::try_from(parties).ok().map(|[party]| party);
        Ok(self.objects.publish_for(object, audience, letters, R::MODULE != ModuleId::Cdrs).await?)
    }

    /// Changes an object of ours, or an EVSE or Connector in one; the change is delivered as with
    /// [`Platform::publish`]. A change without `last_updated` gets the current time.
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
    /// As [`Platform::publish`], and when the object does not exist or the change would alter its identity.
    pub async fn patch<R>(&self, at: &Owned<R::Key>, change: R::Patch) -> Result<Taken, Error>
    where
        R: PatchedResource,
        R::Root: Published,
    {
        Ok(self.objects.publish_patch::<R>(at, change).await?)
    }

    /// Withdraws an object of ours, and informs the partners that may see it: for a Tariff with a DELETE, for a Token with
    /// `valid: false`, for a Location by setting its EVSEs to `REMOVED`. A Session is deleted only here, because the
    /// specification has no message for that.
    ///
    /// # Errors
    /// When it does not exist, it is a CDR, which only a credit CDR can reverse, or the store fails.
    pub async fn withdraw<R: Published>(&self, at: &Owned<R::Key>) -> Result<Taken, Error> {
        if R::MODULE == ModuleId::Cdrs {
            return Err(Refusal::invalid("a CDR is taken back by a credit CDR").into());
        }
        Ok(self.objects.withdraw::<R>(at).await?)
    }

    /// The parties that are told of an object by a message that is to arrive once.
    async fn told_once<R: Published>(&self, object: &R) -> Result<Vec<Party>, Error> {
        match R::MODULE {
            ModuleId::Cdrs => Ok(object.audience().into_iter().collect()),
            ModuleId::InvoiceReconciliation => {
                let parties = self.drivers_of(&object.identity().owner, object.invoiced()).await?;
                if parties.is_empty() {
                    let why = "none of the CDRs of the invoice is one of ours that is kept";
                    return Err(Refusal::invalid(why).into());
                }
                Ok(parties)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The messages to these parties that are written with an object.
    fn letters_about(&self, parties: &[Party], at: &Address) -> Result<Vec<(Address, NewDocument)>, Error> {
        let now = self.now();
        // A party of ours has it already.
        let parties = parties.iter().filter(|party| !self.parties().contains(party));
        let letters = parties.map(|party| {
            let letter = Letter::about(at.clone(), now).document(party.canonical(), now);
            letter.map(|letter| (Letter::address(at, party), letter)).ok_or_else(corrupt)
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
