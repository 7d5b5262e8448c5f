//! Connections, and tables of other versions.

use std::error::Error;
use std::time::Duration;

use futures_util::future::join_all;
use ocpi_server_traits::storage::{LeaseError, Store, StoreErrorKind, StoreExt, WriteOutcome, release, take};
use ocpi_store::{Postgres, PostgresSettings};
use tokio_postgres::types::Type;

use super::{at, count_up, number, on_database};

/// An error with all its causes, in words and as code sees them.
fn whole(error: &dyn Error) -> String {
    let cause = error.source().map(whole).unwrap_or_default();
    format!("{error}\n{error:?}\n{cause}")
}

#[test]
fn it_works_on_after_its_connections_were_ended() {
    on_database("reconnect", |database| async move {
        let store = database.store().await;
        let beside = database.beside().await;
        let end_all =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1";
        let (mut kept, mut lost) = (0, 0);
        for round in 0..30 {
            let writes = join_all((0..8).map(|_| count_up(&store)));
            let end = async {
                if round % 3 == 0 {
                    let ended: i64 = beside
                        .query_typed_one(end_all, &[(&database.name(), Type::TEXT)])
                        .await
                        .unwrap()
                        .get(0);
                    assert!(ended > 0 || round > 0);
                }
            };
            for write in futures_util::future::join(writes, end).await.0 {
                match write {
                    Ok(outcome) => {
                        assert!(matches!(outcome, WriteOutcome::Committed(_)));
                        kept += 1;
                    }
                    Err(error) => {
                        assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error:?}");
                        lost += 1;
                    }
                }
            }
        }
        count_up(&store).await.unwrap();
        let counted = number(&store.get(&at("count")).await.unwrap().unwrap().body);
        assert!(
            (kept + 1..=kept + 1 + lost).contains(&counted),
            "{kept} kept, {lost} lost, {counted} counted"
        );
    });
}

/// A standby refuses writes, and answers everything else: it must not stay in use.
#[test]
fn a_connection_that_takes_no_writes_is_not_used_again() {
    on_database("standby", |database| async move {
        let store = database.store().await;
        let beside = database.beside().await;
        let sessions = async || -> Vec<i32> {
            let sql = "SELECT pid FROM pg_stat_activity WHERE application_name = $1";
            let rows = beside.query_typed(sql, &[(&database.name(), Type::TEXT)]).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        };
        for state in ["0A000", "25006"] {
            count_up(&store).await.unwrap();
            let before = sessions().await;
            let refuse = format!(
                "CREATE OR REPLACE FUNCTION §.refuse() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN RAISE EXCEPTION 'cannot' USING ERRCODE = '{state}'; END $$;
                 CREATE TRIGGER refuse BEFORE UPDATE ON §.documents EXECUTE FUNCTION §.refuse()"
            );
            beside.batch_execute(&refuse.replace('§', database.name())).await.unwrap();
            let error = count_up(&store).await.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{state}");
            assert!(error.to_string().contains("standby"), "{error}");
            // It ends when the server comes to it.
            let mut is_ended = false;
            for _ in 0..10_000 {
                let now = sessions().await;
                is_ended = before.iter().any(|pid| !now.contains(pid));
                if is_ended {
                    break;
                }
            }
            assert!(is_ended, "{state}");
            let drop = format!("DROP TRIGGER refuse ON {}.documents", database.name());
            beside.batch_execute(&drop).await.unwrap();
        }
        count_up(&store).await.unwrap();
    });
}

#[test]
fn nodes_that_start_together_create_the_tables_once() {
    on_database("start", |database| async move {
        let stores = join_all((0..8).map(|_| database.open())).await;
        for store in stores {
            count_up(&store.unwrap()).await.unwrap();
        }
    });
}

#[test]
fn tables_of_a_newer_version_are_refused() {
    on_database("version", |database| async move {
        let store = database.store().await;
        let beside = database.beside().await;
        let set = |what: &str| format!("UPDATE {}.version SET {what}", database.name());
        beside.batch_execute(&set("minor = minor + 1")).await.unwrap();
        count_up(&database.store().await).await.unwrap();
        count_up(&store).await.unwrap();
        beside.batch_execute(&set("major = major + 1")).await.unwrap();
        let error = database.open().await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Corrupt);
        assert!(error.to_string().contains("newer version"));
    });
}

#[test]
fn a_lease_has_one_holder() {
    on_database("lease", |database| async move {
        let stores = [database.store().await, database.store().await];
        let term = Duration::from_secs(60);
        let first = take(&stores[0], "push", "node 1", term).await.unwrap();
        assert!(matches!(take(&stores[1], "push", "node 2", term).await, Err(LeaseError::Held { .. })));
        release(&stores[0], &first).await.unwrap();
        assert_eq!(take(&stores[1], "push", "node 2", term).await.unwrap().fence, first.fence + 1);
    });
}

#[test]
fn a_damaged_row_is_an_error_and_no_panic() {
    on_database("damaged", |database| async move {
        let store = database.store().await;
        count_up(&store).await.unwrap();
        let beside = database.beside().await;
        for damage in ["terms = 'secret'", "revision = -1", "updated = 9223372036854775807"] {
            let damage = format!("UPDATE {}.documents SET {damage}", database.name());
            beside.batch_execute(&damage).await.unwrap();
            for error in [store.get(&at("count")).await.unwrap_err(), count_up(&store).await.unwrap_err()] {
                assert_eq!(error.kind(), StoreErrorKind::Corrupt);
                assert!(!whole(&error).contains("secret"));
            }
        }
        beside.batch_execute(&format!("DROP SCHEMA {} CASCADE", database.name())).await.unwrap();
        assert_eq!(store.read(&[at("count")]).await.unwrap_err().kind(), StoreErrorKind::Corrupt);
        assert_eq!(count_up(&store).await.unwrap_err().kind(), StoreErrorKind::Corrupt);
    });
}

#[test]
fn errors_of_connecting_name_their_cause_and_no_password() {
    on_database("errors", |database| async move {
        let settings = |url: &str| PostgresSettings::new(url);
        let closed = Postgres::open(settings("postgres://u:secret@127.0.0.1:1/db")).await.unwrap_err();
        assert_eq!(closed.kind(), StoreErrorKind::Unavailable);
        let unknown = database.url().replace("/postgres?", "/secret_database?");
        let unknown = Postgres::open(settings(&unknown)).await.unwrap_err();
        // A pooler does not say why.
        let is_told =
            unknown.kind() == StoreErrorKind::Other && unknown.to_string().contains("no such database");
        assert!(is_told || unknown.kind() == StoreErrorKind::Unavailable, "{unknown}");
        for error in [closed, unknown] {
            assert!(!whole(&error).contains("secret@"));
            assert!(error.source().is_some());
        }
        let schema = Postgres::open(database.settings().with_schema("a b")).await.unwrap_err();
        assert_eq!(schema.kind(), StoreErrorKind::Other);
    });
}

#[cfg(not(feature = "postgres-tls"))]
#[test]
fn the_missing_feature_is_named() {
    on_database("no_tls", |database| async move {
        let url = format!("{}&sslmode=require", database.url());
        let error = Postgres::connect(&url).await.unwrap_err();
        assert!(error.to_string().contains("`postgres-tls`"), "{error}");
    });
}

#[cfg(feature = "postgres-tls")]
#[test]
fn tls_checks_the_certificate() {
    on_database("tls", |database| async move {
        let Ok(roots) = std::env::var("OCPI_TEST_POSTGRES_ROOTS") else {
            println!("skipped: OCPI_TEST_POSTGRES_ROOTS is not set");
            return;
        };
        let open = |url: String| Postgres::open(PostgresSettings::new(url).with_schema(database.name()));
        let strange = open(format!("{}&sslmode=require", database.url())).await.unwrap_err();
        assert_eq!(strange.kind(), StoreErrorKind::Unavailable, "{strange:?}");
        assert!(open(format!("{}&sslmode=require&sslrootcert=/nowhere", database.url())).await.is_err());
        let store =
            open(format!("{}&sslmode=verify-full&sslrootcert={roots}", database.url())).await.unwrap();
        count_up(&store).await.unwrap();
        let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = $1";
        let count: i64 =
            database.beside().await.query_one(encrypted, &[&database.name()]).await.unwrap().get(0);
        assert!(count > 0);
    });
}
