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

pub(super) use sealed::{Acknowledgement, AsyncResult, Verdict};

/// A request that is answered at once, and whose result comes later to its `response_url`: a command, or a request about
/// charging profiles.
///
/// Sealed: the library implements it for those of the specification.
pub trait AsyncRequest: Endpoint<Response: Acknowledgement> + sealed::Sealed + Sync {
    /// Its kind.
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

    /// Meaning of the partner's immediate answer.
    #[derive(Clone, Copy, Debug, Eq, PartialEq)]
    pub enum Verdict {
        /// A result will come.
        Accepted,
        /// None will.
        Refused,
        /// The value is none that the specification has.
        Unknown,
    }

    /// The partner's immediate answer.
    pub trait Acknowledgement: Object {
        /// Its meaning.
        fn verdict(&self) -> Verdict;
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

impl Acknowledgement for CommandResponse {
    fn verdict(&self) -> Verdict {
        use CommandResponseType as Type;
        match self.result {
            Type::Accepted => Verdict::Accepted,
            Type::NotSupported | Type::Rejected | Type::Timeout | Type::UnknownSession => Verdict::Refused,
            Type::Custom(_) => Verdict::Unknown,
        }
    }

    fn timeout(&self) -> i64 {
        self.timeout
    }
}

impl Acknowledgement for ChargingProfileResponse {
    fn verdict(&self) -> Verdict {
        use ChargingProfileResponseType as Type;
        match self.result {
            Type::Accepted => Verdict::Accepted,
            Type::NotSupported | Type::Rejected | Type::TooOften | Type::UnknownSession => Verdict::Refused,
            Type::Custom(_) => Verdict::Unknown,
        }
    }

    fn timeout(&self) -> i64 {
        self.timeout
    }
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
