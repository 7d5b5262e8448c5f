//! Limit of one answer.

/// Most bytes of the answer to one request, in the extensions of the request.
///
/// A client sets it where the answer is small: a list of versions, their details. A transport keeps to the smaller of this
/// and its own limit.
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
    /// For a list of versions, or the details of one: 1 MiB.
    pub const VERSIONS: Self = Self(1 << 20);

    /// Returns the limit of a request.
    pub fn of<B>(request: &http::Request<B>) -> usize {
        request.extensions().get::<Self>().map_or(usize::MAX, |limit| limit.0)
    }
}
