//! The objects that a query finds.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use ocpi_types::endpoint::RootResource;

use super::plan::Run;
use super::{Criteria, QueryError};
use crate::StoreError;
use crate::objects::stored::read;
use crate::objects::{Broken, ROWS};
use crate::router::BoxFuture;
use crate::storage::{Address, Document, Page, Query, Start, Store};

/// The objects that a [query](super::ObjectQuery) finds, as a stream. The next page is read when the previous one is
/// used up.
#[must_use = "a stream does nothing until it is read"]
pub struct Found<'a, S, T> {
    store: &'a S,
    query: Query,
    criteria: Criteria<T>,
    limit: u32,
    end: Option<String>,
    /// Where the next page begins; `None` behind the last one.
    next: Option<Start>,
    rows: VecDeque<(Address, Document)>,
    reading: Option<BoxFuture<'a, Result<Page, StoreError>>>,
}

impl<'a, S: Store, T: RootResource> Found<'a, S, T> {
    pub(super) fn new(store: &'a S, run: Run, criteria: Criteria<T>, limit: u32) -> Self {
        Self {
            store,
            query: run.query,
            criteria,
            limit: limit.clamp(1, ROWS),
            end: run.end,
            next: Some(run.start),
            rows: VecDeque::new(),
            reading: None,
        }
    }

    /// Returns the next object; `None` after the last one. Dropping the future loses nothing.
    ///
    /// # Errors
    /// When the store fails, or a document is broken.
    pub async fn next(&mut self) -> Option<Result<T, QueryError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next object among the documents that are read already.
    fn take(&mut self) -> Option<Result<T, QueryError>> {
        while let Some((at, document)) = self.rows.pop_front() {
            if self.end.as_ref().is_some_and(|end| document.list >= *end) {
                self.rows.clear();
                self.next = None;
                return None;
            }
            if !self.criteria.admit(&at, &document) {
                continue;
            }
            match read::<T>(&document) {
                Ok(object) if !self.criteria.hold(&object) => {}
                Ok(object) => return Some(Ok(object)),
                Err(error) => return Some(Err(QueryError::Broken(Broken { at, error }))),
            }
        }
        None
    }
}

impl<'a, S: Store, T: RootResource> Stream for Found<'a, S, T> {
    type Item = Result<T, QueryError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(found) = this.take() {
                return Poll::Ready(Some(found));
            }
            if this.reading.is_none() {
                let Some(start) = this.next.take() else { return Poll::Ready(None) };
                let (store, query, limit) = (this.store, this.query.clone(), this.limit);
                this.reading = Some(Box::pin(async move { store.page(&query, start, limit).await }));
            }
            let Some(reading) = &mut this.reading else { return Poll::Ready(None) };
            let read = ready!(reading.as_mut().poll(context));
            this.reading = None;
            match read {
                Ok(page) => {
                    this.rows = page.rows.into();
                    this.next = page.next.map(Start::After);
                }
                Err(error) => return Poll::Ready(Some(Err(error.into()))),
            }
        }
    }
}

/// The objects are those of drivers, too: only their number is shown.
impl<S, T> fmt::Debug for Found<'_, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}
