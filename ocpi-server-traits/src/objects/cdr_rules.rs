//! Rules that received CDRs are held to.

/// Treatment of a CDR that is against a rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CdrVerdict {
    /// It is taken, and the observer is told.
    Take,
    /// It is refused: 2001.
    Refuse,
}

/// Rules that received CDRs are held to, and the first of them Sessions and Bookings, too: see [`Objects::with_cdr_rules`](super::Objects::with_cdr_rules).
///
/// | Rule | The CDR |
/// |---|---|
/// | `cdr.foreign_driver` | is of a driver of another eMSP than ours |
/// | `cdr.unknown_credit` | credits a CDR that is not known |
/// | `cdr.second_credit` | credits a CDR that another one has credited |
///
/// A credit whose amounts are not negative is a [finding](ocpi_types::Rule::CreditSign) of the check, and is taken: both signs
/// are met.
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
    /// The driver is of another eMSP. A platform that keeps CDRs for others takes them.
    pub foreign_driver: CdrVerdict,
    /// The CDR that is credited is not known.
    pub unknown_credit: CdrVerdict,
    /// The CDR that is credited has been credited by another one.
    pub second_credit: CdrVerdict,
}

impl CdrRules {
    /// Refuses what is against any of them.
    pub const fn strict() -> Self {
        Self {
            foreign_driver: CdrVerdict::Refuse,
            unknown_credit: CdrVerdict::Refuse,
            second_credit: CdrVerdict::Refuse,
        }
    }

    /// Takes everything, and tells the observer.
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
