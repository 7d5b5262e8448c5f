//! Restrictions of the elements of a tariff.

use chrono::{NaiveDate, Weekday};
use ocpi_types::Decimal;

/// Restrictions under which an element applies: all that are set must be met. The default restricts nothing.
///
/// Bounds are half open: a `min_…` or start holds at its value, a `max_…` or end does not.
///
/// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Restrictions {
    /// Start of the local time of day, in minutes since midnight.
    pub start_time: Option<u16>,
    /// End of the local time of day, in minutes since midnight. 0 is the end of the day. A value before `start_time` is
    /// on the next day.
    pub end_time: Option<u16>,
    /// First local date.
    pub start_date: Option<NaiveDate>,
    /// Local date after the last one.
    pub end_date: Option<NaiveDate>,
    /// Minimum energy in kWh.
    pub min_kwh: Option<Decimal>,
    /// Maximum energy in kWh, exclusive.
    pub max_kwh: Option<Decimal>,
    /// Minimum current over all phases in A.
    pub min_current: Option<Decimal>,
    /// Maximum current over all phases in A, exclusive.
    pub max_current: Option<Decimal>,
    /// Minimum power in kW.
    pub min_power: Option<Decimal>,
    /// Maximum power in kW, exclusive.
    pub max_power: Option<Decimal>,
    /// Minimum duration of the session in seconds.
    pub min_duration: Option<i64>,
    /// Maximum duration of the session in seconds, exclusive.
    pub max_duration: Option<i64>,
    /// Days of the week.
    pub days: Days,
    /// The part of a reservation that `reservation` names; `None`: that member is not set.
    pub reservation: Option<Phase>,
    /// The part of a booking that `booking` names; `None`: that member is not set.
    pub booking: Option<Phase>,
}

impl Restrictions {
    /// Whether nothing is restricted.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the element is for a reservation or booking, not for charging.
    pub fn is_reservation(&self) -> bool {
        self.reservation.is_some() || self.booking.is_some()
    }

    /// Whether the local time matters: time of day, date or day of the week.
    pub fn needs_local_time(&self) -> bool {
        self.start_time.is_some()
            || self.end_time.is_some()
            || self.start_date.is_some()
            || self.end_date.is_some()
            || self.days != Days::default()
    }
}

/// The part of a stay that an element prices.
///
/// Spec: 2.2.1 mod_tariffs §reservation_restriction_type; 2.3.0 mod_tariffs §booking_restriction_type
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Phase {
    /// Charging and parking: neither `reservation` nor `booking` is set.
    Charging,
    /// `RESERVATION`, or `BOOKING`: from the reservation until charging starts.
    Reservation,
    /// `RESERVATION_EXPIRES`, or `BOOKING_EXPIRES`: a reservation that was not used.
    Expired,
    /// `BOOKING_OVERTIME`: charging beyond the booked time.
    Overtime,
    /// `BOOKING_CANCELLATION_FEES`: a booking that was cancelled.
    Cancelled,
}

/// Days of the week.
///
/// ```
/// use chrono::Weekday;
/// use ocpi_pricing::tariff_model::Days;
/// let weekend: Days = [Weekday::Sat, Weekday::Sun].into_iter().collect();
/// assert!(weekend.contains(Weekday::Sun) && !weekend.contains(Weekday::Mon));
/// assert!(Days::default().contains(Weekday::Mon));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Days(u8);

/// Every day.
impl Default for Days {
    fn default() -> Self {
        Self(0b111_1111)
    }
}

impl Days {
    /// No day.
    pub const NONE: Self = Self(0);

    /// Whether the day is included.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }

    /// Iterates over the days, from Monday.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        [Mon, Tue, Wed, Thu, Fri, Sat, Sun].into_iter().filter(move |day| self.contains(*day))
    }
}

impl FromIterator<Weekday> for Days {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        days.into_iter().fold(Self::NONE, |all, day| Self(all.0 | 1 << day.num_days_from_monday()))
    }
}
