//! Obstacles to pricing a tariff, a CDR or a session.

mod meaning;
mod near;
mod obstacle;
mod stays;
mod versions;
mod walk;

pub use obstacle::{Concern, Obstacle, ObstacleCause};

use crate::{Object, Type};

/// An object that can be checked for obstacles to pricing: a tariff or a part of one, or a CDR or session without its
/// tariffs, which are checked separately.
///
/// A restriction that is not understood must not be ignored, because the price would apply where it should not; nor
/// must a component, because something would cost nothing. A member that occurs twice with different values has no
/// value that all readers agree on, and a name that is nearly that of a known member was probably meant as that member.
///
/// Sealed: the library implements it for the objects of the specification.
pub trait Priceable: Object + sealed::Sealed {
    /// Returns all obstacles to a price, in document order. Empty: the object can be priced.
    ///
    /// Allocates nothing for a tariff that can be priced.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
    ///
    /// ```
    /// use ocpi_types::{ObstacleCause, Priceable, json, v2_2_1::tariffs::TariffElement};
    /// let element = br#"{"price_components": [{"type": "ENERGY", "price": 0.30, "step_size": 1}],
    ///     "restrictions": {"min_vehicle_soc": 20}}"#;
    /// let element = json::read::<TariffElement>(element)?.value;
    /// let obstacle = &element.obstacles()[0];
    /// assert_eq!(obstacle.pointer, "/restrictions/min_vehicle_soc");
    /// assert_eq!(obstacle.cause, ObstacleCause::UnknownRestriction);
    /// assert_eq!(obstacle.message(), "unknown restriction `min_vehicle_soc`");
    /// # Ok::<(), json::Error>(())
    /// ```
    fn obstacles(&self) -> Vec<Obstacle>;

    /// Whether there are no obstacles to a price.
    fn is_priceable(&self) -> bool {
        self.obstacles().is_empty()
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may implement it")]
    pub trait Sealed {}
}

/// Whether a list of values of this type is one of prices or of when they apply: a `null` in it may have been one.
pub(crate) fn is_of_prices(ty: &Type) -> bool {
    match ty {
        Type::Object(info) => matches!(info().name, "TariffElement" | "PriceComponent"),
        Type::Enum(info) => info.name == "DayOfWeek",
        _ => false,
    }
}
