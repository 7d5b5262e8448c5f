//! Typed queries, on the store in memory and on SQLite.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, NewDocument, Page, Position, Query, Start, StoreExt, WriteOutcome,
};
use ocpi_server_traits::{AnyStore, BoundingBox, Found, Memory, Objects, QueryError, Store, StoreError};
use ocpi_types::endpoint::{LocationKey, Owned, RootResource};
use ocpi_types::json;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::sessions::{Session, SessionStatus};
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

use crate::support::Place;

/// Counts the rows that it reads, and the most of one page.
struct Counted<S> {
    store: S,
    rows: AtomicU64,
    most: AtomicU64,
}

impl<S> Counted<S> {
    fn new(store: S) -> Self {
        Self { store, rows: AtomicU64::new(0), most: AtomicU64::new(0) }
    }

    fn take(&self) -> (u64, u64) {
        (self.rows.swap(0, Ordering::SeqCst), self.most.swap(0, Ordering::SeqCst))
    }
}

impl<S: Store> Store for Counted<S> {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.store.read(at).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        let page = self.store.page(query, start, limit).await?;
        let rows = page.rows.len() as u64;
        self.rows.fetch_add(rows, Ordering::SeqCst);
        self.most.fetch_max(rows, Ordering::SeqCst);
        Ok(page)
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        self.store.write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.store.changes(after, limit).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.store.moved(after, timeout).await;
    }
}

fn party(text: &str) -> Party {
    let (country, id) = text.split_once('/').unwrap();
    Party::new(country, id).unwrap()
}

fn owner(of: &str) -> String {
    let (country, id) = of.split_once('/').unwrap();
    format!(r#""country_code": "{country}", "party_id": "{id}""#)
}

fn time(hour: u32) -> ocpi_types::DateTime {
    format!("2026-11-22T{hour:02}:00:00Z").parse().unwrap()
}

fn location(of: &str, id: &str, place: (&str, &str), status: &str, hour: u32) -> Location {
    let (owner, updated, (latitude, longitude)) = (owner(of), time(hour), place);
    let text = format!(
        r#"{{{owner}, "id": "{id}", "publish": true, "address": "Quay 1", "city": "Utrecht", "country": "NLD",
        "coordinates": {{"latitude": "{latitude}", "longitude": "{longitude}"}}, "time_zone": "Europe/Amsterdam",
        "evses": [{{"uid": "E1", "evse_id": "NL*ALF*{id}", "status": "{status}", "connectors": [{{"id": "1",
        "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE", "max_voltage": 230,
        "max_amperage": 32, "last_updated": "{updated}"}}], "last_updated": "{updated}"}}],
        "last_updated": "{updated}"}}"#
    );
    json::from_str(&text).unwrap()
}

fn session(of: &str, id: &str, emsp: &str, status: &str) -> Session {
    let (owner, emsp, updated) = (owner(of), owner(emsp), time(10));
    let text = format!(
        r#"{{{owner}, "id": "{id}", "start_date_time": "2026-11-22T08:00:00Z", "kwh": 1.5, "cdr_token": {{{emsp},
        "uid": "04A2", "type": "RFID", "contract_id": "C1"}}, "auth_method": "WHITELIST", "location_id": "L1",
        "evse_uid": "E1", "connector_id": "1", "currency": "EUR", "status": "{status}",
        "last_updated": "{updated}"}}"#
    );
    json::from_str(&text).unwrap()
}

fn token(of: &str, uid: &str, contract: &str) -> Token {
    let (owner, updated) = (owner(of), time(10));
    let text = format!(
        r#"{{{owner}, "uid": "{uid}", "type": "RFID", "contract_id": "{contract}", "issuer": "EM", "valid": true,
        "whitelist": "ALLOWED", "last_updated": "{updated}"}}"#
    );
    json::from_str(&text).unwrap()
}

async fn ids<S: Store, T: RootResource>(mut found: Found<'_, S, T>, id: fn(&T) -> &str) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(object) = found.next().await {
        ids.push(id(&object.unwrap()).to_owned());
    }
    ids
}

fn id_of(location: &Location) -> &str {
    location.id.as_str()
}

fn session_id(session: &Session) -> &str {
    session.id.as_str()
}

/// Runs a test on each store.
fn on_each(test: impl AsyncFn(&dyn Fn(&str) -> String, Kind)) {
    for kind in [Kind::Memory, Kind::Sqlite] {
        block_on(test(&|what| format!("{what} on {kind:?}"), kind));
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Memory,
    Sqlite,
}

impl Kind {
    fn open(self, place: &Place) -> Objects<Counted<AnyStore>> {
        let store = match self {
            Self::Memory => AnyStore::new(Memory::new()),
            Self::Sqlite => AnyStore::new(place.open()),
        };
        Objects::new(Counted::new(store), vec![party("NL/ALF")])
    }
}

const UTRECHT: (&str, &str) = ("52.089450", "5.110270");
const AMSTERDAM: (&str, &str) = ("52.370000", "4.890000");

#[test]
fn each_criterion_finds_what_meets_it() {
    on_each(async |what, kind| {
        let place = Place::new();
        let objects = kind.open(&place);
        let stock = [
            location("NL/ALF", "A", AMSTERDAM, "AVAILABLE", 8),
            location("NL/ALF", "B", UTRECHT, "CHARGING", 9),
            location("NL/BET", "C", AMSTERDAM, "CHARGING", 10),
            location("NL/BET", "D", UTRECHT, "AVAILABLE", 11),
        ];
        objects.put_all(stock).await.unwrap();
        let amsterdam = BoundingBox::new(
            "52.3".parse().unwrap(),
            "4.7".parse().unwrap(),
            "52.4".parse().unwrap(),
            "5".parse().unwrap(),
        );
        let query = || objects.query::<Location>().page_size(1);
        for (name, query, expected) in [
            ("all", query(), "A B C D"),
            ("owner", query().owner(&party("nl/bet")), "C D"),
            ("nobody", query().owner(&party("DE/XXX")), ""),
            ("from", query().updated_from(time(9)), "B C D"),
            ("window", query().updated_from(time(9)).updated_before(time(11)), "B C"),
            ("window of an owner", query().owner(&party("NL/ALF")).updated_from(time(9)), "B"),
            ("term", query().term("evse_id", "nl*alf*b"), "B"),
            ("term of an owner", query().term("evse_id", "NL*ALF*B").owner(&party("NL/BET")), ""),
            ("two terms", query().term("evse_id", "NL*ALF*B").term("evse_id", "NL*ALF*C"), ""),
            ("status", query().status(Status::Charging), "B C"),
            ("place", query().inside(amsterdam), "A C"),
            ("place and status", query().inside(amsterdam).status(Status::Charging), "C"),
            ("filter", query().filter(|location| location.id.as_str() > "B"), "C D"),
            ("all of it", query().owner(&party("NL/BET")).inside(amsterdam).updated_from(time(10)), "C"),
        ] {
            assert_eq!(ids(query.stream(), id_of).await.join(" "), expected, "{}", what(name));
        }
        objects.put_all([token("DE/EMP", "U1", "C1"), token("DE/EMP", "U2", "C2")]).await.unwrap();
        let mut of_contract = objects.query::<Token>().term("contract_id", "c2").stream();
        assert_eq!(of_contract.next().await.unwrap().unwrap().uid.as_str(), "U2");
        assert!(of_contract.next().await.is_none());
    });
}

/// Sessions stand in a list for each eMSP. Owners whose names begin alike, or with characters that sort oddly, do not mix.
#[test]
fn sessions_of_an_owner_are_found_whoever_they_are_for() {
    on_each(async |what, kind| {
        let place = Place::new();
        let objects = kind.open(&place);
        let odd: Vec<_> = ["NL/ALE", "NL/ALF", "NL/ALG", "NL/A1F"]
            .into_iter()
            .flat_map(|of| {
                [("1", "DE/EMP"), ("2", "AT/EMQ"), ("3", "DE/EMP")]
                    .map(|(id, emsp)| session(of, &format!("{of}-{id}"), emsp, "ACTIVE"))
            })
            .collect();
        objects.put_all(odd).await.unwrap();
        objects.store().take();
        let query = || objects.query::<Session>().page_size(2);
        let of_owner = ids(query().owner(&party("NL/ALF")).stream(), session_id).await;
        assert_eq!(of_owner, ["NL/ALF-2", "NL/ALF-1", "NL/ALF-3"], "{}", what("by owner"));
        assert!(objects.store().take().0 <= 5, "{}", what("only the lists of the owner are read"));

        let visible = query().owner(&party("NL/ALF")).visible_to(&party("DE/EMP")).stream();
        assert_eq!(ids(visible, session_id).await, ["NL/ALF-1", "NL/ALF-3"], "{}", what("by eMSP"));
        assert_eq!(objects.store().take().0, 2, "{}", what("by index"));
        let visible = query().visible_to(&party("AT/EMQ")).updated_from(time(9)).stream();
        assert_eq!(ids(visible, session_id).await.len(), 4, "{}", what("of all owners"));
        let window = query().owner(&party("NL/A1F")).updated_from(time(9)).stream();
        assert_eq!(ids(window, session_id).await.len(), 3, "{}", what("in a window"));
        let ended = query().status(SessionStatus::Completed).stream();
        assert_eq!(ids(ended, session_id).await.len(), 0, "{}", what("by status"));
    });
}

/// Costs are counted, not timed.
#[test]
fn a_query_reads_what_its_index_finds_and_holds_one_page() {
    on_each(async |what, kind| {
        let place = Place::new();
        let objects = kind.open(&place);
        let many = (0..2_000).map(|number| {
            let of = if number % 100 == 0 { "NL/BET" } else { "NL/ALF" };
            location(of, &format!("L{number}"), UTRECHT, "AVAILABLE", if number < 40 { 9 } else { 10 })
        });
        objects.put_all(many).await.unwrap();
        objects.store().take();
        let query = || objects.query::<Location>().page_size(50);
        for (name, query, found, read) in [
            ("all", query(), 2_000, 2_000),
            ("owner", query().owner(&party("NL/BET")), 20, 20),
            ("window", query().updated_before(time(10)), 40, 40),
            ("term", query().term("evse_id", "NL*ALF*L77"), 1, 1),
            ("term and owner", query().term("evse_id", "NL*ALF*L77").owner(&party("NL/ALF")), 1, 1),
            ("filter", query().status(Status::Charging), 0, 2_000),
            ("filter of an owner", query().owner(&party("NL/BET")).status(Status::Charging), 0, 20),
        ] {
            assert_eq!(ids(query.stream(), id_of).await.len(), found, "{}", what(name));
            let (rows, most) = objects.store().take();
            assert_eq!(rows, read, "{}: rows", what(name));
            assert!(most <= 50, "{}: one page", what(name));
        }
        // The first object costs one page.
        query().stream().next().await.unwrap().unwrap();
        assert_eq!(objects.store().take(), (50, 50), "{}", what("the first"));
    });
}

#[test]
fn what_is_there_all_the_time_is_found_whatever_changes() {
    on_each(async |what, kind| {
        let place = Place::new();
        let objects = kind.open(&place);
        let of = |number: u32, hour| location("NL/ALF", &format!("L{number:03}"), UTRECHT, "AVAILABLE", hour);
        objects.put_all((0..60).map(|number| of(number, 8))).await.unwrap();
        let mut found = objects.query::<Location>().page_size(7).stream();
        let mut ids = Vec::new();
        while let Some(location) = found.next().await {
            let number = ids.len() as u32;
            ids.push(location.unwrap().id.as_str().to_owned());
            // Behind and before the cursor: one goes, one comes, one changes.
            if number < 20 {
                let key = LocationKey { location_id: format!("L{:03}", 3 * number).parse().unwrap() };
                let at = Owned { owner: party("NL/ALF"), key };
                objects.delete::<Location>(&at).await.unwrap();
                objects.put_all([of(100 + number, 9), of(3 * number + 1, 12)]).await.unwrap();
            }
        }
        let stayed = (0..60).filter(|number| number % 3 != 0).map(|number| format!("L{number:03}"));
        assert!(stayed.into_iter().all(|id| ids.contains(&id)), "{}: {ids:?}", what("all that stayed"));
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{}", what("each once"));
    });
}

#[test]
fn a_broken_document_hides_no_other() {
    on_each(async |what, kind| {
        let place = Place::new();
        let objects = kind.open(&place);
        objects.put_all([location("NL/ALF", "A", UTRECHT, "AVAILABLE", 8)]).await.unwrap();
        let at = Address::new("Location", "NL/ALF", "broken");
        let broken = NewDocument::new("{", "2.3.0", time(9)).in_list("NL/ALF");
        objects
            .store()
            .update(vec![at.clone()], move |tx| {
                tx.put(&at, broken.clone())?;
                Ok::<_, ocpi_server_traits::storage::Rejected<()>>(())
            })
            .await
            .unwrap();
        objects.put_all([location("NL/ALF", "C", UTRECHT, "AVAILABLE", 10)]).await.unwrap();
        let mut found = objects.query::<Location>().stream();
        let (mut whole, mut broken) = (0, 0);
        while let Some(object) = found.next().await {
            match object {
                Ok(_) => whole += 1,
                Err(QueryError::Broken(at)) => broken += usize::from(at.at.key() == "broken"),
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!((whole, broken), (2, 1), "{}", what("all"));
    });
}
