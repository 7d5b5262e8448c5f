//! Real-time authorization: what the platform knows itself, and what an application decides.

use std::sync::{Arc, Mutex};

use ocpi_client::{Error as ClientError, RequestOptions};
use ocpi_platform::{Authorization, Authorizer, Error};
use ocpi_server_traits::Error as Refusal;
use ocpi_testkit::{Network, PlatformSetup, TestPlatform, location_json, party, token_json};
use ocpi_types::Version;
use ocpi_types::endpoint::{Authorize, TokenKey};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::{
    AllowedType, AuthorizationInfo, LocationReferences, LocationReferencesInit, Token, TokenType,
};
use pollster::block_on;

/// Answers as a test says, and notes what it was asked.
struct Wallet {
    answer: Mutex<Authorization>,
    asked: Mutex<Vec<String>>,
}

impl Authorizer for Wallet {
    async fn authorize(
        &self,
        token: &Token,
        at: Option<&LocationReferences>,
    ) -> Result<Authorization, Refusal> {
        let place = at.map_or("-".to_owned(), |at| {
            let evses: Vec<&str> = at.evse_uids.iter().map(|uid| uid.as_str()).collect();
            format!("{}/{}", at.location_id, evses.join("+"))
        });
        self.asked.lock().expect("no panic").push(format!("{} {place}", token.uid.as_str()));
        Ok(self.answer.lock().expect("no panic").clone())
    }
}

struct World {
    cpo: TestPlatform,
    emsp: TestPlatform,
    wallet: Arc<Wallet>,
}

impl World {
    fn of(version: Version) -> Self {
        let network = Network::default();
        let setup = PlatformSetup { versions: vec![version], ..PlatformSetup::emsp() };
        let emsp = setup.open(&network);
        let cpo = PlatformSetup { versions: Version::SPOKEN.to_vec(), ..PlatformSetup::cpo() }.open(&network);
        emsp.put::<Token>(&token_json("DE/EMP", "GOOD", "10:00:00"));
        let blocked =
            token_json("DE/EMP", "BAD", "10:00:00").replace(r#""valid": true"#, r#""valid": false"#);
        emsp.put::<Token>(&blocked);
        emsp.put::<Location>(&location_json("NL/ALF", "L1", "10:00:00"));
        let answer = Mutex::new(Authorization::allowed());
        let wallet = Arc::new(Wallet { answer, asked: Mutex::default() });
        let platform = Arc::clone(&emsp.platform);
        let router = platform
            .router(|routes| platform.mount_authorizer(routes.emsp(platform.objects()), &wallet))
            .expect("a router");
        network.add_router("emsp.example", router);
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        Self { cpo, emsp, wallet }
    }

    fn says(&self, answer: Authorization) {
        *self.wallet.answer.lock().expect("no panic") = answer;
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.wallet.asked.lock().expect("no panic"))
    }

    fn ask(&self, uid: &str, at: Option<(&str, &[&str])>) -> Result<AuthorizationInfo, ClientError> {
        self.ask_from(None, uid, at)
    }

    fn ask_from(
        &self,
        from: Option<&str>,
        uid: &str,
        at: Option<(&str, &[&str])>,
    ) -> Result<AuthorizationInfo, ClientError> {
        let location = at.map(|(location, evses)| LocationReferences {
            evse_uids: evses.iter().map(|uid| uid.parse().expect("an id")).collect(),
            ..LocationReferencesInit { location_id: location.parse().expect("an id") }.into()
        });
        let token = TokenKey { uid: uid.parse().expect("an id"), r#type: TokenType::Rfid };
        let options = RequestOptions::new();
        let options = from.map(party).into_iter().fold(options, RequestOptions::from);
        match block_on(self.cpo.platform.send_with("emsp", &Authorize { token, location }, &options)) {
            Ok(answer) => Ok(answer.value),
            Err(Error::Client(error)) => Err(error),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Decisions of the application, and the part of a place that is known.
#[test]
fn an_application_decides_about_good_tokens() {
    for version in Version::SPOKEN {
        let world = World::of(*version);
        let first = world.ask("GOOD", None).expect("answered");
        assert_eq!(
            (first.allowed, world.asked().as_slice()),
            (AllowedType::Allowed, &["GOOD -".to_owned()][..])
        );
        let second = world.ask("GOOD", Some(("L1", &["E1", "E2"]))).expect("answered");
        assert_eq!(world.asked(), ["GOOD L1/E1"], "{version}");
        let known = second.location.expect("the part that is known");
        assert_eq!(known.evse_uids.len(), 1);
        if *version >= Version::V2_2 {
            let references = [first.authorization_reference, second.authorization_reference];
            assert!(references[0].is_some() && references[0] != references[1], "{references:?}");
        }
        let whole = world.ask("GOOD", Some(("L1", &[]))).expect("answered");
        assert_eq!(
            (whole.allowed, world.asked().as_slice()),
            (AllowedType::Allowed, &["GOOD L1/".to_owned()][..])
        );
        // A place that is not known here, because it is private: the application decides on it.
        let elsewhere = world.ask("GOOD", Some(("PRIV1", &["E1", "E2"]))).expect("answered");
        assert_eq!(world.asked(), ["GOOD PRIV1/E1+E2"], "{version}");
        assert_eq!((elsewhere.allowed, elsewhere.location), (AllowedType::Allowed, None), "{version}");

        world.says(Authorization::no_credit("Top up your wallet"));
        let refused = world.ask("GOOD", Some(("L1", &["E1"]))).expect("answered");
        assert_eq!((refused.allowed, refused.location), (AllowedType::NoCredit, None));
        assert_eq!(refused.authorization_reference, None);
        let info = refused.info.expect("a text");
        assert_eq!((info.language.as_str(), info.text.as_str()), ("en", "Top up your wallet"));
        for (says, allowed) in [
            (Authorization::blocked(""), AllowedType::Blocked),
            (Authorization::expired(""), AllowedType::Expired),
            (Authorization::not_allowed(""), AllowedType::NotAllowed),
        ] {
            world.says(says);
            let refused = world.ask("GOOD", None).expect("answered");
            assert_eq!((refused.allowed, refused.info), (allowed, None));
        }
    }
}

/// An application is not asked where the answer is known.
#[test]
fn the_platform_answers_for_what_it_knows() {
    for version in Version::SPOKEN {
        let world = World::of(*version);
        let blocked = world.ask("BAD", Some(("L1", &["E1"]))).expect("answered");
        assert_eq!((blocked.allowed, blocked.location), (AllowedType::Blocked, None), "{version}");
        // Without any EVSE the answer would be for the whole Location.
        let nowhere = world.ask("GOOD", Some(("L1", &["E2", "E3"]))).expect("answered");
        assert_eq!((nowhere.allowed, nowhere.location), (AllowedType::NotAllowed, None), "{version}");
        assert_eq!(nowhere.authorization_reference, None);
        let unknown = world.ask("NOBODY", None).expect_err("nobody has it");
        assert!(unknown.is_not_found(), "{version} {unknown}");
        assert_eq!(world.asked(), [""; 0]);
    }
}

/// Two parties of the partner have a Location of the same id.
#[test]
fn the_place_is_that_of_the_party_that_asks() {
    // In 2.1.1 a partner has one party.
    for version in Version::SPOKEN.iter().filter(|version| **version >= Version::V2_2) {
        let world = World::of(*version);
        let location = location_json("NL/BET", "L1", "10:00:00").replace(r#""uid": "E1""#, r#""uid": "B1""#);
        world.emsp.put::<Location>(&location);
        let allowed = |from, evse: &str| {
            let answer = world.ask_from(from, "GOOD", Some(("L1", &[evse]))).expect("answered");
            (answer.allowed, world.asked())
        };
        let good = (AllowedType::Allowed, vec!["GOOD L1/B1".to_owned()]);
        assert_eq!(allowed(Some("NL/BET"), "B1"), good, "{version}");
        assert_eq!(allowed(Some("NL/BET"), "E1"), (AllowedType::NotAllowed, vec![]), "{version}");
        // Nobody says which: it is the place that has the EVSE.
        for evse in ["E1", "B1"] {
            assert_eq!(
                allowed(None, evse),
                (AllowedType::Allowed, vec![format!("GOOD L1/{evse}")]),
                "{version}"
            );
        }
        assert_eq!(allowed(None, "X1"), (AllowedType::NotAllowed, vec![]), "{version}");
    }
}

/// A token that is good at some places only.
#[test]
fn a_place_may_be_needed() {
    let world = World::of(Version::V2_3_0);
    world.says(Authorization::needs_location());
    let error = world.ask("GOOD", None).expect_err("a place is needed");
    assert_eq!(error.status_code().map(|code| code.get()), Some(2002));
}

/// Texts for drivers, as they are sent.
#[test]
fn texts_are_made_to_fit() {
    let world = World::of(Version::V2_3_0);
    let sent = |text: &str, language: Option<&str>| {
        let says = Authorization::allowed().saying(text);
        world.says(match language {
            Some(language) => says.in_language(language.parse().expect("a language")),
            None => says,
        });
        let info = world.ask("GOOD", None).expect("answered").info;
        info.map(|info| (info.language.as_str().to_owned(), info.text.as_str().to_owned()))
    };
    let own = |language: &str, text: &str| Some((language.to_owned(), text.to_owned()));
    assert_eq!(sent("Gute Fahrt", Some("de")), own("de", "Gute Fahrt"));
    assert_eq!(sent("two\nlines", None), own("en", "twolines"));
    assert_eq!(sent(&"ä".repeat(600), None), own("en", &"ä".repeat(512)));
    for empty in ["", "  ", "\n"] {
        assert_eq!(sent(empty, None), None);
    }
}
