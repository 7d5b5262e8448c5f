//! Every rule: a document that breaks it and nothing else, and a neighbour of it that breaks nothing.

mod bookings;
mod charging;
mod connections;
mod locations;
mod single;
mod tariffs;

use std::collections::BTreeSet;

use ocpi_types::{Finding, Rule, Ruleset, Value, check_ruleset, json};
use serde_json::Value as Json;

/// Rules that take a text of megabytes, or other limits, and the reasons why they are not shown here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("tariff.not_computable", "comes with what is unknown: computable"),
    ("env.version", "comes of a conversion: endpoints::crossing"),
    ("env.frame", "stands around objects: reading::frames"),
    ("env.lists", "stands around objects: reading::frames"),
    ("http.status", "is about an answer: the client"),
    ("auth.not_base64", "is about an answer: ocpi-client, partners"),
    ("auth.not_plain", "is about an answer: ocpi-client, partners"),
    ("cred.url_not_versions", "is about an answer: ocpi-client, partners"),
    ("cred.nulls_demanded", "is about an answer: ocpi-client, partners"),
    ("cred.wrong_405", "is about an answer: ocpi-client, partners"),
    ("vers.role_missing", "is what a client makes of an answer: ocpi-client, partners"),
    ("vers.second_url", "is about an answer: ocpi-client, detours"),
    ("vers.slash", "is about an answer: ocpi-client, detours"),
    ("vers.no_credentials", "is what a client makes of an answer: ocpi-cli, remote::probe"),
    ("page.next", "is about a page of an answer: endpoints"),
    ("page.next_host_differs", "is about paging: ocpi-client, paging::links"),
    ("page.link_syntax", "is about paging: ocpi-client, paging::links"),
    ("page.link_dead", "is about paging: ocpi-client, paging::links"),
    ("page.link_missing", "is about paging: ocpi-client, paging::links"),
    ("page.total_wrong", "is about paging: ocpi-client, paging::budgets"),
    ("page.unstable", "is about paging: ocpi-client, paging::links"),
    ("page.limit_rejected", "is about paging: ocpi-client, paging::links"),
    ("page.repeats", "is about paging: ocpi-client, paging::budgets"),
    ("limit.bytes", "takes a limit of one's own: reading::limits::size"),
    ("limit.nodes", "takes a limit of one's own: reading::limits"),
    ("feed.duplicate", "takes two objects: feed"),
    ("feed.duplicate_id", "takes two objects: feed"),
    ("feed.evse_twice", "takes two objects: feed"),
    ("feed.dangling", "takes two objects: feed"),
    ("feed.other_owner", "takes two objects: feed"),
    ("feed.currency", "takes two objects, or a feed: feed"),
    ("feed.last_updated", "takes several objects: feed"),
    ("limit.findings", "comes with many others: reading::limits::a_list_of_very_many_nulls"),
];

/// Two documents that differ only in the matter of the rule.
struct Pair {
    broken: String,
    expected: (String, &'static str),
    found: Vec<(String, &'static str)>,
    neighbour: Vec<(String, &'static str)>,
}

/// Of two documents of an object, the first breaks this rule there, and nothing else; the second nothing.
fn pair<T: Value>(
    profile: &'static Ruleset,
    broken: impl ToString,
    at: (&str, &'static str),
    neighbour: impl ToString,
) -> Pair {
    let (broken, neighbour) = (broken.to_string(), neighbour.to_string());
    Pair {
        found: findings::<T>(profile, broken.as_bytes()),
        neighbour: findings::<T>(profile, neighbour.as_bytes()),
        broken,
        expected: (at.0.to_owned(), at.1),
    }
}

/// Findings of reading and then checking a document.
fn findings<T: Value>(profile: &'static Ruleset, text: &[u8]) -> Vec<(String, &'static str)> {
    let read = match json::read::<T>(text) {
        Ok(read) => read,
        Err(error) => return vec![(error.pointer().to_owned(), error.rule().id())],
    };
    let mut findings = shown(&read.findings);
    // A value that was read in place of something odd may be odd, too; one finding per place is enough.
    let checked = shown(&check_ruleset(&read.value, profile));
    let places: Vec<String> = findings.iter().map(|(pointer, _)| pointer.clone()).collect();
    findings.extend(checked.into_iter().filter(|(pointer, _)| !places.contains(pointer)));
    findings
}

fn shown(findings: &[Finding]) -> Vec<(String, &'static str)> {
    findings.iter().map(|finding| (finding.pointer.clone(), finding.rule.id())).collect()
}

/// A document with some members changed, added or, by null, taken out.
fn with(document: &str, change: Json) -> Json {
    let mut document = serde_json::from_str(document).expect("a fixture is JSON");
    merge(&mut document, change);
    document
}

fn merge(into: &mut Json, change: Json) {
    let Json::Object(members) = change else {
        *into = change;
        return;
    };
    if !into.is_object() {
        *into = Json::Object(serde_json::Map::new());
    }
    let object = into.as_object_mut().expect("it is one");
    for (name, value) in members {
        if value.is_null() {
            object.remove(&name);
        } else {
            merge(object.entry(name).or_insert(Json::Null), value);
        }
    }
}

fn pairs() -> Vec<Pair> {
    [
        single::pairs(),
        locations::pairs(),
        tariffs::pairs(),
        charging::pairs(),
        connections::pairs(),
        bookings::pairs(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn documents_break_what_they_should() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        if pair.found.as_slice() != std::slice::from_ref(&pair.expected) {
            wrong.push(format!("{} breaks {:?}, not {:?}", pair.broken, pair.found, pair.expected));
        }
        if !pair.neighbour.is_empty() {
            wrong.push(format!("the neighbour of {} breaks {:?}", pair.broken, pair.neighbour));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_rule_is_shown() {
    let shown: BTreeSet<&str> = pairs().iter().map(|pair| pair.expected.1).collect();
    let elsewhere: BTreeSet<&str> = ELSEWHERE.iter().map(|(id, _)| *id).collect();
    assert_eq!(shown.intersection(&elsewhere).count(), 0);
    let all: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(shown.union(&elsewhere).copied().collect::<BTreeSet<_>>(), all);
}

#[test]
fn rules_are_well_formed() {
    let ids: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(ids.len(), Rule::ALL.len(), "two rules have one id");
    for rule in Rule::ALL {
        let (group, name) = rule.id().split_once('.').expect("an id has two parts");
        for part in [group, name] {
            let starts = part.starts_with(|c: char| c.is_ascii_lowercase());
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(starts && part.chars().all(fits), "{}", rule.id());
        }
        assert!(!rule.message().is_empty() && !rule.source().is_empty(), "{}", rule.id());
    }
}

/// An id that cannot be given is written `#NA`, as often as need be.
#[test]
fn ids_that_do_not_apply_are_not_the_same() {
    let na = locations::location_with_evses(&["#NA", "#NA"]);
    let found =
        findings::<ocpi_types::v2_3_0::locations::Location>(&Ruleset::V2_3_0, na.to_string().as_bytes());
    assert_eq!(found, []);
}
