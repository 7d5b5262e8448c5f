//! `ocpi unregister`.

use std::io;

use clap::Args;
use ocpi_platform::PartnerState;
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{self, Format, Output};
use crate::remote::{Failure, Own, Table, report, runtime};

/// End the registration with a partner
///
/// Tells the partner (DELETE of credentials), and revokes the tokens of both sides. If the partner cannot be
/// reached, its token is out of use all the same, the exit code is 4, and running the command again sends the DELETE again.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi unregister --store sqlite:ocpi.db --partner cpo
  ocpi unregister --store sqlite:ocpi.db --partner cpo --forget")]
pub(crate) struct Arguments {
    #[command(flatten)]
    own: Own,
    /// The partner, by its id in the store
    #[arg(long, value_name = "ID")]
    partner: String,
    /// End it on our side only, without telling the partner
    #[arg(long)]
    forget: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Json<'a> {
    partner: &'a str,
    state: &'static str,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        self.unregister().or_else(|failure| report(failure, None))
    }

    fn unregister(&self) -> Result<Exit, Failure> {
        runtime()?.block_on(async {
            let url = self.own.versions_url_of(&self.partner).await?;
            let (platform, _) = self.own.open(url.as_ref(), None).await?;
            let ended = if self.forget {
                platform.forget(&self.partner).await
            } else {
                platform.unregister(&self.partner).await
            };
            Ok::<_, Failure>(ended?)
        })?;
        let (partner, state) = (&*self.partner, PartnerState::Left.as_str());
        let shown = match self.output.format() {
            Format::Json => output::json::line(&Json { partner, state })?,
            Format::Text => {
                let mut table = Table::default();
                table.line("partner", partner);
                table.line("state", state);
                table.finish()
            }
        };
        output::print(&shown)?;
        Ok(Exit::Done)
    }
}
