//! A CDR by the sessions that led to it.

use super::Findings;
use super::claims::{Claims, Seen};
use super::rules::AuditRule;
use super::tolerance::{is_energy, is_money};

/// `sessions` are all that are known; none: nothing is held to them.
pub(super) fn check(claims: &Claims, sessions: &[Seen], findings: &mut Findings) {
    let Some(session) = session_of(claims, sessions) else {
        if let (Some(id), false) = (&claims.ties.session_id, sessions.is_empty()) {
            findings.add(AuditRule::SessionId, "/session_id", None, Some(id.clone()));
        }
        return;
    };
    let names = claims.names;
    if !session.is_completed {
        findings.add(AuditRule::SessionStatus, "/session_id", Some("COMPLETED".to_owned()), None);
    }
    let times =
        [("/start_date_time", claims.start, Some(session.start)), (names.end, claims.end, session.end)];
    for (pointer, written, seen) in times {
        if let Some(seen) = seen.filter(|seen| *seen != written) {
            findings.add(AuditRule::SessionTime, pointer, Some(seen.to_string()), Some(written.to_string()));
        }
    }
    if !is_energy(claims.energy, session.energy, 0) {
        let (expected, found) = (format!("{} kWh", session.energy), format!("{} kWh", claims.energy));
        findings.add(AuditRule::SessionEnergy, "/total_energy", Some(expected), Some(found));
    }
    if session.ties.token != claims.ties.token {
        findings.add(AuditRule::SessionToken, names.token, None, None);
    }
    if let (Some(seen), true) = (&session.ties.reference, session.ties.reference != claims.ties.reference) {
        let found = claims.ties.reference.clone();
        findings.add(AuditRule::SessionReference, "/authorization_reference", Some(seen.clone()), found);
    }
    if session.ties.place != claims.ties.place {
        let shown =
            |(location, evse, connector): &(String, String, String)| format!("{location}/{evse}/{connector}");
        let (expected, found) = (shown(&session.ties.place), shown(&claims.ties.place));
        findings.add(AuditRule::SessionPlace, names.place, Some(expected), Some(found));
    }
    if session.currency != claims.currency {
        let (expected, found) = (session.currency.as_str().to_owned(), claims.currency.as_str().to_owned());
        findings.add(AuditRule::SessionCurrency, "/currency", Some(expected), Some(found));
    } else if let Some(cost) = session.cost.as_ref().filter(|_| !claims.is_credit) {
        if !is_money(claims.total.before, cost.before, &claims.currency, 0) {
            let pointer = format!("/total_cost{}", names.before);
            let (expected, found) = (cost.before.to_string(), claims.total.before.to_string());
            findings.add(AuditRule::SessionCost, pointer, Some(expected), Some(found));
        }
    }
}

/// The session that the CDR names. One of 2.1.1 names none: the only one that is known is taken.
fn session_of<'s>(claims: &Claims, sessions: &'s [Seen]) -> Option<&'s Seen> {
    match (&claims.ties.session_id, sessions) {
        (Some(id), _) => sessions.iter().find(|session| session.id.eq_ignore_ascii_case(id)),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}
