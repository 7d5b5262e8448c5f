//! The pages of a router by their URLs.

use std::borrow::Cow;
use std::sync::Arc;

use ocpi_types::v2_2_1::versions::{Endpoint as Advertised, EndpointInit};
use ocpi_types::{InterfaceRole, ModuleId, Url, Version};

use super::booking_paths;
use super::layout::Layout;
use super::path;
use super::router_error::RouterError;
use super::routes::Route;

/// The pages of a router: the list of versions, their details, and the modules.
pub(super) struct Site {
    /// The path of the base URL, without a slash at its end.
    base: String,
    pub(super) versions_url: Url,
    versions_path: Vec<String>,
    pub(super) versions: Vec<VersionPage>,
    /// Those with the longest paths first.
    pub(super) modules: Vec<ModulePage>,
}

/// The details of a version.
pub(super) struct VersionPage {
    pub(super) version: Version,
    pub(super) url: Url,
    /// The endpoints, in the order in which they were mounted.
    pub(super) endpoints: Vec<Advertised>,
    path: Vec<String>,
}

/// The URL of a module, of one of its interfaces or of both.
pub(super) struct ModulePage {
    pub(super) version: Version,
    pub(super) url: Url,
    module: ModuleId,
    path: Vec<String>,
    pub(super) routes: Vec<Arc<Route>>,
}

/// Page of a path.
pub(super) enum SitePage<'a> {
    Versions,
    Details(&'a VersionPage),
    /// A module, and the part of the path behind its URL.
    Module(&'a ModulePage, Cow<'a, [String]>),
}

impl Site {
    /// Puts the pages together.
    ///
    /// # Errors
    /// When two of them, or two endpoints of a module, cannot be told apart.
    pub(super) fn new(
        base: &Url,
        layout: &Layout,
        versions: Vec<(Version, Vec<Route>)>,
    ) -> Result<Self, RouterError> {
        let parsed =
            base.parse().map_err(|_| RouterError::layout("the base URL is no absolute http or https URL"))?;
        let mut site = Self {
            base: parsed.path().trim_end_matches('/').to_owned(),
            versions_url: layout.versions_url(base),
            versions_path: layout.versions_parts(),
            versions: Vec::new(),
            modules: Vec::new(),
        };
        if versions.is_empty() {
            return Err(RouterError::empty(None));
        }
        for (version, routes) in versions {
            site.add_version(base, layout, version, routes)?;
        }
        site.check_paths()?;
        site.modules.sort_by_key(|module| std::cmp::Reverse(module.path.len()));
        Ok(site)
    }

    fn add_version(
        &mut self,
        base: &Url,
        layout: &Layout,
        version: Version,
        routes: Vec<Route>,
    ) -> Result<(), RouterError> {
        let mut page = VersionPage {
            version,
            url: layout.details_url(base, version),
            endpoints: Vec::new(),
            path: layout.details_parts(version),
        };
        for route in routes {
            let url = layout.module_url(base, version, &route.module, &route.role);
            let path = layout.module_parts(version, &route.module, &route.role);
            page.advertise(&route, &url)?;
            self.add_route(version, url, path, route)?;
        }
        if page.endpoints.is_empty() {
            return Err(RouterError::empty(Some(version)));
        }
        self.versions.push(page);
        Ok(())
    }

    fn add_route(
        &mut self,
        version: Version,
        url: Url,
        path: Vec<String>,
        route: Route,
    ) -> Result<(), RouterError> {
        let Some(page) = self.modules.iter_mut().find(|page| page.path == path) else {
            let (module, routes) = (route.module.clone(), vec![Arc::new(route)]);
            self.modules.push(ModulePage { version, url, module, path, routes });
            return Ok(());
        };
        if page.version != version || page.module != route.module {
            let (one, other) = (&page.module, &route.module);
            return Err(RouterError::layout(format!(
                "the layout gives {one} in {} and {other} in {version} the same URL, {url}",
                page.version
            )));
        }
        if let Some(known) = page.routes.iter().find(|known| known.is_like(&route)) {
            return Err(RouterError::duplicate(version, &known.names.endpoint, &route.names.endpoint, &url));
        }
        page.routes.push(Arc::new(route));
        Ok(())
    }

    /// Checks that each page has a path of its own, which can stand in a URL.
    fn check_paths(&self) -> Result<(), RouterError> {
        let versions = self.versions.iter().map(|page| (&page.path, &page.url));
        let modules = self.modules.iter().map(|page| (&page.path, &page.url));
        let own = std::iter::once((&self.versions_path, &self.versions_url));
        let mut known: Vec<&Vec<String>> = Vec::new();
        for (path, url) in own.chain(versions).chain(modules) {
            if path.is_empty() || path.iter().any(|part| matches!(part.as_str(), "." | "..")) {
                return Err(RouterError::layout(format!(
                    "the layout gives a page the path of {url}, which is no path"
                )));
            }
            if known.contains(&path) {
                return Err(RouterError::layout(format!("the layout gives two pages the same URL, {url}")));
            }
            known.push(path);
        }
        Ok(())
    }

    /// Returns the page of a version.
    pub(super) fn version(&self, version: Version) -> Option<&VersionPage> {
        self.versions.iter().find(|page| page.version == version)
    }

    /// Returns the URL of an interface that is mounted. The role of the credentials module means nothing.
    pub(super) fn module_url(
        &self,
        version: Version,
        module: &ModuleId,
        role: &InterfaceRole,
    ) -> Option<&Url> {
        let is_credentials = *module == ModuleId::Credentials;
        let is_it = |route: &Arc<Route>| route.module == *module && (route.role == *role || is_credentials);
        let mut pages = self.modules.iter().filter(|page| page.version == version);
        pages.find(|page| page.routes.iter().any(is_it)).map(|page| &page.url)
    }

    /// Takes the path of a request apart; `None`: it is not below the base URL, or no path of ids.
    pub(super) fn segments(&self, path: &str) -> Option<Vec<String>> {
        path::segments(path.strip_prefix(&*self.base)?.strip_prefix('/')?)
    }

    /// Finds the page of a path. Slashes at its end, and doubled ones where texts are put together, change nothing.
    pub(super) fn page<'a>(&'a self, segments: &'a [String]) -> Option<SitePage<'a>> {
        let is_at = |path: &[String]| below(path, segments).is_some_and(<[String]>::is_empty);
        if is_at(&self.versions_path) {
            return Some(SitePage::Versions);
        }
        if let Some(page) = self.versions.iter().find(|page| is_at(&page.path)) {
            return Some(SitePage::Details(page));
        }
        let found = self.modules.iter().find_map(|page| {
            let rest = booking_paths::usual(&page.module, below(&page.path, segments)?);
            page.routes.iter().any(|route| route.takes(&rest)).then_some((page, rest))
        });
        found.map(|(page, rest)| SitePage::Module(page, rest))
    }
}

impl VersionPage {
    /// Adds the endpoint of a route, once for each role. In 2.1.1 it has none.
    fn advertise(&mut self, route: &Route, url: &Url) -> Result<(), RouterError> {
        let has_roles = self.version > Version::V2_1_1;
        let is_known = |endpoint: &&Advertised| {
            endpoint.identifier == route.module && (endpoint.role == route.role || !has_roles)
        };
        match self.endpoints.iter().find(is_known) {
            Some(known) if known.url != *url => Err(RouterError::layout(format!(
                "the layout gives {} in {} two URLs, {} and {url}, and the version details have room for one",
                route.module, self.version, known.url
            ))),
            Some(_) => Ok(()),
            None => {
                let (identifier, role, url) = (route.module.clone(), route.role.clone(), url.clone());
                self.endpoints.push(EndpointInit { identifier, role, url }.into());
                Ok(())
            }
        }
    }
}

impl ModulePage {
    /// Returns the routes that take the part of a path behind the URL.
    pub(super) fn routes<'a>(&'a self, rest: &'a [String]) -> impl Iterator<Item = &'a Arc<Route>> + 'a {
        self.routes.iter().filter(|route| route.takes(rest))
    }
}

/// Returns the part of a path behind another.
fn below<'a>(path: &[String], segments: &'a [String]) -> Option<&'a [String]> {
    let mut rest = segments;
    for part in path {
        let (first, behind) = past_slashes(rest).split_first()?;
        if first != part {
            return None;
        }
        rest = behind;
    }
    Some(past_slashes(rest))
}

fn past_slashes(segments: &[String]) -> &[String] {
    let empty = segments.iter().take_while(|segment| segment.is_empty()).count();
    segments.get(empty..).unwrap_or_default()
}
