//! Obstacles to the price of a tariff, a CDR or a session.

mod meaning;
mod near;
mod obstacle;
mod stays;
mod versions;
mod walk;

pub use obstacle::{Concern, Obstacle, ObstacleCause};

use crate::{Object, Type};

/// A tariff, or an element of one, that can be priced, or not; or a CDR or session, whose tariffs are asked themselves.
///
/// A restriction that is not understood may not be ignored, because the price then holds where it should not; nor may
/// a component, because something then costs nothing. A member that stands twice with different values has no value
/// that all readers agree on, and one whose name is nearly that of a known member was probably meant as that.
///
/// Sealed: the library implements it for the objects of the specification.
pub trait Priceable: Object + sealed::Sealed {
    /// Everything that stands in the way of a price, in the order of the document's objects. Empty: nothing.
    ///
    /// Nothing is allocated for a tariff that can be priced.
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

    /// Whether nothing stands in the way of a price.
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
