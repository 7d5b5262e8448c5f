//! `ocpi invite`, `register`, `rotate` and `unregister`, against a whole platform.

use std::path::Path;

use ocpi_platform::PartnerState;
use serde_json::{Value, json};

use super::cpo::{Cpo, free_address};
use super::{ask_with, assert_secret};
use crate::{Run, folder, ocpi, shown};

const STORE: [&str; 2] = ["--store", "sqlite:ocpi.db"];

/// Arguments that say who we are.
const OWN: [&str; 4] = ["--party", "DE/EMP", "--role", "EMSP"];

/// Registers with a CPO by its token A.
fn register(dir: &Path, cpo: &Cpo, address: &str, more: &[&str]) -> Run {
    let arguments = [
        &["register", &cpo.versions, "--allow-private", "--partner", "cpo", "--listen", address],
        &STORE[..],
        &OWN[..],
        more,
    ]
    .concat();
    let run = ask_with(dir, &arguments, &[("OCPI_TOKEN", &cpo.token_a)]);
    assert_secret(&run, &cpo.token_a);
    run
}

/// A verb about the CPO in the store.
fn about(dir: &Path, verb: &[&str], more: &[&str]) -> Run {
    ocpi(dir, &[verb, &STORE[..], &["--partner", "cpo", "--allow-private"], more].concat())
}

/// A text with names in the place of addresses.
fn named(text: &str, cpo: &Cpo, address: &str) -> String {
    text.replace(cpo.host(), "cpo").replace(address, "emsp")
}

#[test]
fn a_registration_is_made_used_rotated_and_ended() {
    let dir = folder(&[]);
    let address = free_address();
    let cpo = Cpo::inviting(&address);
    let run = register(dir.path(), &cpo, &address, &["--parties", "NL/ALF"]);
    assert_eq!((run.code, &*run.err), (0, ""), "{run:?}");
    shown("register.txt", &named(&run.out, &cpo, &address));
    assert_eq!(cpo.state(), PartnerState::Registered);

    let pulled = about(dir.path(), &["pull", "locations"], &["--format", "json"]);
    assert_eq!(pulled.code, 0, "{pulled:?}");
    assert_eq!(serde_json::from_str::<Value>(&pulled.out).unwrap()["id"], json!("L1"));

    let synced = about(dir.path(), &["sync", "locations"], &["--full", "--format", "json"]);
    assert_eq!((synced.code, &*synced.err), (0, ""), "{synced:?}");
    let json = synced.json();
    assert_eq!((&json["created"], &json["complete"]), (&json!(1), &json!(true)), "{json}");
    let again = about(dir.path(), &["sync", "locations"], &[]);
    assert!(again.out.starts_with("locations of cpo: 0 new, 0 changed, 1 unchanged; complete"), "{again:?}");
    let all = about(dir.path(), &["sync"], &["--format", "json"]);
    assert_eq!((all.code, &*all.err), (0, ""), "{all:?}");
    let modules: Vec<Value> =
        all.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["module"].clone()).collect();
    assert!(modules.len() > 1 && modules.contains(&json!("locations")), "{modules:?}");
    let card = about(dir.path(), &["partners"], &["--format", "json"]);
    assert_eq!((card.code, &*card.err), (0, ""), "{card:?}");
    let json = card.json();
    assert_eq!(
        (&json["id"], &json["state"], &json["version"]),
        (&json!("cpo"), &json!("registered"), &json!("2.3.0"))
    );
    assert_eq!(
        (&json["health"]["good"], &json["health"]["lists"][0]["module"]),
        (&json!(true), &json!("Location"))
    );
    let text = about(dir.path(), &["partners"], &[]);
    assert!(
        text.out.starts_with("cpo  registered since ") && text.out.contains("\n  Location     complete "),
        "{text:?}"
    );

    let rotated = about(dir.path(), &["rotate"], &["--listen", &address, "--format", "json"]);
    assert_eq!((rotated.code, &*rotated.err), (0, ""), "{rotated:?}");
    let json = rotated.json();
    assert_eq!(
        (&json["partner"], &json["state"], &json["chosen"]),
        (&json!("cpo"), &json!("registered"), &json!("2.3.0"))
    );
    assert_eq!(json["parties"], json!(["NL/ALF CPO"]));
    assert_eq!(about(dir.path(), &["pull", "locations"], &[]).code, 0, "the new token works");

    let ended = about(dir.path(), &["unregister"], &["--format", "json"]);
    assert_eq!((ended.code, &*ended.err), (0, ""), "{ended:?}");
    assert_eq!(ended.json(), json!({"partner": "cpo", "state": "left"}));
    assert_eq!(cpo.state(), PartnerState::Left);

    let gone = about(dir.path(), &["pull", "locations"], &[]);
    assert_eq!((gone.code, &*gone.out), (2, ""), "{gone:?}");
}

#[test]
fn parties_that_were_not_named_await_approval() {
    let dir = folder(&[]);
    let address = free_address();
    let cpo = Cpo::inviting(&address);
    let run = register(dir.path(), &cpo, &address, &["--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.json()["state"], json!("pending"));
    assert!(run.err.contains("awaits approval"), "{run:?}");
    let pulled = about(dir.path(), &["pull", "locations"], &[]);
    assert_eq!((pulled.code, &*pulled.out), (4, ""), "{pulled:?}");

    let again = register(dir.path(), &cpo, &address, &["--approve"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.err.contains("is registered already"), "{again:?}");
}

#[test]
fn parties_can_be_approved_at_once() {
    let dir = folder(&[]);
    let address = free_address();
    let cpo = Cpo::inviting(&address);
    let run = register(dir.path(), &cpo, &address, &["--approve", "--format", "json"]);
    assert_eq!((run.code, &run.json()["state"]), (0, &json!("registered")), "{run:?}");
    let forgotten = about(dir.path(), &["unregister"], &["--forget"]);
    assert_eq!(forgotten.code, 0, "{forgotten:?}");
    assert_eq!(cpo.state(), PartnerState::Registered, "it was told nothing");
}

#[test]
fn a_wrong_token_registers_nobody() {
    let dir = folder(&[]);
    let address = free_address();
    let cpo = Cpo::inviting(&address);
    let arguments = [
        &["register", &cpo.versions, "--allow-private", "--partner", "cpo", "--listen", &address],
        &STORE[..],
        &OWN[..],
    ]
    .concat();
    let run = ask_with(dir.path(), &arguments, &[("OCPI_TOKEN", super::SECRET)]);
    assert_eq!((run.code, &*run.out), (4, ""), "{run:?}");
    assert!(run.err.contains("HTTP 401"), "{run:?}");
    assert_eq!(cpo.state(), PartnerState::Invited);
}

#[test]
fn usage_is_explained() {
    let dir = folder(&[]);
    for (arguments, code, why) in [
        (&["rotate", "--store", "sqlite:ocpi.db", "--partner", "cpo"][..], 2, "--party"),
        (&["rotate", "--store", "redis:", "--partner", "cpo"], 3, "`redis:` is no kind of store"),
        (&["unregister", "--store", "memory:"], 2, "--partner"),
        (&["pull", "locations", "--store", "memory:"], 2, "--partner"),
        (&["pull", "locations"], 2, "<URL>"),
        (&["invite", "--store", "memory:", "--partner", "cpo", "--expires", "soon"], 2, "72h"),
        (&["invite", "--store", "memory:", "--partner", "cpo", "--party", "EMP"], 2, "such as DE/EMP"),
    ] {
        let run = ocpi(dir.path(), arguments);
        assert_eq!((run.code, &*run.out), (code, ""), "{run:?}");
        assert!(run.err.contains(why), "{run:?}");
    }
    let own = ["--base-url", "https://emsp.example/ocpi"];
    let rotated = about(dir.path(), &["rotate"], &[&OWN[..], &own].concat());
    assert_eq!((rotated.code, &*rotated.out), (2, ""), "{rotated:?}");
    assert!(rotated.err.contains("no registration with partner cpo"), "{rotated:?}");
}

#[test]
fn an_invitation_has_a_url_and_a_token() {
    let dir = folder(&[]);
    let own = ["--base-url", "https://emsp.example/ocpi"];
    let invite =
        |more: &[&str]| ocpi(dir.path(), &[&["invite", "--partner", "cpo"], &STORE[..], more].concat());
    let first = invite(&[&OWN[..], &own, &["--parties", "NL/ALF", "--format", "json"]].concat());
    assert_eq!((first.code, &*first.err), (0, ""), "{first:?}");
    let first = first.json();
    assert_eq!(first["versions_url"], json!("https://emsp.example/ocpi/versions"));
    // Who we are is known by now.
    let second = invite(&["--expires", "24h"]);
    assert_eq!((second.code, &*second.err), (0, ""), "{second:?}");
    let token = second.out.lines().find_map(|line| line.strip_prefix("token A")).unwrap().trim();
    assert_ne!(first["token_a"], json!(token), "another one takes its place");
    assert!(second.out.contains("https://emsp.example/ocpi/versions"), "{second:?}");

    // The store has a hash of it, not the token.
    let bytes = std::fs::read(dir.path().join("ocpi.db")).unwrap();
    assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()));
}
