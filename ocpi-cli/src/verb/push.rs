//! `ocpi push`.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use ocpi_client::blocking::wait;
use ocpi_client::{Client, Error};
use ocpi_types::endpoint::{PostCdr, Put, RootResource};
use ocpi_types::json::{self, Reading};
use ocpi_types::{Object, Version, v2_2_1, v2_3_0};
use serde::Serialize;

use crate::exit::Exit;
use crate::input::{Content, Span, sources};
use crate::output::text::count;
use crate::output::{self, Format, Output};
use crate::remote::{Failure, Http, Secret, Target, mask, report, told};
use crate::verb::pull::Module;

/// Send objects to a partner, one by one
///
/// Objects are PUT to the partner's Receiver interface, CDRs are POSTed. They must be of the partner's version; for a 2.1.1
/// partner, of 2.2.1, and they are converted. Objects that lack required members are not sent. If objects are refused, the
/// exit code is 1. If the input cannot be read to its end, it is 3; if the connection or the token fails, it is 4, and the
/// rest is not sent.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  OCPI_TOKEN=… ocpi push tariffs tariffs.json https://emsp.example/ocpi/versions
  ocpi push tokens tokens.ndjson --store sqlite:ocpi.db --partner cpo --format json")]
pub(crate) struct Arguments {
    /// The module
    #[arg(value_enum)]
    module: Module,
    /// The file with the objects, or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    output: Output,
}

/// Outcome of a push.
#[derive(Debug, Default, Serialize)]
struct Pushed {
    objects: usize,
    sent: usize,
    refused: Vec<Refused>,
    /// Whether all objects were sent or refused.
    complete: bool,
}

#[derive(Debug, Serialize)]
struct Refused {
    item: Option<usize>,
    message: String,
}

/// Reason why the last objects were not sent.
struct BrokenOff {
    message: String,
    exit: Exit,
}

/// Sends one object.
type Send<R> = fn(&Client<Http>, R) -> Result<(), Error>;

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        match self.target.secret() {
            Ok(secret) => self.push(secret.as_ref()).or_else(|failure| report(failure, secret.as_ref())),
            Err(failure) => report(failure, None),
        }
    }

    fn push(&self, secret: Option<&Secret>) -> Result<Exit, Failure> {
        if !self.file.exists() && self.file != Path::new("-") {
            return Err(Failure::unreadable(self.file.display(), "there is no such file"));
        }
        let client = self.target.client(secret)?;
        let mut pushed = Pushed::default();
        let broken_off = self.push_module(&client, &mut pushed)?;
        pushed.complete = broken_off.is_none();
        if let Some(reason) = &broken_off {
            output::complain(&mask(secret, &reason.message));
        }
        output::print(&mask(secret, &pushed.shown(self.output.format())?))?;
        Ok(match broken_off {
            Some(reason) => reason.exit,
            None if pushed.refused.is_empty() => Exit::Done,
            None => Exit::Objections,
        })
    }

    fn push_module(&self, client: &Client<Http>, pushed: &mut Pushed) -> Result<Option<BrokenOff>, Failure> {
        macro_rules! of_version {
            ($version:ident) => {
                match self.module {
                    Module::Locations => self.push_all(client, put::<$version::locations::Location>, pushed),
                    Module::Sessions => self.push_all(client, put::<$version::sessions::Session>, pushed),
                    Module::Cdrs => self.push_all(client, post::<$version::cdrs::Cdr>, pushed),
                    Module::Tariffs => self.push_all(client, put::<$version::tariffs::Tariff>, pushed),
                    Module::Tokens => self.push_all(client, put::<$version::tokens::Token>, pushed),
                }
            };
        }
        if client.version() >= Version::V2_3_0 { of_version!(v2_3_0) } else { of_version!(v2_2_1) }
    }

    /// Sends the objects of the file; `Some` if it ended before the last one.
    fn push_all<R: RootResource + Object>(
        &self,
        client: &Client<Http>,
        send: Send<R>,
        pushed: &mut Pushed,
    ) -> Result<Option<BrokenOff>, Failure> {
        let unreadable = |failure: crate::input::Failure| Failure::Unreadable(failure.to_string());
        for source in sources(std::slice::from_ref(&self.file)) {
            let source = source.map_err(unreadable)?;
            let mut content = Content::open(&source, |_| ()).map_err(unreadable)?;
            loop {
                let span = match content.next() {
                    Ok(Some(span)) => span,
                    Ok(None) => break,
                    Err(failure) if pushed.objects == 0 => return Err(unreadable(failure)),
                    Err(failure) => {
                        return Ok(Some(BrokenOff { message: failure.to_string(), exit: Exit::Unreadable }));
                    }
                };
                pushed.objects += 1;
                let object = match whole::<R>(&span) {
                    Ok(object) => object,
                    Err(message) => {
                        pushed.refused.push(Refused { item: span.index, message });
                        continue;
                    }
                };
                match send(client, object) {
                    Ok(()) => pushed.sent += 1,
                    Err(error) if is_about_object(&error) => {
                        pushed.refused.push(Refused { item: span.index, message: told(&error) });
                    }
                    Err(error) => return Ok(Some(BrokenOff { message: told(&error), exit: Exit::Partner })),
                }
            }
            match content.end() {
                Ok(()) => {}
                Err(failure) if pushed.objects == 0 => return Err(unreadable(failure)),
                Err(failure) => {
                    return Ok(Some(BrokenOff { message: failure.to_string(), exit: Exit::Unreadable }));
                }
            }
        }
        Ok(None)
    }
}

/// Reads an object that lacks nothing.
fn whole<R: Object>(span: &Span) -> Result<R, String> {
    if let Some(broken) = span.broken.first() {
        return Err(format!("not sent: {}", broken.message));
    }
    match json::read_item::<R>(span.text.as_bytes()).map_err(|error| error.to_string())?.reading {
        Reading::Whole(object) => Ok(object),
        Reading::Partial(partial) => {
            Err(format!("not sent: required members are missing: {}", partial.missing().join(", ")))
        }
        Reading::Unreadable(_) => Err(format!("not sent: it is no {}", R::INFO.name)),
    }
}

/// Whether an error concerns the object that was sent, and not all of them.
fn is_about_object(error: &Error) -> bool {
    let is_refused = error.is_refused_by_partner() && !error.is_unauthorized() && !error.is_retryable();
    is_refused || error.is_version()
}

fn put<R: RootResource>(client: &Client<Http>, object: R) -> Result<(), Error> {
    wait(client.send(&Put::of(object))).map(drop)
}

fn post<R: RootResource>(client: &Client<Http>, object: R) -> Result<(), Error> {
    wait(client.send(&PostCdr(object))).map(drop)
}

impl Pushed {
    fn shown(&self, format: Format) -> serde_json::Result<String> {
        if let Format::Json = format {
            return output::json::line(self);
        }
        let mut text = String::new();
        for Refused { item, message } in &self.refused {
            let place = output::text::item_name(Some(item.unwrap_or_default()), None);
            text.push_str(&format!("{place}: {}\n", output::plain(message)));
        }
        let not_sent = if self.complete { "" } else { "; broken off, the rest is not sent" };
        let (objects, sent, refused) = (count(self.objects, "object"), self.sent, self.refused.len());
        text.push_str(&format!("{objects}: {sent} sent, {refused} refused{not_sent}\n"));
        Ok(text)
    }
}
