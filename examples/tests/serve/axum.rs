//! The example `serve_axum`.

#[allow(dead_code, reason = "its `main` is for the command line")]
#[path = "../../examples/serve_axum.rs"]
mod example;

use http::StatusCode;
use ocpi_client::Retry;
use ocpi_server_traits::{Rate, RequestLimits};
use ocpi_testkit::token;
use ocpi_types::endpoint::GetVersions;

use crate::side::{Side, client, reqwest, socket, talk};

#[tokio::test]
async fn axum_answers_and_says_which_address_guesses_tokens() {
    let (listener, base) = socket("http").await;
    let side = Side::new(&base, RequestLimits::default().with_refusals(Rate::per_minute(2)));
    tokio::spawn(example::serve(listener, side.router.clone()));

    let stranger = client(&side.router, token("guessed")).with_retry(Retry::NEVER).over(reqwest());
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(stranger.send(&GetVersions).await.expect_err("a refusal").http_status());
    }
    // Without the address, nobody could be told to wait.
    let (unknown, wait) = (Some(StatusCode::UNAUTHORIZED), Some(StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(statuses, [unknown, unknown, wait]);
}

#[tokio::test]
async fn a_partner_is_answered_beside_other_routes() {
    let (listener, base) = socket("http").await;
    let side = Side::new(&base, RequestLimits::default());
    tokio::spawn(example::serve(listener, side.router));
    talk(&side.client.over(reqwest())).await;

    let request = http::Request::get(base.replace("/ocpi", "/health")).body(bytes::Bytes::new());
    let answer =
        ocpi_client::Transport::send(&reqwest(), request.expect("a request")).await.expect("an answer");
    assert_eq!(answer.body(), "up");
}
