//! `ocpi pull`.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ocpi_testkit::location_json;
use serde_json::{Value, json};

use super::canned::{Asked, Canned, Reply, cpo, failure, success};
use super::{SECRET, ask};
use crate::{Run, folder};

/// A page of three Locations, of at most two.
fn page(asked: &Asked) -> Reply {
    let locations = ["L1", "L2", "L3"].map(|id| location_json("NL/ALF", id, "10:00:00"));
    page_of(&locations, 2, asked)
}

/// A page of a list, of at most `most` objects, from the offset that is asked for.
fn page_of(list: &[String], most: usize, asked: &Asked) -> Reply {
    let value = |name: &str| {
        let query = asked.path.split_once('?').map_or("", |(_, query)| query);
        let of_name = |part: &str| {
            part.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        query.split('&').find_map(of_name).map(|value| value.parse::<usize>().unwrap())
    };
    let limit = value("limit").unwrap_or(most).min(most);
    let start = value("offset").unwrap_or(0).min(list.len());
    let end = (start + limit).min(list.len());
    let (status, mut headers, body) = success(&format!("[{}]", list[start..end].join(",")));
    headers.push_str(&format!("x-total-count: {}\r\nx-limit: {most}\r\n", list.len()));
    if end < list.len() {
        let base = &asked.base;
        headers.push_str(&format!(
            "link: <{base}/2.3.0/locations?offset={end}&limit={limit}>; rel=\"next\"\r\n"
        ));
    }
    (status, headers, body)
}

/// Ids of the objects on standard output.
fn ids(run: &Run) -> Vec<String> {
    let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
    run.out.lines().map(id).collect()
}

/// The summary on the last line of standard error.
fn summary(run: &Run) -> Value {
    serde_json::from_str(run.err.lines().last().unwrap()).unwrap()
}

fn pull(dir: &std::path::Path, partner: &Canned, more: &[&str]) -> Run {
    let url = partner.versions();
    ask(dir, &[&["pull", "locations", &url, "--allow-private", "--format", "json"], more].concat())
}

#[test]
fn objects_of_all_pages_are_written_line_by_line() {
    let dir = folder(&[]);
    let partner = cpo(&["credentials", "locations"], page);
    let run = pull(dir.path(), &partner, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(ids(&run), ["L1", "L2", "L3"]);
    let expected = json!({
        "objects": 3, "partial": 0, "unreadable": 0, "resumed_from": null,
        "complete": true, "watermark": "2026-11-22T10:00:00Z",
    });
    let summary = summary(&run);
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&summary[name], value, "{name} of {summary}");
    }
    let text = ask(dir.path(), &["pull", "locations", &partner.versions(), "--allow-private"]);
    assert_eq!(text.code, 0);
    assert!(
        text.err.starts_with("3 objects on ") && text.err.contains("complete; next time: --from "),
        "{text:?}"
    );
}

#[test]
fn times_and_limit_are_asked_for() {
    let dir = folder(&[]);
    let partner = cpo(&["credentials", "locations"], page);
    let run =
        pull(dir.path(), &partner, &["--from", "2026-05-04", "--to", "2026-06-01T12:30:00Z", "--limit", "7"]);
    assert_eq!(run.code, 0, "{run:?}");
    let asked = partner.paths().swap_remove(2);
    for part in ["date_from=2026-05-04T00%3A00%3A00Z", "date_to=2026-06-01T12%3A30%3A00Z", "limit=7"] {
        assert!(asked.contains(part) || asked.replace(':', "%3A").contains(part), "{asked}");
    }
}

#[test]
fn a_list_that_breaks_off_is_resumed() {
    let dir = folder(&[]);
    let is_broken = Arc::new(AtomicBool::new(true));
    let breaks = Arc::clone(&is_broken);
    let partner = cpo(&["credentials", "locations"], move |asked| {
        if asked.path.contains("offset") && breaks.load(Ordering::SeqCst) {
            failure(401, 2001, &format!("not {SECRET}"))
        } else {
            page(asked)
        }
    });
    let first = pull(dir.path(), &partner, &["--resume", "place"]);
    assert_eq!(first.code, 4, "{first:?}");
    assert_eq!(ids(&first), ["L1", "L2"]);
    assert!(first.err.contains("HTTP 401"), "{first:?}");
    assert_eq!(summary(&first)["complete"], json!(false));
    let place = dir.path().join("place");
    assert!(!std::fs::read_to_string(&place).unwrap().contains(SECRET));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
    }

    is_broken.store(false, Ordering::SeqCst);
    partner.paths();
    let second = pull(dir.path(), &partner, &["--resume", "place"]);
    assert_eq!(second.code, 0, "{second:?}");
    assert_eq!(ids(&second), ["L3"], "{second:?}");
    assert_eq!(summary(&second)["resumed_from"], json!(2));
    assert_eq!(summary(&second)["complete"], json!(true));
    assert!(!place.exists(), "the list is at its end");
}

#[test]
fn a_file_that_is_no_place_of_this_list_is_refused() {
    let dir = folder(&[("garbage", &format!("{{\"cursor\": \"{SECRET}\"}}"))]);
    let partner = cpo(&["credentials", "locations", "tariffs"], |asked| {
        if asked.path.contains("offset") { failure(401, 2001, "no") } else { page(asked) }
    });
    let run = pull(dir.path(), &partner, &["--resume", "garbage"]);
    assert_eq!((run.code, &*run.out), (3, ""), "{run:?}");
    assert!(run.err.contains("garbage: not a file of"), "{run:?}");
    assert_eq!(pull(dir.path(), &partner, &["--resume", "place"]).code, 4);
    let url = partner.versions();
    let other = ask(dir.path(), &["pull", "tariffs", &url, "--allow-private", "--resume", "place"]);
    assert_eq!((other.code, &*other.out), (3, ""), "{other:?}");
}

#[test]
fn objects_that_cannot_be_read_are_counted() {
    let dir = folder(&[]);
    let partner = cpo(&["credentials", "locations"], |asked| {
        let whole = location_json("NL/ALF", "L1", "10:00:00");
        let partial = location_json("NL/ALF", "L2", "10:00:00").replace(r#""city": "Utrecht","#, "");
        page_of(&[whole, partial, "7".to_owned()], 5, asked)
    });
    let run = pull(dir.path(), &partner, &[]);
    assert_eq!(ids(&run), ["L1", "L2"], "{run:?}");
    let summary = summary(&run);
    assert_eq!((&summary["partial"], &summary["unreadable"]), (&json!(1), &json!(1)));
    assert_eq!(summary["rules"]["req.missing"], json!(1), "{summary}");
    // An object without an id that can be read may be any: the list is not known to be complete.
    assert_eq!((run.code, &summary["complete"]), (4, &json!(false)), "{run:?}");
}

#[test]
fn a_module_that_is_not_offered_ends_with_4() {
    let dir = folder(&[]);
    let partner = cpo(&["credentials"], page);
    let run = pull(dir.path(), &partner, &[]);
    assert_eq!((run.code, &*run.out), (4, ""), "{run:?}");
    assert!(run.err.contains("does not offer"), "{run:?}");
    let run = ask(dir.path(), &["pull", "bookings", &partner.versions()]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("locations, sessions, cdrs, tariffs, tokens"), "{run:?}");
}

/// A pull whose standard output goes somewhere else.
fn pull_to(dir: &std::path::Path, partner: &Canned, out: Stdio) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ocpi"));
    let url = partner.versions();
    command.args(["pull", "locations", &url, "--allow-private", "--format", "json", "--resume", "place"]);
    command.current_dir(dir).env("OCPI_TOKEN", SECRET).env("NO_COLOR", "1");
    command.stdout(out).stderr(Stdio::piped()).spawn().unwrap()
}

/// Exit code and standard error.
fn end_of(child: Child) -> (i32, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[cfg(unix)]
#[test]
fn a_torn_line_of_the_run_before_is_ended_first() {
    let partner = cpo(&["credentials", "locations"], page);
    for (before, torn) in [("", 0), ("{\"id\": \"L0\"}\n", 0), ("{\"id\": \"L0\"}\n{\"id\": \"L", 1)] {
        let dir = folder(&[("out.ndjson", before)]);
        let path = dir.path().join("out.ndjson");
        let out = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
        let (code, err) = end_of(pull_to(dir.path(), &partner, out.into()));
        assert_eq!((code, err.contains("torn")), (0, torn > 0), "{err}");
        let text = std::fs::read_to_string(&path).unwrap();
        let (good, bad): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| serde_json::from_str::<Value>(line).is_ok());
        assert_eq!((good.len(), bad.len()), (3 + before.matches('\n').count(), torn), "{text}");
        assert!(text.starts_with(before));
    }
}

#[test]
fn a_reader_that_has_gone_makes_the_list_incomplete() {
    let dir = folder(&[]);
    let (gone, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let partner = cpo(&["credentials", "locations"], move |asked| {
        // Until the sender is dropped.
        let _ = wait.lock().unwrap().recv();
        page(asked)
    });
    let mut child = pull_to(dir.path(), &partner, Stdio::piped());
    drop(child.stdout.take());
    drop(gone);
    let (code, err) = end_of(child);
    assert_eq!(code, 4, "{err}");
    let summary: Value = serde_json::from_str(err.lines().last().unwrap()).unwrap();
    assert_eq!((&summary["complete"], &summary["watermark"]), (&json!(false), &Value::Null), "{err}");
    let whole = pull(dir.path(), &partner, &["--resume", "place"]);
    assert_eq!((whole.code, ids(&whole).len()), (0, 3), "nothing is taken for written: {whole:?}");
}
