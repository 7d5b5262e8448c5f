//! The bill: the CPO sends it, the eMSP checks it.

use ocpi_pricing::policy::MissingTariff;
use ocpi_pricing::{Policy, Pricer, TariffModel, Usage};
use ocpi_types::endpoint::{GetCdr, PostCdr, RootResource};
use ocpi_types::v2_3_0::cdrs::{Cdr, CdrInit, CdrLocation, CdrLocationInit};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::types::{Price, PriceInit};
use ocpi_types::{Decimal, NonEmpty, Text};
use serde_json::json;

use super::Failure;
use super::report::Details;
use super::search::Spot;
use super::world::World;

/// The CPO sends the CDR and fetches it back by the URL it was given; the eMSP works out the cost again.
pub(super) async fn settle(world: &World, session: Session, spot: &Spot) -> Result<((), Details), Failure> {
    let cdr = cdr(&session, spot)?;
    let cpo = &world.cpo.platform;
    let emsp = cpo.client("emsp").await?;
    let created = emsp.send(&PostCdr(cdr.clone())).await?.value;
    let url = created.location.ok_or("the eMSP did not say where the CDR is")?.as_str().try_into()?;
    let fetched = emsp.send(&GetCdr::<Cdr>::at(url)).await?.value;
    let stored: Cdr =
        world.emsp.platform.objects().get(&cdr.identity()).await?.ok_or("the eMSP has no such CDR")?;
    let seen = world.seen_by_emsp(cdr)?;
    if fetched != seen || stored != seen {
        return Err("the CDR at the eMSP is another one".into());
    }

    let zone = spot.location.time_zone.as_str();
    let expected = cost(&stored.tariffs, Usage::from(&stored), zone)?;
    let billed = stored.total_cost.before_taxes;
    if billed != expected {
        return Err(format!("{billed} is billed, the tariff says {expected}").into());
    }
    let text = format!(
        "{} kWh cost {expected} {} before taxes{}, as the eMSP works out itself",
        stored.total_energy,
        stored.currency,
        if spot.has_made_up_tariff() { " by the made-up tariff" } else { "" },
    );
    let data = json!({
        "cdr_id": stored.id.as_str(), "total_energy": stored.total_energy.to_string(),
        "cost": expected.to_string(), "currency": stored.currency.as_str(),
    });
    Ok(((), Details::new(text, data)))
}

/// Works out the cost of a session by its tariffs, before taxes.
fn cost(tariffs: &[Tariff], usage: Usage, zone: &str) -> Result<Decimal, Failure> {
    // Periods of 2.1.1 do not name their tariff.
    let mut policy = Policy::default();
    policy.missing_tariff = MissingTariff::FirstTariff;
    let pricer = Pricer::with_policy(tariffs.iter().map(TariffModel::from), policy);
    let usage = usage.with_time_zone(zone)?;
    let bill = pricer.price(&usage)?;
    let total = bill.total().ok_or("the tariff does not say what the session costs")?;
    Ok(total.before_taxes.ok_or("the tariff does not say what the session costs before taxes")?)
}

fn cdr(session: &Session, spot: &Spot) -> Result<Cdr, Failure> {
    let zone = spot.location.time_zone.as_str();
    let cost = price(cost(std::slice::from_ref(&spot.tariff), Usage::from(session), zone)?);
    let end = session.end_date_time.ok_or("the session did not end")?;
    let hours = Decimal::from(end.seconds_since(session.start_date_time));
    let hours = hours.checked_div(Decimal::from(3600)).ok_or("too long")?.round(4);
    Ok(Cdr {
        session_id: Some(session.id.clone()),
        authorization_reference: session.authorization_reference.clone(),
        tariffs: vec![spot.tariff.clone()],
        total_energy_cost: Some(cost.clone()),
        ..CdrInit {
            country_code: session.country_code.clone(),
            party_id: session.party_id.clone(),
            id: "CDR0001".parse()?,
            start_date_time: session.start_date_time,
            end_date_time: end,
            cdr_token: session.cdr_token.clone(),
            auth_method: session.auth_method.clone(),
            cdr_location: location(spot)?,
            currency: session.currency.clone(),
            charging_periods: NonEmpty::try_from(session.charging_periods.clone())?,
            total_cost: cost,
            total_energy: session.kwh,
            total_time: hours,
            last_updated: session.last_updated,
        }
        .into()
    })
}

fn price(before_taxes: Decimal) -> Price {
    PriceInit { before_taxes }.into()
}

fn location(spot: &Spot) -> Result<CdrLocation, Failure> {
    let Spot { location, evse, connector, .. } = spot;
    // The address of a CDR is shorter than that of a Location; the id stays whole.
    let address: String = location.address.as_str().chars().take(45).collect();
    let evse_id = match &evse.evse_id {
        Some(id) => id.clone(),
        None => "#NA".parse()?,
    };
    Ok(CdrLocationInit {
        id: location.id.clone(),
        address: Text::try_from(address)?,
        city: location.city.clone(),
        country: location.country.clone(),
        coordinates: location.coordinates.clone(),
        evse_uid: evse.uid.clone(),
        evse_id,
        connector_id: connector.id.clone(),
        connector_standard: connector.standard.clone(),
        connector_format: connector.format.clone(),
        connector_power_type: connector.power_type.clone(),
    }
    .into())
}
