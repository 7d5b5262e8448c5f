//! A platform without sockets: a router over a store in memory, and partners whose tokens it knows.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, header};
use ocpi_server_traits::{
    Caller, Error, Handle, Memory, Objects, Partner, Router, RouterBuilder, Routes, Store,
};
use ocpi_testkit::{Answer, KnownPartners, credentials_json, fixed_clock, parse, partner_id, party, token};
use ocpi_types::Version;
use ocpi_types::endpoint::{GetCredentials, GetOwn};
use ocpi_types::v2_3_0::commands::{CommandResponse, CommandResponseInit, CommandResponseType, StopSession};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::Token;

/// The CPO's token: it speaks for NL/ALF and NL/BET.
pub(crate) const CPO: &str = "example-token";
/// Another CPO's token: it speaks for BE/OTH.
pub(crate) const OTHER: &str = "other-token";
/// The token of somebody who has not registered yet.
pub(crate) const NEWCOMER: &str = "token-a";

/// The URL of the platform's path, as a client sends it.
pub(crate) const BASE: &str = "/ocpi/2.3.0";

pub(crate) struct Site<S = Memory> {
    pub(crate) router: Router,
    pub(crate) objects: Arc<Objects<S>>,
}

impl Site {
    /// An eMSP, DE/EMP, that takes everything.
    pub(crate) fn emsp() -> Self {
        Self::on(Memory::new())
    }
}

impl<S: Store> Site<S> {
    pub(crate) fn on(store: S) -> Self {
        Self::of(Objects::new(store, vec![party("DE/EMP")]))
    }

    pub(crate) fn of(objects: Objects<S>) -> Self {
        let objects = Arc::new(objects);
        let router = builder().version(Version::V2_3_0, |routes| everything(&objects, routes));
        Self { router: router.with_body_limit(64 << 10).build(partners()).expect("a router"), objects }
    }

    pub(crate) fn ask(&self, request: http::Request<Bytes>) -> Answer {
        Answer::of(pollster::block_on(self.router.call(request)))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(request(Method::GET, path, ""))
    }

    pub(crate) fn put(&self, path: &str, body: &str) -> Answer {
        self.ask(request(Method::PUT, path, body))
    }

    pub(crate) fn patch(&self, path: &str, body: &str) -> Answer {
        self.ask(request(Method::PATCH, path, body))
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.ask(request(Method::POST, path, body))
    }
}

pub(crate) fn builder() -> RouterBuilder {
    Router::builder("https://emsp.example/ocpi".parse().expect("a URL"), fixed_clock())
}

pub(crate) fn everything<S: Store>(objects: &Arc<Objects<S>>, routes: Routes) -> Routes {
    let desk = Arc::new(Desk);
    routes
        .on::<GetCredentials<Credentials>, _>(&desk)
        .receiver::<Token>(objects)
        .emsp(objects)
        .on::<GetOwn<Token>, _>(objects)
        .sender::<Location>(objects)
        .on::<StopSession, _>(&desk)
}

/// Answers the requests that have nothing to do with objects.
pub(crate) struct Desk;

impl Handle<GetCredentials<Credentials>> for Desk {
    async fn handle(&self, _: &Caller, _: GetCredentials<Credentials>) -> Result<Credentials, Error> {
        Ok(parse(&credentials_json("t", "emsp.example", &[("EMSP", "DE", "EMP")])))
    }
}

impl Handle<StopSession> for Desk {
    async fn handle(&self, _: &Caller, _: StopSession) -> Result<CommandResponse, Error> {
        Ok(CommandResponseInit { result: CommandResponseType::Accepted, timeout: 30 }.into())
    }
}

/// Partners whose tokens are known.
pub(crate) fn partners() -> KnownPartners {
    KnownPartners::default()
        .with(CPO, Partner::new(partner_id("cpo"), [party("NL/ALF"), party("NL/BET")]))
        .with(OTHER, Partner::new(partner_id("other"), [party("BE/OTH")]))
        .with(NEWCOMER, Partner::invited(partner_id("newcomer")))
}

/// A request with the CPO's token, to a path below the version.
pub(crate) fn request(method: Method, path: &str, body: &str) -> http::Request<Bytes> {
    raw_request(method, &format!("{BASE}{path}"), body.to_owned().into())
}

/// A request with the CPO's token, to any path.
pub(crate) fn raw_request(method: Method, path: &str, body: Bytes) -> http::Request<Bytes> {
    let request = http::Request::builder().method(method).uri(path);
    request.header(header::AUTHORIZATION, token(CPO).to_header(true)).body(body).expect("a request")
}
