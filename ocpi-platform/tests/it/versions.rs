//! One eMSP, written in 2.3.0, and CPOs of every version, all at once.

use ocpi_testkit::{
    Network, PlatformSetup, TestPlatform, cdr_json, location_json, parse, party, session_json, tariff_json,
};
use ocpi_types::convert::Effect;
use ocpi_types::endpoint::{PostCdr, Put, RootResource};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Finding, Version, check};
use pollster::block_on;

const CPOS: [(&str, &str, Version); 4] = [
    ("old", "OLD", Version::V2_1_1),
    ("ed", "EDI", Version::V2_2),
    ("mid", "MID", Version::V2_2_1),
    ("new", "NEW", Version::V2_3_0),
];

/// The eMSP, registered with all of them, and they with it.
fn everybody() -> (Network, TestPlatform, Vec<TestPlatform>) {
    let network = Network::default();
    let emsp = PlatformSetup { versions: Version::SPOKEN.to_vec(), ..PlatformSetup::emsp() }.open(&network);
    let cpos = CPOS.map(|(name, party, version)| {
        let plan =
            PlatformSetup { versions: vec![version], ..PlatformSetup::new(name, &[("CPO", "NL", party)]) };
        let cpo = plan.open(&network);
        let location = location_json(&format!("NL/{party}"), "L1", "10:00:00");
        cpo.put::<Location>(&location.replacen('{', r#"{"help_phone": "+31201234567", "#, 1));
        cpo.put::<Tariff>(&tariff_json(&format!("NL/{party}"), "T1", "10:00:00"));
        emsp.register_with(&cpo, name, "emsp").unwrap_or_else(|error| panic!("{name}: {error}"));
        cpo
    });
    (network, emsp, cpos.into())
}

#[test]
fn each_is_registered_in_its_own_version() {
    let (_net, emsp, cpos) = everybody();
    for ((name, party, version), cpo) in CPOS.iter().zip(&cpos) {
        assert_eq!(block_on(emsp.platform.client(name)).expect("a partner").version(), *version);
        assert_eq!(block_on(cpo.platform.client("emsp")).expect("a partner").version(), *version);
        let parties = emsp.partner(name).parties();
        assert_eq!((parties.len(), parties[0].party_id.as_str()), (1, *party), "{name}");
        emsp.reach(name).expect("it answers");
    }
}

#[test]
fn what_is_pulled_is_of_2_3_0_and_says_what_was_lost() {
    let (_net, emsp, _cpos) = everybody();
    for (name, party, version) in CPOS {
        let locations = block_on(emsp.platform.pull::<Location>(name, |_, _| {})).expect(name);
        let tariffs = block_on(emsp.platform.pull::<Tariff>(name, |_, _| {})).expect(name);
        assert_eq!((locations.objects, tariffs.objects), (1, 1), "{name}");
        assert_eq!(locations.findings, [], "{name}");
        // Members that the older version has no place for are lost on the CPO's side; here, things are assumed.
        let assumed = locations.ledger.with_effect(Effect::Assumed).count();
        assert_eq!(assumed > 0, version == Version::V2_1_1, "{name}: {:?}", locations.ledger);
        let all = emsp.all::<Location>();
        let location = all.iter().find(|location| location.party_id.as_str() == party).expect("it is stored");
        // A member that 2.3.0 does not have is carried along: an unknown member, which is allowed.
        let broken: Vec<_> = check(location, Version::V2_3_0).into_iter().filter(Finding::is_error).collect();
        assert_eq!(broken, [], "{name}");
        assert_eq!(location.help_phone.is_some(), version == Version::V2_3_0, "{name}");
        assert_eq!(location.evses[0].connectors.first().expect("one").max_amperage, 32);
    }
    let tariffs = emsp.all::<Tariff>();
    assert_eq!(tariffs.len(), CPOS.len());
    assert!(tariffs.iter().all(|tariff| tariff.tax_included.as_str() == "NO"));
}

#[test]
fn a_token_is_pushed_to_all() {
    let (_net, emsp, cpos) = everybody();
    let token: Token = parse(
        r#"{"country_code": "DE", "party_id": "EMP", "uid": "04A2", "type": "RFID", "contract_id": "C1",
        "issuer": "EM", "valid": true, "whitelist": "ALLOWED", "last_updated": "2026-11-22T10:00:00Z"}"#,
    );
    for ((name, ..), cpo) in CPOS.iter().zip(&cpos) {
        block_on(emsp.platform.send(name, &Put::of(token.clone()))).expect(name);
        assert_eq!(cpo.all::<Token>(), std::slice::from_ref(&token), "{name}");
        assert_eq!(cpo.all::<Token>()[0].identity(), token.identity());
    }
}

/// In 2.2 the token of a Session or a CDR does not say which eMSP it is of. Where several are behind one URL, the headers do.
#[test]
fn a_session_and_a_cdr_of_2_2_are_for_the_party_that_is_named() {
    for (named, own) in [("DE/TWO", "TWO"), ("DE/EMP", "EMP")] {
        let network = Network::default();
        let roles = [("EMSP", "DE", "EMP"), ("EMSP", "DE", "TWO")];
        let setup = PlatformSetup { versions: vec![Version::V2_2], ..PlatformSetup::new("emsp", &roles) };
        let emsp = setup.open(&network);
        let router = emsp.platform.router(|routes| routes.emsp(emsp.platform.objects())).expect("a router");
        network.add_router("emsp.example", router.clone());
        let cpo = PlatformSetup { versions: vec![Version::V2_2], ..PlatformSetup::cpo() }.open(&network);
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        let client = block_on(cpo.platform.client("emsp")).expect("a partner");
        let session: Session = parse(&session_json("NL/ALF", "S1", "10:00:00"));
        let cdr: Cdr = parse(&cdr_json("NL/ALF", "C1", "10:00:00"));
        for request in [client.request(&Put::of(session)), client.request(&PostCdr(cdr))] {
            let mut request = request.expect("a request");
            let mut body: serde_json::Value = serde_json::from_slice(request.body()).expect("JSON");
            let token = body["cdr_token"].as_object_mut().expect("a token");
            token.remove("country_code");
            token.remove("party_id");
            *request.body_mut() = body.to_string().into();
            let to = party(named);
            let headers = [("country-code", to.country_code.as_str()), ("party-id", to.party_id.as_str())];
            for (name, value) in headers {
                let name: http::HeaderName = format!("ocpi-to-{name}").parse().expect("a name");
                request.headers_mut().insert(name, value.parse().expect("a header"));
            }
            let answer = block_on(router.call(request));
            assert!(answer.status().is_success(), "{:?}", answer.body());
        }
        assert_eq!(emsp.all::<Session>()[0].cdr_token.party_id.as_str(), own);
        assert_eq!(emsp.all::<Cdr>()[0].cdr_token.party_id.as_str(), own);
    }
}
