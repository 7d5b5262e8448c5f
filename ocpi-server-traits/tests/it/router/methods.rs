//! HEAD and OPTIONS, and the methods that a refusal names.

use bytes::Bytes;
use http::{Method, header};
use ocpi_testkit::{parse, tariff_json, token, token_json};
use ocpi_types::v2_3_0::tokens::Token;

use crate::site::{NEWCOMER, Site, raw_request};

fn ask(site: &Site, method: Method, path: &str) -> http::Response<Bytes> {
    pollster::block_on(site.router.call(raw_request(method, &format!("/ocpi{path}"), Bytes::new())))
}

fn allowed(answer: &http::Response<Bytes>) -> &str {
    answer.headers()[header::ALLOW].to_str().expect("ASCII")
}

#[test]
fn a_url_says_which_methods_it_has() {
    let site = Site::emsp();
    for (path, methods) in [
        ("/versions", "GET, HEAD, OPTIONS"),
        ("/2.3.0", "GET, HEAD, OPTIONS"),
        ("/2.3.0/credentials", "GET, HEAD, OPTIONS"),
        ("/2.3.0/receiver/locations/NL/ALF/L1", "GET, HEAD, PUT, PATCH, OPTIONS"),
        ("/2.3.0/receiver/tariffs/NL/ALF/T1", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("/2.3.0/receiver/cdrs", "POST, OPTIONS"),
        ("/2.3.0/receiver/commands/STOP_SESSION", "POST, OPTIONS"),
    ] {
        let answer = ask(&site, Method::OPTIONS, path);
        assert_eq!((answer.status().as_u16(), allowed(&answer)), (200, methods), "{path}");
        let other = Method::from_bytes(b"BREW").expect("a method");
        let refused = ask(&site, other, path);
        assert_eq!((refused.status().as_u16(), allowed(&refused)), (405, methods), "{path}");
    }
    assert_eq!(ask(&site, Method::OPTIONS, "/2.3.0/sender/nothing").status(), 404);
}

/// The question which methods there are is for those who may use them.
#[test]
fn methods_are_told_to_those_who_may_use_them() {
    let site = Site::emsp();
    let ask = |who: &str, path: &str| {
        let mut request = raw_request(Method::OPTIONS, &format!("/ocpi{path}"), Bytes::new());
        let header = token(who).to_header(true).parse().expect("a header");
        request.headers_mut().insert(header::AUTHORIZATION, header);
        site.ask(request).status
    };
    assert_eq!(ask("nobody", "/versions"), 401);
    assert_eq!(ask(NEWCOMER, "/versions"), 200);
    assert_eq!(ask(NEWCOMER, "/2.3.0/credentials"), 200);
    assert_eq!(ask(NEWCOMER, "/2.3.0/sender/tokens"), 401);
}

#[test]
fn head_is_get_without_the_body() {
    let site = Site::emsp();
    let driver: Token = parse(&token_json("DE/EMP", "04A2", "10:00:00"));
    pollster::block_on(site.objects.put_all([driver])).expect("stored");
    site.put("/receiver/tariffs/NL/ALF/T1", &tariff_json("NL/ALF", "T1", "10:00:00")).expect(201, 1000);
    for (path, status) in [
        ("/versions", 200),
        ("/2.3.0", 200),
        ("/2.3.0/sender/tokens", 200),
        ("/2.3.0/receiver/tariffs/NL/ALF/T1", 200),
        ("/2.3.0/receiver/tariffs/NL/ALF/T2", 404),
        ("/2.3.0/nothing", 404),
    ] {
        let (get, head) = (ask(&site, Method::GET, path), ask(&site, Method::HEAD, path));
        assert_eq!((get.status().as_u16(), head.status().as_u16()), (status, status), "{path}");
        assert!(head.body().is_empty(), "{path}");
        let mut headers = get.headers().clone();
        headers.insert(header::CONTENT_LENGTH, get.body().len().into());
        assert_eq!(*head.headers(), headers, "{path}");
    }
    assert_eq!(ask(&site, Method::HEAD, "/2.3.0/sender/tokens").headers()["x-total-count"], "1");
}
