//! A request to a partner on its way, and what a fault may do to it.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Uri, header};
use ocpi_types::{DateTime, Version};

use super::Answer;

/// Subject of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum About {
    Versions,
    Details,
    /// A module, by its name in URLs.
    Module(&'static str),
    Other,
}

/// Modules by which requests are told apart.
const MODULES: [&str; 7] = ["credentials", "locations", "tariffs", "sessions", "cdrs", "tokens", "commands"];

/// Most tokens that are remembered.
const TOKENS: usize = 100;

/// A request on its way.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) request: http::Request<Bytes>,
    pub(crate) about: About,
    /// Time at which it came.
    pub(crate) now: DateTime,
    /// Path behind the name of the module, as it is written.
    pub(crate) tail: Vec<String>,
    /// Tokens with which it is sent again where its own is refused, the best one last.
    pub(crate) spares: Vec<String>,
    /// Time that passes before the answer leaves.
    pub(crate) delay: Duration,
    /// Whether the request does not arrive.
    pub(crate) is_lost: bool,
    /// Whether the answer does not.
    pub(crate) is_answer_lost: bool,
}

impl Visit {
    pub(crate) fn of(request: http::Request<Bytes>, now: DateTime) -> Self {
        let parts: Vec<String> =
            request.uri().path().split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let module = parts.iter().enumerate().find_map(|(place, part)| {
            MODULES.iter().find(|module| part.eq_ignore_ascii_case(module)).map(|module| (place, *module))
        });
        let (about, tail) = match module {
            Some((place, module)) => (About::Module(module), parts[place + 1..].to_vec()),
            None if parts.last().is_some_and(|last| last == "versions") => (About::Versions, Vec::new()),
            None if parts.last().is_some_and(|last| last.parse::<Version>().is_ok()) => {
                (About::Details, Vec::new())
            }
            None => (About::Other, Vec::new()),
        };
        let (spares, delay) = (Vec::new(), Duration::ZERO);
        Self { request, about, now, tail, spares, delay, is_lost: false, is_answer_lost: false }
    }

    /// Whether the request is of this method, about this module.
    pub(crate) fn is(&self, method: Method, module: &str) -> bool {
        *self.request.method() == method && self.about == About::Module(module_of(module))
    }

    /// Whether it asks for a list of a module.
    pub(crate) fn lists(&self, module: &str) -> bool {
        self.is(Method::GET, module) && self.tail.is_empty()
    }

    /// Whether it asks for the first page of a list of a module.
    pub(crate) fn begins(&self, module: &str) -> bool {
        self.lists(module) && self.number("offset") == 0
    }

    /// Whether it asks for a page of any list.
    pub(crate) fn lists_any(&self) -> bool {
        let is_list = matches!(self.about, About::Module(module) if module != "credentials");
        is_list && *self.request.method() == Method::GET && self.tail.is_empty()
    }

    /// Whether it changes something of a module.
    pub(crate) fn writes(&self, module: &str) -> bool {
        matches!(*self.request.method(), Method::PUT | Method::PATCH | Method::POST)
            && self.about == About::Module(module_of(module))
    }

    /// All of it that a fault may change.
    pub(crate) fn mark(&self) -> impl PartialEq + use<> {
        let request =
            (self.request.method().clone(), self.request.uri().clone(), self.request.headers().clone());
        (request, self.spares.len(), self.delay, self.is_lost, self.is_answer_lost)
    }

    pub(crate) fn has_method(&self, method: Method) -> bool {
        *self.request.method() == method
    }

    /// The token in its header, in the form in which it came.
    pub(crate) fn token(&self) -> &str {
        let header = self.request.headers().get(header::AUTHORIZATION);
        let text = header.and_then(|header| header.to_str().ok()).unwrap_or_default();
        text.split_once(' ').map_or("", |(_, token)| token)
    }

    pub(crate) fn set_token(&mut self, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.request.headers_mut().insert(header::AUTHORIZATION, value);
        }
    }

    /// The value of a parameter of the query, as it is written.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let query = self.request.uri().query()?;
        query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(found, _)| *found == name))
            .map(|it| it.1)
    }

    /// A parameter of the query as a number; 0 where it is none.
    pub(crate) fn number(&self, name: &str) -> u64 {
        self.query(name).and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// Sets parameters of the query, or takes them out.
    pub(crate) fn set_query(&mut self, name: &str, value: Option<&str>) {
        let uri = self.request.uri().clone();
        let kept = uri.query().unwrap_or_default().split('&');
        let kept = kept.filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name));
        let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
        pairs.extend(value.map(|value| format!("{name}={value}")));
        self.go_to(uri.path(), &pairs.join("&"));
    }

    /// Lets it go to another path, with this query.
    pub(crate) fn go_to(&mut self, path: &str, query: &str) {
        let mut parts = self.request.uri().clone().into_parts();
        let whole = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        let Ok(path_and_query) = whole.parse() else { return };
        parts.path_and_query = Some(path_and_query);
        if let Ok(uri) = Uri::from_parts(parts) {
            *self.request.uri_mut() = uri;
        }
    }
}

fn module_of(name: &str) -> &'static str {
    MODULES.iter().find(|module| **module == name).copied().unwrap_or("")
}

/// Memory of a partner between requests.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Tokens that may be good, as they stand in a header: those that were handed over, and those with which requests were answered.
    pub(crate) tokens: Vec<String>,
    counts: BTreeMap<&'static str, u64>,
    texts: BTreeMap<&'static str, String>,
}

impl Memory {
    pub(crate) fn learn(&mut self, token: &str) {
        if !token.is_empty() && !self.tokens.iter().any(|known| known == token) {
            self.tokens.push(token.to_owned());
            let beyond = self.tokens.len().saturating_sub(TOKENS);
            self.tokens.drain(..beyond);
        }
    }

    /// Counts how often something has happened; the first time is 1.
    pub(crate) fn count(&mut self, what: &'static str) -> u64 {
        let count = self.counts.entry(what).or_default();
        *count += 1;
        *count
    }

    /// Whether something happens for the first time.
    pub(crate) fn first(&mut self, what: &'static str) -> bool {
        self.count(what) == 1
    }

    pub(crate) fn keep(&mut self, what: &'static str, text: impl Into<String>) {
        self.texts.insert(what, text.into());
    }

    pub(crate) fn kept(&self, what: &'static str) -> Option<&str> {
        self.texts.get(what).map(String::as_str)
    }
}

/// Fault that decides about a request before it arrives; an answer keeps it from arriving.
pub(crate) type OnRequest = fn(&mut Visit, &mut Memory) -> Option<Answer>;
/// Fault in an answer.
pub(crate) type OnAnswer = fn(&Visit, &mut Memory, &mut Answer);
