//! The router: everything that all endpoints share.

mod admission;
mod answer;
mod booking_paths;
mod builder;
mod conversions;
mod directory;
mod interfaces;
mod layout;
mod limits;
mod matching;
mod mounted;
mod mounting;
mod panics;
mod path;
mod recipient;
mod refusals;
mod response_body;
mod router_error;
mod routes;
mod service;
mod site;
mod usage;
mod version_pages;
mod watch;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use ocpi_types::Url;
use ocpi_types::observe::Observer;
use ocpi_types::protocol::Party;

use crate::{Clock, Timer};

pub use admission::Admitted;
pub use builder::RouterBuilder;
pub use interfaces::{ReceiverInterface, SenderInterface};
pub use layout::Layout;
pub use limits::RequestLimits;
pub use mounted::MountedEndpoint;
pub use refusals::RemoteAddress;
pub use response_body::ResponseBody;
pub use router_error::RouterError;
pub use routes::Routes;
pub use usage::InFlight;

use admission::too_large;
use conversions::Conversions;
use directory::AnyDirectory;
use refusals::Refusals;
use site::Site;
use usage::Usage;

/// Answers OCPI requests. Cheap to clone.
///
/// Each request passes these steps, with the status of a refusal in parentheses: the token (401), the rate (429), the route
/// (404, 405), permission (401 before registration is complete), the party that it is addressed to (2001), reading the body
/// (408, 413), decoding it (400, 2001), ownership (404), the rules of PATCH (2001), and the handler; if the handler panics,
/// the answer is 3000. Every answer has an envelope and the ids of the request; HEAD gets the answer to GET without its body.
#[derive(Clone)]
pub struct Router(Arc<Inner>);

struct Inner {
    base: Url,
    clock: Clock,
    timer: Timer,
    directory: Box<dyn AnyDirectory>,
    limits: RequestLimits,
    usage: Usage,
    refusals: Refusals,
    /// The parties that the platform speaks for; empty: not known.
    parties: Vec<Party>,
    site: Site,
    conversions: Conversions,
    observer: Observer,
}

impl Router {
    /// Returns the URL of the list of versions, which you hand over to a partner together with token A.
    pub fn versions_url(&self) -> Url {
        self.0.site.versions_url.clone()
    }

    /// Returns the maximum size of a request body, in bytes.
    pub fn body_limit(&self) -> usize {
        self.0.limits.body_bytes
    }

    /// Answers a request whose body has been read completely.
    pub async fn call(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let (parts, body) = request.into_parts();
        match self.admit(&parts).await {
            Ok(admitted) if body.len() > self.0.limits.body_bytes => admitted.refuse(too_large()),
            Ok(admitted) => admitted.answer(body).await,
            Err(answer) => answer,
        }
    }
}

impl std::fmt::Debug for Router {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Router").field("base", &self.0.base).finish_non_exhaustive()
    }
}

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
