//! Meaning of the members of each object of a tariff for a price.

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
};

pub(super) const RESTRICTIONS: Meaning =
    Meaning { deciding: &[], unknown: Some(Concern::Restrictions), misplaced: &[], other_version: &[] };

pub(super) const LIMIT: Meaning = Meaning {
    deciding: &[
        ("excl_vat", Concern::Limits),
        ("incl_vat", Concern::Limits),
        ("before_taxes", Concern::Limits),
        ("after_taxes", Concern::Limits),
    ],
    unknown: None,
    misplaced: &[],
    other_version: &[],
};

/// Meaning of the members of CDRs and sessions.
pub(super) const CDR: Meaning = Meaning {
    deciding: &[
        ("currency", Concern::Usage),
        ("charging_periods", Concern::Usage),
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
};

pub(super) const DIMENSION: Meaning = Meaning {
    deciding: &[("type", Concern::Usage), ("volume", Concern::Usage)],
    unknown: None,
    misplaced: &[],
    other_version: &[],
};
