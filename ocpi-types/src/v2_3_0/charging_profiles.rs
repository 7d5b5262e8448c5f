//! Charging profiles: limits on the charging speed of a session, over time.
//!
//! The eMSP, or a smart charging provider (SCSP) on its behalf, sets, asks for or clears the profile of a
//! running session. The CPO answers at once and posts the outcome later. Nothing changed against 2.2.1.
//!
//! Spec: 2.3.0 mod_charging_profiles

// The same as in 2.2.1.
pub use crate::v2_2_1::charging_profiles::{
    ActiveChargingProfile, ActiveChargingProfileInit, ActiveChargingProfileResult,
    ActiveChargingProfileResultInit, ChargingProfile, ChargingProfileInit, ChargingProfilePeriod,
    ChargingProfilePeriodInit, ChargingProfileResponse, ChargingProfileResponseInit,
    ChargingProfileResponseType, ChargingProfileResult, ChargingProfileResultInit, ChargingProfileResultType,
    ChargingRateUnit, ClearProfileResult, ClearProfileResultInit, SetChargingProfile, SetChargingProfileInit,
};
