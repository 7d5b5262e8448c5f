//! Sessions: the use of an EVSE by a driver, while it goes on.
//!
//! The CPO owns sessions. It pushes them to the eMSP, or the eMSP fetches them. A session changes
//! while it runs and stops changing once it is completed; the bill follows as a CDR.
//! Reservations and charging preferences came with 2.2.
//!
//! Spec: 2.1.1 mod_sessions

// The same as in 2.2.1. One more state is new there.
pub use crate::v2_2_1::sessions::SessionStatus;

use super::cdrs::{AuthMethod, ChargingPeriod};
use super::locations::Location;
use crate::macros::object;
use crate::patch::append_new;
use crate::v2_2_1::cdrs::charged::{Charged, is_possible};
use crate::v2_2_1::sessions::session_end;
use crate::{Check, Currency, DateTime, Decimal, Object, Private, Text, rules};

object! {
    /// A charging session.
    ///
    /// A PATCH appends the charging periods it carries. 2.1.1 does not say whether it should; this is the
    /// rule of 2.2.1.
    ///
    /// In 2.2.1 the times are called `start_date_time` and `end_date_time`, the token stands in `cdr_token`,
    /// and ids take the place of the location.
    ///
    /// Spec: 2.1.1 mod_sessions §31-session-object
    pub struct Session = "Session", init SessionInit, patch SessionPatch merges append_charging_periods,
        rules session_rules {
        /// Identifies the session in the platform of the CPO.
        pub id: Text<36>,
        /// When the session became active.
        pub start_datetime: DateTime,
        /// When the session ended.
        pub end_datetime: Option<DateTime>,
        /// Energy charged so far, in kWh.
        pub kwh: Decimal,
        /// The `auth_id` of the token that started the session.
        pub auth_id: Private<Text<36>>,
        /// Method by which the driver was authorised.
        pub auth_method: AuthMethod,
        /// Where the session takes place, with only the EVSE and connector in use.
        pub location: Location,
        /// Identifies the energy meter.
        pub meter_id: Option<Text<255>>,
        /// Currency of all costs in this session.
        pub currency: Currency,
        /// Periods from which the cost can be worked out and checked.
        pub charging_periods: Vec<ChargingPeriod>,
        /// Amount that the eMSP owes the CPO so far, in `currency`, without VAT. Zero means free; absent means
        /// unknown.
        pub total_cost: Option<Decimal>,
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
    let end = ("end_datetime", session.end_datetime, has_read("end_datetime"));
    session_end(check, session.start_datetime, end, &session.status);
    let connector = session.location.evses.first().and_then(|evse| evse.connectors.first());
    let charged = Charged {
        total: ("kwh", has_read("kwh").then_some(session.kwh)),
        is_complete: false,
        periods: &session.charging_periods,
        dimensions: |period| &period.dimensions,
        session: session.start_datetime..=session.end_datetime.unwrap_or(session.last_updated),
        power_type: connector.map(|connector| &connector.power_type),
        hours_are_odd: false,
    };
    is_possible(check, &charged);
    let begin = |period: &ChargingPeriod| period.start_date_time;
    rules::ascending(check, &session.charging_periods, begin);
}
