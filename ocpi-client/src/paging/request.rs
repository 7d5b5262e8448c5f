//! Requests for pages.

use ocpi_types::endpoint::List;
use ocpi_types::{DateTime, Url, UrlError};

/// Range of times of the last change: start inclusive, end exclusive.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Range {
    /// `date_from`.
    pub from: Option<DateTime>,
    /// `date_to`.
    pub to: Option<DateTime>,
}

/// Page to request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PageRequest {
    /// By query parameters of the specification.
    At {
        /// Parameters `date_from` and `date_to`.
        range: Range,
        /// Parameter `offset`.
        offset: u64,
        /// Parameter `limit`.
        limit: Option<u64>,
    },
    /// By the link of the previous page, at an origin that the partner registered.
    Link(url::Url),
}

impl PageRequest {
    /// Returns the request as an endpoint.
    ///
    /// # Errors
    /// When the link is not a valid URL.
    ///
    /// ```
    /// use ocpi_client::paging::{PageRequest, Range};
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    /// let first = PageRequest::At { range: Range::default(), offset: 0, limit: Some(50) };
    /// assert_eq!(first.to_list::<Tariff>()?.limit, Some(50));
    /// # Ok::<(), ocpi_types::UrlError>(())
    /// ```
    pub fn to_list<T>(&self) -> Result<List<T>, UrlError> {
        match self {
            Self::At { range, offset, limit } => Ok(List {
                date_from: range.from,
                date_to: range.to,
                offset: Some(*offset).filter(|offset| *offset > 0),
                limit: *limit,
                ..List::all()
            }),
            Self::Link(url) => Url::from_header(url.as_str()).map(List::at),
        }
    }
}
