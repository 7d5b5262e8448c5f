//! Sessions: the use of an EVSE by a driver, or its reservation, while it goes on.
//!
//! The CPO owns sessions. It pushes them to the eMSP, or the eMSP fetches them. A session changes
//! while it runs and stops changing once it is completed; the bill follows as a CDR.
//! In the other direction the eMSP can hand the driver's charging preferences to the CPO.
//!
//! Spec: 2.2.1 mod_sessions

mod profile_type;

pub use profile_type::ProfileType;

use super::cdrs::charged::{Charged, is_possible};
use super::cdrs::{AuthMethod, CdrToken, ChargingPeriod};
use super::types::Price;
use crate::macros::{object, open_enum};
use crate::patch::append_new;
use crate::{Check, CiString, CountryCode, Currency, DateTime, Decimal, Object, PartyId, Rule, Text, rules};

object! {
    /// A charging session, or a reservation that may become one.
    ///
    /// A session need not have delivered any energy. How often charging periods are added is up to
    /// the CPO, but there should be one for each moment at which the price changes.
    /// A PATCH appends the periods it carries; a PUT replaces all of them.
    ///
    /// Spec: 2.2.1 mod_sessions §session_object
    pub struct Session = "Session", init SessionInit, patch SessionPatch merges append_charging_periods,
        rules session_rules {
        /// Country of the CPO that owns the session.
        pub country_code: CountryCode,
        /// Party id of the CPO that owns the session.
        pub party_id: PartyId,
        /// Identifies the session in the platform of the CPO.
        pub id: CiString<36>,
        /// When the session became active. While it is pending: when it was created.
        pub start_date_time: DateTime,
        /// When the session ended. Charging itself may have stopped earlier.
        pub end_date_time: Option<DateTime>,
        /// Energy charged so far, in kWh.
        pub kwh: Decimal,
        /// The token that started the session.
        pub cdr_token: CdrToken,
        /// Method by which the driver was authorised. It can change during the session; the last one counts.
        pub auth_method: AuthMethod,
        /// Reference the eMSP gave with its authorisation or command. The last one given counts.
        pub authorization_reference: Option<CiString<36>>,
        /// Id of the location where the session takes place.
        pub location_id: CiString<36>,
        /// Uid of the EVSE. `#NA` while a reservation has no EVSE yet.
        pub evse_uid: CiString<36>,
        /// Id of the connector. `#NA` while a reservation has no connector yet.
        pub connector_id: CiString<36>,
        /// Identifies the energy meter.
        pub meter_id: Option<Text<255>>,
        /// Currency of all costs in this session.
        pub currency: Currency,
        /// Periods from which the cost can be worked out and checked.
        pub charging_periods: Vec<ChargingPeriod>,
        /// Amount that the eMSP owes the CPO so far, in `currency`. Zero means free; absent means unknown.
        pub total_cost: Option<Price>,
        /// The state of the session.
        pub status: SessionStatus,
        /// When the session was last changed, or created.
        pub last_updated: DateTime,
    }
}

object! {
    /// Wishes of the driver for smart charging.
    ///
    /// The eMSP may send this only for an EVSE with the capability `CHARGING_PREFERENCES_CAPABLE`.
    ///
    /// Spec: 2.2.1 mod_sessions §charging_preferences_object
    pub struct ChargingPreferences = "ChargingPreferences", init ChargingPreferencesInit,
        rules charging_preferences_rules {
        /// The chosen profile. The connector must support it and have a tariff for it.
        pub profile_type: ProfileType,
        /// When the driver expects to leave. An estimate.
        pub departure_time: Option<DateTime>,
        /// Energy the driver wants to have charged, in kWh.
        pub energy_need: Option<Decimal>,
        /// Whether the car may also be discharged, if the other wishes are still met. Absent means false.
        pub discharge_allowed: Option<bool>,
    }
}

open_enum! {
    /// The CPO's answer to charging preferences.
    ///
    /// Spec: 2.2.1 mod_sessions §charging_preferences_response_enum
    pub enum ChargingPreferencesResponse = "ChargingPreferencesResponse", open NEVER {
        /// Accepted: the EVSE will try to follow them, without a guarantee.
        Accepted = "ACCEPTED",
        /// Refused: `departure_time` is needed.
        DepartureRequired = "DEPARTURE_REQUIRED",
        /// Refused: `energy_need` is needed.
        EnergyNeedRequired = "ENERGY_NEED_REQUIRED",
        /// Refused: they ask for something the EVSE cannot deliver.
        NotPossible = "NOT_POSSIBLE",
        /// Refused: the EVSE does not support this `profile_type`.
        ProfileTypeNotSupported = "PROFILE_TYPE_NOT_SUPPORTED",
    }
}

open_enum! {
    /// The state of a session.
    ///
    /// Spec: 2.2.1 mod_sessions §sessionstatus_enum
    pub enum SessionStatus = "SessionStatus", open NEVER {
        /// Authorised and connected. The car is charging, or could.
        Active = "ACTIVE",
        /// Ended properly. The session does not change any more.
        Completed = "COMPLETED",
        /// Declared invalid; it will not be billed.
        Invalid = "INVALID",
        /// Not started yet, because some condition is not met. It may never become active.
        Pending = "PENDING",
        /// Made by a reservation; charging has not started. It may never become active. Not in 2.1.1.
        Reservation = "RESERVATION" in V2_2_UP,
    }
}

/// A PATCH adds charging periods to those that are there; one that is there already is not added again.
fn append_charging_periods(session: &mut Session, patch: &mut SessionPatch) {
    let added = patch.charging_periods.take().unwrap_or_default();
    append_new(&mut session.charging_periods, added, |period| period.start_date_time);
}

/// Reports a need in watt hours.
fn charging_preferences_rules(preferences: &ChargingPreferences, check: &mut Check) {
    let message = "more energy than one session charges; perhaps Wh were written where kWh are due";
    if preferences.energy_need.is_some_and(|energy| energy > Decimal::from(5_000)) {
        check.member("energy_need", |check| check.report_as(Rule::Implausible, message));
    }
}

fn session_rules(session: &Session, check: &mut Check) {
    let has_read = |name| session.extra.has_read(Session::INFO, name);
    let end = ("end_date_time", session.end_date_time, has_read("end_date_time"));
    session_end(check, session.start_date_time, end, &session.status);
    let begin = has_read("start_date_time").then_some(session.start_date_time);
    rules::is_known_time(check, "start_date_time", begin);
    rules::is_known_time(check, "end_date_time", session.end_date_time);
    let charged = Charged {
        total: ("kwh", has_read("kwh").then_some(session.kwh)),
        is_complete: false,
        periods: &session.charging_periods,
        dimensions: |period| &period.dimensions,
        session: session.start_date_time..=session.end_date_time.unwrap_or(session.last_updated),
        power_type: None,
        hours_are_odd: false,
    };
    is_possible(check, &charged);
    let begin = |period: &ChargingPeriod| period.start_date_time;
    rules::ascending(check, &session.charging_periods, begin);
}

/// Reports the end of a session where it contradicts the beginning or the state; `end` is the member.
pub(crate) fn session_end(
    check: &mut Check,
    begin: DateTime,
    (end, at, is_read): (&'static str, Option<DateTime>, bool),
    status: &SessionStatus,
) {
    rules::in_order(check, begin, end, at);
    let has_end = at.is_some() || !is_read || *status != SessionStatus::Completed;
    check.expect_at(end, has_end, Rule::SessionEnd);
}
