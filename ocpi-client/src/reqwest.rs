//! Transport over the crate reqwest.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_types::observe::Chain;

use crate::outbound::{BodyReader, Hops, Outbound, is_about_tls, no_tls, says_gzip, timeout};
use crate::transport::{ResponseLimit, Transport};
use crate::{TransportError, TransportErrorKind, UrlRefused};

/// Transport that sends requests with reqwest, following the rules of an [`Outbound`]. Clones share connections. It
/// needs a Tokio runtime.
///
/// With the feature `rustls`, TLS comes from rustls and ring, whatever else is compiled in; otherwise, with
/// `native-tls`, from the operating system.
///
/// ```
/// use ocpi_client::{Outbound, Reqwest};
/// let http = Reqwest::new(Outbound::new())?;
/// # drop(http);
/// # Ok::<(), ocpi_client::TransportError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reqwest {
    client: reqwest::Client,
    outbound: Arc<Outbound>,
}

impl Reqwest {
    /// Creates a transport with these rules.
    ///
    /// # Errors
    /// When the certificates cannot be read, or reqwest cannot be set up.
    pub fn new(outbound: Outbound) -> Result<Self, TransportError> {
        Self::from_builder(reqwest::Client::builder(), outbound)
    }

    /// Creates a transport from a builder of reqwest, for settings that [`Outbound`] lacks.
    ///
    /// Redirects, proxy, resolver and time limits are set according to the rules; so is TLS, if it is one of this
    /// crate's features. An address that the builder assigns to a name ([`reqwest::ClientBuilder::resolve`]) is not
    /// checked.
    ///
    /// # Errors
    /// As [`Reqwest::new`].
    pub fn from_builder(builder: reqwest::ClientBuilder, outbound: Outbound) -> Result<Self, TransportError> {
        let outbound = Arc::new(outbound);
        let builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            // Bodies are unpacked here, up to the limits, whatever features of reqwest another crate switches on.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .no_proxy()
            .connect_timeout(outbound.times.connect)
            .dns_resolver(Filter(Arc::clone(&outbound)));
        let builder = match &outbound.proxy {
            Some(proxy) => builder.proxy(proxy_of(proxy.url())?),
            None => builder,
        };
        let client = with_tls(builder, &outbound)?.build();
        let client = client.map_err(|error| TransportError::new(error).with_kind(TransportErrorKind::Tls))?;
        Ok(Self { client, outbound })
    }

    async fn follow(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let limit = ResponseLimit::of(&request).min(self.outbound.body_limit);
        let (mut parts, body) = request.into_parts();
        let mut url = self.outbound.check(&parts.uri)?;
        says_gzip(&mut parts.headers);
        let mut hops = Hops::of(&parts.method);
        loop {
            let mut request = reqwest::Request::new(parts.method.clone(), url.clone());
            *request.headers_mut() = parts.headers.clone();
            if !body.is_empty() || !matches!(parts.method, Method::GET | Method::HEAD | Method::DELETE) {
                *request.body_mut() = Some(body.clone().into());
            }
            let answer = self.head(request).await?;
            match hops.next(&self.outbound, &url, answer.status(), answer.headers()) {
                Some(next) => url = next,
                None => return self.whole(answer, limit).await,
            }
        }
    }

    /// Sends a request and waits for the head of the answer.
    async fn head(&self, request: reqwest::Request) -> Result<reqwest::Response, TransportError> {
        let is_https = request.url().scheme() == "https";
        let answer = self.outbound.timer.within(self.outbound.times.head, self.client.execute(request)).await;
        answer.ok_or_else(|| timeout("no head of an answer"))?.map_err(|error| failed(error, is_https))
    }

    /// Reads the body, as long as it comes fast enough.
    async fn whole(
        &self,
        mut answer: reqwest::Response,
        limit: usize,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let mut response = http::Response::new(());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        let mut body = BodyReader::new(response.headers_mut(), limit, self.outbound.ratio)?;
        let Outbound { timer, times, .. } = &*self.outbound;
        // One period after the other; a period that ends drops nothing but the wait for the next piece.
        loop {
            let mut came = 0_usize;
            let period = async {
                while let Some(piece) = answer.chunk().await.map_err(|error| failed(error, false))? {
                    came = came.saturating_add(piece.len());
                    body.push(&piece)?;
                }
                Ok::<(), TransportError>(())
            };
            match timer.within(times.window, period).await {
                Some(read) => {
                    read?;
                    let body = body.finish()?;
                    return Ok(response.map(|()| body));
                }
                None if came < times.rate => return Err(timeout("the body of the answer comes too slowly")),
                None => {}
            }
        }
    }
}

impl Transport for Reqwest {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let answer = self.outbound.timer.within(self.outbound.times.whole, self.follow(request)).await;
        answer.unwrap_or_else(|| Err(timeout("no whole answer")))
    }
}

/// Resolver that leaves out the addresses to which no connection may be opened.
struct Filter(Arc<Outbound>);

impl reqwest::dns::Resolve for Filter {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let outbound = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::task::spawn_blocking(move || outbound.addresses(name.as_str())).await??;
            // The port of the URL takes the place of 0.
            let found = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(found) as reqwest::dns::Addrs)
        })
    }
}

fn proxy_of(url: &url::Url) -> Result<reqwest::Proxy, TransportError> {
    reqwest::Proxy::all(url.clone()).map_err(|error| failed(error, false))
}

#[cfg(feature = "rustls")]
fn with_tls(
    builder: reqwest::ClientBuilder,
    outbound: &Outbound,
) -> Result<reqwest::ClientBuilder, TransportError> {
    Ok(builder.tls_backend_preconfigured(outbound.rustls()?))
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
fn with_tls(
    builder: reqwest::ClientBuilder,
    outbound: &Outbound,
) -> Result<reqwest::ClientBuilder, TransportError> {
    use crate::outbound::PemError;
    let mut builder = builder.tls_backend_native();
    if let Some(pem) = &outbound.roots {
        match reqwest::Certificate::from_pem_bundle(pem) {
            Ok(roots) if !roots.is_empty() => builder = builder.tls_certs_only(roots),
            _ => return Err(PemError::certificate()),
        }
    }
    if let Some(identity) = &outbound.identity {
        let identity = reqwest::Identity::from_pkcs8_pem(&identity.chain, &identity.key);
        builder = builder.identity(identity.map_err(|_| PemError::key())?);
    }
    Ok(builder)
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn with_tls(
    builder: reqwest::ClientBuilder,
    outbound: &Outbound,
) -> Result<reqwest::ClientBuilder, TransportError> {
    if outbound.roots.is_some() || outbound.identity.is_some() { Err(no_tls("reqwest")) } else { Ok(builder) }
}

/// The failure of a request. Its URL is left out: it may hold a driver's token.
fn failed(error: reqwest::Error, is_https: bool) -> TransportError {
    let error = error.without_url();
    if let Some(refused) = refusal(&error) {
        return TransportError::new(refused).with_kind(TransportErrorKind::Refused);
    }
    if error.is_timeout() {
        return TransportError::new(error).with_kind(TransportErrorKind::Timeout);
    }
    let causes = Chain(&error).to_string();
    if is_https && causes.contains("scheme is not http") {
        return no_tls("reqwest");
    }
    let kind = match error.is_connect() {
        true if is_https && is_about_tls(&causes) => TransportErrorKind::Tls,
        true => TransportErrorKind::Connect,
        false => TransportErrorKind::Other,
    };
    TransportError::new(error).with_kind(kind)
}

/// The refusal of our filter, which reqwest wraps.
fn refusal(error: &(dyn std::error::Error + 'static)) -> Option<UrlRefused> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<UrlRefused>() {
            return Some(refused.clone());
        }
        cause = error.source();
    }
    None
}
