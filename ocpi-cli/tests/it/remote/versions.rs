//! `ocpi versions`.

use serde_json::json;

use super::canned::{Canned, cpo, failure, list, success};
use super::{SECRET, ask, header};
use crate::{folder, shown};

#[test]
fn versions_are_listed() {
    let dir = folder(&[]);
    let partner = cpo(&["credentials"], |_| failure(404, 2000, "no"));
    let run = ask(dir.path(), &["versions", &partner.versions(), "--allow-private"]);
    assert_eq!((run.code, &*run.err), (0, ""), "{run:?}");
    shown("versions.txt", &partner.named(&run.out));
    assert_eq!(partner.paths(), ["/versions"]);

    let run = ask(dir.path(), &["versions", &partner.versions(), "--allow-private", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let expected = json!({
        "partner": partner.versions(),
        "versions": [
            {"version": "2.2.1", "url": format!("{}/2.2.1", partner.base)},
            {"version": "2.3.0", "url": format!("{}/2.3.0", partner.base)},
        ],
        "token_form": "base64",
        "deviations": [],
    });
    assert_eq!(run.json(), expected);
}

#[test]
fn a_token_that_is_refused_in_base64_is_tried_as_it_is() {
    let dir = folder(&[]);
    let partner = Canned::new(|asked| {
        if asked.token == header(false) {
            success(&list(asked, &["2.2.1"]))
        } else {
            failure(403, 2001, "no")
        }
    });
    let run = ask(dir.path(), &["versions", &partner.versions(), "--allow-private", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.json()["token_form"], json!("plain"));
    assert_eq!(run.json()["deviations"][0]["rule"], json!("auth.not_base64"));
    assert_eq!(partner.paths(), ["/versions", "/versions"]);
}

/// U5: some say 200 and 3000 where they mean the form of the token.
#[test]
fn a_failure_of_the_server_may_mean_the_form_of_the_token() {
    let dir = folder(&[]);
    let partner = Canned::new(|asked| {
        if asked.token == header(false) {
            success(&list(asked, &["2.1.1"]))
        } else {
            failure(200, 3000, "Generic server error")
        }
    });
    let run = ask(dir.path(), &["versions", &partner.versions(), "--allow-private", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["token_form"], json!("plain"));
    assert_eq!(run.json()["deviations"], json!([]), "2.1.1 alone has it so");
    assert_eq!(partner.paths(), ["/versions", "/versions"]);
}

/// A11: what was handed over is a base URL.
#[test]
fn a_base_url_is_told_as_a_deviation() {
    let dir = folder(&[]);
    let partner = cpo(&["credentials"], |_| failure(404, 2000, "no"));
    let run = ask(dir.path(), &["versions", &partner.base, "--allow-private", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.json()["deviations"][0]["rule"], json!("cred.url_not_versions"));
    assert_eq!(partner.paths(), ["/", "/versions"]);
}

/// A11: what was handed over is the URL of version details.
#[test]
fn the_url_of_details_is_told_as_a_deviation() {
    let dir = folder(&[]);
    let partner = cpo(&["credentials"], |_| failure(404, 2000, "no"));
    let url = format!("{}/2.3.0", partner.base);
    let run = ask(dir.path(), &["versions", &url, "--allow-private", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.json()["deviations"][0]["rule"], json!("cred.url_not_versions"));
}

#[test]
fn a_refusal_is_told_with_the_words_of_the_partner_but_never_the_token() {
    let dir = folder(&[]);
    let partner =
        Canned::new(|asked| failure(401, 2001, &format!("never heard of {} {SECRET}", asked.token)));
    let run = ask(dir.path(), &["versions", &partner.versions(), "--allow-private"]);
    assert_eq!((run.code, &*run.out), (4, ""), "{run:?}");
    assert!(run.err.contains("HTTP 401") && run.err.contains("never heard of"), "{run:?}");
    assert_eq!(partner.paths().len(), 2, "both forms");
}

#[test]
fn a_token_in_an_answer_is_masked() {
    let dir = folder(&[]);
    let partner = Canned::new(|asked| {
        let base = &asked.base;
        success(&format!(r#"[{{"version": "2.3.0", "url": "{base}/2.3.0?token={SECRET}"}}]"#))
    });
    for format in ["text", "json"] {
        let run = ask(dir.path(), &["versions", &partner.versions(), "--allow-private", "--format", format]);
        assert!(run.out.contains("/2.3.0?token=***"), "{run:?}");
    }
}

#[test]
fn a_web_page_is_no_list() {
    let dir = folder(&[]);
    let partner = Canned::new(|_| {
        (200, "content-type: text/html\r\n".to_owned(), "<html><body>Log in</body></html>".to_owned())
    });
    let run = ask(dir.path(), &["versions", &partner.versions(), "--allow-private"]);
    assert_eq!((run.code, &*run.out), (4, ""), "{run:?}");
    assert!(run.err.contains("Log in"), "{run:?}");
}

#[test]
fn local_addresses_need_a_flag() {
    let dir = folder(&[]);
    let partner = cpo(&[], |_| failure(404, 2000, "no"));
    let local = partner.versions();
    for url in
        [&*local, "https://127.0.0.1/versions", "https://localhost:8443/versions", "https://10.0.0.1:1/v"]
    {
        let run = ask(dir.path(), &["versions", url]);
        assert_eq!((run.code, &*run.out), (4, ""), "{run:?}");
        assert!(run.err.contains("--allow-private"), "{run:?}");
        assert!(!run.err.contains("UrlPolicy"), "{run:?}");
    }
    assert_eq!(partner.paths(), Vec::<String>::new());
}

#[test]
fn nobody_there_ends_with_4() {
    let dir = folder(&[]);
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/versions", closed.local_addr().unwrap());
    drop(closed);
    let run = ask(dir.path(), &["versions", &url, "--allow-private"]);
    assert_eq!((run.code, &*run.out), (4, ""), "{run:?}");
    assert!(run.err.contains("no answer"), "{run:?}");
}
