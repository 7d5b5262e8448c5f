//! Transport over hyper, for a program that has an HTTP client of its own: one trait with one method.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use ocpi_client::transport::ResponseLimit;
use ocpi_client::{Outbound, Transport, TransportError, TransportErrorKind};
use tokio::net::TcpStream;

/// Sends each request over a connection of its own, without TLS. Where it may lead, an [`Outbound`] says.
#[derive(Clone, Debug)]
pub(crate) struct Hyper(pub(crate) Outbound);

impl Transport for Hyper {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let url = self.0.check(request.uri())?;
        let limit = ResponseLimit::of(&request).min(8 << 20);
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(80));
        // Names are looked up once: what was looked at is connected to. It blocks, as the operating system does.
        let addresses = tokio::task::block_in_place(|| self.0.addresses(host))?;
        let addresses: Vec<_> = addresses.into_iter().map(|address| (address, port).into()).collect();
        let connect = |error| TransportError::new(error).with_kind(TransportErrorKind::Connect);
        let stream = TcpStream::connect(&*addresses).await.map_err(connect)?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(TransportError::new)?;
        tokio::spawn(connection);
        // In HTTP/1.1 the host stands in a header, and the rest in the first line.
        let authority = HeaderValue::from_str(url.authority()).map_err(TransportError::new)?;
        request.headers_mut().insert(header::HOST, authority);
        let path = url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        *request.uri_mut() = path.parse().map_err(TransportError::new)?;
        let answer = sender.send_request(request.map(Full::new)).await.map_err(TransportError::new)?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, limit).collect().await.map_err(TransportError::new)?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

/// Prints the versions of a platform: `cargo run -p examples --example hyper -- http://127.0.0.1:8080/ocpi/versions TOKEN`.
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, token] = &*arguments else { return Err("name a URL and a token".into()) };
    let ids = ocpi_client::RequestIds::new("hyper");
    let client = ocpi_client::Client::new(ocpi_types::Version::V2_2_1, vec![], token.parse()?, ids)
        .with_versions_url(url.parse()?)
        .over(Hyper(Outbound::new().with_urls(ocpi_client::UrlPolicy::Any)));
    for version in client.send(&ocpi_types::endpoint::GetVersions).await?.value {
        println!("{} {}", version.version, version.url);
    }
    Ok(())
}
