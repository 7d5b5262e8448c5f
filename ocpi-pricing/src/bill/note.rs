//! Notes of a bill.

/// Remark about a bill that does not prevent its computation.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// The session is invalid, so nothing is billed.
    NotBillable,
    /// The period names no tariff, so it costs nothing.
    NoTariff {
        /// The period.
        period: usize,
    },
    /// Periods name no tariff although there are several: the first one was used.
    TariffAssumed,
    /// The period starts when its tariff is not valid.
    OutsideValidity {
        /// The period.
        period: usize,
    },
    /// The period starts before the session, or after its end.
    OutsideSession {
        /// The period.
        period: usize,
    },
    /// The period has a dimension that OCPI does not have; no tariff prices it.
    UnknownDimension {
        /// The period.
        period: usize,
        /// The dimension.
        name: Box<str>,
    },
    /// Energy was fed back in the period, and is credited.
    NegativeEnergy {
        /// The period.
        period: usize,
    },
    /// The tariff has a price for charging time, the totals do not account for all time, and no period has charging
    /// time, so it costs nothing. Many CDRs omit times that are not billed.
    NoChargingTime,
    /// `min_price` is above `max_price`; `max_price` was used.
    LimitsCross,
}
