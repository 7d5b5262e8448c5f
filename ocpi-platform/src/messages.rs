//! Log of the messages to and from partners.
//!
//! | File | Contents |
//! |---|---|
//! | `settings` | which messages are logged, and for how long |
//! | `recorder` | the observer that receives, queues and stores messages |
//! | `taken` | a queued message, and its logged form |
//! | `secrets` | secrets of an exchange, and their removal from texts |
//! | `mask`, `url`, `names` | masking of JSON, URLs and headers, and the names of values that may be kept |
//! | `logged` | logged messages |
//! | `stored` | their documents |
//! | `query` | searching for messages |

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
    /// Gives access to the log of messages: requests of both directions with their answers, as selected by
    /// [`Settings::messages`](crate::Settings::messages).
    ///
    /// Messages are masked before they are stored. Tokens and everything that identifies a driver are `***`: the values
    /// of such members, parameters and headers, the same values elsewhere in the exchange, all members unknown to the
    /// specification, and, in texts for people, all words that are not just letters. So there is nothing for
    /// [`Platform::driver`] to find.
    ///
    /// Messages wait in memory until a [tick](Platform::tick), or until there are many. Answers do not wait for them.
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
    /// Searches the stored messages, oldest first.
    pub fn find(&self, query: MessageQuery) -> FoundMessages<'a, S> {
        FoundMessages::new(self.0.store(), query)
    }

    /// Stores the waiting messages. If some cannot be stored, the observer is told.
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
