//! `ocpi messages`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use ocpi_platform::{FoundMessages, LoggedBody, LoggedMessage, MessageQuery};
use ocpi_server_traits::AnyStore;
use ocpi_types::DateTime;
use ocpi_types::observe::Direction;
use serde::Serialize;

use crate::exit::Exit;
use crate::har;
use crate::output::{Format, Output, is_stdout, json, plain};
use crate::remote::{self, Failure, Own, Session, report};

/// Show the messages to and from partners that a platform has logged, or export them as HAR
///
/// A platform logs messages if its settings say so; that of `ocpi serve` does with --log-messages. Tokens and all that names a
/// driver are masked before messages are stored. The oldest come first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi messages --store sqlite:ocpi.db --partner cpo --module sessions --from 2026-05-04
  ocpi messages --store sqlite:ocpi.db --correlation 5b0c… --format json
  ocpi messages --store sqlite:ocpi.db --partner cpo --har cpo.har")]
pub(crate) struct Arguments {
    #[command(flatten)]
    own: Own,
    /// Only those to and from this partner, by its id in the store
    #[arg(long, value_name = "ID")]
    partner: Option<String>,
    /// Only those with this X-Correlation-ID
    #[arg(long, value_name = "ID")]
    correlation: Option<String>,
    /// Only those with this X-Request-ID
    #[arg(long, value_name = "ID")]
    request: Option<String>,
    /// Only those of this module, such as `tokens`
    #[arg(long, value_name = "MODULE")]
    module: Option<String>,
    /// Only those that began at this time or later, such as 2026-05-04 or 2026-05-04T16:30:00Z
    #[arg(long, value_name = "TIME", value_parser = remote::time)]
    from: Option<DateTime>,
    /// Only those that began before this time
    #[arg(long, value_name = "TIME", value_parser = remote::time)]
    to: Option<DateTime>,
    /// Write them as an HTTP archive (HAR 1.2) to this file (- for standard output)
    #[arg(long, value_name = "FILE")]
    har: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Json<'a> {
    at: String,
    duration_ms: u128,
    direction: &'static str,
    partner: &'a str,
    version: Option<&'a str>,
    module: Option<&'a str>,
    endpoint: Option<&'a str>,
    request_id: Option<&'a str>,
    correlation_id: Option<&'a str>,
    method: &'a str,
    url: &'a str,
    body: Body<'a>,
    response: Option<Response<'a>>,
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct Response<'a> {
    http: u16,
    ocpi: Option<u16>,
    body: Body<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    text: Option<&'a str>,
    bytes: u64,
    cut: bool,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        self.show().or_else(|failure| report(failure, None))
    }

    fn show(&self) -> Result<Exit, Failure> {
        remote::runtime()?.block_on(async {
            let session = Session::begin(&self.own, None, None).await?;
            let platform = session.platform();
            let found = platform.messages().find(self.query());
            match &self.har {
                Some(path) => archive(found, path, platform.base().as_str()).await?,
                None => self.list(found).await?,
            }
            Ok(Exit::Done)
        })
    }

    fn query(&self) -> MessageQuery {
        let mut query = MessageQuery::new();
        if let Some(partner) = &self.partner {
            query = query.partner(partner);
        }
        if let Some(id) = &self.correlation {
            query = query.correlation_id(id);
        }
        if let Some(id) = &self.request {
            query = query.request_id(id);
        }
        if let Some(module) = &self.module {
            query = query.module(module);
        }
        if let Some(from) = self.from {
            query = query.from(from);
        }
        self.to.into_iter().fold(query, MessageQuery::to)
    }

    async fn list(&self, mut found: FoundMessages<'_, AnyStore>) -> Result<(), Failure> {
        let mut out = BufWriter::new(io::stdout());
        while let Some(message) = found.next().await {
            let message = message?;
            let text = match self.output.format() {
                Format::Json => json::line(&Json::of(&message))?,
                Format::Text => text_of(&message),
            };
            out.write_all(text.as_bytes())?;
        }
        Ok(out.flush()?)
    }
}

async fn archive(mut found: FoundMessages<'_, AnyStore>, path: &Path, base: &str) -> Result<(), Failure> {
    let mut out: Box<dyn Write> = if is_stdout(path) {
        Box::new(BufWriter::new(io::stdout()))
    } else {
        let failed = |error| io::Error::other(format!("{}: {error}", path.display()));
        Box::new(BufWriter::new(File::create(path).map_err(failed)?))
    };
    let (start, end) = har::frame();
    out.write_all(start.as_bytes())?;
    let mut is_first = true;
    while let Some(message) = found.next().await {
        if !std::mem::take(&mut is_first) {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut out, &har::Entry::of(&message?, base))?;
    }
    out.write_all(end.as_bytes())?;
    Ok(out.flush()?)
}

impl<'a> Json<'a> {
    fn of(message: &'a LoggedMessage) -> Self {
        Self {
            at: message.at.to_string(),
            duration_ms: message.duration.as_millis(),
            direction: message.direction.as_str(),
            partner: &message.partner,
            version: message.version.as_deref(),
            module: message.module.as_deref(),
            endpoint: message.endpoint.as_deref(),
            request_id: message.request_id.as_deref(),
            correlation_id: message.correlation_id.as_deref(),
            method: &message.method,
            url: &message.url,
            body: Body::of(&message.body),
            response: message.response.as_ref().map(|response| Response {
                http: response.http,
                ocpi: response.ocpi,
                body: Body::of(&response.body),
            }),
            error: message.error.as_deref(),
        }
    }
}

impl<'a> Body<'a> {
    fn of(body: &'a LoggedBody) -> Self {
        Self { text: body.text.as_deref(), bytes: body.bytes, cut: body.is_cut }
    }
}

/// A line: when, which way, the partner, the request, how it ended.
fn text_of(message: &LoggedMessage) -> String {
    let way = if message.direction == Direction::Inbound { "<-" } else { "->" };
    let end = match (&message.response, &message.error) {
        (Some(response), _) => {
            let ocpi = response.ocpi.map_or("-".to_owned(), |code| code.to_string());
            format!("{} {ocpi}", response.http)
        }
        (None, Some(error)) => plain(error),
        (None, None) => "no answer".to_owned(),
    };
    format!(
        "{} {way} {} {:<6} {}  {end}, {} ms{}\n",
        message.at,
        plain(&message.partner),
        plain(&message.method),
        plain(&message.url),
        message.duration.as_millis(),
        message.correlation_id.as_deref().map_or(String::new(), |id| format!("  {}", plain(id))),
    )
}
