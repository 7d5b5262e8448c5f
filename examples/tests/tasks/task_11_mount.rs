//! Mounts a router on plain hyper. actix-web and a function in the cloud stand in `examples/actix` and `serve_call`.

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use ocpi_client::{Client, Outbound, Reqwest, UrlPolicy};
use ocpi_server_traits::{Partner, Router};
use ocpi_testkit::{KnownPartners, fixed_clock, partner_id, party, token};
use ocpi_types::Version;
use tokio::net::TcpListener;

async fn serve(listener: TcpListener, router: Router) -> std::io::Result<()> {
    // [task]
    loop {
        let (stream, service) = (listener.accept().await?.0, TowerToHyperService::new(router.clone()));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
    // [end]
}

#[tokio::test]
async fn hyper_serves_a_router() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let base = format!("http://{}/ocpi", listener.local_addr().expect("an address"));
    let objects = ocpi_server_traits::Objects::new(ocpi_server_traits::Memory::new(), vec![party("NL/ALF")]);
    let objects = std::sync::Arc::new(objects);
    let router = Router::builder(base.parse().expect("a URL"), fixed_clock())
        .version(Version::V2_3_0, |routes| routes.sender::<ocpi_types::v2_3_0::locations::Location>(&objects))
        .build(KnownPartners::default().with("known", Partner::new(partner_id("emsp"), [party("DE/EMP")])))
        .expect("a router");
    let url = router.versions_url();
    tokio::spawn(serve(listener, router));
    let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any)).expect("a transport");
    let cpo = Client::discover_over(http, url.as_str(), token("known")).await.expect("an answer");
    assert_eq!(cpo.endpoints().len(), 1);
}
