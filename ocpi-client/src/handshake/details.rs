//! Version details, as far as they are unambiguous.

use bytes::Bytes;
use ocpi_types::endpoint::{Endpoint as _, GetVersionDetails, v2_1_1};
use ocpi_types::json;
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_2_1::versions::{Endpoint, EndpointInit};
use ocpi_types::{Finding, FreeText, InterfaceRole, ModuleId, Rule, Url, Version, VersionNumber};

use crate::error::Kind;
use crate::{Client, Error};

/// Most bytes of the details of a version.
const MOST: usize = 1 << 20;

/// Endpoints of a version.
pub(super) struct Details {
    /// Number of the version, if it is told.
    pub(super) version: Option<VersionNumber>,
    pub(super) endpoints: Vec<Endpoint>,
}

/// Reads details. What is odd about them is told as deviations of the partner.
///
/// # Errors
/// When the answer is an error, too large, or names no endpoint.
pub(super) fn read(
    client: &Client,
    version: Version,
    answer: http::Response<Bytes>,
) -> Result<Details, Error> {
    let fail = |what| Err(Error::new(GetVersionDetails::name(), Kind::Handshake(what)));
    if answer.body().len() > MOST {
        return fail("the details of the version are too large");
    }
    let body = answer.body().clone();
    let read = if version >= Version::V2_2 {
        client.response::<GetVersionDetails>(answer).map(drop)
    } else {
        client.response::<v2_1_1::GetVersionDetails>(answer).map(drop)
    };
    match read {
        Ok(()) => taken(client, version, &body)
            .map_or_else(|| fail("the details of the version cannot be read"), Ok),
        // That an endpoint has no role makes the rest no less clear.
        Err(error) if error.is_unreadable() => {
            taken(client, version, &body).filter(|details| !details.endpoints.is_empty()).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

/// The number of the version whose details these are, if they tell it.
pub(super) fn version_of(body: &[u8]) -> Option<VersionNumber> {
    said(body)?.version
}

fn said(body: &[u8]) -> Option<SaidDetails> {
    let text = match Envelope::read(body) {
        Ok(Envelope { data: Some(data), .. }) => data.as_bytes(),
        _ => body,
    };
    Some(json::read(text).ok()?.value)
}

/// The details as far as they are clear.
fn taken(client: &Client, version: Version, body: &[u8]) -> Option<Details> {
    let said = said(body)?;
    let has_roles = version >= Version::V2_2;
    let mut endpoints = Vec::with_capacity(said.endpoints.len());
    let mut findings = Vec::new();
    for (index, endpoint) in said.endpoints.iter().enumerate() {
        let (Some(identifier), Some(url)) = (&endpoint.identifier, &endpoint.url) else { continue };
        let with_role = |role| EndpointInit { identifier: identifier.clone(), url: url.clone(), role }.into();
        let is_without = !has_roles || *identifier == ModuleId::Credentials;
        match endpoint.role() {
            Some(role) if has_roles => endpoints.push(with_role(role)),
            // Endpoints of 2.1.1 have no role, and a partner of 2.1.1 does not look at it.
            _ if is_without => endpoints.push(with_role(InterfaceRole::Sender)),
            _ => {
                findings.push(Finding::new(format!("/endpoints/{index}/role"), Rule::EndpointRole));
                let roles = [InterfaceRole::Sender, InterfaceRole::Receiver];
                let is_free = |role: &InterfaceRole| !said.names(identifier, role);
                endpoints.extend(roles.into_iter().filter(is_free).map(with_role));
            }
        }
    }
    let names_credentials = endpoints.iter().any(|it: &Endpoint| it.identifier == ModuleId::Credentials);
    if !names_credentials {
        findings.push(Finding::new("/endpoints".to_owned(), Rule::NoCredentials));
    }
    client.learned().tell(&GetVersionDetails::name(), &findings);
    Some(Details { version: said.version, endpoints })
}

impl SaidDetails {
    /// Whether they name this side of a module.
    fn names(&self, module: &ModuleId, role: &InterfaceRole) -> bool {
        let is_it =
            |it: &SaidEndpoint| it.identifier.as_ref() == Some(module) && it.role().as_ref() == Some(role);
        self.endpoints.iter().any(is_it)
    }
}

impl SaidEndpoint {
    /// The side that is served, if the word for it is known.
    fn role(&self) -> Option<InterfaceRole> {
        let word = self.role.as_ref()?.as_str().trim();
        [InterfaceRole::Sender, InterfaceRole::Receiver]
            .into_iter()
            .find(|role| word.eq_ignore_ascii_case(role.as_str()))
    }
}

ocpi_types::object! {
    /// Version details in which every member is optional.
    pub struct SaidDetails = "VersionDetails", init SaidDetailsInit {
        /// The version.
        pub version: Option<VersionNumber>,
        /// The endpoints.
        pub endpoints: Vec<SaidEndpoint>,
    }
}

ocpi_types::object! {
    /// An endpoint in which every member is optional.
    pub struct SaidEndpoint = "Endpoint", init SaidEndpointInit {
        /// The module.
        pub identifier: Option<ModuleId>,
        /// The interface.
        pub role: Option<FreeText>,
        /// Its URL.
        pub url: Option<Url>,
    }
}
