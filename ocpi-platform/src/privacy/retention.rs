//! Times for which objects are kept.

use std::time::Duration;

use ocpi_types::Object;
use ocpi_types::v2_3_0::bookings::Booking;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::sessions::Session;

/// Collections of confirmations of payments: ours, and copies.
pub(super) const CONFIRMATIONS: [&str; 2] =
    ["FinancialAdviceConfirmation", "FinancialAdviceConfirmationCopy"];

/// Times for which objects about drivers are kept, from their `last_updated` on: see [`Platform::retain`](crate::Platform::retain). What has no time is kept.
///
/// It counts for objects of ours and for copies. Guards are not asked and partners are not told; reactors are. A CDR that
/// has not reached its eMSP stays until it has. Tokens have no time: [`DriverData::erase`](crate::DriverData::erase) takes
/// them with their driver.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[must_use]
pub struct Retention {
    pub(super) times: Vec<(&'static str, Duration)>,
}

impl Retention {
    /// Keeps Sessions for a time.
    pub fn sessions(self, time: Duration) -> Self {
        self.with(Session::INFO.name, time)
    }

    /// Keeps CDRs for a time.
    pub fn cdrs(self, time: Duration) -> Self {
        self.with(Cdr::INFO.name, time)
    }

    /// Keeps Bookings for a time.
    pub fn bookings(self, time: Duration) -> Self {
        self.with(Booking::INFO.name, time)
    }

    /// Keeps confirmations of payments for a time.
    pub fn confirmations(self, time: Duration) -> Self {
        let [ours, copies] = CONFIRMATIONS;
        self.with(ours, time).with(copies, time)
    }

    fn with(mut self, collection: &'static str, time: Duration) -> Self {
        self.times.retain(|(known, _)| *known != collection);
        self.times.push((collection, time));
        self
    }
}
