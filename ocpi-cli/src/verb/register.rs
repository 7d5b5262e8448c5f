//! `ocpi register`.

use std::io;
use std::net::SocketAddr;

use clap::Args;
use ocpi_platform::{Allow, PartnerState};
use ocpi_types::Url;
use ocpi_types::protocol::Party;

use crate::exit::Exit;
use crate::output::Output;
use crate::remote::{self, Failure, Own, Secret, Session, TokenSource, print_status, report};

/// Register with a partner that gave us the URL of its versions and a token (token A)
///
/// During registration, the partner calls back at the base URL: with --listen, this command answers there; without, a server
/// on the same store has to. A partner with parties or hosts that you did not name is registered, but waits for approval, and
/// the exit code is 1.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi register https://cpo.example/ocpi/versions --token-file token-a.txt --store sqlite:ocpi.db \\
      --party DE/EMP --role EMSP --base-url https://emsp.example/ocpi --listen 127.0.0.1:8080 --parties NL/ALF
  ocpi register https://cpo.example/ocpi/versions --store sqlite:ocpi.db --partner cpo --approve --format json")]
pub(crate) struct Arguments {
    /// The URL of the partner's list of versions
    #[arg(value_name = "URL", value_parser = remote::url)]
    url: Url,
    #[command(flatten)]
    token: TokenSource,
    #[command(flatten)]
    own: Own,
    /// The name of the partner, as we choose it [default: the host of the URL]
    #[arg(long, value_name = "ID")]
    partner: Option<String>,
    /// The parties that the partner may speak for
    #[arg(long, value_name = "PARTIES", value_delimiter = ',', value_parser = remote::party)]
    parties: Vec<Party>,
    /// The hosts of its URLs, with the port if that is not 443 [default: the host of the URL]
    #[arg(long, value_name = "HOSTS", value_delimiter = ',')]
    hosts: Vec<String>,
    /// Approve the parties and hosts that the partner names, whatever they are
    #[arg(long)]
    approve: bool,
    /// Answer the partner's call back at this address; a proxy may lead from the base URL to it
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    output: Output,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        match self.token.read() {
            Ok(secret) => self.register(&secret).or_else(|failure| report(failure, Some(&secret))),
            Err(failure) => report(failure, None),
        }
    }

    fn register(&self, secret: &Secret) -> Result<Exit, Failure> {
        let allow = self.hosts.iter().fold(Allow::default(), |allow, host| allow.host(host));
        let allow = self.parties.iter().cloned().fold(allow, Allow::party);
        let host =
            || self.url.as_str().parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
        let id = self.partner.clone().or_else(host).unwrap_or_default();
        let status = remote::runtime()?.block_on(async {
            let session = Session::begin(&self.own, Some(&self.url), self.listen).await?;
            let platform = session.platform();
            let mut status = platform.register(&id, self.url.clone(), secret.token(), allow).await?;
            if self.approve && (status.state == PartnerState::Pending || !status.asked.is_empty()) {
                status = platform.approve(&status).await?;
            }
            Ok::<_, Failure>(status)
        })?;
        print_status(&status, self.output.format(), |text| secret.mask(text))
    }
}
