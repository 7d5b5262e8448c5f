//! The program `nodes` as its users run it.

use std::process::Command;

use serde_json::Value;

fn nodes(arguments: &[&str]) -> Value {
    let run = Command::new(env!("CARGO_BIN_EXE_nodes"))
        .arg("--json")
        .args(arguments)
        .output()
        .expect("the program runs");
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!((run.status.code(), told.as_str()), (Some(0), ""));
    serde_json::from_slice(&run.stdout).expect("JSON and nothing else")
}

/// The program itself says when something has not arrived, or arrived twice.
fn all_arrived(told: &Value) {
    assert_eq!((told["orders"].as_u64(), told["cdrs"].as_u64()), (Some(80), Some(20)), "{told}");
    assert!(told["cdr_posts"].as_u64().is_some_and(|posts| posts >= 20), "{told}");
    assert!(told["taken_over_after_s"].as_f64().is_some_and(|seconds| seconds > 0.0), "{told}");
}

#[test]
fn a_node_that_is_killed_is_replaced() {
    all_arrived(&nodes(&[]));
}

#[cfg(feature = "postgres")]
#[test]
fn a_node_that_is_killed_is_replaced_on_postgresql() {
    let Ok(url) = std::env::var("OCPI_TEST_POSTGRES") else {
        println!("skipped: OCPI_TEST_POSTGRES is not set");
        return;
    };
    let separator = if url.contains('?') { '&' } else { '?' };
    let schema = format!("nodes_{}", std::process::id());
    all_arrived(&nodes(&["--store", &format!("{url}{separator}schema={schema}")]));
}
