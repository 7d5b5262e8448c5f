//! Recovery of requests after a restart, or in another process.

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_types::DateTime;
use ocpi_types::protocol::PartnerId;

use super::{AsyncRequest, ImmediateAnswer, PendingResult, RequestKind, ResultId, outcome};
use crate::{Error, Platform};

/// A request with an awaited result.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PendingRequest {
    /// Id of the request, for [`Platform::result_of`].
    pub id: ResultId,
    /// The partner.
    pub partner: PartnerId,
    /// Kind of the request.
    pub kind: RequestKind,
    /// Time of the request.
    pub asked: DateTime,
    /// End of the wait.
    pub deadline: DateTime,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Returns the handle of a request that was sent earlier, also by another process or before a restart. `None` if it
    /// is unknown or already deleted.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform, ResultId};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::v2_3_0::commands::StartSession;
    ///
    /// /// Whether a session began that was asked for before the restart.
    /// async fn has_begun<S: Store, T: Transport>(emsp: &Platform<S, T>, id: &ResultId) -> Result<bool, Error> {
    ///     match emsp.result_of::<StartSession>(id).await? {
    ///         Some(started) => Ok(started.result().await?.is_accepted()),
    ///         None => Ok(false),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// When the store fails, or the request is of another kind.
    pub async fn result_of<R: AsyncRequest>(&self, id: &ResultId) -> Result<Option<PendingResult<R>>, Error> {
        let Some(entry) = self.requests.get(id).await? else { return Ok(None) };
        if entry.kind != R::KIND {
            return Err(Error::OtherRequest { asked: R::KIND, stored: entry.kind });
        }
        let answer = ImmediateAnswer::stored(outcome::read(&entry.answer)?);
        Ok(Some(self.awaited(id.clone(), answer)))
    }

    /// Returns the requests with awaited results, of all processes that share the store, in the order in which they
    /// were sent. After a restart, these were in progress.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pending(&self) -> Result<Vec<PendingRequest>, Error> {
        let open = self.requests.open().await?.into_iter();
        open.map(|(id, entry)| {
            let partner = Self::named(&entry.partner)?;
            Ok(PendingRequest { id, partner, kind: entry.kind, asked: entry.asked, deadline: entry.deadline })
        })
        .collect()
    }
}
