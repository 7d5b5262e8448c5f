//! `ocpi invite`.

use std::io;
use std::time::Duration;

use clap::Args;
use ocpi_platform::{Allow, Invitation};
use ocpi_server_traits::Layout;
use ocpi_types::protocol::Party;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{self, Format, Output};
use crate::remote::{self, Failure, Own, Table, report, runtime};

/// Invite a partner to register with our platform
///
/// Prints the URL of our versions and a token (token A), to be handed to the partner over a secure channel. The token is
/// shown only once; if it is lost, invite the partner again. Parties and hosts that are not named here wait for approval when
/// the partner comes with them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi invite --store sqlite:ocpi.db --partner cpo --party DE/EMP --role EMSP --base-url https://emsp.example/ocpi
  ocpi invite --store sqlite:ocpi.db --partner cpo --parties NL/ALF,NL/BET --hosts cpo.example --expires 24h")]
pub(crate) struct Arguments {
    #[command(flatten)]
    own: Own,
    /// The name of the partner, as we choose it
    #[arg(long, value_name = "ID")]
    partner: String,
    /// The parties that it may speak for
    #[arg(long, value_name = "PARTIES", value_delimiter = ',', value_parser = remote::party)]
    parties: Vec<Party>,
    /// The hosts of its URLs, with the port if that is not 443
    #[arg(long, value_name = "HOSTS", value_delimiter = ',')]
    hosts: Vec<String>,
    /// The time for which the token is good, such as 90m, 72h or 7d
    #[arg(long, value_name = "TIME", value_parser = remote::duration, default_value = "72h")]
    expires: Duration,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Json<'a> {
    partner: &'a str,
    versions_url: &'a str,
    token_a: &'a str,
    expires: String,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        self.invite().or_else(|failure| report(failure, None))
    }

    fn invite(&self) -> Result<Exit, Failure> {
        let allow = self.hosts.iter().fold(Allow::default(), |allow, host| allow.host(host));
        let allow = self.parties.iter().cloned().fold(allow, Allow::party);
        let seconds = u32::try_from(self.expires.as_secs()).unwrap_or(u32::MAX);
        let (token, url, expires) = runtime()?.block_on(async {
            let (platform, _) = self.own.open(None, None).await?;
            let invitation = Invitation::from(allow).for_seconds(seconds);
            let token = platform.invite(&self.partner, invitation).await?;
            let expires = platform
                .clock()
                .now()
                .checked_add_seconds(seconds.into())
                .map(|time| time.with_zone().to_string());
            Ok::<_, Failure>((token, Layout::default().versions_url(platform.base()), expires))
        })?;
        let expires = expires.unwrap_or_default();
        // The one output that has a token: it is made to be handed over.
        let shown = match self.output.format() {
            Format::Json => output::json::line(&Json {
                partner: &self.partner,
                versions_url: url.as_str(),
                token_a: token.expose(),
                expires,
            })?,
            Format::Text => {
                let mut table = Table::default();
                table.line("partner", &self.partner);
                table.line("versions URL", url.as_str());
                table.line("token A", token.expose());
                table.line("expires", &expires);
                table.finish()
            }
        };
        output::print(&shown)?;
        Ok(Exit::Done)
    }
}
