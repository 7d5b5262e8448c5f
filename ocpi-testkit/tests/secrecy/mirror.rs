//! A partner that fails, and quotes in its failures all that it was sent.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Failure of the partner.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure {
    Unauthorized,
    NotFoundPage,
    ServerErrorPage,
    PlainText,
    UnreadableJson,
    OtherData,
    OddObject,
    OddList,
    RefusedByOcpi,
    UnknownCode,
    OddHeaders,
    Redirects,
    Cut,
    Silent,
    Garbage,
}

impl Failure {
    pub(crate) const ALL: [Self; 15] = [
        Self::Unauthorized,
        Self::NotFoundPage,
        Self::ServerErrorPage,
        Self::PlainText,
        Self::UnreadableJson,
        Self::OtherData,
        Self::OddObject,
        Self::OddList,
        Self::RefusedByOcpi,
        Self::UnknownCode,
        Self::OddHeaders,
        Self::Redirects,
        Self::Cut,
        Self::Silent,
        Self::Garbage,
    ];
}

/// Starts it, and returns its origin.
pub(crate) fn start(failure: Failure) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || drop(answer(failure, stream)));
        }
    });
    format!("http://127.0.0.1:{port}")
}

fn answer(failure: Failure, mut stream: TcpStream) -> std::io::Result<()> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body)?;
    stream.write_all(&said(failure, &head, &String::from_utf8_lossy(&body)))?;
    if let Failure::Silent = failure {
        // Until the other side has had enough.
        while stream.read(&mut byte)? > 0 {}
    }
    Ok(())
}

/// All that came, as one line: the path, the token in both forms, and the body.
fn quoted(head: &str, body: &str) -> String {
    let path = head.split(' ').nth(1).unwrap_or_default();
    let token =
        head.lines().find_map(|line| line.split_once(": Token ").or_else(|| line.split_once(": token ")));
    let token = token.map_or("", |(_, token)| token);
    let decoded = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let body = body.replace(['"', '\\', '\n', '\r'], "'");
    format!("{token} {} {path} {body}", decoded.unwrap_or_default())
}

fn said(failure: Failure, head: &str, body: &str) -> Vec<u8> {
    let quoted = quoted(head, body);
    let envelope = |data: &str, code: u16| {
        format!(
            r#"{{"data": {data}, "status_code": {code}, "status_message": "no: {quoted}", "timestamp": "2026-11-22T12:00:00Z"}}"#
        )
    };
    let page = format!("<html><h1>Oops</h1><pre>{quoted}</pre></html>");
    let whole = |status: &str, headers: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
            .into_bytes()
    };
    let ascii: String = quoted.chars().filter(|c| c.is_ascii_graphic()).take(2_000).collect();
    match failure {
        Failure::Unauthorized => whole("401 Unauthorized", "", &envelope("null", 2001)),
        Failure::NotFoundPage => whole("404 Not Found", "content-type: text/html\r\n", &page),
        Failure::ServerErrorPage => whole("500 Internal Server Error", "content-type: text/html\r\n", &page),
        Failure::PlainText => whole("422 Unprocessable", "content-type: text/plain\r\n", &quoted),
        Failure::UnreadableJson => {
            whole("200 OK", "", &format!("{{\"data\": {{\"{quoted}\": \"{quoted}\", x"))
        }
        Failure::OtherData => whole("200 OK", "", &envelope(&format!("\"{quoted}\""), 1000)),
        Failure::OddObject => {
            let members = [
                "uid",
                "id",
                "type",
                "token",
                "allowed",
                "result",
                "url",
                "last_updated",
                "roles",
                quoted.as_str(),
            ];
            let members: Vec<String> =
                members.iter().map(|name| format!("\"{name}\": {{\"{quoted}\": [\"{quoted}\"]}}")).collect();
            whole("200 OK", "", &envelope(&format!("{{{}}}", members.join(", ")), 1000))
        }
        Failure::OddList => {
            let item = format!("{{\"uid\": \"{quoted}\", \"valid\": \"{quoted}\", \"type\": \"{quoted}\"}}");
            whole("200 OK", "", &envelope(&format!("[{item}, \"{quoted}\", [{item}], 7]"), 1000))
        }
        Failure::RefusedByOcpi => whole("200 OK", "", &envelope("null", 2001)),
        Failure::UnknownCode => whole("200 OK", "", &envelope("null", 4242)),
        Failure::OddHeaders => {
            let link = format!(
                "link: <http://127.0.0.1/{ascii}>; rel=\"next\"\r\nx-total-count: {ascii}\r\nx-echo: {ascii}\r\nlocation: {ascii}\r\nretry-after: {ascii}\r\n"
            );
            whole("429 Too Many", &link, &envelope("[]", 2004))
        }
        Failure::Redirects => {
            let url = head.split(' ').nth(1).unwrap_or("/");
            whole("307 Elsewhere", &format!("location: {url}?again={ascii}\r\n"), "")
        }
        Failure::Cut => {
            let mut all = whole("200 OK", "", &envelope(&format!("\"{quoted}\""), 1000));
            all.truncate(all.len() - 10);
            all
        }
        Failure::Silent => Vec::new(),
        Failure::Garbage => format!("{quoted}\r\n\r\n").into_bytes(),
    }
}
