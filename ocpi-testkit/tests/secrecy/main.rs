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

use std::collections::BTreeSet;

use ocpi_types::Version;

use captured::{Record, captured};
use life::live;
use side::Carrier;
use watch::Watch;

/// Crates whose logs are to be kept at DEBUG, as `SECURITY.md` says: at TRACE they write paths and whole messages.
const LOUD: [&str; 2] = ["ureq", "ureq_proto"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_shown_holds_a_secret() {
    captured::install();
    let watch = Watch::default();
    captured().lower(&LOUD);
    let directory = tempfile::tempdir().expect("a folder");
    for version in Version::SPOKEN {
        for carrier in [Carrier::Reqwest, Carrier::Ureq] {
            let file = directory.path().join(format!("{version}-{carrier:?}"));
            let sqlite = ocpi_store::open(&format!("sqlite:{}", file.display())).await.expect("a file");
            live(&watch, *version, carrier, sqlite).await;
        }
    }
    if let Ok(url) = std::env::var("OCPI_TEST_POSTGRES") {
        // The driver logs the parameters of statements that are prepared. Each run has a schema of its own.
        let (mark, process) = (if url.contains('?') { '&' } else { '?' }, std::process::id());
        for prepare in [true, false] {
            let url = format!("{url}{mark}prepare={prepare}&schema=secrecy_{process}_{prepare}");
            let database = ocpi_store::open(&url).await.expect("a database");
            live(&watch, Version::V2_3_0, Carrier::Reqwest, database).await;
        }
        assert!(captured().has("tokio_postgres"), "nothing was heard of it");
        parameters_are_hidden();
    } else {
        println!("skipped: a life over PostgreSQL, OCPI_TEST_POSTGRES is not set");
    }
    failures::meet(&watch, &[Carrier::Reqwest, Carrier::Ureq]).await;
    no_hits(&watch, &captured().take());
    a_leak_is_found(&watch);
    the_loud_are_loud_still(&watch).await;
}

/// The driver says which statements it runs, and shows no parameter of them.
fn parameters_are_hidden() {
    let parameters = captured().texts_of("tokio_postgres", " with parameters: ");
    assert!(!parameters.is_empty(), "the driver logs them in another way");
    let shown = parameters.iter().find(|text| {
        let (_, values) = text.split_once(" with parameters: ").unwrap_or_default();
        !values.replace("<hidden>", "").chars().all(|c| "[], ".contains(c))
    });
    assert_eq!(shown, None);
}

/// Looks through all records, and through all that was shown so far.
fn no_hits(watch: &Watch, records: &[Record]) {
    let (canaries, shown, targets) = (watch.canaries(), watch.take_shown(), targets(records));
    let texts = records.iter().map(|record| format!("{} {}: {}", record.level, record.target, record.text));
    let count = shown.len();
    // Most are the same as others.
    let texts: BTreeSet<String> = texts.chain(shown).collect();
    let hits: Vec<String> = texts
        .iter()
        .filter_map(|text| canaries.found_in(text).map(|canary| format!("{canary} in: {text}")))
        .collect();
    println!(
        "{} secrets in {} records at TRACE of {targets:?} and {} texts that were shown: {} hits",
        canaries.len(),
        records.len(),
        count,
        hits.len()
    );
    assert!(hits.is_empty(), "{} hits, such as {:#?}", hits.len(), &hits[..hits.len().min(20)]);
    for target in ["ocpi", "metrics", "hyper_util", "reqwest", "ureq"] {
        assert!(targets.contains(&target.to_owned()), "nothing was heard of {target}");
    }
    assert!(canaries.len() > 50 && records.len() > 2_000 && count > 500);
}

/// At TRACE the loud crates write secrets, and nobody else does. Whoever is loud no more may be logged.
async fn the_loud_are_loud_still(watch: &Watch) {
    captured().lower(&[]);
    failures::send_to_nobody(watch, Carrier::Ureq).await;
    failures::send_to_mirror(watch, Carrier::Ureq).await;
    let canaries = watch.canaries();
    let records = captured().take();
    let leaks = records.iter().filter(|record| canaries.found_in(&record.text).is_some());
    let leaky: BTreeSet<&str> = leaks.map(|record| captured::crate_of(&record.target)).collect();
    assert_eq!(leaky, LOUD.into(), "say so in SECURITY.md");
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
    // What other threads log meanwhile was not planted.
    let planted =
        |record: &Record| ["secrecy", "span", "metrics"].contains(&captured::crate_of(&record.target));
    let records: Vec<Record> = captured().take().into_iter().filter(planted).collect();
    let canaries = watch.canaries();
    let found = records.iter().filter(|record| canaries.found_in(&record.text).is_some()).count();
    assert_eq!((records.len(), found), (6, 5), "{records:?}");
}

/// The crates that were heard of.
fn targets(records: &[Record]) -> Vec<String> {
    let crates = records.iter().map(|record| captured::crate_of(&record.target).to_owned());
    let crates: BTreeSet<String> = crates.collect();
    crates.into_iter().collect()
}
