//! Requests by hand that are refused, and quote what must not show.

use bytes::Bytes;
use http::Method;
use ocpi_client::Transport;
use ocpi_types::endpoint::{List, Put};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Version, json};

use crate::drivers::{self, CONTRACT, PLATE, UID, UNKNOWN_UID, VISUAL_NUMBER};
use crate::side::Side;
use crate::watch::Watch;

/// Token that nobody knows.
const STRANGE: &str = "unknown-token-6c1f0a9be2d74853";

/// Sends each of them from one side to the other.
pub(crate) async fn meet(watch: &Watch, version: Version, from: &Side, to: &Side) {
    watch.token(STRANGE);
    let client = watch.success(from.platform.client("cpo").await);
    let good = client.request(&Put::<Token>::of(drivers::token("DE/EMP", "10:00:00"))).expect("offered");
    let list = client.request(&List::<Tariff>::all()).expect("offered");
    let body = String::from_utf8(good.body().to_vec()).expect("JSON");
    let text = |text: &str| Bytes::from(text.to_owned());
    let url = good.uri().to_string();
    let mut requests = vec![
        // Another uid in the URL than in the body.
        changed(&good, Method::PUT, &url.replace("UJHN", "ABCD"), good.body().clone()),
        changed(&good, Method::PUT, &format!("{}/{PLATE}/{CONTRACT}", good.uri()), good.body().clone()),
        changed(&good, Method::PUT, &format!("{}?uid={CONTRACT}", good.uri()), text(&body[..body.len() / 2])),
        changed(&good, Method::PUT, &url, text(&body.replace(":\"", ":\"\u{1}"))),
        changed(
            &good,
            Method::PUT,
            &url,
            text(&body.replace("\"valid\":true", &format!("\"valid\":\"{UID}\""))),
        ),
        changed(&good, Method::PUT, &url, text(&format!("<html>{UID} {PLATE}</html>"))),
        changed(&good, Method::PUT, &url, text(&format!("[\"{CONTRACT}\", {VISUAL_NUMBER}]"))),
        changed(&good, Method::PATCH, &url, text(&format!("{{\"{UNKNOWN_UID}\": \"{PLATE}\", \"uid\": 1}}"))),
        changed(&good, Method::DELETE, &url, Bytes::new()),
        changed(
            &list,
            Method::GET,
            &format!("{}?date_from={UNKNOWN_UID}&limit={PLATE}", list.uri()),
            Bytes::new(),
        ),
        changed(&list, Method::GET, &format!("{}/{UNKNOWN_UID}", list.uri()), Bytes::new()),
        changed(&list, Method::GET, &format!("{}/nowhere/{UNKNOWN_UID}", to.platform.base()), Bytes::new()),
    ];
    for token in [format!("Token {STRANGE}"), format!("Bearer {STRANGE}"), STRANGE.to_owned()] {
        let mut strange = changed(&good, Method::PUT, &url, good.body().clone());
        strange.headers_mut().insert("authorization", token.parse().expect("a header"));
        requests.push(strange);
    }
    let credentials = format!("{}/{version}/credentials", to.platform.base());
    for body in [
        format!(r#"{{"token": "{STRANGE}", "url": "https://{STRANGE}.example/"}}"#),
        format!(r#"{{"token": "{STRANGE} {STRANGE}", "url": 7, "roles": [{{"party_id": "{STRANGE}"}}]}}"#),
        format!(r#"{{"token": "{STRANGE}", "#),
    ] {
        for method in [Method::POST, Method::PUT] {
            requests.push(changed(&good, method, &credentials, text(&body)));
        }
    }
    for request in requests {
        let asked = format!("{} {}", request.method(), request.uri());
        let answer = from.carrier.send(request).await.expect("an answer");
        let said = serde_json::from_slice::<serde_json::Value>(answer.body()).unwrap_or_default();
        assert!(!answer.status().is_success() || said["status_code"] != 1000, "{asked} is not refused");
        // What may be read of it by a program that logs answers.
        let told = json::from_slice::<ocpi_types::v2_3_0::versions::VersionDetails>(answer.body());
        watch.result(told);
        watch.show(String::from_utf8_lossy(answer.body()).into_owned());
    }
}

fn changed(of: &http::Request<Bytes>, method: Method, url: &str, body: Bytes) -> http::Request<Bytes> {
    let url: url::Url = url.parse().expect("a URL");
    let mut request = http::Request::new(body);
    (*request.method_mut(), *request.headers_mut()) = (method, of.headers().clone());
    *request.uri_mut() = url.as_str().parse().expect("a URL");
    request
}
