//! `ocpi rotate`.

use std::io;
use std::net::SocketAddr;

use clap::Args;

use crate::exit::Exit;
use crate::output::Output;
use crate::remote::{self, Failure, Own, Session, print_status, report};

/// Exchange the tokens of a registration for new ones
///
/// Gives the partner a new token and gets one (PUT of credentials). Both old tokens are dead afterwards. If the answer is
/// lost, the same command sends the same request again. The partner calls back the base URL meanwhile: with --listen, this
/// command answers there; without, a server on the same store has to.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi rotate --store sqlite:ocpi.db --partner cpo --listen 127.0.0.1:8080
  ocpi rotate --store postgres://ocpi@db.example/ocpi --partner cpo --leaked")]
pub(crate) struct Arguments {
    #[command(flatten)]
    own: Own,
    /// The partner, by its id in the store
    #[arg(long, value_name = "ID")]
    partner: String,
    /// Refuse the partner's current token at once, before it has a new one: for tokens that have leaked
    #[arg(long)]
    leaked: bool,
    /// Answer the partner's call back at this address
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    output: Output,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        self.rotate().or_else(|failure| report(failure, None))
    }

    fn rotate(&self) -> Result<Exit, Failure> {
        let status = remote::runtime()?.block_on(async {
            let url = self.own.versions_url_of(&self.partner).await?;
            let session = Session::begin(&self.own, url.as_ref(), self.listen).await?;
            let platform = session.platform();
            let rotated = if self.leaked {
                platform.revoke(&self.partner).await
            } else {
                platform.rotate(&self.partner).await
            };
            Ok::<_, Failure>(rotated?)
        })?;
        print_status(&status, self.output.format(), str::to_owned)
    }
}
