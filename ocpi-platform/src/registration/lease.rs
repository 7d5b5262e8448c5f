//! The lease under which credentials are sent: to a partner by one node, and there by one task, at a time.
//!
//! It keeps two nodes from sending the same request twice, and different ones at once: a partner may answer each with a
//! token of its own, and the one that counts for it need not be the one that is stored last. It stands in a document of its
//! own, which no request of a partner reads, and is taken before the record is read that decides what is sent.
//!
//! Whoever has lost it sends nothing more. A request that was sent is waited for all the same, and its answer is stored if
//! the exchange is still open: a partner that follows the letter gives a token once. What fences that write is the token that
//! the exchange offers, in the transaction itself; a failure is noted under the lease only.

use std::future::Future;
use std::pin::Pin;

use ocpi_client::Transport;
use ocpi_server_traits::Store;

use crate::holding::{Asked, Held, TERM_SECONDS};
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Takes the lease for sending credentials to a partner.
    ///
    /// # Errors
    /// When another node has it, or another task of this one.
    pub(super) async fn hold_exchange(&self, id: &str) -> Result<Held, Error> {
        match self.node.ask(self.store(), &format!("credentials/{id}")).await? {
            Asked::Held(held) => Ok(held),
            Asked::Elsewhere(until) => Err(Error::elsewhere(id, self.node.seconds_until(until))),
        }
    }

    /// Takes it for a partner that is known.
    ///
    /// # Errors
    /// When there is no such partner, or somebody else has the lease.
    pub(super) async fn hold_known(&self, id: &str) -> Result<Held, Error> {
        match self.partners.read(self.store(), id).await? {
            Some(_) => self.hold_exchange(id).await,
            None => Err(Error::no_partner(id)),
        }
    }

    /// Does work under the lease, and gives it back. The work is boxed, because a registration that is held by value at each
    /// step is too large for the stack of a thread.
    pub(super) async fn under<R>(
        &self,
        held: &Held,
        id: &str,
        work: Pin<Box<impl Future<Output = Result<R, Error>>>>,
    ) -> Result<R, Error> {
        let done = held.throughout(self.store(), &self.settings.timer, work).await;
        if let Err(error) = held.release(self.store()).await {
            self.tell_missing(id, "a lease is not given back: it ends by itself", &error.into());
        }
        done
    }

    /// Refuses to send if another node may have taken over.
    pub(super) async fn must_hold(&self, held: &Held, id: &str) -> Result<(), Error> {
        if held.keep(self.store()).await { Ok(()) } else { Err(Error::elsewhere(id, TERM_SECONDS)) }
    }
}
