//! Changes of objects: as a stream, and for reactors.

mod events;
mod options;
mod reactor;
mod reactors;
mod set_aside;
mod state;
mod stream;

use std::future::Future;
use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_server_traits::storage::{Address, Position};
use ocpi_server_traits::{Changed, Error as Refusal, Step, Store};
use ocpi_types::DateTime;
use ocpi_types::endpoint::{Resource, RootResource};

use crate::{Error, Platform};

pub use events::ServerSentEvents;
pub use options::Reaction;
pub use reactor::Reacted;
pub(crate) use reactors::Reactors;
pub(crate) use set_aside::SET_ASIDE;
pub use set_aside::SetAside;
pub(crate) use state::{PLACES, position_of};
pub use stream::ChangeStream;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Returns the changes of objects of a kind after a position, in commit order, followed by future ones: pushes,
    /// syncs, look-ups, and writes of the application itself. A [`Position`] can be stored; [`Position::START`] gives
    /// every object.
    ///
    /// ```
    /// use std::pin::pin;
    /// use futures_util::StreamExt;
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_server_traits::storage::Position;
    /// use ocpi_types::v2_3_0::locations::Location;
    ///
    /// async fn follow<S: Store, T: Transport>(emsp: &Platform<S, T>) -> Result<(), Error> {
    ///     let mut changes = pin!(emsp.changes::<Location>(Position::START));
    ///     while let Some(change) = changes.next().await {
    ///         let change = change?;
    ///         println!("{}: {:?}", change.at.owner, change.parts);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn changes<R: RootResource>(&self, after: Position) -> ChangeStream<R, S> {
        ChangeStream::new(Arc::clone(&self.objects), after)
    }

    /// Calls `handler` for each change of objects of a kind, from the first object on: one after the other, at least
    /// once, in commit order. Its position is stored under `name`, so it continues there after a restart; if several
    /// nodes have the reactor, only one runs it at a time. With [`react_with`](Self::react_with), [`Reaction`]
    /// restricts it to changes from now on, and sets the number of tries of a change whose handler fails.
    ///
    /// [`Platform::tick`] starts it in the background ([`Settings::spawn`](crate::Settings::spawn));
    /// [`Platform::reactions_due`] runs it and waits.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::Platform;
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::v2_3_0::sessions::Session;
    ///
    /// fn bill<S: Store, T: Transport>(emsp: &Platform<S, T>) {
    ///     emsp.react::<Session, _>("billing", async |change| {
    ///         if let Some(session) = change.now {
    ///             println!("{}: {} kWh", session.id, session.kwh);
    ///         }
    ///         Ok(()) // an error is tried again
    ///     });
    /// }
    /// ```
    pub fn react<R, F>(&self, name: &str, handler: impl Fn(Changed<R>) -> F + Send + Sync + 'static)
    where
        R: RootResource,
        F: Future<Output = Reacted> + Send + 'static,
    {
        self.react_with(name, Reaction::default(), handler);
    }

    /// [`Platform::react`], with options. Replaces a reactor with the same name.
    pub fn react_with<R, F>(
        &self,
        name: &str,
        options: Reaction,
        handler: impl Fn(Changed<R>) -> F + Send + Sync + 'static,
    ) where
        R: RootResource,
        F: Future<Output = Reacted> + Send + 'static,
    {
        let handler = move |change| -> reactor::Handling { Box::pin(handler(change)) };
        let reactor = reactor::Reactor::new(name, options, Box::new(handler), self.tools());
        self.reactors.add(Arc::new(reactor));
    }

    /// Runs the reactors concurrently, as long as there are changes. Returns the time at which one has to run again
    /// even without changes; `None` if none has to. Call it when [`Store::moved`] reports a change, or every few
    /// seconds.
    ///
    /// # Errors
    /// When the store fails. A failing handler is not an error: see [`Reaction::tries`].
    pub async fn reactions_due(&self) -> Result<Option<DateTime>, Error> {
        self.reactors.run().await
    }

    /// Returns the changes that a reactor failed to handle, and that were set aside so that others could continue.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_aside(&self, reactor: &str) -> Result<Vec<SetAside>, Error> {
        set_aside::all(self.store(), reactor).await
    }

    /// Passes the current state of an object that was set aside to its reactor once more. Returns `false` if there is
    /// none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn react_again(&self, reactor: &str, at: &Address) -> Result<bool, Error> {
        set_aside::ask_again(self.store(), reactor, at).await
    }

    /// Drops a change that was set aside. Returns `false` if there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn drop_set_aside(&self, reactor: &str, at: &Address) -> Result<bool, Error> {
        set_aside::drop_one(self.store(), reactor, at).await
    }

    /// Adds a guard: a rule that sees each change of an object with the states before and after, inside its write, and
    /// may refuse it. See [`Objects::guard`](ocpi_server_traits::Objects::guard).
    pub fn guard<R: Resource<Root = R>>(
        &self,
        judge: impl Fn(&Step<'_, R>) -> Result<(), Refusal> + Send + Sync + 'static,
    ) {
        self.objects.guard(judge);
    }

    fn tools(&self) -> reactor::Tools<S> {
        reactor::Tools {
            objects: Arc::clone(&self.objects),
            timer: self.settings.timer.clone(),
            clock: self.settings.clock.clone(),
            observer: self.settings.observer.clone(),
            node: self.node.clone(),
            hurry: self.reactors.in_hurry(),
        }
    }
}
