//! Charge detail records (CDRs): the bill for one finished charging session.
//!
//! The CPO owns CDRs and posts each one to the eMSP once, or the eMSP fetches them. A CDR never changes,
//! and nothing cancels it: credit CDRs came with 2.2.
//!
//! Spec: 2.1.1 mod_cdrs

// The same as in 2.2.1. Only `FLAT` is gone there as a dimension; several are new.
pub use crate::v2_2_1::cdrs::{AuthMethod, CdrDimension, CdrDimensionInit, CdrDimensionType};

use super::locations::Location;
use super::tariffs::Tariff;
use crate::macros::object;
use crate::v2_2_1::cdrs::charged::{Charged, is_possible};
use crate::{Check, CiString, Currency, DateTime, Decimal, NonEmpty, Object, Private, Text, rules};

object! {
    /// A charging session with its cost, and the periods and tariffs that the cost comes from.
    ///
    /// The time spent charging is `total_time` minus `total_parking_time`. In 2.2.1 `stop_date_time` is
    /// called `end_date_time`, token and location have forms of their own, and costs are given in parts.
    ///
    /// Spec: 2.1.1 mod_cdrs §31-cdr-object
    pub struct Cdr = "CDR", init CdrInit, rules cdr_rules {
        /// Identifies the CDR among those of its CPO.
        pub id: CiString<36>,
        /// When the session started.
        pub start_date_time: DateTime,
        /// When the session ended.
        pub stop_date_time: DateTime,
        /// The `auth_id` of the token that started the session.
        pub auth_id: Private<Text<36>>,
        /// Method by which the driver was authorised.
        pub auth_method: AuthMethod,
        /// Where the session took place, with only the EVSE and connector used.
        pub location: Location,
        /// Identifies the meter in the charge point.
        pub meter_id: Option<Text<255>>,
        /// Currency of all costs in this CDR.
        pub currency: Currency,
        /// The tariffs that applied, a free one included.
        pub tariffs: Vec<Tariff>,
        /// The periods the session consists of.
        pub charging_periods: NonEmpty<ChargingPeriod>,
        /// Sum of all costs, in `currency`, without VAT.
        pub total_cost: Decimal,
        /// Energy charged, in kWh.
        pub total_energy: Decimal,
        /// Length of the session in hours, charging and not charging together.
        pub total_time: Decimal,
        /// Part of the session without charging, in hours.
        pub total_parking_time: Option<Decimal>,
        /// Free text for people, such as the reason for stopping the session.
        pub remark: Option<Text<255>>,
        /// When the CDR was last changed, or created.
        pub last_updated: DateTime,
    }
}

object! {
    /// A stretch of a session, from its start to the start of the next one.
    ///
    /// The last period ends with the session. 2.2.1 adds which tariff applies.
    ///
    /// Spec: 2.1.1 mod_cdrs §44-chargingperiod-class
    pub struct ChargingPeriod = "ChargingPeriod", init ChargingPeriodInit {
        /// When the period starts.
        pub start_date_time: DateTime,
        /// The values of this period.
        pub dimensions: NonEmpty<CdrDimension>,
    }
}

fn cdr_rules(cdr: &Cdr, check: &mut Check) {
    let session = cdr.start_date_time..=cdr.stop_date_time;
    rules::in_order(check, cdr.start_date_time, "stop_date_time", cdr.stop_date_time);
    let has_read = |name| cdr.extra.has_read(Cdr::INFO, name);
    let hours = has_read("total_time").then_some(cdr.total_time);
    let hours_fit = rules::hours_of_cdr(check, hours, cdr.total_parking_time, &session);
    let connector = cdr.location.evses.first().and_then(|evse| evse.connectors.first());
    let charged = Charged {
        total: ("total_energy", has_read("total_energy").then_some(cdr.total_energy)),
        is_complete: has_read("charging_periods"),
        periods: &cdr.charging_periods,
        dimensions: |period| &period.dimensions,
        session: session.clone(),
        power_type: connector.map(|connector| &connector.power_type),
        hours_are_odd: !hours_fit,
    };
    is_possible(check, &charged);
    let begin = |period: &ChargingPeriod| period.start_date_time;
    rules::ascending(check, &cdr.charging_periods, begin);
    rules::periods_inside(check, &cdr.charging_periods, begin, session);
    rules::sign_of_cost(check, "total_cost", cdr.total_cost, false);
    rules::each(check, "tariffs", &cdr.tariffs, |tariff, check| {
        rules::same_currency(check, &tariff.currency, &cdr.currency);
    });
}
