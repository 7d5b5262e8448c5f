//! Outcomes that a fault should have at a tolerant client.

use std::fmt;

use ocpi_types::Rule;

/// Step of a day with a partner, as a client takes it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Step {
    /// Asks for versions and details, and exchanges credentials.
    Register,
    /// Reads all Locations, page by page.
    Locations,
    /// Reads all Tariffs.
    Tariffs,
    /// Reads all Sessions.
    Sessions,
    /// Reads all CDRs.
    Cdrs,
    /// Reads all Tokens.
    Tokens,
    /// Gets one Location, one EVSE and one Connector.
    GetOne,
    /// Gets a Location that the partner does not have.
    GetUnknown,
    /// Puts a Token, and gets the copy.
    PutToken,
    /// Patches that Token, and gets the copy.
    PatchToken,
    /// Sends a command, and awaits its result.
    Command,
    /// Puts a Location and patches the status of its EVSE.
    PushLocation,
    /// Posts a CDR, and gets it from where the answer says.
    PostCdr,
    /// Asks in real time whether a Token may charge.
    Authorize,
    /// Asks about a Token that the partner does not know.
    AuthorizeUnknown,
    /// Gives and gets new tokens.
    Rotate,
    /// Ends the registration.
    Unregister,
    /// Asks for Tariffs with the token that was good before.
    OldToken,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Self; 18] = [
        Self::Register,
        Self::Locations,
        Self::Tariffs,
        Self::Sessions,
        Self::Cdrs,
        Self::Tokens,
        Self::GetOne,
        Self::GetUnknown,
        Self::PutToken,
        Self::PatchToken,
        Self::Command,
        Self::PushLocation,
        Self::PostCdr,
        Self::Authorize,
        Self::AuthorizeUnknown,
        Self::Rotate,
        Self::Unregister,
        Self::OldToken,
    ];
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Outcome that a fault should have at a tolerant client.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Expected {
    /// Every step works, and everything received is the truth.
    Unaffected,
    /// As [`Unaffected`](Self::Unaffected), and the finding is told.
    Finding(Rule),
    /// Every step works, and everything is received as it was said, which is not the truth.
    AsSaid,
    /// As [`AsSaid`](Self::AsSaid), and the finding is told, by reading or by a check of the objects.
    AsSaidWith(Rule),
    /// Objects that cannot be used are set apart, partial or unreadable, and the finding is told; all others are received.
    SetApart(Rule),
    /// The step ends, and its list is not said to be complete: the outcome has this text.
    NotComplete(Step, &'static str),
    /// The step fails with an error that says this, and the others work.
    Fails(Step, &'static str),
    /// The step fails, and works when it is taken again.
    FailsOnce(Step),
    /// The step fails with an error that says this, and so does every step that needs it.
    Stops(Step, &'static str),
    /// An object of somebody else is counted apart; all others are received.
    Foreign,
}
