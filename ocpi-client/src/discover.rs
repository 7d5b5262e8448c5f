//! Clients made from a URL and a token.

use std::hash::{BuildHasher, RandomState};

use ocpi_types::endpoint::{Endpoint, GetVersions};
use ocpi_types::{CredentialsToken, Url, Version};

use crate::error::Kind;
use crate::{Client, Discovery, Error, RequestIds, Transport};

impl<T: Transport> Client<T> {
    /// Discovers a partner's versions and endpoints over `transport`, and returns a client for the newest version that
    /// both sides support. The client's profile contains what was learned; [`Client::deviations`] lists what was
    /// tolerated.
    ///
    /// # Errors
    /// When `versions_url` is not a URL, or as [`Discovery::run`].
    ///
    /// ```
    /// use bytes::Bytes;
    /// use ocpi_client::{Client, transport};
    /// # let answers = [
    /// #     r#"{"data": [{"version": "2.3.0", "url": "https://cpo.example/2.3.0"}], "status_code": 1000}"#,
    /// #     r#"{"data": {"version": "2.3.0", "endpoints": [{"identifier": "locations", "role": "SENDER",
    /// #         "url": "https://cpo.example/2.3.0/locations"}]}, "status_code": 1000}"#,
    /// # ];
    /// # let http = transport::from_fn(|request| {
    /// #     let body = answers[usize::from(request.uri().path() != "/versions")];
    /// #     async move { Ok(http::Response::new(Bytes::from_static(body.as_bytes()))) }
    /// # });
    /// // `http` is any transport.
    /// let found = Client::discover_over(http, "https://cpo.example/versions", "secret".parse()?);
    /// let cpo = pollster::block_on(found)?;
    /// assert_eq!(cpo.endpoints().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn discover_over(
        transport: T,
        versions_url: impl AsRef<str>,
        token: CredentialsToken,
    ) -> Result<Self, Error> {
        let url: Url = versions_url.as_ref().parse().map_err(|_| fail(Kind::Unsendable))?;
        let ids = RequestIds::new(&format!("{:016x}", RandomState::new().hash_one(0_u8)));
        let found = Discovery::new(url, token, Version::SPOKEN, ids).run(&transport).await?;
        Ok(found.client.over(transport))
    }
}

#[cfg(feature = "reqwest-no-tls")]
impl Client<crate::Reqwest> {
    /// Discovers a partner over the transport [`Reqwest`](crate::Reqwest) with default rules: only public https URLs
    /// are allowed. Needs the feature `reqwest`.
    ///
    /// To fetch all Locations of a partner with only a token:
    ///
    /// ```no_run
    /// use ocpi_client::{Client, Error};
    /// use ocpi_types::CredentialsToken;
    /// use ocpi_types::v2_3_0::locations::Location;
    ///
    /// async fn locations(token: CredentialsToken) -> Result<Vec<Location>, Error> {
    ///     let cpo = Client::discover("https://cpo.example/ocpi/versions", token).await?;
    ///     Ok(cpo.pages().collect_items().await?.items)
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Client::discover_over`].
    pub async fn discover(versions_url: impl AsRef<str>, token: CredentialsToken) -> Result<Self, Error> {
        let http =
            crate::Reqwest::new(crate::Outbound::new()).map_err(|error| fail(Kind::Transport(error)))?;
        Self::discover_over(http, versions_url, token).await
    }
}

impl<T: crate::blocking::BlockingTransport> crate::blocking::Client<T> {
    /// Discovers a partner over a blocking transport: see [`Client::discover_over`](crate::Client::discover_over).
    ///
    /// # Errors
    /// As [`Client::discover_over`](crate::Client::discover_over).
    pub fn discover_over(
        transport: T,
        versions_url: impl AsRef<str>,
        token: CredentialsToken,
    ) -> Result<Self, Error> {
        let transport = crate::blocking::Blocking(transport);
        let found = Client::discover_over(transport, versions_url, token);
        crate::blocking::wait(found).map(Self::of)
    }
}

#[cfg(feature = "ureq-no-tls")]
impl crate::blocking::Client<crate::Ureq> {
    /// Discovers a partner over the transport [`Ureq`](crate::Ureq) with default rules: only public https URLs are
    /// allowed. Needs the feature `ureq`.
    ///
    /// To fetch all Locations of a partner with only a token:
    ///
    /// ```no_run
    /// use ocpi_client::{Error, blocking::Client};
    /// use ocpi_types::CredentialsToken;
    /// use ocpi_types::v2_3_0::locations::Location;
    ///
    /// fn locations(token: CredentialsToken) -> Result<Vec<Location>, Error> {
    ///     let cpo = Client::discover("https://cpo.example/ocpi/versions", token)?;
    ///     Ok(cpo.pages().collect_items()?.items)
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Client::discover_over`].
    pub fn discover(versions_url: impl AsRef<str>, token: CredentialsToken) -> Result<Self, Error> {
        let http = crate::Ureq::new(crate::Outbound::new()).map_err(|error| fail(Kind::Transport(error)))?;
        Self::discover_over(http, versions_url, token)
    }
}

fn fail(kind: Kind) -> Error {
    Error::new(GetVersions::name(), kind)
}
