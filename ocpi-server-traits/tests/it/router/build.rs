//! Mounting: what each version has, and what keeps a router from being built.

use std::sync::Arc;

use ocpi_server_traits::{
    Caller, Error, Handle, Memory, Objects, Router, RouterBuilder, RouterError, Routes,
};
use ocpi_testkit::party;
use ocpi_types::endpoint::{
    GetCdr, GetCopy, GetOwn, GetVersions, List, ListBookingLocations, Page, Patch, PostCdr,
    PutActiveChargingProfile, PutChargingProfile,
};
use ocpi_types::v2_2_1::charging_profiles::ChargingProfileResponse;
use ocpi_types::v2_3_0::bookings::{Booking, BookingLocation};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseInit, CommandResponseType, ReserveNow, StartSession,
    StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{InterfaceRole, ModuleId, Version, v2_1_1, v2_2_1};

use crate::site::{builder, partners};

/// Handlers that are mounted and never asked.
pub(super) struct Idle;

impl Handle<GetVersions> for Idle {
    async fn handle(&self, _: &Caller, _: GetVersions) -> Result<Vec<v2_2_1::versions::Version>, Error> {
        Err(Error::internal("not asked"))
    }
}

impl Handle<PutChargingProfile> for Idle {
    async fn handle(&self, _: &Caller, _: PutChargingProfile) -> Result<ChargingProfileResponse, Error> {
        Err(Error::internal("not asked"))
    }
}

impl Handle<PutActiveChargingProfile> for Idle {
    async fn handle(&self, _: &Caller, _: PutActiveChargingProfile) -> Result<(), Error> {
        Err(Error::internal("not asked"))
    }
}

impl Handle<ListBookingLocations> for Idle {
    async fn handle(&self, _: &Caller, _: ListBookingLocations) -> Result<Page<BookingLocation>, Error> {
        Err(Error::internal("not asked"))
    }
}

macro_rules! commands {
    ($($command:ty),+) => { $(
        impl Handle<$command> for Idle {
            async fn handle(&self, _: &Caller, _: $command) -> Result<CommandResponse, Error> {
                Ok(CommandResponseInit { result: CommandResponseType::Accepted, timeout: 30 }.into())
            }
        }
    )+ };
}

commands!(CancelReservation, ReserveNow, StartSession, StopSession, UnlockConnector);

pub(super) fn objects() -> Arc<Objects<Memory>> {
    Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]))
}

/// Builds a router with these endpoints in all versions.
fn in_all(mount: impl Fn(Routes) -> Routes) -> Result<Router, RouterError> {
    builder().versions(Version::ALL.iter().copied(), mount).build(partners())
}

/// The endpoints that a version advertises: `S` or `R`, and the module.
fn advertised(router: &Router, version: Version) -> Vec<String> {
    let endpoints = router.endpoints(version);
    let shown = endpoints.iter().map(|endpoint| {
        let side = if endpoint.role == InterfaceRole::Sender { 'S' } else { 'R' };
        format!("{side} {}", endpoint.identifier)
    });
    shown.collect()
}

#[test]
fn a_version_advertises_what_it_has() {
    let (objects, idle) = (objects(), Arc::new(Idle));
    let router = in_all(|routes| {
        routes
            .cpo(&objects)
            .sender::<Booking>(&objects)
            .receiver::<InvoiceReconciliationRecord>(&objects)
            .commands(&idle)
            .on::<PutChargingProfile, _>(&idle)
    });
    let router = router.expect("a router");
    let core = ["S locations", "S sessions", "S cdrs", "S tariffs", "R tokens"];
    let with = |more: &[&'static str]| [&core, more].concat();
    assert_eq!(advertised(&router, Version::V2_1_1), with(&["R commands"]));
    assert_eq!(advertised(&router, Version::V2_2_1), with(&["R commands", "R chargingprofiles"]));
    assert_eq!(
        advertised(&router, Version::V2_3_0),
        with(&["S bookings", "R invoicereconciliation", "R commands", "R chargingprofiles"])
    );
    let emsp = in_all(|routes| routes.emsp(&objects)).expect("a router");
    for version in Version::ALL {
        assert_eq!(
            advertised(&emsp, *version),
            ["R locations", "R sessions", "R cdrs", "R tariffs", "S tokens"],
            "{version}"
        );
    }
}

/// The URL of a command that 2.1.1 does not have, and of those that it has.
#[test]
fn a_command_is_where_its_version_has_it() {
    let idle = Arc::new(Idle);
    let router = in_all(|routes| routes.commands(&idle)).expect("a router");
    for (path, status) in [
        ("2.1.1/commands/CANCEL_RESERVATION", 404),
        ("2.1.1/commands/STOP_SESSION", 200),
        ("2.2.1/receiver/commands/CANCEL_RESERVATION", 200),
        ("2.3.0/receiver/commands/CANCEL_RESERVATION", 200),
    ] {
        let path = format!("/ocpi/{path}");
        let body =
            r#"{"response_url": "https://emsp.example/1", "session_id": "S1", "reservation_id": "R1"}"#;
        let request = crate::site::raw_request(http::Method::POST, &path, body.into());
        assert_eq!(pollster::block_on(router.call(request)).status(), status, "{path}");
    }
}

type Predicate = fn(&RouterError) -> bool;
type Mount = fn(RouterBuilder, &Arc<Objects<Memory>>, &Arc<Idle>) -> RouterBuilder;

/// Routers that are not built, each with the words that its error must hold.
const REFUSED: &[(Mount, Predicate, &[&str])] = &[
    (
        |builder, _, idle| {
            builder.version(Version::V2_1_1, |routes| routes.on::<PutChargingProfile, _>(idle))
        },
        RouterError::is_not_in_version,
        &["PutChargingProfile", "2.1.1", "2.2.1, 2.3.0", "RouterBuilder::versions"],
    ),
    (
        |builder, _, idle| builder.version(Version::V2_1_1, |routes| routes.on::<CancelReservation, _>(idle)),
        RouterError::is_not_in_version,
        &["CancelReservation", "2.1.1"],
    ),
    (
        |builder, objects, _| builder.version(Version::V2_2_1, |routes| routes.sender::<Booking>(objects)),
        RouterError::is_not_in_version,
        &["sender::<Booking>", "2.2.1", "2.3.0"],
    ),
    (
        |builder, objects, _| {
            builder.versions([Version::V2_1_1, Version::V2_2_1], |routes| {
                routes.cpo(objects).receiver::<InvoiceReconciliationRecord>(objects)
            })
        },
        RouterError::is_not_in_version,
        &["receiver::<InvoiceReconciliationRecord>", "2.1.1, 2.2.1", "2.3.0"],
    ),
    (
        |builder, objects, _| {
            builder.version(Version::V2_3_0, |routes| routes.on::<Patch<v2_1_1::tariffs::Tariff>, _>(objects))
        },
        RouterError::is_not_in_version,
        &["Patch<Tariff>", "2.3.0", "only 2.1.1"],
    ),
    (
        |builder, _, idle| builder.version(Version::V2_3_0, |routes| routes.on::<GetVersions, _>(idle)),
        RouterError::is_not_in_version,
        &["GetVersions", "the router answers it itself"],
    ),
    (
        |builder, objects, _| {
            builder.version(Version::V2_3_0, |routes| routes.cpo(objects).sender::<Tariff>(objects))
        },
        RouterError::is_duplicate,
        &["List<Tariff>", "twice", "2.3.0"],
    ),
    (
        |builder, objects, _| {
            let mount = |routes: Routes| routes.on::<GetOwn<Token>, _>(objects);
            builder.version(Version::V2_3_0, mount).version(Version::V2_3_0, mount)
        },
        RouterError::is_duplicate,
        &["GetOwn<Token>", "twice", "2.3.0"],
    ),
    (
        |builder, objects, _| {
            let mount = |routes: Routes| {
                routes.on::<List<v2_2_1::tariffs::Tariff>, _>(objects).on::<List<Tariff>, _>(objects)
            };
            builder.version(Version::V2_2_1, mount)
        },
        RouterError::is_duplicate,
        &["List<Tariff>", "2.2.1"],
    ),
    (
        |builder, objects, _| {
            builder.version(Version::V2_3_0, |routes| {
                routes
                    .on::<GetCdr<Cdr>, _>(objects)
                    .on::<GetCopy<Cdr>, _>(objects)
                    .on::<PostCdr<Cdr>, _>(objects)
            })
        },
        RouterError::is_duplicate,
        &["GetCdr", "GetCopy<CDR>", "https://emsp.example/ocpi/2.3.0/receiver/cdrs"],
    ),
    (
        |builder, objects, idle| {
            builder.version(Version::V2_3_0, |routes| {
                routes.on::<List<BookingLocation>, _>(objects).on::<ListBookingLocations, _>(idle)
            })
        },
        RouterError::is_duplicate,
        &["List<BookingLocation>", "ListBookingLocations"],
    ),
    (
        |builder, objects, _| {
            builder.version(Version::V2_2_1, |routes| routes).version(Version::V2_3_0, |it| it.cpo(objects))
        },
        RouterError::is_empty,
        &["nothing is mounted in 2.2.1"],
    ),
    (|builder, _, _| builder, RouterError::is_empty, &["no version"]),
];

#[test]
fn a_router_that_is_put_together_wrong_is_not_built() {
    let predicates = [
        RouterError::is_not_in_version,
        RouterError::is_duplicate,
        RouterError::is_layout,
        RouterError::is_empty,
    ];
    for (mount, is_kind, words) in REFUSED {
        let error = mount(builder(), &objects(), &Arc::new(Idle)).build(partners()).expect_err("refused");
        assert!(is_kind(&error), "{error}");
        assert_eq!(predicates.iter().filter(|is| is(&error)).count(), 1, "{error}");
        for word in *words {
            assert!(error.to_string().contains(word), "{error}: lacks {word}");
        }
    }
}

/// Half of the endpoints here, half there: one version, with all of them.
#[test]
fn a_version_that_is_mounted_twice_has_both_parts() {
    let objects = objects();
    let router = builder()
        .version(Version::V2_3_0, |routes| routes.sender::<Tariff>(&objects))
        .versions(Version::ALL.iter().copied(), |routes| routes.sender::<Location>(&objects))
        .version(Version::V2_1_1, |routes| routes.on::<Patch<v2_1_1::tariffs::Tariff>, _>(&objects))
        .build(partners())
        .expect("a router");
    assert_eq!(advertised(&router, Version::V2_3_0), ["S tariffs", "S locations"]);
    assert_eq!(advertised(&router, Version::V2_2_1), ["S locations"]);
    assert_eq!(advertised(&router, Version::V2_1_1), ["S locations", "R tariffs"]);
    let site = crate::site::Site { router, objects };
    let list =
        site.ask(crate::site::raw_request(http::Method::GET, "/ocpi/versions", "".into())).expect(200, 1000);
    assert_eq!(list.list::<v2_2_1::versions::Version>().len(), 3, "each version stands there once");
}

#[test]
fn the_url_of_a_module_is_that_of_its_version_details() {
    let objects = objects();
    let router = in_all(|routes| routes.emsp(&objects)).expect("a router");
    for version in Version::ALL {
        for endpoint in router.endpoints(*version) {
            let url = router.module_url(*version, &endpoint.identifier, &endpoint.role);
            assert_eq!(url, Some(endpoint.url));
        }
        assert_eq!(router.module_url(*version, &ModuleId::Commands, &InterfaceRole::Sender), None);
    }
}

/// An endpoint of fixed parts and one of parameters fit the same path: the first is meant, whatever was mounted first.
#[test]
fn a_path_that_is_named_goes_before_one_of_any_id() {
    let objects = objects();
    for by_id_first in [true, false] {
        let mount = |routes: Routes| match by_id_first {
            true => routes.on::<GetOwn<Booking>, _>(&objects).sender::<BookingLocation>(&objects),
            false => routes.sender::<BookingLocation>(&objects).on::<GetOwn<Booking>, _>(&objects),
        };
        let router = builder().version(Version::V2_3_0, mount).build(partners()).expect("a router");
        let site = crate::site::Site { router, objects: Arc::clone(&objects) };
        assert_eq!(
            site.get("/sender/bookings/booking_locations").expect(200, 1000).data.as_deref(),
            Some("[]")
        );
        site.get("/sender/bookings/B1").expect(404, 2000);
    }
}
