//! Charge detail records (CDRs): the bill for one finished charging session.
//!
//! The CPO owns CDRs and posts each one to the eMSP once, or the eMSP fetches them. A CDR never
//! changes; a credit CDR cancels a wrong one. Against 2.2.1 only the form of prices and of the
//! tariffs in it changed.
//!
//! Spec: 2.3.0 mod_cdrs

// The same as in 2.2.1.
pub use crate::v2_2_1::cdrs::{
    AuthMethod, CdrDimension, CdrDimensionInit, CdrDimensionType, CdrLocation, CdrLocationInit, CdrToken,
    CdrTokenInit, ChargingPeriod, ChargingPeriodInit, SignedData, SignedDataInit, SignedValue,
    SignedValueInit,
};

use super::tariffs::Tariff;
use super::types::Price;
use crate::macros::object;
use crate::v2_2_1::cdrs::charged::{Charged, is_possible};
use crate::v2_2_1::cdrs::{charging_period_rules, credit_rules};
use crate::{
    Check, CiString, CountryCode, Currency, DateTime, Decimal, NonEmpty, Object, PartyId, Text, rules,
};

object! {
    /// A charging session with its cost, and the periods and tariffs that the cost comes from.
    ///
    /// The CPO adds a charging period at least at every moment that matters for the cost.
    /// The time spent charging is `total_time` minus `total_parking_time`.
    /// In a credit CDR only the amounts in `total_cost` are negative; the rest is copied from the
    /// CDR it cancels.
    ///
    /// Against 2.2.1 the form of the costs changed: they now list the taxes. The tariffs are those
    /// of 2.3.0. Bookings adds `booking_id`.
    ///
    /// Spec: 2.3.0 mod_cdrs §cdr_object
    pub struct Cdr = "CDR", init CdrInit, branch BOOKINGS { booking_id }, rules cdr_rules {
        /// Country of the CPO that owns the CDR.
        pub country_code: CountryCode,
        /// Party id of the CPO that owns the CDR.
        pub party_id: PartyId,
        /// Identifies the CDR among those of its CPO. At most 36 characters, unless it is a credit CDR.
        pub id: CiString<39>,
        /// When the session started, or the reservation before it.
        pub start_date_time: DateTime,
        /// When the session ended. Charging itself may have stopped earlier.
        pub end_date_time: DateTime,
        /// Id of the booking that the session or reservation was for. Only with Bookings.
        pub booking_id: Option<CiString<36>>,
        /// Id of the session. Absent only if the CPO has no sessions module, or if a reservation
        /// never became a session.
        pub session_id: Option<CiString<36>>,
        /// The token that started the session.
        pub cdr_token: CdrToken,
        /// Method by which the driver was authorised; the last one used.
        pub auth_method: AuthMethod,
        /// Reference the eMSP gave with its authorisation or command; the last one given.
        pub authorization_reference: Option<CiString<36>>,
        /// Where the session took place, with the one EVSE and connector used.
        pub cdr_location: CdrLocation,
        /// Identifies the meter in the charge point.
        pub meter_id: Option<Text<255>>,
        /// Currency of all costs in this CDR.
        pub currency: Currency,
        /// The tariffs that applied, a free one included.
        pub tariffs: Vec<Tariff>,
        /// The periods the session consists of.
        pub charging_periods: NonEmpty<ChargingPeriod>,
        /// Signed meter data of the session.
        pub signed_data: Option<Box<SignedData>>,
        /// Sum of all costs, in `currency`.
        pub total_cost: Price,
        /// Sum of the fixed costs such as a start fee, in `currency`. Those of parking and
        /// reservation are not in it.
        pub total_fixed_cost: Option<Price>,
        /// Energy charged, in kWh.
        pub total_energy: Decimal,
        /// Cost of the energy, in `currency`.
        pub total_energy_cost: Option<Price>,
        /// Length of the session in hours, charging and not charging together.
        pub total_time: Decimal,
        /// Cost of the time spent charging, in `currency`.
        pub total_time_cost: Option<Price>,
        /// Part of the session without charging, in hours.
        pub total_parking_time: Option<Decimal>,
        /// Cost of parking with its fixed fees, in `currency`.
        pub total_parking_cost: Option<Price>,
        /// Cost of the reservation with its fixed fees, in `currency`.
        pub total_reservation_cost: Option<Price>,
        /// Free text for people, such as the reason for stopping the session.
        pub remark: Option<Text<255>>,
        /// Refers to the invoice that will hold this CDR. Several CDRs can share one.
        pub invoice_reference_id: Option<CiString<39>>,
        /// Whether this is a credit CDR. If true, `credit_reference_id` must be set too.
        pub credit: Option<bool>,
        /// In a credit CDR: the id of the CDR it cancels.
        pub credit_reference_id: Option<CiString<39>>,
        /// Whether this was a session at the driver's own charger, whose energy is to be paid back
        /// to the driver.
        pub home_charging_compensation: Option<bool>,
        /// When the CDR was last changed, or created.
        pub last_updated: DateTime,
    }
}

fn cdr_rules(cdr: &Cdr, check: &mut Check) {
    let is_credit = cdr.credit == Some(true);
    let has_read = |name| cdr.extra.has_read(Cdr::INFO, name);
    if has_read("credit") && has_read("credit_reference_id") {
        credit_rules(cdr.id.as_str(), is_credit, cdr.credit_reference_id.is_some(), check);
    }
    let session = cdr.start_date_time..=cdr.end_date_time;
    rules::in_order(check, cdr.start_date_time, "end_date_time", cdr.end_date_time);
    let hours = has_read("total_time").then_some(cdr.total_time);
    let hours_fit = rules::hours_of_cdr(check, hours, cdr.total_parking_time, &session);
    let charged = Charged {
        total: ("total_energy", has_read("total_energy").then_some(cdr.total_energy)),
        is_complete: has_read("charging_periods"),
        periods: &cdr.charging_periods,
        dimensions: |period| &period.dimensions,
        session: session.clone(),
        power_type: Some(&cdr.cdr_location.connector_power_type),
        hours_are_odd: !hours_fit,
    };
    is_possible(check, &charged);
    charging_period_rules(&cdr.charging_periods, session, check);
    if has_read("credit") {
        check.member("total_cost", |check| cost_rules(&cdr.total_cost, is_credit, check));
    }
    rules::each(check, "tariffs", &cdr.tariffs, |tariff, check| {
        rules::same_currency(check, &tariff.currency, &cdr.currency);
    });
}

/// Checks the sign of a cost: at most zero in a credit CDR, with its taxes; at least zero in any other, before taxes.
fn cost_rules(cost: &Price, is_credit: bool, check: &mut Check) {
    rules::sign_of_cost(check, "before_taxes", cost.before_taxes, is_credit);
    if is_credit {
        rules::each(check, "taxes", &cost.taxes, |tax, check| {
            rules::sign_of_cost(check, "amount", tax.amount, is_credit);
        });
    }
}
