//! Texts as partners really send them: each with the reading and the findings that are expected of it.
//!
//! `corpus/<row>.txt` holds the cases of a row, in the format that `corpus/README.md` describes; the deviant fixtures
//! are files of their own, each beside one that ends in `.expected`. With `OCPI_BLESS=1` in the environment the
//! expected outcomes are rewritten, and nothing else; then read the difference.

mod row;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use ocpi_types::json::{self, Decoder, Head, Item, Progress, Reading};
use ocpi_types::{Finding, Ruleset, Value, Version, Versions, check_ruleset};

use crate::registry;

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

#[test]
fn every_case_is_read_as_expected() {
    let is_blessing = std::env::var_os("OCPI_BLESS").is_some();
    let mut results = Results::default();
    for (path, text) in rows() {
        let cases = cases(&path, &text);
        let mut outcomes = Vec::new();
        for case in &cases {
            let place = format!("{}:{}", path.display(), case.line);
            let outcome = outcome_of(&place, &case.version, &case.object, &case.sent);
            results.compare(&place, &outcome, &text[case.outcome.clone()]);
            outcomes.push(outcome);
        }
        if is_blessing {
            fs::write(&path, row::bless(&text, &cases, &outcomes)).expect("it is written");
        }
    }
    for path in deviants() {
        let place = path.display().to_string();
        let object = name_of(Some(&path)).trim_end_matches(".deviant.json");
        let sent = fs::read(&path).expect("it is read");
        let outcome = outcome_of(&place, name_of(path.parent()), object, &sent);
        let file = path.with_extension("expected");
        let expected = fs::read_to_string(&file).unwrap_or_default();
        let (title, expected) = expected.split_at(expected.find('\n').map_or(0, |end| end + 1));
        assert!(title.starts_with('#'), "{} does not say what it shows", file.display());
        results.compare(&place, &outcome, expected);
        if is_blessing {
            fs::write(&file, title.to_owned() + &outcome).expect("it is written");
        }
    }
    let Results { cases, verdicts, wrong } = results;
    println!("corpus: {cases} cases; items {verdicts:?}");
    assert!(is_blessing || wrong.is_empty(), "{} are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases >= 300, "there are {cases} cases only");
}

#[test]
#[ignore = "writes each text that is sent into the folder `OCPI_SEEDS`, where the fuzz targets take it from"]
fn seeds() {
    let folder = PathBuf::from(std::env::var_os("OCPI_SEEDS").expect("`OCPI_SEEDS` names a folder"));
    fs::create_dir_all(&folder).expect("the folder is made");
    for (path, text) in rows() {
        for case in cases(&path, &text) {
            let name = format!("{}.{}.{}.{}", name_of(Some(&path)), case.version, case.object, case.name);
            fs::write(folder.join(name), case.sent).expect("it is written");
        }
    }
}

#[derive(Default)]
struct Results {
    cases: usize,
    verdicts: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Results {
    fn compare(&mut self, place: &str, outcome: &str, expected: &str) {
        self.cases += 1;
        for line in outcome.lines() {
            if let Some(verdict) = line.strip_prefix("item ").and_then(|line| line.split(' ').nth(1)) {
                *self.verdicts.entry(verdict.to_owned()).or_default() += 1;
            }
        }
        if outcome != expected {
            self.wrong.push(format!("{place}:\n{outcome}"));
        }
    }
}

/// Files of the rows, with their texts.
fn rows() -> impl Iterator<Item = (PathBuf, String)> {
    let files = entries(&Path::new(TESTS).join("corpus")).into_iter();
    files.filter(|path| path.extension().is_some_and(|it| it == "txt")).map(|path| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, text)
    })
}

fn cases(path: &Path, text: &str) -> Vec<row::Case> {
    row::parse(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Deviant fixtures.
fn deviants() -> impl Iterator<Item = PathBuf> {
    let folders = entries(&Path::new(TESTS).join("fixtures")).into_iter().filter(|path| path.is_dir());
    folders
        .flat_map(|folder| entries(&folder))
        .filter(|path| path.to_string_lossy().ends_with(".deviant.json"))
}

fn entries(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn name_of(path: Option<&Path>) -> &str {
    path.and_then(Path::file_name).and_then(|name| name.to_str()).expect("a name")
}

fn outcome_of(place: &str, version: &str, object: &str, sent: &[u8]) -> String {
    let version: Version = version.parse().unwrap_or_else(|_| panic!("{place}: no such version"));
    let objects = registry::objects(version);
    let entry = objects.iter().find(|entry| snake(entry.info.name) == object);
    let entry = entry.unwrap_or_else(|| panic!("{place}: no such object"));
    let profile = match entry.documents {
        Versions::PAYMENTS => &Ruleset::V2_3_0_PAYMENTS,
        Versions::BOOKINGS => &Ruleset::V2_3_0_BOOKINGS,
        _ => Ruleset::of(version),
    };
    (entry.read)(sent, profile)
}

/// `CdrLocation` as `cdr_location`, `EVSE` as `evse`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let before =
            place.checked_sub(1).and_then(|place| letters.get(place)).is_some_and(|c| c.is_lowercase());
        let after = letters.get(place + 1).is_some_and(|c| c.is_lowercase());
        if place > 0 && letter.is_uppercase() && (before || after) {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// Outcome of reading a text, in lines. Read as a whole and piece by piece, which must be the same.
pub(crate) fn outcome<T: Value>(text: &[u8], profile: &'static Ruleset) -> String {
    let whole = pieces::<T>(text, text.len().max(1));
    let counts = counted(&whole);
    let whole = describe(whole, profile);
    for size in [1, 7, 64] {
        assert_eq!(describe(pieces::<T>(text, size), profile), whole, "in pieces of {size}");
    }
    // Objects that stand on lines of their own may break off one by one; a list reads all or nothing.
    if let Ok(document) = json::read_document::<T>(text) {
        let list = document.list;
        // The status of a failure may stand behind its data: who reads the whole knows in time.
        let due = if document.head.is_failure() { (0, 0, 0) } else { counts };
        assert_eq!((list.items.len(), list.partial.len(), list.rejected.len()), due);
    }
    whole
}

type Pieces<T> = (Vec<Item<T>>, Head, Option<json::Error>);

fn pieces<T: Value>(text: &[u8], size: usize) -> Pieces<T> {
    let mut decoder = Decoder::<T>::new();
    let (mut items, mut error) = (Vec::new(), None);
    let mut chunks = text.chunks(size);
    loop {
        match decoder.next() {
            Ok(Progress::Item(item)) => items.push(item),
            Ok(Progress::Done) => break,
            Ok(Progress::NeedsMore) => match chunks.next() {
                Some(chunk) => decoder.push(chunk),
                None => decoder.finish(),
            },
            Err(failed) => {
                error = Some(failed);
                break;
            }
        }
    }
    let head = decoder.head().clone();
    (items, head, error)
}

fn counted<T>((items, _, _): &Pieces<T>) -> (usize, usize, usize) {
    let count = |is: fn(&Reading<T>) -> bool| items.iter().filter(|item| is(&item.reading)).count();
    (
        count(|reading| matches!(reading, Reading::Whole(_))),
        count(|reading| matches!(reading, Reading::Partial(_))),
        count(|reading| matches!(reading, Reading::Unreadable(_))),
    )
}

/// Writing to a text does not fail.
fn describe<T: Value>((items, head, error): Pieces<T>, profile: &'static Ruleset) -> String {
    let mut out = String::new();
    if !head.findings.is_empty() {
        out += "document\n";
        lines(&mut out, "read", &head.findings);
    }
    for item in items {
        let _ = writeln!(out, "item {} {}", item.index, item.verdict().as_str());
        lines(&mut out, "read", &item.findings);
        let value = match item.reading {
            Reading::Whole(value) => value,
            Reading::Partial(partial) => partial.into_value(),
            Reading::Unreadable(raw) => {
                let _ = writeln!(out, "  = {}", on_one_line(raw.as_str()));
                continue;
            }
        };
        let known = |found: &Finding| {
            item.findings.iter().any(|read| (&read.pointer, read.rule) == (&found.pointer, found.rule))
        };
        let checked: Vec<Finding> =
            check_ruleset(&value, profile).into_iter().filter(|found| !known(found)).collect();
        lines(&mut out, "check", &checked);
        let _ = writeln!(out, "  = {}", on_one_line(&json::to_string(&value)));
    }
    if let Some(error) = error {
        let _ = writeln!(out, "{}", format!("failed {} {}", error.rule().id(), error.pointer()).trim_end());
    }
    out
}

fn on_one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn lines(out: &mut String, kind: &str, findings: &[Finding]) {
    for finding in findings {
        let line = format!("  {kind} {} {}", finding.rule.id(), finding.pointer);
        let _ = writeln!(out, "{}", line.trim_end());
    }
}
