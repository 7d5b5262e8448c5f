//! Searching for messages.

use std::collections::VecDeque;

use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Cursor, Query, Start};
use ocpi_types::DateTime;

use super::logged::LoggedMessage;
use super::stored::{CORRELATION, MESSAGES, MODULE, REQUEST};
use crate::Error;

/// Most messages of one read.
const ROWS: u32 = 100;

/// Criteria for messages; the default selects all.
///
/// ```
/// use ocpi_platform::MessageQuery;
/// let query = MessageQuery::new().partner("cpo").module("tokens").from("2026-12-01T00:00:00Z".parse()?);
/// # assert_eq!(query, query.clone());
/// # Ok::<(), ocpi_types::DateTimeError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct MessageQuery {
    partner: Option<String>,
    correlation_id: Option<String>,
    request_id: Option<String>,
    module: Option<String>,
    from: Option<DateTime>,
    to: Option<DateTime>,
}

impl MessageQuery {
    /// Selects all messages.
    pub fn new() -> Self {
        Self::default()
    }

    /// Selects messages to and from a partner.
    #[must_use]
    pub fn partner(self, id: impl Into<String>) -> Self {
        Self { partner: Some(id.into()), ..self }
    }

    /// Selects messages with this `X-Correlation-ID`.
    #[must_use]
    pub fn correlation_id(self, id: impl Into<String>) -> Self {
        Self { correlation_id: Some(id.into()), ..self }
    }

    /// Selects messages with this `X-Request-ID`.
    #[must_use]
    pub fn request_id(self, id: impl Into<String>) -> Self {
        Self { request_id: Some(id.into()), ..self }
    }

    /// Selects messages of a module, such as `tokens`; `versions` includes the list of versions and version details.
    #[must_use]
    pub fn module(self, module: impl Into<String>) -> Self {
        Self { module: Some(module.into()), ..self }
    }

    /// Selects messages that began at this time or later.
    #[must_use]
    pub fn from(self, from: DateTime) -> Self {
        Self { from: Some(from), ..self }
    }

    /// Selects messages that began before this time.
    #[must_use]
    pub fn to(self, to: DateTime) -> Self {
        Self { to: Some(to), ..self }
    }

    /// The narrowest question that the store can answer.
    fn of_store(&self) -> Query {
        let query = match &self.partner {
            Some(partner) => Query::list(MESSAGES, partner.as_str()),
            None => Query::all(MESSAGES),
        };
        // In a window they are in the order of their times.
        let query = query.from(self.from.unwrap_or(DateTime::UNIX_EPOCH));
        let query = self.to.into_iter().fold(query, Query::to);
        let terms =
            [(CORRELATION, &self.correlation_id), (REQUEST, &self.request_id), (MODULE, &self.module)];
        match terms.into_iter().find_map(|(term, value)| Some((term, value.as_deref()?))) {
            Some((term, value)) => query.with_term(term, value),
            None => query,
        }
    }

    fn matches(&self, message: &LoggedMessage) -> bool {
        let is = |wanted: &Option<String>, there: &Option<String>| wanted.is_none() || wanted == there;
        is(&self.correlation_id, &message.correlation_id)
            && is(&self.request_id, &message.request_id)
            && is(&self.module, &message.module)
    }
}

/// The messages found, oldest first; read from the store in batches.
#[derive(Debug)]
pub struct FoundMessages<'a, S> {
    store: &'a S,
    query: MessageQuery,
    read: VecDeque<LoggedMessage>,
    next: Next,
}

#[derive(Debug)]
enum Next {
    First,
    After(Cursor),
    End,
}

impl<'a, S: Store> FoundMessages<'a, S> {
    pub(super) fn new(store: &'a S, query: MessageQuery) -> Self {
        Self { store, query, read: VecDeque::new(), next: Next::First }
    }

    /// Returns the next message; `None` after the last one.
    ///
    /// # Errors
    /// When the store fails. Calling it again returns the same message.
    pub async fn next(&mut self) -> Option<Result<LoggedMessage, Error>> {
        loop {
            if let Some(message) = self.read.pop_front() {
                return Some(Ok(message));
            }
            let start = match &self.next {
                Next::First => Start::First,
                Next::After(cursor) => Start::After(cursor.clone()),
                Next::End => return None,
            };
            let page = match self.store.page(&self.query.of_store(), start, ROWS).await {
                Ok(page) => page,
                Err(error) => return Some(Err(error.into())),
            };
            self.next = page.next.map_or(Next::End, Next::After);
            // One that cannot be read is of another release.
            let messages = page.rows.iter().filter_map(|(_, document)| LoggedMessage::read(&document.body));
            self.read.extend(messages.filter(|message| self.query.matches(message)));
        }
    }
}
