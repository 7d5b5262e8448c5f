//! Tokens of 2.1.1, whose paths do not say of which type they are.

use std::sync::Arc;

use bytes::Bytes;
use ocpi_server_traits::Router;
use ocpi_testkit::{Answer, Network, PlatformSetup, TestPlatform, parse, token_json};
use ocpi_types::Version;
use ocpi_types::endpoint::{Authorize, Endpoint, GetCopy, Patch, Put, RootResource, TokenKey};
use ocpi_types::v2_3_0::tokens::{Token, TokenPatch, TokenType};
use pollster::block_on;

struct World {
    cpo: TestPlatform,
    emsp: TestPlatform,
    authorizing: Router,
}

impl World {
    fn new() -> Self {
        let network = Network::default();
        let versions = vec![Version::V2_1_1];
        let cpo = PlatformSetup { versions: versions.clone(), ..PlatformSetup::cpo() }.open(&network);
        let emsp = PlatformSetup { versions, ..PlatformSetup::emsp() }.open(&network);
        let platform = Arc::clone(&emsp.platform);
        let router = platform.router(|routes| routes.emsp(platform.objects()).on::<Authorize, _>(&platform));
        let authorizing = router.expect("a router");
        network.add_router("emsp.example", authorizing.clone());
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        Self { cpo, emsp, authorizing }
    }

    /// Sends a request of the eMSP to the CPO, with this query.
    fn send<E: Endpoint>(&self, endpoint: &E, query: &str) -> Answer {
        let request = block_on(self.emsp.platform.client("cpo")).expect("a partner").request(endpoint);
        Answer::of(block_on(self.cpo.router.call(with_query(request.expect("a request"), query))))
    }

    fn put(&self, token: &Token, query: &str) -> Answer {
        self.send(&Put::of(token.clone()), query)
    }

    fn get(&self, token: &Token, query: &str) -> Answer {
        self.send(&GetCopy::<Token>::new(token.identity()), query)
    }

    fn block(&self, token: &Token, query: &str) -> Answer {
        let patch = TokenPatch { valid: false.into(), ..TokenPatch::default() };
        self.send(&Patch::<Token> { at: token.identity(), patch }, query)
    }

    /// Types of the Tokens that the CPO has, and whether they are valid.
    fn kept(&self) -> Vec<(TokenType, bool)> {
        let mut all: Vec<_> = self.cpo.all::<Token>().into_iter().map(|it| (it.r#type, it.valid)).collect();
        all.sort();
        all
    }
}

fn with_query(mut request: http::Request<Bytes>, query: &str) -> http::Request<Bytes> {
    let uri = request.uri().to_string();
    let path = uri.split('?').next().unwrap_or_default();
    *request.uri_mut() = format!("{path}{query}").parse().expect("a URI");
    request
}

fn token(kind: &str, uid: &str) -> Token {
    parse(&token_json("DE/EMP", uid, "10:00:00").replace(r#""RFID""#, &format!("\"{kind}\"")))
}

#[test]
fn a_token_of_another_type_is_pushed_and_blocked_without_its_type_in_the_url() {
    let world = World::new();
    let other = token("OTHER", "0123");
    world.put(&other, "").expect(201, 1000);
    assert_eq!(world.kept(), [(TokenType::Other, true)]);
    assert!(world.get(&other, "").expect(200, 1000).data.expect("data").contains("OTHER"));
    world.block(&other, "").expect(200, 1000);
    assert_eq!(world.kept(), [(TokenType::Other, false)]);
    // A card of the same uid is the one that is meant.
    let card = token("RFID", "0123");
    world.put(&card, "").expect(201, 1000);
    assert!(world.get(&other, "").expect(200, 1000).data.expect("data").contains("RFID"));
    world.put(&other, "").expect(200, 1000);
    world.block(&other, "").expect(200, 1000);
    assert!(world.kept().contains(&(TokenType::Rfid, false)));
}

#[test]
fn a_type_in_the_url_is_the_one_that_is_meant() {
    for name in ["type", "token_type"] {
        let world = World::new();
        let query = |kind: &str| format!("?{name}={kind}");
        let other = token("OTHER", "0123");
        world.put(&other, &query("RFID")).expect(200, 2001);
        world.put(&other, &query("OTHER")).expect(201, 1000);
        world.get(&other, &query("OTHER")).expect(200, 1000);
        world.get(&other, &query("RFID")).expect(404, 2000);
        assert_ne!(world.block(&other, &query("RFID")).code, 1000);
        assert_eq!(world.kept(), [(TokenType::Other, true)]);
        world.block(&other, &query("OTHER")).expect(200, 1000);
        assert_eq!(world.kept(), [(TokenType::Other, false)]);
    }
}

#[test]
fn a_token_is_asked_about_by_either_name_of_its_type() {
    let world = World::new();
    world.emsp.put::<Token>(&token_json("DE/EMP", "0123", "10:00:00").replace("\"RFID\"", "\"OTHER\""));
    let key = TokenKey { uid: "0123".parse().expect("an id"), r#type: TokenType::Other };
    let client = block_on(world.cpo.platform.client("emsp")).expect("a partner");
    let ask = |query: &str| {
        let request = client.request(&Authorize { token: key.clone(), location: None }).expect("a request");
        Answer::of(block_on(world.authorizing.call(with_query(request, query))))
    };
    for query in ["?type=OTHER", "?token_type=OTHER", "?type=&token_type=OTHER"] {
        assert!(ask(query).expect(200, 1000).data.expect("data").contains("ALLOWED"), "{query}");
    }
    for query in ["", "?token_type=RFID"] {
        ask(query).expect(404, 2000);
    }
}
