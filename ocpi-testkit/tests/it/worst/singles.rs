//! Each fault by itself: the outcome is the expected one.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_testkit::{Expected, Fault, Step};

use super::day::spend;
use super::report::{Outcome, Report};

#[test]
fn a_correct_partner_gives_no_reason_to_complain() {
    let report = spend(&[]);
    assert_eq!(wrong(Expected::Unaffected, &report), None, "{report:#?}");
    assert!(report.rules.is_empty(), "{:?}", report.rules);
    assert!(Step::ALL.iter().all(|step| *report.outcome(*step) == Outcome::Fine), "{:#?}", report.steps);
}

#[test]
fn each_fault_has_the_expected_outcome() {
    let mut wrongs = BTreeMap::new();
    for fault in Fault::ALL {
        let report = spend(&[*fault]);
        if report.met.contains(fault.name()) == is_demand(*fault) {
            wrongs.insert(fault.name(), "it never showed, or should not have".to_owned());
        }
        if let Some(wrong) = wrong(fault.expected(), &report) {
            wrongs.insert(fault.name(), wrong);
        }
        if !report.violations.is_empty() {
            wrongs.insert(fault.name(), format!("{:?}", report.violations));
        }
    }
    assert!(wrongs.is_empty(), "{} of {}: {wrongs:#?}", wrongs.len(), Fault::ALL.len());
}

#[test]
fn a_day_is_the_same_each_time() {
    for fault in [Fault::WrongLinkHost, Fault::BusyUntil, Fault::RotationAnswerLost] {
        let [first, second] = [(); 2].map(|()| spend(&[fault]));
        assert_eq!((first.steps, first.requests), (second.steps, second.requests), "{fault:?}");
    }
}

/// Demands that this library's client always meets: `demands.rs` shows that they are made.
fn is_demand(fault: Fault) -> bool {
    matches!(
        fault,
        Fault::DateFromDemanded
            | Fault::PatchWantsTime
            | Fault::RawBehindVersions
            | Fault::RoutingDemanded
            | Fault::SlashDemanded
    )
}

/// Rows of the catalogue that no client can meet on the wire, each with the reason.
const NOT_MET: [(&str, &str); 18] = [
    ("A16", "certificates are the transport's: `ocpi-client/tests/transports/tls.rs`"),
    ("A17", "how a token is handed over is no matter of messages"),
    ("B5", "the client encodes what it puts into a query; to take it unencoded is the server's part"),
    ("B6", "a blank for a plus is read by a server"),
    ("B10", "bodies are unpacked by the transport: `ocpi-client/tests/transports/bodies.rs`"),
    ("D19", "the order of a street and its number is not told in a message"),
    ("E2", "a client that sends no `date_to` does not meet it"),
    ("E12", "how a delta is merged is the store's part"),
    ("F3", "how charging periods are merged is the receiver's part"),
    ("F5", "the client writes the same ids into URL and body"),
    ("F6", "which update is older is the receiver's part"),
    ("F7", "whether messages are queued is the sender's own choice"),
    ("U8", "a PATCH is taken by the server"),
    ("U11", "a body of real-time authorization is taken by the server"),
    ("U12", "credentials are taken by the server"),
    ("U13", "version details are written by the server"),
    ("U14", "version details are written by the server"),
    ("U15", "parameters and paths are read by the server"),
];

#[test]
fn every_row_has_a_switch_or_a_reason() {
    let chapters = [('A', 17), ('B', 11), ('C', 9), ('D', 19), ('E', 14), ('F', 19), ('U', 15)];
    let rows =
        chapters.into_iter().flat_map(|(letter, most)| (1..=most).map(move |n| format!("{letter}{n}")));
    let met: BTreeSet<&str> = Fault::ALL.iter().map(|fault| fault.id()).collect();
    for row in rows {
        let is_explained = NOT_MET.iter().any(|(id, _)| *id == row);
        assert_ne!(met.contains(row.as_str()), is_explained, "{row}");
    }
    assert!(Fault::ALL.len() >= 89, "{}", Fault::ALL.len());
    let names: BTreeSet<&str> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    let texts: BTreeSet<&str> = Fault::ALL.iter().map(|fault| fault.description()).collect();
    assert_eq!(
        (names.len(), texts.len()),
        (Fault::ALL.len(), Fault::ALL.len()),
        "each has its name and text"
    );
}

/// The difference between the expected outcome and that of a day.
fn wrong(expected: Expected, report: &Report) -> Option<String> {
    let odd = report.odd();
    let told = || Some(format!("{odd:?}, findings {:?}, {} apart", report.rules, report.apart));
    let is_said = |outcome: &Outcome| *outcome == Outcome::AsSaid;
    let is_good = match expected {
        Expected::Unaffected => odd.is_empty() && report.apart == 0 && !report.was_held,
        Expected::Finding(rule) => odd.is_empty() && report.apart == 0 && report.rules.contains(&rule),
        Expected::AsSaid => !odd.is_empty() && odd.iter().all(|(_, it)| is_said(it)) && report.apart == 0,
        Expected::AsSaidWith(rule) => {
            odd.iter().all(|(_, it)| is_said(it)) && report.apart == 0 && report.rules.contains(&rule)
        }
        Expected::SetApart(rule) => {
            // Of an object that stands alone, nothing can be set apart.
            let may_fail = |step: Step| step == Step::GetOne;
            let is_explained = |(step, outcome): &(Step, &Outcome)| is_said(outcome) || may_fail(*step);
            odd.iter().all(is_explained) && report.apart > 0 && report.rules.contains(&rule)
        }
        Expected::Foreign => report.foreign > 0 && odd.iter().all(|(_, it)| is_said(it)),
        Expected::NotComplete(step, text) => {
            matches!(report.outcome(step), Outcome::NotComplete(said) if said.contains(text))
                && odd.len() == 1
        }
        Expected::Fails(step, text) => {
            matches!(report.outcome(step), Outcome::Failed(said) if said.contains(text)) && odd.len() == 1
        }
        Expected::Stops(step, text) => {
            matches!(report.outcome(step), Outcome::Failed(said) if said.contains(text))
        }
        Expected::FailsOnce(step) => matches!(report.outcome(step), Outcome::FailedOnce(_)) && odd.len() == 1,
        _ => return Some("an outcome that this test does not know".to_owned()),
    };
    let is_whole =
        report.outcome(Step::Unregister) != &Outcome::Skipped || matches!(expected, Expected::Stops(..));
    if is_good && is_whole { None } else { told() }
}
