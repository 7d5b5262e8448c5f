//! A request meets a change of its partner between two reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Method;
use ocpi_platform::{Adopted, Platform, Settings};
use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, NewDocument, Page, Position, Query, Rejected, Start, StoreExt,
    WriteOutcome,
};
use ocpi_server_traits::{Memory, PartnerDirectory, Store, StoreError};
use ocpi_testkit::{Answer, CannedPlatform, Network, fixed_clock, parse_list, roles_json, token};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsRole};
use ocpi_types::{CredentialsToken, Version};
use pollster::block_on;

use crate::hand::{allow_hand, by_hand};

/// A store in which the next so many details of partners have just been replaced by others, and the next so many records
/// just been written by somebody else.
#[derive(Clone, Default)]
struct Changing {
    memory: Arc<Memory>,
    misses: Arc<AtomicUsize>,
    conflicts: Arc<AtomicUsize>,
    /// Records of partners that were read one by one.
    reads: Arc<AtomicUsize>,
}

impl Store for Changing {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        let found = self.memory.read(at).await?;
        let records = at.iter().filter(|at| at.collection() == "Partner").count();
        self.reads.fetch_add(records, Ordering::Relaxed);
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

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        let record = at.iter().find(|at| at.collection() == "Partner").cloned();
        let conflict = |left: usize| record.is_some().then(|| left.checked_sub(1)).flatten();
        let is_conflict = self.conflicts.fetch_update(Ordering::Relaxed, Ordering::Relaxed, conflict).is_ok();
        if let Some(record) = record.filter(|_| is_conflict) {
            let again = self.memory.update(vec![record.clone()], move |tx| {
                let Some(known) = tx.get(&record)?.cloned() else { return Ok(()) };
                tx.put(&record, NewDocument::new(known.body, known.format, known.last_updated))?;
                Ok::<_, Rejected<()>>(())
            });
            again.await.expect("a store");
        }
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
    open_on(store, Network::default())
}

fn open_on(store: &Changing, network: Network) -> Platform<Changing, Network> {
    let role = roles(("CPO", "NL", "ALF")).remove(0);
    let settings = Settings::new("https://cpo.example/ocpi".parse().expect("a URL"), role);
    let settings = Settings { clock: fixed_clock(), ..settings };
    block_on(Platform::open(settings, store.clone(), network)).expect("a platform")
}

#[test]
fn a_request_looks_again_when_its_partner_changes() {
    let store = Changing::default();
    let adopted = Adopted {
        token_we_issued: token("token-c"),
        token_we_received: token("token-b"),
        versions_url: "https://hand.example/ocpi/versions".parse().expect("a URL"),
        version: Version::V2_3_0,
        profile: PartnerProfile::strict(),
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
        // So does the application.
        let platform = open(&store);
        store.misses.store(misses, Ordering::Relaxed);
        assert!(block_on(platform.client("hand")).is_ok(), "{misses}");
        let platform = open(&store);
        store.misses.store(misses, Ordering::Relaxed);
        assert_eq!(block_on(platform.partners()).expect("a store").len(), 1, "{misses}");
        assert_eq!(store.misses.load(Ordering::Relaxed), 0);
    }
}

/// GET credentials confirms a new token, while the registration is confirmed by another request.
#[test]
fn credentials_are_told_while_the_partner_changes() {
    let store = Changing::default();
    let network = Network::default();
    CannedPlatform::with("").add_to(&network);
    let platform = Arc::new(open_on(&store, network));
    let router = platform.router(|routes| routes).expect("a router");
    let ask = |method: Method, with: &CredentialsToken, body: String| {
        let request =
            http::Request::builder().method(method).uri("https://cpo.example/ocpi/2.3.0/credentials");
        let request = request.header("Authorization", with.to_header(true)).body(body.into());
        Answer::of(block_on(router.call(request.expect("a request"))))
    };
    let token_a = block_on(platform.invite("hand", allow_hand())).expect("not registered yet");
    let registered = ask(Method::POST, &token_a, by_hand()).expect(200, 1000);
    let token_c = registered.object::<Credentials>().token;
    for conflicts in [1, 3] {
        store.conflicts.store(conflicts, Ordering::Relaxed);
        let answer = ask(Method::GET, &token_c, String::new()).expect(200, 1000);
        assert_eq!(answer.object::<Credentials>().token, token_c);
    }
}

/// A record is read with its page, and once more only if it changes at this moment.
#[test]
fn a_list_of_partners_reads_each_record_once() {
    let store = Changing::default();
    let platform = open(&store);
    for id in ["a", "b", "c"] {
        block_on(platform.invite(id, allow_hand())).expect("not known yet");
    }
    // Another process, which keeps no details in memory.
    let platform = open(&store);
    let listed = |platform: &Platform<Changing, Network>| {
        store.reads.store(0, Ordering::Relaxed);
        let partners = block_on(platform.partners()).expect("a store");
        let ids: Vec<_> = partners.iter().map(|partner| partner.id.as_str().to_owned()).collect();
        assert_eq!(ids, ["a", "b", "c"]);
        store.reads.load(Ordering::Relaxed)
    };
    assert_eq!(listed(&platform), 0);
    store.misses.store(1, Ordering::Relaxed);
    assert_eq!(listed(&open(&store)), 1);
}
