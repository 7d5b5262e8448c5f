//! Quotas: what is kept for a partner is bounded, and counted exactly.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use http::Method;
use ocpi_server_traits::order::{Arrival, OrderFinding, Taken, Update};
use ocpi_server_traits::storage::{
    Address, AnyStore, Changes, Document, Edit, NewDocument, Page, Position, Query, Rejected, Start,
    StoreExt, WriteOutcome,
};
use ocpi_server_traits::{Cause, Memory, Objects, Quota, QuotaUsedUp, Quotas, Store, StoreError, Usage};
use ocpi_testkit::{
    cdr_json, location_json, parse, partner_id, party, session_json, tariff_json, time, token_json,
};
use ocpi_types::Version;
use ocpi_types::endpoint::{Owned, RootResource, SessionKey};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::{Tariff, TariffPatch};
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

use crate::observe::heard::{Log, log};
use crate::site::{Site, builder, everything, partners, request};

fn site(quotas: impl Into<Quotas>) -> (Site, Log) {
    let (log, observer) = log();
    let objects = Objects::new(Memory::new(), vec![party("DE/EMP")]).with_quotas(quotas);
    let objects = Arc::new(objects);
    let router = builder().observe(observer).version(Version::V2_3_0, |routes| everything(&objects, routes));
    (Site { router: router.build(partners()).expect("a router"), objects }, log)
}

fn tariff_at(id: usize) -> String {
    format!("/receiver/tariffs/NL/ALF/T{id}")
}

fn tariff(id: usize) -> String {
    tariff_json("NL/ALF", &format!("T{id}"), "10:00:00")
}

fn usage<S: Store>(objects: &Objects<S>) -> Usage {
    block_on(objects.usage(&partner_id("cpo"))).expect("a store")
}

#[test]
fn objects_beyond_a_quota_are_refused_and_heard_of() {
    let (site, log) = site(Quota::default().with_objects(2));
    site.put(&tariff_at(1), &tariff(1)).expect(201, 1000);
    site.put(&tariff_at(2), &tariff(2)).expect(201, 1000);
    log.take();
    let refused = site.put(&tariff_at(3), &tariff(3)).expect(403, 2000);
    assert_eq!(refused.message.as_deref(), Some("the quota of 2 objects is used up"));
    let heard = log.take();
    let kinds: Vec<_> = heard.iter().map(|heard| heard.kind.as_str()).collect();
    assert_eq!(kinds, ["RequestReceived", "OverQuota", "Failed", "ResponseSent"]);
    assert!(heard[1].debug.contains("\"objects\"") && heard[1].debug.contains("Tariff"), "{:?}", heard[1]);
    assert_eq!(heard[1].partner.as_deref(), Some("cpo"));
    // Also of another kind; what is there may change, and a deletion makes room.
    site.post("/receiver/cdrs", &cdr_json("NL/ALF", "D1", "10:00:00")).expect(403, 2000);
    site.put(&tariff_at(2), &tariff(2).replace("0.45", "0.46")).expect(200, 1000);
    site.ask(request(Method::DELETE, &tariff_at(1), "")).expect(200, 1000);
    site.post("/receiver/cdrs", &cdr_json("NL/ALF", "D1", "10:00:00")).expect(201, 1000);
    let kinds = usage(&site.objects).kinds;
    assert_eq!(kinds, [("CDR".to_owned(), 1), ("Tariff".to_owned(), 1)].into());
}

#[test]
fn bytes_and_lists_have_quotas_of_their_own() {
    let (site, _) = site(Quota::UNLIMITED.with_list(1));
    site.put(&tariff_at(1), &tariff(1)).expect(201, 1000);
    let refused = site.put(&tariff_at(2), &tariff(2)).expect(403, 2000);
    assert_eq!(refused.message.as_deref(), Some("the quota of 1 objects of a kind is used up"));
    site.post("/receiver/cdrs", &cdr_json("NL/ALF", "D1", "10:00:00")).expect(201, 1000);

    let quotas =
        Quotas::new(Quota::UNLIMITED).with_partner(partner_id("cpo"), Quota::UNLIMITED.with_bytes(4096));
    let (site, _) = self::site(quotas);
    site.put("/receiver/locations/NL/ALF/L1", &location_json("NL/ALF", "L1", "10:00:00")).expect(201, 1000);
    let before = usage(&site.objects);
    let long = "x".repeat(255);
    let many = format!(
        r#"{{"directions": [{}], "last_updated": "2026-11-22T10:01:00Z"}}"#,
        vec![format!(r#"{{"language": "en", "text": "{long}"}}"#); 16].join(",")
    );
    let refused = site.patch("/receiver/locations/NL/ALF/L1", &many).expect(403, 2000);
    assert_eq!(refused.message.as_deref(), Some("the quota of 4096 bytes is used up"));
    assert_eq!(usage(&site.objects), before);
    // The quota of another partner is its own.
    assert_eq!(block_on(site.objects.usage(&partner_id("other"))).expect("a store"), Usage::default());
}

#[test]
fn made_up_ids_leave_a_bounded_number_of_doubts() {
    let (site, log) = site(Quota::default().with_doubts(10));
    let session_at = |id: usize| format!("/receiver/sessions/NL/ALF/S{id}");
    let patch = r#"{"kwh": 5, "last_updated": "2026-11-22T10:01:00Z"}"#;
    for id in 0..10 {
        site.patch(&session_at(id), patch).expect(404, 2001);
    }
    assert!(!log.kinds().contains(&"OverQuota".to_owned()));
    for id in 10..50 {
        site.patch(&session_at(id), patch).expect(404, 2001);
        assert_eq!(log.kinds(), ["RequestReceived", "OverQuota", "Failed", "ResponseSent"]);
    }
    let doubts = || block_on(site.objects.doubts()).expect("a store");
    assert_eq!((doubts().len(), usage(&site.objects).doubts), (10, 10));
    // Doubts about objects that are there are kept; those that are settled make room.
    let session = session_json("NL/ALF", "S99", "10:00:00");
    site.put(&session_at(99), &session).expect(201, 1000);
    let older = session.replace("10:00:00", "09:00:00").replace("ACTIVE", "PENDING");
    site.put(&session_at(99), &older).expect(200, 1000);
    assert_eq!((doubts().len(), usage(&site.objects).doubts), (11, 10));
    let at = Owned { owner: party("NL/ALF"), key: SessionKey { session_id: "S3".parse().expect("an id") } };
    let by = Cause::LookUp(partner_id("cpo"));
    let answer = site.objects.answer::<Session>(&at, None, time("23:00:00"), time("23:00:01"), &by);
    block_on(answer).expect("a store");
    assert_eq!(usage(&site.objects).doubts, 9);
    log.take();
    site.patch(&session_at(10), patch).expect(404, 2001);
    assert!(!log.kinds().contains(&"OverQuota".to_owned()));
}

#[test]
fn two_processes_keep_one_quota() {
    let store = AnyStore::new(Memory::new());
    let process = || {
        let objects = Objects::new(store.clone(), vec![]);
        objects.with_quotas(Quota::default().with_objects(7))
    };
    let both = [process(), process()];
    let by = Cause::Push { partner: partner_id("cpo"), request_id: None };
    let puts = (0..40).map(|id| {
        let object: Tariff = parse(&tariff(id));
        let (objects, at, by) = (&both[id % 2], object.identity(), &by);
        async move {
            let update = Update::put(object);
            let arrival = Arrival::of(&update, time("10:00:01"));
            objects.take(&at, update, arrival, by).await
        }
    });
    let (taken, refused): (Vec<_>, Vec<_>) = block_on(join_all(puts)).into_iter().partition(Result::is_ok);
    assert_eq!((taken.len(), refused.len()), (7, 33));
    for refused in refused {
        let error = refused.expect_err("refused");
        let source =
            std::error::Error::source(&error).and_then(|source| source.downcast_ref::<QuotaUsedUp>());
        assert_eq!(source.map(|source| (source.quota, source.most)), Some(("objects", 7)));
    }
    assert_eq!(usage(&both[0]).objects(), 7);
}

/// Whatever is done, the counters are those of the documents.
#[test]
fn counters_agree_with_the_documents() {
    let objects = Objects::new(Memory::new(), vec![]);
    let ids = ["cpo", "hub"].map(partner_id);
    let mut seed = 7_u32;
    let mut next = |most: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % most
    };
    for step in 0..600 {
        let partner = ids[next(2) as usize].clone();
        let by = match next(3) {
            0 => Cause::Sync(partner),
            _ => Cause::Push { partner, request_id: None },
        };
        let came = time("10:00:00").checked_add_seconds(step).expect("a time");
        let stamp = came.to_string();
        let text = tariff(next(6) as usize).replace("2026-11-22T10:00:00Z", &stamp);
        let alt = r#"{"language": "en", "text": "a long text that makes the tariff grow by and by and by"}"#;
        let alts = vec![alt; next(40) as usize + 1].join(",");
        let grown = format!("\"tariff_alt_text\": [{alts}], \"currency\"");
        let object: Tariff = parse(&text.replace("\"currency\"", &grown));
        let at = object.identity();
        let update = match next(8) {
            0 => Update::<Tariff>::delete(),
            1 | 2 => Update::patch(TariffPatch { last_updated: came.into(), ..TariffPatch::default() }),
            3 => {
                block_on(objects.put(&at, object)).expect("stored");
                continue;
            }
            4 => {
                block_on(objects.delete::<Tariff>(&at)).expect("deleted");
                continue;
            }
            5 => {
                block_on(objects.answer_all(vec![object], came, came, &by)).expect("stored");
                continue;
            }
            6 => {
                block_on(objects.put_all([object])).expect("stored");
                continue;
            }
            _ => Update::put(object),
        };
        let arrival = Arrival::of(&update, came);
        block_on(objects.take(&at, update, arrival, &by)).expect("stored");
        for id in &ids {
            let usage = block_on(objects.usage(id)).expect("a store");
            let (count, kib) = counted(&objects, id);
            assert_eq!((usage.objects(), usage.bytes()), (count, kib * 1024), "{id:?} at step {step}");
        }
    }
}

fn counted(objects: &Objects<impl Store>, id: &ocpi_types::protocol::PartnerId) -> (u64, u64) {
    let page = block_on(objects.store().page(&Query::all("Tariff"), Start::First, 1_000)).expect("a store");
    let of =
        |document: &&Document| Cause::from_bytes(&document.cause).is_some_and(|by| by.partner() == Some(id));
    let documents: Vec<_> = page.rows.iter().map(|(_, document)| document).filter(of).collect();
    let kib =
        documents.iter().map(|document| (document.body.len() + document.stamps.len()).div_ceil(1024) as u64);
    (documents.len() as u64, kib.sum())
}

/// A PATCH that does not grow an object asks for no account: the account is no bottleneck of a partner.
#[test]
fn a_change_that_does_not_grow_touches_no_account() {
    let objects = Objects::new(Counting::default(), vec![]);
    let by = Cause::Push { partner: partner_id("cpo"), request_id: None };
    let take = |update: Update<Token>, came: &str| {
        let token: Token = parse(&token_json("NL/ALF", "K1", "10:00:00"));
        let arrival = Arrival::of(&update, time(came));
        block_on(objects.take(&token.identity(), update, arrival, &by)).expect("a store").taken
    };
    assert_eq!(take(Update::put(parse(&token_json("NL/ALF", "K1", "10:00:00"))), "10:00:01"), Taken::Created);
    let before =
        (objects.store().writes.load(Ordering::Relaxed), objects.store().addresses.load(Ordering::Relaxed));
    let patch = r#"{"valid": false, "last_updated": "2026-11-22T10:01:00Z"}"#;
    assert_eq!(take(Update::patch(parse(patch)), "10:01:01"), Taken::Updated);
    let after =
        (objects.store().writes.load(Ordering::Relaxed), objects.store().addresses.load(Ordering::Relaxed));
    assert_eq!((after.0 - before.0, after.1 - before.1), (1, 2), "one write of the object and its doubt");
}

#[test]
fn a_doubt_that_is_not_kept_is_in_the_outcome() {
    let objects = Objects::new(Memory::new(), vec![]).with_quotas(Quota::default().with_doubts(0));
    let location: Location = parse(&location_json("NL/ALF", "L1", "10:00:00"));
    let patch = r#"{"name": "A", "last_updated": "2026-11-22T10:01:00Z"}"#;
    let update = Update::<Location>::patch(parse(patch));
    let arrival = Arrival::of(&update, time("10:01:01"));
    let by = Cause::Push { partner: partner_id("cpo"), request_id: None };
    let outcome = block_on(objects.take(&location.identity(), update, arrival, &by)).expect("a store");
    assert_eq!((outcome.taken, outcome.findings), (Taken::Missing, vec![OrderFinding::DoubtNotKept]));
    assert_eq!(block_on(objects.doubts()).expect("a store"), []);
}

/// Objects of a time without accounts come into them in steps, or when they are written; each once.
#[test]
fn objects_that_were_never_counted_are_counted_once() {
    let store = Arc::new(Counting::default());
    let objects = Objects::new(Arc::clone(&store), vec![]).with_quotas(Quota::default().with_list(10));
    let by = Cause::Sync(partner_id("cpo"));
    let answers: Vec<Tariff> = (0..600).map(|id| parse(&tariff(id))).collect();
    let unlimited = objects.clone().with_quotas(Quota::UNLIMITED);
    block_on(unlimited.answer_all(answers, time("10:00:00"), time("10:00:00"), &by)).expect("stored");
    let real = usage(&objects);
    assert_eq!(real.objects(), 600);
    // As a former release left them.
    let page = block_on(store.page(&Query::all("Tariff"), Start::First, 1_000)).expect("a store");
    let account = Address::new("Account", "", "cpo");
    for (at, document) in page.rows {
        let former = NewDocument::new(document.body, document.format, document.last_updated)
            .in_list(document.list)
            .with_stamps(document.stamps)
            .with_cause("sync\ncpo");
        put_raw(&store, &at, former);
    }
    put_raw(&store, &account, NewDocument::new("7\n3\nTariff 7", "account/1", time("10:00:00")));
    let before = usage(&objects);
    assert_eq!((before.objects(), before.bytes(), before.doubts), (0, 0, 3));

    // Over the quota of ten: what was there may change, and is counted then; it may go, and is not counted then.
    let take = |update: Update<Tariff>, id: usize| {
        let at = parse::<Tariff>(&tariff(id)).identity();
        let arrival = Arrival::of(&update, time("12:00:00"));
        block_on(objects.take(&at, update, arrival, &by)).map(|outcome| outcome.taken)
    };
    let changed =
        |id: usize| Update::put(parse(&tariff(id).replace("10:00:00", "11:00:00").replace("0.45", "0.46")));
    for id in 0..20 {
        assert_eq!(take(changed(id), id).expect("no growth"), Taken::Updated, "{id}");
    }
    assert_eq!(take(Update::delete(), 599).expect("no growth"), Taken::Updated);
    assert_eq!(usage(&objects).objects(), 20);
    take(Update::put(parse(&tariff(1_000))), 1_000).expect_err("growth");

    let (mut steps, feed) = (0, block_on(store.changes(Position::START, 2_000)).expect("a store").rows.len());
    let writes = |store: &Counting| store.writes.load(Ordering::Relaxed);
    loop {
        let before = writes(&store);
        let is_more = block_on(objects.count_former()).expect("a store");
        // One that shows which accounts are needed, and one with them.
        assert!(writes(&store) - before <= 2);
        steps += 1;
        if !is_more {
            break;
        }
    }
    assert!((3..=5).contains(&steps), "{steps}");
    let after = usage(&objects);
    let (count, kib) = counted(&objects, &partner_id("cpo"));
    assert_eq!((after.objects(), after.bytes(), after.doubts), (count, kib * 1024, 3));
    assert_eq!(count, 599);
    // Nobody hears of it, it is done once, and another process knows.
    let changes = block_on(store.changes(Position::START, 2_000)).expect("a store").rows.len();
    assert_eq!(changes, feed);
    let before = writes(&store);
    let other = Objects::new(Arc::clone(&store), vec![]);
    for objects in [&objects, &other] {
        assert!(!block_on(objects.count_former()).expect("a store"));
    }
    assert_eq!(writes(&store), before);
    take(Update::delete(), 300).expect("deleted");
    assert_eq!(usage(&objects).objects(), 598);
}

/// Objects that are too large for one write together are counted one after the other.
#[test]
fn large_objects_do_not_stop_the_count() {
    let store = Arc::new(Counting::default());
    let objects = Objects::new(Arc::clone(&store), vec![]);
    for (id, mib) in [7, 12, 1, 1].into_iter().enumerate() {
        let at = Address::new("Tariff", "NL/ALF", format!("T{id}"));
        let large = NewDocument::new("x".repeat(mib << 20), "2.3.0", time("10:00:00"));
        put_raw(&store, &at, large.in_list("NL/ALF").with_part("").with_cause("sync\ncpo"));
    }
    let mut steps = 1;
    while block_on(objects.count_former()).expect("a store") {
        steps += 1;
    }
    assert!(steps > 2, "{steps}");
    let usage = usage(&objects);
    assert_eq!((usage.objects(), usage.bytes()), (4, 21 << 20));
}

fn put_raw(store: &Arc<Counting>, at: &Address, document: NewDocument) {
    let place = at.clone();
    let written = store.update(vec![at.clone()], move |transaction| {
        transaction.put(&place, document.clone())?;
        Ok::<_, Rejected<()>>(())
    });
    block_on(written).expect("stored");
}

/// Counts writes, and the addresses that they declare.
#[derive(Default)]
struct Counting {
    memory: Memory,
    writes: AtomicUsize,
    addresses: AtomicUsize,
}

impl Store for Counting {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.memory.read(at).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        self.memory.page(query, start, limit).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.addresses.fetch_add(at.len(), Ordering::Relaxed);
        self.memory.write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.memory.changes(after, limit).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.memory.moved(after, timeout).await;
    }
}
