//! Normal form of a tariff, independent of its version.

mod from_tariff;
mod restrictions;

pub use restrictions::{Days, Phase, Restrictions};

use ocpi_types::v2_2_1::tariffs::TariffType;
use ocpi_types::{Concern, CountryCode, Currency, DateTime, Decimal, Obstacle, PartyId, Priceable, Version};

/// A tariff in a form that is independent of the version of OCPI.
///
/// Elements and components keep their indexes, so that `(element 1, component 0)` is `/elements/1/price_components/0`
/// of the original tariff. Content that prevents a price is kept as an obstacle, never ignored.
///
/// ```
/// use ocpi_pricing::tariff_model::{TariffDimension, TariffModel, Tax};
/// use ocpi_types::{json, v2_1_1::tariffs::Tariff};
///
/// let tariff: Tariff = json::from_str(
///     r#"{"id": "12", "currency": "EUR", "last_updated": "2026-01-01T00:00:00Z",
///         "elements": [{"price_components": [{"type": "TIME", "price": 2.00, "step_size": 300}]}]}"#,
/// )?;
/// let plan = TariffModel::from(&tariff);
/// assert_eq!(plan.elements[0].components[0].kind, TariffDimension::Time);
/// assert_eq!(plan.tax, Tax::Excluded);
/// assert!(plan.obstacles.is_empty());
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TariffModel {
    /// The tariff's version of OCPI.
    pub version: Version,
    /// The CPO that owns the tariff; unknown in 2.1.1.
    pub owner: Option<(CountryCode, PartyId)>,
    /// Id of the tariff, unique within its CPO.
    pub id: Box<str>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Kind of sessions that the tariff is for; `None`: all of them.
    pub kind: Option<TariffType>,
    /// Tax in the amounts.
    pub tax: Tax,
    /// Minimum price of a session.
    pub min_price: Option<Limit>,
    /// Maximum price of a session.
    pub max_price: Option<Limit>,
    /// The amount that a payment terminal has authorized before charging starts. Only Payments has it.
    pub preauthorized: Option<Decimal>,
    /// Start of validity; `None` if it was always valid.
    pub valid_from: Option<DateTime>,
    /// End of validity; `None` if no end is planned.
    pub valid_until: Option<DateTime>,
    /// The prices with their restrictions; the order matters.
    pub elements: Vec<Element>,
    /// Obstacles that affect all elements. The pointers start at the tariff.
    pub obstacles: Vec<Obstacle>,
}

/// Tax in the amounts of a tariff.
///
/// Spec: 2.3.0 mod_tariffs §taxincluded_enum; 2.1.1 and 2.2.1 give all prices without tax.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tax {
    /// Prices contain tax.
    Included,
    /// Tax comes on top of the prices.
    Excluded,
    /// No tax applies.
    NotApplicable,
}

/// Minimum or maximum price of a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limit {
    /// The limit without tax.
    pub before_taxes: Decimal,
    /// The limit with tax.
    pub after_taxes: Option<Decimal>,
}

/// Prices that share their restrictions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Element {
    /// The prices.
    pub components: Vec<Component>,
    /// Restrictions under which they apply.
    pub restrictions: Restrictions,
    /// Obstacles to the cost of the element, or to knowing when it applies. The pointers start at the tariff.
    pub obstacles: Vec<Obstacle>,
}

/// The price of one dimension.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Component {
    /// Dimension that is priced.
    pub kind: TariffDimension,
    /// Price per kWh, per hour, or once.
    pub price: Decimal,
    /// Tax in percent; `None` is not the same as 0. Always `None` in 2.1.1.
    pub vat: Option<Decimal>,
    /// Step to which the quantity is rounded up: in Wh, or seconds. 0 does not round.
    pub step_size: i64,
}

/// Dimension that a price is for.
///
/// Spec: 2.2.1 mod_tariffs §tariffdimensiontype_enum
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum TariffDimension {
    /// Energy: per kWh, in steps of Wh.
    Energy,
    /// A fee, once.
    Flat,
    /// Time connected without charging: per hour, in steps of seconds.
    ParkingTime,
    /// Time charging, or the time of a reservation: per hour, in steps of seconds.
    Time,
    /// A dimension that OCPI does not have. Its component is an obstacle of its element.
    Unknown,
}

impl TariffDimension {
    /// Returns the value as written in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Energy => "ENERGY",
            Self::Flat => "FLAT",
            Self::ParkingTime => "PARKING_TIME",
            Self::Time => "TIME",
            Self::Unknown => "unknown",
        }
    }
}

impl TariffModel {
    /// Reads the tariffs of a CDR. If one of them could not be read, or the list occurs twice, the first tariff is one
    /// that cannot be priced: a period without a tariff is priced by the first one, which is unknown.
    ///
    /// ```
    /// use ocpi_pricing::TariffModel;
    /// # fn plans(cdr: &ocpi_types::v2_2_1::cdrs::Cdr) {
    /// let plans = TariffModel::all_of(&cdr.tariffs, cdr, &cdr.currency);
    /// # }
    /// ```
    pub fn all_of<'a, T>(tariffs: &'a [T], cdr: &impl Priceable, currency: &Currency) -> Vec<Self>
    where
        Self: From<&'a T>,
    {
        let mut unread = cdr.obstacles();
        unread.retain(|obstacle| obstacle.concern == Concern::Tariff);
        let unread = (!unread.is_empty()).then(|| Self::unread(currency, unread));
        unread.into_iter().chain(tariffs.iter().map(Self::from)).collect()
    }

    /// Whether it stands for tariffs that could not be read.
    pub(crate) fn is_unread(&self) -> bool {
        self.id.is_empty() && self.elements.is_empty() && !self.obstacles.is_empty()
    }

    /// A tariff that could not be read.
    fn unread(currency: &Currency, obstacles: Vec<Obstacle>) -> Self {
        Self {
            version: Version::V2_3_0,
            owner: None,
            id: "".into(),
            currency: currency.clone(),
            kind: None,
            tax: Tax::Excluded,
            min_price: None,
            max_price: None,
            preauthorized: None,
            valid_from: None,
            valid_until: None,
            elements: Vec::new(),
            obstacles,
        }
    }

    /// Returns all obstacles to a price, of the whole tariff and of its elements.
    pub fn all_obstacles(&self) -> impl Iterator<Item = &Obstacle> {
        self.obstacles.iter().chain(self.elements.iter().flat_map(|element| &element.obstacles))
    }

    /// Whether any price has a tax rate.
    pub fn has_vat(&self) -> bool {
        self.elements.iter().any(|element| element.components.iter().any(|component| component.vat.is_some()))
    }
}
