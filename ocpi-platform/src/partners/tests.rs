//! Memory and store say the same of partners, or come to.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Waker};

use bytes::Bytes;
use ocpi_client::TransportError;
use ocpi_server_traits::{Clock, Listing, Memory, StoreError};
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::BusinessDetailsInit;
use ocpi_types::{DateTime, NonEmpty, Role};
use pollster::block_on;

use super::*;
use crate::partner::PartnerInit;
use crate::{Platform, SecureRandom, Settings};

#[test]
fn a_partner_is_found_whatever_the_order_of_roles() {
    let store = Arc::new(Memory::new());
    let first = open(&store, &["AAA", "BBB"]);
    block_on(first.invite("cpo")).unwrap();
    let second = open(&store, &["BBB", "AAA"]);
    assert_eq!(second.partners(), first.partners());
    block_on(second.invite("cpo")).unwrap();
    assert_eq!(block_on(store.list(&Query::all(COLLECTION))).unwrap().total, 1);
    assert_eq!(open(&store, &["CCC"]).partners(), second.partners());
}

#[test]
fn a_partner_that_somebody_else_changed_is_reloaded_before_the_conflict() {
    let store = Memory::new();
    let (one, other) = (load(&store), load(&store));
    let (old, new) = (partner("cpo", "old"), partner("cpo", "new"));
    block_on(one.replace(&store, None, old.clone())).unwrap();
    // The other one believes that there is none.
    assert_conflict(block_on(other.replace(&store, None, new.clone())));
    assert_eq!(other.get("cpo"), Some(old.clone()));
    block_on(other.replace(&store, Some(&old), new.clone())).unwrap();
    assert_conflict(block_on(one.replace(&store, Some(&old), old.clone())));
    assert_eq!(one.get("cpo"), Some(new.clone()));
    // And a document that is gone is forgotten.
    block_on(store.delete(&address("cpo"))).unwrap();
    assert_conflict(block_on(one.replace(&store, Some(&new), old.clone())));
    assert_eq!(one.get("cpo"), None);
    block_on(one.replace(&store, None, old)).unwrap();
}

#[test]
fn a_task_that_was_dropped_after_the_write_leaves_nothing_stale_for_ever() {
    let store = Meddled::new(Meddling::NeverAnswers);
    let partners = load(&store);
    let (old, new) = (partner("cpo", "old"), partner("cpo", "new"));
    {
        let mut replace = pin!(partners.replace(&store, None, old.clone()));
        assert!(replace.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    store.does(Meddling::Nothing);
    assert_eq!(partners.get("cpo"), None);
    assert_conflict(block_on(partners.replace(&store, None, new.clone())));
    assert_eq!(partners.get("cpo"), Some(old.clone()));
    block_on(partners.replace(&store, Some(&old), new.clone())).unwrap();
    assert_eq!(partners.get("cpo"), Some(new));
}

#[test]
fn a_write_between_reading_and_writing_is_reloaded_too() {
    let store = Meddled::new(Meddling::Nothing);
    let partners = load(&store);
    let (old, new) = (partner("cpo", "old"), partner("cpo", "new"));
    block_on(partners.replace(&store, None, old.clone())).unwrap();
    store.does(Meddling::WritesFirst);
    assert_conflict(block_on(partners.replace(&store, Some(&old), new.clone())));
    store.does(Meddling::Nothing);
    let meddled = partner("cpo", "meddled");
    assert_eq!(partners.get("cpo"), Some(meddled.clone()));
    block_on(partners.replace(&store, Some(&meddled), new)).unwrap();
}

#[test]
fn a_broken_partner_is_reported_and_left_alone() {
    let store = Memory::new();
    let partners = load(&store);
    for id in ["a", "c"] {
        block_on(partners.replace(&store, None, partner(id, "secret"))).unwrap();
    }
    for (id, body, format) in [("b", "{", FORMAT), ("d", &*text(&partner("d", "secret")), "partner 0")] {
        let document = NewDocument {
            body: body.to_owned().into(),
            last_updated: time(),
            audience: None,
            format: format.into(),
        };
        block_on(store.put(&address(id), document, Precondition::Nothing)).unwrap();
    }
    let partners = load(&store);
    let known: Vec<_> = partners.all().iter().map(|partner| partner.id.as_str().to_owned()).collect();
    assert_eq!(known, ["a", "c"]);
    let broken: Vec<_> = partners.broken().iter().map(|broken| broken.at.clone()).collect();
    assert_eq!(broken, [address("b"), address("d")]);
    for id in ["b", "d"] {
        let before = block_on(store.get(&address(id))).unwrap();
        let result = block_on(partners.replace(&store, None, partner(id, "new")));
        assert!(matches!(result, Err(Error::Store(_))), "{result:?}");
        assert_eq!(block_on(store.get(&address(id))).unwrap(), before);
    }
}

fn load(store: &impl Store) -> Partners {
    block_on(Partners::load(store)).unwrap()
}

fn address(id: &str) -> Address {
    Address { collection: COLLECTION, owner: owner().unwrap(), key: id.to_owned() }
}

fn partner(id: &str, token: &str) -> Partner {
    PartnerInit {
        id: id.parse().unwrap(),
        token_we_issued: token.parse().unwrap(),
        registered: false,
        last_updated: time(),
    }
    .into()
}

fn text(partner: &Partner) -> String {
    ocpi_types::json::to_string(partner)
}

fn time() -> DateTime {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

#[track_caller]
fn assert_conflict(result: Result<(), Error>) {
    assert!(matches!(result, Err(Error::Conflict(_))), "{result:?}");
}

/// A platform that speaks for these parties, in this order.
fn open<S: Store>(
    store: &Arc<S>,
    parties: &[&str],
) -> Platform<Arc<S>, impl ocpi_client::Transport + use<S>> {
    let role = |party: &&str| -> CredentialsRole {
        CredentialsRoleInit {
            role: Role::Cpo,
            business_details: BusinessDetailsInit { name: "ALF".parse().unwrap() }.into(),
            party_id: party.parse().unwrap(),
            country_code: "NL".parse().unwrap(),
        }
        .into()
    };
    let roles: Vec<_> = parties.iter().map(role).collect();
    let count = AtomicU8::new(0);
    let settings = Settings {
        roles: NonEmpty::try_from(roles.clone()).unwrap(),
        clock: Clock::new(time),
        secrets: SecureRandom::new(move |bytes| {
            bytes.fill(count.fetch_add(1, Ordering::Relaxed));
            Ok(())
        }),
        ..Settings::new("https://alf.example/ocpi".parse().unwrap(), roles[0].clone())
    };
    let nobody =
        |_: http::Request<Bytes>| std::future::pending::<Result<http::Response<Bytes>, TransportError>>();
    block_on(Platform::open(settings, Arc::clone(store), nobody)).unwrap()
}

/// A store that others use too.
struct Meddled {
    memory: Memory,
    does: AtomicU8,
}

#[derive(Clone, Copy, Eq, PartialEq)]
#[repr(u8)]
enum Meddling {
    Nothing,
    /// A write is done, but its answer never comes.
    NeverAnswers,
    /// Somebody else writes before every write.
    WritesFirst,
}

impl Meddled {
    fn new(does: Meddling) -> Self {
        Self { memory: Memory::new(), does: AtomicU8::new(does as u8) }
    }

    fn does(&self, does: Meddling) {
        self.does.store(does as u8, Ordering::Relaxed);
    }

    fn is(&self, does: Meddling) -> bool {
        self.does.load(Ordering::Relaxed) == does as u8
    }
}

impl Store for Meddled {
    async fn get(&self, at: &Address) -> Result<Option<Document>, StoreError> {
        self.memory.get(at).await
    }

    async fn put(
        &self,
        at: &Address,
        document: NewDocument,
        expect: Precondition,
    ) -> Result<PutOutcome, StoreError> {
        if self.is(Meddling::WritesFirst) {
            let meddled = NewDocument { body: text(&partner("cpo", "meddled")).into(), ..document.clone() };
            self.memory.put(at, meddled, Precondition::Anything).await?;
        }
        let written = self.memory.put(at, document, expect).await?;
        if self.is(Meddling::NeverAnswers) {
            std::future::pending::<()>().await;
        }
        Ok(written)
    }

    async fn delete(&self, at: &Address) -> Result<bool, StoreError> {
        self.memory.delete(at).await
    }

    async fn list(&self, query: &Query) -> Result<Listing, StoreError> {
        self.memory.list(query).await
    }
}
