//! Charge detail records (CDRs): the bill for one finished charging session.
//!
//! The CPO owns CDRs and posts each one to the eMSP once, or the eMSP fetches them. A CDR is a
//! snapshot: location, tariffs and token are as they were when the session started. It never
//! changes. To correct one, the CPO sends a credit CDR that cancels it and then a new CDR.
//!
//! Spec: 2.2.1 mod_cdrs

use super::locations::{ConnectorFormat, ConnectorType, GeoLocation, PowerType};
use super::tariffs::Tariff;
use super::tokens::TokenType;
use super::types::Price;
use crate::macros::{object, open_enum};
use crate::{
    CiString, CountryCode, CountryCode3, Currency, DateTime, Decimal, NonEmpty, PartyId, Private, Text,
};

object! {
    /// A charging session with its cost and how that cost came about.
    ///
    /// The CPO adds a charging period at least at every moment that matters for the cost.
    /// The time spent charging is `total_time` minus `total_parking_time`.
    /// In a credit CDR only the amounts in `total_cost` are negative; the rest is copied from the
    /// CDR it cancels.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdr_object
    pub struct Cdr = "CDR", init CdrInit {
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
        /// How the driver was authorised; the last method used.
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
        /// Free text for people, such as why the session was stopped.
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
    /// How the use of a token was authorised.
    ///
    /// Spec: 2.2.1 mod_cdrs §authmethod_enum
    pub enum AuthMethod = "AuthMethod", open NEVER {
        /// The eMSP was asked.
        AuthRequest = "AUTH_REQUEST",
        /// A command such as `StartSession` or `ReserveNow` brought the token.
        Command = "COMMAND",
        /// The token was on the whitelist; the eMSP was not asked.
        Whitelist = "WHITELIST",
    }
}

object! {
    /// One measured or calculated value of a charging period.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdrdimension_class
    pub struct CdrDimension = "CdrDimension", init CdrDimensionInit {
        /// What the value says; it also decides the unit.
        pub r#type: CdrDimensionType,
        /// The value, in the unit of `type`.
        pub volume: Decimal,
    }
}

open_enum! {
    /// What a value of a charging period says, and its unit.
    ///
    /// Five of the values are for sessions only and must not occur in CDRs.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdrdimensiontype_enum
    pub enum CdrDimensionType = "CdrDimensionType", open NEVER {
        /// Average current in A; negative if it flows to the grid. Sessions only.
        Current = "CURRENT",
        /// Energy in kWh; negative if more was fed into the grid than charged.
        Energy = "ENERGY",
        /// Energy fed into the grid, in kWh. Sessions only.
        EnergyExport = "ENERGY_EXPORT",
        /// Energy charged, in kWh. Sessions only.
        EnergyImport = "ENERGY_IMPORT",
        /// Highest current, added up over all phases, in A.
        MaxCurrent = "MAX_CURRENT",
        /// Lowest current, added up over all phases, in A; negative if it flowed to the grid.
        MinCurrent = "MIN_CURRENT",
        /// Highest power in kW.
        MaxPower = "MAX_POWER",
        /// Lowest power in kW; negative if it flowed to the grid.
        MinPower = "MIN_POWER",
        /// Time in hours during which the car did not ask for power. In older text: did not charge.
        ParkingTime = "PARKING_TIME",
        /// Average power in kW; negative if it flows to the grid. Sessions only.
        Power = "POWER",
        /// Time in hours during which the EVSE was reserved for the driver and not yet used.
        ReservationTime = "RESERVATION_TIME",
        /// How full the battery is, in percent from 0 to 100. Sessions only.
        StateOfCharge = "STATE_OF_CHARGE",
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
    pub struct CdrLocation = "CdrLocation", init CdrLocationInit {
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
        /// What the charge point reads, such as the hidden id of an RFID card. For an app user: an id
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
    pub struct SignedValue = "SignedValue", init SignedValueInit {
        /// The event the value belongs to: `Start`, `End`, `Intermediate`, or a later addition.
        pub nature: CiString<32>,
        /// The value before encoding. Its form depends on the encoding.
        pub plain_data: Text<5000>,
        /// The signed value, in Base64. Its form depends on the encoding.
        pub signed_data: Text<5000>,
    }
}
