//! Remedies for objects that cannot be computed.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_pricing::bill::Remedy;

use crate::output;
use crate::policies::named;

/// Remedies that would make objects computable, with the number of objects.
#[derive(Debug, Default)]
pub(crate) struct Remedies(BTreeMap<Remedy, usize>);

impl Remedies {
    /// Counts an object.
    pub(crate) fn add(&mut self, remedies: impl Iterator<Item = Remedy>) {
        for remedy in remedies.collect::<BTreeSet<_>>() {
            *self.0.entry(remedy).or_default() += 1;
        }
    }

    /// Says which flags would decide, on standard error.
    pub(crate) fn mention(&self) {
        for (remedy, count) in &self.0 {
            let what = if *count == 1 { "1 price".to_owned() } else { format!("{count} prices") };
            output::mention(&match remedy {
                Remedy::Tariff => {
                    format!("{what} cannot be computed without another tariff; give it with --tariff FILE")
                }
                Remedy::Policy(question, choice) => {
                    format!("{what} can be computed with --policy {}", named(question, choice))
                }
                Remedy::TimeZone => {
                    let verb = if *count == 1 { "depends" } else { "depend" };
                    format!("{what} {verb} on the local time; give the time zone with --time-zone ZONE")
                }
                _ => format!("{what} can be computed with {remedy}"),
            });
        }
    }
}
