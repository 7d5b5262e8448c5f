//! Options of one request.

use std::fmt;
use std::time::Duration;

use ocpi_types::convert::Lookup;
use ocpi_types::protocol::Party;

/// Options of one request: parties, ids, a deadline, and a look-up. By default, the settings of the client apply.
///
/// ```
/// use std::time::Duration;
/// use ocpi_client::{Answer, Client, Error, RequestOptions, Transport};
/// use ocpi_types::endpoint::{Authorize, Endpoint};
/// use ocpi_types::protocol::Party;
///
/// async fn ask(
///     emsp: &Client<impl Transport>,
///     authorize: &Authorize,
///     driver_of: Party,
/// ) -> Result<Answer<<Authorize as Endpoint>::Response>, Error> {
///     // In real time, and through a hub.
///     let options = RequestOptions::new().to(driver_of).within(Duration::from_secs(2));
///     emsp.send_with(authorize, &options).await
/// }
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct RequestOptions<'a> {
    pub(super) from: Option<Party>,
    pub(super) to: Option<Party>,
    pub(super) request_id: Option<String>,
    pub(super) correlation_id: Option<String>,
    pub(super) deadline: Option<Duration>,
    pub(super) is_in_background: bool,
    pub(super) lookup: Option<&'a dyn Lookup>,
}

impl<'a> RequestOptions<'a> {
    /// Makes options that set nothing: the settings of the client apply.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends as this party (`OCPI-from-…`) instead of the client's.
    pub fn from(self, party: Party) -> Self {
        Self { from: Some(party), ..self }
    }

    /// Sends to this party (`OCPI-to-…`) instead of the client's: for example one behind a hub.
    pub fn to(self, party: Party) -> Self {
        Self { to: Some(party), ..self }
    }

    /// Sets the `X-Request-ID`: 1 to 128 visible ASCII characters, unique for each request. 2.1.1 has no such header.
    pub fn request_id(self, id: impl Into<String>) -> Self {
        Self { request_id: Some(id.into()), ..self }
    }

    /// Sets the `X-Correlation-ID`: that of the request that caused this one. It has the same form as the request id,
    /// which is its default. 2.1.1 has no such header.
    pub fn correlation_id(self, id: impl Into<String>) -> Self {
        Self { correlation_id: Some(id.into()), ..self }
    }

    /// Sets a deadline: if there is no answer within this time, including repeats and waits, the request fails with a
    /// timeout ([`Error::is_timeout`](crate::Error::is_timeout)). The transport may give up earlier. By default there
    /// is no deadline.
    pub fn within(self, time: Duration) -> Self {
        Self { deadline: Some(time), ..self }
    }

    /// Returns the deadline.
    pub fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Marks the request as a background request: these leave a tenth of the partner's rate to all others. Those of
    /// [`Pages`](crate::Pages) always are.
    pub fn in_background(self) -> Self {
        Self { is_in_background: true, ..self }
    }

    /// Takes options that are not set here from `other`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ocpi_client::RequestOptions;
    /// let usual = RequestOptions::new().within(Duration::from_secs(30)).correlation_id("run-1");
    /// let hurried = RequestOptions::new().within(Duration::from_secs(2)).or(usual);
    /// assert_eq!(hurried.deadline(), Some(Duration::from_secs(2)));
    /// ```
    pub fn or(self, other: Self) -> Self {
        Self {
            from: self.from.or(other.from),
            to: self.to.or(other.to),
            request_id: self.request_id.or(other.request_id),
            correlation_id: self.correlation_id.or(other.correlation_id),
            deadline: self.deadline.or(other.deadline),
            is_in_background: self.is_in_background || other.is_in_background,
            lookup: self.lookup.or(other.lookup),
        }
    }

    /// Sets a look-up for objects that a message of 2.1.1 embeds or does not repeat: a Session embeds its Location
    /// ([`Endpoint::embeds`](ocpi_types::endpoint::Endpoint::embeds)), an authorization does not repeat its token.
    pub fn look_up<'b>(self, lookup: &'b dyn Lookup) -> RequestOptions<'b>
    where
        'a: 'b,
    {
        RequestOptions { lookup: Some(lookup), ..self }
    }
}

/// The look-up is left out.
impl fmt::Debug for RequestOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, request_id, correlation_id, deadline, is_in_background, lookup: _ } = self;
        f.debug_struct("RequestOptions")
            .field("from", from)
            .field("to", to)
            .field("request_id", request_id)
            .field("correlation_id", correlation_id)
            .field("deadline", deadline)
            .field("is_in_background", is_in_background)
            .finish_non_exhaustive()
    }
}
