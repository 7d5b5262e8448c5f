//! `ocpi versions`.

use std::io;

use clap::Args;
use ocpi_types::Url;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{self, Format, Output};
use crate::remote::{
    self, Deviation, Failure, Reach, Secret, Table, TokenSource, VersionRow, has_errors, offered, report,
};

/// List the versions of OCPI that a partner offers
///
/// Asks the partner's URL of versions, or `versions` below it, and nothing else. A token that is refused in one form is tried
/// in the other. Deviations from the specification are reported; if one is an error, the exit code is 1.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  OCPI_TOKEN=… ocpi versions https://cpo.example/ocpi/versions
  ocpi versions https://cpo.example/ocpi/versions --token-file token-a.txt --format json")]
pub(crate) struct Arguments {
    /// The URL of the partner's list of versions
    #[arg(value_name = "URL", value_parser = remote::url)]
    url: Url,
    #[command(flatten)]
    token: TokenSource,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Json<'a> {
    partner: &'a str,
    versions: Vec<VersionRow<'a>>,
    token_form: &'static str,
    deviations: &'a [Deviation],
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        match self.token.read() {
            Ok(secret) => self.ask(&secret).or_else(|failure| report(failure, Some(&secret))),
            Err(failure) => report(failure, None),
        }
    }

    fn ask(&self, secret: &Secret) -> Result<Exit, Failure> {
        let http = self.reach.transport(Some(&self.url))?;
        let offered = offered(&self.url, secret, &http)?;
        let shown = match self.output.format() {
            Format::Json => output::json::line(&Json {
                partner: self.url.as_str(),
                versions: offered.versions.iter().map(VersionRow::from).collect(),
                token_form: offered.token_form.as_str(),
                deviations: &offered.deviations,
            })?,
            Format::Text => {
                let mut table = Table::default();
                table.line("partner", self.url.as_str());
                table.line("token", offered.token_form.as_str());
                table.versions(&offered.versions);
                table.deviations(&offered.deviations);
                table.finish()
            }
        };
        output::print(&secret.mask(&shown))?;
        Ok(if has_errors(&offered.deviations) { Exit::Objections } else { Exit::Done })
    }
}
