//! Charge detail records (CDRs): the bill for one finished charging session.
//!
//! The CPO owns CDRs and posts each one to the eMSP once, or the eMSP fetches them. A CDR is a
//! snapshot: location, tariffs and token are as they were when the session started. It never
//! changes. To correct one, the CPO sends a credit CDR that cancels it and then a new CDR.
//!
//! Spec: 2.2.1 mod_cdrs

pub(crate) mod charged;

use charged::Charged;

use super::locations::{ConnectorFormat, ConnectorType, GeoLocation, PowerType, places};
use super::tariffs::Tariff;
use super::tokens::TokenType;
use super::types::Price;
use crate::macros::{object, open_enum};
use crate::{
    Check, CiString, CountryCode, CountryCode3, Currency, DateTime, Decimal, NonEmpty, Object, PartyId,
    Private, Rule, Text, rules,
};

object! {
    /// A charging session with its cost, and the periods and tariffs that the cost comes from.
    ///
    /// The CPO adds a charging period at least at every moment that matters for the cost.
    /// The time spent charging is `total_time` minus `total_parking_time`.
    /// In a credit CDR only the amounts in `total_cost` are negative; the rest is copied from the
    /// CDR it cancels.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdr_object
    pub struct Cdr = "CDR", init CdrInit, rules cdr_rules {
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

open_enum! {
    /// Method by which the use of a token was authorised.
    ///
    /// Spec: 2.2.1 mod_cdrs §authmethod_enum
    pub enum AuthMethod = "AuthMethod", open NEVER {
        /// The eMSP was asked.
        AuthRequest = "AUTH_REQUEST",
        /// A command such as `StartSession` or `ReserveNow` brought the token. Not in 2.1.1.
        Command = "COMMAND" in V2_2_UP,
        /// The token was on the whitelist; the eMSP was not asked.
        Whitelist = "WHITELIST",
    }
}

object! {
    /// One measured or calculated value of a charging period.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdrdimension_class
    pub struct CdrDimension = "CdrDimension", init CdrDimensionInit, rules dimension_rules {
        /// Quantity that the value gives; it also decides the unit.
        pub r#type: CdrDimensionType,
        /// The value, in the unit of `type`.
        pub volume: Decimal,
    }
}

open_enum! {
    /// Quantity that a value of a charging period gives, and its unit.
    ///
    /// Five of the values are for sessions only and must not occur in CDRs.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdrdimensiontype_enum
    pub enum CdrDimensionType = "CdrDimensionType", open NEVER {
        /// Average current in A; negative if it flows to the grid. Sessions only. Not in 2.1.1.
        Current = "CURRENT" in V2_2_UP,
        /// Energy in kWh; negative if more was fed into the grid than charged.
        Energy = "ENERGY",
        /// Energy fed into the grid, in kWh. Sessions only. Not in 2.1.1.
        EnergyExport = "ENERGY_EXPORT" in V2_2_UP,
        /// Energy charged, in kWh. Sessions only. Not in 2.1.1.
        EnergyImport = "ENERGY_IMPORT" in V2_2_UP,
        /// A fixed fee, without a unit. Only in 2.1.1.
        Flat = "FLAT" in V2_1_1,
        /// Highest current, added up over all phases, in A.
        MaxCurrent = "MAX_CURRENT",
        /// Lowest current, added up over all phases, in A; negative if it flowed to the grid.
        MinCurrent = "MIN_CURRENT",
        /// Highest power in kW. Not in 2.1.1.
        MaxPower = "MAX_POWER" in V2_2_UP,
        /// Lowest power in kW; negative if it flowed to the grid. Not in 2.1.1.
        MinPower = "MIN_POWER" in V2_2_UP,
        /// Time in hours during which the car did not ask for power. In older text: did not charge.
        ParkingTime = "PARKING_TIME",
        /// Average power in kW; negative if it flows to the grid. Sessions only. Not in 2.1.1.
        Power = "POWER" in V2_2_UP,
        /// Time in hours during which the EVSE was reserved for the driver and not yet used. Not in 2.1.1.
        ReservationTime = "RESERVATION_TIME" in V2_2_UP,
        /// Time in hours during which the EVSE was reserved, if the driver did not come. Only with Bookings.
        ReservationExpires = "RESERVATION_EXPIRES" in BOOKINGS,
        /// Time in hours for which the session went on after the booked time. Only with Bookings.
        ReservationOvertime = "RESERVATION_OVERTIME" in BOOKINGS,
        /// State of charge of the battery, in percent from 0 to 100. Sessions only. Not in 2.1.1.
        StateOfCharge = "STATE_OF_CHARGE" in V2_2_UP,
        /// Time spent charging, in hours.
        Time = "TIME",
    }
}

object! {
    /// The part of a location that a CDR needs: the address, one EVSE and one connector.
    ///
    /// If the CDR is for a reservation that never became a session, the three ids of EVSE and
    /// connector may be `#NA`, and the other connector members mean nothing.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdr_location_class
    pub struct CdrLocation = "CdrLocation", init CdrLocationInit, rules cdr_location_rules {
        /// Id of the location in the platform of the CPO.
        pub id: CiString<36>,
        /// Name to show.
        pub name: Option<Text<255>>,
        /// Street and house number.
        pub address: Text<45>,
        /// City or town.
        pub city: Text<45>,
        /// Postal code. Absent only if the place has none.
        pub postal_code: Option<Text<10>>,
        /// State or province, where that matters.
        pub state: Option<Text<20>>,
        /// Country, in three letters.
        pub country: CountryCode3,
        /// Where the location is.
        pub coordinates: GeoLocation,
        /// Uid of the EVSE: the technical id, not for showing.
        pub evse_uid: CiString<36>,
        /// EVSE id as people see it, in the eMI3 format.
        pub evse_id: CiString<48>,
        /// Id of the connector within the EVSE.
        pub connector_id: CiString<36>,
        /// Standard of the connector.
        pub connector_standard: ConnectorType,
        /// Socket or fixed cable.
        pub connector_format: ConnectorFormat,
        /// Kind of power at the connector.
        pub connector_power_type: PowerType,
    }
}

object! {
    /// The part of a token that sessions and CDRs need.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdr_token_object
    pub struct CdrToken = "CdrToken", init CdrTokenInit {
        /// Country of the eMSP that owns the token.
        pub country_code: CountryCode,
        /// Party id of the eMSP that owns the token.
        pub party_id: PartyId,
        /// Id that the charge point reads, such as the hidden id of an RFID card. For an app user: an id
        /// made by the eMSP.
        pub uid: Private<CiString<36>>,
        /// Kind of token.
        pub r#type: TokenType,
        /// Identifies the driver's contract with the eMSP, preferably as an eMA id.
        pub contract_id: Private<CiString<36>>,
    }
}

object! {
    /// A stretch of a session, from its start to the start of the next one.
    ///
    /// The last period ends with the session.
    ///
    /// Spec: 2.2.1 mod_cdrs §chargingperiod_class
    pub struct ChargingPeriod = "ChargingPeriod", init ChargingPeriodInit {
        /// When the period starts.
        pub start_date_time: DateTime,
        /// The values of this period.
        pub dimensions: NonEmpty<CdrDimension>,
        /// Id of the tariff that applies. Absent means that none does.
        pub tariff_id: Option<CiString<36>>,
    }
}

object! {
    /// Signed meter values, so that the driver can check the bill.
    ///
    /// Spec: 2.2.1 mod_cdrs §signed_data_class
    pub struct SignedData = "SignedData", init SignedDataInit {
        /// Name of the encoding, such as `OCMF`.
        pub encoding_method: CiString<36>,
        /// Version of the encoding, if it has versions.
        pub encoding_method_version: Option<i64>,
        /// Public key of the signature, in Base64.
        pub public_key: Option<Text<512>>,
        /// The signed values.
        pub signed_values: NonEmpty<SignedValue>,
        /// Address of a page on which the driver can check the data.
        pub url: Option<Text<512>>,
    }
}

object! {
    /// One meter value, plain and signed.
    ///
    /// Spec: 2.2.1 mod_cdrs §signed_value_class
    pub struct SignedValue = "SignedValue", init SignedValueInit, rules signed_value_rules {
        /// The event the value belongs to: `Start`, `End`, `Intermediate`, or a later addition.
        pub nature: CiString<32>,
        /// The value before encoding. Its form depends on the encoding.
        pub plain_data: Text<5000>,
        /// The signed value, in Base64. Its form depends on the encoding.
        pub signed_data: Text<5000>,
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
    charged::is_possible(check, &charged);
    charging_period_rules(&cdr.charging_periods, session, check);
    if has_read("credit") {
        check.member("total_cost", |check| cost_rules(&cdr.total_cost, is_credit, check));
    }
    rules::each(check, "tariffs", &cdr.tariffs, |tariff, check| {
        rules::same_currency(check, &tariff.currency, &cdr.currency);
    });
}

/// Checks the sign of a cost: at most zero in a credit CDR, at least zero in any other.
fn cost_rules(cost: &Price, is_credit: bool, check: &mut Check) {
    rules::sign_of_cost(check, "excl_vat", cost.excl_vat, is_credit);
    if let Some(gross) = cost.incl_vat {
        rules::sign_of_cost(check, "incl_vat", gross, is_credit);
    }
}

fn cdr_location_rules(location: &CdrLocation, check: &mut Check) {
    places::in_country_at(check, "coordinates", Some(&location.country), Some(&location.coordinates));
}

/// A value of a period is one that there can be.
fn dimension_rules(dimension: &CdrDimension, check: &mut Check) {
    charged::dimension_is_possible(check, dimension);
}

/// Checks that the two marks of a credit CDR and the length of its id agree.
pub(crate) fn credit_rules(id: &str, is_credit: bool, has_reference: bool, check: &mut Check) {
    check.expect_at("credit_reference_id", is_credit == has_reference, Rule::CreditReference);
    let count = id.chars().count();
    // One that is too long for credit CDRs too is reported already.
    check.expect_at("id", is_credit || count <= 36 || count > 39, Rule::CdrIdLength);
}

/// Checks that the charging periods of a CDR are in order and begin during its session, and that they have no dimension
/// that is for sessions only.
pub(crate) fn charging_period_rules(
    periods: &[ChargingPeriod],
    session: std::ops::RangeInclusive<DateTime>,
    check: &mut Check,
) {
    use CdrDimensionType::{Current, EnergyExport, EnergyImport, Power, StateOfCharge};
    rules::ascending(check, periods, |period| period.start_date_time);
    rules::periods_inside(check, periods, |period| period.start_date_time, session);
    let for_sessions = |dimension: &CdrDimension| {
        matches!(dimension.r#type, Current | EnergyExport | EnergyImport | Power | StateOfCharge)
    };
    if !periods.iter().flat_map(|period| period.dimensions.iter()).any(for_sessions) {
        return;
    }
    rules::each(check, "charging_periods", periods, |period, check| {
        rules::each(check, "dimensions", &period.dimensions, |dimension, check| {
            check.expect_at("type", !for_sessions(dimension), Rule::SessionDimension);
        });
    });
}

fn signed_value_rules(value: &SignedValue, check: &mut Check) {
    rules::fits_narrow(check, "SignedValue", "plain_data", value.plain_data.as_str(), 5000);
}
