//! Deadline of a request.

use std::time::Duration;

use super::RequestOptions;

/// Time that a request has, and whether it may wait while others go.
#[derive(Clone, Copy, Default)]
pub(crate) struct Due {
    pub(super) deadline: Option<Duration>,
    pub(super) is_in_background: bool,
}

impl Due {
    pub(super) fn of(options: &RequestOptions<'_>) -> Self {
        Self { deadline: options.deadline, is_in_background: options.is_in_background }
    }

    /// The rest of it after some time.
    pub(super) fn after(self, passed: Duration) -> Self {
        Self { deadline: self.deadline.map(|deadline| deadline.saturating_sub(passed)), ..self }
    }
}
