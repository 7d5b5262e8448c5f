//! Target of a request: a page of the router itself, or a mounted endpoint.

use std::sync::Arc;

use http::{HeaderValue, Method};
use ocpi_types::endpoint::{GetVersionDetails, GetVersions, Mount};
use ocpi_types::protocol::Party;
use ocpi_types::{InterfaceRole, ModuleId, Url, Version};

use super::Router;
use super::routes::Route;
use super::site::{ModulePage, SitePage};
use crate::observed::EndpointNames;
use crate::{Error, Partner};

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
    /// Whether partners may ask for it that have not registered yet.
    pub(super) is_open_before_registration: bool,
    /// Whether its messages say from which party they come, and for which they are.
    pub(super) is_routed: bool,
    /// Names of the endpoint, for an observer.
    pub(super) names: EndpointNames,
}

/// Target of a request.
pub(super) enum MatchedTarget {
    Versions,
    Details,
    Route(Arc<Route>),
    /// A request for the allowed methods of a URL, with the answer.
    Options(HeaderValue),
}

impl Matched {
    /// The interface of a functional module that is asked for.
    pub(super) fn functional(&self) -> Option<(&ModuleId, &InterfaceRole)> {
        match &self.target {
            MatchedTarget::Route(route) if route.module != ModuleId::Credentials => {
                Some((&route.module, &route.role))
            }
            _ => None,
        }
    }

    /// Whether answers have credentials tokens, or say who charged where: nobody on the way may keep them.
    pub(super) fn is_private(&self) -> bool {
        const PRIVATE: [ModuleId; 7] = [
            ModuleId::Credentials,
            ModuleId::Tokens,
            ModuleId::Sessions,
            ModuleId::Cdrs,
            ModuleId::Commands,
            ModuleId::ChargingProfiles,
            ModuleId::Bookings,
        ];
        matches!(&self.target, MatchedTarget::Route(route) if PRIVATE.contains(&route.module))
    }

    fn page(target: MatchedTarget, version: Version, endpoint: Url, names: EndpointNames) -> Self {
        Self {
            target,
            version,
            url: endpoint.clone(),
            endpoint,
            parameters: Vec::new(),
            query: Vec::new(),
            is_open_before_registration: true,
            is_routed: false,
            names,
        }
    }
}

impl Router {
    /// Finds the target of a request.
    pub(super) fn matched(
        &self,
        method: &Method,
        path: &str,
        partner: Option<&Partner>,
    ) -> Result<Matched, Error> {
        let site = &self.0.site;
        let none = || Error::not_found("no such URL");
        let segments = site.segments(path).ok_or_else(none)?;
        match site.page(&segments).ok_or_else(none)? {
            SitePage::Versions => {
                let target = own_target(MatchedTarget::Versions, method)?;
                let names = EndpointNames::of::<GetVersions>();
                Ok(Matched::page(target, Version::V2_2_1, site.versions_url.clone(), names))
            }
            SitePage::Details(page) => {
                let target = own_target(MatchedTarget::Details, method)?;
                let names = EndpointNames::of::<GetVersionDetails>();
                Ok(Matched::page(target, page.version, page.url.clone(), names))
            }
            SitePage::Module(page, rest) => in_module(page, &rest, method, partner),
        }
    }
}

/// Lets only GET pass, and what goes with it.
fn own_target(target: MatchedTarget, method: &Method) -> Result<MatchedTarget, Error> {
    match *method {
        Method::GET | Method::HEAD => Ok(target),
        Method::OPTIONS => Ok(MatchedTarget::Options(allowed(&[&Method::GET]))),
        _ => Err(wrong_method(&[&Method::GET])),
    }
}

fn in_module(
    page: &ModulePage,
    rest: &[String],
    method: &Method,
    partner: Option<&Partner>,
) -> Result<Matched, Error> {
    let asked = if *method == Method::HEAD { &Method::GET } else { method };
    let taking: Vec<&Arc<Route>> = page.routes(rest).collect();
    let mut routes: Vec<&Arc<Route>> =
        taking.iter().copied().filter(|route| route.method == *asked).collect();
    routes.sort_by(|one, other| one.parameter_places().cmp(other.parameter_places()));
    let is_of_caller =
        partner.is_some_and(|partner| owner(rest).is_some_and(|owner| partner.speaks_for(&owner)));
    let route = routes.iter().find(|route| route.names_owner() == is_of_caller).or(routes.first());
    let (target, route) = match (route, taking.first()) {
        (Some(route), _) => (MatchedTarget::Route(Arc::clone(route)), *route),
        (None, Some(any)) => {
            let open = taking.iter().filter(|route| is_open(route, partner));
            let methods: Vec<&Method> = open.map(|route| &route.method).collect();
            if let (true, Some(partner)) = (methods.is_empty(), partner) {
                partner.may_use(&any.module, &any.role)?;
            }
            if *method != Method::OPTIONS {
                return Err(wrong_method(&methods));
            }
            (MatchedTarget::Options(allowed(&methods)), *any)
        }
        (None, None) => return Err(Error::not_found("no such URL")),
    };
    Ok(Matched {
        target,
        version: page.version,
        endpoint: page.url.clone(),
        url: page.url.join(rest.iter().map(String::as_str)),
        parameters: route.parameters(rest),
        query: Vec::new(),
        is_open_before_registration: route.module == ModuleId::Credentials,
        is_routed: page.version > Version::V2_1_1
            && Mount::Module(route.module.clone(), route.role.clone()).is_functional(),
        names: route.names.clone(),
    })
}

/// Whether a partner may use an endpoint: it is told of those only.
fn is_open(route: &Route, partner: Option<&Partner>) -> bool {
    let may_use = |partner: &Partner| partner.may_use(&route.module, &route.role).is_ok();
    route.module == ModuleId::Credentials || partner.is_none_or(may_use)
}

/// The owner that a path names, if it names one.
fn owner(rest: &[String]) -> Option<Party> {
    let [country_code, party_id, ..] = rest else { return None };
    Party::new(country_code.trim(), party_id.trim()).ok()
}

fn wrong_method(methods: &[&Method]) -> Error {
    Error::method_not_allowed("this URL has other methods").with_allowed(allowed(methods))
}

/// The methods of a URL. HEAD comes with GET.
fn allowed(methods: &[&Method]) -> HeaderValue {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let has = |method: &&Method| {
        let asked = if **method == Method::HEAD { &Method::GET } else { *method };
        methods.contains(&asked)
    };
    let there: Vec<&str> = known.iter().filter(has).map(Method::as_str).chain(["OPTIONS"]).collect();
    HeaderValue::from_str(&there.join(", ")).unwrap_or(HeaderValue::from_static("OPTIONS"))
}
