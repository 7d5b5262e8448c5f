//! `ocpi probe`.

use std::io;

use clap::Args;
use ocpi_types::protocol::TokenScope;
use ocpi_types::{Url, Version};
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{self, Format, Output};
use crate::remote::{
    self, Deviation, EndpointRow, Failure, Reach, Secret, Table, TokenSource, VersionRow, discover,
    has_errors, report,
};

/// Show what a partner offers, and how it deviates from the specification
///
/// Asks for the versions and for the details of the newest version that both sides support, as the first steps of a
/// registration do, and changes nothing. Shows the version chosen, its endpoints, the form of the token that worked, and
/// the deviations; if one is an error, the exit code is 1.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  OCPI_TOKEN=… ocpi probe https://cpo.example/ocpi/versions
  ocpi probe https://cpo.example/ocpi/versions --token-file token.txt --version 2.2.1 --format json")]
pub(crate) struct Arguments {
    /// The URL of the partner's list of versions
    #[arg(value_name = "URL", value_parser = remote::url)]
    url: Url,
    #[command(flatten)]
    token: TokenSource,
    /// Look at this version [default: the newest that both have]
    #[arg(long, value_name = "VERSION", value_parser = crate::infer::spoken_version_parser())]
    version: Option<Version>,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Json<'a> {
    partner: &'a str,
    versions: Vec<VersionRow<'a>>,
    chosen: &'a str,
    token_form: &'static str,
    endpoints: Vec<EndpointRow<'a>>,
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
        let wanted = self.version.as_ref().map_or(Version::SPOKEN, std::slice::from_ref);
        let found = discover(&self.url, secret, wanted, &http)?;
        let scope = TokenScope::VersionDetails;
        let token_form = found.client.profile().token_form(found.version, &scope).as_str();
        let shown = match self.output.format() {
            Format::Json => output::json::line(&Json {
                partner: self.url.as_str(),
                versions: found.versions.iter().map(VersionRow::from).collect(),
                chosen: found.version.as_str(),
                token_form,
                endpoints: found.client.endpoints().iter().map(EndpointRow::from).collect(),
                deviations: &found.deviations,
            })?,
            Format::Text => {
                let mut table = Table::default();
                table.line("partner", self.url.as_str());
                table.line("token", token_form);
                table.versions(&found.versions);
                table.line("chosen", found.version.as_str());
                table.endpoints(found.client.endpoints());
                table.deviations(&found.deviations);
                table.finish()
            }
        };
        output::print(&secret.mask(&shown))?;
        Ok(if has_errors(&found.deviations) { Exit::Objections } else { Exit::Done })
    }
}
