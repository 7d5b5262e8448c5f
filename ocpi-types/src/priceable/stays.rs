//! Search for obstacles in CDRs and sessions of each version, without their tariffs.

use super::meaning::{CDR, DIMENSION, PERIOD, TOTAL};
use super::obstacle::{Concern, Obstacle, ObstacleCause};
use super::versions::{Walked, amount, obstacles};
use super::walk::{Place, Walk, says_nothing};
use super::{Priceable, sealed};
use crate::v2_2_1::cdrs::CdrDimension;
use crate::{v2_1_1, v2_2_1, v2_3_0};

/// `totals`: looks at the amounts.
macro_rules! stay {
    ($($stay:path, totals $totals:expr;)*) => { $(
        impl Walked for $stay {
            fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
                walk.members(self, place, (&CDR, &[]));
                if self.currency.as_str().trim().is_empty() {
                    walk.unless_told(place, "currency", Concern::Usage, ObstacleCause::Empty);
                }
                let totals: fn(&Self, &Place<'_>, &mut Walk) = $totals;
                totals(self, place, walk);
                let list = place.member("charging_periods");
                for (index, period) in self.charging_periods.iter().enumerate() {
                    period.walk(&list.index(index), walk);
                }
            }
        }

        impl sealed::Sealed for $stay {}

        impl Priceable for $stay {
            fn obstacles(&self) -> Vec<Obstacle> {
                obstacles(self)
            }
        }
    )* };
}

/// The amounts of a CDR.
macro_rules! totals {
    () => {
        |this, place, walk| {
            let total = this.extra.get("total_cost").is_none().then_some(&this.total_cost);
            amount(("total_cost", total), &this.extra, (place, &TOTAL), walk);
            let parts = [
                ("total_fixed_cost", &this.total_fixed_cost),
                ("total_energy_cost", &this.total_energy_cost),
                ("total_time_cost", &this.total_time_cost),
                ("total_parking_cost", &this.total_parking_cost),
                ("total_reservation_cost", &this.total_reservation_cost),
            ];
            let says_something = |name: &str| !this.extra.get(name).is_some_and(says_nothing);
            for (name, part) in parts.into_iter().filter(|(name, _)| says_something(name)) {
                amount((name, part.as_ref()), &this.extra, (place, &TOTAL), walk);
            }
        }
    };
}

stay! {
    v2_1_1::cdrs::Cdr, totals |_, _, _| {};
    v2_2_1::cdrs::Cdr, totals totals!();
    v2_3_0::cdrs::Cdr, totals totals!();
    v2_1_1::sessions::Session, totals |_, _, _| {};
    v2_2_1::sessions::Session, totals |_, _, _| {};
    v2_3_0::sessions::Session, totals |_, _, _| {};
}

macro_rules! period {
    ($period:path) => {
        impl Walked for $period {
            fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
                walk.members(self, place, (&PERIOD, &[]));
                let list = place.member("dimensions");
                for (index, dimension) in self.dimensions.iter().enumerate() {
                    dimension.walk(&list.index(index), walk);
                }
            }
        }
    };
}
period!(v2_1_1::cdrs::ChargingPeriod);
period!(v2_2_1::cdrs::ChargingPeriod);

impl Walked for CdrDimension {
    fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
        walk.members(self, place, (&DIMENSION, &[]));
    }
}
