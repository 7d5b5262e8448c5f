//! Requests that show the rights of a token, and change nothing.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use http::Method;
use ocpi_server_traits::Memory;
use ocpi_server_traits::storage::{Address, Document, NewDocument, Rejected, StoreExt};
use ocpi_testkit::SteppedClock;
use ocpi_types::CredentialsToken;
use ocpi_types::json;
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::credentials::Credentials;
use pollster::block_on;

use super::side::{HOSTS, Node, credentials_of};
use super::wire::{Done, Op, Request, Response, Wire, lost};

/// Two processes over a copy of a side's store. They run through the whole schedule, so that whatever they keep in memory
/// is as old as it can be.
pub(super) struct Probe {
    number: usize,
    wire: Wire,
    store: Arc<Memory>,
    nodes: [Node; 2],
    turn: usize,
    /// Revision of the record that was copied last.
    pub(super) revision: u64,
    /// Documents that requests may change.
    originals: Vec<(Address, NewDocument)>,
}

/// Rights of a token, as answers show them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Rights {
    pub(super) versions: bool,
    /// The token in the answer to GET credentials.
    pub(super) get: Option<CredentialsToken>,
    /// With credentials that were never sent before.
    pub(super) post: &'static str,
    pub(super) put: &'static str,
    pub(super) delete: &'static str,
    pub(super) functional: bool,
}

impl Probe {
    pub(super) fn open(number: usize, clock: &SteppedClock, wire: &Wire) -> Self {
        let store = Arc::new(Memory::with_clock(clock.clock()));
        let node = || Node::open(number, &store, clock, wire, Arc::new(AtomicU64::new(1)));
        let nodes = [node(), node()];
        Self { number, wire: wire.clone(), store, nodes, turn: 0, revision: 0, originals: Vec::new() }
    }

    pub(super) fn copy(&mut self, revision: u64, documents: Vec<(Address, Document)>) {
        self.revision = revision;
        let documents: Vec<_> = documents
            .into_iter()
            .map(|(at, known)| (at, NewDocument::new(known.body, known.format, known.last_updated)))
            .collect();
        self.put(documents.clone());
        self.originals = documents.into_iter().filter(|(at, _)| at.collection() != "PartnerToken").collect();
    }

    fn put(&self, documents: Vec<(Address, NewDocument)>) {
        let at = documents.iter().map(|(at, _)| at.clone()).collect();
        let put = self.store.update(at, move |tx| {
            for (at, document) in &documents {
                tx.put(at, document.clone())?;
            }
            Ok::<_, Rejected<()>>(())
        });
        block_on(put).expect("a store");
    }

    /// Serves a request, and forgets what it did. All that it asks of others is lost.
    pub(super) fn ask(&mut self, request: Request) -> Response {
        self.turn += 1;
        let router = self.nodes[self.turn % 2].router.clone();
        let mut op = Op::new(&self.wire, async move { Done::Served(router.call(request).await) });
        let step = op.run();
        let Done::Served(response) = op.finish(step, |_| Err(lost())) else { panic!("it serves") };
        self.put(self.originals.clone());
        response
    }

    /// Whether the versions are open to a token, in both processes.
    pub(super) fn opens_versions(&mut self, token: &CredentialsToken) -> bool {
        let [here, there] = [(), ()].map(|()| self.status(Method::GET, "versions", token, "").0 == 200);
        assert_eq!(here, there, "P10: one process knows a token that another one does not");
        here
    }

    fn status(
        &mut self,
        method: Method,
        path: &str,
        token: &CredentialsToken,
        body: &str,
    ) -> (u16, u16, Response) {
        let response = self.ask(request(method, HOSTS[self.number], path, token, body));
        let code = status_code(&response);
        (response.status().as_u16(), code, response)
    }

    pub(super) fn rights(&mut self, token: &CredentialsToken) -> Rights {
        let credentials = credentials_of(1 - self.number, "never", HOSTS[1 - self.number]);
        let mut sends = |method| match self.status(method, "2.3.0/credentials", token, &credentials) {
            (401, ..) => "401",
            (405, ..) => "405",
            // The call back was lost.
            (200, 3001, _) => "call back",
            (http, code, _) => panic!("an answer {http} {code}"),
        };
        let (post, put) = (sends(Method::POST), sends(Method::PUT));
        let (http, code, got) = self.status(Method::GET, "2.3.0/credentials", token, "");
        let get = (http == 200 && code == 1000).then(|| token_in(&got).expect("a token"));
        let delete = match self.status(Method::DELETE, "2.3.0/credentials", token, "").0 {
            200 => "200",
            401 => "401",
            405 => "405",
            other => panic!("an answer {other}"),
        };
        let (http, code, _) = self.status(Method::GET, "2.3.0/sender/tariffs", token, "");
        Rights {
            versions: self.opens_versions(token),
            get,
            post,
            put,
            delete,
            functional: (http, code) == (200, 1000),
        }
    }

    pub(super) fn is_functional(&mut self, token: &CredentialsToken) -> bool {
        let (http, code, _) = self.status(Method::GET, "2.3.0/sender/tariffs", token, "");
        (http, code) == (200, 1000)
    }
}

pub(super) fn request(
    method: Method,
    host: &str,
    path: &str,
    token: &CredentialsToken,
    body: &str,
) -> Request {
    let url = format!("https://{host}/ocpi/{path}");
    let request = http::Request::builder().method(method).uri(url);
    let request = request.header(http::header::AUTHORIZATION, token.to_header(true));
    request.body(body.to_owned().into()).expect("a request")
}

pub(super) fn status_code(response: &Response) -> u16 {
    let envelope = Envelope::read(response.body()).expect("an envelope");
    envelope.head.status_code.expect("a status").get()
}

/// The token in an answer with credentials.
pub(super) fn token_in(response: &Response) -> Option<CredentialsToken> {
    let envelope = Envelope::read(response.body()).ok()?;
    Some(json::from_str::<Credentials>(envelope.data?).ok()?.token)
}
