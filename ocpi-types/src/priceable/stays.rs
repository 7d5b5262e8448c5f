//! The walk over the CDRs and sessions of each version. Their tariffs are asked themselves.

use super::meaning::{CDR, DIMENSION, PERIOD};
use super::obstacle::Obstacle;
use super::versions::{Walked, obstacles};
use super::walk::{Place, Walk};
use super::{Priceable, sealed};
use crate::v2_2_1::cdrs::CdrDimension;
use crate::{v2_1_1, v2_2_1, v2_3_0};

macro_rules! stay {
    ($($stay:path)*) => { $(
        impl Walked for $stay {
            fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
                walk.members(self, place, (&CDR, &[]));
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

stay! {
    v2_1_1::cdrs::Cdr
    v2_2_1::cdrs::Cdr
    v2_3_0::cdrs::Cdr
    v2_1_1::sessions::Session
    v2_2_1::sessions::Session
    v2_3_0::sessions::Session
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
