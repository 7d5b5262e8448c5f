//! URLs for requests to a partner: URLs of modules, and learned detours.

use http::Method;
use ocpi_types::endpoint::{Endpoint, Mount};
use ocpi_types::protocol::{EndpointUrl, ModuleTraffic, TokenForm, TokenScope};
use ocpi_types::v2_2_1::versions;
use ocpi_types::{Finding, InterfaceRole, ModuleId, Rule, Url, Version};

use super::Client;
use crate::Error;

impl<T> Client<T> {
    /// Returns the URL of a module interface, if the partner offers it: from the profile, or else from the version
    /// details. In 2.1.1 a module has one URL for both interfaces.
    pub fn endpoint(&self, module: &ModuleId, role: &InterfaceRole) -> Option<&Url> {
        let known = self.partner.profile.url(self.partner.version, module, role);
        let mut endpoints = self.partner.endpoints.iter();
        known.or_else(|| endpoints.find(|it| self.is_at(it, module, role)).map(|it| &it.url))
    }

    /// Whether the partner offers an endpoint: its version details list it, and the profile does not exclude this
    /// direction.
    pub fn offers<E: Endpoint>(&self) -> bool {
        self.base_of::<E>().is_some()
    }

    /// The URL that the path of an endpoint is appended to.
    pub(crate) fn base_of<E: Endpoint>(&self) -> Option<Url> {
        match &E::MOUNT {
            Mount::Versions => self.partner.versions_url.clone(),
            Mount::VersionDetails => None,
            Mount::Module(module, role) if self.has_traffic(module, role, &E::METHOD) => {
                let learned = self.learned().url(self.partner.version, module, role);
                // It may have been learned before the partner moved.
                let mut endpoints = self.partner.endpoints.iter();
                let learned = learned.filter(|url| endpoints.any(|it| it.url.is_same_path(url)));
                learned.or_else(|| self.endpoint(module, role).cloned())
            }
            Mount::Module(..) => None,
        }
    }

    /// The form of the token in the requests of an endpoint.
    pub(super) fn token_form_of<E: Endpoint>(&self) -> TokenForm {
        let scope = match &E::MOUNT {
            Mount::Versions => TokenScope::Versions,
            Mount::VersionDetails => TokenScope::VersionDetails,
            Mount::Module(module, _) => TokenScope::Module(module.clone()),
        };
        self.partner.profile.token_form(self.partner.version, &scope)
    }

    /// The other URL of a module that 2.1.1 names twice, where the first is not that of this interface: nothing has happened
    /// there.
    pub(super) fn detour<E: Endpoint>(&self, error: &Error) -> Option<Url> {
        let Mount::Module(module, role) = &E::MOUNT else { return None };
        if self.partner.version >= Version::V2_2 || !error.is_wrong_place() {
            return None;
        }
        let now = self.base_of::<E>()?;
        let mut endpoints = self.partner.endpoints.iter();
        endpoints.find(|it| self.is_at(it, module, role) && it.url != now).map(|it| it.url.clone())
    }

    /// Remembers that a detour led there.
    pub(super) fn learn_detour<E: Endpoint>(&self, url: Url) {
        let Mount::Module(module, role) = E::MOUNT else { return };
        let endpoint = E::name();
        self.learned().tell(&endpoint, &[Finding::of_document(Rule::SecondUrl)]);
        self.learned().learn_url(EndpointUrl { version: self.partner.version, module, role, url });
    }

    /// Whether an endpoint of the version details is this one.
    fn is_at(&self, endpoint: &versions::Endpoint, module: &ModuleId, role: &InterfaceRole) -> bool {
        let has_roles = self.partner.version >= Version::V2_2 && *module != ModuleId::Credentials;
        endpoint.identifier == *module && (endpoint.role == *role || !has_roles)
    }

    /// Whether the objects of a module go in the direction of a request.
    fn has_traffic(&self, module: &ModuleId, role: &InterfaceRole, method: &Method) -> bool {
        match self.partner.profile.traffic.get(module) {
            None => true,
            Some(ModuleTraffic::PushOnly) => *role != InterfaceRole::Sender || *method != Method::GET,
            Some(ModuleTraffic::PullOnly) => *role != InterfaceRole::Receiver,
        }
    }
}
