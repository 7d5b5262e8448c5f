//! The CPO's side of commands and charging profiles: requests of partners, and the results that are posted to them.
//!
//! | File | Has |
//! |---|---|
//! | `desk` | mounting; a request from its checks to the answer |
//! | `checks` | everything that is judged before a charge point is asked |
//! | `request` | the kinds of requests, with their answers and results |
//! | `entry`, `stored` | a request as it is stored, without I/O |
//! | `taken` | entries in the store: one document each, changed in transactions |
//! | `urls` | their URLs, sealed |
//! | `deliver` | results on their way to the partner |

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

/// The charge points of a CPO, as partners command them: see [`Platform::mount_cpo`](crate::Platform::mount_cpo).
///
/// Each method does what is asked, and returns its outcome. It may take as long as [`timeout`](Self::timeout) says:
///
/// | The method | The partner is answered | The result that is posted to it |
/// |---|---|---|
/// | ends at once with `NOT_SUPPORTED` or `REJECTED` | the same | none |
/// | ends at once with [`Error::not_implemented`] | `NOT_SUPPORTED` | none |
/// | ends at once with [`Error::too_many_requests`] | `REJECTED` | none |
/// | ends at once with another error | the error, with HTTP 200 unless it has a status of its own | none |
/// | ends at once with another outcome | `ACCEPTED` | the outcome |
/// | takes its time | `ACCEPTED` | the outcome; `FAILED` for an error |
/// | takes longer than it may | `ACCEPTED` | `FAILED`; the method is dropped |
///
/// Before a method is called, the library has looked at everything that can be known without the charge point: the token and
/// the Session are the partner's, the Location, the EVSE and the Connector are there, and the result may be posted to where
/// the partner wants it.
///
/// The same request again, with the same `response_url`, is answered as the first time, also by another process, and the method is
/// not called: while the charge point is at work or the result is on its way, and afterwards if it has the same `X-Request-ID`, or
/// one of the two has none and it comes within 2 minutes. Otherwise it is a new request: a partner may have one URL for all
/// results. A command beyond [`ResultLimits::open`](crate::ResultLimits::open) is answered `REJECTED`.
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
    /// Starts a session. The token is good already: the eMSP has authorized the driver.
    fn start_session(
        &self,
        start: StartSession,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<CommandResult, Error>> + Send {
        let _ = (start, request);
        not_supported()
    }

    /// Stops a session, which is [`ChargerRequest::session`].
    fn stop_session(
        &self,
        stop: StopSession,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<CommandResult, Error>> + Send {
        let _ = (stop, request);
        not_supported()
    }

    /// Reserves a Location, or an EVSE of it. The same `reservation_id` of the same partner replaces a reservation.
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

    /// Unlocks a connector, so that a cable that is stuck can be taken out.
    fn unlock_connector(
        &self,
        unlock: UnlockConnector,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<CommandResult, Error>> + Send {
        let _ = (unlock, request);
        not_supported()
    }

    /// Time that a charge point has for a command: 30 seconds. The partner is told 5 seconds more, for the way.
    fn timeout(&self) -> Duration {
        USUAL
    }
}

/// The charge points of a CPO, as partners direct their charging: see
/// [`Platform::mount_smart_charging`](crate::Platform::mount_smart_charging).
///
/// Outcomes go the way that those of [`Chargers`] go. [`Error::too_many_requests`], returned at once, is answered `TOO_OFTEN`; so is a
/// request beyond [`ResultLimits::open`](crate::ResultLimits::open). And `REJECTED` is the outcome of an error and of a charge point that is
/// too slow. In each call [`ChargerRequest::session`] is there.
///
/// By default the module is open to providers of smart charging, and to hubs. For eMSPs, which may direct the sessions of their own
/// drivers, open it with [`Permissions::allow`](crate::Permissions::allow).
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
    /// Sets the profile of a session.
    fn set_profile(
        &self,
        profile: ChargingProfile,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<ChargingProfileResult, Error>> + Send;

    /// Asks for the profile by which a session is charged in the next `duration` seconds.
    fn active_profile(
        &self,
        duration: i64,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<ActiveChargingProfileResult, Error>> + Send;

    /// Takes the profile of a session back.
    fn clear_profile(
        &self,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<ClearProfileResult, Error>> + Send;

    /// Whether a partner may direct a session of somebody else's driver, which is [`ChargerRequest::session`]: a provider of smart charging
    /// with which the CPO has a contract, for example. The eMSP of the driver is not asked about: it may.
    ///
    /// By default nobody else may: the answer is `REJECTED`.
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

    /// Takes the wishes of a driver. The EVSE has the capability for it; the answer is given at once. A charge point that takes
    /// longer than [`timeout`](Self::timeout), and an error, are answered with HTTP 200 and the error: 3000.
    ///
    /// By default they cannot be met.
    fn set_preferences(
        &self,
        preferences: ChargingPreferences,
        request: &ChargerRequest,
    ) -> impl Future<Output = Result<ChargingPreferencesResponse, Error>> + Send {
        let _ = (preferences, request);
        ready(Ok(ChargingPreferencesResponse::NotPossible))
    }

    /// Time that a charge point has for a request: 30 seconds. The partner is told 5 seconds more, for the way.
    fn timeout(&self) -> Duration {
        USUAL
    }
}

fn not_supported() -> impl Future<Output = Result<CommandResult, Error>> + Send {
    ready(Ok(CommandResultType::NotSupported.into()))
}
