//! A router on actix-web: `cargo run --manifest-path examples/actix/Cargo.toml`.
//!
//! actix-web has an older version of the crate `http`, and bodies that stay on one thread: requests and answers are translated,
//! and a body is read before the router sees its request.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, PayloadConfig, to};
use actix_web::{App, Error, HttpRequest, HttpResponse, HttpServer, error};
use ocpi_server_traits::{RemoteAddress, Router};

// [task]
/// Answers requests until what is returned is stopped.
pub(crate) fn serve(listener: TcpListener, router: Router) -> std::io::Result<Server> {
    let app = move || {
        let router = Data::new(router.clone());
        // Bodies of up to twice its limit are left to the router, which refuses them with an envelope.
        let limit = PayloadConfig::new(router.body_limit().saturating_mul(2));
        App::new().app_data(limit).app_data(router).default_service(to(answer))
    };
    Ok(HttpServer::new(app).listen(listener)?.run())
}

async fn answer(request: HttpRequest, body: Bytes, router: Data<Router>) -> Result<HttpResponse, Error> {
    let mut translated =
        http::Request::builder().method(request.method().as_str()).uri(request.uri().to_string());
    for (name, value) in request.headers() {
        translated = translated.header(name.as_str(), value.as_bytes());
    }
    if let Some(peer) = request.peer_addr() {
        translated = translated.extension(RemoteAddress(peer.ip()));
    }
    let answer = router.call(translated.body(body).map_err(error::ErrorBadRequest)?).await;
    let status = StatusCode::from_u16(answer.status().as_u16()).map_err(error::ErrorInternalServerError)?;
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers() {
        response.append_header((name.as_str(), value.as_bytes()));
    }
    Ok(response.body(answer.into_body()))
}
// [end]

#[actix_web::main]
async fn main() -> Result<(), examples::roam::Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 8080))?;
    let router = examples::cpo::open("http://127.0.0.1:8080/ocpi").await?;
    Ok(serve(listener, router)?.await?)
}
