//! Retention periods of objects.

use std::time::Duration;

use ocpi_types::Object;
use ocpi_types::v2_3_0::bookings::Booking;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::sessions::Session;

/// Collections of confirmations of payments: ours, and copies.
pub(super) const CONFIRMATIONS: [&str; 2] =
    ["FinancialAdviceConfirmation", "FinancialAdviceConfirmationCopy"];

/// Retention periods of objects about drivers, from their `last_updated` on: see
/// [`Platform::retain`](crate::Platform::retain). Kinds without a period are kept.
///
/// They apply to our own objects and to copies. Guards are not called and partners are not told; reactors are called. A
/// CDR is kept until it has reached its eMSP. Tokens have no period: [`DriverData::erase`](crate::DriverData::erase)
/// erases them with their driver.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[must_use]
pub struct Retention {
    pub(super) times: Vec<(&'static str, Duration)>,
}

impl Retention {
    /// Sets the period for Sessions.
    pub fn sessions(self, time: Duration) -> Self {
        self.with(Session::INFO.name, time)
    }

    /// Sets the period for CDRs.
    pub fn cdrs(self, time: Duration) -> Self {
        self.with(Cdr::INFO.name, time)
    }

    /// Sets the period for Bookings.
    pub fn bookings(self, time: Duration) -> Self {
        self.with(Booking::INFO.name, time)
    }

    /// Sets the period for confirmations of payments.
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
