//! Records of partners in a store, and the cost of a request.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, Memory, NewDocument, Page, Position, Query, Start, Store, StoreError,
    StoreExt, WriteOutcome,
};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::BusinessDetailsInit;
use ocpi_types::{CredentialsToken, DateTime, Role};
use pollster::block_on;

use super::records::record_at;
use super::{Also, Details, Kept, Partners, Seal, Seals};
use crate::Error;
use crate::trust::{Hasher, Issued, PartnerState, Record};

/// The same number of reads for a partner with one party and for a hub with thousands, and none of its parties.
#[test]
fn a_request_reads_the_index_and_the_record() {
    for roles in [1, 9_000] {
        let store = Counting::default();
        let partners = partners(Seals::default());
        let stored = store_registered(&partners, &store, roles);
        let known = [token("never-issued"), token("token-c")];
        let reads = |partners: &Partners| {
            store.reads.store(0, Ordering::Relaxed);
            store.bytes.store(0, Ordering::Relaxed);
            let found = block_on(partners.find(&store, &known)).expect("a store").expect("a partner");
            assert_eq!(found.0.record, stored.record);
            (store.reads.swap(0, Ordering::Relaxed), store.bytes.swap(0, Ordering::Relaxed))
        };
        let (first, bytes) = reads(&partners);
        assert_eq!(first, 3, "the index for both readings of the header, and the record");
        assert!(bytes < 1_000, "{bytes} bytes for {roles} roles");
        assert_eq!(reads(&partners).0, 2, "whose token it is never changes, and needs no second look");
        assert_eq!(reads(&self::partners(Seals::default())).0, 3, "in another process too");
    }
}

#[test]
fn no_token_is_stored_that_has_only_to_be_recognized() {
    let store = Counting::default();
    store_registered(&partners(Seals::default()), &store, 1);
    let body = text_of(&store);
    assert!(!body.contains("token-c"), "{body}");
    assert!(body.contains("token-b"), "it must be sent");
}

/// A seal that can be seen through.
struct Backwards;

impl Seal for Backwards {
    fn seal(&self, context: &str, secret: &str) -> Option<String> {
        Some(format!("{context}:{}", secret.chars().rev().collect::<String>()))
    }

    fn open(&self, context: &str, sealed: &str) -> Option<String> {
        let (about, secret) = sealed.split_once(':')?;
        (about == context).then(|| secret.chars().rev().collect())
    }
}

#[test]
fn tokens_of_partners_are_sealed() {
    let store = Counting::default();
    let sealed = partners(Seals(Some(Arc::new(Backwards))));
    let stored = store_registered(&sealed, &store, 1);
    let body = text_of(&store);
    assert!(body.contains("b-nekot") && !body.contains("token-b"), "{body}");
    let read = block_on(sealed.read(&store, "hub")).expect("a store").expect("a record");
    assert_eq!(read.record, stored.record);
    let without_key = block_on(partners(Seals::default()).read(&store, "hub"));
    assert!(matches!(without_key, Err(Error::Broken)));
}

#[test]
fn a_record_that_is_broken_is_left_alone() {
    let (store, partners) = (Memory::new(), partners(Seals::default()));
    for (id, body, format) in [("a", "{", "partner 2"), ("b", "{}", "partner 9")] {
        let at = record_at(id);
        let document = NewDocument::new(body, format, now());
        block_on(store.update(vec![at.clone()], move |tx| {
            tx.put(&at, document.clone())?;
            Ok::<_, ocpi_server_traits::storage::Rejected<()>>(())
        }))
        .expect("stored");
        assert!(matches!(block_on(partners.read(&store, id)), Err(Error::Broken)));
        let written =
            block_on(partners.replace(&store, None, Record::new(id, now()), Also::default(), now()));
        assert!(matches!(written, Err(Error::Conflict(_))), "{written:?}");
    }
    let (good, broken) = block_on(partners.all(&store)).expect("a store");
    assert_eq!((good.len(), broken.len()), (0, 2));
}

/// A commit that began before another partner looked at the claim fails: the claim was taken from it.
#[test]
fn a_claim_that_is_taken_away_stops_its_commit() {
    let (store, partners) = (Memory::new(), partners(Seals::default()));
    let party = Party::new("BE", "ONE").expect("a party");
    let begin = |id: &str| {
        let record = Record::new(id, now());
        block_on(partners.replace(&store, None, record, Also::default(), now())).expect("stored")
    };
    let commit = |kept: &Kept| {
        let details = Details { roles: vec![role("ONE")], ..Details::default() };
        let also = Also { details: Some(&details), ..Also::default() };
        block_on(partners.replace(&store, Some(kept), kept.record.clone(), also, now()))
    };
    let claim = |id: &str| block_on(partners.claim(&store, id, std::slice::from_ref(&party), now()));
    let (a, b) = (begin("a"), begin("b"));
    claim("a").expect("it is free");
    claim("b").expect("a does not have it yet");
    assert!(matches!(commit(&a), Err(Error::Conflict(_))), "b has written its record anew");
    commit(&b).expect("nobody took the claim away");
    let late = claim("a").expect_err("b has it");
    assert!(matches!(late, Error::PartyTaken(_)), "{late:?}");
    assert_eq!(
        block_on(partners.taken(&store, "a", std::slice::from_ref(&party))).expect("a store"),
        [party].into()
    );
}

/// Records of a time without profiles are read: the form of the token and the other deviations stood elsewhere.
/// Nodes that share a new store open it at the same time.
#[test]
fn nodes_claim_the_same_parties_at_the_same_time() {
    for nodes in 0..4 {
        let (store, partners) = (Counting::default(), partners(Seals::default()));
        store.others.store(nodes, Ordering::Relaxed);
        block_on(partners.claim_own(&store, &[own()], now())).expect("it is all the same who was first");
        let claimant = block_on(partners.claimant(&store, &own())).expect("a store");
        assert_eq!(claimant.as_deref(), Some(""));
    }
}

#[test]
fn a_record_without_a_profile_is_read() {
    use ocpi_types::Version;
    use ocpi_types::json::{OnPartial, Times, WritingStyle};
    use ocpi_types::protocol::{PartnerProfile, TokenForm};
    let forms = super::stored::Forms { hasher: Hasher::new(None), seals: Seals::default() };
    let read = |contact: &str| {
        let text = format!(
            r#"{{"id": "a", "state": "registered", "since": "2026-11-22T10:00:00Z", "confirmed": true,
            "suspect": false, "details": 0, "contact": {{"versions_url": "https://a.example/v", {contact}}}}}"#
        );
        forms.read(text.as_bytes())
    };
    let plain = PartnerProfile::strict().with_token(TokenForm::Plain);
    let quirks = r#""quirks": {"explicit_nulls": true, "times": "seconds", "on_partial": "keep"}"#;
    let style = WritingStyle { explicit_nulls: true, times: Times::Seconds, ..WritingStyle::PLAIN };
    for (contact, expected) in [
        (r#""version": "2.2.1", "base64": true"#.to_owned(), PartnerProfile::strict()),
        (r#""version": "2.1.1", "base64": false"#.to_owned(), PartnerProfile::strict()),
        (r#""version": "2.2.1", "base64": false"#.to_owned(), plain.clone()),
        (
            format!(r#""version": "2.3.0", "base64": false, {quirks}"#),
            plain.with_style(style).with_on_partial(OnPartial::Keep),
        ),
    ] {
        let record = read(&contact).expect("a record");
        assert_eq!(record.profile, expected, "{contact}");
        let written = forms.write(&record).expect("it can be written");
        assert_eq!(forms.read(&written).as_ref(), Some(&record));
        assert!(record.contact.is_some_and(|contact| contact.version >= Version::V2_1_1));
    }
    // A member of a newer version in the profile, and a record that never had a contact.
    let newer = r#"{"id": "a", "state": "invited", "since": "2026-11-22T10:00:00Z", "confirmed": false, "suspect": false,
        "details": 0, "profile": {"most_limit": 5, "newer": {"x": []}}}"#;
    let record = forms.read(newer.as_bytes()).expect("a record");
    assert_eq!(record.profile, PartnerProfile::strict().with_most_limit(5));
}

/// Partners of the former store go on.
#[test]
fn records_of_the_former_kind_are_taken_over() {
    let (store, partners) = (Memory::new(), partners(Seals::default()));
    let registered = |id: &str, party: &str| {
        format!(
            r#"{{"id": "{id}", "token_we_issued": "issued-to-{id}", "token_before": "old", "invited": true,
            "token_we_received": "received-from-{id}", "registered": true,
            "versions_url": "https://{id}.example/versions", "version": "2.2.1", "base64": false,
            "endpoints": [{{"identifier": "tariffs", "role": "SENDER", "url": "https://{id}.example/t"}}],
            "roles": [{{"role": "CPO", "business_details": {{"name": "X"}}, "country_code": "BE", "party_id": "{party}"}}],
            "last_updated": "2026-11-01T10:00:00Z"}}"#
        )
    };
    let invited = r#"{"id": "d", "token_we_issued": "issued-to-d", "registered": false}"#.to_owned();
    let former = [
        ("a", registered("a", "AAA")),
        ("b", registered("b", "BBB")),
        ("c", registered("c", "BBB")),
        ("d", invited),
        ("e", "{".to_owned()),
    ];
    for (id, body) in former {
        let at = Address::new("Partner/1", "NL/ALF", id);
        let document = NewDocument::new(body, "partner 1", now());
        block_on(store.update(vec![at.clone()], move |tx| {
            tx.put(&at, document.clone())?;
            Ok::<_, ocpi_server_traits::storage::Rejected<()>>(())
        }))
        .expect("stored");
    }
    for _ in 0..2 {
        block_on(partners.take_over(&store, &[], 60, now())).expect("a store");
        let left = block_on(store.page(&Query::all("Partner/1"), Start::First, 9)).expect("a store");
        assert_eq!(left.rows.len(), 1, "what cannot be read stays");
    }
    let find = |name: &str| {
        block_on(partners.find(&store, &[token(name)])).expect("a store").map(|found| found.0.record)
    };
    let a = find("issued-to-a").expect("a partner");
    assert_eq!(
        (a.state, a.confirmed, &a.out),
        (PartnerState::Registered, true, &Some(token("received-from-a")))
    );
    assert_eq!(a.profile.token, Some(ocpi_types::protocol::TokenForm::Plain));
    let details = block_on(partners.details(&store, &a)).expect("a store");
    assert_eq!((details.parties().len(), details.allow.hosts.as_slice()), (1, &["a.example".to_owned()][..]));
    let disputed = ["issued-to-b", "issued-to-c"].map(|name| find(name).expect("a partner").state);
    assert_eq!(disputed, [PartnerState::Pending; 2], "both say that they are BE/BBB");
    let d = find("issued-to-d").expect("invited");
    assert_eq!((d.state, d.expires), (PartnerState::Invited, now().checked_add_seconds(60)));
    assert!(find("old").is_none(), "the token of before is dead");
}

fn store_registered(partners: &Partners, store: &impl Store, roles: usize) -> Kept {
    let token_c = token("token-c");
    let issued = Issued { hash: partners.hasher().token(&token_c), token: token_c };
    let roles = (0..roles).map(|number| role(&format!("{number:03X}")[..3])).collect();
    let details = Details { roles, ..Details::default() };
    let record = Record {
        state: PartnerState::Registered,
        current: Some(issued.hash),
        confirmed: true,
        out: Some(token("token-b")),
        roles: details.distinct_roles(),
        ..Record::new("hub", now())
    };
    let also = Also { details: Some(&details), token: Some(issued.hash), ..Also::default() };
    block_on(partners.replace(store, None, record, also, now())).expect("stored")
}

fn text_of(store: &impl Store) -> String {
    let document = block_on(store.get(&record_at("hub"))).expect("a store").expect("a record");
    String::from_utf8(document.body.to_vec()).expect("text")
}

fn partners(seals: Seals) -> Partners {
    Partners::new(Hasher::new(None), seals)
}

fn role(party: &str) -> CredentialsRole {
    CredentialsRoleInit {
        role: Role::Emsp,
        business_details: BusinessDetailsInit { name: "One of many".parse().expect("a name") }.into(),
        party_id: party.parse().expect("a party"),
        country_code: "BE".parse().expect("a country"),
    }
    .into()
}

fn token(text: &str) -> CredentialsToken {
    text.parse().expect("a token")
}

fn now() -> DateTime {
    "2026-11-22T12:00:00Z".parse().expect("a time")
}

fn own() -> Party {
    Party::new("NL", "ALF").expect("a party")
}

/// A store that counts documents that are asked for, and bytes that are read.
#[derive(Default)]
struct Counting {
    memory: Memory,
    /// Nodes that claim the parties of the platform before the next writes.
    others: AtomicUsize,
    reads: AtomicUsize,
    bytes: AtomicUsize,
}

impl Store for Counting {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.reads.fetch_add(at.len(), Ordering::Relaxed);
        let read = self.memory.read(at).await?;
        self.bytes.fetch_add(read.iter().flatten().map(|read| read.body.len()).sum(), Ordering::Relaxed);
        Ok(read)
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        self.memory.page(query, start, limit).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        if self.others.load(Ordering::Relaxed) > 0 {
            self.others.fetch_sub(1, Ordering::Relaxed);
            let claimed = partners(Seals::default()).claim_own(&self.memory, &[own()], now()).await;
            claimed.expect("nobody is in between");
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
