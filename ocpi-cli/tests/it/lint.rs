//! `ocpi lint`.

use std::io::{Read, Write};

use serde_json::json;

use crate::price::TARIFF;
use crate::{LOCATION, folder, ocpi, run};

/// A restriction that changes nothing, and one that ends too early.
const ODD: &str = r#"{ "country_code": "NL", "party_id": "ALF", "id": "ODD", "currency": "EUR", "tax_included": "NO",
  "elements": [
    {"price_components": [{"type": "ENERGY", "price": 0.20, "step_size": 1}],
     "restrictions": {"start_time": "20:00", "end_time": "23:59", "min_kwh": 0}},
    {"price_components": [{"type": "ENERGY", "price": 0.30, "step_size": 1}]}],
  "last_updated": "2026-01-01T00:00:00Z" }"#;

fn neutral() -> String {
    ODD.replace(r#", "min_kwh": 0"#, "")
}

/// An error: the window is empty.
fn empty() -> String {
    ODD.replace("20:00", "23:59").replace("ODD", "EMPTY")
}

#[test]
fn findings_as_text() {
    let dir = folder(&[("odd.json", ODD)]);
    let run = ocpi(dir.path(), &["lint", "odd.json", "--version", "2.3.0"]);
    assert_eq!(run.code, 0, "{run:?}");
    let expected = "\
warning: the window ends at 23:59 [tariff.end_2359]
  /elements/*/restrictions/end_time
    odd.json ODD  /elements/0/restrictions/end_time  (--fix-prices: write \"00:00\")

info: a lower bound of 0 restricts nothing [tariff.idle_minimum]
  /elements/*/restrictions/min_kwh
    odd.json ODD  /elements/0/restrictions/min_kwh  (--fix: remove min_kwh)

1 tariff in 1 file; 0 errors, 1 warning, 1 info; 2 with a fix
";
    assert_eq!(run.out, expected);
    // Nothing was changed.
    assert_eq!(std::fs::read_to_string(dir.path().join("odd.json")).unwrap(), ODD);
}

#[test]
fn json_has_the_agreed_members() {
    let list = format!("[{TARIFF}, {}]", empty());
    let dir = folder(&[("t.json", &list)]);
    let run = ocpi(dir.path(), &["lint", "t.json", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let json = run.json();
    assert_eq!(json["items"], 2);
    let expected = [
        "t.json 1 /elements/0/restrictions/end_time tariff.empty_window error",
        "t.json 1 /elements/0/restrictions/end_time tariff.end_2359 warning",
        "t.json 1 /elements/0/restrictions/min_kwh tariff.idle_minimum info",
    ];
    assert_eq!(run.findings(), expected);
    assert!(json["findings"][0].get("fix").is_none(), "{json}");
    let fix = &json["findings"][1]["fix"];
    assert_eq!((&fix["price_neutral"], &fix["what"]), (&json!(false), &json!("write \"00:00\"")));
    let edit = &fix["edits"][0];
    let place = [&edit["start"], &edit["end"]].map(|at| usize::try_from(at.as_u64().unwrap()).unwrap());
    assert_eq!((&empty()[place[0]..place[1]], &edit["text"]), ("\"23:59\"", &json!("\"00:00\"")));
}

#[test]
fn dates_count_only_if_a_moment_is_given() {
    let old = TARIFF.replace("\"elements\"", r#""end_date_time":"2026-05-01T00:00:00Z","elements""#);
    let dir = folder(&[("t.json", &old)]);
    let found = |arguments: &[&str]| {
        let run = ocpi(dir.path(), &[&["lint", "t.json", "--format", "json"], arguments].concat());
        run.findings()
    };
    assert_eq!(found(&[]), [""; 0]);
    assert_eq!(found(&["--at", "2026-04-30T23:59:59Z"]), [""; 0]);
    assert_eq!(
        found(&["--at", "2026-05-01T00:00:00Z"]),
        ["t.json null /end_date_time tariff.expired warning"]
    );
    let run = ocpi(dir.path(), &["lint", "t.json", "--at", "soon"]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn fixing_changes_nothing_else_in_files_of_any_shape() {
    let shapes: [&dyn Fn(&str) -> String; 4] = [
        &|odd| odd.to_owned(),
        &|odd| format!(" [ {TARIFF} ,\n{odd} , {odd}]\n"),
        &|odd| {
            format!("{{ \"data\": [{odd}], \"status_code\": 1000, \"timestamp\": \"2026-01-01T00:00:00Z\"}}")
        },
        &|odd| format!("{TARIFF}\n{}\n", odd.replace('\n', " ")),
    ];
    for (option, fixed) in [("--fix", neutral()), ("--fix-prices", neutral().replace("23:59", "00:00"))] {
        for shape in shapes {
            let dir = folder(&[("t.json", &shape(ODD)), ("clean.json", TARIFF)]);
            let run = ocpi(dir.path(), &["lint", option, "."]);
            assert_eq!(run.code, 0, "{run:?}");
            let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
            assert_eq!((read("t.json"), read("clean.json").as_str()), (shape(&fixed), TARIFF));
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2);
            let again = ocpi(dir.path(), &["lint", option, ".", "--format", "json"]);
            assert_eq!((&again.json()["fixed"], read("t.json")), (&json!(0), shape(&fixed)));
        }
    }
}

#[test]
fn an_archive_stays_one() {
    let dir = folder(&[]);
    let path = dir.path().join("t.json.gz");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(ODD.as_bytes()).unwrap();
    std::fs::write(&path, packer.finish().unwrap()).unwrap();
    let run = ocpi(dir.path(), &["lint", "--fix", "t.json.gz"]);
    assert!(run.code == 0 && run.out.contains("1 fixed"), "{run:?}");
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    assert_eq!(text, neutral());
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let dir = folder(&[]);
    let fixed = run(dir.path(), &["lint", "--fix", "-"], &[], ODD.as_bytes());
    assert_eq!((fixed.code, fixed.out), (0, neutral()));
    assert!(fixed.err.contains("[tariff.end_2359]") && fixed.err.contains("1 fixed"), "{}", fixed.err);
    let clean = run(dir.path(), &["lint", "--fix", "-"], &[], TARIFF.as_bytes());
    assert_eq!((clean.code, clean.out.as_str()), (0, TARIFF));
}

#[test]
fn what_cannot_be_read_is_said_and_left() {
    let broken = ODD.replace("0.30", "\"much\"");
    let list = format!("[{broken},{ODD}]");
    let dir =
        folder(&[("list.json", &list), ("cut.json", &ODD[..ODD.len() - 1]), ("location.json", LOCATION)]);
    let run = ocpi(dir.path(), &["lint", "--fix", "list.json", "cut.json", "location.json", "none.json"]);
    assert_eq!(run.code, 3, "{run:?}");
    // A price that cannot be read is a finding of its tariff.
    assert!(run.out.contains("/elements/1/price_components/0/price"), "{}", run.out);
    for said in ["error: cut.json: ", "location.json: not recognized as tariff", "none.json: "] {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    let odd = neutral();
    assert_eq!(read("list.json"), format!("[{},{odd}]", odd.replace("0.30", "\"much\"")));
    assert_eq!(read("cut.json"), ODD[..ODD.len() - 1]);
}

#[test]
fn the_rules_are_listed() {
    let dir = folder(&[]);
    let text = ocpi(dir.path(), &["lint", "--rules"]);
    assert!(
        text.code == 0 && text.out.contains("tariff.end_2359 (warning): the window ends at 23:59\n"),
        "{text:?}"
    );
    let json = ocpi(dir.path(), &["lint", "--rules", "--format", "json"]).json();
    assert_eq!(json["rules"].as_array().unwrap().len(), ocpi_pricing::lint::Rule::ALL.len());
    let usage = ocpi(dir.path(), &["lint"]);
    assert!(usage.code == 2 && usage.err.contains("<PATH>"), "{usage:?}");
}
