//! The normal form from the tariffs of each version.

use ocpi_types::v2_2_1::tariffs::{DayOfWeek, ReservationRestrictionType, TariffDimensionType};
use ocpi_types::v2_3_0::tariffs::{BookingRestrictionType, TaxIncluded};
use ocpi_types::{LocalDate, Obstacle, Priceable, TimeOfDay, Version, v2_1_1, v2_2_1, v2_3_0};

use super::{Component, Days, Element, Limit, Phase, Restrictions, TariffDimension, TariffModel, Tax};

impl From<&v2_1_1::tariffs::Tariff> for TariffModel {
    fn from(tariff: &v2_1_1::tariffs::Tariff) -> Self {
        Self {
            version: Version::V2_1_1,
            owner: None,
            id: tariff.id.as_str().into(),
            currency: tariff.currency.clone(),
            kind: None,
            tax: Tax::Excluded,
            min_price: None,
            max_price: None,
            preauthorized: None,
            valid_from: None,
            valid_until: None,
            elements: tariff.elements.iter().map(element_2_1_1).collect(),
            obstacles: Vec::new(),
        }
        .with_obstacles(tariff.obstacles())
    }
}

impl From<&v2_2_1::tariffs::Tariff> for TariffModel {
    fn from(tariff: &v2_2_1::tariffs::Tariff) -> Self {
        let limit = |price: &v2_2_1::types::Price| Limit {
            before_taxes: price.excl_vat,
            after_taxes: price.incl_vat,
        };
        Self {
            version: Version::V2_2_1,
            owner: Some((tariff.country_code.clone(), tariff.party_id.clone())),
            id: tariff.id.as_str().into(),
            currency: tariff.currency.clone(),
            kind: tariff.r#type.clone(),
            tax: Tax::Excluded,
            min_price: tariff.min_price.as_ref().map(limit),
            max_price: tariff.max_price.as_ref().map(limit),
            preauthorized: None,
            valid_from: tariff.start_date_time,
            valid_until: tariff.end_date_time,
            elements: tariff.elements.iter().map(element_2_2_1).collect(),
            obstacles: Vec::new(),
        }
        .with_obstacles(tariff.obstacles())
    }
}

impl From<&v2_3_0::tariffs::Tariff> for TariffModel {
    fn from(tariff: &v2_3_0::tariffs::Tariff) -> Self {
        let limit = |price: &v2_3_0::tariffs::PriceLimit| Limit {
            before_taxes: price.before_taxes,
            after_taxes: price.after_taxes,
        };
        Self {
            version: Version::V2_3_0,
            owner: Some((tariff.country_code.clone(), tariff.party_id.clone())),
            id: tariff.id.as_str().into(),
            currency: tariff.currency.clone(),
            kind: tariff.r#type.clone(),
            tax: match tariff.tax_included {
                TaxIncluded::Yes => Tax::Included,
                TaxIncluded::NotApplicable => Tax::NotApplicable,
                // Any other value is an obstacle.
                TaxIncluded::No | TaxIncluded::Custom(_) => Tax::Excluded,
            },
            min_price: tariff.min_price.as_ref().map(limit),
            max_price: tariff.max_price.as_ref().map(limit),
            preauthorized: tariff.preauthorize_amount,
            valid_from: tariff.start_date_time,
            valid_until: tariff.end_date_time,
            elements: tariff.elements.iter().map(element_2_3_0).collect(),
            obstacles: Vec::new(),
        }
        .with_obstacles(tariff.obstacles())
    }
}

impl TariffModel {
    /// Puts each obstacle where it stands: with its element, or with the whole.
    fn with_obstacles(mut self, obstacles: Vec<Obstacle>) -> Self {
        for obstacle in obstacles {
            match obstacle.element.and_then(|index| self.elements.get_mut(index)) {
                Some(element) => element.obstacles.push(obstacle),
                None => self.obstacles.push(obstacle),
            }
        }
        self
    }
}

fn element_2_1_1(element: &v2_1_1::tariffs::TariffElement) -> Element {
    let component = |component: &v2_1_1::tariffs::PriceComponent| Component {
        kind: kind(&component.r#type),
        price: component.price,
        vat: None,
        step_size: component.step_size,
    };
    Element {
        components: element.price_components.iter().map(component).collect(),
        restrictions: element.restrictions.as_ref().map_or_else(Restrictions::default, |limits| {
            Restrictions {
                start_time: minutes(&limits.start_time),
                end_time: minutes(&limits.end_time),
                start_date: date(&limits.start_date),
                end_date: date(&limits.end_date),
                min_kwh: limits.min_kwh,
                max_kwh: limits.max_kwh,
                min_current: None,
                max_current: None,
                min_power: limits.min_power,
                max_power: limits.max_power,
                min_duration: limits.min_duration,
                max_duration: limits.max_duration,
                days: days(&limits.day_of_week),
                reservation: None,
                booking: None,
            }
        }),
        obstacles: Vec::new(),
    }
}

/// The restrictions that 2.2.1 and 2.3.0 have in common.
macro_rules! restrictions {
    ($limits:expr, $booking:expr) => {
        Restrictions {
            start_time: minutes(&$limits.start_time),
            end_time: minutes(&$limits.end_time),
            start_date: date(&$limits.start_date),
            end_date: date(&$limits.end_date),
            min_kwh: $limits.min_kwh,
            max_kwh: $limits.max_kwh,
            min_current: $limits.min_current,
            max_current: $limits.max_current,
            min_power: $limits.min_power,
            max_power: $limits.max_power,
            min_duration: $limits.min_duration,
            max_duration: $limits.max_duration,
            days: days(&$limits.day_of_week),
            reservation: $limits.reservation.as_ref().map(reservation),
            booking: $booking,
        }
    };
}

fn element_2_2_1(element: &v2_2_1::tariffs::TariffElement) -> Element {
    let limits = element.restrictions.as_deref();
    Element {
        components: element.price_components.iter().map(component).collect(),
        restrictions: limits.map_or_else(Restrictions::default, |limits| restrictions!(limits, None)),
        obstacles: Vec::new(),
    }
}

fn element_2_3_0(element: &v2_3_0::tariffs::TariffElement) -> Element {
    let limits = element.restrictions.as_deref();
    Element {
        components: element.price_components.iter().map(component).collect(),
        restrictions: limits.map_or_else(Restrictions::default, |limits| {
            restrictions!(limits, limits.booking.as_ref().map(booking))
        }),
        obstacles: Vec::new(),
    }
}

fn component(component: &v2_2_1::tariffs::PriceComponent) -> Component {
    Component {
        kind: kind(&component.r#type),
        price: component.price,
        vat: component.vat,
        step_size: component.step_size,
    }
}

fn kind(kind: &TariffDimensionType) -> TariffDimension {
    match kind {
        TariffDimensionType::Energy => TariffDimension::Energy,
        TariffDimensionType::Flat => TariffDimension::Flat,
        TariffDimensionType::ParkingTime => TariffDimension::ParkingTime,
        TariffDimensionType::Time => TariffDimension::Time,
        TariffDimensionType::Custom(_) => TariffDimension::Unknown,
    }
}

/// The phase; an unknown value is an obstacle of its element, so that any phase will do.
fn reservation(phase: &ReservationRestrictionType) -> Phase {
    match phase {
        ReservationRestrictionType::Reservation | ReservationRestrictionType::Custom(_) => Phase::Reservation,
        ReservationRestrictionType::ReservationExpires => Phase::Expired,
    }
}

fn booking(phase: &BookingRestrictionType) -> Phase {
    match phase {
        BookingRestrictionType::Booking | BookingRestrictionType::Custom(_) => Phase::Reservation,
        BookingRestrictionType::BookingExpires => Phase::Expired,
        BookingRestrictionType::BookingCancellationFees => Phase::Cancelled,
        BookingRestrictionType::BookingOvertime => Phase::Overtime,
    }
}

fn minutes(time: &Option<TimeOfDay>) -> Option<u16> {
    time.as_ref().and_then(TimeOfDay::minutes)
}

fn date(date: &Option<LocalDate>) -> Option<chrono::NaiveDate> {
    date.as_ref().and_then(LocalDate::to_chrono)
}

/// No day listed means every day. A day that is none is an obstacle, so that it decides instead of the days.
fn days(days: &[DayOfWeek]) -> Days {
    use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let day = |day: &DayOfWeek| match day {
        DayOfWeek::Monday => Some(Mon),
        DayOfWeek::Tuesday => Some(Tue),
        DayOfWeek::Wednesday => Some(Wed),
        DayOfWeek::Thursday => Some(Thu),
        DayOfWeek::Friday => Some(Fri),
        DayOfWeek::Saturday => Some(Sat),
        DayOfWeek::Sunday => Some(Sun),
        DayOfWeek::Custom(_) => None,
    };
    let listed = if days.is_empty() { None } else { days.iter().map(day).collect() };
    listed.unwrap_or_default()
}
