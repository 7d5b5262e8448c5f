//! Role of each member of a tariff in pricing.

use super::obstacle::Concern;

/// Meaning of the members of a kind of object for a price.
pub(super) struct Meaning {
    /// The members that decide about it, each with the concern that is unknown without it; all others describe.
    pub(super) deciding: &'static [(&'static str, Concern)],
    /// The concern that any other member leaves unknown; `None`: none.
    pub(super) unknown: Option<Concern>,
    /// Names that belong into other objects of a tariff: the names, the object, and the concern that is unknown.
    pub(super) misplaced: &'static [(&'static [&'static str], &'static str, Concern)],
    /// Names that other versions have in this object.
    pub(super) other_version: &'static [(&'static str, Concern)],
    /// Whether those matter only in place of a required member that is missing.
    pub(super) is_replaced: bool,
}

impl Meaning {
    /// Finds the concern that is unknown without a member.
    pub(super) fn concern(&self, name: &str) -> Option<Concern> {
        self.deciding.iter().find(|(deciding, _)| *deciding == name).map(|(_, concern)| *concern)
    }
}

const LIMITS: &[&str] = &["min_price", "max_price"];
const PRICE: &[&str] = &["price", "step_size", "vat"];
const DATES: &[&str] = &["start_date", "end_date"];
const MOMENTS: &[&str] = &[
    "start_time",
    "end_time",
    "min_kwh",
    "max_kwh",
    "min_current",
    "max_current",
    "min_power",
    "max_power",
    "min_duration",
    "max_duration",
    "day_of_week",
    "reservation",
    "booking",
];

pub(super) const TARIFF: Meaning = Meaning {
    deciding: &[
        ("currency", Concern::Tariff),
        ("min_price", Concern::Limits),
        ("max_price", Concern::Limits),
        ("elements", Concern::Tariff),
        ("tax_included", Concern::Tariff),
        ("start_date_time", Concern::Tariff),
        ("end_date_time", Concern::Tariff),
    ],
    unknown: None,
    // Dates of a tariff are those of its validity.
    misplaced: &[
        (&["price_components", "restrictions"], "elements", Concern::Tariff),
        (PRICE, "price_components", Concern::Tariff),
        (MOMENTS, "restrictions", Concern::Tariff),
    ],
    other_version: &[
        ("min_price", Concern::Limits),
        ("max_price", Concern::Limits),
        ("tax_included", Concern::Tariff),
    ],
    is_replaced: false,
};

pub(super) const ELEMENT: Meaning = Meaning {
    deciding: &[("price_components", Concern::Components), ("restrictions", Concern::Restrictions)],
    unknown: None,
    misplaced: &[
        (PRICE, "price_components", Concern::Components),
        (MOMENTS, "restrictions", Concern::Restrictions),
        (DATES, "restrictions", Concern::Restrictions),
        (LIMITS, "Tariff", Concern::Components),
    ],
    other_version: &[],
    is_replaced: false,
};

pub(super) const COMPONENT: Meaning = Meaning {
    deciding: &[
        ("type", Concern::Kind),
        ("price", Concern::Price),
        ("vat", Concern::Price),
        ("step_size", Concern::Step),
    ],
    unknown: None,
    misplaced: &[
        (&["restrictions"], "elements", Concern::Price),
        (MOMENTS, "restrictions", Concern::Price),
        (DATES, "restrictions", Concern::Price),
        (LIMITS, "Tariff", Concern::Price),
    ],
    other_version: &[],
    is_replaced: false,
};

pub(super) const RESTRICTIONS: Meaning = Meaning {
    deciding: &[],
    unknown: Some(Concern::Restrictions),
    misplaced: &[],
    other_version: &[],
    is_replaced: false,
};

const fn amounts(concern: Concern) -> [(&'static str, Concern); 5] {
    [
        ("excl_vat", concern),
        ("incl_vat", concern),
        ("before_taxes", concern),
        ("after_taxes", concern),
        ("taxes", concern),
    ]
}

/// Meaning of the members of the least and the most that a session costs.
pub(super) const LIMIT: Meaning = Meaning {
    deciding: &amounts(Concern::Limits),
    unknown: None,
    misplaced: &[],
    other_version: &amounts(Concern::Limits),
    is_replaced: true,
};

/// Meaning of the members of a total of a CDR.
pub(super) const TOTAL: Meaning = Meaning {
    deciding: &amounts(Concern::Totals),
    unknown: None,
    misplaced: &[],
    other_version: &amounts(Concern::Totals),
    is_replaced: true,
};

/// Meaning of the members of CDRs and sessions.
pub(super) const CDR: Meaning = Meaning {
    deciding: &[
        ("currency", Concern::Usage),
        ("start_date_time", Concern::Usage),
        ("start_datetime", Concern::Usage),
        ("end_date_time", Concern::Usage),
        ("end_datetime", Concern::Usage),
        ("stop_date_time", Concern::Usage),
        ("charging_periods", Concern::Usage),
        ("credit", Concern::Usage),
        ("tariffs", Concern::Tariff),
        ("total_cost", Concern::Totals),
        ("total_energy", Concern::Totals),
        ("total_time", Concern::Totals),
        ("total_parking_time", Concern::Totals),
        ("total_fixed_cost", Concern::Totals),
        ("total_energy_cost", Concern::Totals),
        ("total_time_cost", Concern::Totals),
        ("total_parking_cost", Concern::Totals),
        ("total_reservation_cost", Concern::Totals),
        ("kwh", Concern::Totals),
    ],
    unknown: None,
    misplaced: &[],
    other_version: &[],
    is_replaced: false,
};

pub(super) const PERIOD: Meaning = Meaning {
    deciding: &[
        ("start_date_time", Concern::Usage),
        ("dimensions", Concern::Usage),
        ("tariff_id", Concern::Usage),
    ],
    unknown: None,
    misplaced: &[],
    other_version: &[],
    is_replaced: false,
};

pub(super) const DIMENSION: Meaning = Meaning {
    deciding: &[("type", Concern::Usage), ("volume", Concern::Usage)],
    unknown: None,
    misplaced: &[],
    other_version: &[],
    is_replaced: false,
};
