//! Revisions where nothing is left of a document, and the clock of the server is behind the one of before.

use ocpi_server_traits::storage::{Address, NewDocument, Rejected, StoreExt};
use ocpi_store::Postgres;

use super::{Database, at, delete, note, on_database, put, time};

/// A revision of a clock that is far ahead.
const AHEAD: u64 = 9_000_000_000_000_000;

async fn revision(store: &Postgres, at: &Address) -> u64 {
    store.get(at).await.unwrap().unwrap().revision
}

async fn set_ahead(database: &Database) {
    let set = format!("UPDATE {}.documents SET revision = {AHEAD}", database.name());
    database.beside().await.batch_execute(&set).await.unwrap();
}

async fn erase(store: &Postgres, at: &Address) {
    let here = at.clone();
    let erased = store.update(vec![at.clone()], move |tx| Ok::<_, Rejected<()>>(tx.erase(&here)?)).await;
    assert!(erased.unwrap());
}

#[test]
fn they_go_on_where_nothing_is_left() {
    for way in ["gone", "erased", "purged"] {
        on_database(&format!("revisions_{way}"), |database| async move {
            let store = database.store().await;
            let silent = NewDocument::new("silent", "text", time(0));
            let new = if way == "gone" { silent } else { note("told") };
            put(&store, at("a"), new.clone()).await.unwrap();
            set_ahead(&database).await;
            match way {
                "erased" => erase(&store, &at("a")).await,
                _ => delete(&store, at("a")).await,
            }
            if way == "purged" {
                assert_eq!(store.purge(time(1)).await.unwrap(), 1);
            }
            put(&store, at("a"), new.clone()).await.unwrap();
            // The deletion had one, too.
            assert!(revision(&store, &at("a")).await > AHEAD + 1, "{way}");
            // Another node knows it as well.
            delete(&store, at("a")).await;
            let other = database.store().await;
            put(&other, at("b"), new).await.unwrap();
            assert!(revision(&other, &at("b")).await > AHEAD + 1, "{way}");
        });
    }
}

#[test]
fn tables_of_the_version_before_are_brought_forward() {
    on_database("revisions_step", |database| async move {
        put(&database.store().await, at("a"), note("a")).await.unwrap();
        let before =
            "DROP SEQUENCE §.revisions; UPDATE §.version SET minor = 0".replace('§', database.name());
        database.beside().await.batch_execute(&before).await.unwrap();
        let store = database.store().await;
        assert_eq!(store.get(&at("a")).await.unwrap().unwrap().body, "a");
        erase(&store, &at("a")).await;
        put(&store, at("a"), note("b")).await.unwrap();
        let version = format!("SELECT minor FROM {}.version", database.name());
        let minor: i32 = database.beside().await.query_one(&version, &[]).await.unwrap().get(0);
        assert_eq!(minor, 1);
    });
}
