//! Prices each CDR of a file of lines with `ocpi-tariffs`, so many times: `price FILE ROUNDS` prints the median time of
//! all of them, in seconds.

use std::hint::black_box;
use std::time::Instant;

use ocpi_bench_tariffs::engines::Document;
use ocpi_types::Version;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let text = std::fs::read_to_string(arguments.next().expect("a file")).expect("it can be read");
    let rounds: usize = arguments.next().map_or(9, |rounds| rounds.parse().expect("a number"));
    let mut times: Vec<f64> = (0..=rounds)
        .map(|_| {
            let start = Instant::now();
            text.lines().for_each(|cdr| _ = black_box(theirs(black_box(cdr))));
            start.elapsed().as_secs_f64()
        })
        // The first round warms up.
        .skip(1)
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{}", times[times.len() / 2]);
}

fn theirs(text: &str) -> bool {
    let zone = chrono_tz::Tz::Europe__Amsterdam;
    let document = Document { version: Version::V2_2_1, text: text.to_owned(), tariff: None, zone };
    document.theirs().is_ok()
}
