//! The store in PostgreSQL. Its tests need a database, which `.ci/postgres` starts, and skip without one.

mod absent;
mod conformance;
mod connecting;
mod crowd;
mod feed;
mod groups;
mod model;
mod revisions;
mod terms;
mod texts;

use std::env;
use std::future::Future;

use ocpi_server_traits::storage::{Address, NewDocument, Store, StoreError, Transaction, WriteOutcome};
use ocpi_store::{Postgres, PostgresSettings};
use ocpi_types::DateTime;
use tokio::runtime::Builder;
use tokio_postgres::{Client, NoTls};

/// A PostgreSQL schema of one test's own.
pub(crate) struct Database {
    url: String,
    name: String,
}

impl Database {
    pub(crate) async fn store(&self) -> Postgres {
        self.open().await.unwrap()
    }

    pub(crate) async fn open(&self) -> Result<Postgres, StoreError> {
        Postgres::open(self.settings()).await
    }

    pub(crate) fn settings(&self) -> PostgresSettings {
        PostgresSettings::new(self.url()).with_schema(&self.name)
    }

    /// The URL, with which connections of this test can be told from those of others.
    pub(crate) fn url(&self) -> String {
        let sign = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{sign}application_name={}", self.url, self.name)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A connection beside the store's.
    pub(crate) async fn beside(&self) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }
}

/// Runs a test in a schema of its own, if there is a database.
pub(crate) fn on_database<F: Future<Output = ()>>(name: &str, test: impl FnOnce(Database) -> F) {
    let Ok(url) = env::var("OCPI_TEST_POSTGRES") else {
        println!("skipped: OCPI_TEST_POSTGRES is not set");
        return;
    };
    on_runtime(Builder::new_multi_thread().worker_threads(2), url, name, test);
}

/// [`on_database`] in a runtime with one thread: writes that are handed over together are one group.
pub(crate) fn on_database_in_turns<F: Future<Output = ()>>(name: &str, test: impl FnOnce(Database) -> F) {
    let Ok(url) = env::var("OCPI_TEST_POSTGRES") else {
        println!("skipped: OCPI_TEST_POSTGRES is not set");
        return;
    };
    on_runtime(&mut Builder::new_current_thread(), url, name, test);
}

fn on_runtime<F: Future<Output = ()>>(
    runtime: &mut Builder,
    url: String,
    name: &str,
    test: impl FnOnce(Database) -> F,
) {
    runtime.enable_all().build().unwrap().block_on(async {
        let database = Database { url, name: format!("test_{name}") };
        let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", database.name);
        database.beside().await.batch_execute(&drop).await.unwrap();
        test(database).await;
    });
}

pub(crate) fn at(key: impl Into<String>) -> Address {
    Address::new("Note", "NL/ALF", key)
}

pub(crate) fn time(seconds: i64) -> DateTime {
    DateTime::from_unix_micros(1_700_000_000_000_000 + seconds * 1_000_000).unwrap()
}

/// A document in the feed.
pub(crate) fn note(body: impl Into<String>) -> NewDocument {
    NewDocument::new(body.into(), "text", time(0)).in_list("NL/ALF").with_part("")
}

/// Writes one document.
pub(crate) async fn put(
    store: &impl Store,
    at: Address,
    document: NewDocument,
) -> Result<WriteOutcome, StoreError> {
    let declared = vec![at.clone()];
    store.write(declared, Box::new(move |tx| tx.put(&at, document.clone()).map(|_| ()))).await
}

/// Deletes one document.
pub(crate) async fn delete(store: &impl Store, at: Address) {
    let declared = vec![at.clone()];
    store.write(declared, Box::new(move |tx| tx.delete(&at, time(0)).map(|_| ()))).await.unwrap();
}

/// Counts a document up.
pub(crate) async fn count_up(store: &impl Store) -> Result<WriteOutcome, StoreError> {
    let at = at("count");
    let declared = vec![at.clone()];
    let edit = move |tx: &mut Transaction<'_>| {
        let count = tx.get(&at)?.map_or(0, |known| number(&known.body)) + 1;
        tx.put(&at, note(count.to_string())).map(|_| ())
    };
    store.write(declared, Box::new(edit)).await
}

pub(crate) fn number(body: &[u8]) -> u64 {
    std::str::from_utf8(body).unwrap().parse().unwrap()
}
