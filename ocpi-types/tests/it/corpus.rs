//! Texts as partners really send them, in small files: each with the reading and the findings that are expected of it.
//!
//! `corpus/<row>/<version>.<object>.<what>.json` is the text that was sent, and the file that ends in `.expected` holds
//! the outcome that it must have. Rows are named as in the list of deviations in `corpus/README.md`. With
//! `OCPI_BLESS=1` in the environment the expectations are rewritten, but for their first lines; then read the
//! difference.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use ocpi_types::json::{self, Decoder, Head, Item, Progress, Reading};
use ocpi_types::{Finding, Ruleset, Value, Version, Versions, check_ruleset};

use crate::registry;

/// A file of the corpus.
struct Case {
    path: PathBuf,
    version: Version,
    object: String,
}

#[test]
fn every_file_is_read_as_expected() {
    let bless = std::env::var_os("OCPI_BLESS").is_some();
    let cases = cases();
    let mut wrong = Vec::new();
    let mut verdicts = BTreeMap::<String, usize>::new();
    for case in &cases {
        let outcome = case.outcome();
        for line in outcome.lines() {
            if let Some(verdict) = line.strip_prefix("item ").and_then(|line| line.split(' ').nth(1)) {
                *verdicts.entry(verdict.to_owned()).or_default() += 1;
            }
        }
        let file = case.path.with_extension("expected");
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        let why: String =
            expected.lines().take_while(|line| line.starts_with('#')).map(|l| l.to_owned() + "\n").collect();
        let outcome = why.clone() + &outcome;
        assert!(!why.is_empty(), "{} does not say what it shows", file.display());
        if bless {
            std::fs::write(&file, &outcome).expect("it is written");
        } else if outcome != expected {
            wrong.push(format!("{}:\n{outcome}", case.path.display()));
        }
    }
    println!("corpus: {} files; items {verdicts:?}", cases.len());
    assert!(wrong.is_empty(), "{} files are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases.len() >= 300, "there are {} files only", cases.len());
}

/// All files: those of the corpus proper, and the deviant fixtures.
fn cases() -> Vec<Case> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut cases = Vec::new();
    for row in folders(&tests.join("corpus")) {
        for path in files(&row) {
            let name = stem(&path);
            let (version, rest) = name.split_at(5);
            let object = rest[1..].split('.').next().unwrap_or_default().to_owned();
            cases.push(Case { version: version.parse().expect("a version"), object, path });
        }
    }
    for folder in folders(&tests.join("fixtures")) {
        let version: Version = stem_of(&folder).parse().expect("a version");
        for path in files(&folder) {
            if let Some(object) = stem(&path).strip_suffix(".deviant") {
                cases.push(Case { version, object: object.to_owned(), path: path.clone() });
            }
        }
    }
    cases
}

fn folders(path: &Path) -> Vec<PathBuf> {
    entries(path).into_iter().filter(|path| path.is_dir()).collect()
}

fn files(path: &Path) -> Vec<PathBuf> {
    entries(path).into_iter().filter(|path| path.extension().is_some_and(|it| it == "json")).collect()
}

fn entries(path: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned()
}

fn stem_of(folder: &Path) -> String {
    folder.file_name().and_then(|name| name.to_str()).expect("a name").to_owned()
}

impl Case {
    fn outcome(&self) -> String {
        let is_it = |name: &str| snake(name) == self.object;
        let objects = registry::objects(self.version);
        let entry = objects.iter().find(|entry| is_it(entry.info.name));
        let entry = entry.unwrap_or_else(|| panic!("{}: no such object", self.path.display()));
        let profile = if entry.documents == Versions::PAYMENTS {
            &Ruleset::V2_3_0_PAYMENTS
        } else if entry.documents == Versions::BOOKINGS {
            &Ruleset::V2_3_0_BOOKINGS
        } else {
            Ruleset::of(self.version)
        };
        (entry.read)(&std::fs::read(&self.path).expect("it is read"), profile)
    }
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
    let whole = describe(pieces::<T>(text, text.len().max(1)), profile);
    for size in [1, 7, 64] {
        assert_eq!(describe(pieces::<T>(text, size), profile), whole, "in pieces of {size}");
    }
    // Objects that stand on lines of their own may break off one by one; a list reads all or nothing.
    if let Ok(document) = json::read_document::<T>(text) {
        let counts = (document.list.items.len(), document.list.partial.len(), document.list.rejected.len());
        // The status of a failure may stand behind its data: who reads the whole knows in time.
        let due = if document.head.is_failure() {
            (0, 0, 0)
        } else {
            counted(&pieces::<T>(text, text.len().max(1)))
        };
        assert_eq!(counts, due);
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
