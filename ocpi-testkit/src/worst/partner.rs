//! A partner that misbehaves.

use std::fmt;
use std::sync::{Arc, Mutex, Weak};

use bytes::Bytes;
use ocpi_client::transport::AnyTransport;
use ocpi_client::{Transport, TransportError};
use ocpi_platform::Allow;
use ocpi_server_traits::{Memory, Router};
use ocpi_types::endpoint::RootResource;
use ocpi_types::{CredentialsToken, Url};

use super::commands::{AnyPlatform, ChargePoints};
use super::layer::FaultLayer;
use super::log::Log;
use super::{Fault, lock};

/// A partner that misbehaves: a correct platform behind a layer of faults. Clones are the same partner.
///
/// Without sockets, [`WorstPartner::transport`] leads to it, and it calls back where [`WorstPartner::connect`] says.
#[derive(Clone)]
pub struct WorstPartner(pub(super) Arc<Inside>);

pub(super) struct Inside {
    pub(super) platform: Arc<AnyPlatform>,
    pub(super) layer: FaultLayer,
    pub(super) log: Log,
    pub(super) charge_points: Arc<ChargePoints>,
    pub(super) versions_url: Url,
    /// With its port, if that is named.
    pub(super) host: String,
    pub(super) base: Url,
    pub(super) token_a: CredentialsToken,
    /// The other side's router, where there are no sockets.
    pub(super) other: Other,
    pub(super) strays: Mutex<Vec<Stray>>,
    #[cfg(feature = "socket")]
    pub(super) serving: super::start::Server,
}

impl Inside {
    /// Answers a request; `None` if the connection breaks.
    pub(super) async fn answer(&self, request: http::Request<Bytes>) -> Option<http::Response<Bytes>> {
        if !self.log.add(&request) {
            return None;
        }
        self.layer.answer(request).await
    }
}

/// The other side, once it is there.
pub(super) type Other = Arc<Mutex<Option<Router>>>;

/// A request to an origin that is not the partner's.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stray {
    /// The origin: `http://partner.example`.
    pub origin: String,
    /// Whether it carried a token.
    pub has_token: bool,
}

impl WorstPartner {
    /// Returns the URL of its list of versions.
    pub fn versions_url(&self) -> Url {
        self.0.versions_url.clone()
    }

    /// Returns the token that it handed over (token A).
    pub fn token_a(&self) -> CredentialsToken {
        self.0.token_a.clone()
    }

    /// Names its own parties and host, for a platform that registers with it.
    pub fn allow(&self) -> Allow {
        let allow = Allow::default().host(self.0.host.clone());
        self.0.platform.parties().iter().cloned().fold(allow, Allow::party)
    }

    /// Returns the transport that leads to it without sockets. What is sent to other origins arrives nowhere, and is kept as
    /// [`strays`](Self::strays).
    pub fn transport(&self) -> WorstTransport {
        WorstTransport(Arc::downgrade(&self.0))
    }

    /// Names the router that the partner calls back, where there are no sockets.
    pub fn connect(&self, router: Router) {
        *lock(&self.0.other) = Some(router);
    }

    /// Sends the results of commands that are due.
    pub async fn settle(&self) {
        self.0.charge_points.settle().await;
    }

    /// Returns every object of a kind that it has, without any fault: the truth.
    pub async fn truth<T: RootResource>(&self) -> Vec<T> {
        let all = self.0.platform.objects().all::<T>().await.expect("a store");
        all.objects
            .into_iter()
            .filter(|object| self.0.platform.parties().contains(&object.identity().owner))
            .collect()
    }

    /// Returns every object of a kind that was pushed to it.
    pub async fn pushed<T: RootResource>(&self) -> Vec<T> {
        let all = self.0.platform.objects().all::<T>().await.expect("a store");
        all.objects
            .into_iter()
            .filter(|object| !self.0.platform.parties().contains(&object.identity().owner))
            .collect()
    }

    /// Returns the requests that came, as method and URL.
    pub fn requests(&self) -> Vec<String> {
        self.0.log.requests()
    }

    /// Returns the faults that have shown so far: a test of a fault that never shows proves nothing.
    ///
    /// ```
    /// use ocpi_testkit::{self as testkit, Fault, SimulatedTime};
    /// let cpo = testkit::cpo().fault(Fault::NoLink).open(&SimulatedTime::default());
    /// assert!(cpo.met().is_empty(), "nobody has asked for anything");
    /// ```
    pub fn met(&self) -> Vec<Fault> {
        self.0.layer.met()
    }

    /// Returns the requests that went to other origins by its [`transport`](Self::transport).
    pub fn strays(&self) -> Vec<Stray> {
        lock(&self.0.strays).clone()
    }
}

impl fmt::Debug for WorstPartner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WorstPartner").field(&self.0.host).finish()
    }
}

/// Transport to a [`WorstPartner`] without sockets. When the last clone of the partner is dropped, nobody answers.
#[derive(Clone)]
pub struct WorstTransport(Weak<Inside>);

impl Transport for WorstTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let inside = self.0.upgrade().ok_or_else(|| TransportError::new("nobody is there"))?;
        let (uri, base) = (request.uri(), inside.base.as_str());
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let origin = format!("{}://{host}", uri.scheme_str().unwrap_or_default());
        if base.strip_prefix(origin.as_str()).is_none_or(|rest| !rest.starts_with('/')) {
            let has_token = request.headers().contains_key(http::header::AUTHORIZATION);
            let mut strays = lock(&inside.strays);
            strays.push(Stray { origin, has_token });
            return Err(TransportError::new("nobody is there"));
        }
        inside.answer(request).await.ok_or_else(|| TransportError::new("the line is dead"))
    }
}

impl fmt::Debug for WorstTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorstTransport")
    }
}

/// Makes the transport by which the partner calls the other side without sockets.
pub(super) fn to_other(other: &Other) -> AnyTransport {
    let other = Arc::clone(other);
    AnyTransport::new(ocpi_client::transport::from_fn(move |request: http::Request<Bytes>| {
        let router = lock(&other).clone();
        async move {
            let router = router.ok_or_else(|| TransportError::new("nobody is there"))?;
            Ok(router.call(request).await)
        }
    }))
}

/// A store in memory, shared by a platform and its objects.
pub(super) type Shared = Arc<Memory>;
