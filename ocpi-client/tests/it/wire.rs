//! A partner for requests and answers.

use ocpi_client::{Client, RequestIds, Retry};
use ocpi_testkit::{session_json, tariff_json, token};
use ocpi_types::Version;
use ocpi_types::v2_3_0::versions::{Endpoint, EndpointInit};
use ocpi_types::{InterfaceRole, ModuleId};

/// The token by which the partner knows us.
pub(crate) const TOKEN: &str = "canary-4f1c9be27d";

/// A CPO and eMSP in one, that offers every module both ways. Requests to it go out at once, and once.
pub(crate) fn client() -> Client {
    let both = [(InterfaceRole::Sender, "sender"), (InterfaceRole::Receiver, "receiver")];
    let endpoints = both.iter().flat_map(|(role, path)| {
        let url = move |module: &ModuleId| format!("https://cpo.example/ocpi/2.3.0/{path}/{module}");
        ModuleId::ALL.iter().map(move |module| endpoint(module.clone(), role.clone(), &url(module)))
    });
    let versions = "https://cpo.example/ocpi/versions".parse().expect("a URL");
    Client::new(Version::V2_3_0, endpoints.collect(), token(TOKEN), RequestIds::new("run"))
        .with_versions_url(versions)
        .with_rate(None)
        .with_retry(Retry::NEVER)
}

pub(crate) fn endpoint(identifier: ModuleId, role: InterfaceRole, url: &str) -> Endpoint {
    EndpointInit { identifier, role, url: url.parse().expect("a URL") }.into()
}

/// A Session with the id `S1`.
pub(crate) fn session() -> String {
    session_json("NL/ALF", "S1", "10:00:00")
}

/// A Tariff with this id.
pub(crate) fn tariff(id: &str) -> String {
    tariff_json("NL/ALF", id, "10:00:00")
}
