//! The session that led to a CDR.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ocpi_types::v2_2_1::sessions::SessionStatus;
use ocpi_types::{DateTime, Decimal, Private};

use super::Rule;
use super::claims::{CdrClaims, SessionClaims, Stay};
use super::scope::Scope;
use super::tolerance::{Precision, near, times};
use crate::usage::{Period, Usage};

/// Sessions in which that of a CDR is looked up: by id, or in 2.1.1, whose CDRs have no such id, by driver and time.
///
/// If a session occurs in several states, the last one counts.
///
/// ```
/// use ocpi_pricing::audit::{Audit, Sessions};
/// # fn audit(sessions: &[ocpi_types::v2_2_1::sessions::Session]) {
/// let audit = Audit::new().with_sessions(Sessions::new(sessions));
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sessions {
    list: Vec<SessionClaims>,
    by_id: BTreeMap<String, Vec<usize>>,
    by_token: BTreeMap<Private<Vec<Box<str>>>, Vec<usize>>,
}

impl Sessions {
    /// Collects sessions of one version.
    pub fn new<S: Into<SessionClaims>>(sessions: impl IntoIterator<Item = S>) -> Self {
        let mut all = Self::default();
        all.extend(sessions);
        all
    }

    fn of(&self, cdr: &CdrClaims) -> Option<&SessionClaims> {
        let places = match (&cdr.session_id, &cdr.owner) {
            (Some(id), _) => self.by_id.get(&id.to_ascii_lowercase()),
            // A CDR of 2.1.1 has neither.
            (None, None) => self.by_token.get(&cdr.stay.token),
            (None, Some(_)) => return None,
        };
        let candidates = places.into_iter().flatten().filter_map(|place| self.list.get(*place));
        let fits = |session: &&SessionClaims| match cdr.session_id {
            Some(_) => session.owner == cdr.owner,
            None => overlaps(&session.stay, &cdr.stay),
        };
        let found = candidates.filter(fits).max_by_key(|session| session.stay.last_updated);
        match (found, self.list.as_slice()) {
            // There is no id to say that it is another one.
            (None, [only]) if cdr.session_id.is_none() => Some(only),
            (found, _) => found,
        }
    }
}

impl<S: Into<SessionClaims>> Extend<S> for Sessions {
    fn extend<I: IntoIterator<Item = S>>(&mut self, sessions: I) {
        for session in sessions {
            let session: SessionClaims = session.into();
            let place = self.list.len();
            self.by_id.entry(session.id.to_ascii_lowercase()).or_default().push(place);
            self.by_token.entry(session.stay.token.clone()).or_default().push(place);
            self.list.push(session);
        }
    }
}

fn overlaps(session: &Stay, cdr: &Stay) -> bool {
    let (from, until) = (session.usage.start, session.usage.end);
    let is_before_end = from.zip(cdr.usage.end).is_none_or(|(from, end)| from <= end);
    let is_after_start = until.zip(cdr.usage.start).is_none_or(|(until, start)| until >= start);
    is_before_end && is_after_start
}

pub(super) fn look(scope: &mut Scope<'_>, sessions: &Sessions) {
    let cdr = scope.cdr;
    let Some(session) = sessions.of(cdr) else {
        match &cdr.session_id {
            Some(id) => scope.find(Rule::SessionUnknown, "/session_id", "the id of a session", id),
            None if cdr.owner.is_none() => {
                scope.find_hidden(Rule::SessionUnknown, scope.names.token);
            }
            // A reservation may never have become a session.
            None if cdr.stay.usage.periods.iter().any(Period::is_charging) => {
                scope.find(Rule::SessionMissing, "/session_id", "the id of a session", "none");
            }
            None => {}
        }
        return;
    };
    let place = if cdr.session_id.is_some() { "/session_id" } else { "" };
    if session.status != SessionStatus::Completed {
        scope.find(Rule::SessionStatus, place, SessionStatus::Completed, &session.status);
    }
    who(scope, session);
    start_and_end(scope, session);
    energy(scope, session);
    periods(scope, session);
    cost(scope, session);
}

/// The driver, the authorization and the place.
fn who(scope: &mut Scope<'_>, session: &SessionClaims) {
    let (cdr, names) = (&scope.cdr.stay, scope.names);
    let other = &session.stay;
    if *cdr.token != *other.token {
        scope.find_hidden(Rule::SessionToken, names.token);
    }
    let is_same = |one: &Option<Box<str>>, other: &Option<Box<str>>| match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one.is_none() && other.is_none(),
    };
    if !is_same(&cdr.reference, &other.reference) {
        // It leads to the driver, as the token does.
        scope.find_hidden(Rule::SessionReference, "/authorization_reference");
    }
    if cdr.auth_method != other.auth_method {
        scope.find(Rule::SessionAuthMethod, "/auth_method", &other.auth_method, &cdr.auth_method);
    }
    for (pointer, (found, expected)) in names.place.into_iter().zip(cdr.place.iter().zip(&other.place)) {
        let Some((found, expected)) = found.as_deref().zip(expected.as_deref()) else { continue };
        // Where nobody knew it yet.
        const UNKNOWN: &str = "#NA";
        if !found.eq_ignore_ascii_case(expected) && found != UNKNOWN && expected != UNKNOWN {
            scope.find(Rule::SessionPlace, pointer, expected, found);
        }
    }
}

fn start_and_end(scope: &mut Scope<'_>, session: &SessionClaims) {
    let (cdr, other) = (&scope.cdr.stay.usage, &session.stay.usage);
    let allowed = i64::from(scope.tolerance.seconds);
    let is_reserved = cdr.periods.iter().any(|period| {
        period.reservation_time.or(period.reservation_expires).is_some_and(|hours| hours > Decimal::ZERO)
    });
    let is_near = |found: DateTime, expected: DateTime| found.seconds_since(expected).abs() <= allowed;
    let (start, end) = (cdr.start.zip(other.start), cdr.end.zip(other.end));
    if let Some((found, expected)) = start {
        if !(is_near(found, expected) || is_reserved && found < expected) {
            scope.find(Rule::SessionTimes, "/start_date_time", expected, found);
        }
    }
    if let Some((found, expected)) = end {
        if !is_near(found, expected) {
            scope.find(Rule::SessionTimes, scope.names.end, expected, found);
        }
    }
}

fn energy(scope: &mut Scope<'_>, session: &SessionClaims) {
    let (found, expected) = (scope.cdr.stay.energy, session.stay.energy);
    let of = |number| Precision::of([number], scope.tolerance.energy_decimals).half();
    let allowed = of(found).checked_add(of(expected)).unwrap_or_default();
    if near(found, expected, allowed) {
        return;
    }
    let is_thousand =
        |one, other| near(times(one, 1000), other, times(allowed, 1000)) && one != Decimal::ZERO;
    if is_thousand(found, expected) {
        let what = "the session has Wh";
        scope.find_with(Rule::SessionEnergy, "/total_energy", expected, found, what);
    } else if !is_thousand(expected, found) || !scope.has(Rule::EnergyUnit) {
        scope.find(Rule::SessionEnergy, "/total_energy", expected, found);
    }
}

fn periods(scope: &mut Scope<'_>, session: &SessionClaims) {
    let (cdr, other) = (in_order(&scope.cdr.stay.usage), in_order(&session.stay.usage));
    let places: Vec<usize> = (0..cdr.periods.len()).map(|index| cdr.written_place(index)).collect();
    let (cdr, other) = (&cdr.periods, &other.periods);
    let is_over = session.status == SessionStatus::Completed;
    for (index, expected) in other.iter().enumerate() {
        let pointer = format!("/charging_periods/{}", places.get(index).unwrap_or(&index));
        let Some(found) = cdr.get(index) else {
            let (expected, found) = (other.len(), cdr.len());
            let (expected, found) = (format!("{expected} periods"), format!("{found} periods"));
            scope.find(Rule::SessionPeriods, "/charging_periods", expected, found);
            return;
        };
        if found.start.seconds_since(expected.start).abs() > i64::from(scope.tolerance.seconds) {
            let pointer = pointer + "/start_date_time";
            scope.find(Rule::SessionPeriods, pointer, expected.start, found.start);
            return;
        }
        // The last one of a session that goes on may still grow.
        if !is_over && index + 1 == other.len() {
            return;
        }
        let volumes = [
            ("ENERGY", found.energy, expected.energy, scope.tolerance.energy_decimals),
            ("TIME", found.time, expected.time, scope.tolerance.hours_decimals),
            ("PARKING_TIME", found.parking_time, expected.parking_time, scope.tolerance.hours_decimals),
        ];
        for (name, found, expected, decimals) in volumes {
            let Some((found, expected)) = found.zip(expected) else { continue };
            if !near(found, expected, Precision::of([found, expected], decimals).unit()) {
                let (expected, found) = (format!("{name} {expected}"), format!("{name} {found}"));
                scope.find(Rule::SessionPeriods, pointer + "/dimensions", expected, found);
                return;
            }
        }
    }
}

/// The same with its periods in order of time.
fn in_order(usage: &Usage) -> Cow<'_, Usage> {
    if usage.periods.is_sorted_by_key(|period| period.start) {
        return Cow::Borrowed(usage);
    }
    let mut usage = usage.clone();
    usage.put_in_order();
    Cow::Owned(usage)
}

fn cost(scope: &mut Scope<'_>, session: &SessionClaims) {
    let (cdr, other) = (&scope.cdr.stay.usage.currency, &session.stay.usage.currency);
    if cdr != other {
        scope.find(Rule::SessionCurrency, "/currency", other, cdr);
        return;
    }
    // A session that was corrected shows the total of the first CDR.
    let Some(total) = session.total.as_ref().filter(|_| !scope.cdr.is_credit()) else { return };
    let (found, expected) = (scope.cdr.total.before, total.before);
    let half = |amount| scope.tolerance.precision_of_money(cdr, amount).half();
    let allowed = half(found).checked_add(half(expected));
    let allowed = allowed.and_then(|allowed| allowed.checked_add(scope.tolerance.money));
    if allowed.is_some_and(|allowed| !near(found, expected, allowed)) {
        scope.find(Rule::SessionCost, format!("/total_cost{}", scope.names.before), expected, found);
    }
}
