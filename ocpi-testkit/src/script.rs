//! A partner made of responses.

use std::collections::VecDeque;
use std::sync::Mutex;

use bytes::Bytes;
use ocpi_client::{Transport, TransportError};

/// A transport that gives responses one after the other, and keeps the requests.
///
/// It panics at a request for which there is no response.
#[derive(Debug, Default)]
pub struct Script {
    answers: Mutex<VecDeque<Result<http::Response<Bytes>, TransportError>>>,
    requests: Mutex<Vec<http::Request<Bytes>>>,
}

impl Script {
    /// One that gives these responses.
    pub fn of(answers: impl IntoIterator<Item = http::Response<Bytes>>) -> Self {
        let answers = Mutex::new(answers.into_iter().map(Ok).collect());
        Self { answers, requests: Mutex::default() }
    }

    /// With a failure after the other responses: nobody answers.
    #[must_use]
    pub fn then_nothing(self) -> Self {
        self.then(Err(TransportError::new("the line is dead")))
    }

    /// With this result after the other responses.
    #[must_use]
    pub fn then(self, next: Result<http::Response<Bytes>, TransportError>) -> Self {
        self.answers.lock().expect("no panic").push_back(next);
        self
    }

    /// Returns the requests that were sent.
    pub fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.requests.lock().expect("no panic").clone()
    }

    /// Returns the requests that were sent, as method and URL.
    pub fn asked(&self) -> Vec<String> {
        self.requests().iter().map(|request| format!("{} {}", request.method(), request.uri())).collect()
    }
}

impl Transport for Script {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let shown = format!("{} {}", request.method(), request.uri());
        self.requests.lock().expect("no panic").push(request);
        let next = self.answers.lock().expect("no panic").pop_front();
        next.unwrap_or_else(|| panic!("{shown}: nobody expected this request"))
    }
}
