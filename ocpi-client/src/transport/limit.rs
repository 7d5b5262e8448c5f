//! Size limit of one answer.

/// Maximum size in bytes of the answer to one request, in the extensions of the request.
///
/// A client sets it if the answer is known to be small: a list of versions, or version details. A transport applies the
/// smaller of this limit and its own.
///
/// ```
/// use ocpi_client::transport::ResponseLimit;
/// let mut request = http::Request::get("https://cpo.example/ocpi/versions").body(())?;
/// assert_eq!(ResponseLimit::of(&request), usize::MAX);
/// request.extensions_mut().insert(ResponseLimit::VERSIONS);
/// assert_eq!(ResponseLimit::of(&request), 1 << 20);
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ResponseLimit(pub usize);

impl ResponseLimit {
    /// Limit for a list of versions, or the details of one: 1 MiB.
    pub const VERSIONS: Self = Self(1 << 20);

    /// Returns the limit of a request.
    pub fn of<B>(request: &http::Request<B>) -> usize {
        request.extensions().get::<Self>().map_or(usize::MAX, |limit| limit.0)
    }
}
