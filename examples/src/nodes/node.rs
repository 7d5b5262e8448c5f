//! A node of the CPO.

use std::sync::Arc;

use ocpi_client::{Outbound, Reqwest};
use ocpi_platform::{Allow, Platform, Settings, UrlPolicy};
use ocpi_server_traits::AnyStore;
use ocpi_types::endpoint::{EvseKey, Owned, RootResource};
use ocpi_types::observe::{Direction, Event, EventKind, Observe, Observer};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::{
    AuthMethod, Cdr, CdrDimensionInit, CdrDimensionType, CdrInit, CdrLocationInit, CdrTokenInit,
    ChargingPeriodInit,
};
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::{BusinessDetailsInit, Evse, EvsePatch, Location, Status};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::TokenType;
use ocpi_types::v2_3_0::types::PriceInit;
use ocpi_types::{Decimal, NonEmpty, Role};
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::city;
use crate::roam::{self, Failure};

type Cpo = Platform<AnyStore, Reqwest>;

/// Locations of the city.
const LOCATIONS: usize = 10;

/// Tells the program that started the node of each request to the eMSP.
struct Sends;

impl Observe for Sends {
    fn event(&self, event: &Event<'_>) {
        let is_push = event.exchange.direction == Direction::Outbound && event.exchange.partner.is_some();
        if is_push && matches!(event.kind, EventKind::RequestSent) {
            println!("sent");
        }
    }
}

/// Is a node of the CPO below a URL, until its input ends.
///
/// # Errors
/// When an order cannot be carried out.
pub async fn serve(store: &str, base: &str) -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let role: CredentialsRole = CredentialsRoleInit {
        role: Role::Cpo,
        business_details: BusinessDetailsInit { name: "Alfa Laden".try_into()? }.into(),
        party_id: "ALF".parse()?,
        country_code: "NL".parse()?,
    }
    .into();
    let settings = Settings {
        urls: UrlPolicy::Any,
        rate: None,
        observer: Observer::new(Sends),
        ..Settings::new(base.parse()?, role)
    };
    let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any))?;
    let cpo: Arc<Cpo> = Arc::new(Platform::open(settings, ocpi_store::open(store).await?, http).await?);
    let objects = cpo.objects();
    let router = cpo.router(|routes| routes.cpo(objects))?;
    tokio::spawn(roam::serve(listener, router));
    let running = Arc::clone(&cpo);
    tokio::spawn(async move { running.run(std::future::pending()).await });

    println!("= {address}");
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    while let Some(order) = orders.next_line().await? {
        println!("= {}", carry_out(&cpo, &order).await?);
    }
    Ok(())
}

async fn carry_out(cpo: &Cpo, order: &str) -> Result<String, Failure> {
    let (verb, rest) = order.split_once(' ').unwrap_or((order, ""));
    match verb {
        "load" => {
            let city = city::build(7, LOCATIONS, &city::Party { country_code: "NL", party_id: "ALF" })?;
            for tariff in city.tariffs {
                cpo.publish::<Tariff>(tariff).await?;
            }
            for location in city.locations {
                cpo.publish(location).await?;
            }
        }
        "invite" => {
            let allow = Allow::default().party(Party::new("DE", "EMP")?).host(rest);
            return Ok(cpo.invite("emsp", allow).await?.expose().to_owned());
        }
        "status" => change_status(cpo, rest.parse()?).await?,
        "charged" => {
            let number = rest.parse()?;
            change_status(cpo, number).await?;
            cpo.publish(cdr(cpo, number).await?).await?;
        }
        "statuses" => return Ok(statuses(&cpo.objects().all().await?.objects)),
        other => return Err(format!("no such order: {other}").into()),
    }
    Ok("done".to_owned())
}

/// Changes the status of an EVSE: they take turns.
async fn change_status(cpo: &Cpo, number: usize) -> Result<(), Failure> {
    let evses: Vec<_> = cpo.objects().all::<Location>().await?.objects.iter().flat_map(keys).collect();
    let at = evses.get(number % evses.len().max(1)).ok_or("the city has no EVSE")?;
    let status = if number % 2 == 0 { Status::Charging } else { Status::Blocked };
    cpo.patch::<Evse>(at, EvsePatch { status: status.into(), ..EvsePatch::default() }).await?;
    Ok(())
}

fn keys(location: &Location) -> Vec<Owned<EvseKey>> {
    let Owned { owner, key } = location.identity();
    let key = |evse: &Evse| EvseKey { location_id: key.location_id.clone(), evse_uid: evse.uid.clone() };
    location.evses.iter().map(|evse| Owned { owner: owner.clone(), key: key(evse) }).collect()
}

/// The statuses of all EVSEs, in one line.
pub(super) fn statuses(locations: &[Location]) -> String {
    let evses = locations.iter().flat_map(|location| location.evses.iter().map(move |evse| (location, evse)));
    let mut all: Vec<String> = evses
        .map(|(location, evse)| format!("{} {} {}", location.id, evse.uid, evse.status.as_str()))
        .collect();
    all.sort();
    all.join(", ")
}

/// A CDR of one kilowatt hour.
async fn cdr(cpo: &Cpo, number: usize) -> Result<Cdr, Failure> {
    let locations = cpo.objects().all::<Location>().await?.objects;
    let location = locations.get(number % locations.len().max(1)).ok_or("the city has no Location")?;
    let (_, evse, connector) = location.connectors().next().ok_or("the Location has no Connector")?;
    let (end, energy) = (cpo.clock().now(), Decimal::from(1));
    let start = end.checked_add_seconds(-3_600).ok_or("before all times")?;
    let dimension = CdrDimensionInit { r#type: CdrDimensionType::Energy, volume: energy };
    let period = ChargingPeriodInit { start_date_time: start, dimensions: NonEmpty::of(dimension.into()) };
    Ok(CdrInit {
        country_code: location.country_code.clone(),
        party_id: location.party_id.clone(),
        id: format!("CDR{number:04}").parse()?,
        start_date_time: start,
        end_date_time: end,
        cdr_token: CdrTokenInit {
            country_code: "DE".parse()?,
            party_id: "EMP".parse()?,
            uid: "04A2B3C4".parse()?,
            r#type: TokenType::Rfid,
            contract_id: "DE-EMP-C00000001".parse()?,
        }
        .into(),
        auth_method: AuthMethod::Whitelist,
        cdr_location: CdrLocationInit {
            id: location.id.clone(),
            address: "Chargestreet 1".try_into()?,
            city: location.city.clone(),
            country: location.country.clone(),
            coordinates: location.coordinates.clone(),
            evse_uid: evse.uid.clone(),
            evse_id: "#NA".parse()?,
            connector_id: connector.id.clone(),
            connector_standard: connector.standard.clone(),
            connector_format: connector.format.clone(),
            connector_power_type: connector.power_type.clone(),
        }
        .into(),
        currency: "EUR".parse()?,
        charging_periods: NonEmpty::of(period.into()),
        total_cost: PriceInit { before_taxes: Decimal::ZERO }.into(),
        total_energy: energy,
        total_time: Decimal::from(1),
        last_updated: end,
    }
    .into())
}
