//! Sockets of this machine, for platforms that are tested over HTTP.

use std::future::Future;
use std::io;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use ocpi_server_traits::Router;
use ocpi_types::Url;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// A socket on 127.0.0.1 with a free port. Its URL is known before the platform that it serves is opened.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let socket = ocpi_testkit::Socket::bind().await;
/// assert!(socket.base().as_str().starts_with("http://127.0.0.1:"));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Socket {
    listener: TcpListener,
    base: Url,
}

impl Socket {
    /// Opens one.
    pub async fn bind() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
        let port = listener.local_addr().expect("an address").port();
        let base = format!("http://127.0.0.1:{port}/ocpi").parse().expect("a URL");
        Self { listener, base }
    }

    /// Returns the URL that all URLs of the platform behind it begin with: `http://127.0.0.1:{port}/ocpi`.
    pub fn base(&self) -> Url {
        self.base.clone()
    }

    /// Lets a router answer, until what is returned is dropped.
    pub fn serve(self, router: Router) -> Serving {
        self.serve_by(move |request| {
            let router = router.clone();
            async move { Some(router.call(request).await) }
        })
    }

    /// Lets a function answer; where it returns `None`, the connection breaks.
    pub(crate) fn serve_by<A>(
        self,
        answer: impl Fn(http::Request<Bytes>) -> A + Clone + Send + Sync + 'static,
    ) -> Serving
    where
        A: Future<Output = Option<http::Response<Bytes>>> + Send + 'static,
    {
        let origin = self.base.as_str().trim_end_matches("/ocpi").to_owned();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = self.listener.accept().await {
                let (answer, origin) = (answer.clone(), origin.clone());
                let service = service_fn(move |request: http::Request<Incoming>| {
                    let (answer, origin) = (answer.clone(), origin.clone());
                    async move {
                        let whole = read(request, &origin).await?;
                        let answered = answer(whole).await.map(|response| response.map(Full::new));
                        answered.ok_or_else(|| io::Error::other("the line breaks"))
                    }
                });
                let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                // One that breaks off concerns nobody else.
                tokio::spawn(async move { drop(connection.await) });
            }
        });
        Serving(serving.abort_handle())
    }
}

/// Reads the body of a request, and writes its URL as it was asked for.
async fn read(request: http::Request<Incoming>, origin: &str) -> Result<http::Request<Bytes>, io::Error> {
    let (mut parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    parts.uri = format!("{origin}{path}").parse().map_err(io::Error::other)?;
    Ok(http::Request::from_parts(parts, body))
}

/// A router that answers on a [`Socket`] until this is dropped.
#[derive(Debug)]
#[must_use = "it stops when this is dropped"]
pub struct Serving(AbortHandle);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}
