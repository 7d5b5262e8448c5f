//! Changes as a stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use ocpi_server_traits::storage::Position;
use ocpi_server_traits::{ChangeBatch, ChangeReader, Changed, Error as StoreError, Objects, Store};
use ocpi_types::endpoint::RootResource;

use crate::Error;

/// Most parts that are read at once.
const ROWS: u32 = 500;
/// Time after which the feed is read again, whether or not the store says that it moved.
const LOOK: Duration = Duration::from_secs(15);

/// Changes of objects of one kind, including future ones: see [`Platform::changes`](crate::Platform::changes). It never
/// ends.
///
/// After an error it continues at the same position. [`Error::ChangesPurged`] means that deletions may have been
/// missed: every object is then returned again, and a reader that keeps a copy drops the objects that have not occurred
/// when the stream [has caught up](Self::has_caught_up).
pub struct ChangeStream<R: RootResource, S> {
    objects: Arc<Objects<S>>,
    /// The reader, unless it reads.
    reader: Option<ChangeReader<R>>,
    ready: VecDeque<Changed<R>>,
    reading: Option<Reading<R>>,
    has_caught_up: bool,
}

type Reading<R> = Pin<Box<dyn Future<Output = Read<R>> + Send>>;
type Read<R> = (ChangeReader<R>, Result<ChangeBatch<R>, StoreError>);

impl<R: RootResource, S: Store> ChangeStream<R, S> {
    pub(super) fn new(objects: Arc<Objects<S>>, after: Position) -> Self {
        let reader = Some(ChangeReader::after(after));
        Self { objects, reader, ready: VecDeque::new(), reading: None, has_caught_up: false }
    }

    /// Whether all changes present at the last read of the feed have been returned.
    pub fn has_caught_up(&self) -> bool {
        self.has_caught_up && self.ready.is_empty()
    }

    fn read(&mut self) -> Option<Reading<R>> {
        let mut reader = self.reader.take()?;
        let (objects, waits) = (Arc::clone(&self.objects), self.has_caught_up);
        Some(Box::pin(async move {
            if waits {
                objects.store().moved(reader.place().position, LOOK).await;
            }
            let read = reader.read(&objects, ROWS).await;
            (reader, read)
        }))
    }
}

/// Step of a stream.
pub(super) enum Step<R: RootResource> {
    Next(Result<Changed<R>, Error>),
    /// There is nothing new.
    Idle,
}

impl<R: RootResource, S: Store> ChangeStream<R, S> {
    pub(super) fn poll_step(&mut self, context: &mut Context<'_>) -> Poll<Option<Step<R>>> {
        loop {
            if let Some(changed) = self.ready.pop_front() {
                if let Some(reader) = &mut self.reader {
                    reader.saw(&changed);
                }
                return Poll::Ready(Some(Step::Next(Ok(changed))));
            }
            let Some(mut reading) = self.reading.take().or_else(|| self.read()) else {
                return Poll::Ready(None);
            };
            let Poll::Ready((reader, read)) = reading.as_mut().poll(context) else {
                self.reading = Some(reading);
                return Poll::Pending;
            };
            self.reader = Some(reader);
            match read {
                Ok(batch) if batch.is_gap => {
                    self.has_caught_up = false;
                    return Poll::Ready(Some(Step::Next(Err(Error::ChangesPurged))));
                }
                Ok(batch) => {
                    self.has_caught_up = batch.is_end;
                    self.ready = batch.changed.into();
                    if let Some(broken) = batch.broken.into_iter().next() {
                        return Poll::Ready(Some(Step::Next(Err(broken.error.into()))));
                    }
                    if batch.is_end {
                        return Poll::Ready(Some(Step::Idle));
                    }
                }
                Err(error) => return Poll::Ready(Some(Step::Next(Err(error.into())))),
            }
        }
    }
}

impl<R: RootResource, S: Store> Stream for ChangeStream<R, S> {
    type Item = Result<Changed<R>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match this.poll_step(context) {
                Poll::Ready(Some(Step::Next(next))) => return Poll::Ready(Some(next)),
                Poll::Ready(Some(Step::Idle)) => {}
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

/// Nothing in it is pinned: what is under way stands in a box.
impl<R: RootResource, S> Unpin for ChangeStream<R, S> {}

impl<R: RootResource, S> fmt::Debug for ChangeStream<R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangeStream").field("has_caught_up", &self.has_caught_up).finish_non_exhaustive()
    }
}
