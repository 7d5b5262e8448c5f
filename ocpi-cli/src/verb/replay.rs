//! `ocpi replay`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::Args;
use http::header::{AUTHORIZATION, CONNECTION, CONTENT_LENGTH, HOST};
use http::{HeaderName, HeaderValue};
use ocpi_client::Transport;
use ocpi_client::blocking::wait;
use ocpi_types::protocol::Envelope;
use ocpi_types::{Url, Version};
use serde::Serialize;
use serde_json::Value;

use crate::exit::Exit;
use crate::har::{Archive, Entry};
use crate::output::{Format, Output, json, plain};
use crate::remote::{self, Failure, Http, Reach, Secret, TokenSource, report};

/// Send the requests of an HTTP archive again, and compare the answers
///
/// Of an archive of `ocpi messages` those are sent that a partner has sent to the platform, of another one all. Reads are sent,
/// writes with --writes only, and POST, PUT and DELETE of credentials, which change the registration, with --credentials only.
/// Requests with `***` in their URL or in an id are skipped: it is masked in the archive, and another id would be asked for. The exit
/// code is 1 if a status differs from the one in the archive.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  OCPI_TOKEN=… ocpi replay partner.har http://127.0.0.1:8080/ocpi --allow-private
  ocpi replay partner.har https://sandbox.example/ocpi --token-file token.txt --writes --format json")]
pub(crate) struct Arguments {
    /// The archive
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The URL that takes the place of the platform's base URL
    #[arg(value_name = "URL", value_parser = remote::url)]
    url: Url,
    /// Send POST, PUT, PATCH and DELETE, too: the server does them again
    #[arg(long)]
    writes: bool,
    /// Send POST, PUT and DELETE of credentials, too: the registration of the token changes or ends
    #[arg(long, requires = "writes")]
    credentials: bool,
    #[command(flatten)]
    token: TokenSource,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    output: Output,
}

/// A request, its answer in the archive, and its answer now.
#[derive(Serialize)]
struct Replayed<'a> {
    method: &'a str,
    url: String,
    then: Status,
    now: Option<Status>,
    differs: bool,
    /// Reason why it was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<&'static str>,
}

/// Statuses of an answer; an answer that did not come has `http` 0.
#[derive(Clone, Copy, Eq, PartialEq, Serialize)]
struct Status {
    http: u16,
    ocpi: Option<u16>,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        match self.token.read() {
            Ok(secret) => self.replay(&secret).or_else(|failure| report(failure, Some(&secret))),
            Err(failure) => report(failure, None),
        }
    }

    fn replay(&self, secret: &Secret) -> Result<Exit, Failure> {
        let archive = read(&self.file)?;
        let http = self.reach.transport(Some(&self.url))?;
        let mut out = io::stdout().lock();
        let (mut count, mut differ, mut skipped) = (0_u64, 0_u64, 0_u64);
        for entry in archive.log.entries.iter().filter(|entry| is_inbound(entry)) {
            let replayed = self.one(entry, secret, &http)?;
            count += 1;
            differ += u64::from(replayed.differs);
            skipped += u64::from(replayed.skipped.is_some());
            let line = match self.output.format() {
                Format::Json => json::line(&replayed)?,
                Format::Text => replayed.text(),
            };
            out.write_all(secret.mask(&line).as_bytes())?;
        }
        if matches!(self.output.format(), Format::Text) {
            let verb = if differ == 1 { "differs" } else { "differ" };
            let noun = if count == 1 { "request" } else { "requests" };
            writeln!(out, "{count} {noun}, {differ} {verb}, {skipped} not sent")?;
        }
        Ok(if differ > 0 { Exit::Objections } else { Exit::Done })
    }

    fn one<'a>(&self, entry: &'a Entry, secret: &Secret, http: &Http) -> Result<Replayed<'a>, Failure> {
        let method = entry.request.method.as_str();
        let url = self.url_of(entry);
        let then = Status { http: entry.response.status, ocpi: ocpi_of(entry) };
        let is_read = ["GET", "HEAD", "OPTIONS"].contains(&method);
        let body = entry.request.post_data.as_ref();
        let skipped = if !is_read && !self.writes {
            Some("a write")
        } else if !is_read && !self.credentials && is_of_credentials(entry) {
            Some("a write of credentials")
        } else if body.is_some_and(|body| body.is_cut) {
            Some("its body is not whole in the archive")
        } else if is_masked(&entry.request.url) || body.is_some_and(|body| has_masked_id(&body.text)) {
            Some("it is masked in the archive")
        } else {
            None
        };
        let now = match skipped {
            Some(_) => None,
            None => Some(send(entry, &url, secret, http)?),
        };
        let differs = now.is_some_and(|now| now != then);
        Ok(Replayed { method, url, then, now, differs, skipped })
    }

    /// The URL of a request below the one that was named.
    fn url_of(&self, entry: &Entry) -> String {
        let url = &entry.request.url;
        let base = entry.ocpi.as_ref().map(|ocpi| ocpi.base.trim_end_matches('/'));
        let rest = base.and_then(|base| url.strip_prefix(base)).filter(|rest| rest.starts_with('/'));
        // Of another tool's archive the whole path counts.
        let path = || {
            let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/")
        };
        let (to, rest) = match rest {
            Some(rest) => (self.url.as_str().trim_end_matches('/'), rest),
            None => (origin(self.url.as_str()), path()),
        };
        format!("{to}{rest}")
    }
}

impl Replayed<'_> {
    fn text(&self) -> String {
        let end = match (self.now, self.skipped) {
            (Some(now), _) if self.differs => format!("{now}  DIFFERS"),
            (Some(now), _) => now.to_string(),
            (None, why) => format!("not sent: {}", why.unwrap_or_default()),
        };
        format!("{:<6} {}  {} -> {end}\n", plain(self.method), plain(&self.url), self.then)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.ocpi {
            Some(ocpi) => write!(f, "{} {ocpi}", self.http),
            None => write!(f, "{} -", self.http),
        }
    }
}

fn read(path: &Path) -> Result<Archive, Failure> {
    let name = path.display();
    let bytes = match path.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes).map(|_| bytes)
        }
        false => std::fs::read(path),
    };
    let bytes = bytes.map_err(|error| Failure::unreadable(&name, error))?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::unreadable(&name, format!("no HAR: {error}")))
}

/// Whether a request is one to the platform.
fn is_inbound(entry: &Entry) -> bool {
    entry.ocpi.as_ref().is_none_or(|ocpi| ocpi.direction == "inbound")
}

/// Whether a request is about the registration.
fn is_of_credentials(entry: &Entry) -> bool {
    let path = entry.request.url.split(['?', '#']).next().unwrap_or_default();
    let module = entry.ocpi.as_ref().and_then(|ocpi| ocpi.module.as_deref());
    let is_credentials = |name: &str| name.eq_ignore_ascii_case("credentials");
    module.is_some_and(is_credentials)
        || path.trim_end_matches('/').rsplit('/').next().is_some_and(is_credentials)
}

fn is_masked(text: &str) -> bool {
    text.contains("***")
}

/// Whether a body names something by an id, a token or a URL that is masked.
fn has_masked_id(body: &str) -> bool {
    let names = |name: &str| {
        ["id", "uid", "token", "url"].into_iter().any(|end| {
            name.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('_'))
        })
    };
    let mut open: Vec<Value> = serde_json::from_str(body).into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let is_found =
                    |(name, value): (&String, &Value)| names(name) && value.as_str().is_some_and(is_masked);
                if members.iter().any(is_found) {
                    return true;
                }
                open.extend(members.into_iter().map(|(_, value)| value));
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    false
}

/// OCPI's status in the archive.
fn ocpi_of(entry: &Entry) -> Option<u16> {
    let told = entry.ocpi.as_ref().and_then(|ocpi| ocpi.status);
    told.or_else(|| status_in(entry.response.content.text.as_deref()?.as_bytes()))
}

fn status_in(body: &[u8]) -> Option<u16> {
    Some(Envelope::read(body).ok()?.head.status_code?.get())
}

fn send(entry: &Entry, url: &str, secret: &Secret, http: &Http) -> Result<Status, Failure> {
    let request = request(entry, url, secret).ok_or_else(|| {
        Failure::unreadable("the archive", format!("a request that cannot be sent: {}", plain(url)))
    })?;
    let answer = wait(http.send(request))?;
    Ok(Status { http: answer.status().as_u16(), ocpi: status_in(answer.body()) })
}

fn request(entry: &Entry, url: &str, secret: &Secret) -> Option<http::Request<Bytes>> {
    let body = entry.request.post_data.as_ref().map_or("", |body| &body.text);
    let request = http::Request::builder().method(entry.request.method.as_str()).uri(url);
    let mut request = request.body(Bytes::from(body.to_owned())).ok()?;
    for header in &entry.request.headers {
        // Pseudo-headers of HTTP/2 are no headers here, and have no names of one.
        let (Ok(name), Ok(value)) = (header.name.parse::<HeaderName>(), header.value.parse()) else {
            continue;
        };
        if ![AUTHORIZATION, CONNECTION, CONTENT_LENGTH, HOST].contains(&name) {
            request.headers_mut().append(name, value);
        }
    }
    let version = entry.ocpi.as_ref().and_then(|ocpi| ocpi.version.as_deref()?.parse::<Version>().ok());
    // In the form of the version: in Base64 from 2.2 on.
    let is_encoded = version.map_or(!url.contains("/2.1.1"), |version| version >= Version::V2_2);
    let mut token: HeaderValue = secret.token().to_header(is_encoded).parse().ok()?;
    token.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, token);
    Some(request)
}

/// Scheme and host of a URL.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let end = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |end| host + end);
    url.get(..end).unwrap_or(url)
}
