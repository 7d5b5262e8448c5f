//! This library's server.

use std::sync::Arc;

use ocpi_server_traits::{
    AnyStore, Caller, Clock, Error, Handle, Objects, Partner, PartnerDirectory, RequestLimits, Router,
    StoreError,
};
use ocpi_types::endpoint::{EncodedPage, EncodedResponse, List, Page};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::{CredentialsToken, Version};

use crate::locations;

/// Token of an eMSP, and in the header.
const READER: (&str, &str) = ("reader", "Token cmVhZGVy");
/// Token of the operator, and in the header.
const WRITER: (&str, &str) = ("writer", "Token d3JpdGVy");

/// The header of who asks for pages.
pub const READS: &str = READER.1;
/// The header of who changes objects.
pub const WRITES: &str = WRITER.1;

/// The two partners whose tokens are known.
struct Partners([(CredentialsToken, Partner); 2]);

impl Partners {
    fn new() -> Self {
        let of = |(token, _): (&str, &str), party| {
            let id = token.parse().expect("an id");
            (token.parse().expect("a token"), Partner::new(id, [party]))
        };
        Self([of(READER, party("DE", "EMP")), of(WRITER, party("NL", "BNC"))])
    }
}

impl PartnerDirectory for Partners {
    async fn find(&self, tokens: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> {
        let known = self.0.iter().find(|(known, _)| tokens.contains(known));
        Ok(known.map(|(_, partner)| partner.clone()))
    }
}

fn party(country: &str, id: &str) -> Party {
    Party::new(country, id).expect("a party")
}

/// Objects in a store: those of NL/BNC are sent to others.
pub fn objects(store: AnyStore) -> Arc<Objects<AnyStore>> {
    Arc::new(Objects::new(store, vec![party("NL", "BNC")]))
}

/// Objects in a store with the Locations in it.
pub async fn loaded(store: AnyStore) -> Arc<Objects<AnyStore>> {
    let objects = objects(store);
    objects.put_all(locations::objects()).await.expect("they are written");
    objects
}

/// A router that sends Locations in both versions, and takes them in 2.3.0.
pub fn router(objects: &Arc<Objects<AnyStore>>) -> Router {
    let base = "https://cpo.example/ocpi".parse().expect("a URL");
    Router::builder(base, Clock::system())
        // Hundreds of PATCHes at once are measured; by default 256 of a partner are let in.
        .with_limits(RequestLimits::default().with_at_once(1_000))
        .version(Version::V2_2_1, |routes| routes.sender::<Location>(objects))
        .version(Version::V2_3_0, |routes| {
            routes.sender::<Location>(objects).receiver::<Location>(objects).receiver::<Cdr>(objects)
        })
        .build(Partners::new())
        .expect("a router")
}

/// Pages that were encoded beforehand, by offset.
struct Ready(Vec<EncodedResponse>);

/// Objects of a page.
const PAGE: usize = 100;

impl Handle<List<Location>> for Ready {
    async fn handle(&self, _: &Caller, _: List<Location>) -> Result<Page<Location>, Error> {
        Err(Error::internal("there are pages for all"))
    }

    async fn encoded(&self, _: &Caller, list: &List<Location>) -> Result<Option<EncodedResponse>, Error> {
        let offset = list.offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
        Ok(self.0.get(offset / PAGE).cloned())
    }
}

/// A router with nothing to do but to find the page and to wrap it: the pages are what another router answered.
pub async fn router_of_ready_pages(answers: Vec<http::Response<bytes::Bytes>>, version: Version) -> Router {
    let pages = answers.into_iter().map(|answer| {
        let (parts, body) = answer.into_parts();
        let text = std::str::from_utf8(&body).expect("JSON");
        let envelope: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).expect("JSON");
        assert_eq!(envelope["status_code"], 1000);
        let data = text.find("\"data\":[").expect("a page") + "\"data\":".len();
        let end = text.rfind("],\"status_code\"").expect("a page") + 1;
        let mut page = EncodedPage::default().finish(None, None, None);
        page.headers = parts.headers;
        page.data = Some(text[data..end].into());
        page
    });
    let ready = Arc::new(Ready(pages.collect()));
    let base = "https://cpo.example/ocpi".parse().expect("a URL");
    Router::builder(base, Clock::system())
        .version(version, |routes| routes.on::<List<Location>, _>(&ready))
        .build(Partners::new())
        .expect("a router")
}
