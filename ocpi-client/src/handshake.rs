//! Discovery of a partner and registration with it, as state machines without I/O.
//!
//! [`Discovery`] requests versions and version details; [`Registration`] continues with the exchange of credentials.
//! Each takes an answer and returns the next request, so they run over any transport, blocking or not, and can be
//! tested and stopped at every step.
//!
//! | Deviation of the partner | Workaround | Step |
//! |---|---|---|
//! | does not accept one form of the token | the other form, once | each |
//! | gave a base URL | `…/versions` below it, once | versions |
//! | answers with version details instead of the list | uses these | versions |
//! | omits roles of endpoints, or puts the details into a list | uses what is unambiguous | details |
//! | rejects absent members: HTTP 400, 422 | explicit `null`, once | credentials |
//! | answers a POST with 405 as if registered | PUT with the last valid token, if there is one, once | credentials |
//!
//! The list of versions is only read, so it is requested again after any refusal except HTTP 429 and 5xx. All other
//! requests are repeated only after a refusal that clearly had no effect. A workaround is reported as a
//! [`Deviation`](crate::Deviation); one that should be used from the start next time is recorded in the
//! [profile](crate::Client::profile) of the resulting client.

mod details;
mod discovery;
mod registration;
mod token_forms;
mod versions;

use std::fmt;

use bytes::Bytes;

use crate::client::{Asked, Due};
use crate::{Client, Error, Transport};

pub use discovery::{Discovered, Discovery};
pub use registration::{Registered, Registration};
pub use versions::{VersionList, VersionSearch};

/// An answer, in which a partner may have quoted a token: `Debug` shows status and size, not the body.
#[derive(Clone)]
struct Unshown(http::Response<Bytes>);

impl fmt::Debug for Unshown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}, {} bytes", self.0.status().as_u16(), self.0.body().len())
    }
}

/// Next step of a handshake.
#[expect(clippy::large_enum_variant, reason = "it is taken apart where it is made")]
pub enum Next<T> {
    /// Send this request, and pass its answer to the next step.
    Send(http::Request<Bytes>),
    /// Done.
    Done(T),
}

/// The body of a request with credentials holds a token: method and URL are shown, not the rest.
impl<T: fmt::Debug> fmt::Debug for Next<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => write!(f, "Send({} {})", request.method(), request.uri()),
            Self::Done(done) => f.debug_tuple("Done").field(done).finish(),
        }
    }
}

/// Machine that takes answers and says what to send next.
trait Machine {
    /// Value that it ends with.
    type Done: Send;

    /// The client of the next request, and the names of its endpoint.
    fn asks(&self) -> (Client, Asked);

    fn start(&self) -> Result<http::Request<Bytes>, Error>;

    fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<Self::Done>, Error>;
}

/// Runs a machine to its end.
async fn run<M: Machine + Send>(mut machine: M, transport: &impl Transport) -> Result<M::Done, Error> {
    let mut request = machine.start()?;
    loop {
        let (client, asked) = machine.asks();
        let (answer, watch) = client.via(transport).carry(request, asked, Due::default()).await?;
        let http = answer.status();
        let next = machine.step(answer);
        watch.stepped(http, &next);
        match next? {
            Next::Send(next) => request = next,
            Next::Done(done) => return Ok(done),
        }
    }
}
