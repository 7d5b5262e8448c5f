//! The list of versions and their details, which the router answers itself.

use ocpi_types::endpoint::{EncodedResponse, Encoding, Reply};
use ocpi_types::json::WritingStyle;
use ocpi_types::v2_2_1::versions::{self, Endpoint as Advertised, VersionDetailsInit};
use ocpi_types::{NonEmpty, Version, v2_1_1};

use super::{Router, path};
use crate::Error;

impl Router {
    /// Returns the endpoints that a version advertises: exactly those that are mounted.
    pub fn endpoints(&self, version: Version) -> Vec<Advertised> {
        let routes = self.0.versions.iter().find(|(known, _)| *known == version).map(|(_, routes)| routes);
        let mut endpoints: Vec<Advertised> = Vec::new();
        for route in routes.into_iter().flatten() {
            // In 2.1.1 a module has one URL: that of the side that is mounted first.
            let known = |endpoint: &Advertised| {
                endpoint.identifier == route.module
                    && (endpoint.role == route.role || version < Version::V2_2_1)
            };
            if !endpoints.iter().any(known) {
                let url = path::module_url(&self.0.base, version, &route.module, &route.role);
                let init = versions::EndpointInit {
                    identifier: route.module.clone(),
                    role: route.role.clone(),
                    url,
                };
                endpoints.push(init.into());
            }
        }
        endpoints
    }

    /// Writes the list of versions.
    pub(super) fn version_list(&self, style: &WritingStyle) -> Result<EncodedResponse, Error> {
        let versions = self.0.versions.iter().map(|(version, _)| *version);
        let entry = |version: Version| {
            let url = path::version_url(&self.0.base, version);
            versions::VersionInit { version: version.as_str().into(), url }.into()
        };
        let list: Vec<versions::Version> = versions.map(entry).collect();
        Ok(list.write(&plain(style))?)
    }

    /// Writes the details of a version.
    pub(super) fn version_details(
        &self,
        version: Version,
        style: &WritingStyle,
    ) -> Result<EncodedResponse, Error> {
        let endpoints = NonEmpty::try_from(self.endpoints(version))
            .map_err(|_| Error::no_matching_endpoints("nothing is mounted in this version"))?;
        let version_number = version.as_str().into();
        if version < Version::V2_2_1 {
            let details = v2_1_1::versions::VersionDetailsInit {
                version: version_number,
                endpoints: endpoints.map(without_role),
            };
            return Ok(v2_1_1::versions::VersionDetails::from(details).write(&plain(style))?);
        }
        let details: versions::VersionDetails =
            VersionDetailsInit { version: version_number, endpoints }.into();
        Ok(details.write(&plain(style))?)
    }
}

/// Lists of versions and their details are what they are.
fn plain(style: &WritingStyle) -> Encoding<'static> {
    Encoding { style: *style, ..Encoding::PLAIN }
}

fn without_role(endpoint: Advertised) -> v2_1_1::versions::Endpoint {
    v2_1_1::versions::EndpointInit { identifier: endpoint.identifier, url: endpoint.url }.into()
}
