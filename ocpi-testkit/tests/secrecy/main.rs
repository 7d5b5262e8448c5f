//! A whole life of partners, with everything logged that there is to log: no token, no secret URL and no driver's id shows.
//!
//! It is a program of its own, because the one logger of a program takes down every record of `log`, every event and span of
//! `tracing` and every metric of `metrics`, at the level TRACE. What is looked for are the tokens that went over the wire, the
//! secret parts of the URLs of results, and the ids of drivers in every message: as they stand, in Base64, in hexadecimal and
//! percent-encoded, whole and in pieces of 12 characters.
//!
//! With `OCPI_TEST_POSTGRES`, the URL of a database, a life over PostgreSQL is among them.

mod canaries;
mod captured;
mod drivers;
mod failures;
mod life;
mod mirror;
mod refused;
mod side;
mod watch;

use ocpi_types::Version;

use captured::{Record, captured};
use life::live;
use side::Carrier;
use watch::Watch;

/// Crate whose log is to be kept at DEBUG, as `SECURITY.md` says: at TRACE it writes the paths of requests, which name drivers.
const PATHS: &str = "ureq";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_shown_holds_a_secret() {
    captured::install();
    let watch = Watch::default();
    let directory = tempfile::tempdir().expect("a folder");
    for version in Version::ALL {
        for carrier in [Carrier::Reqwest, Carrier::Ureq] {
            let file = directory.path().join(format!("{version}-{carrier:?}"));
            let sqlite = ocpi_store::open(&format!("sqlite:{}", file.display())).await.expect("a file");
            live(&watch, *version, carrier, sqlite).await;
        }
    }
    if let Ok(url) = std::env::var("OCPI_TEST_POSTGRES") {
        let database = ocpi_store::open(&url).await.expect("a database");
        live(&watch, Version::V2_3_0, Carrier::Reqwest, database).await;
        assert!(captured().has("tokio_postgres"), "nothing was heard of it");
    } else {
        println!("skipped: a life over PostgreSQL, OCPI_TEST_POSTGRES is not set");
    }
    failures::meet(&watch, &[Carrier::Reqwest, Carrier::Ureq]).await;
    let all = captured().take();
    let (paths, records): (Vec<Record>, Vec<Record>) = all.into_iter().partition(|record| record.is_of(PATHS));
    no_hits(&watch, &records);
    only_paths(&watch, &paths);

    captured().lower(PATHS);
    let memory = ocpi_store::open("memory:").await.expect("a store");
    live(&watch, Version::V2_3_0, Carrier::Ureq, memory).await;
    failures::meet(&watch, &[Carrier::Ureq]).await;
    let records = captured().take();
    assert!(records.iter().any(|record| record.is_of(PATHS)));
    no_hits(&watch, &records);

    a_leak_is_found(&watch);
}

/// Looks through all records, and through all that was shown so far.
fn no_hits(watch: &Watch, records: &[Record]) {
    let (canaries, shown, targets) = (watch.canaries(), watch.take_shown(), targets(records));
    let texts = records.iter().map(|record| format!("{} {}: {}", record.level, record.target, record.text));
    let texts: Vec<String> = texts.chain(shown).collect();
    let hits: Vec<String> = texts
        .iter()
        .filter_map(|text| canaries.found_in(text).map(|canary| format!("{canary} in: {text}")))
        .collect();
    println!(
        "{} secrets in {} records at TRACE of {targets:?} and {} texts that were shown: {} hits",
        canaries.len(),
        records.len(),
        texts.len() - records.len(),
        hits.len()
    );
    assert!(hits.is_empty(), "{} hits, such as {:#?}", hits.len(), &hits[..hits.len().min(20)]);
    for target in ["ocpi", "metrics"] {
        assert!(targets.contains(&target.to_owned()), "nothing was heard of {target}");
    }
    assert!(canaries.len() > 100 && records.len() > 2_000 && texts.len() - records.len() > 500);
}

/// Records that hold paths hold no token and no secret URL all the same.
fn only_paths(watch: &Watch, records: &[Record]) {
    let (tokens, drivers) = (watch.secrets(), canaries::Canaries::of(drivers::ids()));
    assert!(records.iter().all(|record| tokens.found_in(&record.text).is_none()));
    let found = records.iter().filter(|record| drivers.found_in(&record.text).is_some()).count();
    println!("{} records of {PATHS} at TRACE, {found} with an id of a driver in a path", records.len());
    assert!(found > 0, "{PATHS} may be logged at TRACE now: say so in SECURITY.md");
}

/// Leaks that are planted, in each place and in each form, are found.
fn a_leak_is_found(watch: &Watch) {
    let secret = watch.a_token();
    captured().take();
    let piece = &secret[5..20];
    tracing::trace!(header = piece, "sent");
    log::trace!("sent {}", canaries::hex(&secret).to_uppercase());
    let span = tracing::trace_span!("of", token = canaries::base64(&format!("xy{secret}")));
    span.record("late", secret.as_str());
    let late = tracing::trace_span!("late", token = tracing::field::Empty);
    late.record("token", format!("{:?}", Some(&secret)));
    metrics::counter!("planted", "partner" => secret.clone()).increment(1);
    let records = captured().take();
    let canaries = watch.canaries();
    let found = records.iter().filter(|record| canaries.found_in(&record.text).is_some()).count();
    assert_eq!((records.len(), found), (6, 5), "{records:?}");
}

/// The crates that were heard of.
fn targets(records: &[Record]) -> Vec<String> {
    let crates = records.iter().map(|record| captured::crate_of(&record.target).to_owned());
    let crates: std::collections::BTreeSet<String> = crates.collect();
    crates.into_iter().collect()
}
