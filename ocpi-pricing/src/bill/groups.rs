//! Gaps grouped by cause, with remedies.

use std::collections::BTreeMap;
use std::fmt;

use ocpi_types::{Concern, ObstacleCause};

use super::texts::Said;
use super::{Bill, Gap, Reason};
use crate::engine::moment::Restriction;

/// Gaps that differ only in the period.
///
/// ```
/// use ocpi_pricing::{Pricer, Usage, bill::Remedy, usage::Period};
/// let mut usage = Usage::new("EUR".parse().unwrap());
/// for hour in ["10", "11", "12"] {
///     usage.periods.push(Period::at(format!("2026-05-01T{hour}:00:00Z").parse().unwrap()));
/// }
/// let pricer = Pricer::new([]);
/// let bill = pricer.price(&usage)?;
/// let groups = bill.gap_groups();
/// assert_eq!(groups[0].periods, [0, 1, 2]);
/// assert_eq!(groups[0].to_string(), "periods 0, 1 and 2: there is no tariff to price by; give the tariff");
/// assert_eq!(groups[0].remedies, [Remedy::Tariff]);
/// # Ok::<(), ocpi_pricing::PriceError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GapGroup<'a> {
    /// First gap of the group.
    pub gap: &'a Gap,
    /// The periods, counted from 0; empty if the gap concerns the whole session.
    pub periods: Vec<usize>,
    /// Remedies, each of which would make it computable.
    pub remedies: Vec<Remedy>,
}

/// Remedy that would make a gap computable.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Remedy {
    /// Provide the time zone of the Location.
    TimeZone,
    /// Provide the tariff, or one that can be priced.
    Tariff,
    /// Choose another answer to a question that the specification leaves open: the question and the choice.
    Policy(&'static str, &'static str),
}

impl Bill {
    /// Groups the gaps by cause, in the order of their first periods, with remedies for each group.
    pub fn gap_groups(&self) -> Vec<GapGroup<'_>> {
        let mut groups: Vec<GapGroup<'_>> = Vec::new();
        let mut places: BTreeMap<Gap, usize> = BTreeMap::new();
        for gap in &self.gaps {
            let key = Gap { period: None, ..gap.clone() };
            let place = *places.entry(key).or_insert(groups.len());
            if place == groups.len() {
                groups.push(GapGroup { gap, periods: Vec::new(), remedies: Vec::new() });
            }
            if let Some(group) = groups.get_mut(place) {
                group.periods.extend(gap.period);
            }
        }
        self.find_remedies(&mut groups);
        groups
    }

    fn find_remedies(&self, groups: &mut [GapGroup<'_>]) {
        for group in &mut *groups {
            group.remedies.extend(match &group.gap.reason {
                Reason::Restriction(restriction) if restriction.is_of_clock() => Some(Remedy::TimeZone),
                Reason::Obstacle(obstacle) if obstacle.concern == Concern::Usage => None,
                Reason::UnknownTariff | Reason::NoTariff | Reason::Obstacle(_) => Some(Remedy::Tariff),
                Reason::Restriction(_) | Reason::NoPeriods | Reason::NotInPeriods => None,
            });
        }
        if !groups.iter().any(|group| !questions(group.gap).is_empty()) {
            return;
        }
        // A policy is proposed only if it does decide.
        for (question, choice, policy) in self.pricer.policy().variants() {
            if !groups.iter().any(|group| questions(group.gap).contains(&question)) {
                continue;
            }
            let pricer = self.pricer.under(policy);
            let Ok(other) = pricer.draft(&self.usage) else { continue };
            for group in groups.iter_mut().filter(|group| questions(group.gap).contains(&question)) {
                if !other.gaps.contains(group.gap) {
                    group.remedies.push(Remedy::Policy(question, choice));
                }
            }
        }
    }
}

/// The questions of policy that a gap may depend on.
fn questions(gap: &Gap) -> &'static [&'static str] {
    match gap.reason {
        Reason::Obstacle(ref obstacle)
            if obstacle.concern == Concern::Kind && obstacle.cause == ObstacleCause::UnknownValue =>
        {
            &["unknown_dimensions"]
        }
        Reason::Restriction(Restriction::MinPower | Restriction::MaxPower) => {
            &["power", "readings", "power_2_1_1"]
        }
        Reason::Restriction(Restriction::MinCurrent | Restriction::MaxCurrent) => &["readings"],
        _ => &[],
    }
}

/// `the time zone`, `the policy power=average`.
impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeZone => f.write_str("the time zone"),
            Self::Tariff => f.write_str("the tariff"),
            Self::Policy(question, choice) => write!(f, "the policy {question}={choice}"),
        }
    }
}

/// Writes the periods, the quantity that cannot be computed there with the reason, and the remedies.
impl fmt::Display for GapGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Periods that are named.
        const SHOWN: usize = 3;
        let (shown, more) = self.periods.split_at(self.periods.len().min(SHOWN));
        match (shown, more.len()) {
            ([], _) => {}
            ([only], _) => write!(f, "period {only}: ")?,
            (shown, 0) => {
                let (last, others) = shown.split_last().unwrap_or((&0, &[]));
                let others: Vec<String> = others.iter().map(ToString::to_string).collect();
                write!(f, "periods {} and {last}: ", others.join(", "))?;
            }
            (shown, _) => {
                let shown: Vec<String> = shown.iter().map(ToString::to_string).collect();
                write!(f, "{} periods ({}, …): ", self.periods.len(), shown.join(", "))?;
            }
        }
        write!(f, "{}", Said(self.gap))?;
        let remedies: Vec<String> = self.remedies.iter().map(ToString::to_string).collect();
        if remedies.is_empty() { Ok(()) } else { write!(f, "; give {}", remedies.join(" or ")) }
    }
}
