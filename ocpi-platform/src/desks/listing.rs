//! Lists of partners, read page by page.

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_types::Url;
use ocpi_types::endpoint::{Addressed, List};

use crate::{Error, Platform};

/// Most pages of a list: a partner that always says another one would never come to an end.
const MOST_PAGES: u32 = 10_000;

/// A place in a partner's list.
pub(super) struct Place<R> {
    next: Option<List<R>>,
    pages: u32,
}

impl<R: Addressed> Place<R> {
    pub(super) fn first() -> Self {
        Self { next: Some(List::all()), pages: 0 }
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Fetches the next page of a partner's list; `None` at its end.
    pub(super) async fn fetch_page<R: Addressed>(
        &self,
        partner: &str,
        place: &mut Place<R>,
    ) -> Result<Option<Vec<R>>, Error> {
        let Some(list) = place.next.take() else { return Ok(None) };
        if place.pages == MOST_PAGES {
            return Err(Error::TooManyPages(partner.to_owned()));
        }
        place.pages += 1;
        let page = self.send(partner, &list).await?.value;
        let next = page.next.and_then(|url| url.parse::<Url>().ok());
        // A page that leads to itself has no end.
        place.next = next.filter(|next| list.url.as_ref() != Some(next)).map(List::at);
        Ok(Some(page.items))
    }
}
