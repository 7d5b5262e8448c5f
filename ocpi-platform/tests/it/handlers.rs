//! The endpoints of the specification, each with a handler that is ready to be mounted.

use std::collections::BTreeSet;
use std::future::{Future, ready};
use std::sync::Arc;

use ocpi_platform::{Authorization, Authorizer, ChargerRequest, Chargers, SmartCharging};
use ocpi_server_traits::{Error, Router};
use ocpi_testkit::{Network, PlatformSetup};
use ocpi_types::Version;
use ocpi_types::v2_3_0::bookings::{Booking, BookingLocation};
use ocpi_types::v2_3_0::charging_profiles::{
    ActiveChargingProfileResult, ChargingProfile, ChargingProfileResult, ChargingProfileResultType,
    ClearProfileResult,
};
use ocpi_types::v2_3_0::hub_client_info::ClientInfo;
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};
use ocpi_types::v2_3_0::tokens::{LocationReferences, Token};
use serde_json::Value as Json;

/// Tables of the specification: the versions, and the branches of 2.3.0.
const DOCUMENTS: [(Version, &str); 5] = [
    (Version::V2_1_1, include_str!("../../../ocpi-types/tests/facts/ocpi-2.1.1.json")),
    (Version::V2_2_1, include_str!("../../../ocpi-types/tests/facts/ocpi-2.2.1.json")),
    (Version::V2_3_0, include_str!("../../../ocpi-types/tests/facts/ocpi-2.3.0.json")),
    (Version::V2_3_0, include_str!("../../../ocpi-types/tests/facts/ocpi-2.3.0-payments.json")),
    (Version::V2_3_0, include_str!("../../../ocpi-types/tests/facts/ocpi-2.3.0-bookings.json")),
];

/// An application that decides as little as it can.
struct Application;

impl Chargers for Application {}

impl SmartCharging for Application {
    async fn set_profile(
        &self,
        _: ChargingProfile,
        _: &ChargerRequest,
    ) -> Result<ChargingProfileResult, Error> {
        Ok(ChargingProfileResultType::Rejected.into())
    }

    async fn active_profile(&self, _: i64, _: &ChargerRequest) -> Result<ActiveChargingProfileResult, Error> {
        Ok(ChargingProfileResultType::Unknown.into())
    }

    async fn clear_profile(&self, _: &ChargerRequest) -> Result<ClearProfileResult, Error> {
        Ok(ChargingProfileResultType::Unknown.into())
    }
}

impl Authorizer for Application {
    fn authorize(
        &self,
        _: &Token,
        _: Option<&LocationReferences>,
    ) -> impl Future<Output = Result<Authorization, Error>> + Send {
        ready(Ok(Authorization::allowed()))
    }
}

/// A platform of all roles, with every handler that the library has.
fn router() -> Router {
    let setup = PlatformSetup { versions: Version::SPOKEN.to_vec(), ..PlatformSetup::cpo() };
    let platform = setup.open(&Network::default()).platform;
    let application = Arc::new(Application);
    let (hub, payments) = (Arc::new(platform.hub_clients()), Arc::new(platform.payments(())));
    let bookings = Arc::new(platform.bookings(()));
    let router = platform.router(|routes| {
        let objects = platform.objects();
        let routes = platform.mount_cpo(routes, &application);
        let routes = platform.mount_smart_charging(routes, &application);
        platform
            .mount_emsp(routes, &application)
            .sender::<ClientInfo>(&hub)
            .receiver::<ClientInfo>(&hub)
            .sender::<Terminal>(&payments)
            .receiver::<Terminal>(&payments)
            .sender::<FinancialAdviceConfirmation>(&payments)
            .receiver::<FinancialAdviceConfirmation>(&payments)
            .sender::<InvoiceReconciliationRecord>(objects)
            .receiver::<InvoiceReconciliationRecord>(objects)
            .bookings(objects, &bookings)
            .receiver::<Booking>(objects)
            .receiver::<BookingLocation>(objects)
    });
    router.expect("a router")
}

/// The endpoints of a version as the specification lists them, by module, method and path.
fn specified(version: Version) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (_, text) in DOCUMENTS.iter().filter(|(of, _)| *of == version) {
        let facts: Json = serde_json::from_str(text).expect("the facts are well-formed");
        for module in facts["modules"].as_array().expect("modules") {
            for endpoint in module["endpoints"].as_array().expect("endpoints") {
                let text = |name: &str| endpoint[name].as_str().expect("a text");
                // The router has its own pages of versions, and URLs for results are chosen by whoever asks.
                let Some(path) = text("path_template").strip_prefix("{endpoint}") else { continue };
                // The table of modules has another spelling than that of endpoints.
                let module = module["id"].as_str().expect("an id").replace("Booking", "bookings");
                let interfaces: &[&str] = match text("interface") {
                    "both" => &["SENDER", "RECEIVER"],
                    "sender" => &["SENDER"],
                    _ => &["RECEIVER"],
                };
                for interface in interfaces {
                    all.insert(format!("{module} {interface} {} {path}", text("method")));
                }
            }
        }
    }
    all
}

#[test]
fn every_endpoint_has_a_handler_in_every_version() {
    let router = router();
    let mut missing = Vec::new();
    for version in Version::ALL {
        let mounted = router.mounted(*version);
        let found: BTreeSet<String> =
            mounted.iter().map(|it| format!("{} {} {} {}", it.module, it.role, it.method, it.path)).collect();
        let specified = specified(*version);
        println!("{version}: {} endpoints of the specification, {} mounted", specified.len(), mounted.len());
        for it in &mounted {
            println!("  {:<8}{} {} {}{}: {}", version, it.role, it.method, it.module, it.path, it.name);
        }
        // Credentials have no interfaces: both sides are one.
        let is_there = |place: &&String| {
            found.contains(*place)
                || place.starts_with("credentials ") && found.contains(&place.replace("RECEIVER", "SENDER"))
                || place.starts_with("credentials ") && found.contains(&place.replace("SENDER", "RECEIVER"))
        };
        missing.extend(
            specified.iter().filter(|place| !is_there(place)).map(|place| format!("{version} {place}")),
        );
        assert!(specified.len() > 30, "{version}");
    }
    assert_eq!(missing, [""; 0]);
    // The edition has what 2.2.1 has.
    assert_eq!(router.mounted(Version::V2_2).len(), router.mounted(Version::V2_2_1).len());
}
