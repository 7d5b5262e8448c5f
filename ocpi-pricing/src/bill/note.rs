//! Notes of a bill.

/// Something to know about a bill that does not keep it from being computed.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// The session is invalid, so that nothing is billed.
    NotBillable,
    /// The period names no tariff, so that it costs nothing.
    NoTariff {
        /// The period.
        period: usize,
    },
    /// Periods name no tariff and there are several: the first was taken.
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
    /// Energy was fed back in the period: it is credited.
    NegativeEnergy {
        /// The period.
        period: usize,
    },
    /// The tariff has a price for charging time, the totals leave some of it open, and no period has any: it costs
    /// nothing. Many CDRs leave out times that nobody is billed for.
    NoChargingTime,
    /// `min_price` is above `max_price`; the latter was taken.
    LimitsCross,
}
