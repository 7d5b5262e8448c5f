//! Measures every contender over every page, all in one run, and writes the table: `table [ROUNDS] [OUT]`.
//!
//! In each round every contender runs once, so that what slows the machine down slows all of them. A ratio is the
//! median of the ratios in each round.

use std::fmt::Write;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use ocpi_bench::contenders::{self, Contender, Encoder, kit_patch_prepared};
use ocpi_bench::{client, data, ours, pages};

const KINDS: [&str; 3] = ["locations", "cdrs", "tariffs"];
const VERSIONS: [&str; 2] = ["2.2.1", "2.3.0"];
const BASE: &str = "plain from_slice";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().map_or(11, |rounds| rounds.parse().expect("a number of rounds"));
    let out = arguments.next();
    let mut table = String::from("# What reading and writing costs\n\n");
    let _ = writeln!(
        table,
        "Written by `just bench`: {}. MB/s is that of the median round; a ratio above 1 means that the\n\
         contender is that many times as fast as `{BASE}` (for writing: as `plain`). Dropping what was read counts.\n\
         Pages have {} objects.\n",
        ocpi_bench::circumstances(rounds),
        pages::OBJECTS
    );
    for kind in KINDS {
        for version in VERSIONS {
            reading(&mut table, kind, version, rounds);
            writing(&mut table, kind, version, rounds);
        }
    }
    special(&mut table, rounds);
    print!("{table}");
    if let Some(out) = out {
        std::fs::write(out, table).expect("the table is written");
    }
}

fn reading(table: &mut String, kind: &str, version: &str, rounds: usize) {
    let page = pages::page(kind, version);
    let all: Vec<Contender> = [contenders::all(), ours::all()]
        .concat()
        .into_iter()
        .filter(|it| (it.kind, it.version) == (kind, version))
        .collect();
    let runs: Vec<Run> = all
        .iter()
        .map(|it| {
            let (decode, page) = (it.decode, page.as_str());
            let run: Box<dyn Fn() + '_> = Box::new(move || drop(black_box(decode(black_box(page)))));
            (it.name, run)
        })
        .collect();
    let _ = writeln!(table, "## Reading {kind}, {version} ({:.2} MB)\n", page.len() as f64 / 1e6);
    table.push_str("| contender | MB/s | ratio | allocations per object | kept per object | peak |\n|---|--:|--:|--:|--:|--:|\n");
    for (name, rate, ratio) in measured(&runs, BASE, page.len(), rounds) {
        let memory = memory(name, kind, version);
        let _ = writeln!(table, "| {name} | {rate:.0} | {ratio:.2} | {memory} |");
    }
    table.push('\n');
}

/// Allocations and bytes, measured by a program of its own, because counting takes time.
fn memory(name: &str, kind: &str, version: &str) -> String {
    let program = std::env::current_exe().expect("this program").with_file_name("memory");
    let counted = Command::new(program).args([name, kind, version]).output();
    let Some(output) = counted.ok().filter(|output| output.status.success()) else {
        return "not measured | |".to_owned();
    };
    let numbers: Vec<f64> =
        String::from_utf8_lossy(&output.stdout).split_whitespace().filter_map(|it| it.parse().ok()).collect();
    let [blocks, kept, peak] = numbers.as_slice() else { return "not measured | |".to_owned() };
    let objects = pages::OBJECTS as f64;
    format!("{:.1} | {:.0} B | {:.1} MB", blocks / objects, kept / objects, peak / 1e6)
}

fn writing(table: &mut String, kind: &str, version: &str, rounds: usize) {
    let page = pages::page(kind, version);
    let all: Vec<Encoder> = [contenders::encoders(), ours::encoders()]
        .concat()
        .into_iter()
        .filter(|it| (it.kind, it.version) == (kind, version))
        .collect();
    let runs: Vec<Run> = all
        .iter()
        .map(|it| {
            let encode = (it.prepare)(&page);
            let run: Box<dyn Fn()> = Box::new(move || drop(black_box(encode())));
            (it.name, run)
        })
        .collect();
    let _ = writeln!(table, "## Writing {kind}, {version}\n");
    table.push_str("| contender | MB/s | ratio |\n|---|--:|--:|\n");
    for (name, rate, ratio) in measured(&runs, "plain", page.len(), rounds) {
        let _ = writeln!(table, "| {name} | {rate:.0} | {ratio:.2} |");
    }
    table.push('\n');
}

/// Adds the measurements of special pages and tasks: dirty pages, other spellings, the check, PATCH, and large pages.
fn special(table: &mut String, rounds: usize) {
    let page = pages::page("locations", "2.2.1");
    let all = [contenders::all(), ours::all()].concat();
    let decode = |name: &str| {
        let is_it = |it: &&Contender| (it.name, it.kind, it.version) == (name, "locations", "2.2.1");
        all.iter().find(is_it).expect("a contender").decode
    };
    table.push_str("## Other pages of locations, 2.2.1\n\n");
    table.push_str("| what | MB/s | ratio |\n|---|--:|--:|\n");
    let dirty = data::dirty(&page);
    let plain = decode(BASE);
    let tolerant = decode("ours, tolerant");
    let runs: Vec<Run> = vec![
        (BASE, Box::new(|| drop(black_box(plain(&page))))),
        (
            "every object deviates, ours, tolerant, pointers ready",
            Box::new(|| drop(black_box(tolerant(&dirty)))),
        ),
    ];
    rows(table, measured(&runs, BASE, page.len(), rounds));
    let pretty = data::sorted_pretty(&page);
    let runs: Vec<Run> = vec![
        ("sorted and pretty, plain from_slice", Box::new(|| drop(black_box(plain(&pretty))))),
        ("sorted and pretty, ours, tolerant", Box::new(|| drop(black_box(tolerant(&pretty))))),
    ];
    rows(table, measured(&runs, "sorted and pretty, plain from_slice", pretty.len(), rounds));

    table.push_str(&streamed());
    table.push_str("\n## From the body of an answer to locations of 2.3.0\n\n");
    table.push_str("| what | MB/s | ratio |\n|---|--:|--:|\n");
    let body = client::body(&pages::page("locations", "2.3.0"));
    let runs: Vec<Run> = vec![
        ("the client of ocpi-kit, 2.3.0", Box::new(|| drop(black_box(client::kit(&body))))),
        ("ours, 2.3.0", Box::new(|| drop(black_box(client::own(&body))))),
    ];
    rows(table, measured(&runs, "the client of ocpi-kit, 2.3.0", body.len(), rounds));
    let older = client::body(&page);
    let runs: Vec<Run> = vec![
        ("the client of ocpi-kit, from 2.2.1", Box::new(|| drop(black_box(client::kit_from_2_2_1(&older))))),
        ("ours, from 2.2.1", Box::new(|| drop(black_box(client::own_from_2_2_1(&older))))),
    ];
    rows(table, measured(&runs, "the client of ocpi-kit, from 2.2.1", older.len(), rounds));
    table.push_str("\n## From locations of 2.3.0 to an answer in 2.2.1\n\n");
    table.push_str("| what | MB/s | ratio |\n|---|--:|--:|\n");
    let newer = pages::page("locations", "2.3.0");
    let (kit, own) = (client::kit_serving_2_2_1(&newer), client::own_serving_2_2_1(&newer, rounds + 1));
    let runs: Vec<Run> = vec![
        ("the server of ocpi-kit", Box::new(|| drop(black_box(kit())))),
        ("ours", Box::new(|| drop(black_box(own())))),
    ];
    rows(table, measured(&runs, "the server of ocpi-kit", newer.len(), rounds));

    table.push_str(
        "\n## Check and PATCH, locations of 2.2.1\n\n| what | µs per object | ratio |\n|---|--:|--:|\n",
    );
    let (kit_read, kit_both) = (decode("ocpi-kit"), decode("ocpi-kit + validate"));
    let check = ours::check_prepared(&page);
    let runs: Vec<Run> = vec![
        ("ocpi-kit, read", Box::new(|| drop(black_box(kit_read(&page))))),
        ("ocpi-kit, read and validate", Box::new(|| drop(black_box(kit_both(&page))))),
        (
            "ours, check",
            Box::new(|| {
                black_box(check());
            }),
        ),
    ];
    times(table, &runs, "ours, check", pages::OBJECTS, rounds);
    let location = page[1..].split("},{\"country_code\"").next().map(|first| format!("{first}}}"));
    let location = location.filter(|text| serde_json::from_str::<serde_json::Value>(text).is_ok());
    if let Some(location) = location {
        let kit = kit_patch_prepared(&location, pages::PATCH);
        let own = ours::patch_prepared(&location, pages::PATCH);
        let in_place = ours::patch_in_place_prepared(&location, pages::PATCH);
        const TIMES: usize = 200;
        let runs: Vec<Run> = vec![
            ("ocpi-kit, PATCH", Box::new(move || (0..TIMES).for_each(|_| kit()))),
            ("ours, PATCH of a clone", Box::new(move || (0..TIMES).for_each(|_| own()))),
            ("ours, PATCH in place", Box::new(move || (0..TIMES).for_each(|_| in_place()))),
        ];
        times(table, &runs, "ocpi-kit, PATCH", TIMES, rounds);
    }
}

/// A gigabyte through a process of its own.
fn streamed() -> String {
    let program = std::env::current_exe().expect("this program").with_file_name("stream");
    let output = Command::new(program).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<&str> = text.split_whitespace().collect();
    let [objects, rate, ratio, peak] = numbers.as_slice() else { return "not measured\n".to_owned() };
    format!(
        "\n1 GB of an answer, {objects} objects, streamed: {rate} MB/s, {ratio} times as fast as a page in memory; the\n\
         process, with the generator and its page of 3 MB, had {peak} MB at most.\n"
    )
}

type Run<'a> = (&'static str, Box<dyn Fn() + 'a>);

fn rows(table: &mut String, measured: Vec<(&'static str, f64, f64)>) {
    for (name, rate, ratio) in measured {
        let _ = writeln!(table, "| {name} | {rate:.0} | {ratio:.2} |");
    }
}

fn times(table: &mut String, runs: &[Run], base: &str, objects: usize, rounds: usize) {
    for (name, rate, ratio) in measured(runs, base, objects, rounds) {
        let _ = writeln!(table, "| {name} | {:.2} | {ratio:.2} |", 1.0 / rate);
    }
}

/// Of each: millions of units per second, and how many times as fast as the base.
fn measured(runs: &[Run], base: &str, units: usize, rounds: usize) -> Vec<(&'static str, f64, f64)> {
    let mut seconds: Vec<Vec<f64>> = vec![Vec::new(); runs.len()];
    for round in 0..=rounds {
        for ((_, run), seconds) in runs.iter().zip(&mut seconds) {
            let start = Instant::now();
            run();
            // The first round warms up.
            if round > 0 {
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
    }
    let base = runs.iter().position(|(name, _)| *name == base).expect("the base is among them");
    let base = seconds[base].clone();
    let result = |(name, own): (&'static str, &Vec<f64>)| {
        let ratios = base.iter().zip(own).map(|(base, own)| base / own).collect();
        (name, units as f64 / median(own.clone()) / 1e6, median(ratios))
    };
    runs.iter().map(|(name, _)| *name).zip(&seconds).map(result).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
