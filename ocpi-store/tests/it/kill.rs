//! A process that is killed while it writes.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use futures_util::future::join_all;
use ocpi_server_traits::storage::{Address, Store, StoreExt};
use pollster::block_on;

use super::support::{Place, edit, note};

/// Names the file for the process that is killed.
const FILE: &str = "OCPI_STORE_TEST_FILE";

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let place = Place::new();
    let mut acknowledged = 0;
    for kill_after in [1, 40, 300] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["kill::writes_until_it_is_killed", "--exact", "--nocapture", "--test-threads=1"])
            .env(FILE, place.file())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = Vec::new();
        // Beyond the kill: what it managed to tell is still in the pipe, but for a torn last line.
        for line in lines {
            let line = line.unwrap();
            if let Some(name) = line.strip_prefix("wrote ").and_then(|name| name.strip_suffix('.')) {
                told.push(name.to_owned());
                if told.len() == kill_after {
                    child.kill().unwrap();
                }
            }
        }
        child.wait().unwrap();
        assert!(told.len() >= kill_after);
        let store = place.open();
        for name in &told {
            let both = block_on(store.read(&pair(name))).unwrap();
            let bodies = both.iter().map(|document| document.as_ref().map(|document| &*document.body));
            assert!(bodies.eq([Some(name.as_bytes()), Some(name.as_bytes())]), "{name} is lost or torn");
        }
        acknowledged += told.len();
        // Nothing is torn of what was not acknowledged, either.
        let all = block_on(store.page(
            &ocpi_server_traits::storage::Query::all("Note"),
            ocpi_server_traits::storage::Start::First,
            u32::MAX,
        ))
        .unwrap();
        assert_eq!(all.total, u64::try_from(all.rows.len()).unwrap());
        for (at, document) in all.rows {
            let twin = Address::new("Note", if at.owner() == "one" { "two" } else { "one" }, at.key());
            assert_eq!(block_on(store.get(&twin)).unwrap().unwrap().body, document.body);
        }
    }
    assert!(acknowledged >= 341);
}

/// Two documents that are written together.
fn pair(name: &str) -> [Address; 2] {
    ["one", "two"].map(|owner| Address::new("Note", owner, name))
}

/// Runs in the process that is killed; otherwise it has nothing to do.
#[test]
fn writes_until_it_is_killed() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let store = ocpi_store::Sqlite::open(file).unwrap();
    let output = Mutex::new(std::io::stdout());
    let write = async |name: String| {
        let at = pair(&name);
        let (both, body) = (at.clone(), name.clone());
        let edit = edit(move |transaction| {
            both.iter().try_for_each(|at| transaction.put(at, note(&body)).map(drop))
        });
        store.write(at.to_vec(), edit).await.unwrap();
        let mut output = output.lock().unwrap();
        writeln!(output, "\nwrote {name}.").unwrap();
        output.flush().unwrap();
    };
    let process = std::process::id();
    for round in 0_u64.. {
        block_on(join_all((0..5).map(|number| write(format!("{process} {round} {number}")))));
    }
}
