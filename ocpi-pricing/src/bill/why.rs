//! Reasons why an amount is priced by a certain component.

use super::{Bill, Entry};
use crate::engine::moment::{Extremes, Moment, Restriction, Verdict, elapsed};
use crate::fixed::Fixed;
use crate::tariff_model::Phase;
use crate::zone::LocalClock;

/// Reasons why a component priced a quantity.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Why {
    /// The restrictions of its element, all of which were met; empty if it has none.
    pub held: Vec<Restriction>,
    /// Earlier elements with a price for the same dimension, with the reasons why they did not apply.
    pub passed: Vec<Passed>,
    /// Whether the price of a reservation was used because there is none for an expired one.
    pub is_fallback: bool,
}

/// An element that did not apply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Passed {
    /// The element.
    pub element: usize,
    /// Restriction that was not met.
    pub restriction: Restriction,
}

impl Bill {
    /// Finds the reasons for the price of a line; `None` if there is no such line. They are computed on request, not
    /// during pricing.
    pub fn why(&self, line: usize) -> Option<Why> {
        let entry = self.entries.get(line)?;
        let compiled = self.pricer.plans.get(entry.plan as usize)?;
        let element = compiled.rates.get(entry.rate as usize)?.element;
        let (moment, policy) = (self.moment(entry), &self.pricer.policy);
        let tests = compiled.tests.get(element as usize)?;
        let held = tests.each(&moment, policy).filter(|(_, verdict)| *verdict == Verdict::Holds);
        let is_it = |phase| compiled.candidates(phase, entry.kind).contains(&(element, entry.rate));
        let is_fallback = entry.phase == Phase::Expired && !is_it(Phase::Expired);
        let phases: &[Phase] =
            if is_fallback { &[Phase::Expired, Phase::Reservation] } else { &[entry.phase] };
        let mut passed = Vec::new();
        for candidate in phases.iter().flat_map(|phase| compiled.candidates(*phase, entry.kind)) {
            if candidate.1 == entry.rate {
                break;
            }
            if let Verdict::Fails(restriction) = compiled.verdict(candidate.0, &moment, policy) {
                passed.push(Passed { element: candidate.0 as usize, restriction });
            }
        }
        Some(Why { held: held.map(|(restriction, _)| restriction).collect(), passed, is_fallback })
    }

    /// The moment at which a quantity begins.
    fn moment(&self, entry: &Entry) -> Moment {
        let period = self.usage.periods.get(entry.period as usize);
        let start = period.map_or(self.starts.session, |period| self.starts.of_period(period));
        let clock = self.usage.zone.map(|zone| LocalClock::new(zone, self.pricer.policy.clock));
        let policy = &self.pricer.policy;
        let end = self.usage.period_end(entry.period as usize);
        let time =
            end.zip(period).map(|(end, period)| Fixed::seconds(end.to_chrono() - period.start.to_chrono()));
        Moment {
            local: clock.map(|clock| clock.local(entry.at)),
            elapsed: elapsed(start, entry.at),
            energy: entry.energy_before,
            current: period.map(Extremes::current).unwrap_or_default(),
            power: period.map(|period| Extremes::power(period, time, policy)).unwrap_or_default(),
            is_booked: self.usage.is_booked,
        }
    }
}
