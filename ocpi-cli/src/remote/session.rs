//! Our platform for the time of one exchange of credentials.

use std::net::SocketAddr;
use std::sync::Arc;

use ocpi_types::Url;
use tokio::task::JoinHandle;

use crate::remote::own::mount;
use crate::remote::serve::{listen, serve};
use crate::remote::{Failure, Own, OwnPlatform};

/// Our platform, which answers at an address while this lives.
pub(crate) struct Session {
    platform: Arc<OwnPlatform>,
    server: Option<JoinHandle<()>>,
}

impl Session {
    /// Opens our platform, and serves it if there is an address.
    ///
    /// # Errors
    /// When the address cannot be used, or as [`Own::open`].
    pub(crate) async fn begin(
        own: &Own,
        named: Option<&Url>,
        address: Option<SocketAddr>,
    ) -> Result<Self, Failure> {
        let listening = match address {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let (platform, role) = own.open(named, listening.as_ref().map(|(_, bound)| *bound)).await?;
        let server = match listening {
            None => None,
            Some((listener, _)) => {
                let router = platform.router(|routes| mount(&platform, role, routes));
                let router = router.map_err(|error| Failure::unreadable("our platform", error))?;
                Some(tokio::spawn(serve(listener, router)))
            }
        };
        Ok(Self { platform, server })
    }

    pub(crate) fn platform(&self) -> &OwnPlatform {
        &self.platform
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}
