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
    /// Validity of an invitation (token A). Default: 72 hours.
    pub invitation: u32,
    /// Time within which a partner may repeat a POST or PUT whose answer was lost. Default: 10 minutes.
    pub repeat_for: u32,
    /// Minimum time between two rotations that try to repair a registration. Default: 1 hour.
    pub heal_every: u32,
    /// Maximum number of partners that are called back or sent credentials concurrently. Default: 16.
    pub exchanges: usize,
    /// Time limit for the discovery of a partner, as in a call back. Default: 10 seconds.
    pub discovery: u32,
    /// Time limit for the answer to our credentials, to their DELETE, and to the first request with a new token; the
    /// transport may give up earlier. The partner calls us back before it answers, and the answer may contain the only valid
    /// token. Default: 60 seconds.
    pub answer: u32,
    /// Maximum number of a partner's endpoints. Default: 200.
    pub endpoints: usize,
    /// Maximum number of a partner's roles. Default: 10,000.
    pub roles: usize,
    /// Maximum number of POSTs and PUTs of credentials of a partner per minute, at least one. Default: 5.
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
