//! The parts of a total.

/// The totals that a CDR gives apart from the whole.
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
    /// `total_fixed_cost`: all other fees but those of the reservation.
    Fixed,
    /// `total_reservation_cost`, with its fees. Overtime and cancellation of a booking belong here.
    Reservation,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Energy, Self::Time, Self::Parking, Self::Fixed, Self::Reservation];

    /// The name in the JSON of a bill.
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
