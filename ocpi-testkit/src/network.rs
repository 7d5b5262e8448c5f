//! A network without sockets.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http::Method;
use ocpi_client::{Transport, TransportError};
use ocpi_platform::Platform;
use ocpi_server_traits::{Memory, Router};

/// A platform in a network, with a store in memory.
pub type NetworkedPlatform = Platform<Arc<Memory>, Network>;

/// Fate of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// It does not arrive.
    Lost,
    /// It arrives, but its answer does not.
    AnswerLost,
    /// Nothing is heard of it, not even that it failed.
    Hangs,
}

type Host = Arc<dyn Fn(http::Request<Bytes>) -> http::Response<Bytes> + Send + Sync>;
type Watch = Box<dyn FnMut(&http::Request<Bytes>) -> Option<Fate> + Send>;

/// Network without sockets: hosts by name. A request to a name that no host has gets no answer.
#[derive(Clone, Default)]
pub struct Network(Arc<Inside>);

#[derive(Default)]
struct Inside {
    hosts: Mutex<BTreeMap<String, Host>>,
    watch: Mutex<Option<Watch>>,
    requests: Mutex<Vec<String>>,
}

impl Network {
    /// Adds a host, replacing any other with the same name.
    pub fn add_host(
        &self,
        name: &str,
        host: impl Fn(http::Request<Bytes>) -> http::Response<Bytes> + Send + Sync + 'static,
    ) {
        lock(&self.0.hosts).insert(name.to_owned(), Arc::new(host));
    }

    /// Adds a router as a host.
    pub fn add_router(&self, name: &str, router: Router) {
        self.add_host(name, move |request| pollster::block_on(router.call(request)));
    }

    /// Takes a host away.
    pub fn remove_host(&self, name: &str) {
        lock(&self.0.hosts).remove(name);
    }

    /// Takes all hosts away. A platform of the network holds it and is held by it: neither is freed before.
    pub fn clear(&self) {
        let hosts = std::mem::take(&mut *lock(&self.0.hosts));
        drop(hosts);
    }

    /// Decides the fate of requests from now on.
    pub fn watch(&self, watch: impl FnMut(&http::Request<Bytes>) -> Option<Fate> + Send + 'static) {
        *lock(&self.0.watch) = Some(Box::new(watch));
    }

    /// Lets the next request of this method meet its fate.
    pub fn once(&self, method: Method, fate: Fate) {
        let mut done = false;
        self.watch(move |request| {
            let meets = !done && request.method() == method;
            done |= meets;
            meets.then_some(fate)
        });
    }

    /// Lets all requests and answers arrive from now on.
    pub fn calm(&self) {
        *lock(&self.0.watch) = None;
    }

    /// Returns the requests since the last time, as method and URL.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.0.requests))
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(lock(&self.0.hosts).keys()).finish()
    }
}

impl Transport for Network {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let url = request.uri().clone();
        lock(&self.0.requests).push(format!("{} {}", request.method(), url));
        // A watch may send requests itself, so it is not held meanwhile.
        let watch = lock(&self.0.watch).take();
        let fate = watch.and_then(|mut watch| {
            let fate = watch(&request);
            lock(&self.0.watch).get_or_insert(watch);
            fate
        });
        if fate == Some(Fate::Hangs) {
            std::future::pending::<()>().await;
        }
        if fate == Some(Fate::Lost) {
            return Err(TransportError::new("the request was lost"));
        }
        let host = lock(&self.0.hosts).get(url.host().unwrap_or_default()).cloned();
        let answer = host.ok_or_else(|| TransportError::new("nobody is there"))?(request);
        if fate == Some(Fate::AnswerLost) {
            return Err(TransportError::new("the answer was lost"));
        }
        Ok(answer)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panicked")
}
