//! What CDRs and sessions of any version claim, in one form.

use ocpi_types::v2_2_1::cdrs::{CdrDimensionType, ChargingPeriod};
use ocpi_types::v2_2_1::sessions::SessionStatus;
use ocpi_types::{Currency, DateTime, Decimal, v2_1_1, v2_2_1, v2_3_0};

use crate::bill::Category;
use crate::plan::Plan;
use crate::usage::Usage;

/// What a CDR claims.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Claims {
    /// Its id.
    pub id: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// When the session started.
    pub start: DateTime,
    /// When it ended.
    pub end: DateTime,
    /// What was consumed.
    pub usage: Usage,
    /// The tariffs in it.
    pub plans: Vec<Plan>,
    /// The whole cost.
    pub total: Money,
    /// The parts of the cost that are given.
    pub parts: Vec<Part>,
    /// Energy in kWh.
    pub energy: Decimal,
    /// Time in hours.
    pub time: Decimal,
    /// Time without charging, in hours.
    pub parking: Option<Decimal>,
    /// Whether it takes a bill back.
    pub is_credit: bool,
    /// The CDR that it cancels.
    pub credit_reference: Option<String>,
    /// Where what only sessions may have stands.
    pub session_dimensions: Vec<String>,
    /// What ties it to its session.
    pub ties: Ties,
    pub(super) names: Names,
}

/// What ties a CDR to the session that led to it. Who the driver is does not show.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Ties {
    /// The id of the session.
    pub session_id: Option<String>,
    /// The authorization reference.
    pub reference: Option<String>,
    /// Location, EVSE and connector.
    pub place: (String, String, String),
    pub(super) token: String,
}

impl std::fmt::Debug for Ties {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ties")
            .field("session_id", &self.session_id)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// An amount as it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Money {
    /// Without tax.
    pub before: Decimal,
    /// With tax, if that is said.
    pub after: Option<Decimal>,
    /// Each tax: percentage and amount. Since 2.3.0.
    pub taxes: Vec<(Option<Decimal>, Decimal)>,
}

/// A part of the cost.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// Which part.
    pub category: Category,
    /// The member that has it.
    pub member: &'static str,
    /// How much.
    pub money: Money,
}

/// What a session says that leads to a CDR.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// When it started.
    pub start: DateTime,
    /// When it ended, if it did.
    pub end: Option<DateTime>,
    /// Energy in kWh.
    pub energy: Decimal,
    /// The currency of its cost.
    pub currency: Currency,
    /// What it cost.
    pub cost: Option<Money>,
    /// Whether it is completed.
    pub is_completed: bool,
    /// What ties it to its CDR.
    pub ties: Ties,
}

/// How the members are called in the version.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    pub(super) end: &'static str,
    /// Behind the pointer to an amount.
    pub(super) before: &'static str,
    pub(super) after: &'static str,
    pub(super) place: &'static str,
    pub(super) token: &'static str,
}

const V2_1_1: Names =
    Names { end: "/stop_date_time", before: "", after: "", place: "/location", token: "/auth_id" };
const V2_2_1: Names = Names {
    end: "/end_date_time",
    before: "/excl_vat",
    after: "/incl_vat",
    place: "/cdr_location",
    token: "/cdr_token",
};
const V2_3_0: Names = Names { before: "/before_taxes", after: "/taxes", ..V2_2_1 };

impl Money {
    fn plain(before: Decimal) -> Self {
        Self { before, after: None, taxes: Vec::new() }
    }
}

impl From<&v2_2_1::types::Price> for Money {
    fn from(price: &v2_2_1::types::Price) -> Self {
        Self { after: price.incl_vat, ..Self::plain(price.excl_vat) }
    }
}

impl From<&v2_3_0::types::Price> for Money {
    fn from(price: &v2_3_0::types::Price) -> Self {
        let taxes: Vec<_> = price.taxes.iter().map(|tax| (tax.percentage, tax.amount)).collect();
        let sum = taxes.iter().try_fold(price.before_taxes, |sum, (_, tax)| sum.checked_add(*tax));
        // Without any tax nothing is said of the amount with tax.
        Self { before: price.before_taxes, after: sum.filter(|_| !taxes.is_empty()), taxes }
    }
}

impl From<&v2_1_1::cdrs::Cdr> for Claims {
    fn from(cdr: &v2_1_1::cdrs::Cdr) -> Self {
        let mut usage = Usage::from(cdr);
        usage.zone =
            cdr.location.time_zone.as_ref().and_then(|zone| zone.as_str().parse().ok()).or(usage.zone);
        Self {
            id: cdr.id.as_str().to_owned(),
            currency: cdr.currency.clone(),
            start: cdr.start_date_time,
            end: cdr.stop_date_time,
            usage,
            plans: cdr.tariffs.iter().map(Plan::from).collect(),
            total: Money::plain(cdr.total_cost),
            parts: Vec::new(),
            energy: cdr.total_energy,
            time: cdr.total_time,
            parking: cdr.total_parking_time,
            is_credit: false,
            credit_reference: None,
            session_dimensions: Vec::new(),
            ties: Ties {
                session_id: None,
                reference: None,
                place: place_of(&cdr.location),
                token: cdr.auth_id.as_str().to_owned(),
            },
            names: V2_1_1,
        }
    }
}

macro_rules! since_2_2_1 {
    ($version:ident, $names:ident) => {
        impl From<&$version::cdrs::Cdr> for Claims {
            fn from(cdr: &$version::cdrs::Cdr) -> Self {
                let parts = [
                    (Category::Energy, "total_energy_cost", &cdr.total_energy_cost),
                    (Category::Time, "total_time_cost", &cdr.total_time_cost),
                    (Category::Parking, "total_parking_cost", &cdr.total_parking_cost),
                    (Category::Fixed, "total_fixed_cost", &cdr.total_fixed_cost),
                    (Category::Reservation, "total_reservation_cost", &cdr.total_reservation_cost),
                ];
                let parts = parts.into_iter().filter_map(|(category, member, price)| {
                    Some(Part { category, member, money: Money::from(price.as_ref()?) })
                });
                Self {
                    id: cdr.id.as_str().to_owned(),
                    currency: cdr.currency.clone(),
                    start: cdr.start_date_time,
                    end: cdr.end_date_time,
                    usage: Usage::from(cdr),
                    plans: cdr.tariffs.iter().map(Plan::from).collect(),
                    total: Money::from(&cdr.total_cost),
                    parts: parts.collect(),
                    energy: cdr.total_energy,
                    time: cdr.total_time,
                    parking: cdr.total_parking_time,
                    is_credit: cdr.credit == Some(true),
                    credit_reference: cdr.credit_reference_id.as_ref().map(|id| id.as_str().to_owned()),
                    session_dimensions: session_dimensions(&cdr.charging_periods),
                    ties: Ties {
                        session_id: cdr.session_id.as_ref().map(|id| id.as_str().to_owned()),
                        reference: cdr.authorization_reference.as_ref().map(|id| id.as_str().to_owned()),
                        place: (
                            cdr.cdr_location.id.as_str().to_owned(),
                            cdr.cdr_location.evse_uid.as_str().to_owned(),
                            cdr.cdr_location.connector_id.as_str().to_owned(),
                        ),
                        token: token_of(&cdr.cdr_token),
                    },
                    names: $names,
                }
            }
        }

        impl From<&$version::sessions::Session> for Seen {
            fn from(session: &$version::sessions::Session) -> Self {
                Self {
                    id: session.id.as_str().to_owned(),
                    start: session.start_date_time,
                    end: session.end_date_time,
                    energy: session.kwh,
                    currency: session.currency.clone(),
                    cost: session.total_cost.as_ref().map(Money::from),
                    is_completed: session.status == SessionStatus::Completed,
                    ties: Ties {
                        session_id: Some(session.id.as_str().to_owned()),
                        reference: session.authorization_reference.as_ref().map(|id| id.as_str().to_owned()),
                        place: (
                            session.location_id.as_str().to_owned(),
                            session.evse_uid.as_str().to_owned(),
                            session.connector_id.as_str().to_owned(),
                        ),
                        token: token_of(&session.cdr_token),
                    },
                }
            }
        }
    };
}
since_2_2_1!(v2_2_1, V2_2_1);
since_2_2_1!(v2_3_0, V2_3_0);

impl From<&v2_1_1::sessions::Session> for Seen {
    fn from(session: &v2_1_1::sessions::Session) -> Self {
        Self {
            id: session.id.as_str().to_owned(),
            start: session.start_datetime,
            end: session.end_datetime,
            energy: session.kwh,
            currency: session.currency.clone(),
            cost: session.total_cost.map(Money::plain),
            is_completed: session.status == SessionStatus::Completed,
            ties: Ties {
                session_id: Some(session.id.as_str().to_owned()),
                reference: None,
                place: place_of(&session.location),
                token: session.auth_id.as_str().to_owned(),
            },
        }
    }
}

/// Both of a token's ids: either may be that of another driver.
fn token_of(token: &v2_2_1::cdrs::CdrToken) -> String {
    format!("{}\n{}", token.uid.as_str(), token.contract_id.as_str())
}

fn place_of(location: &v2_1_1::locations::Location) -> (String, String, String) {
    let evse = location.evses.first();
    let connector = evse.and_then(|evse| evse.connectors.first());
    (
        location.id.as_str().to_owned(),
        evse.map(|evse| evse.uid.as_str().to_owned()).unwrap_or_default(),
        connector.map(|connector| connector.id.as_str().to_owned()).unwrap_or_default(),
    )
}

fn session_dimensions(periods: &[ChargingPeriod]) -> Vec<String> {
    use CdrDimensionType::{Current, EnergyExport, EnergyImport, Power, StateOfCharge};
    let mut places = Vec::new();
    for (index, period) in periods.iter().enumerate() {
        for (place, dimension) in period.dimensions.iter().enumerate() {
            if matches!(dimension.r#type, Current | EnergyExport | EnergyImport | Power | StateOfCharge) {
                places.push(format!("/charging_periods/{index}/dimensions/{place}/type"));
            }
        }
    }
    places
}
