//! `ocpi probe`.

use serde_json::json;

use super::ask;
use super::canned::{Canned, cpo, details, failure, list, success};
use super::header;
use crate::{folder, shown};

/// A partner of 2.1.1 and 2.2.1 that takes the token as it is, and whose answers are odd.
fn odd() -> Canned {
    Canned::new(|asked| {
        if asked.token != header(false) {
            return failure(401, 2001, "no");
        }
        match &*asked.path {
            "/versions" => {
                let (status, headers, body) = success(&list(asked, &["2.1.1", "2.2.1"]));
                (status, headers, body.replace(r#", "timestamp": "2026-11-22T10:00:00Z""#, ""))
            }
            "/2.2.1" => success(&details(asked, "2.2.1", &["locations"])),
            _ => failure(404, 2000, "no"),
        }
    })
}

#[test]
fn a_partner_that_keeps_to_the_specification_has_no_deviations() {
    let dir = folder(&[]);
    let partner = cpo(&["credentials", "locations"], |_| failure(404, 2000, "no"));
    let run = ask(dir.path(), &["probe", &partner.versions(), "--allow-private"]);
    assert_eq!((run.code, &*run.err), (0, ""), "{run:?}");
    shown("probe.txt", &partner.named(&run.out));
    assert_eq!(partner.paths(), ["/versions", "/2.3.0"]);
}

#[test]
fn deviations_are_listed() {
    let dir = folder(&[]);
    let partner = odd();
    let run = ask(dir.path(), &["probe", &partner.versions(), "--allow-private"]);
    assert_eq!((run.code, &*run.err), (1, ""), "{run:?}");
    shown("probe-odd.txt", &partner.named(&run.out));

    let run = ask(dir.path(), &["probe", &partner.versions(), "--allow-private", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let json = run.json();
    assert_eq!((&json["chosen"], &json["token_form"]), (&json!("2.2.1"), &json!("plain")));
    let url = format!("{}/2.2.1/locations", partner.base);
    let endpoint = |role| json!({"identifier": "locations", "role": role, "url": url});
    assert_eq!(json["endpoints"], json!([endpoint("SENDER"), endpoint("RECEIVER")]));
    let rules: Vec<&str> =
        json["deviations"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["env.missing", "auth.not_base64", "vers.no_credentials"]);
    assert_eq!(json["versions"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_version_can_be_chosen() {
    let dir = folder(&[]);
    let partner = cpo(&["credentials"], |_| failure(404, 2000, "no"));
    let probe = |version| {
        ask(
            dir.path(),
            &["probe", &partner.versions(), "--allow-private", "--format", "json", "--version", version],
        )
    };
    assert_eq!(probe("2.2.1").json()["chosen"], json!("2.2.1"));
    let run = probe("2.1.1");
    assert_eq!((run.code, &*run.out), (4, ""), "{run:?}");
    assert!(run.err.contains("no version in common: the partner offers 2.2.1 and 2.3.0"), "{run:?}");
}
