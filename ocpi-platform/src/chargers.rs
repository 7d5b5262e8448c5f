//! CPO side of commands and charging profiles: requests of partners, and the results posted to them.
//!
//! | File | Contents |
//! |---|---|
//! | `desk` | mounting; handling of a request from the checks to the answer |
//! | `checks` | checks before the request reaches a charge point |
//! | `request` | the kinds of requests, with their answers and results |
//! | `entry`, `stored` | a request in its stored form, without I/O |
//! | `taken` | entries in the store: one document each, changed in transactions |
//! | `urls` | sealed result URLs |
//! | `deliver` | delivery of results to the partner |

mod charger_request;
mod checks;
mod deliver;
mod desk;
mod entry;
mod request;
mod stored;
mod taken;
mod urls;

use std::future::{Future, ready};
use std::time::Duration;

use ocpi_server_traits::Error;
use ocpi_types::v2_3_0::charging_profiles::{
    ActiveChargingProfileResult, ChargingProfile, ChargingProfileResult, ClearProfileResult,
};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResult, CommandResultType, ReserveNow, StartSession, StopSession,
    UnlockConnector,
};
use ocpi_types::v2_3_0::sessions::{ChargingPreferences, ChargingPreferencesResponse};

pub use charger_request::ChargerRequest;

/// Time that a charge point has, where nothing else is said.
const USUAL: Duration = Duration::from_secs(30);

/// Charge points of a CPO that partners can command: see [`Platform::mount_cpo`](crate::Platform::mount_cpo).
///
/// Each method carries out the command, and returns its outcome. It may take up to [`timeout`](Self::timeout):
///
/// | The method | Immediate answer | Posted result |
/// |---|---|---|
/// | ends at once with `NOT_SUPPORTED` or `REJECTED` | the same | none |
/// | ends at once with [`Error::not_implemented`] | `NOT_SUPPORTED` | none |
/// | ends at once with [`Error::too_many_requests`] | `REJECTED` | none |
/// | ends at once with another error | the error, with HTTP 200 unless it has a status of its own | none |
/// | ends at once with another outcome | `ACCEPTED` | the outcome |
/// | takes longer | `ACCEPTED` | the outcome; `FAILED` for an error |
/// | exceeds the time limit | `ACCEPTED` | `FAILED`; the method is dropped |
///
/// Before calling a method, the library checks everything that it can without the charge point: that the token and the
/// Session are the partner's, that the Location, the EVSE and the Connector exist, and that the result may be posted to
/// the given URL.
///
/// A repeated request with the same `response_url` gets the same answer, also from another process, without a call of
/// the method: while the charge point is busy with it or the result is being delivered, and afterwards if it has the
/// same `X-Request-ID`, or one of the two has none and it arrives within 2 minutes. Otherwise it counts as new: a
/// partner may use one URL for all results. A command beyond [`ResultLimits::open`](crate::ResultLimits::open) is
/// answered `REJECTED`.
///
/// ```
/// use ocpi_platform::{ChargerRequest, Chargers};
/// use ocpi_server_traits::Error;
/// use ocpi_types::v2_3_0::commands::{CommandResult, CommandResultType, StartSession, UnlockConnector};
///
/// /// A depot: who may charge there can start a session. It does nothing else.
/// struct Depot;
///
/// impl Chargers for Depot {
///     async fn start_session(&self, start: StartSession, request: &ChargerRequest) -> Result<CommandResult, Error> {
///         let evse = request.location.as_ref().and_then(|it| it.evse(start.evse_uid.as_ref()?.as_str()));
///         let is_free = evse.is_some_and(|evse| evse.is_available());
///         Ok(if is_free { CommandResultType::Accepted } else { CommandResultType::EvseOccupied }.into())
///     }
/// }
/// ```
///
/// Spec: 2.2.1 mod_commands
pub trait Chargers: Send + Sync + 'static {
    /// Starts a session. The eMSP has already authorized the driver.
    fn start_session(
        &self,
        start: StartSession,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<CommandResult, Error>> + Send {
        let _ = (start, request);
        not_supported()
    }

    /// Stops the session [`ChargerRequest::session`].
    fn stop_session(
        &self,
        stop: StopSession,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<CommandResult, Error>> + Send {
        let _ = (stop, request);
        not_supported()
    }

    /// Reserves a Location, or an EVSE of it. The same `reservation_id` from the same partner replaces the reservation.
    fn reserve_now(
        &self,
        reserve: ReserveNow,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<CommandResult, Error>> + Send {
        let _ = (reserve, request);
        not_supported()
    }

    /// Cancels a reservation of the partner.
    fn cancel_reservation(
        &self,
        cancel: CancelReservation,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<CommandResult, Error>> + Send {
        let _ = (cancel, request);
        not_supported()
    }

    /// Unlocks a connector, to release a cable that is stuck.
    fn unlock_connector(
        &self,
        unlock: UnlockConnector,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<CommandResult, Error>> + Send {
        let _ = (unlock, request);
        not_supported()
    }

    /// Returns the time limit of a charge point for a command: 30 seconds. The partner is told 5 seconds more, for the
    /// transmission.
    fn timeout(&self) -> Duration {
        USUAL
    }
}

/// Charge points of a CPO whose charging partners can control: see
/// [`Platform::mount_smart_charging`](crate::Platform::mount_smart_charging).
///
/// Outcomes are reported as for [`Chargers`]. [`Error::too_many_requests`], returned at once, is answered `TOO_OFTEN`;
/// so is a request beyond [`ResultLimits::open`](crate::ResultLimits::open). An error, or a charge point that is too
/// slow, has the outcome `REJECTED`. [`ChargerRequest::session`] is always set.
///
/// By default the module is open to providers of smart charging and to hubs. For eMSPs, which may control the sessions
/// of their own drivers, open it with [`Permissions::allow`](crate::Permissions::allow).
///
/// ```
/// use ocpi_platform::{ChargerRequest, SmartCharging};
/// use ocpi_server_traits::Error;
/// use ocpi_types::v2_3_0::charging_profiles::{
///     ActiveChargingProfileResult, ChargingProfile, ChargingProfileResult, ChargingProfileResultType,
///     ClearProfileResult,
/// };
///
/// /// A charge point that takes every profile, and forgets it.
/// struct Easy;
///
/// impl SmartCharging for Easy {
///     async fn set_profile(&self, _: ChargingProfile, _: &ChargerRequest) -> Result<ChargingProfileResult, Error> {
///         Ok(ChargingProfileResultType::Accepted.into())
///     }
///
///     async fn active_profile(&self, _: i64, _: &ChargerRequest) -> Result<ActiveChargingProfileResult, Error> {
///         Ok(ChargingProfileResultType::Unknown.into())
///     }
///
///     async fn clear_profile(&self, _: &ChargerRequest) -> Result<ClearProfileResult, Error> {
///         Ok(ChargingProfileResultType::Accepted.into())
///     }
/// }
/// ```
///
/// Spec: 2.2.1 mod_charging_profiles
pub trait SmartCharging: Send + Sync + 'static {
    /// Sets the charging profile of a session.
    fn set_profile(
        &self,
        profile: ChargingProfile,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<ChargingProfileResult, Error>> + Send;

    /// Returns the charging profile of a session for the next `duration` seconds.
    fn active_profile(
        &self,
        duration: i64,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<ActiveChargingProfileResult, Error>> + Send;

    /// Clears the charging profile of a session.
    fn clear_profile(
        &self,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<ClearProfileResult, Error>> + Send;

    /// Whether a partner may control the session [`ChargerRequest::session`] of another eMSP's driver: for example a
    /// provider of smart charging with a contract with the CPO. Not called for the driver's own eMSP, which may always
    /// do so.
    ///
    /// By default no other partner may: the answer is `REJECTED`.
    ///
    /// ```
    /// # use ocpi_platform::{ChargerRequest, SmartCharging};
    /// # use ocpi_server_traits::Error;
    /// # use ocpi_types::v2_3_0::charging_profiles::{
    /// #     ActiveChargingProfileResult, ChargingProfile, ChargingProfileResult, ChargingProfileResultType,
    /// #     ClearProfileResult,
    /// # };
    /// struct Site;
    ///
    /// impl SmartCharging for Site {
    ///     /// The site's aggregator may direct all that happens at its location.
    ///     fn may_direct(&self, request: &ChargerRequest) -> bool {
    ///         let is_there = request.location.as_ref().is_some_and(|it| it.id.as_str() == "SITE");
    ///         request.partner.as_str() == "aggregator" && is_there
    ///     }
    /// #
    /// #   async fn set_profile(&self, _: ChargingProfile, _: &ChargerRequest) -> Result<ChargingProfileResult, Error> {
    /// #       Ok(ChargingProfileResultType::Accepted.into())
    /// #   }
    /// #
    /// #   async fn active_profile(&self, _: i64, _: &ChargerRequest) -> Result<ActiveChargingProfileResult, Error> {
    /// #       Ok(ChargingProfileResultType::Unknown.into())
    /// #   }
    /// #
    /// #   async fn clear_profile(&self, _: &ChargerRequest) -> Result<ClearProfileResult, Error> {
    /// #       Ok(ChargingProfileResultType::Accepted.into())
    /// #   }
    /// }
    /// ```
    fn may_direct(&self, request: &ChargerRequest) -> bool {
        let _ = request;
        false
    }

    /// Takes a driver's charging preferences. The EVSE has the capability for them; the answer is immediate. If the
    /// charge point takes longer than [`timeout`](Self::timeout), or fails, the answer is HTTP 200 and the error: 3000.
    ///
    /// By default the preferences cannot be met.
    fn set_preferences(
        &self,
        preferences: ChargingPreferences,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<ChargingPreferencesResponse, Error>> + Send {
        let _ = (preferences, request);
        ready(Ok(ChargingPreferencesResponse::NotPossible))
    }

    /// Returns the time limit of a charge point for a request: 30 seconds. The partner is told 5 seconds more, for the
    /// transmission.
    fn timeout(&self) -> Duration {
        USUAL
    }
}

fn not_supported() -> impl Future<Output = Result<CommandResult, Error>> + Send {
    ready(Ok(CommandResultType::NotSupported.into()))
}
