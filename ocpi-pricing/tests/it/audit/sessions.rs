//! CDRs against the sessions that led to them.

use ocpi_pricing::audit::{Audit, Report, Rule, Sessions};
use ocpi_types::Version;
use serde_json::{Value, json};

use super::{auditor, case, cdr, cdr_claims, in_full, session, session_claims, set, shown};

const V1: Version = Version::V2_1_1;
const V2: Version = Version::V2_2_1;
const V3: Version = Version::V2_3_0;

/// The rule, the version, the change to the session, and the place of the finding in the CDR.
fn broken() -> Vec<(Rule, Version, &'static str, Value, &'static str)> {
    vec![
        (Rule::SessionUnknown, V2, "/id", json!("S2"), "/session_id"),
        (Rule::SessionUnknown, V3, "/party_id", json!("BET"), "/session_id"),
        (Rule::SessionStatus, V1, "/status", json!("ACTIVE"), ""),
        (Rule::SessionStatus, V2, "/status", json!("INVALID"), "/session_id"),
        (Rule::SessionTimes, V1, "/end_datetime", json!("2026-05-04T17:55:00Z"), "/stop_date_time"),
        (Rule::SessionTimes, V2, "/start_date_time", json!("2026-05-04T15:55:00Z"), "/start_date_time"),
        (Rule::SessionEnergy, V2, "/kwh", json!(21), "/total_energy"),
        (Rule::SessionEnergy, V2, "/kwh", json!(20500), "/total_energy"),
        (
            Rule::SessionPeriods,
            V1,
            "/charging_periods/1/start_date_time",
            json!("2026-05-04T17:12:00Z"),
            "/charging_periods/1/start_date_time",
        ),
        (
            Rule::SessionPeriods,
            V3,
            "/charging_periods/0/dimensions/0/volume",
            json!(19),
            "/charging_periods/0/dimensions",
        ),
        (Rule::SessionToken, V1, "/auth_id", json!("D2"), "/auth_id"),
        (Rule::SessionToken, V2, "/cdr_token/contract_id", json!("NL-EMP-C2"), "/cdr_token"),
        (Rule::SessionReference, V2, "/authorization_reference", json!("R2"), "/authorization_reference"),
        (Rule::SessionReference, V3, "/authorization_reference", json!(null), "/authorization_reference"),
        (Rule::SessionAuthMethod, V2, "/auth_method", json!("COMMAND"), "/auth_method"),
        (Rule::SessionPlace, V1, "/location/evses/0/uid", json!("E2"), "/location/evses/0/uid"),
        (Rule::SessionPlace, V2, "/connector_id", json!("2"), "/cdr_location/connector_id"),
        (Rule::SessionCurrency, V2, "/currency", json!("SEK"), "/currency"),
        (Rule::SessionCost, V1, "/total_cost", json!(10), "/total_cost"),
        (Rule::SessionCost, V3, "/total_cost/before_taxes", json!(10), "/total_cost/before_taxes"),
    ]
}

pub(super) fn tested() -> impl Iterator<Item = Rule> {
    broken().into_iter().map(|it| it.0).chain([Rule::SessionMissing])
}

fn report(version: Version, cdr: &Value, session: &Value) -> Report {
    auditor().case(&case(version, cdr).against([session_claims(version, session)]))
}

#[test]
fn each_rule_fires_and_no_other() {
    for (rule, version, pointer, new, found) in broken() {
        let mut session = session(version);
        set(&mut session, pointer, new);
        let report = report(version, &cdr(version), &session);
        assert_eq!(shown(&report), [(rule.id(), found)], "{:?}", in_full(&report));
    }
}

#[test]
fn nobody_sees_who_it_was() {
    let hidden = [
        (V1, "/auth_id"),
        (V2, "/cdr_token/uid"),
        (V2, "/cdr_token/contract_id"),
        (V2, "/authorization_reference"),
    ];
    for (version, pointer) in hidden {
        let mut session = session(version);
        set(&mut session, pointer, json!("SECRET1"));
        let sessions = Sessions::new([session_claims(version, &session)]);
        let mut cdr = cdr(version);
        set(&mut cdr, pointer, json!("SECRET2"));
        let case = case(version, &cdr).against([session_claims(version, &session)]);
        let report = auditor().case(&case);
        let rules = [Rule::SessionToken, Rule::SessionReference];
        assert!(rules.contains(&report.findings[0].rule), "{report:?}");
        assert!(!format!("{report:?} {case:?} {sessions:?}").to_lowercase().contains("secret"));
    }
}

#[test]
fn a_session_in_wh_is_named() {
    let mut session = session(V2);
    set(&mut session, "/kwh", json!(20500));
    let report = report(V2, &cdr(V2), &session);
    assert_eq!(report.findings[0].message, "not the energy of the session: the session has Wh");
}

#[test]
fn a_cdr_without_session_id() {
    let mut cdr = cdr(V2);
    set(&mut cdr, "/session_id", json!(null));
    assert_eq!(shown(&report(V2, &cdr, &session(V2))), [("session.missing", "/session_id")]);
    assert_eq!(in_full(&auditor().cdr(cdr_claims(V2, &cdr))), [""; 0]);
}

#[test]
fn the_last_state_of_the_right_session_counts() {
    for version in [V1, V2, V3] {
        let last = session(version);
        let mut early = last.clone();
        set(&mut early, "/status", json!("ACTIVE"));
        set(&mut early, "/kwh", json!(3));
        set(&mut early, "/last_updated", json!("2026-05-04T16:30:00Z"));
        let mut other = last.clone();
        set(&mut other, "/id", json!("S2"));
        let day = |text: &str| json!(text.replace("05-04", "05-03"));
        let names = if version == V1 {
            ["/start_datetime", "/end_datetime"]
        } else {
            ["/start_date_time", "/end_date_time"]
        };
        for name in names {
            let at = day(other.pointer(name).unwrap().as_str().unwrap());
            set(&mut other, name, at);
        }
        let mut sessions = Sessions::new([&last, &other].map(|it| session_claims(version, it)));
        sessions.extend([session_claims(version, &early)]);
        let audit: Audit = auditor().with_sessions(sessions);
        assert_eq!(in_full(&audit.cdr(cdr_claims(version, &cdr(version)))), [""; 0]);
    }
}

#[test]
fn a_session_that_goes_on_may_have_less_in_its_last_period() {
    let mut session = session(V2);
    set(&mut session, "/status", json!("ACTIVE"));
    set(&mut session, "/end_date_time", json!(null));
    set(&mut session, "/total_cost", json!(null));
    set(&mut session, "/charging_periods/1/dimensions/0/volume", json!(0.1));
    assert_eq!(shown(&report(V2, &cdr(V2), &session)), [("session.status", "/session_id")]);
    set(&mut session, "/charging_periods", json!([]));
    assert_eq!(shown(&report(V2, &cdr(V2), &session)), [("session.status", "/session_id")]);
}
