//! Requests of a client, and what is told of their answers.

use std::sync::Mutex;

use bytes::Bytes;
use ocpi_client::{Client, Learned, RequestIds, transport};
use ocpi_testkit::{
    SimulatedTime, cdr_json, credentials_json, parse, party, session_json, tariff_json, token, token_json,
};
use ocpi_types::convert::Relation;
use ocpi_types::endpoint::{
    Authorize, Delete, Endpoint, EvseKey, GetActiveChargingProfile, GetCdr, GetCopy, GetCredentials, GetOwn,
    GetVersionDetails, GetVersions, List, LocationKey, Owned, Page, Patch, PostCdr, PostCommandResult,
    PostCredentials, Put, RootResource, SessionKey, SetChargingPreferences, TariffKey,
};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{
    CommandResultInit, CommandResultType, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::v2_3_0::locations::{Evse, Location};
use ocpi_types::v2_3_0::sessions::{Session, SessionPatch};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::v2_3_0::versions::EndpointInit;
use ocpi_types::{InterfaceRole, ModuleId, Role, Version};

use crate::TOKEN;
use crate::arrivals::Answer;
use crate::oracle::{Told, check, is_discreet};

/// Most sends of a request: three, and a repeat for each of a slash and a second URL.
const SENDS: usize = 5;
const HOST: &str = "cpo.example";

/// A request to a partner of a version, and its answers.
pub(crate) type Request = fn(Version, Vec<Answer>);

pub(crate) const REQUESTS: [Request; 25] = [
    |version, answers| play(version, answers, &GetVersions, |list| Told::Some(list.len())),
    |version, answers| {
        let url = Some(format!("https://{HOST}/ocpi/{version}").parse().expect("a URL"));
        play(version, answers, &GetVersionDetails { url }, |details| {
            Told::One("version", details.version.as_str())
        });
    },
    |version, answers| {
        play(version, answers, &GetCredentials::<Credentials>::default(), |theirs| {
            Told::One("token", theirs.token.expose())
        });
    },
    |version, answers| {
        let ours = parse(&credentials_json("canary-of-ours", "emsp.example", &[("EMSP", "DE", "EMP")]));
        play(version, answers, &PostCredentials::<Credentials>(ours), |theirs| {
            Told::One("token", theirs.token.expose())
        });
    },
    |version, answers| play(version, answers, &List::<Location>::all(), page),
    |version, answers| play(version, answers, &List::<Tariff>::all(), page),
    |version, answers| play(version, answers, &List::<Session>::since(time()), page),
    |version, answers| play(version, answers, &List::<Cdr>::since(time()), page),
    |version, answers| play(version, answers, &List::<Token>::all(), page),
    |version, answers| {
        let key = LocationKey { location_id: id("L1") };
        play(version, answers, &GetOwn::<Location> { key }, |it| Told::One("id", it.id.as_str()));
    },
    |version, answers| {
        let key = EvseKey { location_id: id("L1"), evse_uid: id("E1") };
        play(version, answers, &GetCopy::<Evse>::new(owned(key)), |it| Told::One("uid", it.uid.as_str()));
    },
    |version, answers| {
        let key = SessionKey { session_id: id("S1") };
        play(version, answers, &GetCopy::<Session>::new(owned(key)), |it| Told::One("id", it.id.as_str()));
    },
    |version, answers| {
        let key = TariffKey { tariff_id: id("T1") };
        play(version, answers, &GetCopy::<Tariff>::new(owned(key)), |it| Told::One("id", it.id.as_str()));
    },
    |version, answers| {
        play(version, answers, &Put::<Token>::of(parse(&token_json("NL/ALF", "K1", "10:00:00"))), |_| {
            Told::Done
        });
    },
    |version, answers| {
        play(version, answers, &Put::<Tariff>::of(parse(&tariff_json("NL/ALF", "T1", "10:00:00"))), |_| {
            Told::Done
        });
    },
    |version, answers| {
        let session: Session = parse(&session_json("NL/ALF", "S1", "10:00:00"));
        let patch = SessionPatch { last_updated: time().into(), ..SessionPatch::default() };
        play(version, answers, &Patch::<Session> { at: session.identity(), patch }, |_| Told::Done);
    },
    |version, answers| {
        let key = TariffKey { tariff_id: id("T1") };
        play(version, answers, &Delete::<Tariff> { at: owned(key) }, |()| Told::Done);
    },
    |version, answers| {
        play(version, answers, &PostCdr::<Cdr>(parse(&cdr_json("NL/ALF", "D1", "10:00:00"))), |_| Told::Done);
    },
    |version, answers| {
        let url = format!("https://{HOST}/ocpi/{version}/cdrs/D1").parse().expect("a URL");
        play(version, answers, &GetCdr::<Cdr>::at(url), |it| Told::One("id", it.id.as_str()));
    },
    |version, answers| {
        let driver: Token = parse(&token_json("DE/EMP", "K1", "10:00:00"));
        let asked = Authorize { token: driver.identity().key, location: None };
        play(version, answers, &asked, |it| Told::One("allowed", it.allowed.as_str()));
    },
    |version, answers| {
        let driver = token_json("DE/EMP", "K1", "10:00:00");
        let command = format!(
            r#"{{"response_url": "https://emsp.example/1", "token": {driver}, "location_id": "L1"}}"#
        );
        play(version, answers, &parse::<StartSession>(&command), |it| {
            Told::One("result", it.result.as_str())
        });
    },
    |version, answers| {
        let command = r#"{"response_url": "https://emsp.example/1", "session_id": "S1"}"#;
        play(version, answers, &parse::<StopSession>(command), |it| Told::One("result", it.result.as_str()));
    },
    |version, answers| {
        let command = r#"{"response_url": "https://emsp.example/1", "location_id": "L1", "evse_uid": "E1",
            "connector_id": "1"}"#;
        play(version, answers, &parse::<UnlockConnector>(command), |it| {
            Told::One("result", it.result.as_str())
        });
    },
    |version, answers| {
        let preferences = parse(r#"{"profile_type": "GREEN"}"#);
        play(version, answers, &SetChargingPreferences { session_id: id("S1"), preferences }, |_| {
            // The data are a text.
            Told::One("", "")
        });
    },
    |version, answers| {
        let url: ocpi_types::Url = format!("https://{HOST}/ocpi/{version}/1").parse().expect("a URL");
        let result = CommandResultInit { result: CommandResultType::Accepted }.into();
        play(version, answers, &PostCommandResult { url: url.clone().into(), result }, |()| Told::Done);
        let asked = GetActiveChargingProfile { session_id: id("S1"), duration: 60, response_url: url.into() };
        play(version, Vec::new(), &asked, |it| Told::One("result", it.result.as_str()));
    },
];

/// Sends a request, and checks what is told of its answers.
fn play<E>(
    version: Version,
    answers: Vec<Answer>,
    request: &E,
    told: impl for<'a> Fn(&'a E::Response) -> Told<'a>,
) where
    E: Endpoint + Sync,
{
    let mut answers = answers;
    answers.reverse();
    let state = Mutex::new((answers, 0, None));
    let line = transport::from_fn(|request: http::Request<Bytes>| {
        assert_eq!(request.uri().host(), Some(HOST), "a token goes to {:?}", request.uri());
        let mut state = state.lock().expect("no panic");
        let (answers, sends, last) = &mut *state;
        *sends += 1;
        assert!(*sends <= SENDS, "no end");
        let next = answers.pop().unwrap_or(Answer::Nothing(ocpi_client::TransportErrorKind::Timeout));
        let arrived = next.arrived();
        *last = arrived.as_ref().ok().cloned();
        async { arrived }
    });
    let time = SimulatedTime::default();
    let client = client(version).with_clock(time.clock()).with_timer(time.timer());
    let sent = time.run(client.over(&line).send(request)).expect("it does not hang");
    let last = state.lock().expect("no panic").2.take();
    match sent {
        Ok(answer) => check(&answer, &told(&answer.value), &last.expect("an answer")),
        Err(error) => is_discreet(&error),
    }
}

/// Requests to a CPO and eMSP in one, that offers every module both ways.
fn client(version: Version) -> Client {
    let roles = [(InterfaceRole::Sender, "sender"), (InterfaceRole::Receiver, "receiver")];
    let endpoints = roles.iter().flat_map(|(role, path)| {
        ModuleId::ALL.iter().map(move |module| {
            let url = format!("https://{HOST}/ocpi/{version}/{path}/{module}").parse().expect("a URL");
            EndpointInit { identifier: module.clone(), role: role.clone(), url }.into()
        })
    });
    let versions = format!("https://{HOST}/ocpi/versions").parse().expect("a URL");
    Client::new(version, endpoints.collect(), token(TOKEN), RequestIds::new("fuzz"))
        .with_versions_url(versions)
        .with_parties(party("DE/EMP"), party("NL/ALF"))
        .with_relation(Relation::of(Role::Emsp, Some(party("DE/EMP")), Some(party("NL/ALF"))))
        .with_learned(Learned::default())
        .with_rate(None)
        .with_random(|| 0)
}

fn page<T>(page: &Page<T>) -> Told<'_> {
    Told::Many(page.items.len() + page.partial.len() + page.rejected.len())
}

fn owned<K>(key: K) -> Owned<K> {
    Owned { owner: party("NL/ALF"), key }
}

fn id<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("an id")
}

fn time() -> ocpi_types::DateTime {
    ocpi_testkit::time("10:00:00")
}
