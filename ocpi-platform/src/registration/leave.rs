//! Ends of a registration.

use ocpi_client::{RequestOptions, Transport};
use ocpi_server_traits::Store;
use ocpi_types::endpoint::DeleteCredentials;

use crate::acquaintance::without_former_urls;
use crate::directory::{Also, Kept};
use crate::holding::Held;
use crate::trust::PartnerState;
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Ends the registration with a partner (DELETE). Its tokens stop working at once; its parties stay
    /// reserved for it until [`release`](Self::release).
    ///
    /// If the partner cannot be reached, the state becomes [`Leaving`](PartnerState::Leaving), and [`tick`](Self::tick)
    /// repeats the DELETE. A rotation without an answer is settled first: the partner may know only its new token.
    ///
    /// # Errors
    /// When there is no registration, the DELETE could not be delivered yet, or another node is just exchanging credentials
    /// with the partner ([`Error::is_busy`]): then the state is `Leaving`, unless it is `Registering`.
    pub async fn unregister(&self, id: &str) -> Result<(), Error> {
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        if kept.record.state != PartnerState::Registering {
            // Whoever exchanges credentials with it at this moment: its tokens stop working at once.
            self.begin_to_leave(kept).await?;
        }
        let held = self.hold_exchange(id).await?;
        self.under(&held, id, Box::pin(self.leave_told(&held, id))).await
    }

    async fn begin_to_leave(&self, kept: Kept) -> Result<Kept, Error> {
        match kept.record.leaving(self.now()) {
            Some(next) => self.replace(&kept, next, Also::default()).await,
            None if kept.record.state == PartnerState::Leaving => Ok(kept),
            None => Err(Error::no_partner(&kept.record.id)),
        }
    }

    /// Settles what is open, and sends the DELETE.
    async fn leave_told(&self, held: &Held, id: &str) -> Result<(), Error> {
        let read = async || self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id));
        let mut kept = read().await?;
        if kept.record.state == PartnerState::Registering {
            // What the partner may have committed can be deleted only with the token in its answer.
            self.exchange(held, id).await?;
            kept = read().await?;
        }
        if kept.record.state == PartnerState::Left {
            // Another node has delivered it meanwhile.
            return Ok(());
        }
        kept = self.begin_to_leave(kept).await?;
        if kept.record.exchange.is_some() {
            // The state is stored already: what fails is done later by `tick`.
            self.exchange(held, id).await?;
            kept = read().await?;
        }
        self.deliver_delete(held, kept).await
    }

    /// Sends the DELETE of a partner that we leave. No rotation may be open.
    pub(super) async fn deliver_delete(&self, held: &Held, kept: Kept) -> Result<(), Error> {
        let details = self.partners.details(self.store(), &kept.record).await?;
        let Some(client) = self.client_of(&kept.record, &details) else {
            return self.leave(&kept).await.map(drop);
        };
        self.must_hold(held, &kept.record.id).await?;
        let options = RequestOptions::new().within(self.patience());
        match client.send_with(&DeleteCredentials, &options).await {
            Ok(_) => self.leave(&kept).await.map(drop),
            // It has no such registration: that is what is wanted.
            Err(error)
                if error.is_unauthorized()
                    || error.is_method_not_allowed()
                    || error.is_not_found()
                    || error.is_not_offered() =>
            {
                self.leave(&kept).await.map(drop)
            }
            Err(error) => {
                if let Some(next) = kept.record.delete_failed(self.now(), self.chance()) {
                    self.replace(&kept, next, Also::default()).await?;
                }
                Err(error.into())
            }
        }
    }

    /// Ends the registration with a partner on our side only, without telling it: its tokens stop working, and a new
    /// registration is needed. Its deviations are forgotten; its parties stay reserved for it until
    /// [`release`](Self::release).
    ///
    /// # Errors
    /// When there is no such partner, or the store fails.
    pub async fn forget(&self, id: &str) -> Result<(), Error> {
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        self.leave(&kept).await?;
        self.forget_deviations(id).await
    }

    /// Stores that a partner has left.
    pub(super) async fn leave(&self, kept: &Kept) -> Result<Kept, Error> {
        let known = self.partners.details(self.store(), &kept.record).await?;
        let (details, mut record) = (known.left(), kept.record.clone().left(self.now()));
        record.profile = without_former_urls(record.profile, &known.endpoints, &[]);
        let left = self.replace(kept, record, Also { details: Some(&details), ..Also::default() }).await?;
        self.acquaintances.forget_detours(&left.record.id);
        Ok(left)
    }
}
