//! Whether a CDR is right: by its tariff, by itself, and by the sessions that led to it.

mod against_sessions;
mod against_tariff;
mod claims;
mod itself;
mod rules;
mod tolerance;

pub use claims::{Claims, Money, Part, Seen, Ties};
pub use rules::AuditRule;

use std::fmt;

use ocpi_types::Severity;

use crate::engine::Pricer;
use crate::error::PriceError;
use crate::plan::Plan;
use crate::policy::Policy;
use crate::zone::{UnknownZone, Zone};

/// Audits CDRs. Made once, used for any number of CDRs, on any number of threads.
///
/// What was written is held to what it should be with the tolerance that writing allows: hours have a last decimal,
/// and so has money (see [`AuditRule`]). A CDR that is right has no findings.
///
/// ```
/// use ocpi_pricing::audit::{Audit, AuditRule, Verdict};
/// use ocpi_types::{json, v2_2_1::cdrs::Cdr};
/// # let cdr = r#"{"country_code": "NL", "party_id": "ALF", "id": "C1", "start_date_time": "2026-05-01T10:00:00Z",
/// #   "end_date_time": "2026-05-01T11:00:00Z", "cdr_token": {"country_code": "DE", "party_id": "EMP", "uid": "1",
/// #   "type": "RFID", "contract_id": "C"}, "auth_method": "WHITELIST", "cdr_location": {"id": "L1", "address": "A",
/// #   "city": "C", "country": "NLD", "coordinates": {"latitude": "52.08945", "longitude": "5.11027"},
/// #   "evse_uid": "E", "evse_id": "NL*ALF*E1", "connector_id": "1", "connector_standard": "IEC_62196_T2",
/// #   "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"}, "currency": "EUR",
/// #   "tariffs": [{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR", "elements": [
/// #     {"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 1}]}],
/// #     "last_updated": "2026-01-01T00:00:00Z"}],
/// #   "charging_periods": [{"start_date_time": "2026-05-01T10:00:00Z", "tariff_id": "T1",
/// #     "dimensions": [{"type": "ENERGY", "volume": 20}, {"type": "TIME", "volume": 1}]}],
/// #   "total_cost": {"excl_vat": 6.00}, "total_energy": 20, "total_time": 1,
/// #   "last_updated": "2026-05-01T11:00:00Z"}"#;
/// // 20 kWh at 0.25, billed as 6.00.
/// let cdr: Cdr = json::from_str(cdr)?;
/// let report = Audit::new().cdr(&cdr);
/// assert_eq!(report.verdict(), Verdict::Differs);
/// let finding = &report.findings[0];
/// assert_eq!((finding.rule, finding.pointer.as_str()), (AuditRule::TotalCost, "/total_cost/excl_vat"));
/// assert_eq!((finding.expected.as_deref(), finding.found.as_deref()), (Some("5"), Some("6.00")));
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Audit {
    zone: Option<Zone>,
    policy: Policy,
    tariffs: Vec<Plan>,
}

/// What an audit came to.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The id of the CDR.
    pub id: String,
    /// What is not right, or cannot be known, in the order of the checks.
    pub findings: Vec<Finding>,
}

/// What an audit came to, in one word.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// Nothing is wrong.
    Agrees,
    /// Something is wrong.
    Differs,
    /// Nothing else is wrong, but the price cannot be computed.
    NotComputable,
}

/// Something that is not right, or cannot be known.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// Which rule.
    pub rule: AuditRule,
    /// Where: a JSON pointer into the CDR.
    pub pointer: String,
    /// What it should be, if that can be said.
    pub expected: Option<String>,
    /// What it is, unless that would show who the driver is.
    pub found: Option<String>,
    /// More than the rule says of itself; may be empty.
    pub detail: String,
}

impl Audit {
    /// By the tariffs in the CDR, to the letter of the specification.
    pub fn new() -> Self {
        Self::default()
    }

    /// With the time zone of the Location: only 2.1.1 has it in CDRs.
    ///
    /// # Errors
    /// When there is no such zone.
    pub fn with_time_zone(self, name: &str) -> Result<Self, UnknownZone> {
        Ok(Self { zone: Some(name.parse()?), ..self })
    }

    /// In a time zone.
    #[must_use]
    pub fn in_zone(self, zone: Option<Zone>) -> Self {
        Self { zone, ..self }
    }

    /// With other answers to what the specification leaves open.
    #[must_use]
    pub fn with_policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// By these tariffs instead of those in the CDR.
    #[must_use]
    pub fn with_tariffs(self, tariffs: impl IntoIterator<Item = Plan>) -> Self {
        Self { tariffs: tariffs.into_iter().collect(), ..self }
    }

    /// Audits a CDR by its tariff and by itself.
    pub fn cdr<'c, C>(&self, cdr: &'c C) -> Report
    where
        Claims: From<&'c C>,
    {
        self.claims(Claims::from(cdr), &[])
    }

    /// Audits a CDR, by the sessions that led to it too.
    pub fn cdr_of<'c, C>(&self, cdr: &'c C, sessions: &[Seen]) -> Report
    where
        Claims: From<&'c C>,
    {
        self.claims(Claims::from(cdr), sessions)
    }

    /// Audits many CDRs on all cores. The reports come in the order of the CDRs.
    pub fn all<C: Sync>(&self, cdrs: &[C]) -> Vec<Report>
    where
        for<'c> Claims: From<&'c C>,
    {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = cdrs.len().div_ceil(cores).max(1);
        let mut reports: Vec<Vec<Report>> = Vec::new();
        std::thread::scope(|threads| {
            let parts: Vec<_> = cdrs
                .chunks(share)
                .map(|part| threads.spawn(move || part.iter().map(|cdr| self.cdr(cdr)).collect::<Vec<_>>()))
                .collect();
            // A thread ends with a panic only if this library has a fault: it goes on to the caller.
            reports.extend(
                parts
                    .into_iter()
                    .map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))),
            );
        });
        reports.into_iter().flatten().collect()
    }

    /// Audits what a CDR of any version claims.
    pub fn claims(&self, mut claims: Claims, sessions: &[Seen]) -> Report {
        let mut findings = Findings(Vec::new());
        claims.usage.zone = self.zone.or(claims.usage.zone);
        itself::check(&claims, &mut findings);
        let plans = if self.tariffs.is_empty() { claims.plans.clone() } else { self.tariffs.clone() };
        if plans.is_empty() {
            findings.add(AuditRule::NoTariff, "/tariffs", None, None);
        } else {
            let pricer = Pricer::with_policy(plans, self.policy);
            self.price(&pricer, &claims, &mut findings);
        }
        against_sessions::check(&claims, sessions, &mut findings);
        Report { id: claims.id, findings: findings.0 }
    }

    fn price(&self, pricer: &Pricer, claims: &Claims, findings: &mut Findings) {
        match pricer.price(&claims.usage) {
            Ok(bill) => against_tariff::check(pricer, claims, &bill, findings),
            Err(error) => {
                findings.add_with(AuditRule::NotComputable, place(&error), None, None, error.to_string())
            }
        }
    }
}

fn place(error: &PriceError) -> String {
    error.period().map_or_else(String::new, |period| format!("/charging_periods/{period}"))
}

impl Report {
    /// What it came to.
    pub fn verdict(&self) -> Verdict {
        let has = |severity| self.findings.iter().any(|finding| finding.rule.severity() == severity);
        if has(Severity::Error) {
            Verdict::Differs
        } else if self.findings.iter().any(|finding| finding.rule.is_open()) {
            Verdict::NotComputable
        } else if has(Severity::Warning) {
            Verdict::Differs
        } else {
            Verdict::Agrees
        }
    }
}

impl Verdict {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::NotComputable => "not_computable",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.rule.message())?;
        match (&self.expected, &self.found) {
            (Some(expected), Some(found)) => write!(f, ": {found}, expected {expected}")?,
            (Some(expected), None) => write!(f, ": expected {expected}")?,
            (None, Some(found)) => write!(f, ": {found}")?,
            (None, None) => {}
        }
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        write!(f, " [{}]", self.rule.id())
    }
}

/// What was found so far.
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        rule: AuditRule,
        pointer: impl Into<String>,
        expected: Option<String>,
        found: Option<String>,
    ) {
        self.add_with(rule, pointer, expected, found, String::new());
    }

    fn add_with(
        &mut self,
        rule: AuditRule,
        pointer: impl Into<String>,
        expected: Option<String>,
        found: Option<String>,
        detail: String,
    ) {
        self.0.push(Finding { rule, pointer: pointer.into(), expected, found, detail });
    }
}
