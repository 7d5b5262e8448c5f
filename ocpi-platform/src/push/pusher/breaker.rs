//! The circuit breaker: a partner that fails repeatedly is sent only occasional probes.

use std::time::Duration;

use super::Rules;

/// State of a breaker.
#[derive(Debug)]
pub(super) struct Breaker {
    /// Failures in a row.
    failures: u32,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    until: Duration,
    /// Number of probes in a row for which it is open.
    times: u32,
    is_probed: bool,
}

impl Breaker {
    pub(super) fn closed() -> Self {
        Self { failures: 0, open: None }
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Time of the next probe, if it is open and there is none under way.
    pub(super) fn probe_due(&self) -> Option<Duration> {
        self.open.as_ref().filter(|open| !open.is_probed).map(|open| open.until)
    }

    pub(super) fn probe(&mut self) {
        if let Some(open) = &mut self.open {
            open.is_probed = true;
        }
    }

    /// The probe was not sent.
    pub(super) fn probe_later(&mut self, now: Duration, wait: Duration, rules: &Rules) {
        if let Some(open) = &mut self.open {
            open.is_probed = false;
            open.until = now.saturating_add((rules.probe)(open.times).max(wait));
        }
    }

    /// The partner answered.
    pub(super) fn succeeded(&mut self) {
        *self = Self::closed();
    }

    /// The partner did not answer, or not as it should. `true`: the breaker has opened.
    pub(super) fn failed(&mut self, now: Duration, at_once: bool, rules: &Rules) -> bool {
        if let Some(open) = &mut self.open {
            if open.is_probed {
                open.is_probed = false;
                open.times = open.times.saturating_add(1);
                open.until = now.saturating_add((rules.probe)(open.times));
            }
            return false;
        }
        self.failures = self.failures.saturating_add(1);
        if !at_once && self.failures < rules.failures {
            return false;
        }
        self.open = Some(Open { until: now.saturating_add((rules.probe)(1)), times: 1, is_probed: false });
        true
    }
}
