//! Resolution of host names.

use std::fmt;
use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::Arc;

/// Resolver of host names. It may block; clones share it.
///
/// ```
/// use ocpi_client::outbound::Resolver;
/// let fixed = Resolver::from_fn(|host| match host {
///     "cpo.example" => Ok(vec!["192.0.2.1".parse().unwrap()]),
///     _ => Err(std::io::ErrorKind::NotFound.into()),
/// });
/// # drop(fixed);
/// ```
#[derive(Clone)]
pub struct Resolver(Arc<LookUp>);

type LookUp = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

impl Resolver {
    /// Returns the resolver of the operating system.
    pub fn system() -> Self {
        Self::from_fn(|host| Ok((host, 0).to_socket_addrs()?.map(|address| address.ip()).collect()))
    }

    /// Makes a resolver from a function: for a cache, your own service, or tests.
    pub fn from_fn(look_up: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look_up))
    }

    pub(super) fn look_up(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        (self.0)(host)
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}
