//! Measures serving, and writes what came out: `serving [OUT] [DOCUMENTS] [SECTION…]`.
//!
//! A database of PostgreSQL is taken from `OCPI_TEST_POSTGRES`; without it, what needs one is skipped. `serving serve STORE`
//! is the server that the part over HTTP starts for itself.

mod answers;
mod crowd;
mod feed;
mod full_list;
mod http_load;
mod kit;
mod load;
mod locations;
mod machine;
mod own;
mod place;
mod report;
mod server;
mod wire;

use std::process::ExitCode;

/// That of `ocpi serve`, for every contender.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use place::Place;
use report::Report;

/// Documents of the full list.
const DOCUMENTS: u64 = 1_000_000;

/// Parts of the measurement.
const SECTIONS: [&str; 5] = ["answers", "crowd", "http", "list", "load"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    if let [serve, store] = arguments.as_slice()
        && serve == "serve"
    {
        runtime.block_on(server::serve(&Place::of(store)));
        return ExitCode::SUCCESS;
    }
    let out = arguments.first().filter(|out| *out != "-");
    let documents =
        arguments.get(1).map_or(DOCUMENTS, |number| number.parse().expect("a number of documents"));
    let wanted = arguments.get(2..).unwrap_or_default();
    if let Some(unknown) = wanted.iter().find(|section| !SECTIONS.contains(&section.as_str())) {
        eprintln!("there is no section {unknown}; there are {SECTIONS:?}");
        return ExitCode::FAILURE;
    }
    let report = runtime.block_on(measure(documents, |section| {
        wanted.is_empty() || wanted.iter().any(|wanted| wanted == section)
    }));
    let text = report.finish();
    print!("{text}");
    if let Some(out) = out {
        std::fs::write(out, text).expect("the table is written");
    }
    ExitCode::SUCCESS
}

async fn measure(documents: u64, is_wanted: impl Fn(&str) -> bool) -> Report {
    let directory = tempfile::tempdir().expect("a directory");
    let stores = place::durable(directory.path());
    let mut report = Report::new(documents);
    if stores.len() == 1 {
        eprintln!("skipped: OCPI_TEST_POSTGRES is not set, so nothing runs on PostgreSQL");
        report.note("PostgreSQL was skipped: there was none.");
    }
    if is_wanted("answers") {
        answers::measure(&mut report, &stores).await;
    }
    if is_wanted("crowd") {
        crowd::measure(&mut report, &stores).await;
    }
    if is_wanted("http") {
        http_load::measure(&mut report, &stores).await;
    }
    if is_wanted("load") {
        load::measure(&mut report, &stores).await;
    }
    if is_wanted("list") {
        for store in &stores {
            let loaded = full_list::load(store, documents).await;
            full_list::measure(&mut report, &loaded).await;
            feed::read_through(&mut report, &loaded).await;
            feed::two_nodes(&mut report, store).await;
        }
    }
    for store in &stores {
        store.clear().await;
    }
    report
}
