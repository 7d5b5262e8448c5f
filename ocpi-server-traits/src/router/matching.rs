//! The target of a request: a page of the router's own, or a mounted endpoint.

use http::Method;
use ocpi_types::endpoint::{GetVersionDetails, GetVersions};
use ocpi_types::v2_2_1::versions::ModuleId;
use ocpi_types::{Url, Version};

use super::Router;
use super::path::{self, Target};
use super::routes::Route;
use crate::Error;
use crate::observed::EndpointNames;

/// A request that was matched with its target.
pub(super) struct Matched {
    pub(super) target: MatchedTarget,
    pub(super) version: Version,
    /// The URL of the module.
    pub(super) endpoint: Url,
    /// The URL of the request.
    pub(super) url: Url,
    pub(super) parameters: Vec<String>,
    pub(super) query: Vec<(String, String)>,
}

/// Target of a request.
pub(super) enum MatchedTarget {
    Versions,
    Details,
    Route(Route),
}

impl Matched {
    fn new(target: MatchedTarget, version: Version, endpoint: Url) -> Self {
        Self { target, version, url: endpoint.clone(), endpoint, parameters: Vec::new(), query: Vec::new() }
    }

    /// Names of the endpoint, for an observer.
    pub(super) fn names(&self) -> EndpointNames {
        match &self.target {
            MatchedTarget::Versions => EndpointNames::of::<GetVersions>(),
            MatchedTarget::Details => EndpointNames::of::<GetVersionDetails>(),
            MatchedTarget::Route(route) => route.names.clone(),
        }
    }

    /// Whether partners may ask for it that have not registered yet.
    pub(super) fn is_open_before_registration(&self) -> bool {
        match &self.target {
            MatchedTarget::Versions | MatchedTarget::Details => true,
            MatchedTarget::Route(route) => route.module == ModuleId::Credentials,
        }
    }
}

impl Router {
    /// Finds the target of a request.
    pub(super) fn matched(&self, method: &Method, target: Target) -> Result<Matched, Error> {
        let inner = &self.0;
        let none = || Error::not_found("no such URL");
        let wrong_method = || Error::method_not_allowed("this URL has other methods");
        match target {
            Target::Versions | Target::Details(_) if method != Method::GET => Err(wrong_method()),
            Target::Versions => {
                Ok(Matched::new(MatchedTarget::Versions, Version::V2_2_1, self.versions_url()))
            }
            Target::Details(version) => {
                inner.versions.iter().find(|(known, _)| *known == version).ok_or_else(none)?;
                let url = path::version_url(&inner.base, version);
                Ok(Matched::new(MatchedTarget::Details, version, url))
            }
            Target::Module { version, role, module, rest } => {
                let (_, routes) =
                    inner.versions.iter().find(|(known, _)| *known == version).ok_or_else(none)?;
                let module = ModuleId::from(module.as_str());
                let fits = |route: &&Route| route.is_at(&module, role.as_ref()) && route.takes(&rest);
                let mut candidates = routes.iter().filter(fits).peekable();
                candidates.peek().ok_or_else(none)?;
                let route = candidates.find(|route| route.method == *method).ok_or_else(wrong_method)?;
                let endpoint = path::module_url(&inner.base, version, &route.module, &route.role);
                let url = endpoint.join(rest.iter().map(String::as_str));
                let parameters = route.parameters(rest);
                Ok(Matched {
                    parameters,
                    url,
                    ..Matched::new(MatchedTarget::Route(route.clone()), version, endpoint)
                })
            }
        }
    }
}
