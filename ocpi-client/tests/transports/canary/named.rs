//! The places where a partner names a URL.

use bytes::Bytes;
use http::{Request, Response};
use ocpi_client::blocking::{BlockingTransport, Client};
use ocpi_client::{Discovery, ErrorKind, RequestIds, TransportError, blocking};
use ocpi_testkit::{parse, token};
use ocpi_types::endpoint::{
    GetCdr, GetVersions, List, PostActiveChargingProfileResult, PostChargingProfileResult,
    PostClearProfileResult, PostCommandResult,
};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::versions::EndpointInit;
use ocpi_types::{InterfaceRole, ModuleId, Url, Version};

use super::{Canary, leads_to, spellings};
use crate::way::{Way, ways};

/// The partner's own server is canned; for all else there is a real transport.
struct Partner<'a> {
    way: &'a Way,
    named: &'a Url,
}

const VERSIONS: &str = "https://partner.example/ocpi/versions";
const DETAILS: &str = "https://partner.example/ocpi/2.3.0";

impl BlockingTransport for Partner<'_> {
    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let url = request.uri().to_string();
        let named = self.named.as_str();
        let data = match url.as_str() {
            "https://partner.example/named/versions" => {
                format!(r#"[{{"version": "2.3.0", "url": "{named}"}}]"#)
            }
            VERSIONS => format!(r#"[{{"version": "2.3.0", "url": "{DETAILS}"}}]"#),
            DETAILS => format!(
                r#"{{"version": "2.3.0", "endpoints":
                [{{"identifier": "locations", "role": "SENDER", "url": "{named}"}}]}}"#
            ),
            "https://partner.example/locations" => "[]".to_owned(),
            _ => return self.way.send(request),
        };
        let body = format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}}"#);
        let answer = Response::builder().header("link", format!("<{named}>; rel=\"next\""));
        Ok(answer.body(body.into()).expect("an answer"))
    }
}

impl Partner<'_> {
    fn discovery(&self, url: &str) -> Discovery {
        let url = url.parse().expect("a URL");
        Discovery::new(url, token("canary-token"), &[Version::V2_3_0], RequestIds::new("canary"))
    }

    /// A client of a partner whose endpoints are all at one URL.
    fn client(&self, url: &Url) -> Client<&Self> {
        let endpoint = |(module, role)| EndpointInit { identifier: module, role, url: url.clone() }.into();
        let endpoints = [
            (ModuleId::Locations, InterfaceRole::Sender),
            (ModuleId::Cdrs, InterfaceRole::Receiver),
            (ModuleId::Commands, InterfaceRole::Sender),
            (ModuleId::ChargingProfiles, InterfaceRole::Sender),
        ];
        let endpoints = endpoints.map(endpoint).to_vec();
        let ids = RequestIds::new("canary");
        let client = ocpi_client::Client::new(Version::V2_3_0, endpoints, token("canary-token"), ids);
        Client::new(client.with_versions_url(url.clone()), self)
    }

    /// Sends a request to the URL in each place where a partner may name it, and returns the failures.
    fn send_everywhere(&self) -> Vec<(&'static str, ErrorKind)> {
        let url = self.named;
        let honest: Url = "https://partner.example/locations".parse().expect("a URL");
        let mut failed = Vec::new();
        let mut fails = |place, error: Option<ocpi_client::Error>| {
            failed.push((place, error.expect("a failure").kind()));
        };
        fails(
            "credentials",
            blocking::wait(self.discovery(url.as_str()).run(&blocking::Blocking(self))).err(),
        );
        let versions = self.discovery("https://partner.example/named/versions");
        fails("versions", blocking::wait(versions.run(&blocking::Blocking(self))).err());
        let found =
            blocking::wait(self.discovery(VERSIONS).run(&blocking::Blocking(self))).expect("endpoints");
        let found = Client::new(found.client, self);
        fails("details", found.send(&List::<Location>::all()).err());
        // The partner may have registered the host before, or not.
        for client in [self.client(url), self.client(&honest)] {
            fails("link", client.send(&List::<Location>::at(url.clone())).err());
            fails("cdr", client.send(&GetCdr::<Cdr>::at(url.clone())).err());
            let result = parse(r#"{"result": "ACCEPTED"}"#);
            fails("command", client.send(&PostCommandResult { url: url.clone().into(), result }).err());
            let result = parse(r#"{"result": "REJECTED"}"#);
            fails(
                "profile",
                client.send(&PostActiveChargingProfileResult { url: url.clone().into(), result }).err(),
            );
            let result = parse(r#"{"result": "ACCEPTED"}"#);
            fails(
                "profile",
                client.send(&PostChargingProfileResult { url: url.clone().into(), result }).err(),
            );
            let result = parse(r#"{"result": "ACCEPTED"}"#);
            fails("profile", client.send(&PostClearProfileResult { url: url.clone().into(), result }).err());
        }
        fails("versions", self.client(url).send(&GetVersions).err());
        let pages = self.client(&honest);
        let page = pages.send(&List::<Location>::all()).expect("a page").value;
        let next = Url::from_header(&page.next.expect("a next page")).expect("a URL");
        fails("next", pages.send(&List::<Location>::at(next)).err());
        failed
    }
}

#[test]
fn no_place_of_a_url_leads_to_a_private_host() {
    let canary = Canary::new();
    let (resolver, _) = leads_to([127, 0, 0, 1].into());
    let (mut hosts, mut attempts) = (0, 0);
    for way in ways(&canary.rules().with_resolver(resolver)) {
        for host in spellings::all() {
            let text = format!("https://{host}:{}/ocpi", canary.port);
            let Ok(named) = Url::from_header(&text) else { continue };
            // The test of the client's own hosts is not what is meant here.
            hosts += 1;
            for (place, kind) in (Partner { way: &way, named: &named }).send_everywhere() {
                attempts += 1;
                assert!(
                    matches!(kind, ErrorKind::Transport | ErrorKind::ForeignUrl),
                    "{place} {text}: {kind:?}"
                );
            }
        }
    }
    assert_eq!(canary.connections(), 0);
    assert!(hosts >= 2 * 300 && attempts == hosts * 17, "{hosts} hosts, {attempts} attempts");
}
