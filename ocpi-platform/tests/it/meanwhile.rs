//! A request meets a change of its partner between two reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ocpi_platform::{Adopted, Platform, Settings};
use ocpi_server_traits::storage::{Address, Changes, Document, Edit, Outcome, Page, Position, Query, Start};
use ocpi_server_traits::{Memory, PartnerDirectory, Store, StoreError};
use ocpi_testkit::{Network, fixed_clock, parse_list, roles_json, token};
use ocpi_types::Version;
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use pollster::block_on;

/// A store in which the next so many details of partners have just been replaced by others.
#[derive(Clone, Default)]
struct Changing {
    memory: Arc<Memory>,
    misses: Arc<AtomicUsize>,
}

impl Store for Changing {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        let found = self.memory.read(at).await?;
        let is_details = at.iter().any(|at| at.collection() == "PartnerDetails");
        let miss = |left: usize| is_details.then(|| left.checked_sub(1)).flatten();
        match self.misses.fetch_update(Ordering::Relaxed, Ordering::Relaxed, miss) {
            Ok(_) => Ok(found.into_iter().map(|_| None).collect()),
            Err(_) => Ok(found),
        }
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        self.memory.page(query, start, limit).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<Outcome, StoreError> {
        self.memory.write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.memory.changes(after, limit).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.memory.moved(after, timeout).await;
    }
}

fn roles(of: (&str, &str, &str)) -> Vec<CredentialsRole> {
    parse_list(&roles_json(&[of]))
}

fn open(store: &Changing) -> Platform<Changing, Network> {
    let role = roles(("CPO", "NL", "ALF")).remove(0);
    let settings = Settings::new("https://cpo.example/ocpi".parse().expect("a URL"), role);
    let settings = Settings { clock: fixed_clock(), ..settings };
    block_on(Platform::open(settings, store.clone(), Network::default())).expect("a platform")
}

#[test]
fn a_request_looks_again_when_its_partner_changes() {
    let store = Changing::default();
    let adopted = Adopted {
        token_we_issued: token("token-c"),
        token_we_received: token("token-b"),
        versions_url: "https://hand.example/ocpi/versions".parse().expect("a URL"),
        version: Version::V2_3_0,
        profile: PartnerProfile::of(Version::V2_3_0),
        endpoints: Vec::new(),
        roles: roles(("EMSP", "BE", "HND")),
    };
    block_on(open(&store).adopt("hand", adopted)).expect("adopted");
    for misses in [0, 1, 3] {
        // One that has nothing in memory.
        let platform = open(&store);
        store.misses.store(misses, Ordering::Relaxed);
        let found = block_on(PartnerDirectory::find(&platform, &[token("token-c")])).expect("a store");
        assert!(found.is_some_and(|partner| partner.is_registered), "{misses}");
        assert_eq!(store.misses.load(Ordering::Relaxed), 0);
    }
}
