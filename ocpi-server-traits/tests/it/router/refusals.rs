//! Requests with tokens that are not known.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, header};
use ocpi_server_traits::{Partner, PartnerDirectory, Rate, RemoteAddress, RequestLimits, Router, StoreError};
use ocpi_testkit::{SteppedClock, partner_id, party, token};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{CredentialsToken, Version};

use crate::site::raw_request;

/// Partners that may be added, and the number of look-ups.
#[derive(Default)]
struct Book {
    known: Mutex<Vec<CredentialsToken>>,
    looked_up: AtomicUsize,
}

impl Book {
    fn add(&self, name: &str) {
        self.known.lock().expect("no panic").push(token(name));
    }

    fn looked_up(&self) -> usize {
        self.looked_up.swap(0, Ordering::Relaxed)
    }
}

impl PartnerDirectory for Book {
    async fn find(&self, tokens: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> {
        self.looked_up.fetch_add(1, Ordering::Relaxed);
        let is_known = self.known.lock().expect("no panic").iter().any(|known| tokens.contains(known));
        Ok(is_known.then(|| Partner::new(partner_id("cpo"), [party("NL/ALF")])))
    }
}

fn router(book: &Arc<Book>) -> (SteppedClock, Router) {
    let clock = SteppedClock::default();
    let objects = super::build::objects();
    let limits = RequestLimits::default().with_refusals(Rate::new(3, Duration::from_secs(30)));
    let router = Router::builder("https://emsp.example/ocpi".parse().expect("a URL"), clock.clock())
        .with_limits(limits)
        .version(Version::V2_3_0, |routes| routes.receiver::<Tariff>(&objects))
        .build(Arc::clone(book))
        .expect("a router");
    (clock, router)
}

/// Status, and the seconds to wait.
fn ask(router: &Router, who: &str, from: Option<IpAddr>) -> (u16, Option<String>) {
    let mut request = raw_request(Method::GET, "/ocpi/versions", Bytes::new());
    let header = token(who).to_header(true).parse().expect("a header");
    request.headers_mut().insert(header::AUTHORIZATION, header);
    if let Some(from) = from {
        request.extensions_mut().insert(RemoteAddress(from));
    }
    let answer = pollster::block_on(router.call(request));
    let wait =
        answer.headers().get(header::RETRY_AFTER).map(|value| value.to_str().expect("ASCII").to_owned());
    (answer.status().as_u16(), wait)
}

const HERE: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
const THERE: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2)));

#[test]
fn an_address_has_so_many_refusals_in_a_time() {
    let book = Arc::new(Book::default());
    book.add("good");
    let (clock, router) = router(&book);
    assert_eq!(ask(&router, "good", HERE).0, 200);
    for guess in ["a", "b", "c"] {
        assert_eq!(ask(&router, guess, HERE), (401, None));
    }
    assert_eq!(book.looked_up(), 4);
    assert_eq!(ask(&router, "d", HERE), (429, Some("10".to_owned())));
    assert_eq!(book.looked_up(), 0, "it is refused before anything is looked up");
    // Who was known goes on, also behind the same address; so do others.
    assert_eq!(ask(&router, "good", HERE).0, 200);
    assert_eq!(ask(&router, "d", THERE).0, 401);
    clock.advance(10);
    assert_eq!([ask(&router, "e", HERE).0, ask(&router, "f", HERE).0], [401, 429]);
    // Where the address is not known, nobody is shut out.
    for guess in 0..50 {
        assert_eq!(ask(&router, &format!("g{guess}"), None).0, 401);
    }
}

#[test]
fn the_addresses_of_one_network_are_one() {
    let book = Arc::new(Book::default());
    let (_, router) = router(&book);
    let from = |text: &str| Some(text.parse().expect("an address"));
    for last in 1..=3 {
        assert_eq!(ask(&router, "a", from(&format!("2001:db8:1:2:{last}::1"))).0, 401);
    }
    assert_eq!(ask(&router, "b", from("2001:db8:1:2:ffff::1")).0, 429);
    assert_eq!(ask(&router, "b", from("2001:db8:1:3::1")).0, 401);
    for _ in 0..3 {
        assert_eq!(ask(&router, "c", HERE).0, 401);
    }
    assert_eq!(ask(&router, "c", from("::ffff:192.0.2.1")).0, 429);
}

/// Trust is decided on what is stored now: another process may have changed it a moment ago.
#[test]
fn every_token_is_looked_up() {
    let book = Arc::new(Book::default());
    let (_, router) = router(&book);
    for _ in 0..5 {
        assert_eq!(ask(&router, "late", None).0, 401);
    }
    assert_eq!(book.looked_up(), 5);
    book.add("late");
    assert_eq!((ask(&router, "late", None).0, book.looked_up()), (200, 1));
    // One that was known and is dead is looked up, too.
    book.known.lock().expect("no panic").clear();
    assert_eq!((ask(&router, "late", None).0, book.looked_up()), (401, 1));
}
