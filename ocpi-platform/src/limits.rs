//! Limits of registrations.

/// Limits of registrations. Times are in seconds.
///
/// ```
/// use ocpi_platform::Limits;
/// let limits = Limits { invitation: 24 * 60 * 60, ..Limits::default() };
/// assert_eq!(limits.repeat_for, 600);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Time for which an invitation (token A) is good. Default: 72 hours.
    pub invitation: u32,
    /// Time in which a partner may repeat the POST or PUT whose answer it never got. Default: 10 minutes.
    pub repeat_for: u32,
    /// Least time between two rotations that are to heal a partner. Default: 1 hour.
    pub heal_every: u32,
    /// Most partners that are called back or sent credentials at the same time. Default: 16.
    pub exchanges: usize,
    /// Longest time for finding out what a partner offers, as in a call back. Default: 10 seconds.
    pub discovery: u32,
    /// Longest time for the answer to our credentials, to their DELETE, and to the first request with a new token; the transport
    /// may give up earlier. The partner calls us back before it answers, and the answer may have the only token that is good.
    /// Default: 60 seconds.
    pub answer: u32,
    /// Most endpoints of a partner. Default: 200.
    pub endpoints: usize,
    /// Most roles of a partner. Default: 10,000.
    pub roles: usize,
    /// Most POSTs and PUTs of credentials of a partner in a minute, at least one. Default: 5.
    pub credentials_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        const HOUR: u32 = 60 * 60;
        Self {
            invitation: 72 * HOUR,
            repeat_for: 600,
            heal_every: HOUR,
            exchanges: 16,
            discovery: 10,
            answer: 60,
            endpoints: 200,
            roles: 10_000,
            credentials_per_minute: 5,
        }
    }
}
