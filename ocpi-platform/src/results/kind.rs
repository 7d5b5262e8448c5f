//! Kinds of asynchronous requests.

use std::fmt;

use ocpi_types::ModuleId;

/// Kind of an asynchronous request.
///
/// ```
/// use ocpi_platform::RequestKind;
/// assert_eq!(RequestKind::StartSession.as_str(), "START_SESSION");
/// assert_eq!(RequestKind::ALL.len(), 8);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum RequestKind {
    /// The command `CANCEL_RESERVATION`.
    CancelReservation,
    /// The command `RESERVE_NOW`.
    ReserveNow,
    /// The command `START_SESSION`.
    StartSession,
    /// The command `STOP_SESSION`.
    StopSession,
    /// The command `UNLOCK_CONNECTOR`.
    UnlockConnector,
    /// GET of the active charging profile.
    ActiveProfile,
    /// PUT of a charging profile.
    SetProfile,
    /// DELETE of a charging profile.
    ClearProfile,
}

impl RequestKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::CancelReservation,
        Self::ReserveNow,
        Self::StartSession,
        Self::StopSession,
        Self::UnlockConnector,
        Self::ActiveProfile,
        Self::SetProfile,
        Self::ClearProfile,
    ];

    /// Returns the name in the `response_url`: for commands, that of the specification.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CancelReservation => "CANCEL_RESERVATION",
            Self::ReserveNow => "RESERVE_NOW",
            Self::StartSession => "START_SESSION",
            Self::StopSession => "STOP_SESSION",
            Self::UnlockConnector => "UNLOCK_CONNECTOR",
            Self::ActiveProfile => "active_profile",
            Self::SetProfile => "set_profile",
            Self::ClearProfile => "clear_profile",
        }
    }

    /// Returns the module of the request.
    pub const fn module(self) -> ModuleId {
        match self {
            Self::ActiveProfile | Self::SetProfile | Self::ClearProfile => ModuleId::ChargingProfiles,
            _ => ModuleId::Commands,
        }
    }

    /// Finds a kind by its name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for RequestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
