//! Lines of each task, counted between its markers and kept in `TASKS.md`. `OCPI_BLESS=1` rewrites the file.

use std::fmt::Write as _;
use std::path::Path;

/// A task: its number, its name, the number of lines that are wanted, its file and the source of that.
type Task = (&'static str, &'static str, usize, &'static str, &'static str);

macro_rules! tasks {
    ($($number:literal $name:literal $wanted:literal $file:literal;)+) => {
        [$(($number, $name, $wanted, $file, include_str!(concat!("../../", $file)))),+]
    };
}

#[rustfmt::skip]
const TASKS: [Task; 16] = tasks! {
    "1" "Read a feed; print free CCS connectors with their price" 10 "tests/tasks/task_01_feed.rs";
    "2" "Fetch a partner's Locations with a token" 3 "tests/tasks/task_02_fetch.rs";
    "3" "Be an eMSP: register, keep copies, serve" 10 "tests/tasks/task_03_emsp.rs";
    "4" "React to each change" 5 "tests/tasks/task_04_react.rs";
    "5" "Decide about a token in real time" 8 "tests/tasks/task_05_authorize.rs";
    "6" "Start a session and await its result" 3 "tests/tasks/task_06_start.rs";
    "7" "Publish a status" 1 "tests/tasks/task_07_status.rs";
    "8" "Let partners start, stop, reserve, unlock" 12 "tests/tasks/task_08_chargers.rs";
    "9" "Send a CDR; it arrives once" 1 "tests/tasks/task_09_cdr.rs";
    "10" "Audit a CDR" 3 "tests/tasks/task_10_audit.rs";
    "11 hyper" "Mount the router on plain hyper" 5 "tests/tasks/task_11_mount.rs";
    "11 actix" "Mount the router on actix-web" 5 "actix/src/main.rs";
    "11 cloud" "Mount the router on a function in the cloud" 10 "examples/serve_call.rs";
    "12" "Keep objects in a database of one's own" 120 "tests/tasks/task_12_store.rs";
    "13" "Add a module that OCPI does not have" 40 "src/own_module.rs";
    "14" "Test against a partner that misbehaves" 3 "tests/tasks/task_14_misbehave.rs";
};

const HEAD: &str = "# Tasks

What people do with the library, and the number of lines that it takes: between the markers `[task]` and `[end]` of a file, or
of a whole file, without blank lines, imports and doc comments. The test `tasks` runs each; those of actix-web and the cloud are run by the
tests of their examples. `OCPI_BLESS=1 cargo test -p examples --test tasks` writes this table.

| Task | | Lines | Goal |
|---|---|---|---|
";

/// The part of a source between `// [task]` and `// [end]`, or all of it.
fn part(source: &str) -> &str {
    let from_marker = source.split_once("// [task]\n").map_or(source, |(_, rest)| rest);
    from_marker.split_once("// [end]").map_or(from_marker, |(task, _)| task)
}

/// Number of lines that are neither blank, nor imports, nor docs of a file.
fn lines(source: &str) -> usize {
    let counts = |line: &&str| {
        let line = line.trim();
        !(line.is_empty() || line.starts_with("use ") || line.starts_with("//!") || line.starts_with("///"))
    };
    part(source).lines().filter(counts).count()
}

fn table() -> String {
    let mut text = String::from(HEAD);
    for (number, name, wanted, file, source) in TASKS {
        let now = lines(source);
        println!("task {number}: {now} lines (wanted {wanted})");
        let _ = writeln!(text, "| {number} | [{name}]({file}) | {now} | {wanted} |");
    }
    text
}

#[test]
fn the_table_is_true() {
    let (path, text) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("TASKS.md"), table());
    if std::env::var_os("OCPI_BLESS").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, kept, "OCPI_BLESS=1 writes {}", path.display());
}

#[test]
fn blank_lines_imports_and_what_is_outside_the_markers_do_not_count() {
    assert_eq!(
        lines("use a;\nlet outside = 1;\n// [task]\nuse b;\nlet a = 1;\n\n}\n// [end]\nlet b = 2;"),
        2
    );
    assert_eq!(lines("//! Docs.\nuse a;\nlet a = 1;\n"), 1);
}
