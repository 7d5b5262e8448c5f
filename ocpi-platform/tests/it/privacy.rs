//! Drivers' data: exported, erased and kept for a time. Canaries stand where the ids of a driver do.

mod erasing;
mod failing;
mod ids;
mod often;
mod places;
mod refusals;
mod tokens;
mod waiting;
mod words;

use std::sync::Arc;

use ocpi_platform::{Driver, Platform, Settings, Spawn};
use ocpi_server_traits::storage::{Address, NewDocument, Position, Rejected, StoreExt};
use ocpi_server_traits::{AnyStore, Store};
use ocpi_testkit::{
    Network, SimulatedTime, cdr_json, counted_random, location_json, parse_list, roles_json, session_json,
    token_json,
};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use pollster::block_on;

/// The `uid` of the driver's token.
const UID: &str = "Canary7F3A91";
/// The contract of the driver's token.
const CONTRACT: &str = "DE-EMP-CANARY7F3A";

type OnStore = Platform<AnyStore, Network>;

struct World {
    time: SimulatedTime,
    store: AnyStore,
    platform: Arc<OnStore>,
}

impl World {
    /// A platform of these roles on a store.
    fn on(store: AnyStore, time: SimulatedTime, roles: &[(&str, &str, &str)]) -> Self {
        let roles: Vec<CredentialsRole> = parse_list(&roles_json(roles));
        let base = "https://we.example/ocpi".parse().expect("a URL");
        let settings = Settings {
            clock: time.clock(),
            timer: time.timer(),
            secrets: counted_random("privacy"),
            // Reactors run where a test says so.
            spawn: Spawn::new(drop),
            ..Settings::new(base, roles[0].clone())
        };
        let opened = Platform::open(settings, store.clone(), Network::default());
        Self { time, store, platform: Arc::new(block_on(opened).expect("a platform")) }
    }

    fn in_memory(roles: &[(&str, &str, &str)]) -> Self {
        let time = SimulatedTime::default();
        let store = AnyStore::new(ocpi_server_traits::Memory::with_clock(time.clock()));
        Self::on(store, time, roles)
    }

    fn put(&self, at: &Address, document: NewDocument) {
        let (at, declared) = (at.clone(), vec![at.clone()]);
        let put = self.store.update(declared, move |tx| {
            tx.put(&at, document.clone())?;
            Ok::<_, Rejected<()>>(())
        });
        block_on(put).expect("a store");
    }

    /// Puts a document whose body is JSON, with a part.
    fn object(&self, collection: &'static str, owner: &str, key: &str, body: &str) -> Address {
        let at = Address::new(collection, owner, key);
        let time = "2026-11-22T10:00:00Z".parse().expect("a time");
        let format = if collection == "Token" { "2.2.1" } else { "2.3.0" };
        let document = NewDocument::new(body.to_owned(), format, time).in_list(owner).with_part("");
        self.put(&at, document);
        at
    }

    /// Puts a document of the platform.
    fn silent(&self, collection: &'static str, owner: &str, key: &str, body: &str) -> Address {
        let at = Address::new(collection, owner, key);
        let time = "2026-11-22T10:00:00Z".parse().expect("a time");
        self.put(&at, NewDocument::new(body.to_owned(), "", time).in_list("x"));
        at
    }

    fn body(&self, at: &Address) -> Option<String> {
        let document = block_on(self.store.get(at)).expect("a store")?;
        Some(String::from_utf8(document.body.to_vec()).expect("a text"))
    }

    /// Whether nothing is left of an address, not even a tombstone.
    fn is_gone(&self, at: &Address) -> bool {
        let (address, declared) = (at.clone(), vec![at.clone()]);
        let look = self.store.update(declared, move |tx| {
            Ok::<_, Rejected<()>>(tx.get(&address)?.is_none() && tx.tombstone(&address)?.is_none())
        });
        block_on(look).expect("a store")
    }

    fn head(&self) -> Position {
        let mut after = Position::START;
        loop {
            let changes = block_on(self.store.changes(after, 1_000)).expect("a store");
            if changes.rows.is_empty() {
                return changes.upto;
            }
            after = changes.upto;
        }
    }
}

fn driver() -> Driver {
    Driver::token(UID)
}

/// An object with the ids of the driver in place of those of a sample.
fn mine(json: &str) -> String {
    json.replace("04A2", UID)
        .replace("\"C1\", \"issuer", "\"X\", \"issuer")
        .replace(r#""contract_id": "C1""#, &format!(r#""contract_id": "{CONTRACT}""#))
}

fn my_token(of: &str) -> String {
    token_json(of, UID, "10:00:00")
        .replace(r#""contract_id": "C1""#, &format!(r#""contract_id": "{CONTRACT}""#))
}

fn my_cdr(id: &str) -> String {
    let extra = format!(
        r#""remark": "of card {}", "signed_data": {{"encoding_method": "OCMF", "signed_values": [{{"nature":
        "Start", "plain_data": "{UID}", "signed_data": "eA=="}}]}}, "total_cost""#,
        UID.to_lowercase()
    );
    mine(&cdr_json("NL/ALF", id, "10:00:00")).replace("\"total_cost\"", &extra)
}

fn my_session(id: &str) -> String {
    mine(&session_json("NL/ALF", id, "10:00:00"))
}

/// A Location that the driver and another one may see.
fn my_location(id: &str) -> String {
    let allowed = format!(
        r#""publish": false, "publish_allowed_to": [{{"uid": "{UID}", "type": "RFID"}}, {{"uid": "OTHER", "type": "RFID"}}]"#
    );
    location_json("NL/ALF", id, "10:00:00").replace("\"publish\": true", &allowed)
}

fn my_booking(id: &str) -> String {
    format!(
        r#"{{"id": "{id}", "country_code": "NL", "party_id": "ALF", "request_id": "R1", "location_id": "L1",
        "booking_tokens": [{{"country_code": "DE", "party_id": "EMP", "uid": "{UID}", "type": "RFID",
        "contract_id": "{CONTRACT}"}}], "authorization_reference": "AUTH1",
        "last_updated": "2026-11-22T10:00:00Z"}}"#
    )
}
