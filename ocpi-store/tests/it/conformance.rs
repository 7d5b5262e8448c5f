//! The behaviour that every store has.

use std::sync::{Mutex, PoisonError};

use ocpi_server_traits::conformance::store::{Fixture, all};
use ocpi_store::Sqlite;
use ocpi_types::DateTime;
use pollster::block_on;

use super::support::Place;

#[test]
fn a_store_in_a_file_conforms() {
    let report = block_on(all(&Files::default()));
    println!("{report}");
    assert!(report.passed(), "{report}");
}

/// Makes stores in files; the newest place is that of all stores that are open.
#[derive(Default)]
struct Files(Mutex<Option<Place>>);

impl Files {
    /// On the system's clock, as users have it.
    fn open(&self) -> Sqlite {
        let place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Sqlite::open(place.as_ref().unwrap().file()).unwrap()
    }
}

impl Fixture for Files {
    type Store = Sqlite;

    async fn fresh(&self) -> Sqlite {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Place::new());
        self.open()
    }

    async fn second(&self, _: &Sqlite) -> Option<Sqlite> {
        Some(self.open())
    }

    async fn reopened(&self, store: Sqlite) -> Option<Sqlite> {
        drop(store);
        Some(self.open())
    }

    async fn purge(&self, store: &Sqlite, before: DateTime) -> bool {
        store.purge(before).await.unwrap();
        true
    }
}
