//! Requests with the types of their answers and results.

use ocpi_types::DateTime;
use ocpi_types::endpoint::{ClearChargingProfile, Endpoint, GetActiveChargingProfile, PutChargingProfile};
use ocpi_types::v2_3_0::charging_profiles::{
    ActiveChargingProfileResult, ChargingProfileResponse, ChargingProfileResponseType, ChargingProfileResult,
    ChargingProfileResultType, ClearProfileResult,
};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseType, CommandResult, CommandResultType, ReserveNow,
    StartSession, StopSession, UnlockConnector,
};

use super::RequestKind;

pub(super) use sealed::Acknowledgement;
pub(crate) use sealed::AsyncResult;

/// An asynchronous request, which is answered at once and whose result is posted to its `response_url` later: a
/// command, or a request about charging profiles.
///
/// Sealed: implemented for the requests of the specification.
pub trait AsyncRequest: Endpoint<Response: Acknowledgement> + sealed::Sealed + Sync {
    /// Kind of the request.
    const KIND: RequestKind;
    /// The result that comes later.
    type Result: AsyncResult;
}

#[expect(unnameable_types, reason = "nobody else may implement them")]
mod sealed {
    use ocpi_types::{DateTime, Object};

    /// A request.
    pub trait Sealed {
        /// Time until which its result may still change, as a reservation that may be canceled.
        fn useful_until(&self) -> Option<DateTime> {
            None
        }
    }

    /// The partner's immediate answer.
    pub trait Acknowledgement: Object {
        /// Whether it says that no result will come. A value that the specification does not have does not say so.
        fn is_refused(&self) -> bool;
        /// Seconds to wait for the result.
        fn timeout(&self) -> i64;
    }

    /// The result that comes later.
    #[allow(unreachable_pub, reason = "the oldest compiler does not see that a public trait names it")]
    pub trait AsyncResult: Object {
        /// Whether the charge point did what was asked.
        fn is_accepted(&self) -> bool;
        /// Whether the CPO cancels a reservation.
        fn is_cancellation(&self) -> bool {
            false
        }
    }
}

macro_rules! requests {
    ($($request:ident = $kind:ident -> $result:ty $(, useful until $until:ident)?;)+) => { $(
        impl sealed::Sealed for $request {
            $(
                fn useful_until(&self) -> Option<DateTime> {
                    Some(self.$until)
                }
            )?
        }

        impl AsyncRequest for $request {
            const KIND: RequestKind = RequestKind::$kind;
            type Result = $result;
        }
    )+ };
}

requests! {
    CancelReservation = CancelReservation -> CommandResult;
    ReserveNow = ReserveNow -> CommandResult, useful until expiry_date;
    StartSession = StartSession -> CommandResult;
    StopSession = StopSession -> CommandResult;
    UnlockConnector = UnlockConnector -> CommandResult;
    GetActiveChargingProfile = ActiveProfile -> ActiveChargingProfileResult;
    PutChargingProfile = SetProfile -> ChargingProfileResult;
    ClearChargingProfile = ClearProfile -> ClearProfileResult;
}

macro_rules! acknowledgements {
    ($($response:ident by $type:ident,)+) => { $(
        impl Acknowledgement for $response {
            fn is_refused(&self) -> bool {
                !matches!(self.result, $type::Accepted | $type::Custom(_))
            }

            fn timeout(&self) -> i64 {
                self.timeout
            }
        }
    )+ };
}

acknowledgements! {
    CommandResponse by CommandResponseType,
    ChargingProfileResponse by ChargingProfileResponseType,
}

impl AsyncResult for CommandResult {
    fn is_accepted(&self) -> bool {
        self.result == CommandResultType::Accepted
    }

    fn is_cancellation(&self) -> bool {
        self.result == CommandResultType::CanceledReservation
    }
}

macro_rules! profile_results {
    ($($result:ident,)+) => { $(
        impl AsyncResult for $result {
            fn is_accepted(&self) -> bool {
                self.result == ChargingProfileResultType::Accepted
            }
        }
    )+ };
}

profile_results! {
    ActiveChargingProfileResult,
    ChargingProfileResult,
    ClearProfileResult,
}
