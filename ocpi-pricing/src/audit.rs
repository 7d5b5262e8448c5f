//! Audit of CDRs: against their tariffs, against themselves, and against the sessions that led to them.
//!
//! ```
//! use ocpi_pricing::audit::{Audit, Rule, Verdict};
//! use ocpi_pricing::generate::{Generator, Template};
//! use ocpi_types::{json, v2_2_1::tariffs::Tariff};
//!
//! let tariff: Tariff = json::from_str(r#"{
//!     "country_code": "NL", "party_id": "ALF", "id": "DAY", "currency": "EUR",
//!     "elements": [{"price_components": [
//!         {"type": "ENERGY", "price": 0.45, "vat": 21, "step_size": 1},
//!         {"type": "PARKING_TIME", "price": 3.00, "vat": 21, "step_size": 900}]}],
//!     "last_updated": "2026-01-01T00:00:00Z"}"#)?;
//! let mut generator = Generator::new(7, "Europe/Amsterdam".parse()?);
//! let record = generator.record(&Template::new(tariff))?;
//!
//! let audit = Audit::new().in_zone("Europe/Amsterdam".parse()?);
//! assert_eq!(audit.cdr(&record.cdr).verdict(), Verdict::Agrees);
//!
//! let mut wrong = record.cdr.clone();
//! wrong.total_cost.excl_vat = "1000.00".parse()?;
//! let report = audit.cdr(&wrong);
//! assert_eq!(report.verdict(), Verdict::Differs);
//! let finding = &report.findings[0];
//! assert_eq!((finding.rule, &*finding.pointer), (Rule::TotalCost, "/total_cost/excl_vat"));
//! assert_eq!(finding.found.as_deref(), Some("1000.00"));
//! assert_eq!(finding.expected, Some(record.cdr.total_cost.excl_vat.to_string()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Tolerance`] limits how far a number may be off; [`Rule`] is the table of all rules. If a CDR is right under
//! another [`Policy`], the finding names it. A [`Case`] compares a CDR with its session, and a credit CDR with the
//! original.

mod agreement;
mod amounts;
mod bills;
mod claims;
mod cost;
mod credit;
mod parallel;
mod parts;
mod periods;
mod rule;
mod scope;
mod sessions;
mod tariffs;
mod tax;
mod tolerance;
mod totals;
mod units;

pub use claims::{CdrClaims, SessionClaims};
pub use rule::Rule;
pub use sessions::Sessions;
pub use tolerance::Tolerance;

use std::fmt;
use std::sync::Arc;

use ocpi_types::{Concern, Currency, Severity};

use crate::bill::Remedy;
use crate::policy::Policy;
use crate::{Pricer, TariffModel, Zone};
use scope::Scope;

/// Audits CDRs. Create it once, share it between threads, and use it for any number of CDRs.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    policy: Policy,
    tolerance: Tolerance,
    zone: Option<Zone>,
    pricer: Option<Pricer>,
    sessions: Option<Arc<Sessions>>,
}

/// A CDR to audit, with the time zone, the sessions and, for a credit CDR, the original to compare it with.
#[derive(Clone, Debug)]
pub struct Case {
    cdr: CdrClaims,
    zone: Option<Zone>,
    sessions: Option<Arc<Sessions>>,
    original: Option<Box<CdrClaims>>,
}

/// Result of the audit of one CDR.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Report {
    /// The id of the CDR.
    pub id: Box<str>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Findings, in a fixed order.
    pub findings: Vec<Finding>,
    /// Reasons why the bill could not be computed.
    pub not_computable: Vec<String>,
    /// Whether the bill could not be computed because the time zone of the session is not known.
    pub lacks_zone: bool,
    /// Remedies that would make the bill computable, without duplicates.
    pub remedies: Vec<Remedy>,
}

/// Verdict of an audit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// No errors were found.
    Agrees,
    /// There is a finding of severity error.
    Differs,
    /// No errors were found, but the bill could not be computed.
    NotComputable,
}

/// A finding of an audit.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// Place in the CDR, as a JSON pointer.
    pub pointer: String,
    /// Rule of the finding.
    pub rule: Rule,
    /// Message, with details.
    pub message: String,
    /// Expected value; `None` if it must not be shown, as for a token.
    pub expected: Option<String>,
    /// Value in the CDR; `None` if it must not be shown.
    pub found: Option<String>,
}

impl Audit {
    /// Creates an audit that follows the letter of the specification, with tolerance only for rounding.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the policy.
    #[must_use]
    pub fn with_policy(self, policy: Policy) -> Self {
        let pricer = self.pricer.map(|pricer| pricer.under(policy));
        Self { policy, pricer, ..self }
    }

    /// Sets the tolerance.
    #[must_use]
    pub fn with_tolerance(self, tolerance: Tolerance) -> Self {
        Self { tolerance, ..self }
    }

    /// Sets the time zone of the sessions, that of the Location, for cases without their own. It overrides the time
    /// zone in CDRs, which only 2.1.1 has.
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// Uses these tariffs instead of those in the CDRs.
    #[must_use]
    pub fn with_tariffs(self, plans: impl IntoIterator<Item = TariffModel>) -> Self {
        Self { pricer: Some(Pricer::with_policy(plans, self.policy)), ..self }
    }

    /// Sets the sessions in which the session of each CDR is looked up.
    #[must_use]
    pub fn with_sessions(self, sessions: Sessions) -> Self {
        Self { sessions: Some(Arc::new(sessions)), ..self }
    }

    /// Audits a CDR on its own.
    pub fn cdr(&self, cdr: impl Into<CdrClaims>) -> Report {
        self.case(&Case::of(cdr))
    }

    /// Audits the CDR of a case against all data of the case.
    pub fn case(&self, case: &Case) -> Report {
        let cdr = &case.cdr;
        let mut usage = cdr.stay.usage.clone();
        usage.zone = case.zone.or(self.zone).or(usage.zone);
        usage.put_in_order();
        let mut scope = Scope::new(cdr, &self.tolerance, &usage);
        // Nobody knows which of two values counts, or what stood where something is missing.
        let is_clear = usage.obstacles.iter().all(|obstacle| obstacle.concern == Concern::Tariff);
        if is_clear {
            units::look(&mut scope);
            periods::look(&mut scope);
            totals::look(&mut scope);
        } else {
            let is_unclear =
                |pointer: &str| usage.obstacles.iter().any(|obstacle| obstacle.pointer == pointer);
            scope.explained(|it| it.rule == Rule::UpdatedEarly || is_unclear(&it.pointer));
        }
        // Copied only if units were put right.
        let usage = scope.usage.clone();
        let own;
        let pricer = match &self.pricer {
            Some(pricer) => pricer,
            None => {
                own = Pricer::sharing(cdr.plans.iter().cloned(), self.policy);
                &own
            }
        };
        tariffs::look(&mut scope, pricer);
        let computed = bills::look(&mut scope, pricer, &usage);
        credit::look(&mut scope, case.original.as_deref().filter(|_| is_clear));
        if let Some(sessions) = case.sessions.as_ref().or(self.sessions.as_ref()).filter(|_| is_clear) {
            sessions::look(&mut scope, sessions);
        }
        Report {
            id: cdr.id.clone(),
            currency: usage.currency.clone(),
            findings: scope.into_findings(),
            not_computable: computed.reasons,
            lacks_zone: computed.lacks_zone,
            remedies: computed.remedies,
        }
    }

    /// Audits many cases, on all cores; the reports are in the order of the cases.
    pub fn all(&self, cases: &[Case]) -> Vec<Report> {
        parallel::map(cases, |case| self.case(case))
    }

    /// Makes cases and audits them, both on all cores: for texts that have not been read yet.
    pub fn all_of<T: Sync, E: Send>(
        &self,
        items: &[T],
        case: impl Fn(&T) -> Result<Case, E> + Sync,
    ) -> Vec<Result<Report, E>> {
        parallel::map(items, |item| case(item).map(|case| self.case(&case)))
    }
}

impl Case {
    /// Creates a case for a CDR.
    pub fn of(cdr: impl Into<CdrClaims>) -> Self {
        Self { cdr: cdr.into(), zone: None, sessions: None, original: None }
    }

    /// Sets the sessions of the CDR, to compare it with.
    #[must_use]
    pub fn against<S: Into<SessionClaims>>(self, sessions: impl IntoIterator<Item = S>) -> Self {
        Self { sessions: Some(Arc::new(Sessions::new(sessions))), ..self }
    }

    /// Sets the CDR that this credit CDR reverses, to compare it with.
    #[must_use]
    pub fn original(self, original: impl Into<CdrClaims>) -> Self {
        Self { original: Some(Box::new(original.into())), ..self }
    }

    /// Sets the time zone.
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Self {
        Self { zone: Some(zone), ..self }
    }
}

impl Report {
    /// Returns the verdict: an error takes precedence over a bill that could not be computed.
    pub fn verdict(&self) -> Verdict {
        if self.findings.iter().any(Finding::is_error) {
            Verdict::Differs
        } else if self.not_computable.is_empty() {
            Verdict::Agrees
        } else {
            Verdict::NotComputable
        }
    }
}

impl Verdict {
    /// Returns the name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::NotComputable => "not_computable",
        }
    }
}

impl Finding {
    pub(super) fn new(
        rule: Rule,
        pointer: impl Into<String>,
        expected: Option<String>,
        found: Option<String>,
    ) -> Self {
        Self { pointer: pointer.into(), rule, message: rule.message().to_owned(), expected, found }
    }

    /// Whether the finding has severity error, so that the CDR is wrong.
    pub fn is_error(&self) -> bool {
        self.rule.severity() == Severity::Error
    }
}

/// `/total_energy: … [cdr.total_energy], expected 20.5, found 20`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.pointer, self.message, self.rule)?;
        if let (Some(expected), Some(found)) = (&self.expected, &self.found) {
            write!(f, ", expected {expected}, found {found}")?;
        }
        Ok(())
    }
}
