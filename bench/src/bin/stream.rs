//! Reads an answer of one gigabyte that was never in memory, and says what that took: `stream [MEGABYTES]`.
//!
//! Prints the objects read, MB/s, how that compares to reading one page that is in memory, and the most memory that
//! the process ever had, in MB.

use std::hint::black_box;
use std::io::{Cursor, Read};
use std::time::Instant;

use ocpi_bench::pages;
use ocpi_types::json::{self, Items};
use ocpi_types::v2_2_1::locations::Location;

fn main() {
    let megabytes: usize = std::env::args().nth(1).map_or(1_000, |text| text.parse().expect("a number"));
    let mut page = pages::page("locations", "2.2.1");
    page.truncate(page.len() - 1);
    let objects = page.split_off(1);
    drop(page);
    let times = megabytes * 1_000_000 / objects.len() + 1;
    let start = Instant::now();
    let mut count = 0_usize;
    for item in Items::<_, Location>::new(answer(&objects, times)) {
        let item = item.expect("an object");
        assert!(item.findings.is_empty());
        count += 1;
    }
    let streamed = start.elapsed().as_secs_f64() / times as f64;
    let peak = peak_megabytes();
    assert_eq!(count, times * pages::OBJECTS);
    let whole = format!("[{objects}]");
    let mut rounds: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            drop(black_box(json::read_list::<Location>(black_box(whole.as_bytes())).expect("a page")));
            start.elapsed().as_secs_f64()
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    let rate = objects.len() as f64 / streamed / 1e6;
    println!("{count} {rate:.0} {:.2} {peak:.1}", rounds[4] / streamed);
}

/// An envelope around a list of the same objects many times over.
fn answer(objects: &str, times: usize) -> impl Read + '_ {
    let head: Box<dyn Read> =
        Box::new(Cursor::new(br#"{"status_code":1000,"timestamp":"2026-11-22T10:00:00Z","data":["#));
    let first = head.chain(objects.as_bytes());
    let more = Repeated { text: objects.as_bytes(), at: 0, left: times - 1 };
    first.chain(more).chain(Cursor::new(b"]}"))
}

struct Repeated<'a> {
    text: &'a [u8],
    at: usize,
    left: usize,
}

impl Read for Repeated<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 || out.is_empty() {
            return Ok(0);
        }
        if self.at == 0 {
            out[0] = b',';
            self.at = 1;
            return Ok(1);
        }
        let rest = &self.text[self.at - 1..];
        let size = rest.len().min(out.len());
        out[..size].copy_from_slice(&rest[..size]);
        self.at += size;
        if size == rest.len() {
            self.at = 0;
            self.left -= 1;
        }
        Ok(size)
    }
}

/// The high-water mark of the process.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes * 1024.0 / 1e6)
}
