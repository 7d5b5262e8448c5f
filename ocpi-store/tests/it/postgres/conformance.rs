//! The behaviour that every store has, in PostgreSQL.

use std::sync::atomic::{AtomicU64, Ordering};

use ocpi_server_traits::conformance::store::{Fixture, Work, all};
use ocpi_store::{Postgres, PostgresSettings};
use ocpi_types::DateTime;

use super::{Database, on_database};

#[test]
fn a_store_in_a_database_conforms() {
    on_database("conformance", |database| conforms(database, false));
}

#[test]
fn a_store_that_prepares_its_statements_conforms() {
    on_database("conformance_prepared", |database| conforms(database, true));
}

async fn conforms(database: Database, prepares: bool) {
    let schemas = Schemas { database, prepares, count: AtomicU64::new(0) };
    let report = all(&schemas).await;
    println!("{report}");
    schemas.drop_all().await;
    assert!(report.passed(), "{report}");
}

/// Makes stores in schemas of their own; the newest one is that of all stores that are open.
struct Schemas {
    database: Database,
    prepares: bool,
    count: AtomicU64,
}

impl Schemas {
    fn name(&self, number: u64) -> String {
        format!("{}_{number}", self.database.name())
    }

    async fn open(&self) -> Postgres {
        let name = self.name(self.count.load(Ordering::SeqCst));
        // Many stores are open at the same time, and a server has only so many connections.
        let settings = PostgresSettings::new(self.database.url()).with_schema(name).with_readers(2);
        let settings = if self.prepares { settings.with_prepared_statements() } else { settings };
        Postgres::open(settings).await.unwrap()
    }

    async fn drop_one(&self, number: u64) {
        let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name(number));
        self.database.beside().await.batch_execute(&drop).await.unwrap();
    }

    async fn drop_all(&self) {
        for number in 1..=self.count.load(Ordering::SeqCst) {
            self.drop_one(number).await;
        }
    }
}

impl Fixture for Schemas {
    type Store = Postgres;

    async fn fresh(&self) -> Postgres {
        let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        // Of an earlier run.
        self.drop_one(number).await;
        self.open().await
    }

    async fn second(&self, _: &Postgres) -> Option<Postgres> {
        Some(self.open().await)
    }

    async fn reopened(&self, store: Postgres) -> Option<Postgres> {
        drop(store);
        Some(self.open().await)
    }

    async fn purge(&self, store: &Postgres, before: DateTime) -> bool {
        store.purge(before).await.unwrap();
        true
    }

    fn spawn(&self, work: Work) {
        tokio::spawn(work);
    }
}
