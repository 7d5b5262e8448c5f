//! Blocking transport over the crate ureq.

use std::io::{self, Read};
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
use ocpi_types::observe::Chain;
use ureq::config::{AutoHeaderValue, Config};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::blocking::BlockingTransport;
use crate::outbound::{BodyReader, Hops, Outbound, is_about_tls, says_gzip, timeout};
use crate::transport::ResponseLimit;
use crate::{TransportError, TransportErrorKind};

/// Transport that sends requests with ureq, following the rules of an [`Outbound`], and blocks the thread meanwhile. It
/// needs no runtime. Clones share connections.
///
/// A body that stops altogether is given up after the longer of two time limits, that of the head and that of the
/// body's rate: ureq has one limit for every read. Name resolution and connection each have the full connection time,
/// and the time for the head starts when the request has been sent. If another crate enables ureq's own feature `gzip`,
/// ureq decompresses bodies: the size limit still applies, the ratio limit does not.
///
/// At level TRACE the crates `ureq` and `ureq_proto` log whole messages, with tokens and drivers' ids: keep these
/// targets at DEBUG.
///
/// With the feature `rustls`, TLS comes from rustls, with the default crypto provider of the process, or else ring;
/// otherwise, with `native-tls`, from the operating system.
///
/// ```
/// use ocpi_client::{Outbound, Ureq};
/// let http = Ureq::new(Outbound::new())?;
/// # drop(http);
/// # Ok::<(), ocpi_client::TransportError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ureq {
    agent: ureq::Agent,
    outbound: Arc<Outbound>,
}

impl Ureq {
    /// Creates a transport with these rules.
    ///
    /// # Errors
    /// When the certificates cannot be read, or there are some and TLS is not compiled in.
    pub fn new(outbound: Outbound) -> Result<Self, TransportError> {
        let outbound = Arc::new(outbound);
        let times = outbound.times;
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            .proxy(outbound.proxy.as_ref().map(|proxy| proxy_of(proxy.url())).transpose()?)
            .timeout_resolve(at_most_a_year(times.connect))
            .timeout_connect(at_most_a_year(times.connect))
            .timeout_send_body(at_most_a_year(times.head))
            .timeout_recv_response(at_most_a_year(times.head))
            .timeout_per_read(at_most_a_year(times.window.max(times.head)));
        let config = with_tls(config, &outbound)?.build();
        let resolver = Filter(Arc::clone(&outbound));
        let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), resolver);
        Ok(Self { agent, outbound })
    }

    fn head(
        &self,
        parts: &http::request::Parts,
        url: &url::Url,
        body: &Bytes,
        left: Duration,
    ) -> Result<http::Response<ureq::Body>, TransportError> {
        if url.scheme() == "https" && !cfg!(any(feature = "rustls", feature = "native-tls")) {
            return Err(crate::outbound::no_tls("ureq"));
        }
        let uri: Uri = url.as_str().parse().map_err(TransportError::new)?;
        let mut request = http::Request::new(body.as_ref());
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = parts.headers.clone();
        // ureq tells a request without a body from one with an empty body by its type.
        let is_bare = body.is_empty()
            && matches!(parts.method, http::Method::GET | http::Method::HEAD | http::Method::DELETE);
        let answer = if is_bare {
            self.agent.run(self.within(left, request.map(|_| ())))
        } else {
            self.agent.run(self.within(left, request))
        };
        answer.map_err(failed)
    }

    /// The request, which has this time to the end of its answer.
    fn within<B: ureq::AsSendBody>(&self, left: Duration, request: http::Request<B>) -> http::Request<B> {
        self.agent.configure_request(request).timeout_global(at_most_a_year(left)).build()
    }

    /// Reads the body, as long as it comes fast enough.
    fn whole(
        &self,
        answer: http::Response<ureq::Body>,
        limit: usize,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (mut head, body) = answer.into_parts();
        let mut kept = BodyReader::new(&mut head.headers, limit, self.outbound.ratio)?;
        let mut reader = body.into_reader();
        let Outbound { clock, times, .. } = &*self.outbound;
        let mut piece = vec![0; 16 << 10];
        let (mut came, mut began) = (0_usize, clock.ticks());
        loop {
            let count = match reader.read(&mut piece) {
                Ok(0) => return Ok(http::Response::from_parts(head, kept.finish()?)),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(failed(error.into())),
            };
            kept.push(piece.get(..count).unwrap_or_default())?;
            came = came.saturating_add(count);
            let now = clock.ticks();
            if now.saturating_sub(began) >= times.window {
                if came < times.rate {
                    return Err(timeout("the body of the answer comes too slowly"));
                }
                (came, began) = (0, now);
            }
        }
    }
}

/// The crate adds times to instants, which not all times can be.
fn at_most_a_year(time: Duration) -> Option<Duration> {
    Some(time.min(Duration::from_secs(365 * 86_400)))
}

impl BlockingTransport for Ureq {
    fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let limit = ResponseLimit::of(&request).min(self.outbound.body_limit);
        let (mut parts, body) = request.into_parts();
        let mut url = self.outbound.check(&parts.uri)?;
        says_gzip(&mut parts.headers);
        let mut hops = Hops::of(&parts.method);
        let Outbound { clock, times, .. } = &*self.outbound;
        let (mut left, began) = (times.whole, clock.ticks());
        loop {
            let answer = self.head(&parts, &url, &body, left)?;
            match hops.next(&self.outbound, &url, answer.status(), answer.headers()) {
                Some(next) => url = next,
                None => return self.whole(answer, limit),
            }
            left = times.whole.saturating_sub(clock.ticks().saturating_sub(began));
            if left.is_zero() {
                return Err(timeout("no whole answer"));
            }
        }
    }
}

/// Resolver that leaves out the addresses to which no connection may be opened.
#[derive(Debug)]
struct Filter(Arc<Outbound>);

impl Resolver for Filter {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let _ = config;
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?.to_owned();
        let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(default);
        let found =
            self.look_up(host, *timeout.after).map_err(|error| ureq::Error::Other(Box::new(error)))?;
        let mut resolved = self.empty();
        // No more than these have a place.
        for address in found.into_iter().take(16) {
            resolved.push(SocketAddr::new(address, port));
        }
        Ok(resolved)
    }
}

impl Filter {
    /// Looks up a name on a thread of its own, which may take longer than we wait.
    fn look_up(&self, host: String, time: Duration) -> Result<Vec<std::net::IpAddr>, TransportError> {
        let (tell, told) = mpsc::sync_channel(1);
        let outbound = Arc::clone(&self.0);
        let thread = std::thread::Builder::new().name("look-up".to_owned());
        thread.spawn(move || tell.send(outbound.addresses(&host)).ok()).map_err(TransportError::new)?;
        told.recv_timeout(time).unwrap_or_else(|_| Err(timeout("the name was not looked up")))
    }
}

fn proxy_of(url: &url::Url) -> Result<ureq::Proxy, TransportError> {
    ureq::Proxy::new(url.as_str()).map_err(failed)
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn with_tls(
    config: ureq::config::ConfigBuilder<ureq::typestate::AgentScope>,
    outbound: &Outbound,
) -> Result<ureq::config::ConfigBuilder<ureq::typestate::AgentScope>, TransportError> {
    use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, TlsProvider};
    let certificates = |pem: &[u8]| -> Result<Vec<Certificate<'static>>, TransportError> {
        let all: Vec<_> = ureq::tls::parse_pem(pem)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(one)) => Some(one),
                _ => None,
            })
            .collect();
        if all.is_empty() { Err(crate::outbound::PemError::certificate()) } else { Ok(all) }
    };
    let (provider, default) = if cfg!(feature = "rustls") {
        (TlsProvider::Rustls, RootCerts::WebPki)
    } else {
        (TlsProvider::NativeTls, RootCerts::PlatformVerifier)
    };
    let roots = outbound.roots.as_ref().map(|pem| certificates(pem)).transpose()?;
    let identity = outbound.identity.as_ref().map(|identity| {
        let key = PrivateKey::from_pem(&identity.key).map_err(|_| crate::outbound::PemError::key())?;
        Ok::<_, TransportError>(ClientCert::new_with_certs(&certificates(&identity.chain)?, key))
    });
    let tls = TlsConfig::builder()
        .provider(provider)
        .root_certs(roots.map_or(default, |roots| RootCerts::new_with_certs(&roots)))
        .client_cert(identity.transpose()?)
        .build();
    Ok(config.tls_config(tls))
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn with_tls(
    config: ureq::config::ConfigBuilder<ureq::typestate::AgentScope>,
    outbound: &Outbound,
) -> Result<ureq::config::ConfigBuilder<ureq::typestate::AgentScope>, TransportError> {
    if outbound.roots.is_some() || outbound.identity.is_some() {
        Err(crate::outbound::no_tls("ureq"))
    } else {
        Ok(config)
    }
}

/// The failure of a request. ureq's errors hold no URL of ours but that of a bad one, which [`Outbound`] has read before.
fn failed(error: ureq::Error) -> TransportError {
    use ureq::Error;
    let error = match error {
        Error::Other(ours) => match ours.downcast::<TransportError>() {
            Ok(ours) => return *ours,
            Err(other) => Error::Other(other),
        },
        error => error,
    };
    let kind = match &error {
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::HostNotFound | Error::ConnectionFailed => TransportErrorKind::Connect,
        Error::Io(io) => match io.kind() {
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable => TransportErrorKind::Connect,
            io::ErrorKind::TimedOut => TransportErrorKind::Timeout,
            _ => TransportErrorKind::Other,
        },
        _ => TransportErrorKind::Other,
    };
    let kind = match kind {
        TransportErrorKind::Other if is_about_tls(&Chain(&error).to_string()) => TransportErrorKind::Tls,
        kind => kind,
    };
    TransportError::new(error).with_kind(kind)
}
