//! HEAD and OPTIONS, and the methods that a refusal names.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, header};
use ocpi_server_traits::{Layout, Partner, Permissions};
use ocpi_testkit::{Answer, KnownPartners, parse, partner_id, party, tariff_json, token, token_json};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Role, Version};

use crate::site::{NEWCOMER, Site, builder, raw_request};

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

/// Of a URL with both interfaces a partner is told the methods of those that are open to its roles.
#[test]
fn methods_that_are_not_open_to_a_partner_are_not_told() {
    let objects = super::build::objects();
    let roles = |roles: &[Role]| Arc::new((roles.to_vec(), Permissions::default()));
    let of = |name: &str, role: &[Role]| {
        Partner::new(partner_id(name), [party("NL/ALF")]).with_permissions(roles(role))
    };
    let partners = KnownPartners::default()
        .with("cpo", of("cpo", &[Role::Cpo]))
        .with("emsp", of("emsp", &[Role::Emsp]))
        .with("hub", of("hub", &[Role::Hub]))
        .with("other", of("other", &[Role::Other]));
    let router = builder().with_layout(Layout::flat()).version(Version::V2_3_0, |routes| {
        routes.sender::<Location>(&objects).receiver::<Location>(&objects)
    });
    let router = router.build(partners).expect("a router");
    let ask = |who: &str, method: &Method, path: &str| {
        let mut request = raw_request(method.clone(), &format!("/ocpi/2.3.0{path}"), Bytes::new());
        let header = token(who).to_header(true).parse().expect("a header");
        request.headers_mut().insert(header::AUTHORIZATION, header);
        pollster::block_on(router.call(request))
    };
    let brew = Method::from_bytes(b"BREW").expect("a method");
    for (who, methods) in [
        ("cpo", "GET, HEAD, PUT, PATCH, OPTIONS"),
        ("emsp", "GET, HEAD, OPTIONS"),
        ("hub", "GET, HEAD, PUT, PATCH, OPTIONS"),
    ] {
        // Location, EVSE and Connector of the Sender, or Location of the Receiver.
        let path = "/locations/NL/ALF/L1";
        assert_eq!(allowed(&ask(who, &Method::OPTIONS, path)), methods, "{who}");
        assert_eq!(allowed(&ask(who, &brew, path)), methods, "{who}");
    }
    for method in [&Method::OPTIONS, &brew] {
        let refused = ask("other", method, "/locations/NL/ALF/L1");
        assert!(refused.headers().get(header::ALLOW).is_none(), "{method}");
        Answer::of(refused).expect(200, 2000);
    }
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
