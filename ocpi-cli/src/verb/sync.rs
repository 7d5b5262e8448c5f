//! `ocpi sync`.

use std::io::{self, Write as _};

use clap::Args;
use ocpi_platform::{Error, Sweep, SyncOptions, Synced};
use ocpi_server_traits::storage::Address;
use ocpi_types::v2_3_0::{cdrs::Cdr, locations::Location, sessions::Session, tariffs::Tariff, tokens::Token};
use serde::Serialize;

use super::pull::Module;
use crate::exit::Exit;
use crate::output::{Format, Output, json};
use crate::remote::{self, Failure, Own, OwnPlatform, Session as Connection, report};

/// Bring the copies of a partner's objects in the store up to date
///
/// Fetches what changed since the last time, or the whole list. Copies that two whole lists do not have are removed
/// (Locations and Tariffs). A sync that was cut off goes on. The exit code is 4 if the list is not complete, and 1 if objects
/// were not stored or kept although they are gone.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi sync locations --store sqlite:ocpi.db --partner cpo
  ocpi sync tariffs --store postgres://ocpi@db.example/ocpi --partner cpo --full --format json")]
pub(crate) struct Arguments {
    /// The module
    #[arg(value_enum)]
    module: Module,
    #[command(flatten)]
    own: Own,
    /// The partner, by its id in the store
    #[arg(long, value_name = "ID")]
    partner: String,
    /// Fetch the whole list, and then what changed meanwhile
    #[arg(long)]
    full: bool,
    /// Remove copies that the whole list lacks at once, however many: check `held` first
    #[arg(long, requires = "full")]
    force_sweep: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Summary<'a> {
    partner: &'a str,
    module: &'static str,
    created: u64,
    changed: u64,
    unchanged: u64,
    partial: u64,
    rejected: Vec<Rejected<'a>>,
    foreign: Vec<String>,
    vanished: Vec<String>,
    held: Vec<String>,
    settled: u64,
    requests: u64,
    watermark: Option<String>,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    incomplete: Option<String>,
}

#[derive(Serialize)]
struct Rejected<'a> {
    id: Option<&'a str>,
    reason: &'a str,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        self.sync().or_else(|failure| report(failure, None))
    }

    fn sync(&self) -> Result<Exit, Failure> {
        let synced = remote::runtime()?.block_on(async {
            let url = self.own.versions_url_of(&self.partner).await?;
            let connection = Connection::begin(&self.own, url.as_ref(), None).await?;
            Ok::<_, Failure>(self.sync_module(connection.platform()).await?)
        })?;
        let mut out = io::stdout().lock();
        match self.output.format() {
            Format::Json => out.write_all(json::line(&self.summary(&synced))?.as_bytes())?,
            Format::Text => self.write_text(&mut out, &synced)?,
        }
        Ok(match synced.incomplete {
            Some(_) => Exit::Partner,
            None if !synced.reasons.is_empty() || !synced.held.is_empty() => Exit::Objections,
            None => Exit::Done,
        })
    }

    async fn sync_module(&self, platform: &OwnPlatform) -> Result<Synced, Error> {
        let options = if self.full { SyncOptions::full() } else { SyncOptions::delta() };
        let options = if self.force_sweep { options.sweep(Sweep::Forced) } else { options };
        let partner = &self.partner;
        Ok(match self.module {
            Module::Locations => platform.sync::<Location>(partner, &options).await?,
            Module::Sessions => platform.sync::<Session>(partner, &options).await?,
            Module::Cdrs => platform.sync::<Cdr>(partner, &options).await?,
            Module::Tariffs => platform.sync::<Tariff>(partner, &options).await?,
            Module::Tokens => platform.sync::<Token>(partner, &options).await?,
        })
    }

    fn module(&self) -> &'static str {
        match self.module {
            Module::Locations => "locations",
            Module::Sessions => "sessions",
            Module::Cdrs => "cdrs",
            Module::Tariffs => "tariffs",
            Module::Tokens => "tokens",
        }
    }

    fn summary<'a>(&'a self, synced: &'a Synced) -> Summary<'a> {
        let reject =
            |item: &'a ocpi_platform::RejectedItem| Rejected { id: item.id.as_deref(), reason: &item.reason };
        Summary {
            partner: &self.partner,
            module: self.module(),
            created: synced.created,
            changed: synced.changed,
            unchanged: synced.unchanged,
            partial: synced.partial,
            rejected: synced.reasons.iter().map(reject).collect(),
            foreign: places(&synced.foreign_at),
            vanished: places(&synced.vanished),
            held: places(&synced.held),
            settled: synced.settled,
            requests: synced.requests,
            watermark: synced.watermark.map(|time| time.to_string()),
            complete: synced.is_complete(),
            incomplete: synced.incomplete.map(|reason| reason.to_string()),
        }
    }

    fn write_text(&self, out: &mut impl io::Write, synced: &Synced) -> io::Result<()> {
        writeln!(out, "{} of {}: {synced}", self.module(), self.partner)?;
        for item in &synced.reasons {
            writeln!(
                out,
                "  not stored: {}: {}",
                item.id.as_deref().unwrap_or("without an id"),
                item.reason
            )?;
        }
        let rows = [
            ("foreign", &synced.foreign_at),
            ("vanished", &synced.vanished),
            ("gone, and kept", &synced.held),
        ];
        for (what, at) in rows {
            for place in places(at) {
                writeln!(out, "  {what}: {place}")?;
            }
        }
        Ok(())
    }
}

/// Addresses as people read them: `NL/ALF loc1`.
fn places(at: &[Address]) -> Vec<String> {
    at.iter().map(|at| format!("{} {}", at.owner(), at.key())).collect()
}
