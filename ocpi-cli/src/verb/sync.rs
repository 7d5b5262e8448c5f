//! `ocpi sync`.

use std::io::{self, Write as _};

use clap::{Args, ValueEnum};
use ocpi_platform::{Error, Sweep, SyncOptions, Synced};
use ocpi_server_traits::storage::Address;
use ocpi_types::v2_3_0::{cdrs::Cdr, locations::Location, sessions::Session, tariffs::Tariff, tokens::Token};
use ocpi_types::{InterfaceRole, Role, Version};
use serde::Serialize;

use super::pull::Module;
use crate::exit::Exit;
use crate::output::{self, Format, Output, json, plain};
use crate::remote::{self, Failure, Own, OwnPlatform, Session as Connection, report};

/// Bring the copies of a partner's objects in the store up to date
///
/// Fetches what changed since the last time, or the whole list; without a module, of each module that the partner offers, one
/// after the other. Copies that two whole lists do not have are removed
/// (Locations and Tariffs). A sync that was cut off goes on. The exit code is 4 if the list is not complete, and 1 if objects
/// were not stored or kept although they are gone.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi sync --store sqlite:ocpi.db --partner cpo
  ocpi sync locations --store sqlite:ocpi.db --partner cpo
  ocpi sync tariffs --store postgres://ocpi@db.example/ocpi --partner cpo --full --format json")]
pub(crate) struct Arguments {
    /// The module [default: each that the partner offers]
    #[arg(value_enum)]
    module: Option<Module>,
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
    module: String,
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
        remote::runtime()?.block_on(async {
            let url = self.own.versions_url_of(&self.partner).await?;
            let connection = Connection::begin(&self.own, url.as_ref(), None).await?;
            let platform = connection.platform();
            let Some(module) = self.module else { return self.sync_all(platform).await };
            let synced = self.sync_module(platform, module).await?;
            self.show(module, &synced)
        })
    }

    /// One module after the other. One that fails ends no other: the worst exit code is that of all.
    async fn sync_all(&self, platform: &OwnPlatform) -> Result<Exit, Failure> {
        let modules = self.offered(platform).await?;
        if modules.is_empty() {
            output::complain(&format!("{} offers no module that has a list", self.partner));
            return Ok(Exit::Partner);
        }
        let (mut worst, mut failure) = (Exit::Done, None);
        for module in modules {
            match self.sync_module(platform, module).await {
                Ok(synced) => worst = worst.max(self.show(module, &synced)?),
                Err(error) if failure.is_some() => {
                    output::complain(&format!("{}: {error}", module.id().as_str()));
                }
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(worst), |error| Err(error.into()))
    }

    /// Modules that the partner offers. In 2.1.1 an endpoint does not say which of its interfaces is there, but its party's
    /// role does.
    async fn offered(&self, platform: &OwnPlatform) -> Result<Vec<Module>, Error> {
        let client = platform.client(&self.partner).await?;
        let roles = platform.partner(&self.partner).await?.map(|it| it.roles).unwrap_or_default();
        let is_driver_side = roles.iter().all(|it| it.role == Role::Emsp);
        let is_sent = |module: Module| {
            client.version() >= Version::V2_2 || is_driver_side == (module == Module::Tokens)
        };
        let has_endpoint = |module: Module| client.endpoint(&module.id(), &InterfaceRole::Sender).is_some();
        let all = Module::value_variants().iter().copied();
        Ok(all.filter(|module| is_sent(*module) && has_endpoint(*module)).collect())
    }

    async fn sync_module(&self, platform: &OwnPlatform, module: Module) -> Result<Synced, Error> {
        let options = if self.full { SyncOptions::full() } else { SyncOptions::delta() };
        let options = if self.force_sweep { options.sweep(Sweep::Forced) } else { options };
        let partner = &self.partner;
        Ok(match module {
            Module::Locations => platform.sync::<Location>(partner, &options).await?,
            Module::Sessions => platform.sync::<Session>(partner, &options).await?,
            Module::Cdrs => platform.sync::<Cdr>(partner, &options).await?,
            Module::Tariffs => platform.sync::<Tariff>(partner, &options).await?,
            Module::Tokens => platform.sync::<Token>(partner, &options).await?,
        })
    }

    fn show(&self, module: Module, synced: &Synced) -> Result<Exit, Failure> {
        let mut out = io::stdout().lock();
        match self.output.format() {
            Format::Json => out.write_all(json::line(&self.summary(module, synced))?.as_bytes())?,
            Format::Text => out.write_all(text_of(&self.partner, module, synced).as_bytes())?,
        }
        Ok(match synced.incomplete {
            Some(_) => Exit::Partner,
            None if !synced.reasons.is_empty() || !synced.held.is_empty() => Exit::Objections,
            None => Exit::Done,
        })
    }

    fn summary<'a>(&'a self, module: Module, synced: &'a Synced) -> Summary<'a> {
        let reject =
            |item: &'a ocpi_platform::RejectedItem| Rejected { id: item.id.as_deref(), reason: &item.reason };
        Summary {
            partner: &self.partner,
            module: module.id().as_str().to_owned(),
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
}

/// The outcome, and a line for each object that is not as the partner has it.
fn text_of(partner: &str, module: Module, synced: &Synced) -> String {
    let mut text = format!("{} of {}: {synced}\n", module.id().as_str(), plain(partner));
    for item in &synced.reasons {
        let id = item.id.as_deref().map_or_else(|| "without an id".to_owned(), plain);
        text.push_str(&format!("  not stored: {id}: {}\n", plain(&item.reason)));
    }
    let rows =
        [("foreign", &synced.foreign_at), ("vanished", &synced.vanished), ("gone, and kept", &synced.held)];
    for (what, at) in rows {
        for place in places(at) {
            text.push_str(&format!("  {what}: {}\n", plain(&place)));
        }
    }
    text
}

/// Addresses as people read them: `NL/ALF loc1`.
fn places(at: &[Address]) -> Vec<String> {
    at.iter().map(|at| format!("{} {}", at.owner(), at.key())).collect()
}

#[cfg(test)]
mod tests {
    use ocpi_platform::Synced;
    use ocpi_server_traits::storage::Address;

    use super::{Module, text_of};

    #[test]
    fn ids_that_a_partner_wrote_do_not_steer_the_terminal() {
        let at = vec![Address::new("Location", "NL/ALF", "L\u{1b}[31m1\u{202e}")];
        let mut synced = Synced::default();
        (synced.foreign_at, synced.vanished, synced.held) = (at.clone(), at.clone(), at);
        let text = text_of("cpo", Module::Locations, &synced);
        assert_eq!(text.matches("NL/ALF L\\u{1b}[31m1\\u{202e}\n").count(), 3, "{text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    }
}
