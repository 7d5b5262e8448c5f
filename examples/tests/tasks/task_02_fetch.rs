//! Fetches a partner's Locations with a token, and nothing else.

use std::sync::Arc;

use ocpi_client::{Client, Error, Outbound, Reqwest, UrlPolicy};
use ocpi_server_traits::{Memory, Objects, Partner, Router};
use ocpi_testkit::{KnownPartners, Socket, fixed_clock, location_json, parse, partner_id, party, token};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::{CredentialsToken, Version};

async fn locations(http: Reqwest, url: &str, token: CredentialsToken) -> Result<Vec<Location>, Error> {
    // [task]
    let cpo = Client::discover_over(http, url, token).await?; // `discover(url, token)`, of public servers
    Ok(cpo.pages().collect_items().await?.items)
    // [end]
}

#[tokio::test]
async fn locations_come_over_several_pages_of_a_socket() {
    let socket = Socket::bind().await;
    let objects = Objects::new(Memory::new(), vec![party("NL/ALF")]).with_page_size(2);
    let all = (1..=5)
        .map(|number| parse::<Location>(&location_json("NL/ALF", &format!("L{number}"), "10:00:00")))
        .collect::<Vec<_>>();
    objects.put_all(all.clone()).await.expect("stored");
    let objects = Arc::new(objects);
    let partner = Partner::new(partner_id("emsp"), [party("DE/EMP")]);
    let router = Router::builder(socket.base(), fixed_clock())
        .version(Version::V2_3_0, |routes| routes.sender::<Location>(&objects))
        .build(KnownPartners::default().with("known", partner))
        .expect("a router");
    let url = router.versions_url();
    let _serving = socket.serve(router);
    let http = || Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any)).expect("a transport");
    assert_eq!(locations(http(), url.as_str(), token("known")).await.expect("fetched"), all);
    let refused = locations(http(), url.as_str(), token("guessed")).await.expect_err("a refusal");
    assert!(refused.is_unauthorized(), "{refused}");
}
