//! Results as text and as JSON.

use serde_json::json;

use crate::{LOCATION, deviant, folder, ocpi, run};

#[test]
fn json_has_the_agreed_members() {
    let dir = folder(&[("f.json", &format!("[{LOCATION},{}]", deviant()))]);
    let run = ocpi(dir.path(), &["check", "f.json", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let expected = json!({
        "items": 2,
        "conformant": 1,
        "findings": [{
            "file": "f.json",
            "item": 1,
            "id": "LOC2",
            "pointer": "/publish",
            "rule": "bool.string",
            "severity": "error",
            "message": "a boolean is not written as true or false",
        }],
    });
    assert_eq!(run.json(), expected);
}

#[test]
fn text_is_grouped_and_ends_with_a_summary() {
    let odd = deviant().replace("\"city\"", "\"color\":1,\"city\"");
    let dir = folder(&[("f.json", &format!("[{LOCATION},{odd}]"))]);
    let run = ocpi(dir.path(), &["check", "f.json", "--version", "2.2.1", "--as", "location"]);
    assert_eq!(run.code, 1, "{run:?}");
    let expected = "\
error: a boolean is not written as true or false [bool.string]
  /publish
    f.json item 1 (LOC2)

info: the specification has no such member [ext.unknown_field]
  /color
    f.json item 1 (LOC2)

2 locations in 1 file: 1 of 2 conform; 1 error, 0 warnings, 1 info
";
    assert_eq!(run.out, expected);
}

#[test]
fn informative_findings_do_not_count_against_an_item() {
    let dir = folder(&[("f.json", &LOCATION.replace("\"city\"", "\"color\":1,\"city\""))]);
    let run = ocpi(dir.path(), &["check", "f.json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.out.ends_with("\n1 location in 1 file: all conform; 0 errors, 0 warnings, 1 info\n"),
        "{run:?}"
    );
}

#[test]
fn colours_are_for_terminals() {
    let dir = folder(&[("f.json", &deviant())]);
    let escapes = |variables: &[(&str, &str)]| {
        let run = run(dir.path(), &["check", "f.json", "missing.json"], variables, b"");
        assert_eq!(run.code, 3, "{run:?}");
        (run.out.contains('\u{1b}'), run.err.contains('\u{1b}'))
    };
    assert_eq!(escapes(&[]), (false, false));
    assert_eq!(escapes(&[("CLICOLOR_FORCE", "1")]), (true, true));
    assert_eq!(escapes(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), (false, false));
}

#[test]
fn a_partners_text_does_not_steer_the_terminal() {
    let evil = LOCATION.replace("\"city\"", r#""\u001b[2J":1,"city""#).replace("LOC1", r"\u001b[2J");
    let dir = folder(&[("f.json", &evil)]);
    let run = run(dir.path(), &["check", "f.json"], &[("CLICOLOR_FORCE", "1")], b"");
    assert!(run.out.contains(r"/\u{1b}[2J"), "{run:?}");
    assert!(!run.out.contains("\u{1b}[2J"), "{run:?}");
}
