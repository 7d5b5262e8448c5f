//! Our side of the line, where a server calls.

mod answers;
mod state;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use ocpi_types::{Clock, CredentialsToken, Url, Version};
use serde_json::Value;

use state::State;

/// Our side of the line: the server calls back here at registration, posts the results of commands, and pushes its objects.
///
/// It opens no socket: whatever listens hands each request to [`handle`](Self::handle). It lists the version that the suite
/// speaks, offers every module of it, has nothing in its lists, and takes everything that is pushed. Clones are the same inbox.
///
/// ```
/// use ocpi_conformance::Inbox;
/// let inbox = Inbox::new("https://emsp.example/ocpi".parse()?);
/// let request = http::Request::get("https://emsp.example/ocpi/versions").body(Default::default())?;
/// // Before the suite registers, nobody has a token of ours.
/// assert_eq!(inbox.handle(request).status(), 401);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Inbox(Arc<Inside>);

struct Inside {
    base: Url,
    state: Mutex<State>,
}

/// A request that the server sent to us.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) method: http::Method,
    /// Below the base.
    pub(crate) path: String,
    pub(crate) body: Bytes,
    /// Whether it came with a token of ours.
    pub(crate) is_authorized: bool,
    /// Whether it came with the newest one.
    pub(crate) is_newest: bool,
}

impl Inbox {
    /// An inbox whose URLs begin with `base`: the server must be able to call it.
    pub fn new(base: Url) -> Self {
        Self(Arc::new(Inside { base, state: Mutex::default() }))
    }

    /// Returns the URL of our list of versions, which stands in our credentials.
    pub fn versions_url(&self) -> Url {
        self.0.base.join(["versions"])
    }

    /// Answers a request of the server.
    pub fn handle(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        answers::answer(&mut self.state(), &self.0.base, request)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// With the time from here.
    pub(crate) fn set_clock(&self, clock: Clock) {
        self.state().clock = clock;
    }

    /// Speaks this version, with one more token that the server may use.
    pub(crate) fn open(&self, version: Version, token: CredentialsToken) {
        let mut state = self.state();
        state.version = version;
        state.tokens.push(token);
    }

    /// Speaks this version.
    pub(crate) fn speak(&self, version: Version) {
        self.state().version = version;
    }

    /// Answers nothing but HTTP 503, or everything again.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.state().is_down = is_down;
    }

    /// URL for a result, in the last part of which is `id`.
    pub(crate) fn result_url(&self, id: &str) -> Url {
        let version = self.state().version;
        self.0.base.join([version.as_str(), "results", id])
    }

    /// A URL where nothing is.
    pub(crate) fn nowhere(&self) -> Url {
        self.0.base.join(["nothing-is-here"])
    }

    /// The results that came to [`result_url`](Self::result_url), the first one first.
    pub(crate) fn results(&self, id: &str) -> Vec<Value> {
        let suffix = format!("/results/{id}");
        let state = self.state();
        let posted = state.got.iter().filter(|it| it.method == http::Method::POST);
        let is_ours = |it: &&Got| it.is_authorized || state.tokens.is_empty();
        let found = posted.filter(is_ours).filter(|it| it.path.ends_with(&suffix));
        found.map(|it| serde_json::from_slice(&it.body).unwrap_or_default()).collect()
    }

    /// Everything that came since the `count`-th request.
    pub(crate) fn since(&self, count: usize) -> Vec<Got> {
        self.state().got.iter().skip(count).cloned().collect()
    }

    /// Number of requests that came so far.
    pub(crate) fn count(&self) -> usize {
        self.state().got.len()
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Inbox").field(&self.0.base).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(inbox: &Inbox, method: &str, path: &str, token: Option<&str>) -> (u16, Value) {
        let request = http::Request::builder().method(method).uri(format!("https://us.example/ocpi{path}"));
        let request = match token {
            Some(token) => request.header("authorization", format!("Token {token}")),
            None => request,
        };
        let response = inbox.handle(request.body(Bytes::from(r#"{"result": "ACCEPTED"}"#)).unwrap());
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
    }

    #[test]
    fn it_answers_whoever_has_its_token_as_far_as_it_is_up() {
        let inbox = Inbox::new("https://us.example/ocpi".parse().unwrap());
        inbox.open(Version::V2_3_0, "b-token".parse().unwrap());
        for (path, token, status) in [
            ("/versions", None, 401),
            ("/versions", Some("a-token"), 401),
            ("/versions", Some("b-token"), 200),
            ("/2.3.0", Some("b-token"), 200),
            ("/2.2.1", Some("b-token"), 404),
            ("/2.3.0/sender/locations", Some("b-token"), 200),
            ("/2.3.0/receiver/locations/DE/EMP/L1", Some("b-token"), 404),
            ("/nothing-is-here", Some("b-token"), 404),
        ] {
            assert_eq!(ask(&inbox, "GET", path, token).0, status, "{path} {token:?}");
        }
        let details = ask(&inbox, "GET", "/2.3.0", Some("b-token")).1;
        assert_eq!(details["data"]["endpoints"].as_array().unwrap().len(), 15);
        inbox.set_down(true);
        assert_eq!(ask(&inbox, "GET", "/versions", Some("b-token")).0, 503);
        inbox.set_down(false);
        assert_eq!(ask(&inbox, "GET", "/versions", Some("b-token")).0, 200);
    }

    #[test]
    fn results_are_kept_by_the_id_in_their_url() {
        let inbox = Inbox::new("https://us.example/ocpi".parse().unwrap());
        inbox.speak(Version::V2_2_1);
        assert_eq!(inbox.result_url("R1").as_str(), "https://us.example/ocpi/2.2.1/results/R1");
        // Before a registration of ours, the server has a token that we do not know.
        assert_eq!(ask(&inbox, "POST", "/2.2.1/results/R1", Some("unknown")).0, 200);
        assert_eq!(inbox.results("R1"), [serde_json::json!({"result": "ACCEPTED"})]);
        assert!(inbox.results("R2").is_empty());
        // Afterwards it has ours.
        inbox.open(Version::V2_2_1, "b-token".parse().unwrap());
        assert_eq!(ask(&inbox, "POST", "/2.2.1/results/R2", Some("unknown")).0, 401);
        assert!(inbox.results("R2").is_empty());
    }
}
