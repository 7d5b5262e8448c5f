//! Tests your own program against a partner that misbehaves.

use std::sync::Arc;
use std::time::Duration;

use ocpi_client::{Outbound, Reqwest};
use ocpi_platform::{Platform, Settings, UrlPolicy};
use ocpi_server_traits::Memory;
use ocpi_testkit::{self as testkit, Fault, Socket};
use ocpi_types::v2_3_0::locations::Location;

use crate::Failure;

#[tokio::test]
async fn wrong_links_of_a_slow_partner_are_followed() -> Result<(), Failure> {
    let socket = Socket::bind().await;
    let role = testkit::parse_list(&testkit::roles_json(&[("EMSP", "DE", "EMP")])).remove(0);
    let settings = Settings { urls: UrlPolicy::Any, ..Settings::new(socket.base(), role) };
    let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any))?;
    let emsp = Arc::new(Platform::open(settings, Memory::new(), http).await?);
    let _serving = socket.serve(emsp.router(|routes| routes.emsp(emsp.objects()))?);
    let slow = Fault::Slow(Duration::from_millis(2));
    // [task]
    let cpo =
        testkit::cpo().seed_city(100).page_size(40).fault(Fault::WrongLinkHost).fault(slow).start().await;
    emsp.register("cpo", cpo.versions_url(), cpo.token_a(), cpo.allow()).await?;
    // [end]
    let pulled = emsp.pull::<Location>("cpo", |_, _| {}).await?;
    assert_eq!((pulled.objects, pulled.outcome.is_complete()), (100, true));
    assert!(cpo.met().contains(&Fault::WrongLinkHost));
    Ok(())
}
