//! Everything that can be an input.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::{LOCATION, deviant, folder, ocpi, run};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// The findings of one file with this text, and how many items it has.
fn check(text: &str) -> (u64, Vec<String>) {
    let dir = folder(&[("f.json", text)]);
    let run = ocpi(dir.path(), &["check", "--as", "location", "--format", "json", "f.json"]);
    assert!(run.code < 2, "{run:?}");
    (run.json()["items"].as_u64().unwrap(), run.findings())
}

#[test]
fn an_object_has_no_index() {
    assert_eq!(check(LOCATION), (1, vec![]));
    assert_eq!(check(&deviant()), (1, vec!["f.json null /publish bool.string error".to_owned()]));
}

#[test]
fn an_array_has_indices() {
    let text = format!("[{LOCATION}, {}]", deviant());
    assert_eq!(check(&text), (2, vec!["f.json 1 /publish bool.string error".to_owned()]));
    assert_eq!(check("[]"), (0, vec![]));
}

#[test]
fn a_page_is_unwrapped() {
    let text = format!(
        r#"{{"status_code":1000,"timestamp":"2026-01-01T00:00:00Z","data":[{LOCATION},{}]}}"#,
        deviant()
    );
    assert_eq!(check(&text), (2, vec!["f.json 1 /publish bool.string error".to_owned()]));
}

#[test]
fn an_envelope_may_hold_one_object_and_be_odd_itself() {
    let text = format!(r#"{{"status_code":"1000","data":{}}}"#, deviant());
    let expected = [
        "f.json null /publish bool.string error",
        "f.json null /status_code num.string error",
        "f.json null /timestamp env.missing error",
    ];
    assert_eq!(check(&text), (1, expected.map(str::to_owned).to_vec()));
}

#[test]
fn a_member_called_data_makes_no_envelope() {
    let text = LOCATION.replace("\"city\"", "\"data\":[1,2],\"city\"");
    assert_eq!(check(&text), (1, vec!["f.json null /data ext.unknown_field info".to_owned()]));
    let bare = ["f.json null /status_code env.missing error", "f.json null /timestamp env.missing error"];
    assert_eq!(check(r#"{"data":[]}"#), (0, bare.map(str::to_owned).to_vec()));
}

#[test]
fn objects_may_stand_on_lines() {
    let text = format!("{LOCATION}\n\n{}\r\n{}\n", deviant(), LOCATION.replace("LOC1", "LOC3"));
    assert_eq!(check(&text), (3, vec!["f.json 1 /publish bool.string error".to_owned()]));
}

#[test]
fn a_broken_line_costs_that_line_only() {
    let broken = &LOCATION[..60];
    let text = format!("{LOCATION}\n{broken}\n{}\n", deviant());
    let (items, findings) = check(&text);
    assert_eq!(items, 3);
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings[0].starts_with("f.json 1 ") && findings[0].ends_with("json.end error"), "{findings:?}");
    assert_eq!(findings[1], "f.json 2 /publish bool.string error");
}

#[test]
fn objects_may_follow_each_other_over_several_lines() {
    let pretty = LOCATION.replace(',', ",\n  ");
    assert_eq!(check(&format!("{pretty}\n{}\n", pretty.replace("LOC1", "LOC3"))), (2, vec![]));
}

#[test]
fn a_byte_order_mark_is_a_finding_of_the_file() {
    let text = format!("\u{feff}[{LOCATION}]");
    assert_eq!(check(&text), (1, vec!["f.json null  json.bom warning".to_owned()]));
}

#[test]
fn standard_input_is_a_dash() {
    let dir = folder(&[]);
    let text = format!("[{LOCATION},{}]", deviant());
    for bytes in [text.clone().into_bytes(), gzip(&text)] {
        let run = run(dir.path(), &["check", "-", "--format", "json"], &[], &bytes);
        assert_eq!(run.code, 1, "{run:?}");
        assert_eq!(run.findings(), ["- 1 /publish bool.string error"]);
    }
}

#[test]
fn a_folder_is_read_with_all_below() {
    let dir = folder(&[
        ("all/b/page.ndjson", LOCATION),
        ("all/a.json", &deviant()),
        ("all/notes.txt", "not for us"),
        ("all/.hidden.json", "not for us"),
    ]);
    std::fs::write(
        dir.path().join("all/c.json.gz"),
        gzip(&format!("[{}]", deviant().replace("LOC2", "LOC3"))),
    )
    .unwrap();
    let run = ocpi(dir.path(), &["check", "all", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.json()["items"], 3);
    assert_eq!(run.json()["conformant"], 1);
    let expected =
        ["all/a.json null /publish bool.string error", "all/c.json.gz 0 /publish bool.string error"];
    assert_eq!(run.findings(), expected);
}

#[test]
fn broken_json_is_told_with_its_place() {
    let dir =
        folder(&[("broken.json", "{\n  \"id\": \"LOC1\",\n  \"publish\": yes\n}"), ("good.json", LOCATION)]);
    let run = ocpi(dir.path(), &["check", "broken.json", "good.json", "--format", "json"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("broken.json: line 3 column 14 at /publish: not JSON [json.syntax]"), "{run:?}");
    // The other file is checked all the same.
    assert_eq!(run.json(), json!({"items": 1, "conformant": 1, "findings": []}));
}

#[test]
fn what_cannot_be_read_ends_with_3() {
    let dir = folder(&[("empty.json", ""), ("cut.json", &format!("[{LOCATION},")), ("none/readme.txt", "")]);
    std::fs::write(dir.path().join("latin1.json"), b"{\n\"name\": \"Caf\xe9\"}").unwrap();
    let mut archive = gzip(LOCATION);
    archive.truncate(40);
    std::fs::write(dir.path().join("cut.json.gz"), archive).unwrap();
    for (path, why) in [
        ("missing.json", "missing.json: No such file"),
        ("empty.json", "empty.json: line 1 column 1: the text ends too early [json.end]"),
        ("cut.json", "the text ends too early [json.end]"),
        ("latin1.json", "latin1.json: line 2 column 13"),
        ("cut.json.gz", "cut.json.gz: "),
        ("none", "none: no JSON files in this folder"),
    ] {
        let run = ocpi(dir.path(), &["check", path]);
        assert_eq!(run.code, 3, "{run:?}");
        assert!(run.err.contains(why), "{run:?}");
        // Objects that were read before it broke off were looked at.
        let seen =
            if path == "cut.json" { "1 location in 1 file: all conform" } else { "0 objects in 0 files" };
        assert_eq!(run.out, format!("{seen}; 0 errors, 0 warnings, 0 infos; 1 file not readable\n"));
    }
}

/// An answer that refuses holds nothing to look at: to go on as if all were well would hide it.
#[test]
fn an_answer_that_refuses_is_no_success() {
    let refusal = r#"{"status_code":2001,"status_message":"nope","timestamp":"2026-05-01T10:00:00Z"}"#;
    let folder = folder(&[("answer.json", refusal)]);
    for verb in ["check", "read", "price", "audit", "lint", "explain"] {
        let run = ocpi(folder.path(), &[verb, "answer.json"]);
        assert_eq!(run.code, 3, "{verb}: {run:?}");
        assert!(run.err.contains("status 2001 invalid or missing parameters: nope"), "{verb}: {}", run.err);
    }
    let run = ocpi(
        folder.path(),
        &["convert", "answer.json", "--from", "2.1.1", "--to", "2.2.1", "--as", "location"],
    );
    assert_eq!(run.code, 3, "{run:?}");
}

const VERBS: [&[&str]; 7] = [
    &["read", "--as", "cdr"],
    &["check", "--as", "cdr"],
    &["price"],
    &["audit"],
    &["lint"],
    &["explain"],
    &["convert", "--as", "cdr", "--from", "2.2.1", "--to", "2.3.0"],
];

/// Nothing is not an empty list: every verb refuses it.
#[test]
fn a_document_without_a_list_is_no_empty_page() {
    for text in
        ["null", " null\n", r#"{"data":null}"#, r#"{"data":null,"status_code":1000}"#, r#"{"data":7}"#]
    {
        let dir = folder(&[("f.json", text)]);
        for verb in VERBS {
            let run = ocpi(dir.path(), &[verb, &["f.json"]].concat());
            assert_eq!(run.code, 3, "{text} {verb:?}: {run:?}");
            assert!(run.err.contains("not recognized as"), "{text} {verb:?}: {run:?}");
        }
    }
    let dir = folder(&[("f.json", "[]")]);
    for verb in VERBS {
        let run = ocpi(dir.path(), &[verb, &["f.json"]].concat());
        assert_eq!(run.code, 0, "{verb:?}: {run:?}");
    }
}

/// A frame that is not OCPI's, and `null` among the objects, are told by every verb: as findings, or beside its output.
#[test]
fn what_stands_around_the_objects_is_told() {
    for (text, rule) in [(r#"{"items":[]}"#, "env.frame"), ("[null]", "val.null_in_list")] {
        let dir = folder(&[("f.json", text)]);
        for verb in VERBS {
            let run = ocpi(dir.path(), &[verb, &["f.json"]].concat());
            let judges = ["read", "check"].contains(&verb[0]);
            assert_eq!(run.code, i32::from(judges), "{text} {verb:?}: {run:?}");
            assert_eq!(run.out.contains(rule), judges, "{text} {verb:?}: {run:?}");
            assert_eq!(run.err.matches(rule).count(), usize::from(!judges), "{text} {verb:?}: {run:?}");
        }
    }
}

/// Pages one after another are one input, as long as each is one.
#[test]
fn pages_may_stand_on_lines() {
    let page =
        |data: &str| format!(r#"{{"data":{data},"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"}}"#);
    let two = page(&format!("[{LOCATION},{}]", LOCATION.replace("LOC1", "LOC3")));
    let last = page(&format!("[{}]", deviant()));
    let text = [&*two, &page("[]"), &last].join("\n");
    assert_eq!(check(&text), (3, vec!["f.json 2 /publish bool.string error".to_owned()]));
    let single = [page(LOCATION), page(&deviant())].join("\n");
    assert_eq!(check(&single), (2, vec!["f.json 1 /publish bool.string error".to_owned()]));
    let bare =
        check(&format!("{{\"data\":[{LOCATION}]}}\n{{\"data\":[{}]}}", LOCATION.replace("LOC1", "LOC3")));
    let lacks = ["/status_code", "/timestamp"].map(|at| format!("f.json null {at} env.missing error"));
    assert_eq!(bare, (2, [lacks.clone(), lacks].concat()));
    for other in [
        page("null"),
        r#"{"status_code":2001,"status_message":"nope"}"#.to_owned(),
        r#"{"error":"gone"}"#.to_owned(),
        "7".to_owned(),
    ] {
        for text in [format!("{two}\n{other}"), format!("{other}\n{two}")] {
            let dir = folder(&[("f.json", &text)]);
            let run = ocpi(dir.path(), &["check", "--as", "location", "f.json"]);
            assert_eq!(run.code, 3, "{text}: {run:?}");
        }
    }
}
