//! Rules for received CDRs.

use ocpi_types::endpoint::Resource;
use ocpi_types::observe::{EventKind, OddUpdate};
use ocpi_types::protocol::Party;

use crate::{Caller, Error};

/// Treatment of a CDR that breaks a rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CdrVerdict {
    /// The CDR is accepted, and the observer is told.
    Take,
    /// The CDR is refused: 2001.
    Refuse,
}

/// Rules for received CDRs, the first of them also for Sessions and Bookings: see
/// [`Objects::with_cdr_rules`](super::Objects::with_cdr_rules).
///
/// | Rule | Broken by a CDR that |
/// |---|---|
/// | `cdr.foreign_driver` | belongs to a driver of another eMSP than ours |
/// | `cdr.unknown_credit` | credits an unknown CDR |
/// | `cdr.second_credit` | credits a CDR that another one has already credited |
///
/// A credit CDR with positive amounts is a [finding](ocpi_types::Rule::CreditSign) of the check, and is accepted:
/// partners use both signs.
///
/// ```
/// use ocpi_server_traits::{CdrRules, CdrVerdict};
/// let rules = CdrRules { unknown_credit: CdrVerdict::Take, ..CdrRules::strict() };
/// assert_eq!(rules.second_credit, CdrVerdict::Refuse);
/// ```
///
/// Spec: 2.2.1 mod_cdrs §credit_cdrs
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CdrRules {
    /// The driver belongs to another eMSP. A platform that keeps CDRs for others accepts them.
    pub foreign_driver: CdrVerdict,
    /// The credited CDR is unknown.
    pub unknown_credit: CdrVerdict,
    /// The credited CDR has already been credited by another one.
    pub second_credit: CdrVerdict,
}

impl CdrRules {
    /// Refuses CDRs that break any rule.
    pub const fn strict() -> Self {
        Self {
            foreign_driver: CdrVerdict::Refuse,
            unknown_credit: CdrVerdict::Refuse,
            second_credit: CdrVerdict::Refuse,
        }
    }

    /// Accepts all CDRs, and tells the observer.
    pub const fn lenient() -> Self {
        Self {
            foreign_driver: CdrVerdict::Take,
            unknown_credit: CdrVerdict::Take,
            second_credit: CdrVerdict::Take,
        }
    }
}

impl Default for CdrRules {
    fn default() -> Self {
        Self::strict()
    }
}

/// Rules that an object is against, although it is taken.
#[derive(Clone, Default)]
pub(super) struct Against(Vec<&'static str>);

impl Against {
    /// An object of a driver is for the driver's eMSP.
    pub(super) fn judge_driver<T: Resource>(
        &mut self,
        rules: CdrRules,
        own: &[Party],
        object: &T,
    ) -> Result<(), Error> {
        if own.is_empty() || object.audience().is_none_or(|of| own.contains(&of)) {
            return Ok(());
        }
        self.judge(rules.foreign_driver, "cdr.foreign_driver", "the driver is not of this eMSP")
    }

    /// Tells the observer.
    pub(super) fn tell<T: Resource>(&self, caller: &Caller) {
        for rule in &self.0 {
            caller.observe(EventKind::Odd(OddUpdate::new(T::TYPE.name(), rule)));
        }
    }

    /// Refuses what is against a rule, or takes note of it.
    pub(super) fn judge(
        &mut self,
        verdict: CdrVerdict,
        rule: &'static str,
        message: &str,
    ) -> Result<(), Error> {
        match verdict {
            CdrVerdict::Take => self.0.push(rule),
            CdrVerdict::Refuse => return Err(Error::invalid(message)),
        }
        Ok(())
    }
}
