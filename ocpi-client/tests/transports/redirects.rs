use http::StatusCode;

use crate::server::{Server, answer};
use crate::way::{development, request, ways};

const CODES: [u16; 5] = [301, 302, 303, 307, 308];

fn moved(code: u16, to: &str) -> Vec<u8> {
    format!("HTTP/1.1 {code} Moved\r\nconnection: close\r\ncontent-length: 0\r\nlocation: {to}\r\n\r\n")
        .into_bytes()
}

/// A redirected write would lose its body, or send it to somebody else.
#[test]
fn writes_are_not_redirected() {
    for way in ways(&development()) {
        for code in CODES {
            let other = Server::says(answer("", b"{}"));
            let server = Server::says(moved(code, &other.url("/stolen")));
            let same = Server::says(moved(code, "/again"));
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                for server in [&server, &same] {
                    let got = way.send(request(method, &server.url("/cdrs"))).expect("an answer");
                    assert_eq!(got.status().as_u16(), code, "{} {method}", way.name);
                    assert_eq!(server.heads().len(), 1, "{} {method} {code}", way.name);
                }
            }
            assert_eq!(other.connections(), 0, "{} {code}", way.name);
        }
    }
}

#[test]
fn reads_follow_three_redirects_on_their_server() {
    for way in ways(&development()) {
        for code in CODES {
            // Counts down in its path: `/3` leads to `/2`, and `/0` is there.
            let server = Server::new(move |head, stream| {
                let path = head.split(' ').nth(1).expect("a path");
                let left: u32 = path.trim_start_matches('/').parse().expect("a number");
                let text = match left.checked_sub(1) {
                    Some(next) => moved(code, &format!("/{next}#part")),
                    None => answer("", b"there"),
                };
                drop(std::io::Write::write_all(stream, &text));
            });
            for hops in 0..=3 {
                let got = way.get(&server.url(&format!("/{hops}"))).expect("an answer");
                assert_eq!(got.body(), "there", "{} {code}", way.name);
                let heads = server.heads();
                assert_eq!(heads.len(), hops + 1);
                assert!(
                    heads.iter().all(|head| head.contains("authorization: token canary")),
                    "{}",
                    way.name
                );
            }
            let got = way.get(&server.url("/4")).expect("an answer");
            assert_eq!((got.status().as_u16(), server.heads().len()), (code, 4), "{}", way.name);
        }
    }
}

#[test]
fn reads_are_not_redirected_elsewhere() {
    for way in ways(&development()) {
        let other = Server::says(answer("", b"{}"));
        for code in CODES {
            let port = other.port;
            for to in [
                other.url("/stolen"),
                format!("//127.0.0.1:{port}/stolen"),
                format!("http://localhost:{port}/stolen"),
                format!("https://127.0.0.1:{port}/stolen"),
                "ftp://127.0.0.1/".to_owned(),
                "file:///etc/passwd".to_owned(),
                "http://".to_owned(),
                String::new(),
            ] {
                // An empty `Location` is the same URL again, and an end after three of them.
                let server = Server::says(moved(code, &to));
                let got = way.get(&server.url("/locations")).expect("an answer");
                assert_eq!(got.status().as_u16(), code, "{} {to}", way.name);
                let count = if to.is_empty() { 4 } else { 1 };
                assert_eq!(server.heads().len(), count, "{} {to}", way.name);
            }
            // Its own URL, with a user who would be sent along.
            let server = Server::new(move |head, stream| {
                let host = head.split("host: ").nth(1).and_then(|rest| rest.lines().next()).expect("a host");
                drop(std::io::Write::write_all(stream, &moved(code, &format!("http://user:word@{host}/"))));
            });
            let got = way.get(&server.url("/locations")).expect("an answer");
            assert_eq!((got.status().as_u16(), server.heads().len()), (code, 1), "{}", way.name);
        }
        assert_eq!(other.connections(), 0, "{}", way.name);
    }
}

#[test]
fn other_codes_are_no_redirects() {
    for way in ways(&development()) {
        for code in [300, 304, 305, 306] {
            let server = Server::says(moved(code, "/again"));
            let got = way.get(&server.url("/")).expect("an answer");
            assert_eq!(got.status(), StatusCode::from_u16(code).expect("a code"));
            assert_eq!(server.heads().len(), 1, "{} {code}", way.name);
        }
    }
}
