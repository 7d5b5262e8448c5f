//! The endpoints of 2.1.1.

use ocpi_types::endpoint::v2_1_1::{
    Authorize, CdrKey, ConnectorKey, EvseKey, GetVersionDetails, LocationKey, PostCommandResult, SessionKey,
    TariffKey, TokenKey,
};
use ocpi_types::endpoint::{
    Encoding, Endpoint, GetCdr, GetVersions, Incoming, Key, Patch, PostCdr, Resource,
};
use ocpi_types::v2_1_1::cdrs::Cdr;
use ocpi_types::v2_1_1::commands::{ReserveNow, StartSession, StopSession, UnlockConnector};
use ocpi_types::v2_1_1::credentials::Credentials;
use ocpi_types::v2_1_1::locations::{Connector, Evse, Location};
use ocpi_types::v2_1_1::sessions::Session;
use ocpi_types::v2_1_1::tariffs::Tariff;
use ocpi_types::v2_1_1::tokens::{Token, TokenType};
use ocpi_types::{Text, Version};

use super::entry::{Entry, entry, entry_at, fixture, owned, read, regular, url};
use super::since_2_2::credentials;

/// An id that a path can carry only if it is encoded.
fn odd<const N: usize>() -> Text<N> {
    "Ä/1 %2F?#".parse().expect("an id")
}

pub(super) fn endpoints() -> Vec<Entry> {
    let mut entries = vec![entry(GetVersions), entry(GetVersionDetails { url: Some(url(&[])) })];
    entries.extend(credentials::<Credentials>(|| fixture!("2.1.1", "credentials")));
    entries.extend(locations());
    entries.extend(sessions_and_cdrs());

    let tariff = Tariff { id: odd(), ..fixture!("2.1.1", "tariff") };
    let at = owned(TariffKey { tariff_id: odd() });
    regular!(entries, list Tariff);
    regular!(entries, get and put Tariff, at, tariff);
    regular!(entries, patch Tariff, at);
    regular!(entries, delete Tariff, at);

    let token = Token { uid: odd().into(), ..fixture!("2.1.1", "token") };
    let at = owned(TokenKey { token_uid: odd().into() });
    let location = Some(read(r#"{"location_id":"L1","evse_uids":["E1"]}"#));
    regular!(entries, list Token);
    regular!(entries, get and put Token, at, token);
    regular!(entries, patch Token, at);
    entries.push(entry(Authorize { token: at.key, r#type: TokenType::Other, location }));

    entries.extend(commands());
    entries
}

fn locations() -> Vec<Entry> {
    let mut entries = Vec::new();
    let location = Location { id: odd(), ..fixture!("2.1.1", "location") };
    let evse = Evse { uid: odd(), ..location.evses[0].clone() };
    let connector = Connector { id: odd(), ..evse.connectors.iter().next().expect("one").clone() };
    let at = owned(LocationKey { location_id: odd() });
    let evse_at = owned(EvseKey { location_id: odd(), evse_uid: odd() });
    let connector_at = owned(ConnectorKey { location_id: odd(), evse_uid: odd(), connector_id: odd() });
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
    entries
}

fn sessions_and_cdrs() -> Vec<Entry> {
    let mut entries = Vec::new();
    let session = Session { id: odd(), ..fixture!("2.1.1", "session") };
    let at = owned(SessionKey { session_id: odd() });
    regular!(entries, list Session);
    regular!(entries, get and put Session, at, session);
    regular!(entries, patch Session, at);

    let cdr: Cdr = fixture!("2.1.1", "cdr");
    let at = owned(CdrKey { cdr_id: cdr.id.clone() });
    let url = url(&["NL", "ALF", cdr.id.as_str()]);
    regular!(entries, list Cdr);
    entries.push(entry_at("{url_from_Location_header}", GetCdr::<Cdr> { url, at: Some(at) }));
    entries.push(entry(PostCdr(cdr)));
    entries
}

fn commands() -> [Entry; 5] {
    const URL: &str = r#""response_url":"https://beta.example/1?a=b""#;
    let unlock = format!(r#"{{{URL},"location_id":"L1","evse_uid":"E1","connector_id":"1"}}"#);
    [
        entry::<ReserveNow>(fixture!("2.1.1", "reserve_now")),
        entry::<StartSession>(fixture!("2.1.1", "start_session")),
        entry(read::<StopSession>(&format!(r#"{{{URL},"session_id":"S1"}}"#))),
        entry(read::<UnlockConnector>(&unlock)),
        entry_at(
            "{response_url}",
            PostCommandResult {
                url: url(&["STOP_SESSION", "1/2"]).into(),
                result: read(r#"{"result":"ACCEPTED"}"#),
            },
        ),
    ]
}

/// From 2.2 on a PATCH says when the change was made. Before, it may be silent: the version that is spoken counts, not
/// that of the application.
#[test]
fn a_change_of_2_1_1_need_not_say_when() {
    let is_taken = |version| {
        let (url, parameters) = (url(&[]), ["NL", "ALF", "L1"].map(str::to_owned));
        let mut incoming = Incoming::new(&url, &parameters, &[], br#"{"name": "Gent Zuid"}"#);
        incoming.wire = Encoding { version: Some(version), ..Encoding::PLAIN };
        Patch::<ocpi_types::v2_3_0::locations::Location>::decode(&mut incoming).is_ok()
    };
    assert_eq!(Version::ALL.iter().copied().map(is_taken).collect::<Vec<_>>(), [true, false, false]);
}

/// Ids of 2.1.1 tell case apart, and stay apart where they are stored.
#[test]
fn ids_tell_case_apart() {
    let key = |id: &str| LocationKey { location_id: id.parse().expect("an id") };
    assert_ne!(key("l1"), key("L1"));
    assert_ne!(key("l1").canonical(), key("L1").canonical());
    assert_eq!(key("A/B").canonical(), "A%2fB");

    let location = Location { id: key("Gent").location_id, ..fixture!("2.1.1", "location") };
    assert!(location.is_at(&owned(key("Gent"))));
    assert!(!location.is_at(&owned(key("GENT"))));
}
