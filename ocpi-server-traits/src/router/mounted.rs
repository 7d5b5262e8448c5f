//! Endpoints mounted on a router.

use http::Method;
use ocpi_types::{InterfaceRole, ModuleId, Version};

use super::Router;

/// An endpoint mounted on a router: see [`Router::mounted`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct MountedEndpoint {
    /// Name of its type, such as `Put<Location>`.
    pub name: String,
    /// The module.
    pub module: ModuleId,
    /// The interface.
    pub role: InterfaceRole,
    /// The method.
    pub method: Method,
    /// The path below the URL of the module, such as `/{country_code}/{party_id}/{location_id}`.
    pub path: String,
}

impl Router {
    /// Returns the endpoints mounted in a version, in the order of their modules' paths. The list of versions and the
    /// version details are not included.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ocpi_server_traits::{Memory, Objects, PartnerDirectory, Router, RouterError};
    /// use ocpi_types::v2_3_0::tokens::Token;
    /// use ocpi_types::{Clock, Version};
    ///
    /// fn tell(directory: impl PartnerDirectory) -> Result<(), Box<dyn std::error::Error>> {
    ///     let objects = Arc::new(Objects::new(Memory::new(), vec![]));
    ///     let router = Router::builder("https://cpo.example/ocpi".parse()?, Clock::system())
    ///         .version(Version::V2_3_0, |routes| routes.receiver::<Token>(&objects))
    ///         .build(directory)?;
    ///     for endpoint in router.mounted(Version::V2_3_0) {
    ///         println!("{} {}{}", endpoint.method, endpoint.module, endpoint.path);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn mounted(&self, version: Version) -> Vec<MountedEndpoint> {
        let pages = self.0.site.modules.iter().filter(|page| page.version == version);
        let routes = pages.flat_map(|page| page.routes.iter());
        let mounted = routes.map(|route| MountedEndpoint {
            name: route.names.endpoint.to_string(),
            module: route.module.clone(),
            role: route.role.clone(),
            method: route.method.clone(),
            path: route.template(),
        });
        mounted.collect()
    }
}
