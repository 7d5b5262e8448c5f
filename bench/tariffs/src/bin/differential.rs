//! Prices the same CDRs with this library and with `ocpi-tariffs`, an engine by others, and explains every difference:
//! `differential [CDRS] [OUT]`. Ends with a failure if one is left unexplained, or if the figures of the pairs that the
//! other engine comes with are out of their bounds.

use std::process::ExitCode;

use ocpi_bench_tariffs::made_up::Case;
use ocpi_bench_tariffs::report::Report;
use ocpi_bench_tariffs::{explain, shown};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments.next().map_or(3_000, |count| count.parse().expect("a number of CDRs"));
    let mut report = Report::default();
    for number in 0..count {
        report.add_made_up(explain::case(&Case::numbered(number)));
    }
    for (name, document) in shown::all() {
        report.add_shown(name, explain::document(&document));
    }
    print!("{}", report.page());
    if let Some(out) = arguments.next() {
        std::fs::write(out, report.page()).expect("the page is written");
    }
    let faults = report.faults();
    faults.iter().for_each(|fault| println!("{fault}"));
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
