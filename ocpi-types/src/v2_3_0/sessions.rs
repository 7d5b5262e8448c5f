//! Sessions: the use of an EVSE by a driver, or its reservation, while it goes on.
//!
//! The CPO owns sessions. It pushes them to the eMSP, or the eMSP fetches them. The eMSP can hand the
//! driver's charging preferences to the CPO. Against 2.2.1 only the form of prices changed.
//!
//! Spec: 2.3.0 mod_sessions

// The same as in 2.2.1.
pub use crate::v2_2_1::sessions::{
    ChargingPreferences, ChargingPreferencesInit, ChargingPreferencesResponse, ProfileType, SessionStatus,
};

use super::cdrs::{AuthMethod, CdrToken, ChargingPeriod};
use super::types::Price;
use crate::macros::object;
use crate::patch::append_new;
use crate::v2_2_1::cdrs::charged::{Charged, is_possible};
use crate::v2_2_1::sessions::session_end;
use crate::{Check, CiString, CountryCode, Currency, DateTime, Decimal, Object, PartyId, Text, rules};

object! {
    /// A charging session, or a reservation that may become one.
    ///
    /// A session need not have delivered any energy. How often charging periods are added is up to
    /// the CPO, but there should be one for each moment at which the price changes.
    /// A PATCH appends the periods it carries; a PUT replaces all of them.
    ///
    /// Against 2.2.1 only the form of `total_cost` changed: it now lists the taxes.
    ///
    /// Spec: 2.3.0 mod_sessions §session_object
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

/// A PATCH adds charging periods to those that are there; one that is there already is not added again.
fn append_charging_periods(session: &mut Session, patch: &mut SessionPatch) {
    let added = patch.charging_periods.take().unwrap_or_default();
    append_new(&mut session.charging_periods, added, |period| period.start_date_time);
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
