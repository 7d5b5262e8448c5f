//! Reasons to refuse an update.

/// Reason why an update is refused. The copy is to be dropped then: some of the update may be in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// A PATCH would give an object another id.
    #[error("a PATCH cannot change ids")]
    IdentityChange,
    /// An id differs from a known one in case only.
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
