//! Redirects.

use http::{HeaderMap, Method, StatusCode, header};

use super::Outbound;

/// Redirects that may still be followed.
#[derive(Debug)]
pub(crate) struct Hops {
    left: u32,
}

impl Hops {
    /// The most redirects of one request.
    const MOST: u32 = 3;

    /// None yet. A write is not redirected: it would lose its body, or send it twice.
    pub(crate) fn of(method: &Method) -> Self {
        Self { left: if *method == Method::GET { Self::MOST } else { 0 } }
    }

    /// The URL to go on with, if an answer is a redirect that may be followed: to the same origin, and past the filter.
    pub(crate) fn next(
        &mut self,
        outbound: &Outbound,
        url: &url::Url,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<url::Url> {
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let location = headers.get(header::LOCATION)?.to_str().ok()?;
        let mut next = url.join(location).ok()?;
        next.set_fragment(None);
        let has_user = !next.username().is_empty() || next.password().is_some();
        if next.origin() != url.origin() || has_user || outbound.check_url(&next).is_err() {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        Some(next)
    }
}
