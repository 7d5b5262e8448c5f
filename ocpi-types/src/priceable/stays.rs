//! The walk over the CDRs and sessions of each version. Their tariffs are asked themselves.

use super::Priceable;
use super::meaning::{CDR, DIMENSION, PERIOD};
use super::obstacle::Obstacle;
use super::versions::{Walked, has_value, is_value, lacks, obstacles};
use super::walk::{Place, Walk};
use crate::macros::member_name;
use crate::v2_2_1::cdrs::CdrDimension;
use crate::{Object, v2_1_1, v2_2_1, v2_3_0};

macro_rules! stay {
    ($($stay:path { $($member:ident)* })*) => { $(
        impl Walked for $stay {
            fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
                walk.members::<Self>(
                    place,
                    (&CDR, &[]),
                    &self.extra,
                    |name| lacks!(self, name; $($member)*),
                    |name, raw| has_value!(self, name, raw; $($member)* charging_periods),
                );
                let list = place.member("charging_periods");
                for (index, period) in self.charging_periods.iter().enumerate() {
                    period.walk(&list.index(index), walk);
                }
            }
        }

        impl Priceable for $stay {
            fn obstacles(&self) -> Vec<Obstacle> {
                obstacles(self)
            }
        }
    )* };
}

stay! {
    v2_1_1::cdrs::Cdr { currency total_cost total_energy total_time }
    v2_2_1::cdrs::Cdr { currency total_cost total_energy total_time }
    v2_3_0::cdrs::Cdr { currency total_cost total_energy total_time }
    v2_1_1::sessions::Session { currency kwh }
    v2_2_1::sessions::Session { currency kwh }
    v2_3_0::sessions::Session { currency kwh }
}

macro_rules! period {
    ($period:path { $($member:ident)* }) => {
        impl Walked for $period {
            fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
                walk.members::<Self>(
                    place,
                    (&PERIOD, &[]),
                    &self.extra,
                    |name| lacks!(self, name; start_date_time),
                    |name, raw| has_value!(self, name, raw; start_date_time dimensions $($member)*),
                );
                let list = place.member("dimensions");
                for (index, dimension) in self.dimensions.iter().enumerate() {
                    dimension.walk(&list.index(index), walk);
                }
            }
        }
    };
}
period!(v2_1_1::cdrs::ChargingPeriod {});
period!(v2_2_1::cdrs::ChargingPeriod { tariff_id });

impl Walked for CdrDimension {
    fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
        walk.members::<Self>(
            place,
            (&DIMENSION, &[]),
            &self.extra,
            |name| lacks!(self, name; r#type volume),
            |name, raw| has_value!(self, name, raw; r#type volume),
        );
    }
}
