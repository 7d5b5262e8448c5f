//! Obstacles to pricing.

use std::borrow::Cow;
use std::fmt;

use crate::pointer::shown;
use crate::{Finding, Rule};

/// An obstacle to pricing a tariff, CDR or session: its place, member and cause.
///
/// ```
/// use ocpi_types::{Finding, Priceable, json, v2_2_1::tariffs::TariffElement};
/// let element = br#"{"price_components": [{"type": "ENERGY", "price": 0.10, "price": 0.25, "step_size": 1}]}"#;
/// let element = json::read::<TariffElement>(element)?.value;
/// let obstacle = element.obstacles().remove(0);
/// assert_eq!(
///     obstacle.to_string(),
///     "/price_components/0/price: `price` stands twice with different values",
/// );
/// assert_eq!(Finding::from(obstacle).rule.id(), "tariff.not_computable");
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct Obstacle {
    /// Place of the member, as a JSON pointer (RFC 6901) relative to the checked object.
    pub pointer: String,
    /// The member, under the name that was sent.
    pub member: Box<str>,
    /// Index of the tariff element, from 0; `None` if the obstacle concerns the whole tariff.
    pub element: Option<usize>,
    /// Index of the element's price component, from 0; `None` if the obstacle concerns the whole element.
    pub component: Option<usize>,
    /// Part of the object that is unknown because of it.
    pub concern: Concern,
    /// Cause of the obstacle.
    pub cause: ObstacleCause,
}

/// Part of a tariff, CDR or session that is unknown because of an [`Obstacle`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Concern {
    /// The tariff as a whole: its currency, tax, validity, or list of elements; in a CDR, the list of its tariffs.
    Tariff,
    /// The minimum or maximum price of a session.
    Limits,
    /// The list of prices in the element.
    Components,
    /// The conditions under which the element applies.
    Restrictions,
    /// The dimension that the component prices.
    Kind,
    /// The price of the component.
    Price,
    /// The steps to which the quantity is rounded up.
    Step,
    /// The usage: the periods of a CDR or session, or their currency.
    Usage,
    /// A total of a CDR or session; not needed for a price.
    Totals,
}

/// Cause of an [`Obstacle`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum ObstacleCause {
    /// A required member is missing.
    Missing,
    /// A list that needs an element is missing or empty.
    Empty,
    /// A required member is `null`.
    Null,
    /// The value is not of the expected kind: "number", "object".
    Unreadable(&'static str),
    /// An element of the list could not be read, or is `null`.
    PartUnreadable,
    /// The member occurs twice in its object, with different values.
    Twice,
    /// The name is nearly that of this member.
    LooksLike(&'static str),
    /// The member is in the wrong object: it belongs in this one.
    Misplaced(&'static str),
    /// The version has no such member, but another version does.
    OtherVersion,
    /// OCPI has no such restriction.
    UnknownRestriction,
    /// OCPI has no such value of an enum.
    UnknownValue,
    /// The number is out of range: "below zero".
    OutOfRange(&'static str),
}

impl Obstacle {
    /// Returns the reason why there is no price, as a short text that names the member.
    pub fn message(&self) -> String {
        let name = shown(&self.member);
        match self.cause {
            ObstacleCause::Missing => format!("`{name}` is missing"),
            ObstacleCause::Empty => format!("`{name}` is empty or missing"),
            ObstacleCause::Null => format!("`{name}` is null"),
            ObstacleCause::Unreadable(due) => format!("`{name}` is no {due}"),
            ObstacleCause::PartUnreadable => format!("an element of `{name}` cannot be read"),
            ObstacleCause::Twice => format!("`{name}` stands twice with different values"),
            ObstacleCause::LooksLike(known) => format!("`{name}` looks like `{known}`"),
            ObstacleCause::Misplaced(object) => format!("`{name}` belongs into `{object}`"),
            ObstacleCause::OtherVersion => format!("`{name}` is a member of another version of OCPI"),
            ObstacleCause::UnknownRestriction => format!("unknown restriction `{name}`"),
            ObstacleCause::UnknownValue if self.concern == Concern::Kind => {
                format!("`{name}` is a dimension that OCPI does not have")
            }
            ObstacleCause::UnknownValue => format!("`{name}` has a value that OCPI does not have"),
            ObstacleCause::OutOfRange(what) => format!("`{name}` is {what}"),
        }
    }
}

impl Obstacle {
    /// Returns the pointer for display, without control characters.
    pub fn shown_pointer(&self) -> String {
        shown(&self.pointer)
    }
}

/// `/elements/0/price_components/0/price: `price` is null`.
impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", shown(&self.pointer), self.message())
    }
}

impl std::error::Error for Obstacle {}

/// Conversion to a finding of the rule `tariff.not_computable`.
impl From<Obstacle> for Finding {
    fn from(obstacle: Obstacle) -> Self {
        let message = Cow::Owned(obstacle.message());
        Self { message, ..Self::new(obstacle.pointer, Rule::NotComputable) }
    }
}
