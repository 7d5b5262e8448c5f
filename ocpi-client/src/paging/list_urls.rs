//! URLs that a partner registered.

use ocpi_types::{Url, UrlError};

/// URLs that a partner registered, for the paging: a link to another origin is followed at the origin of the list
/// instead.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ListUrls {
    pub(super) list: url::Url,
    origins: Vec<String>,
}

impl ListUrls {
    /// Creates the URLs from that of the list, and others that the partner registered.
    ///
    /// # Errors
    /// When the URL of the list is invalid.
    ///
    /// ```
    /// use ocpi_client::paging::ListUrls;
    /// let list = "https://cpo.example/ocpi/2.3.0/locations".parse()?;
    /// let urls = ListUrls::new(&list, [])?;
    /// # let _ = urls;
    /// # Ok::<(), ocpi_types::UrlError>(())
    /// ```
    pub fn new<'a>(list: &Url, others: impl IntoIterator<Item = &'a Url>) -> Result<Self, UrlError> {
        let list = list.parse()?;
        let parsed = others.into_iter().filter_map(|url| url.parse().ok());
        let origins = parsed.chain([list.clone()]).map(|url| url.origin().ascii_serialization()).collect();
        Ok(Self { list, origins })
    }

    /// No partner's: what is asked for there is never sent.
    pub(super) fn nowhere() -> Self {
        #[expect(clippy::expect_used, reason = "a constant")]
        let list = url::Url::parse("https://nowhere.invalid/").expect("a URL");
        Self { list, origins: Vec::new() }
    }

    pub(super) fn knows(&self, url: &url::Url) -> bool {
        self.origins.contains(&url.origin().ascii_serialization())
    }
}
