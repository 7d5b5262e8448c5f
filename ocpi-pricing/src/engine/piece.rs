//! A stretch of a period in which no price changes.

use chrono::{DateTime, Utc};

use super::compiled::{Compiled, Found, Unknown};
use super::moment::{Moment, Restriction};
use crate::bill::{Entry, Gap, Reason, Sum};
use crate::fixed::Fixed;
use crate::policy::Policy;
use crate::tariff_model::{Phase, TariffDimension};

/// Price that was found for a dimension so far in a period, with its entry.
#[derive(Clone, Copy, Default)]
pub(super) struct Trace {
    pub(super) found: Option<Found>,
    pub(super) entry: Option<usize>,
}

/// A stretch of a period in which no price changes.
pub(super) struct Piece<'c> {
    pub(super) index: usize,
    pub(super) plan: u32,
    pub(super) compiled: &'c Compiled,
    pub(super) at: DateTime<Utc>,
    pub(super) moment: Moment,
}

impl Piece<'_> {
    pub(super) fn find(&self, phase: Phase, kind: TariffDimension, policy: &Policy) -> Found {
        self.compiled.find(phase, kind, &self.moment, policy)
    }

    pub(super) fn entry(
        &self,
        phase: Phase,
        kind: TariffDimension,
        rate: u32,
        quantity: Fixed,
        is_estimate: bool,
    ) -> Entry {
        Entry {
            // Not more than u32::MAX periods, by the check.
            period: u32::try_from(self.index).unwrap_or(u32::MAX),
            plan: self.plan,
            rate,
            phase,
            kind,
            is_estimate,
            at: self.at,
            energy_before: self.moment.energy,
            measured: quantity,
            billed: quantity,
            cost: Sum::default(),
        }
    }

    pub(super) fn gap(&self, phase: Phase, kind: TariffDimension, element: u32, why: Unknown) -> Gap {
        let reason = match why {
            Unknown::Restriction(restriction) => Reason::Restriction(restriction),
            Unknown::Obstacle(obstacle) => {
                let obstacle = self.compiled.obstacle(element, obstacle);
                obstacle.map_or(Reason::Restriction(Restriction::Unknown), Reason::from)
            }
        };
        Gap {
            period: Some(self.index),
            tariff: Some(self.plan),
            element: Some(element),
            phase: Some(phase),
            kind: Some(kind),
            reason,
        }
    }
}
