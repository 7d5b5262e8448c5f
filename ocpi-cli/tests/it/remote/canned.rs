//! A partner made of texts.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::header;

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Beginning of all URLs of the partner.
    pub(super) base: String,
    /// Path and query.
    pub(super) path: String,
    /// The header with the token.
    pub(super) token: String,
    pub(super) body: String,
}

/// Status, further headers (each with its end of line), and body.
pub(super) type Reply = (u16, String, String);

/// A partner that answers by a function.
pub(super) struct Canned {
    pub(super) base: String,
    seen: Arc<Mutex<Vec<Asked>>>,
}

impl Canned {
    pub(super) fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let canned = Self { base: base.clone(), seen: Arc::default() };
        let seen = Arc::clone(&canned.seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(asked) = asked(&mut stream, &base) else { continue };
                seen.lock().unwrap().push(asked.clone());
                let (status, headers, body) = answer(&asked);
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
                );
                // A client that has seen enough may have gone.
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
            }
        });
        canned
    }

    /// Requests that came, and forgets them.
    pub(super) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// The URL of its versions.
    pub(super) fn versions(&self) -> String {
        format!("{}/versions", self.base)
    }

    /// Paths that were asked for, and forgets them.
    pub(super) fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }

    /// A text with a name in the place of its address.
    pub(super) fn named(&self, text: &str) -> String {
        text.replace(&self.base, "http://cpo")
    }
}

fn asked(stream: &mut TcpStream, base: &str) -> Option<Asked> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1)?.to_owned();
    let token = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("authorization").then(|| value.to_owned())
    });
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).unwrap();
    Some(Asked { base: base.to_owned(), path, token: token.unwrap_or_default(), body })
}

/// A success with this data.
pub(super) fn success(data: &str) -> Reply {
    let body = format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}}"#);
    (200, String::new(), body)
}

/// A failure with this message.
pub(super) fn failure(http: u16, code: u16, message: &str) -> Reply {
    let body = format!(
        r#"{{"status_code": {code}, "status_message": "{message}", "timestamp": "2026-11-22T10:00:00Z"}}"#
    );
    (http, String::new(), body)
}

/// A CPO of 2.2.1 and 2.3.0 with these modules, that keeps to the specification; other paths are left to `else_answer`.
pub(super) fn cpo(
    modules: &'static [&'static str],
    else_answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
) -> Canned {
    Canned::new(move |asked| {
        if asked.token != header(true) {
            return failure(401, 2001, "unknown token");
        }
        match &*asked.path {
            "/versions" => success(&list(asked, &["2.2.1", "2.3.0"])),
            "/2.2.1" => success(&details(asked, "2.2.1", modules)),
            "/2.3.0" => success(&details(asked, "2.3.0", modules)),
            _ => else_answer(asked),
        }
    })
}

/// A list of versions.
pub(super) fn list(asked: &Asked, versions: &[&str]) -> String {
    let base = &asked.base;
    let entry = |version: &&str| format!(r#"{{"version": "{version}", "url": "{base}/{version}"}}"#);
    format!("[{}]", versions.iter().map(entry).collect::<Vec<_>>().join(","))
}

/// Version details.
pub(super) fn details(asked: &Asked, version: &str, modules: &[&str]) -> String {
    let base = &asked.base;
    let endpoint = |module: &&str| {
        let both = ["SENDER", "RECEIVER"].map(|role| {
            format!(r#"{{"identifier": "{module}", "role": "{role}", "url": "{base}/{version}/{module}"}}"#)
        });
        // The role of credentials has no meaning, and it is one endpoint.
        if *module == "credentials" { both[0].clone() } else { both.join(",") }
    };
    let endpoints = modules.iter().map(endpoint).collect::<Vec<_>>().join(",");
    format!(r#"{{"version": "{version}", "endpoints": [{endpoints}]}}"#)
}
