//! `ocpi serve`: the real binary, and a partner that is a platform of the test.

mod config;
mod conformance;
mod day;
mod faults;
mod messages;
mod met;
mod partner;
mod stop;
mod usage;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A running sandbox. It is killed where a test ends before it stops.
pub(crate) struct Sandbox {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    err: BufReader<std::process::ChildStderr>,
    first: Value,
}

impl Sandbox {
    /// Starts one at free ports, and waits for its first line.
    fn start(dir: &Path, arguments: &[&str]) -> Self {
        let usual = ["serve", "--listen", "127.0.0.1:0", "--allow-private", "--format", "json"];
        Self::start_as(dir, &[&usual[..], arguments].concat())
    }

    /// Starts one with these arguments only.
    fn start_as(dir: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ocpi"));
        command.current_dir(dir).args(arguments).env("NO_COLOR", "1");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        if line.is_empty() {
            let mut why = String::new();
            err.read_to_string(&mut why).unwrap();
            panic!("it did not start: {why}");
        }
        Self { child, out, err, first: serde_json::from_str(&line).unwrap() }
    }

    fn text(&self, member: &str) -> &str {
        self.first[member].as_str().unwrap()
    }

    /// Asks the second listener.
    fn admin(&self, path: &str) -> (u16, String) {
        let url = format!("http://{}{path}", self.text("admin"));
        let mut answer = ureq_get(&url);
        let text = std::mem::take(&mut answer.1);
        (answer.0, text)
    }

    /// Waits until it says something on standard error.
    fn wait_for(&mut self, text: &str) {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert_ne!(self.err.read_line(&mut line).unwrap(), 0, "it has ended without `{text}`");
        }
    }

    /// Sends SIGTERM, and waits for its end: exit code, the rest of standard output, standard error.
    fn stop(mut self) -> (Option<i32>, String, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        self.err.read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code(), out, err)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// GET by hand, over a socket: status and body.
fn ureq_get(url: &str) -> (u16, String) {
    let (status, _, body) = get_with(url, "");
    (status, body)
}

/// GET by hand, with headers, each with its end of line: status, headers and body.
fn get_with(url: &str, headers: &str) -> (u16, String, String) {
    use std::io::Write;
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_owned(), body.to_owned())
}
