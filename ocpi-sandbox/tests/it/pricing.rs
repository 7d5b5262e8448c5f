//! Tariffs that cannot be priced.

use std::error::Error as _;
use std::time::Duration;

use ocpi_sandbox::Seed;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::sessions::{Session, SessionStatus};
use ocpi_types::v2_3_0::tariffs::{Tariff, TariffElement, TariffRestrictions, TaxIncluded};
use ocpi_types::{CiString, NonEmpty, Value as _};

use crate::town::Town;

fn city(change: impl Fn(&mut Tariff)) -> Seed {
    let mut seed = Seed::city(1, Some(6), &Party::new("NL", "ALF").unwrap()).unwrap();
    seed.tariffs.iter_mut().for_each(change);
    seed
}

fn without_vat(element: &TariffElement) -> TariffElement {
    let mut element = element.clone();
    for component in element.price_components.iter_mut() {
        component.vat = None;
    }
    element
}

/// Sessions by the id of the first tariff of their connector.
fn tariffs_of(town: &Town, sessions: &[Session]) -> Vec<String> {
    let locations = town.cpo.all::<Location>();
    let tariff = |session: &Session| {
        let evse = locations.iter().find_map(|it| it.evse(session.evse_uid.as_str())).unwrap();
        let connector = evse.connectors.iter().find(|it| it.id == session.connector_id).unwrap();
        connector.tariff_ids[0].to_string()
    };
    sessions.iter().map(tariff).collect()
}

#[test]
fn a_tariff_that_cannot_be_priced_is_told_and_holds_up_nobody_else() {
    let bad: CiString<36> = "AC-BASIC".parse().unwrap();
    let seed = city(|tariff| {
        if tariff.id == bad {
            tariff.tax_included = TaxIncluded::Yes;
            let elements = tariff.elements.iter().map(without_vat).collect::<Vec<_>>();
            tariff.elements = elements.try_into().unwrap();
        }
    });
    let town = Town::of(seed, 3);
    let notes = town.sandbox.notes();
    assert!(matches!(notes, [one] if one.starts_with("tariff AC-BASIC: the price before tax")), "{notes:?}");
    for _ in 0..4 * 60 {
        town.pass(60);
    }
    let sessions = town.cpo.all::<Session>();
    let tariffs = tariffs_of(&town, &sessions);
    assert!(tariffs.len() > 3 && !tariffs.contains(&bad.to_string()), "{tariffs:?}");
}

#[test]
fn a_charge_that_cannot_be_priced_ends_and_the_city_goes_on() {
    // In the evening the price is more than can be computed.
    let seed = city(|tariff| {
        let by_day = TariffRestrictions {
            start_time: Some("06:00".parse().unwrap()),
            end_time: Some("15:00".parse().unwrap()),
            ..TariffRestrictions::blank()
        };
        let first = tariff.elements.first().unwrap().clone();
        let day = TariffElement { restrictions: Some(Box::new(by_day)), ..first.clone() };
        let mut evening = TariffElement { restrictions: None, ..first };
        for component in evening.price_components.iter_mut() {
            component.price = "9999999999999999999999999999".parse().unwrap();
        }
        tariff.elements = NonEmpty::try_from(vec![day, evening]).unwrap();
    });
    let town = Town::of(seed, 3);
    assert_eq!(town.sandbox.notes(), [""; 0]);
    let (mut failures, mut seen) = (Vec::new(), Vec::new());
    for minute in 0..8 * 60 {
        town.time.advance(Duration::from_secs(60));
        town.work_off();
        if let Err(error) = town.try_step() {
            failures.push((minute, error.source().unwrap().to_string()));
        }
        let locations = town.cpo.all::<Location>();
        let statuses: Vec<Status> =
            locations.iter().flat_map(|it| &it.evses).map(|evse| evse.status.clone()).collect();
        if seen.last() != Some(&statuses) {
            seen.push(statuses);
        }
    }
    assert!(failures.len() > 3 && seen.len() > 20, "{failures:?} {}", seen.len());
    let minutes: Vec<i32> = failures.iter().map(|(minute, _)| *minute).collect();
    assert!(minutes.windows(2).all(|pair| pair[1] > pair[0]), "{minutes:?}");
    let sessions = town.cpo.all::<Session>();
    assert!(sessions.iter().any(|it| it.status == SessionStatus::Completed), "{}", sessions.len());
    assert_eq!(town.sandbox.charges(), 0, "nobody charges whom nobody can bill");
}

#[test]
fn a_city_that_stands_still_is_not_ready() {
    let town = Town::new(2, 0);
    town.step();
    town.time.advance(Duration::from_secs(59));
    assert!(town.time.run(town.sandbox.is_ready()).unwrap());
    town.time.advance(Duration::from_secs(1));
    assert!(town.sandbox.is_stalled() && !town.time.run(town.sandbox.is_ready()).unwrap());
    town.step();
    assert!(town.time.run(town.sandbox.is_ready()).unwrap());
}
