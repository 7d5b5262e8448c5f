//! Changes as server-sent events.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use http::HeaderMap;
use ocpi_server_traits::storage::Position;
use ocpi_server_traits::{Changed, Store};
use ocpi_types::endpoint::RootResource;
use ocpi_types::json;

use super::stream::{ChangeStream, Step};
use crate::Error;

/// Header by which a page says which event it got last.
const LAST: &str = "last-event-id";

/// Changes as server-sent events: chunks of a body of type `text/event-stream`, for axum's `Body::from_stream` or a
/// hyper body. Each event has the position as its id, the kind of the object as its name, and the current object as its
/// data, or `null` if it is deleted. A client that reconnects with the header `Last-Event-ID` continues after that
/// event.
///
/// An empty comment is sent every 15 seconds without events, to keep the connection open.
///
/// The event `reset` means that deletions may have been missed: every object follows.
///
/// The objects are complete, and those of all owners: expose them only to people who may see everything.
///
/// ```
/// use ocpi_client::Transport;
/// use ocpi_platform::{Platform, ServerSentEvents};
/// use ocpi_server_traits::Store;
/// use ocpi_server_traits::storage::Position;
/// use ocpi_types::v2_3_0::locations::Location;
///
/// fn map<S: Store, T: Transport>(emsp: &Platform<S, T>, headers: &http::HeaderMap) -> ServerSentEvents<Location, S> {
///     let after = ServerSentEvents::<Location, S>::last_seen(headers).unwrap_or(Position::START);
///     emsp.changes::<Location>(after).into_events()
/// }
/// ```
pub struct ServerSentEvents<R: RootResource, S>(ChangeStream<R, S>);

impl<R: RootResource, S: Store> ServerSentEvents<R, S> {
    /// Returns the position of the last event that a client received, from its request.
    pub fn last_seen(headers: &HeaderMap) -> Option<Position> {
        let text = headers.get(LAST)?.to_str().ok()?;
        text.trim().parse().ok().map(Position::new)
    }
}

impl<R: RootResource, S: Store> ChangeStream<R, S> {
    /// Returns the changes as server-sent events: see [`ServerSentEvents`].
    pub fn into_events(self) -> ServerSentEvents<R, S> {
        ServerSentEvents(self)
    }
}

impl<R: RootResource, S: Store> Stream for ServerSentEvents<R, S> {
    type Item = Result<Vec<u8>, Infallible>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().0.poll_step(context).map(|step| {
            step.map(|step| {
                Ok(match step {
                    Step::Next(Ok(changed)) => event_of(&changed),
                    Step::Next(Err(Error::ChangesPurged)) => b"event: reset\ndata:\n\n".to_vec(),
                    // A page can do nothing about a document that is broken.
                    Step::Next(Err(_)) => b": an object cannot be read\n\n".to_vec(),
                    Step::Idle => b":\n\n".to_vec(),
                })
            })
        })
    }
}

/// The text of an event. JSON of ours has no line breaks, but an unknown member may be kept as it was sent.
fn event_of<R: RootResource>(changed: &Changed<R>) -> Vec<u8> {
    let data = changed.now.as_ref().map_or_else(|| b"null".to_vec(), json::to_vec);
    let data = String::from_utf8_lossy(&data);
    let mut text = format!("id: {}\nevent: {}\n", changed.position.number(), R::INFO.name);
    for line in data.split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text.into_bytes()
}

impl<R: RootResource, S> fmt::Debug for ServerSentEvents<R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServerSentEvents").field(&self.0).finish()
    }
}
