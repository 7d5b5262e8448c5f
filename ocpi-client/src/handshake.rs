//! Finding and registering with a partner, as state machines without I/O.
//!
//! [`Discovery`] asks for versions and details; [`Registration`] goes on to exchange credentials. Each takes an
//! answer and says what to send next, so that they run over any transport, blocking or not, and can be tested
//! and stopped at every step.
//!
//! | A partner that | is met by | in the step |
//! |---|---|---|
//! | does not know the token in one form | the other form, once | each |
//! | gave a base URL | `…/versions` below it, once | versions |
//! | answers with details where the list is due | those | versions |
//! | leaves out roles of endpoints, or brackets the details | taking them as far as they are clear | details |
//! | refuses absent members: HTTP 400, 422 | explicit `null`, once | credentials |
//! | says 405 to POST as if registered | PUT with the token that was good last, if there is one, once | credentials |
//!
//! The list of versions, which reads only, is asked for again after any refusal but HTTP 429 and 5xx. Of the rest nothing is
//! sent again of which it is not clear that it did nothing: the refusals are clear ones. What was done in place of the usual is
//! told as a [`Deviation`](crate::Deviation), and what is to be done from the start next time stands in the
//! [profile](crate::Client::profile) of the client that comes out.

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
    /// Send this, and pass the answer on.
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
