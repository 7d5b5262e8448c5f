//! Measures pricing beside the peers, all in one run, and writes the table: `pricing [ROUNDS] [OUT]`.

use std::fmt::Write;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use ocpi_bench::pricing::{self, DAY_AND_NIGHT, ZONE};
use ocpi_pricing::audit::{Audit, Case};
use ocpi_pricing::{Pricer, TariffModel, Usage};
use ocpi_types::{json, v2_2_1};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().map_or(9, |rounds| rounds.parse().expect("a number of rounds"));
    let out = arguments.next();
    let mut table = format!(
        "# What pricing costs\n\nWritten by `just bench-pricing`: {}. The ratio is that to ours:\nhow many times as long a peer \
         takes.\n\n",
        ocpi_bench::circumstances(rounds)
    );
    let audit = Audit::new().in_zone(ZONE.parse().expect("a zone"));
    typical(&mut table, &audit, rounds);
    long(&mut table, &audit);
    engine(&mut table, rounds);
    batch(&mut table, &audit, rounds);
    print!("{table}");
    if let Some(out) = out {
        std::fs::write(out, table).expect("the table is written");
    }
}

/// A CDR of eight periods, from its text to an audit.
fn typical(table: &mut String, audit: &Audit, rounds: usize) {
    let chosen = pricing::of_eight_periods();
    let texts: Vec<String> = chosen.iter().map(json::to_string).collect();
    let newer: Vec<String> = chosen.iter().map(pricing::as_2_3_0).collect();
    let runs: [(&str, Box<dyn Fn()>); 2] = [
        (
            "ours",
            Box::new(|| texts.iter().for_each(|text| assert_eq!(black_box(pricing::own(audit, text)), 0))),
        ),
        ("ocpi-kit", Box::new(|| newer.iter().for_each(|text| _ = black_box(pricing::kit(text))))),
    ];
    table.push_str("## A CDR of 8 periods, from JSON text to audited result\n\n| who | µs per CDR | ratio |\n|---|--:|--:|\n");
    let mut times = medians(&runs, rounds);
    times.push(other_process(&texts, rounds));
    let count = chosen.len() as f64;
    for (name, time) in ["ours", "ocpi-kit", "ocpi-tariffs"].iter().zip(&times) {
        let _ = writeln!(table, "| {name} | {:.1} | {:.1} |", time / count * 1e6, time / times[0]);
    }
}

/// A CDR of some thousand periods.
fn long(table: &mut String, audit: &Audit) {
    let cdr = pricing::long();
    let (text, newer) = (json::to_string(&cdr), pricing::as_2_3_0(&cdr));
    let runs: [(&str, Box<dyn Fn()>); 2] = [
        ("ours", Box::new(|| _ = black_box(pricing::own(audit, &text)))),
        ("ocpi-kit", Box::new(|| _ = black_box(pricing::kit(&newer)))),
    ];
    let count = cdr.charging_periods.len();
    let _ = writeln!(table, "\n## A CDR of {count} periods\n\n| who | ms | ratio |\n|---|--:|--:|");
    let mut times = medians(&runs, 1);
    times.push(other_process(&[text.clone()], 1));
    for (name, time) in ["ours", "ocpi-kit", "ocpi-tariffs"].iter().zip(&times) {
        let _ = writeln!(table, "| {name} | {:.2} | {:.1} |", time * 1e3, time / times[0]);
    }
}

/// Measures `ocpi-tariffs`, in seconds: it cannot be linked into one program with the other peer.
fn other_process(texts: &[String], rounds: usize) -> f64 {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tariffs/target/release/price");
    let file = std::env::temp_dir().join("ocpi-bench-cdrs.ndjson");
    std::fs::write(&file, texts.join("\n")).expect("the CDRs are written");
    let output = Command::new(program).arg(&file).arg(rounds.to_string()).output();
    let output =
        output.expect("`cargo build --release --ignore-rust-version` in bench/tariffs makes the program");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a time")
}

/// The engine alone.
fn engine(table: &mut String, rounds: usize) {
    table.push_str("\n## The engine alone, sessions of 4 periods, one core\n\n| tariff | sessions per second |\n|---|--:|\n");
    let flat = r#"[{"price_components":[{"type":"ENERGY","price":0.40,"vat":21,"step_size":1}]}]"#;
    for (name, elements) in [("one price", flat), ("day and night", DAY_AND_NIGHT)] {
        let all = pricing::cdrs(elements, 20_000, Some(900), 3);
        let chosen: Vec<_> =
            all.into_iter().filter(|cdr| cdr.charging_periods.len() == 4).take(1_000).collect();
        let usages: Vec<Usage> =
            chosen.iter().map(|cdr| Usage::from(cdr).with_time_zone(ZONE).expect("a zone")).collect();
        let pricer = Pricer::new(chosen[0].tariffs.iter().map(TariffModel::from));
        let runs: [(&str, Box<dyn Fn()>); 1] = [(
            "ours",
            Box::new(|| {
                for usage in &usages {
                    assert!(black_box(pricer.price(usage)).expect("a bill").is_computable());
                }
            }),
        )];
        let time = medians(&runs, rounds)[0];
        let _ = writeln!(table, "| {name} | {:.0} |", usages.len() as f64 / time);
    }
}

/// Many CDRs on one core and on all.
fn batch(table: &mut String, audit: &Audit, rounds: usize) {
    let all = pricing::cdrs(DAY_AND_NIGHT, 20_000, Some(900), 4);
    let texts: Vec<String> = all.iter().map(json::to_string).collect();
    let read = |text: &String| {
        json::read::<v2_2_1::cdrs::Cdr>(text.as_bytes()).map(|reading| Case::of(&reading.value))
    };
    let runs: [(&str, Box<dyn Fn()>); 2] = [
        ("one core", Box::new(|| texts.iter().for_each(|text| _ = black_box(pricing::own(audit, text))))),
        ("all cores", Box::new(|| _ = black_box(audit.all_of(&texts, read)))),
    ];
    let times = medians(&runs, rounds);
    let _ = writeln!(
        table,
        "\n## Auditing {} CDRs, from JSON text\n\n| on | CDRs per second | ratio |\n|---|--:|--:|",
        texts.len()
    );
    for ((name, _), time) in runs.iter().zip(&times) {
        let _ = writeln!(table, "| {name} | {:.0} | {:.2} |", texts.len() as f64 / time, times[0] / time);
    }
}

/// The median time of each, in seconds; in each round every one runs once.
fn medians(runs: &[(&str, Box<dyn Fn() + '_>)], rounds: usize) -> Vec<f64> {
    let mut times = vec![Vec::new(); runs.len()];
    for round in 0..=rounds {
        for ((_, run), times) in runs.iter().zip(&mut times) {
            let start = Instant::now();
            run();
            // The first round warms up.
            if round > 0 {
                times.push(start.elapsed().as_secs_f64());
            }
        }
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    times.iter().map(|times| times[times.len() / 2]).collect()
}
