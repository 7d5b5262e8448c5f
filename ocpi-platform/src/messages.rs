//! A log of the messages to and from partners.
//!
//! | File | Has |
//! |---|---|
//! | `settings` | what is logged, and for how long |
//! | `recorder` | the observer that takes messages, lets them wait and stores them |
//! | `taken` | a message as it waits, and what is logged of it |
//! | `secrets` | secrets of an exchange, and texts without them |
//! | `mask`, `url`, `names` | JSON, URLs and headers without secrets and drivers, and the names of what may be kept |
//! | `logged` | messages as they are logged |
//! | `stored` | their documents |
//! | `query` | looking for messages |

mod logged;
mod mask;
mod names;
mod query;
mod recorder;
mod secrets;
mod settings;
mod stored;
mod taken;
mod url;

use std::fmt;

use ocpi_client::Transport;
use ocpi_server_traits::Store;

pub use logged::{LoggedBody, LoggedMessage, LoggedResponse};
pub(crate) use mask::words;
pub use query::{FoundMessages, MessageQuery};
pub(crate) use recorder::Recorder;
pub(crate) use secrets::MASK;
pub use settings::MessageLog;
pub(crate) use url::module_of;

use crate::Platform;

/// The log of messages: see [`Platform::messages`].
pub struct Messages<'a, S, T>(&'a Platform<S, T>);

impl<S: Store, T: Transport> Platform<S, T> {
    /// Gives access to the log of messages: requests of both directions with their answers, where
    /// [`Settings::messages`](crate::Settings::messages) says so.
    ///
    /// Messages are masked before they are stored. Tokens, and whatever names a driver, are `***`: the members, parameters and headers
    /// that do, everything of the same value elsewhere in the exchange, all members that the specification does not know, and in
    /// texts for people each word that is more than letters. So [`Platform::driver`] has nothing to find there.
    ///
    /// They wait in memory until a [tick](Platform::tick), or until there are many. An answer does not wait for them.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, MessageQuery, Platform};
    /// use ocpi_server_traits::Store;
    ///
    /// async fn show<S: Store, T: Transport>(emsp: &Platform<S, T>, correlation_id: &str) -> Result<(), Error> {
    ///     let mut found = emsp.messages().find(MessageQuery::new().correlation_id(correlation_id));
    ///     while let Some(message) = found.next().await {
    ///         let message = message?;
    ///         println!("{} {} {} {}", message.at, message.partner, message.method, message.url);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn messages(&self) -> Messages<'_, S, T> {
        Messages(self)
    }
}

impl<'a, S: Store, T: Transport> Messages<'a, S, T> {
    /// Looks for messages that are stored, the oldest first.
    pub fn find(&self, query: MessageQuery) -> FoundMessages<'a, S> {
        FoundMessages::new(self.0.store(), query)
    }

    /// Stores the messages that wait. Those that cannot be stored are told to the observer.
    pub async fn flush(&self) {
        self.0.recorder.store().await;
    }
}

/// Nothing of the messages.
impl<S, T> fmt::Debug for Messages<'_, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Messages")
    }
}
