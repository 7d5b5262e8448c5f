//! The endpoints of 2.2.1 and 2.3.0.

use ocpi_types::convert::OfKind;
use ocpi_types::endpoint::{
    Authorize, ClearChargingProfile, ConnectorKey, DeleteCredentials, EvseKey, GetActiveChargingProfile,
    GetCdr, GetClientInfo, GetCredentials, GetVersionDetails, GetVersions, Owned,
    PostActiveChargingProfileResult, PostCdr, PostChargingProfileResult, PostClearProfileResult,
    PostCommandResult, PostCredentials, PostInvoiceReconciliationRecord, PutActiveChargingProfile,
    PutChargingProfile, PutClientInfo, PutCredentials, RootResource, SetChargingPreferences,
};
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::commands::{
    CancelReservation, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_2_1::hub_client_info::ClientInfo;
use ocpi_types::v2_2_1::tokens::Token;
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use ocpi_types::{CiString, Object};

use super::entry::{Entry, entry, entry_at, fixture, read, regular, url};

/// An id that a path can carry only if it is encoded.
fn odd<const N: usize>() -> CiString<N> {
    "A/1 %2F?#".parse().expect("an id")
}

macro_rules! of_version {
    ($version:ident, $number:literal) => {{
        use ocpi_types::$version::cdrs::Cdr;
        use ocpi_types::$version::locations::{Connector, Evse, Location};
        use ocpi_types::$version::sessions::Session;
        use ocpi_types::$version::tariffs::Tariff;

        let mut entries = Vec::new();

        let location = Location { id: odd(), ..fixture!($number, "location") };
        let at = location.identity();
        let (owner, location_id) = (at.owner.clone(), odd());
        let evse = Evse { uid: odd(), ..location.evses[0].clone() };
        let key = EvseKey { location_id, evse_uid: odd() };
        let evse_at = Owned { owner: owner.clone(), key };
        let connector = Connector { id: odd(), ..evse.connectors.iter().next().expect("one").clone() };
        let key = ConnectorKey { location_id: odd(), evse_uid: odd(), connector_id: odd() };
        let connector_at = Owned { owner, key };
        regular!(entries, list Location);
        regular!(entries, lookup Location, at);
        regular!(entries, lookup Evse, evse_at);
        regular!(entries, lookup Connector, connector_at);
        regular!(entries, get and put Location, at, location);
        regular!(entries, get and put Evse, evse_at, evse);
        regular!(entries, get and put Connector, connector_at, connector);
        regular!(entries, patch Location, at);
        regular!(entries, patch Evse, evse_at);
        regular!(entries, patch Connector, connector_at);

        let session = Session { id: odd(), ..fixture!($number, "session") };
        let at = session.identity();
        regular!(entries, list Session);
        regular!(entries, get and put Session, at, session);
        regular!(entries, patch Session, at);

        let cdr = Cdr { id: odd(), ..fixture!($number, "cdr") };
        let at = cdr.identity();
        let named = [at.owner.country_code.as_str(), at.owner.party_id.as_str(), at.key.cdr_id.as_str()];
        regular!(entries, list Cdr);
        entries.push(entry_at("{url_from_Location_header}", GetCdr::<Cdr> { url: url(&named), at: Some(at) }));
        entries.push(entry(PostCdr(cdr)));

        let tariff = Tariff { id: odd(), ..fixture!($number, "tariff") };
        let at = tariff.identity();
        regular!(entries, list Tariff);
        regular!(entries, get and put Tariff, at, tariff);
        regular!(entries, delete Tariff, at);

        let token = Token { uid: odd().into(), ..fixture!($number, "token") };
        let at = token.identity();
        regular!(entries, list Token);
        regular!(entries, get and put Token, at, token);
        regular!(entries, patch Token, at);

        entries.extend(credentials::<ocpi_types::$version::credentials::Credentials>(|| {
            fixture!($number, "credentials")
        }));
        entries.extend(shared(token));
        entries
    }};
}

pub(super) fn of_2_2_1() -> Vec<Entry> {
    of_version!(v2_2_1, "2.2.1")
}

pub(super) fn of_2_3_0() -> Vec<Entry> {
    let mut entries = of_version!(v2_3_0, "2.3.0");
    entries.extend(invoice_reconciliation());
    entries
}

pub(super) fn credentials<C: Object + OfKind>(fixture: fn() -> C) -> [Entry; 4] {
    [
        entry(GetCredentials::<C>::default()),
        entry(PostCredentials(fixture())),
        entry(PutCredentials(fixture())),
        entry(DeleteCredentials),
    ]
}

/// Endpoints that are the same in both versions.
fn shared(token: Token) -> Vec<Entry> {
    const URL: &str = r#""response_url":"https://beta.example/1?a=b&c=%2F""#;
    let preferences = read(r#"{"profile_type":"GREEN","energy_need":12.5}"#);
    let location = Some(read(r#"{"location_id":"L1","evse_uids":["E1"]}"#));
    let mut entries = vec![
        entry(GetVersions),
        entry(GetVersionDetails { url: Some(url(&[])) }),
        entry(SetChargingPreferences { session_id: odd(), preferences }),
        entry(Authorize { token: token.identity().key, location }),
        entry(read::<CancelReservation>(&format!(r#"{{{URL},"reservation_id":"R1"}}"#))),
        entry::<ReserveNow>(fixture!("2.2.1", "reserve_now")),
        entry::<StartSession>(fixture!("2.2.1", "start_session")),
        entry(read::<StopSession>(&format!(r#"{{{URL},"session_id":"S1"}}"#))),
        entry(read::<UnlockConnector>(&format!(
            r#"{{{URL},"location_id":"L1","evse_uid":"E1","connector_id":"1"}}"#
        ))),
        entry_at(
            "{response_url}",
            PostCommandResult {
                url: url(&["STOP_SESSION", "1/2"]).into(),
                result: read(r#"{"result":"ACCEPTED"}"#),
            },
        ),
    ];
    entries.extend(charging_profiles());
    entries.extend(hub_client_info());
    entries
}

fn charging_profiles() -> [Entry; 7] {
    const RESULT: &str = r#"{"result":"ACCEPTED"}"#;
    let response_url = || "https://beta.example/1?a=b&c=%2F".parse().expect("a URL");
    [
        entry(GetActiveChargingProfile { session_id: odd(), duration: 3600, response_url: response_url() }),
        entry(PutChargingProfile { session_id: odd(), request: fixture!("2.2.1", "set_charging_profile") }),
        entry(ClearChargingProfile { session_id: odd(), response_url: response_url() }),
        entry_at(
            "{response_url}",
            PostActiveChargingProfileResult {
                url: url(&["active_profile", "1"]).into(),
                result: read(RESULT),
            },
        ),
        entry_at(
            "{response_url}",
            PostChargingProfileResult { url: url(&["set_profile", "1"]).into(), result: read(RESULT) },
        ),
        entry_at(
            "{response_url}",
            PostClearProfileResult { url: url(&["clear_profile", "1"]).into(), result: read(RESULT) },
        ),
        entry(PutActiveChargingProfile {
            session_id: odd(),
            profile: fixture!("2.2.1", "active_charging_profile"),
        }),
    ]
}

fn hub_client_info() -> Vec<Entry> {
    let mut entries = Vec::new();
    let info: ClientInfo = fixture!("2.2.1", "client_info");
    let about = Party { country_code: info.country_code.clone(), party_id: info.party_id.clone() };
    regular!(entries, list ClientInfo);
    entries.push(entry(GetClientInfo { about: about.clone() }));
    entries.push(entry(PutClientInfo { about, info }));
    entries
}

fn invoice_reconciliation() -> Vec<Entry> {
    let mut entries = Vec::new();
    let record = fixture!("2.3.0", "invoice_reconciliation_record");
    let record = InvoiceReconciliationRecord { id: odd(), ..record };
    let at = record.identity();
    regular!(entries, list InvoiceReconciliationRecord);
    regular!(entries, get and put InvoiceReconciliationRecord, at, record);
    regular!(entries, delete InvoiceReconciliationRecord, at);
    entries.push(entry(PostInvoiceReconciliationRecord(record)));
    entries
}
