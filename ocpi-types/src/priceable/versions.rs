//! Search for obstacles in tariffs of each version.

use super::meaning::{COMPONENT, ELEMENT, LIMIT, Meaning, RESTRICTIONS, TARIFF};
use super::obstacle::{Concern, Obstacle, ObstacleCause};
use super::walk::{Place, Walk};
use super::{Priceable, sealed};
use crate::json::{self, Reading};
use crate::v2_2_1::tariffs::{DayOfWeek, ReservationRestrictionType, TariffDimensionType};
use crate::v2_3_0::tariffs::{BookingRestrictionType, TaxIncluded};
use crate::{Decimal, Extra, LocalDate, NonEmpty, Object, TimeOfDay, v2_1_1, v2_2_1, v2_3_0};

/// An object that is walked over.
pub(super) trait Walked: Object {
    fn walk(&self, place: &Place<'_>, walk: &mut Walk);
}

fn components<C: Walked>(components: &NonEmpty<C>, place: &Place<'_>, walk: &mut Walk) {
    const NAME: &str = "price_components";
    if components.is_empty() {
        walk.unless_told(place, NAME, Concern::Components, ObstacleCause::Empty);
    }
    let list = place.member(NAME);
    for (index, component) in components.iter().enumerate() {
        component.walk(&list.component(index), walk);
    }
}

fn elements<E: Walked>(elements: &NonEmpty<E>, place: &Place<'_>, walk: &mut Walk) {
    const NAME: &str = "elements";
    if elements.is_empty() {
        walk.unless_told(place, NAME, Concern::Tariff, ObstacleCause::Empty);
    }
    let list = place.member(NAME);
    for (index, element) in elements.iter().enumerate() {
        element.walk(&list.element(index), walk);
    }
}

/// Walks over the least or the most that a session costs.
fn limit<L: Object>(
    (name, limit): (&'static str, &Option<L>),
    extra: &Extra,
    place: &Place<'_>,
    walk: &mut Walk,
) {
    amount((name, limit.as_ref()), extra, (place, &LIMIT), walk);
}

/// Walks over an amount. Where it could not be read, its text tells the reason.
pub(super) fn amount<A: Object>(
    (name, amount): (&'static str, Option<&A>),
    extra: &Extra,
    (place, meaning): (&Place<'_>, &Meaning),
    walk: &mut Walk,
) {
    if let Some(amount) = amount {
        walk.members(amount, &place.member(name), (meaning, &[]));
        return;
    }
    let Some(raw) = extra.get(name) else { return };
    let Ok(item) = json::read_item::<A>(raw.as_bytes()) else { return };
    let inside = place.member(name);
    match item.reading {
        Reading::Partial(partial) => {
            let amount = partial.into_value();
            walk.instead(place, name, |walk| walk.members(&amount, &inside, (meaning, &[])));
        }
        Reading::Unreadable(_) => {
            walk.instead(place, name, |walk| walk.unread((A::INFO.fields, raw), &inside, meaning));
        }
        Reading::Whole(_) => {}
    }
}

fn times(texts: [(&'static str, &Option<TimeOfDay>); 2], place: &Place<'_>, walk: &mut Walk) {
    for (name, time) in texts {
        if time.as_ref().is_some_and(|time| time.minutes().is_none()) {
            walk.find(place, name, Concern::Restrictions, ObstacleCause::Unreadable("time of day"));
        }
    }
}

fn dates(texts: [(&'static str, &Option<LocalDate>); 2], place: &Place<'_>, walk: &mut Walk) {
    for (name, date) in texts {
        if date.as_ref().is_some_and(|date| date.to_chrono().is_none()) {
            walk.find(place, name, Concern::Restrictions, ObstacleCause::Unreadable("date"));
        }
    }
}

fn days(days: &[DayOfWeek], place: &Place<'_>, walk: &mut Walk) {
    let list = place.member("day_of_week");
    for (index, day) in days.iter().enumerate() {
        if matches!(day, DayOfWeek::Custom(_)) {
            walk.find_at(
                &list.index(index),
                "day_of_week",
                Concern::Restrictions,
                ObstacleCause::UnknownValue,
            );
        }
    }
}

fn is_no_reservation(reservation: &Option<ReservationRestrictionType>) -> bool {
    matches!(reservation, Some(ReservationRestrictionType::Custom(_)))
}

/// `limits`: looks at the least and most prices. `phases`: the restrictions to reservations, by an unknown value.
macro_rules! tariffs {
    ($version:ident, limits $limits:expr, phases $phases:expr) => {
        impl Walked for $version::tariffs::Tariff {
            fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
                walk.members(self, place, (&TARIFF, &[]));
                let limits: fn(&Self, &Place<'_>, &mut Walk) = $limits;
                limits(self, place, walk);
                if self.currency.as_str().trim().is_empty() {
                    walk.unless_told(place, "currency", Concern::Tariff, ObstacleCause::Empty);
                }
                elements(&self.elements, place, walk);
            }
        }

        impl Walked for $version::tariffs::TariffElement {
            fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
                walk.members(self, place, (&ELEMENT, &[]));
                components(&self.price_components, place, walk);
                if let Some(restrictions) = &self.restrictions {
                    restrictions.walk(&place.member("restrictions"), walk);
                }
            }
        }

        impl Walked for $version::tariffs::TariffRestrictions {
            fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
                walk.members(self, place, (&RESTRICTIONS, &[]));
                let texts = [("start_time", &self.start_time), ("end_time", &self.end_time)];
                times(texts, place, walk);
                let texts = [("start_date", &self.start_date), ("end_date", &self.end_date)];
                dates(texts, place, walk);
                days(&self.day_of_week, place, walk);
                let unknown: [(&str, fn(&Self) -> bool); 2] = $phases;
                for (name, _) in unknown.into_iter().filter(|(_, is_unknown)| is_unknown(self)) {
                    walk.find(place, name, Concern::Restrictions, ObstacleCause::UnknownValue);
                }
            }
        }

        impl sealed::Sealed for $version::tariffs::Tariff {}

        impl Priceable for $version::tariffs::Tariff {
            fn obstacles(&self) -> Vec<Obstacle> {
                obstacles(self)
            }
        }

        impl sealed::Sealed for $version::tariffs::TariffElement {}

        impl Priceable for $version::tariffs::TariffElement {
            fn obstacles(&self) -> Vec<Obstacle> {
                obstacles(self)
            }
        }
    };
}

tariffs! {
    v2_1_1, limits |_, _, _| {},
    phases [("", |_| false), ("", |_| false)]
}
tariffs! {
    v2_2_1, limits |this, place, walk| {
        limit(("min_price", &this.min_price), &this.extra, place, walk);
        limit(("max_price", &this.max_price), &this.extra, place, walk);
    },
    phases [("reservation", |this| is_no_reservation(&this.reservation)), ("", |_| false)]
}
tariffs! {
    v2_3_0, limits |this, place, walk| {
        limit(("min_price", &this.min_price), &this.extra, place, walk);
        limit(("max_price", &this.max_price), &this.extra, place, walk);
        if matches!(this.tax_included, TaxIncluded::Custom(_)) {
            walk.unless_told(place, "tax_included", Concern::Tariff, ObstacleCause::UnknownValue);
        }
    },
    phases [
        ("reservation", |this| is_no_reservation(&this.reservation)),
        ("booking", |this| matches!(this.booking, Some(BookingRestrictionType::Custom(_)))),
    ]
}

macro_rules! components {
    ($version:ident, $vat:expr) => {
        impl Walked for $version::tariffs::PriceComponent {
            fn walk(&self, place: &Place<'_>, walk: &mut Walk) {
                // A fee has no steps.
                let is_flat = self.r#type == TariffDimensionType::Flat;
                walk.members(self, place, (&COMPONENT, if is_flat { &["step_size"] } else { &[] }));
                if matches!(self.r#type, TariffDimensionType::Custom(_)) {
                    walk.unless_told(place, "type", Concern::Kind, ObstacleCause::UnknownValue);
                }
                let vat: fn(&Self) -> Option<Decimal> = $vat;
                if vat(self).is_some_and(|vat| vat <= Decimal::from(-100)) {
                    walk.find(
                        place,
                        "vat",
                        Concern::Price,
                        ObstacleCause::OutOfRange("-100 percent or less"),
                    );
                }
                if self.step_size < 0 && !is_flat {
                    walk.find(place, "step_size", Concern::Step, ObstacleCause::OutOfRange("below zero"));
                }
            }
        }
    };
}
components!(v2_1_1, |_| None);
components!(v2_2_1, |this| this.vat);

pub(super) fn obstacles(walked: &impl Walked) -> Vec<Obstacle> {
    let mut walk = Walk::default();
    walked.walk(&Place::ROOT, &mut walk);
    walk.found
}
