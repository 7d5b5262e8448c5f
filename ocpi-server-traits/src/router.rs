//! The router: everything that is the same for every endpoint.

mod admission;
mod answer;
mod builder;
mod conversions;
mod directory;
mod matching;
mod path;
mod routes;
mod service;
mod version_pages;
mod watch;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use ocpi_types::observe::Observer;
use ocpi_types::{InterfaceRole, ModuleId};
use ocpi_types::{Url, Version};

use crate::Clock;

pub use admission::Admitted;
pub use builder::RouterBuilder;
pub use routes::Routes;

use admission::too_large;
use conversions::Conversions;
use directory::AnyDirectory;
use routes::Route;

/// Takes requests, gives answers. Cheap to clone.
///
/// In this order: who asks (401), what is meant (404, 405), is it open to them (401 before registration is done), then
/// the body is read, decoded (400, 2001), checked against the rules of ownership (404) and of PATCH (2001), and
/// handled. Every answer has an envelope, and the ids of the request.
#[derive(Clone)]
pub struct Router(Arc<Inner>);

struct Inner {
    base: Url,
    clock: Clock,
    directory: Box<dyn AnyDirectory>,
    body_limit: usize,
    versions: Vec<(Version, Vec<Route>)>,
    conversions: Conversions,
    observer: Observer,
}

impl Router {
    /// The URL of the list of versions: what a partner needs besides a token.
    pub fn versions_url(&self) -> Url {
        path::versions_url(&self.0.base)
    }

    /// The URL at which a module is mounted, for URLs that partners are given.
    pub fn module_url(base: &Url, version: Version, module: &ModuleId, role: &InterfaceRole) -> Url {
        path::module_url(base, version, module, role)
    }

    /// The most bytes of a body.
    pub fn body_limit(&self) -> usize {
        self.0.body_limit
    }

    /// Answers a request whose body is there already.
    pub async fn call(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        let (parts, body) = request.into_parts();
        match self.admit(&parts).await {
            Ok(admitted) if body.len() > self.0.body_limit => admitted.refuse(too_large()),
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

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
