//! Partners of a sandbox, by a file.

use serde_json::json;

use super::Sandbox;
use crate::remote::free_address;
use crate::{folder, ocpi};

#[test]
fn partners_of_a_file_are_invited_or_registered_with() {
    let invites = json!({"partners": [{"id": "emsp", "parties": ["DE/EMP"]}, {"id": "other"}]}).to_string();
    let dir = folder(&[("cpo.json", &invites)]);
    let cpo = Sandbox::start(dir.path(), &["--roles", "cpo", "--config", "cpo.json", "--invite", "me"]);
    let tokens = cpo.first["tokens"].as_object().unwrap();
    assert_eq!(tokens.keys().collect::<Vec<_>>(), ["emsp", "other"]);
    assert_ne!(cpo.text("token_a"), tokens["emsp"].as_str().unwrap());

    std::fs::write(dir.path().join("token"), tokens["emsp"].as_str().unwrap()).unwrap();
    let registers =
        json!({"partners": [{"id": "cpo", "versions_url": cpo.text("versions_url"), "token_file": "token"}]});
    std::fs::write(dir.path().join("emsp.json"), registers.to_string()).unwrap();
    let usual =
        ["--roles", "emsp", "--party", "DE/EMP", "--store", "sqlite:emsp.db", "--config", "emsp.json"];
    let mut emsp = Sandbox::start(dir.path(), &usual);
    emsp.wait_for("partner cpo: registered");
    assert_eq!(emsp.stop().0, Some(0));

    // It is registered from now on, and needs no token any more.
    std::fs::remove_file(dir.path().join("token")).unwrap();
    let mut emsp = Sandbox::start(dir.path(), &usual);
    emsp.wait_for("cpo is registered already");
    assert_eq!(emsp.stop().0, Some(0));
    assert_eq!(cpo.stop().0, Some(0));
}

#[test]
fn partners_that_do_not_answer_are_tried_again_and_hold_up_no_other() {
    let dir = folder(&[]);
    let (late, nobody) = (free_address(), free_address());
    // The partner is there before and after, but not when the sandbox begins.
    let run = ["serve", "--roles", "cpo", "--allow-private", "--format", "json", "--store", "sqlite:cpo.db"];
    let cpo = |more: &[&str]| Sandbox::start_as(dir.path(), &[&run[..], &["--listen", &late], more].concat());
    let first = cpo(&["--invite", "me"]);
    std::fs::write(dir.path().join("token"), first.text("token_a")).unwrap();
    assert_eq!(first.stop().0, Some(0));
    let at = |id: &str, address: &str| json!({"id": id, "versions_url": format!("http://{address}/ocpi/versions"), "token_file": "token"});
    let config = json!({"partners": [at("nobody", &nobody), at("cpo", &late)]}).to_string();
    std::fs::write(dir.path().join("emsp.json"), config).unwrap();
    let mut emsp =
        Sandbox::start(dir.path(), &["--roles", "emsp", "--party", "DE/EMP", "--config", "emsp.json"]);
    emsp.wait_for("trying again in 1 s");
    emsp.wait_for("trying again in");
    let cpo = cpo(&[]);
    emsp.wait_for("partner cpo: registered");
    assert_eq!((emsp.stop().0, cpo.stop().0), (Some(0), Some(0)));
}

#[test]
fn a_file_that_cannot_be_understood_is_refused_with_the_place() {
    for (text, why) in [
        ("{", "config.json: EOF while parsing an object at line 1 column 1"),
        (r#"{"partners": [{"id": "a", "party": "DE/EMP"}]}"#, "unknown field `party`"),
        (r#"{"partners": [{"id": "a", "parties": ["EMP"]}]}"#, "partner `a`: a party is written as"),
        (r#"{"partners": [{"id": "a"}, {"id": "a"}]}"#, "partner `a`: it stands there twice"),
        (
            r#"{"partners": [{"id": "a", "versions_url": "https://a.example/versions"}]}"#,
            "`versions_url` needs `token_file`",
        ),
        (r#"{"partners": [{"id": "a", "token_file": "token"}]}"#, "`token_file` needs `versions_url`"),
        (
            r#"{"partners": [{"id": "a", "versions_url": "https://a.example/versions", "token_file": "none"}]}"#,
            "none: ",
        ),
    ] {
        let dir = folder(&[("config.json", text)]);
        let run = ocpi(dir.path(), &["serve", "--listen", "127.0.0.1:0", "--config", "config.json"]);
        assert_eq!((run.code, &*run.out), (3, ""), "{run:?}");
        assert!(run.err.contains(why), "{run:?}");
    }
}
