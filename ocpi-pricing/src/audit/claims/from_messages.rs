//! The normal form from the CDRs and sessions of each version.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use ocpi_types::v2_2_1::cdrs::CdrToken;
use ocpi_types::{Decimal, Object, Private, Version, check, json, v2_1_1, v2_2_1, v2_3_0};
use serde_json::value::RawValue;

use super::{CdrClaims, Copied, Dimensions, Money, SessionClaims, Stay, TaxClaim};
use crate::audit::{Finding, Rule};
use crate::bill::Category;
use crate::{TariffModel, Usage};

impl From<&v2_1_1::cdrs::Cdr> for CdrClaims {
    fn from(cdr: &v2_1_1::cdrs::Cdr) -> Self {
        let stay = Stay {
            usage: Usage::from(cdr),
            dimensions: Dimensions::of(cdr.charging_periods.iter().map(|period| &*period.dimensions)),
            energy: cdr.total_energy,
            token: Private::new(vec![cdr.auth_id.as_str().into()]),
            auth_method: cdr.auth_method.clone(),
            reference: Private::new(None),
            place: place_2_1_1(&cdr.location),
            last_updated: cdr.last_updated,
        };
        Self {
            version: Version::V2_1_1,
            id: cdr.id.as_str().into(),
            owner: None,
            stay,
            session_id: None,
            plans: TariffModel::all_of(&cdr.tariffs, cdr, &cdr.currency).into_iter().map(Arc::new).collect(),
            total: cdr.total_cost.into(),
            parts: [const { None }; 5],
            total_time: cdr.total_time,
            parking_time: cdr.total_parking_time,
            credit_reference: None,
            copied: None,
            checked: checked(cdr, Version::V2_1_1),
        }
    }
}

impl From<&v2_1_1::sessions::Session> for SessionClaims {
    fn from(session: &v2_1_1::sessions::Session) -> Self {
        let stay = Stay {
            usage: Usage::from(session),
            dimensions: Dimensions::of(session.charging_periods.iter().map(|period| &*period.dimensions)),
            energy: session.kwh,
            token: Private::new(vec![session.auth_id.as_str().into()]),
            auth_method: session.auth_method.clone(),
            reference: Private::new(None),
            place: place_2_1_1(&session.location),
            last_updated: session.last_updated,
        };
        Self {
            id: session.id.as_str().into(),
            owner: None,
            stay,
            status: session.status.clone(),
            total: session.total_cost.map(Money::from),
        }
    }
}

/// CDRs and sessions of 2.2.1 and 2.3.0 differ in nothing but the form of a price and the booking.
macro_rules! from_2_2_1 {
    ($module:ident, $version:ident, $booking_id:expr) => {
        impl From<&$module::cdrs::Cdr> for CdrClaims {
            fn from(cdr: &$module::cdrs::Cdr) -> Self {
                let location = &cdr.cdr_location;
                let stay = Stay {
                    usage: Usage::from(cdr),
                    dimensions: Dimensions::of(cdr.charging_periods.iter().map(|period| &*period.dimensions)),
                    energy: cdr.total_energy,
                    token: token(&cdr.cdr_token),
                    auth_method: cdr.auth_method.clone(),
                    reference: Private::new(
                        cdr.authorization_reference.as_ref().map(|id| id.as_str().into()),
                    ),
                    place: [&location.id, &location.evse_uid, &location.connector_id]
                        .map(|id| Some(id.as_str().into())),
                    last_updated: cdr.last_updated,
                };
                let mut parts = [const { None }; 5];
                for (category, part) in [
                    (Category::Energy, &cdr.total_energy_cost),
                    (Category::Time, &cdr.total_time_cost),
                    (Category::Parking, &cdr.total_parking_cost),
                    (Category::Fixed, &cdr.total_fixed_cost),
                    (Category::Reservation, &cdr.total_reservation_cost),
                ] {
                    parts[category as usize] = part.as_ref().map(Money::from);
                }
                Self {
                    version: Version::$version,
                    id: cdr.id.as_str().into(),
                    owner: Some((cdr.country_code.clone(), cdr.party_id.clone())),
                    stay,
                    session_id: cdr.session_id.as_ref().map(|id| id.as_str().into()),
                    plans: TariffModel::all_of(&cdr.tariffs, cdr, &cdr.currency)
                        .into_iter()
                        .map(Arc::new)
                        .collect(),
                    total: Money::from(&cdr.total_cost),
                    parts,
                    total_time: cdr.total_time,
                    parking_time: cdr.total_parking_time,
                    credit_reference: cdr.credit_reference_id.as_ref().map(|id| id.as_str().into()),
                    copied: Some(Box::new(Copied {
                        location: location.clone(),
                        meter_id: cdr.meter_id.clone(),
                        booking_id: $booking_id(cdr),
                        signed_data: cdr.signed_data.clone().into(),
                        home_charging_compensation: cdr.home_charging_compensation == Some(true),
                    })),
                    checked: checked(cdr, Version::$version),
                }
            }
        }

        impl From<&$module::sessions::Session> for SessionClaims {
            fn from(session: &$module::sessions::Session) -> Self {
                let stay = Stay {
                    usage: Usage::from(session),
                    dimensions: Dimensions::of(
                        session.charging_periods.iter().map(|period| &*period.dimensions),
                    ),
                    energy: session.kwh,
                    token: token(&session.cdr_token),
                    auth_method: session.auth_method.clone(),
                    reference: Private::new(
                        session.authorization_reference.as_ref().map(|id| id.as_str().into()),
                    ),
                    place: [&session.location_id, &session.evse_uid, &session.connector_id]
                        .map(|id| Some(id.as_str().into())),
                    last_updated: session.last_updated,
                };
                Self {
                    id: session.id.as_str().into(),
                    owner: Some((session.country_code.clone(), session.party_id.clone())),
                    stay,
                    status: session.status.clone(),
                    total: session.total_cost.as_ref().map(Money::from),
                }
            }
        }
    };
}
from_2_2_1!(v2_2_1, V2_2_1, |_| None);
from_2_2_1!(v2_3_0, V2_3_0, |cdr: &v2_3_0::cdrs::Cdr| cdr.booking_id.clone());

impl From<Decimal> for Money {
    fn from(before: Decimal) -> Self {
        Self { before, after: None, taxes: Vec::new() }
    }
}

impl From<&v2_2_1::types::Price> for Money {
    fn from(price: &v2_2_1::types::Price) -> Self {
        Self { before: price.excl_vat, after: price.incl_vat, taxes: Vec::new() }
    }
}

impl From<&v2_3_0::types::Price> for Money {
    fn from(price: &v2_3_0::types::Price) -> Self {
        let claim = |tax: &v2_3_0::types::TaxAmount| TaxClaim {
            name: tax.name.clone(),
            rate: tax.percentage,
            amount: tax.amount,
        };
        let taxes: Vec<_> = price.taxes.iter().map(claim).collect();
        let sum = taxes.iter().try_fold(price.before_taxes, |sum, tax| sum.checked_add(tax.amount));
        Self { before: price.before_taxes, after: sum.filter(|_| !taxes.is_empty()), taxes }
    }
}

/// The members in the order of their names. All are compared without regard to case.
fn token(token: &CdrToken) -> Private<Vec<Box<str>>> {
    let parts = [
        token.country_code.as_str(),
        token.party_id.as_str(),
        token.uid.as_str(),
        token.r#type.as_str(),
        token.contract_id.as_str(),
    ];
    Private::new(parts.map(|part| part.to_ascii_lowercase().into()).to_vec())
}

fn place_2_1_1(location: &v2_1_1::locations::Location) -> [Option<Box<str>>; 3] {
    let evse = location.evses.first();
    let connector = evse.and_then(|evse| evse.connectors.first());
    [
        Some(location.id.as_str().into()),
        evse.map(|evse| evse.uid.as_str().into()),
        connector.map(|connector| connector.id.as_str().into()),
    ]
}

/// Returns the findings of the check that an audit reports too, each with the value that is written there.
fn checked<T: Object>(cdr: &T, version: Version) -> Vec<Finding> {
    let findings = check(cdr, version);
    let mut relevant = findings.iter().filter_map(|it| Some((it, Rule::of_check(it.rule)?))).peekable();
    // Most CDRs need no text.
    let text = relevant.peek().map(|_| json::to_string(cdr)).unwrap_or_default();
    let finding = |(finding, (rule, expected)): (&ocpi_types::Finding, (Rule, &str))| {
        Finding::new(rule, &*finding.pointer, Some(expected.to_owned()), written(&text, &finding.pointer))
    };
    relevant.map(finding).collect()
}

/// Reads the value at a pointer in JSON that this library has written.
fn written(text: &str, pointer: &str) -> Option<String> {
    let mut at = text;
    for name in pointer.split('/').skip(1) {
        at = if at.starts_with('[') {
            let list: Vec<&RawValue> = serde_json::from_str(at).ok()?;
            list.get(name.parse::<usize>().ok()?)?.get()
        } else {
            let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(at).ok()?;
            members.get(name)?.get()
        };
    }
    serde_json::from_str(at).ok().or_else(|| Some(at.to_owned()))
}
