//! Reasons to refuse an update.

/// Reason why an update is refused. Discard the copy then: it may contain a part of the update.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// A PATCH would change an object's id.
    #[error("a PATCH cannot change ids")]
    IdentityChange,
    /// An id differs from a known one only in case.
    #[error("an id differs from a known one only in case")]
    CaseOnly,
    /// An EVSE or Connector has no id.
    #[error("a part of the object has no id")]
    PartWithoutId,
    /// An EVSE, Connector or charging period cannot be read.
    #[error("a part of the object cannot be read")]
    UnreadablePart,
    /// A PATCH would leave an EVSE without Connectors.
    #[error("a PATCH cannot take away a required member")]
    Required,
}
