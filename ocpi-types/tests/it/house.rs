//! Rules of the house, which no compiler knows: they are about the source of all packages of the workspace.

mod circles;
mod imports;
mod modules;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use self::circles::Circle;
use self::modules::Package;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Packages of the workspace, ours first.
const PACKAGES: &[&str] = &[
    "ocpi-types",
    "ocpi-client",
    "ocpi-server-traits",
    "ocpi-conformance",
    "ocpi-pricing",
    "ocpi-store",
    "ocpi-platform",
    "ocpi-sandbox",
    "ocpi-cli",
    "ocpi-testkit",
    "examples",
    "interop",
];

/// Folders beside the workspace, with packages of their own.
const OUTSIDE: &[&str] = &["bench", "fuzz"];

/// Words that begin a question, where the name of a thing should stand.
const QUESTIONS: &[&str] = &["What", "Who", "Whose", "Why", "How"];

/// Most lines that a file may have.
const LINES: usize = 500;

/// Circles of today, by package. None may be added.
const KNOWN: &[(&str, &[&str])] = &[];

/// Files that may be longer.
const TABLES: &[&str] = &[
    // Declarations and tables.
    "ocpi-types/src/finding.rs",
    "ocpi-types/src/standards/places.rs",
    "ocpi-types/src/v2_2_1/locations.rs",
];

#[test]
fn first_lines_name_the_thing() {
    let mut wrong = Vec::new();
    for file in all_files() {
        for (line, text) in openings(&file.text) {
            if QUESTIONS.contains(&first_word(text)) {
                wrong.push(format!("{}:{line}: {text}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{} comments begin with a question:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_new_circles() {
    if !is_whole() {
        return;
    }
    let found: Vec<_> = PACKAGES.iter().flat_map(|&package| circles(package)).collect();
    let mut known = known();
    let mut wrong = Vec::new();
    for (package, Circle { name, uses }) in &found {
        println!("{package}: {name}");
        if !known.contains(&(*package, &**name)) {
            wrong.push(format!("new circle: {package}: {name}, through {uses}"));
        }
    }
    known.retain(|(package, known)| !found.iter().any(|(of, circle)| of == package && circle.name == *known));
    wrong.extend(known.iter().map(|(package, name)| format!("{package}: {name} is gone: take it out")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    let files = all_files();
    let mut wrong = Vec::new();
    let mut long = BTreeSet::new();
    for file in files.iter().filter(|file| file.path.contains("/src/")) {
        let lines = file.text.lines().count();
        if lines > LINES {
            long.insert(&*file.path);
            if !TABLES.contains(&&*file.path) {
                wrong.push(format!("{} has {lines} lines, more than {LINES}", file.path));
            }
        }
    }
    if !files.is_empty() {
        let short = TABLES.iter().filter(|table| !long.contains(**table));
        wrong.extend(short.map(|table| format!("{table} is not long any more: take it out")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Circles of a package, with its name.
fn circles(package: &str) -> impl Iterator<Item = (&str, Circle)> {
    let files = files(&[&format!("{package}/src")]);
    Package::new(&files).graph().circles().into_iter().map(move |circle| (package, circle))
}

/// Known circles, each with the name of its package.
fn known() -> BTreeSet<(&'static str, &'static str)> {
    KNOWN.iter().flat_map(|(package, circles)| circles.iter().map(|circle| (*package, *circle))).collect()
}

/// A file with source, its path as from the root of the workspace.
struct File {
    path: String,
    text: String,
}

/// All files with source, tests and measurements too; none when our package has no neighbours.
fn all_files() -> Vec<File> {
    if is_whole() { files(&[PACKAGES, OUTSIDE].concat()) } else { Vec::new() }
}

/// Whether the whole workspace is here, and not only our package as it is published.
fn is_whole() -> bool {
    let is_whole = PACKAGES[1..].iter().any(|neighbour| Path::new(ROOT).join(neighbour).is_dir());
    if !is_whole {
        println!("skipped: the other packages are not here");
    }
    is_whole
}

/// Files with source in folders, in the order of their paths.
fn files(folders: &[&str]) -> Vec<File> {
    let mut files = Vec::new();
    for folder in folders {
        collect(&Path::new(ROOT).join(folder), &mut files);
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn collect(folder: &Path, files: &mut Vec<File>) {
    for path in entries(folder) {
        if path.is_dir() && !path.ends_with("target") {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a file with source is text");
            let from_root = path.strip_prefix(ROOT).expect("it is below the root");
            let path = from_root.display().to_string().replace('\\', "/");
            files.push(File { path, text });
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("it can be listed").path()).collect()
}

/// First lines of the doc comments in a text: their numbers, and their words.
fn openings(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut before = None;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let comment = doc_comment(line);
        let mark = comment.map(|(mark, _)| mark);
        let is_opening = mark != std::mem::replace(&mut before, mark);
        comment.filter(|_| is_opening).map(|(_, words)| (index + 1, words))
    })
}

/// Mark and words of a line that is a doc comment.
fn doc_comment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (mark, words) = line.split_at_checked(3)?;
    let is_doc = mark == "//!" || (mark == "///" && !words.starts_with('/'));
    is_doc.then_some((mark, words.trim_start()))
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}
