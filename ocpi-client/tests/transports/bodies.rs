use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use ocpi_client::TransportErrorKind;
use ocpi_client::transport::ResponseLimit;

use crate::server::{Server, answer, wait_for_the_end};
use crate::way::{development, request, ways};

const GZIP: &str = "content-encoding: gzip\r\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("room");
    encoder.finish().expect("room")
}

#[test]
fn gzip_is_asked_for_and_unpacked() {
    for way in ways(&development()) {
        for (encoding, body) in [
            ("gzip", gzip(b"{\"data\": []}")),
            ("x-gzip", gzip(b"{\"data\": []}")),
            ("identity, GZIP", gzip(b"{\"data\": []}")),
            ("identity", b"{\"data\": []}".to_vec()),
            // Several members, one after the other.
            ("gzip", [gzip(b"{\"data\""), gzip(b": []}")].concat()),
        ] {
            let server = Server::says(answer(&format!("content-encoding: {encoding}\r\n"), &body));
            let got = way.get(&server.url("/")).expect("an answer");
            assert_eq!(got.body(), "{\"data\": []}", "{} {encoding}", way.name);
            assert!(server.heads().concat().contains("accept-encoding: gzip\r\n"), "{}", way.name);
            if encoding.to_ascii_lowercase().contains("gzip") {
                assert!(got.headers().get("content-encoding").is_none(), "{}", way.name);
                assert!(got.headers().get("content-length").is_none(), "{}", way.name);
            }
        }
        let empty = Server::says(answer(GZIP, b""));
        assert_eq!(way.get(&empty.url("/")).expect("an answer").body(), "");
        let own = Server::says(answer("", b"{}"));
        let mut identity = request("GET", &own.url("/"));
        identity.headers_mut().insert("accept-encoding", "identity".parse().expect("a value"));
        way.send(identity).expect("an answer");
        assert!(own.heads().concat().contains("accept-encoding: identity\r\n"), "{}", way.name);
    }
}

#[test]
fn other_encodings_are_refused() {
    for way in ways(&development()) {
        let whole = gzip(b"{\"data\": []}");
        for (encoding, body) in [
            ("br", whole.clone()),
            ("gzip, gzip", gzip(&whole)),
            ("deflate, gzip", whole.clone()),
            ("gzip", b"{\"data\": []}".to_vec()),
            ("gzip", whole[..whole.len() - 9].to_vec()),
        ] {
            let server = Server::says(answer(&format!("content-encoding: {encoding}\r\n"), &body));
            let error = way.get(&server.url("/")).expect_err("no answer");
            assert_eq!(error.kind(), TransportErrorKind::Other, "{} {encoding}: {error}", way.name);
        }
    }
}

/// The most memory that the program has had, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or_default() << 10
}

/// 256 MiB in a quarter of a MiB.
#[test]
fn a_bomb_is_stopped_at_the_limit() {
    let bomb = gzip(&vec![0; 1 << 20]).repeat(256);
    assert!(bomb.len() < 300 << 10, "{}", bomb.len());
    let server = Server::says(answer(GZIP, &bomb));
    let outbound = development().with_body_limit(16 << 20).with_gzip_ratio(usize::MAX);
    let before = peak();
    for way in ways(&outbound) {
        let error = way.get(&server.url("/")).expect_err("a bomb");
        assert_eq!(error.kind(), TransportErrorKind::TooLarge, "{}", way.name);
    }
    // Twice the limit, while the buffer grows, and what other tests need meanwhile.
    assert!(peak() - before < 128 << 20, "{} MiB", (peak() - before) >> 20);
}

#[test]
fn an_answer_unpacks_to_a_hundred_times_its_size_at_most() {
    // Repeats that compress 60 and 1000 times.
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    })
    .take(6000)
    .collect();
    let fair = gzip(&[&*noise, &[0; 394_000]].concat().repeat(6));
    let unfair = gzip(&vec![0; 4 << 20]);
    let free = gzip(&vec![0; 1 << 20]);
    for way in ways(&development()) {
        let send = |body: &[u8]| way.get(&Server::says(answer(GZIP, body)).url("/"));
        assert_eq!(send(&fair).expect("an answer").body().len(), 2_400_000, "{}", way.name);
        assert_eq!(send(&free).expect("an answer").body().len(), 1 << 20, "{}", way.name);
        let error = send(&unfair).expect_err("a bomb");
        assert_eq!(error.kind(), TransportErrorKind::TooLarge, "{}", way.name);
    }
}

#[test]
fn an_answer_is_as_large_as_its_limit() {
    let body = vec![b' '; 5000];
    let plain = answer("", &body);
    let packed = answer(GZIP, &gzip(&body));
    let chunked = [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n1388\r\n".as_slice(),
        &body,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    for text in [plain, packed, chunked] {
        let server = Server::says(text);
        let url = server.url("/");
        for (limit, own, fits) in
            [(5000, 9000, true), (4999, 9000, false), (9000, 5000, true), (9000, 4999, false)]
        {
            for way in ways(&development().with_body_limit(limit)) {
                let mut get = request("GET", &url);
                get.extensions_mut().insert(ResponseLimit(own));
                match way.send(get) {
                    Ok(got) => assert!(fits && got.body().len() == 5000, "{} {limit} {own}", way.name),
                    Err(error) => {
                        assert!(!fits, "{} {limit} {own}: {error}", way.name);
                        assert_eq!(error.kind(), TransportErrorKind::TooLarge, "{}", way.name);
                        assert_eq!(error.to_string(), "the answer is larger than the limit");
                    }
                }
            }
        }
    }
}

/// An answer without end: the client hangs up, which the server sees.
#[test]
fn an_endless_answer_is_not_read() {
    for (head, piece) in [
        ("content-length: 99999999999\r\n", ""),
        ("", "spaces and spaces and spaces"),
        ("transfer-encoding: chunked\r\n", "7\r\nspaces \r\n"),
    ] {
        for way in ways(&development().with_body_limit(1 << 20)) {
            let (tell, told) = std::sync::mpsc::channel();
            let server = Server::new(move |_, stream| {
                let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n");
                let pieces = piece.repeat(1000);
                let mut open = stream.write_all(head.as_bytes()).is_ok();
                while open && !pieces.is_empty() {
                    open = stream.write_all(pieces.as_bytes()).is_ok();
                }
                wait_for_the_end(stream);
                tell.send(()).expect("the test waits");
            });
            let error = way.get(&server.url("/")).expect_err("too large");
            assert_eq!(error.kind(), TransportErrorKind::TooLarge, "{}", way.name);
            drop(way);
            told.recv().expect("the client hung up");
        }
    }
}
