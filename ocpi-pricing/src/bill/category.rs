//! The parts of a total.

/// Parts of the total that a CDR states separately.
///
/// Spec: 2.2.1 mod_cdrs §cdr_object
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(usize)]
pub enum Category {
    /// `total_energy_cost`.
    Energy,
    /// `total_time_cost`: charging.
    Time,
    /// `total_parking_cost`, with its fees.
    Parking,
    /// `total_fixed_cost`: all other fees except those of the reservation.
    Fixed,
    /// `total_reservation_cost`, with its fees, including overtime and cancellation of a booking.
    Reservation,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 5] = [Self::Energy, Self::Time, Self::Parking, Self::Fixed, Self::Reservation];

    /// Returns the name in the JSON of a bill.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Time => "time",
            Self::Parking => "parking",
            Self::Fixed => "fixed",
            Self::Reservation => "reservation",
        }
    }
}
