//! One set of handlers of 2.3.0, mounted for every version.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ocpi_server_traits::{Caller, Error, Handle, Memory, Objects, Partner, Router};
use ocpi_testkit::{KnownPartners, fixed_clock, location_json, parse, partner_id, party, session_json};
use ocpi_types::Role;
use ocpi_types::convert::{Ledger, Relation};
use ocpi_types::endpoint::{PushOutcome, Put, RootResource};
use ocpi_types::json::{self, List};
use ocpi_types::observe::{Event, EventKind, from_fn};
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Value, Version, v2_1_1, v2_2_1};
use pollster::block_on;

/// The eMSP DE/EMP, a partner of the CPO NL/ALF.
fn emsp() -> KnownPartners {
    let emsp = party("DE/EMP");
    let relation = Relation::of(Role::Cpo, Some(party("NL/ALF")), Some(emsp.clone()));
    KnownPartners::default().with("t", Partner::new(partner_id("emsp"), [emsp]).with_relation(relation))
}

/// Keeps what it is told.
#[derive(Default)]
struct Tokens(Mutex<Vec<(Caller, Token)>>);

impl Handle<Put<Token>> for Tokens {
    async fn handle(&self, caller: &Caller, put: Put<Token>) -> Result<PushOutcome, Error> {
        self.0.lock().expect("no panic").push((caller.clone(), put.object));
        Ok(PushOutcome::Created)
    }
}

/// Partner, version and ledger of each conversion.
type Told = Arc<Mutex<Vec<(String, Option<Version>, Ledger)>>>;

fn cpo() -> (Router, Arc<Tokens>, Told) {
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("NL/ALF")]));
    let text = location_json("NL/ALF", "L1", "10:00:00");
    let location: Location = parse(&text.replacen('{', r#"{"help_phone": "+31201234567", "#, 1));
    let session: Session = parse(&session_json("NL/ALF", "S1", "09:00:00"));
    block_on(objects.put(&location.identity(), location)).expect("stored");
    block_on(objects.put(&session.identity(), session)).expect("stored");
    let (tokens, told) = (Arc::new(Tokens::default()), Told::default());
    let hear = Arc::clone(&told);
    let router = Router::builder("https://cpo.example/ocpi".parse().expect("a URL"), fixed_clock())
        .with_locations(Arc::clone(&objects))
        .observe(from_fn(move |event: &Event<'_>| {
            if let EventKind::Converted(report) = event.kind {
                let partner = event.exchange.partner.expect("it is known").to_string();
                hear.lock().expect("no panic").push((partner, event.exchange.version, report.ledger.clone()));
            }
        }))
        .report_losses_to_partner()
        .versions(Version::ALL.iter().copied(), |routes| {
            routes.sender::<Location>(&objects).sender::<Session>(&objects).on::<Put<Token>, _>(&tokens)
        })
        .build(emsp());
    (router.expect("a router"), tokens, told)
}

fn ask(router: &Router, method: &str, path: &str, body: &str) -> (u16, Option<String>, Vec<u8>) {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("https://cpo.example/ocpi/{path}"))
        .header("authorization", "Token dA==")
        .body(Bytes::from(body.to_owned()))
        .expect("a request");
    let answer = block_on(router.call(request));
    let envelope = Envelope::read(answer.body()).expect("an envelope");
    let code = envelope.head.status_code.expect("a status").get();
    (code, envelope.head.status_message.clone(), envelope.data.unwrap_or_default().as_bytes().to_vec())
}

fn list<T: Value>(data: &[u8]) -> List<T> {
    let list = json::read_list::<T>(data).expect("a list");
    assert_eq!(
        (list.items.len(), list.findings.as_slice()),
        (1, &[][..]),
        "{}",
        String::from_utf8_lossy(data)
    );
    list
}

#[test]
fn a_page_is_in_the_version_that_was_asked_for() {
    let (router, _, told) = cpo();
    let (_, message, new) = ask(&router, "GET", "2.3.0/sender/locations", "");
    assert!(list::<Location>(&new).items[0].help_phone.is_some() && message.is_none());
    assert!(told.lock().expect("no panic").is_empty(), "nothing was lost");

    let (code, message, mid) = ask(&router, "GET", "2.2.1/sender/locations", "");
    let _ = list::<v2_2_1::locations::Location>(&mid);
    assert_eq!(code, 1000);
    assert_eq!(
        message.as_deref(),
        Some("2.2.1 cannot express 1 of what was to be sent: /0/help_phone [conv.no_member]")
    );
    let (partner, version, ledger) = told.lock().expect("no panic").pop().expect("it was told");
    assert_eq!((partner.as_str(), version), ("emsp", Some(Version::V2_2_1)));
    assert_eq!(ledger.entries()[0].value(), r#""+31201234567""#);

    let (_, _, old) = ask(&router, "GET", "2.1.1/locations", "");
    let old = list::<v2_1_1::locations::Location>(&old);
    assert_eq!(old.items[0].evses[0].connectors.first().expect("one").amperage, 32);
}

#[test]
fn a_session_of_2_1_1_embeds_its_location() {
    let (router, _, _) = cpo();
    let (code, _, data) = ask(&router, "GET", "2.1.1/sessions", "");
    assert_eq!(code, 1000);
    let session = list::<v2_1_1::sessions::Session>(&data).items.remove(0);
    assert_eq!((session.location.id.as_str(), session.location.evses.len()), ("L1", 1));
    assert_eq!(session.auth_id.as_str(), "C1");
}

#[test]
fn what_arrives_reaches_the_handler_in_its_own_version() {
    let (router, tokens, _) = cpo();
    let body = r#"{"uid": "04A2", "type": "RFID", "auth_id": "C1", "issuer": "EM", "valid": true,
        "whitelist": "ALLOWED", "last_updated": "2026-11-22T10:00:00Z"}"#;
    let (code, ..) = ask(&router, "PUT", "2.1.1/tokens/DE/EMP/04A2", body);
    assert_eq!(code, 1000);
    let (caller, token) = tokens.0.lock().expect("no panic").pop().expect("it arrived");
    assert_eq!((token.party_id.as_str(), token.contract_id.as_str()), ("EMP", "C1"));
    assert_eq!(caller.version, Version::V2_1_1);
    assert!(caller.ledger.entries().iter().any(|entry| entry.pointer() == "/party_id"));
    // In the name of another party it does not arrive.
    let (code, ..) = ask(&router, "PUT", "2.1.1/tokens/DE/OTH/04A2", body);
    assert_eq!((code, tokens.0.lock().expect("no panic").len()), (2000, 0));
}
