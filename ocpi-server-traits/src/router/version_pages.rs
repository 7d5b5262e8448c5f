//! The list of versions and the version details, which the router answers itself.

use ocpi_types::endpoint::{EncodedResponse, Encoding, Reply};
use ocpi_types::json::WritingStyle;
use ocpi_types::v2_2_1::versions::{self, Endpoint as Advertised, VersionDetailsInit};
use ocpi_types::{InterfaceRole, ModuleId, NonEmpty, Url, Version, v2_1_1};

use super::Router;
use super::site::VersionPage;
use crate::{Error, Partner};

impl Router {
    /// Returns the endpoints that a version advertises: exactly the mounted ones.
    pub fn endpoints(&self, version: Version) -> Vec<Advertised> {
        self.0.site.version(version).map(|page| page.endpoints.clone()).unwrap_or_default()
    }

    /// Returns the URL of a module interface, for URLs given to partners; `None` if it is not mounted.
    pub fn module_url(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> Option<Url> {
        self.0.site.module_url(version, module, role).cloned()
    }

    /// Writes the list of versions.
    pub(super) fn version_list(&self, style: &WritingStyle) -> Result<EncodedResponse, Error> {
        let entry = |page: &VersionPage| {
            versions::VersionInit { version: page.version.as_str().into(), url: page.url.clone() }.into()
        };
        let list: Vec<versions::Version> = self.0.site.versions.iter().map(entry).collect();
        Ok(list.write(&plain(style))?)
    }

    /// Writes the details of a version.
    pub(super) fn version_details(
        &self,
        version: Version,
        partner: &Partner,
    ) -> Result<EncodedResponse, Error> {
        let style = &partner.style;
        let mut endpoints = self.endpoints(version);
        if partner.needs_url_slash {
            // A slash at the end is not doubled.
            endpoints.iter_mut().for_each(|endpoint| endpoint.url = endpoint.url.join([""]));
        }
        let endpoints = NonEmpty::try_from(endpoints)
            // No router is built with a version that has nothing.
            .map_err(|_| Error::not_found("no such URL"))?;
        let version_number = version.as_str().into();
        if version < Version::V2_2 {
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
