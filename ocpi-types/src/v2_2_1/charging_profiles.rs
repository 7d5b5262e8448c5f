//! Charging profiles: limits on the charging speed of a session, over time.
//!
//! The eMSP, or a smart charging provider (SCSP) on its behalf, sets a profile for a running session,
//! asks for the one in force, or clears it. The CPO answers each request at once with a
//! `ChargingProfileResponse`, which only says whether it passes the request on. If it does, the result from
//! the EVSE comes later: the CPO posts it to the `response_url` of the request. Once a profile is set,
//! the CPO also sends every change of the profile in force. A profile is a ceiling: a vehicle or a site
//! may well take less.
//!
//! Spec: 2.2.1 mod_charging_profiles

use crate::macros::{object, open_enum};
use crate::{Check, DateTime, Decimal, Object, Private, Rule, Url, rules};

object! {
    /// The CPO's immediate answer to a request about charging profiles.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §response_object
    pub struct ChargingProfileResponse = "ChargingProfileResponse", init ChargingProfileResponseInit {
        /// Response of the CPO: the request is passed on to the EVSE, or the kind of refusal.
        pub result: ChargingProfileResponseType,
        /// Seconds to wait for the result. After that one may assume that none will come.
        pub timeout: i64,
    }
}

object! {
    /// The outcome of asking for the profile in force. The CPO posts it to the `response_url`.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §active_charging_profiles_result_object
    pub struct ActiveChargingProfileResult = "ActiveChargingProfileResult",
        init ActiveChargingProfileResultInit {
        /// Result from the EVSE: the profile is given, or the kind of failure.
        pub result: ChargingProfileResultType,
        /// The profile in force, if `result` is `ACCEPTED`.
        pub profile: Option<ActiveChargingProfile>,
    }
}

object! {
    /// The outcome of setting a profile. The CPO posts it to the `response_url`.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §charging_profiles_result_object
    pub struct ChargingProfileResult = "ChargingProfileResult", init ChargingProfileResultInit {
        /// Result from the EVSE: the profile is set, or the kind of failure.
        pub result: ChargingProfileResultType,
    }
}

object! {
    /// The outcome of clearing a profile. The CPO posts it to the `response_url`.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §clear_profiles_result_object
    pub struct ClearProfileResult = "ClearProfileResult", init ClearProfileResultInit {
        /// Result from the EVSE: the profile is cleared, or the kind of failure.
        pub result: ChargingProfileResultType,
    }
}

object! {
    /// Asks to set the profile of a session, in place of the one it has.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §set_charging_profile_object
    pub struct SetChargingProfile = "SetChargingProfile", init SetChargingProfileInit {
        /// The limits, over time.
        pub charging_profile: ChargingProfile,
        /// Where to post the result. Best unique for every request.
        pub response_url: Private<Url>,
    }
}

object! {
    /// The profile in force, as the EVSE worked it out from everything that limits it.
    ///
    /// Limits of the site and of other profiles are in it too.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §active_charging_profile_class
    pub struct ActiveChargingProfile = "ActiveChargingProfile", init ActiveChargingProfileInit {
        /// When the charge point worked it out. The periods count from this moment.
        pub start_date_time: DateTime,
        /// The limits, over time.
        pub charging_profile: ChargingProfile,
    }
}

macro_rules! results {
    ($($result:ident by $init:ident,)+) => { $(
        impl From<ChargingProfileResultType> for $result {
            fn from(result: ChargingProfileResultType) -> Self {
                $init { result }.into()
            }
        }
    )+ };
}

results! {
    ActiveChargingProfileResult by ActiveChargingProfileResultInit,
    ChargingProfileResult by ChargingProfileResultInit,
    ClearProfileResult by ClearProfileResultInit,
}

open_enum! {
    /// The unit of the limits in a charging profile.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §chargingrateunit
    pub enum ChargingRateUnit = "ChargingRateUnit", open NEVER {
        /// Power in W, over all phases together. The usual choice for DC.
        W = "W",
        /// Current in A, on each phase. The usual choice for AC.
        A = "A",
    }
}

object! {
    /// Limits on the charging speed, one after the other.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §charging_profile_class
    pub struct ChargingProfile = "ChargingProfile", init ChargingProfileInit, rules charging_profile_rules {
        /// When the profile starts. Absent means when charging starts.
        pub start_date_time: Option<DateTime>,
        /// Duration, in seconds. Absent means that the last period goes on without end; or to the end of the
        /// session, if `start_date_time` is absent too.
        pub duration: Option<i64>,
        /// Unit of all limits in this profile.
        pub charging_rate_unit: ChargingRateUnit,
        /// The lowest speed the vehicle can charge at, in `charging_rate_unit`, with one decimal at most.
        /// Helps the charge point to give a vehicle enough or nothing.
        pub min_charging_rate: Option<Decimal>,
        /// The limits, in order of time. A list, though its name is singular.
        pub charging_profile_period: Vec<ChargingProfilePeriod>,
    }
}

object! {
    /// One limit of a charging profile. It holds until the next one starts.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §charging_profile_period_class
    pub struct ChargingProfilePeriod = "ChargingProfilePeriod", init ChargingProfilePeriodInit,
        rules charging_profile_period_rules {
        /// When the limit starts, in seconds from the start of the profile.
        pub start_period: i64,
        /// The most that may be drawn, in the profile's `charging_rate_unit`, with one decimal at most.
        pub limit: Decimal,
    }
}

open_enum! {
    /// Response of the CPO to a request about charging profiles.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §responsetype_enum
    pub enum ChargingProfileResponseType = "ChargingProfileResponseType", open NEVER {
        /// The CPO passes the request on to the EVSE.
        Accepted = "ACCEPTED",
        /// The CPO, the charge point or the EVSE knows no charging profiles.
        NotSupported = "NOT_SUPPORTED",
        /// The CPO refuses, for instance because the session is that of another eMSP's customer.
        Rejected = "REJECTED",
        /// The sender asks more often than it may.
        TooOften = "TOO_OFTEN",
        /// The CPO does not know the session.
        UnknownSession = "UNKNOWN_SESSION",
    }
}

open_enum! {
    /// Result from the EVSE for a request about charging profiles.
    ///
    /// Spec: 2.2.1 mod_charging_profiles §resulttype_enum
    pub enum ChargingProfileResultType = "ChargingProfileResultType", open NEVER {
        /// The EVSE did as asked.
        Accepted = "ACCEPTED",
        /// The EVSE refused.
        Rejected = "REJECTED",
        /// The EVSE has no such profile.
        Unknown = "UNKNOWN",
    }
}

fn charging_profile_rules(profile: &ChargingProfile, check: &mut Check) {
    let periods = &profile.charging_profile_period;
    if !profile.extra.has_read(ChargingProfile::INFO, "charging_profile_period")
        || !periods.iter().all(|period| period.extra.is_read(ChargingProfilePeriod::INFO))
    {
        return;
    }
    check.expect_at("charging_profile_period", !periods.is_empty(), Rule::ProfileEmpty);
    check.member("charging_profile_period", |check| {
        let starts = periods.first().is_none_or(|first| first.start_period == 0);
        check.element(0, |check| check.expect_at("start_period", starts, Rule::ProfileStart));
    });
    let mut before = None;
    rules::each(check, "charging_profile_period", periods, |period, check| {
        let follows = before.is_none_or(|before| before < period.start_period);
        check.expect_at("start_period", follows, Rule::PeriodsOrder);
        before = Some(period.start_period);
    });
    limits_in_unit(profile, check);
    if let Some(rate) = profile.min_charging_rate {
        rules::scale_at_most(check, "min_charging_rate", rate, 1);
    }
}

/// Reports limits that are likely meant in the other unit: no charging goes on with less than 100 W, or with more than
/// 5,000 A.
fn limits_in_unit(profile: &ChargingProfile, check: &mut Check) {
    let (low, high, message) = match profile.charging_rate_unit {
        ChargingRateUnit::W => {
            (100, i64::MAX, "less power than charging takes; perhaps amperes or kilowatts are meant")
        }
        ChargingRateUnit::A => (0, 5_000, "more current than there is; perhaps watts are meant"),
        ChargingRateUnit::Custom(_) => return,
    };
    rules::each(check, "charging_profile_period", &profile.charging_profile_period, |period, check| {
        let limit = period.limit;
        let is_odd = limit > Decimal::ZERO && (limit < Decimal::from(low) || limit > Decimal::from(high));
        if is_odd {
            check.member("limit", |check| check.report_as(Rule::Implausible, message));
        }
    });
}

fn charging_profile_period_rules(period: &ChargingProfilePeriod, check: &mut Check) {
    rules::scale_at_most(check, "limit", period.limit, 1);
}
