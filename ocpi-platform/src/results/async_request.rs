//! Sending of asynchronous requests.

use std::pin::Pin;
use std::sync::Arc;

use ocpi_client::{RequestOptions, Transport};
use ocpi_server_traits::Store;
use ocpi_types::observe::{EventKind, OddResult};
use ocpi_types::{InterfaceRole, Private, Url, json};

use super::entry::{Entry, Next};
use super::immediate_answer::{ImmediateAnswer, heard};
use super::{AsyncRequest, PendingResult, ResultId};
use crate::{Error, Platform};

/// Seconds in which an immediate answer should be there. Until then the request is awaited in any case.
const ANSWER: i64 = 60;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Sends a command or a request about charging profiles. `make` builds it from its `response_url`, which is
    /// unguessable and unique to this request.
    ///
    /// The request is stored first, and then sent once. [`PendingResult::result`] waits for the result.
    ///
    /// | The partner | The handle |
    /// |---|---|
    /// | accepts | waits for its `timeout` and [`ResultLimits::grace`](crate::ResultLimits::grace) |
    /// | accepts, without `timeout`; reports success, in an unreadable answer | waits for [`ResultLimits::timeout`](crate::ResultLimits::timeout) and the grace |
    /// | does not answer, although it may have the request; or a gateway answers | the same |
    /// | refuses: `REJECTED`, `NOT_SUPPORTED`, `UNKNOWN_SESSION`, `TOO_OFTEN` | ends at once |
    /// | answers with an error, or cannot be reached | none: that is an error |
    ///
    /// # Errors
    /// When the partner is not registered, too many of its results are awaited, the store fails, or in the case of the
    /// last row.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::CiString;
    /// use ocpi_types::v2_3_0::commands::{StartSession, StartSessionInit};
    /// use ocpi_types::v2_3_0::tokens::Token;
    ///
    /// async fn start<S: Store, T: Transport>(
    ///     emsp: &Platform<S, T>,
    ///     token: Token,
    ///     location_id: CiString<36>,
    ///     reference: CiString<36>,
    /// ) -> Result<bool, Error> {
    ///     let start = |response_url| StartSession {
    ///         authorization_reference: Some(reference),
    ///         ..StartSessionInit { response_url, token, location_id }.into()
    ///     };
    ///     Ok(emsp.ask("cpo", start).await?.result().await?.is_accepted())
    /// }
    /// ```
    pub fn ask<'a, R: AsyncRequest>(
        &'a self,
        partner: &'a str,
        make: impl FnOnce(Private<Url>) -> R + Send + 'a,
    ) -> AsyncRequestBuilder<'a, R, S, T> {
        AsyncRequestBuilder { platform: self, partner, make: Box::new(make), options: RequestOptions::new() }
    }

    fn tell_unstored(&self, partner: &str, error: &Error) {
        self.tell_missing(partner, "the immediate answer of a request is not stored", error);
    }

    pub(super) fn awaited<R: AsyncRequest>(
        &self,
        id: ResultId,
        answer: ImmediateAnswer<R::Response>,
    ) -> PendingResult<R> {
        PendingResult::new(id, Arc::clone(&self.requests) as Arc<_>, answer)
    }
}

/// Asynchronous request, which is sent when this value is awaited.
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::{RequestOptions, Transport};
/// use ocpi_platform::{Error, Platform};
/// use ocpi_server_traits::Store;
/// use ocpi_types::CiString;
/// use ocpi_types::protocol::Party;
///
/// /// Stops a session at a party behind a hub.
/// async fn stop<S: Store, T: Transport>(
///     emsp: &Platform<S, T>,
///     session: &CiString<36>,
///     cpo: Party,
/// ) -> Result<bool, Error> {
///     let options = RequestOptions::new().to(cpo).within(Duration::from_secs(10));
///     let stopped = emsp.stop_session("hub", session).options(options).await?;
///     Ok(stopped.result().await?.is_accepted())
/// }
/// ```
#[must_use = "it is sent when it is awaited"]
pub struct AsyncRequestBuilder<'a, R, S, T> {
    platform: &'a Platform<S, T>,
    partner: &'a str,
    make: Box<dyn FnOnce(Private<Url>) -> R + Send + 'a>,
    options: RequestOptions<'a>,
}

impl<'a, R: AsyncRequest, S: Store, T: Transport> AsyncRequestBuilder<'a, R, S, T> {
    /// Sets options for this request: for a party behind a hub, for example, [`RequestOptions::to`]. Options that are
    /// not set remain unchanged.
    pub fn options(self, options: RequestOptions<'a>) -> Self {
        Self { options: options.or(self.options), ..self }
    }

    async fn send(self) -> Result<PendingResult<R>, Error> {
        let Self { platform, partner, make, options } = self;
        let (client, token) = platform.client_and_token(partner).await?;
        let version = client.version();
        let uid = platform.settings.secrets.id()?;
        let endpoint = platform.own_url(version, &R::KIND.module(), &InterfaceRole::Sender);
        let request = make(endpoint.join([R::KIND.as_str(), &uid]).into());
        let id = ResultId::of(platform.partners.hasher(), &uid);
        // A request that cannot be made is not stored.
        client.request_with(&request, &options)?;
        let requests = &platform.requests;
        let wait = requests.limits.wait(None).saturating_add(ANSWER);
        let entry = Entry::new(partner, R::KIND, request.useful_until(), platform.now(), wait);
        requests.begin(&id, entry).await?;

        let sent = platform.send_by(partner, (&client, &token), &request, &options).await;
        let (answer, next) = match heard(sent, version, &requests.limits) {
            Ok(heard) => heard,
            Err(error) => {
                return match requests.acknowledge(&id, None, Next::Failed).await {
                    // The partner has the request, whatever it says.
                    Ok(Some(true)) => Ok(platform.awaited(id, ImmediateAnswer::failed(error))),
                    Ok(_) => Err(error.into()),
                    Err(unstored) => {
                        platform.tell_unstored(partner, &unstored);
                        Err(error.into())
                    }
                };
            }
        };
        let text = answer.value.as_ref().map(json::to_string);
        match (requests.acknowledge(&id, text, next).await, next) {
            (Ok(Some(true)), Next::Refused) => {
                // A refusal after a result: the first of them counts.
                let odd = OddResult::new(R::KIND.as_str(), "result.not_due");
                requests.tell(partner, EventKind::OddResult(odd));
            }
            (Ok(_), _) => {}
            // The partner is at work: the request is awaited as it was stored before.
            (Err(error), Next::Wait(_)) => platform.tell_unstored(partner, &error),
            (Err(error), _) => return Err(error),
        }
        Ok(platform.awaited(id, answer))
    }
}

impl<'a, R: AsyncRequest, S: Store, T: Transport> IntoFuture for AsyncRequestBuilder<'a, R, S, T> {
    type Output = Result<PendingResult<R>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
