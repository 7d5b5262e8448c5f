//! Ends of a registration.

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_types::endpoint::DeleteCredentials;

use crate::acquaintance::without_former_urls;
use crate::directory::{Also, Kept};
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
    /// When there is no registration, or the DELETE could not be delivered yet.
    pub async fn unregister(&self, id: &str) -> Result<(), Error> {
        let kept = self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?;
        let kept = match kept.record.state {
            PartnerState::Leaving => kept,
            PartnerState::Registering => {
                // What the partner may have committed can be deleted only with the token in its answer.
                self.exchange(id).await?;
                self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?
            }
            _ => kept,
        };
        let kept = match kept.record.leaving(self.now()) {
            Some(next) => self.replace(&kept, next, Also::default()).await?,
            None if kept.record.state == PartnerState::Leaving => kept,
            None => return Err(Error::no_partner(id)),
        };
        let kept = if kept.record.exchange.is_some() {
            // The state is stored already: what fails is done later by `tick`.
            self.exchange(id).await?;
            self.partners.read(self.store(), id).await?.ok_or_else(|| Error::no_partner(id))?
        } else {
            kept
        };
        self.deliver_delete(kept).await
    }

    /// Sends the DELETE of a partner that we leave. No rotation may be open.
    pub(super) async fn deliver_delete(&self, kept: Kept) -> Result<(), Error> {
        let details = self.partners.details(self.store(), &kept.record).await?;
        let Some(client) = self.client_of(&kept.record, &details) else {
            return self.leave(&kept).await.map(drop);
        };
        match client.send(&DeleteCredentials).await {
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
        let left = self.replace(kept, record, Also { details: Some(&details), token: None }).await?;
        self.acquaintances.forget_detours(&left.record.id);
        Ok(left)
    }
}
