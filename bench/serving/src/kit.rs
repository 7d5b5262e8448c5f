//! The server of ocpi-kit, as its documentation puts it together.
//!
//! It has no store: its handlers bring their objects with them. Here they hand out copies of objects that they have in
//! memory in the order of the list, which is the least that they can do.

use std::sync::Arc;

use ocpi_kit::VersionNumber;
use ocpi_kit::server::{
    AuthenticatedPeer, Handled, InMemoryTokenStore, LocationsSender, OcpiRouter, RequestContext,
};
use ocpi_kit::testkit::InMemoryLocations;
use ocpi_kit::transport::{CredentialsToken, OcpiError, Page, PageMeta, PageQuery, TokenRole};
use ocpi_kit::types::{PartyRef, Url};
use ocpi_kit::v2_3_0::locations::{Connector, Evse, Location};

use crate::locations;

/// Where Locations come from.
pub trait Stock: Send + Sync + 'static {
    /// Returns a page.
    fn page(&self, query: &PageQuery, base: &Url) -> Page<Location>;
}

/// Locations in the order of their list.
pub struct InOrder(Vec<Location>);

impl Stock for InOrder {
    fn page(&self, query: &PageQuery, base: &Url) -> Page<Location> {
        const PAGE: u64 = 100;
        let limit = query.limit.map_or(PAGE, |limit| limit.min(PAGE));
        let start = usize::try_from(query.offset_or_default()).expect("a place").min(self.0.len());
        let end = (start + usize::try_from(limit).expect("a page")).min(self.0.len());
        let next = (end < self.0.len())
            .then(|| query.clone().with_offset(end as u64).with_limit(limit).apply_to(base));
        let meta = PageMeta { next, total_count: Some(self.0.len() as u64), limit: Some(PAGE) };
        Page { items: self.0[start..end].to_vec(), meta }
    }
}

/// The store of its tests, which sorts a copy of all objects for each page.
impl Stock for InMemoryLocations {
    fn page(&self, query: &PageQuery, base: &Url) -> Page<Location> {
        Self::page(self, query, base)
    }
}

/// The Locations in order.
pub fn in_order() -> InOrder {
    InOrder(objects())
}

/// The Locations in the store of its tests.
pub fn in_its_own_store() -> InMemoryLocations {
    let store = InMemoryLocations::new();
    for location in objects() {
        store.put(location);
    }
    store
}

fn objects() -> Vec<Location> {
    serde_json::from_str(&locations::text()).expect("a page")
}

struct Sender<S> {
    stock: S,
    base: Url,
}

impl<S: Stock> LocationsSender for Sender<S> {
    async fn list(&self, query: PageQuery, _: RequestContext) -> Handled<Page<Location>> {
        Ok(self.stock.page(&query, &self.base))
    }

    async fn location(&self, id: String, _: RequestContext) -> Handled<Location> {
        Err(OcpiError::NotFound(id))
    }

    async fn evse(&self, id: String, _: String, _: RequestContext) -> Handled<Evse> {
        Err(OcpiError::NotFound(id))
    }

    async fn connector(&self, id: String, _: String, _: String, _: RequestContext) -> Handled<Connector> {
        Err(OcpiError::NotFound(id))
    }
}

/// A router of ocpi-kit that sends Locations in a version.
pub fn router(version: VersionNumber, stock: impl Stock) -> axum::Router {
    let tokens = InMemoryTokenStore::new();
    tokens.insert(
        CredentialsToken::new("reader").expect("a token"),
        AuthenticatedPeer {
            peer_id: "emsp".to_owned(),
            role: TokenRole::C,
            parties: vec![PartyRef::new("DE", "EMP").expect("a party")],
            version: version.clone(),
        },
    );
    let base = Url::new("https://cpo.example/locations").expect("a URL");
    let root = Url::new("https://cpo.example").expect("a URL");
    OcpiRouter::new(version, root, Arc::new(tokens)).locations_sender(Sender { stock, base }).build()
}
