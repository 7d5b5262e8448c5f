//! URLs of a platform.

use std::fmt;
use std::sync::Arc;

use ocpi_types::{InterfaceRole, ModuleId, Url, Version};

/// Paths below the base URL of a platform: for the list of versions, the version details, and the modules.
///
/// | | by default | [`Layout::flat`] |
/// |---|---|---|
/// | list of versions | `versions` | `versions` |
/// | details of a version | `2.3.0` | `2.3.0` |
/// | module | `2.3.0/sender/locations` | `2.3.0/locations` |
/// | module in 2.1.1, where modules have one URL | `2.1.1/locations` | `2.1.1/locations` |
/// | credentials | `2.3.0/credentials` | `2.3.0/credentials` |
///
/// A platform that replaces another one can keep the URLs that partners know:
///
/// ```
/// use ocpi_server_traits::Layout;
/// use ocpi_types::{InterfaceRole, ModuleId, Version};
/// let layout = Layout::default()
///     .with_versions_at("cpo/versions")
///     .with_details_at(|version| Some(format!("cpo/{version}")))
///     .with_modules_at(|version, module, _| Some(format!("cpo/{version}/{module}")))
///     .with_trailing_slash();
/// let base = "https://cpo.example".parse()?;
/// assert_eq!(layout.versions_url(&base).as_str(), "https://cpo.example/cpo/versions");
/// let url = layout.module_url(&base, Version::V2_2_1, &ModuleId::Tariffs, &InterfaceRole::Sender);
/// assert_eq!(url.as_str(), "https://cpo.example/cpo/2.2.1/tariffs/");
/// # Ok::<(), ocpi_types::UrlError>(())
/// ```
///
/// Paths are given without percent-encoding; slashes at their ends are ignored. Two interfaces with the same URL are
/// distinguished by method and path. If that is not enough, building the router fails.
#[derive(Clone)]
pub struct Layout {
    versions: String,
    details: Arc<DetailsPath>,
    modules: Arc<ModulePath>,
    has_roles: bool,
    ends_with_slash: bool,
}

type DetailsPath = dyn Fn(Version) -> Option<String> + Send + Sync;
type ModulePath = dyn Fn(Version, &ModuleId, &InterfaceRole) -> Option<String> + Send + Sync;

impl Default for Layout {
    /// The Sender and the Receiver interface of a module have URLs of their own.
    fn default() -> Self {
        Self {
            versions: "versions".to_owned(),
            details: Arc::new(|_| None),
            modules: Arc::new(|_, _, _| None),
            has_roles: true,
            ends_with_slash: false,
        }
    }
}

impl Layout {
    /// Uses one URL for both interfaces of a module, for clients that use one base URL for all modules.
    pub fn flat() -> Self {
        Self { has_roles: false, ..Self::default() }
    }

    /// Sets the path of the list of versions.
    #[must_use]
    pub fn with_versions_at(self, path: impl Into<String>) -> Self {
        Self { versions: path.into(), ..self }
    }

    /// Sets the paths of version details. `None`: unchanged.
    #[must_use]
    pub fn with_details_at(self, path: impl Fn(Version) -> Option<String> + Send + Sync + 'static) -> Self {
        let before = self.details;
        Self { details: Arc::new(move |version| path(version).or_else(|| before(version))), ..self }
    }

    /// Sets the paths of modules. `None`: unchanged.
    ///
    /// The credentials module has one path; it is requested with the role of the Sender.
    #[must_use]
    pub fn with_modules_at(
        self,
        path: impl Fn(Version, &ModuleId, &InterfaceRole) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let before = self.modules;
        let modules = move |version, module: &ModuleId, role: &InterfaceRole| {
            path(version, module, role).or_else(|| before(version, module, role))
        };
        Self { modules: Arc::new(modules), ..self }
    }

    /// Adds a slash to the URLs of modules, for clients that append paths without one. Requests are accepted with and
    /// without.
    #[must_use]
    pub fn with_trailing_slash(self) -> Self {
        Self { ends_with_slash: true, ..self }
    }

    /// Returns the URL of the list of versions.
    pub fn versions_url(&self, base: &Url) -> Url {
        base.join(parts(&self.versions))
    }

    /// Returns the URL of the details of a version.
    pub fn details_url(&self, base: &Url, version: Version) -> Url {
        base.join(parts(&self.details_path(version)))
    }

    /// Returns the URL of a module in the version details.
    pub fn module_url(&self, base: &Url, version: Version, module: &ModuleId, role: &InterfaceRole) -> Url {
        let path = self.module_path(version, module, role);
        let end = self.ends_with_slash.then_some("");
        base.join(parts(&path).chain(end))
    }

    pub(super) fn versions_parts(&self) -> Vec<String> {
        parts(&self.versions).map(str::to_owned).collect()
    }

    pub(super) fn details_parts(&self, version: Version) -> Vec<String> {
        parts(&self.details_path(version)).map(str::to_owned).collect()
    }

    pub(super) fn module_parts(
        &self,
        version: Version,
        module: &ModuleId,
        role: &InterfaceRole,
    ) -> Vec<String> {
        parts(&self.module_path(version, module, role)).map(str::to_owned).collect()
    }

    fn details_path(&self, version: Version) -> String {
        (self.details)(version).unwrap_or_else(|| version.as_str().to_owned())
    }

    fn module_path(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> String {
        let is_credentials = *module == ModuleId::Credentials;
        // The role of the credentials module means nothing.
        let role = if is_credentials { &InterfaceRole::Sender } else { role };
        (self.modules)(version, module, role).unwrap_or_else(|| {
            // In 2.1.1 modules have one URL.
            if self.has_roles && !is_credentials && version > Version::V2_1_1 {
                format!("{version}/{}/{module}", role.as_str().to_ascii_lowercase())
            } else {
                format!("{version}/{module}")
            }
        })
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layout")
            .field("versions", &self.versions)
            .field("has_roles", &self.has_roles)
            .field("ends_with_slash", &self.ends_with_slash)
            .finish_non_exhaustive()
    }
}
