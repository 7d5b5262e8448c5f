//! Holds the library's endpoints to the specification's, in both directions, and tries each of them.

mod bookings;
mod crossing;
mod entry;
mod payments;
mod refusals;
mod repeats;
mod since_2_2;
mod v2_1_1;

use std::collections::BTreeSet;

use ocpi_types::{Version, Versions};

use crate::facts::{self, DOCUMENTS, Document};
use entry::Entry;

/// Differences that are made on purpose, as the census words them, with the reasons.
const ON_PURPOSE: &[(&str, &str)] = &[
    (
        "2.3.0-payments payments sender POST {endpoint}/terminals/activate: request partial(Terminal), not Terminal",
        "erratum T12: not even the id need be there",
    ),
    (
        "2.3.0-payments payments receiver POST {endpoint}/terminals: request partial(Terminal), not Terminal",
        "erratum T12: the id alone may be there",
    ),
    (
        "2.3.0-bookings invoicereconciliation sender GET {endpoint}: not in the specification",
        "the branch is built on edition 1; edition 2 has the module",
    ),
    (
        "2.3.0-bookings invoicereconciliation receiver GET {endpoint}/{country_code}/{party_id}/{id}: not in the specification",
        "the branch is built on edition 1; edition 2 has the module",
    ),
    (
        "2.3.0-bookings invoicereconciliation receiver PUT {endpoint}/{country_code}/{party_id}/{id}: not in the specification",
        "the branch is built on edition 1; edition 2 has the module",
    ),
    (
        "2.3.0-bookings invoicereconciliation receiver DELETE {endpoint}/{country_code}/{party_id}/{id}: not in the specification",
        "the branch is built on edition 1; edition 2 has the module",
    ),
    (
        "2.3.0-bookings invoicereconciliation receiver POST {endpoint}: not in the specification",
        "the branch is built on edition 1; edition 2 has the module",
    ),
];

#[test]
fn the_endpoints_are_those_of_the_specification() {
    let mut differences = Vec::new();
    for document in DOCUMENTS {
        let expected = expected(document);
        let (found, mut others) = census(&expected, endpoints(document));
        println!("{}: found {found} of {} endpoints", document.name, expected.len());
        others.iter_mut().for_each(|difference| difference.insert_str(0, &format!("{} ", document.name)));
        if !others.iter().any(|difference| difference.ends_with(": missing")) {
            assert_eq!(found, expected.len(), "{}: nothing is missing, so all were found", document.name);
        }
        differences.append(&mut others);
    }
    for (difference, _) in ON_PURPOSE {
        assert!(differences.iter().any(|found| found == difference), "not needed any more: {difference}");
    }
    differences.retain(|found| !ON_PURPOSE.iter().any(|(known, _)| known == found));
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// An endpoint exists in the versions whose documents, or those of their branches, list its module, role, method and path.
#[test]
fn endpoints_exist_in_the_versions_that_have_them() {
    let listed: Vec<(Version, BTreeSet<String>)> = DOCUMENTS
        .iter()
        .map(|document| (document.version, expected(document).into_iter().map(|it| it.place).collect()))
        .collect();
    let mut partly = 0;
    for entry in DOCUMENTS.iter().flat_map(endpoints) {
        let has =
            |version: &Version| listed.iter().any(|(of, it)| of == version && it.contains(&entry.place));
        let expected: Vec<Version> = Version::ALL.iter().copied().filter(has).collect();
        assert_eq!(entry.versions, expected, "{}: {}", entry.name, entry.place);
        partly += usize::from(expected.len() < Version::ALL.len());
    }
    assert!(partly > 20, "only {partly} endpoints are not in every version");
}

/// A request that is written and read is the same request, whatever its ids.
#[test]
fn what_is_encoded_is_decoded() {
    for document in DOCUMENTS {
        for entry in endpoints(document) {
            entry.came_back.unwrap_or_else(|why| panic!("{} {}: {why}", document.name, entry.name));
        }
    }
}

/// The endpoints of the library that a document has.
fn endpoints(document: &Document) -> Vec<Entry> {
    let mut entries = match document.version {
        Version::V2_1_1 => v2_1_1::endpoints(),
        Version::V2_2 | Version::V2_2_1 => since_2_2::of_2_2_1(),
        Version::V2_3_0 => since_2_2::of_2_3_0(),
    };
    if document.parts.meets(Versions::PAYMENTS) {
        entries.extend(payments::endpoints());
    }
    if document.parts.meets(Versions::BOOKINGS) {
        entries.extend(bookings::endpoints());
    }
    entries
}

/// An endpoint, as the specification has it.
#[derive(Debug)]
struct Expected {
    /// Module, role, method and path.
    place: String,
    request: String,
    response: String,
    query: BTreeSet<String>,
}

fn expected(document: &Document) -> Vec<Expected> {
    let facts = document.facts();
    let endpoints = facts.modules.iter().flat_map(|module| module.endpoints.iter().map(|e| (&*module.id, e)));
    endpoints.flat_map(|(module, endpoint)| expected_of(module, endpoint)).collect()
}

/// One for each type that the request may have.
fn expected_of(module: &str, endpoint: &facts::Endpoint) -> Vec<Expected> {
    let facts::Endpoint { interface, method, path_template, .. } = endpoint;
    let sign = if endpoint.request_optional { "?" } else { "" };
    let requests = endpoint.request_type.as_deref().unwrap_or("nothing").split('|');
    let paginated = if endpoint.paginated { " paginated" } else { "" };
    let query = endpoint.params.iter().filter(|parameter| parameter.place == "query");
    let query: BTreeSet<String> = query.map(|parameter| parameter.name.clone()).collect();
    let expected = requests.map(|request| Expected {
        place: format!("{module} {interface} {method} {path_template}"),
        request: format!("{request}{sign}"),
        response: format!("{}{paginated}", endpoint.response_type.as_deref().unwrap_or("nothing")),
        query: query.clone(),
    });
    expected.collect()
}

/// Counts the expected endpoints that are there, and lists the differences.
fn census(expected: &[Expected], mut ours: Vec<Entry>) -> (usize, Vec<String>) {
    let mut found = 0;
    let mut differences = Vec::new();
    for Expected { place, request, response, query } in expected {
        // The results of charging profiles differ in their request only.
        let exact = ours.iter().position(|entry| entry.place == *place && entry.request == *request);
        let Some(index) = exact.or_else(|| ours.iter().position(|entry| entry.place == *place)) else {
            differences.push(format!("{place}: missing"));
            continue;
        };
        let entry = ours.swap_remove(index);
        found += 1;
        if entry.request != *request {
            differences.push(format!("{place}: request {}, not {request}", entry.request));
        }
        if entry.response != *response {
            differences.push(format!("{place}: response {}, not {response}", entry.response));
        }
        if entry.query != *query {
            differences.push(format!("{place}: query {:?}, not {query:?}", entry.query));
        }
    }
    differences.extend(ours.iter().map(|entry| format!("{}: not in the specification", entry.place)));
    (found, differences)
}
