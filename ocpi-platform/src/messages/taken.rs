//! A queued message, and its logged form.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, header};
use ocpi_types::DateTime;
use ocpi_types::observe::{Chain, Direction, Exchange, Message};
use ocpi_types::protocol::Envelope;

use super::logged::{LoggedBody, LoggedMessage, LoggedResponse};
use super::mask::{look_into, masked_json};
use super::secrets::{MASK, Secrets};
use super::url::{masked_headers, masked_target, module_of};
use crate::privacy::tree::Node;

/// Longest body that is masked, in bytes.
const MASKABLE: usize = 1 << 20;
/// Bytes that are counted for what is in any message beside its texts.
const BESIDE: usize = 1 << 10;

/// A message as it waits: with its secrets, in memory only.
pub(super) struct Taken {
    at: DateTime,
    duration: Duration,
    direction: Direction,
    partner: String,
    version: Option<&'static str>,
    endpoint: Option<String>,
    template: Option<String>,
    request_id: Option<String>,
    correlation_id: Option<String>,
    method: String,
    url: String,
    request: Part,
    response: Option<(u16, Part)>,
    error: Option<String>,
}

/// Headers and body of a request or an answer.
struct Part {
    /// Those that are logged.
    headers: Vec<(String, String)>,
    /// Headers `Authorization`: their tokens are secrets.
    authorization: Vec<String>,
    body: Bytes,
    /// Length of the body, also where it is too long to be kept.
    length: usize,
}

impl Taken {
    /// Takes a message that ended now. `base` is the URL of our platform, for requests to it.
    pub(super) fn of(
        exchange: &Exchange<'_>,
        message: &Message<'_>,
        now: DateTime,
        base: &str,
    ) -> Option<Self> {
        let partner = exchange.partner?.as_str().to_owned();
        let duration = i64::try_from(message.duration.as_micros()).unwrap_or(i64::MAX);
        let began = now.to_unix_micros().saturating_sub(duration);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Some(Self {
            at: DateTime::from_unix_micros(began).unwrap_or(now),
            duration: message.duration,
            direction: exchange.direction,
            partner,
            version: exchange.version.map(|version| version.as_str()),
            endpoint: owned(exchange.endpoint),
            template: owned(exchange.template),
            request_id: owned(exchange.request_id),
            correlation_id: owned(exchange.correlation_id),
            method: message.request.method().as_str().to_owned(),
            url: url_of(message.request, base),
            request: Part::of(message.request.headers(), message.request.body()),
            response: message.response.map(|it| (it.status().as_u16(), Part::of(it.headers(), it.body()))),
            error: message.error.map(|error| Chain(error).to_string()),
        })
    }

    /// Bytes that it needs in memory, about.
    pub(super) fn size(&self) -> usize {
        let texts = [&self.endpoint, &self.template, &self.request_id, &self.correlation_id, &self.error];
        let texts = texts.into_iter().flatten().chain([&self.partner, &self.method, &self.url]);
        let parts = std::iter::once(&self.request).chain(self.response.as_ref().map(|(_, part)| part));
        texts.map(String::len).chain(parts.map(Part::size)).fold(BESIDE, usize::saturating_add)
    }

    /// Masks it. Of each body at most so many bytes are kept.
    pub(super) fn masked(self, most: usize) -> LoggedMessage {
        let mut secrets = Secrets::default();
        let parts = [Some(&self.request), self.response.as_ref().map(|(_, part)| part)];
        let tokens = parts.iter().flatten().flat_map(|part| &part.authorization);
        tokens.for_each(|header| secrets.add_token(header));
        let (template, is_ours) = (self.template.as_deref(), self.direction == Direction::Inbound);
        let url = masked_target(&self.url, template, is_ours, &mut secrets);
        let trees = parts.map(|part| {
            let text = std::str::from_utf8(&part?.body).ok()?;
            let tree = Node::read(text)?;
            look_into(text, &tree, &mut secrets);
            Some((text, tree))
        });
        let is_known = !secrets.is_full();
        let masker = secrets.masker();
        let [body, answer] = trees.map(|tree| {
            let (text, tree) = tree.filter(|_| is_known)?;
            Some(masked_json(text, &tree, &masker))
        });
        let masked_headers = |part: &Part| {
            part.headers.iter().map(|(name, value)| (name.clone(), masker.masked(value))).collect()
        };
        let response = self.response.as_ref().map(|(http, part)| LoggedResponse {
            http: *http,
            ocpi: ocpi_status(&part.body),
            headers: masked_headers(part),
            body: part.logged(answer, most),
        });
        LoggedMessage {
            url: masker.masked(&url),
            headers: masked_headers(&self.request),
            body: self.request.logged(body, most),
            response,
            error: self.error.map(|error| if is_known { masker.masked(&error) } else { MASK.to_owned() }),
            at: self.at,
            duration: self.duration,
            direction: self.direction,
            partner: self.partner,
            version: self.version.map(str::to_owned),
            module: template.map(|template| module_of(template).to_owned()),
            endpoint: self.endpoint,
            request_id: self.request_id.map(|id| masker.masked(&id)),
            correlation_id: self.correlation_id.map(|id| masker.masked(&id)),
            method: self.method,
        }
    }
}

impl Part {
    fn of(headers: &HeaderMap, body: &Bytes) -> Self {
        let kept = if body.len() > MASKABLE { Bytes::new() } else { body.clone() };
        let authorization = headers.get_all(header::AUTHORIZATION).iter();
        let authorization = authorization.filter_map(|value| value.to_str().ok().map(str::to_owned));
        Self {
            headers: masked_headers(headers),
            authorization: authorization.collect(),
            body: kept,
            length: body.len(),
        }
    }

    fn size(&self) -> usize {
        let headers = self.headers.iter().flat_map(|(name, value)| [name.len(), value.len()]);
        let tokens = self.authorization.iter().map(String::len);
        headers.chain(tokens).fold(self.body.len(), usize::saturating_add)
    }

    fn logged(&self, masked: Option<String>, most: usize) -> LoggedBody {
        let bytes = u64::try_from(self.length).unwrap_or(u64::MAX);
        let Some(mut text) = masked else { return LoggedBody { bytes, ..LoggedBody::default() } };
        let is_cut = text.len() > most;
        if is_cut {
            let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            text.truncate(end);
        }
        LoggedBody { text: Some(text), bytes, is_cut }
    }
}

fn ocpi_status(body: &[u8]) -> Option<u16> {
    Some(Envelope::read(body).ok()?.head.status_code?.get())
}

/// The whole URL of a request: one to us may have its path only.
fn url_of<B>(request: &Request<B>, base: &str) -> String {
    let uri = request.uri();
    let origin =
        base.find("://").and_then(|start| base.get(start + 3..)?.find('/').map(|end| start + 3 + end));
    match (uri.scheme(), origin) {
        (None, origin) => format!("{}{uri}", base.get(..origin.unwrap_or(base.len())).unwrap_or_default()),
        (Some(_), _) => uri.to_string(),
    }
}
