//! Pages as a stream, and as a blocking iterator.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use ocpi_types::endpoint::Resource;

use super::pages::Item;
use super::{Collected, Pages};
use crate::wait::wait;
use crate::{Error, Transport};

/// After an error the stream goes on: the same page is asked for again. So stop at an error that lasts.
impl<R: Resource, T: Transport + Clone + 'static> Stream for Pages<R, T> {
    type Item = Item<R>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

/// Pages as an iterator: see [`Pages::blocking`].
#[derive(Debug)]
pub struct BlockingPages<R, T>(Pages<R, T>);

impl<R: Resource, T: Transport> Pages<R, T> {
    /// Returns the pages as an iterator, which blocks the thread until a page arrives. It provides no runtime: use it
    /// with transports that need none.
    ///
    /// ```
    /// use ocpi_client::{Client, Error, Transport};
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    /// fn count(cpo: &Client<impl Transport + Clone>) -> Result<usize, Error> {
    ///     let mut count = 0;
    ///     for page in cpo.pages::<Tariff>().blocking() {
    ///         count += page?.value.items.len();
    ///     }
    ///     Ok(count)
    /// }
    /// ```
    pub fn blocking(self) -> BlockingPages<R, T> {
        BlockingPages(self)
    }
}

impl<R, T> BlockingPages<R, T> {
    /// Returns the pages, for their outcome, cursor and findings.
    pub fn pages(&self) -> &Pages<R, T> {
        &self.0
    }

    /// Returns the original pages.
    pub fn into_pages(self) -> Pages<R, T> {
        self.0
    }
}

impl<R: Resource, T: Transport> BlockingPages<R, T> {
    /// Fetches all objects into memory: see [`Pages::collect_items`].
    ///
    /// # Errors
    /// As [`Pages::collect_items`].
    pub fn collect_items(&mut self) -> Result<Collected<R>, Error> {
        wait(self.0.collect_items())
    }
}

impl<R: Resource, T: Transport> Iterator for BlockingPages<R, T> {
    type Item = Item<R>;

    fn next(&mut self) -> Option<Self::Item> {
        wait(self.0.next())
    }
}
