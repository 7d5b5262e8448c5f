//! The real binary over real files.

#![allow(clippy::unwrap_used, reason = "a test may panic, and so may what several tests share")]

mod audit;
mod convert;
mod deviant;
mod estimate;
mod explain;
mod feed;
mod findings;
mod inference;
mod inputs;
mod lint;
mod output;
mod places;
mod price;
mod read;
mod remote;
mod serve;
mod usage;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A Location that conforms in 2.2.1 and 2.3.0.
const LOCATION: &str = r#"{"country_code":"NL","party_id":"ALF","id":"LOC1","publish":true,"address":"Kade 1","city":"Gouda","country":"NLD","coordinates":{"latitude":"52.01150","longitude":"4.71040"},"time_zone":"Europe/Amsterdam","last_updated":"2026-01-01T00:00:00Z"}"#;

/// A Location whose `publish` is text: one finding of severity error.
fn deviant() -> String {
    LOCATION.replace("\"publish\":true", "\"publish\":\"true\"").replace("LOC1", "LOC2")
}

/// A folder with files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

/// Compares a text with the file of it in `tests/shown`; with `OCPI_BLESS` set it writes the file.
fn shown(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shown").join(name);
    if std::env::var_os("OCPI_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{} is shown as\n{text}", path.display());
}

/// Exit code and output of a run.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap()
    }

    /// Of every finding: `file item pointer rule severity`.
    fn findings(&self) -> Vec<String> {
        let json = self.json();
        let show = |finding: &serde_json::Value| {
            let item = &finding["item"];
            let [file, pointer, rule, severity] =
                ["file", "pointer", "rule", "severity"].map(|name| finding[name].as_str().unwrap());
            format!("{file} {item} {pointer} {rule} {severity}")
        };
        json["findings"].as_array().unwrap().iter().map(show).collect()
    }
}

/// Runs `ocpi` in a folder.
fn ocpi(dir: &Path, arguments: &[&str]) -> Run {
    run(dir, arguments, &[], b"")
}

/// Runs `ocpi` with variables and standard input.
fn run(dir: &Path, arguments: &[&str], variables: &[(&str, &str)], input: &[u8]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ocpi"));
    command.current_dir(dir).args(arguments);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A run that needs no input may end before it is written.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
