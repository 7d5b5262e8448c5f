//! `ocpi conformance`.

use std::fs::File;
use std::future::ready;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use ocpi_client::blocking::wait;
use ocpi_conformance::{Inbox, Journey, Report, Suite};
use ocpi_types::protocol::Party;
use ocpi_types::{ModuleId, Url, Version};

use crate::exit::Exit;
use crate::output::{self, Format, Output, is_stdout};
use crate::remote::{self, Failure, OwnRole, Reach, Secret, TokenSource, report};

/// Check whether a server keeps to the specification
///
/// Asks the server for its versions and modules, and runs the checks that apply to them: versions, authorization, credentials,
/// envelopes and headers, lists with their pages and windows, objects, unknown ids. It reads only, unless --active,
/// --register or --journey is given: these write, and are for a sandbox. The token is one of a partner that is registered; with
/// --register and --journey it is a token A. A broken MUST rule is a failure, and the exit code is 1; one with SHOULD is a
/// warning. Checks that find nothing to check are skipped.
///
/// The ids of everything that is created begin with CONFORMANCE-. At the end it is withdrawn as far as the protocol allows; CDRs,
/// terminals and payments stay, and a session that a command starts is not stopped.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  OCPI_TOKEN=… ocpi conformance https://cpo.example/ocpi/versions
  ocpi conformance https://cpo.example/ocpi/versions --token-file token.txt --party DE/EMP --junit conformance.xml
  ocpi conformance http://127.0.0.1:8080/ocpi/versions --allow-private --version 2.2.1 --format json
  ocpi conformance https://sandbox.example/ocpi/versions --token-file token-a.txt --register EMSP --party DE/EMP \\
      --listen 127.0.0.1:8080 --base-url https://emsp.example/ocpi
  ocpi conformance https://sandbox.example/ocpi/versions --token-file token-a.txt --journey cpo --party DE/EMP \\
      --listen 127.0.0.1:8080 --base-url https://emsp.example/ocpi --next-token-file second-token-a.txt")]
pub(crate) struct Arguments {
    /// The URL of the server's list of versions
    #[arg(value_name = "URL", value_parser = remote::url)]
    url: Url,
    #[command(flatten)]
    token: TokenSource,
    /// Check this version [default: the newest that the server has]
    #[arg(long, value_name = "VERSION", value_parser = crate::infer::spoken_version_parser())]
    version: Option<Version>,
    /// Our party, as the server knows it, such as DE/EMP: for routing headers and copies of our objects
    #[arg(long, value_name = "PARTY", value_parser = remote::party)]
    party: Option<Party>,
    /// Read at most about this many objects of each list; checks of whole lists skip longer ones
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    most_objects: usize,
    /// Check these modules only, such as locations,cdrs
    #[arg(long, value_name = "MODULES", value_delimiter = ',', value_parser = remote::module)]
    only: Vec<ModuleId>,
    /// Also write: pushes, CDRs, commands, bookings
    #[arg(long, requires = "party", conflicts_with = "journey")]
    active: bool,
    /// Register with the token, which is a token A, in this role; check registration, rotation and unregistration, and all that
    /// --active does
    #[arg(long, value_name = "ROLE", value_enum, ignore_case = true, requires_all = ["party", "listen"], conflicts_with = "journey")]
    register: Option<OwnRole>,
    /// Play the onboarding of a new partner with the token, which is a token A: with a server that is a CPO, or an eMSP
    #[arg(long, value_name = "NAME", value_enum, ignore_case = true, requires_all = ["party", "listen"])]
    journey: Option<JourneyName>,
    /// Answer the calls of the server, and take results of commands, at this address; a proxy may lead from the base URL to it
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The URL that our URLs begin with, as the server reaches it [default: the address]
    #[arg(long, value_name = "URL", value_parser = remote::url, requires = "listen")]
    base_url: Option<Url>,
    /// Read a second token A from this file, to register again at the end of a journey
    #[arg(long, value_name = "FILE", requires = "journey")]
    next_token_file: Option<PathBuf>,
    /// Time for which our side answers HTTP 503 in a journey, such as 10m; 0s for none
    #[arg(long, value_name = "TIME", value_parser = outage, default_value = "10m")]
    outage: Duration,
    /// Also write the report as JUnit XML (- for standard output)
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    output: Output,
}

/// Name of a journey: the side that the server is on.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum JourneyName {
    /// The server is a CPO, and we are its new eMSP
    Cpo,
    /// The server is an eMSP, and we are its new CPO
    Emsp,
}

impl From<JourneyName> for Journey {
    fn from(name: JourneyName) -> Self {
        match name {
            JourneyName::Cpo => Self::Cpo,
            JourneyName::Emsp => Self::Emsp,
        }
    }
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        match self.token.read() {
            Ok(secret) => self.check(&secret).or_else(|failure| report(failure, Some(&secret))),
            Err(failure) => report(failure, None),
        }
    }

    fn check(&self, secret: &Secret) -> Result<Exit, Failure> {
        // A run takes its time: that its report cannot be written shows before.
        let junit = self.junit.as_deref().map(Junit::create).transpose()?;
        let found = match self.listen {
            None => wait(self.suite(secret)?.run()),
            Some(address) => remote::runtime()?.block_on(self.run_with_inbox(secret, address))?,
        };
        if !found.is_answered() {
            return Err(Failure::Partner(no_answer(&found)));
        }
        if !matches!(junit, Some(Junit::Output)) {
            let shown = match self.output.format() {
                Format::Json => output::json::line(&found.to_json())?,
                Format::Text => output::plain_lines(&found.to_string()),
            };
            output::print(&secret.mask(&shown))?;
        }
        if let Some(junit) = junit {
            junit.write(&secret.mask(&found.to_junit()))?;
        }
        Ok(if found.count("fail") > 0 { Exit::Objections } else { Exit::Done })
    }

    fn suite(&self, secret: &Secret) -> Result<Suite, Failure> {
        let http = self.reach.transport(Some(&self.url))?;
        let mut suite = Suite::new(self.url.clone(), secret.token(), http);
        suite = suite.most_objects(self.most_objects).only(self.only.iter().map(ModuleId::as_str));
        if let Some(version) = self.version {
            suite = suite.version(version);
        }
        if let Some(party) = &self.party {
            suite = suite.party(party.clone());
        }
        Ok(if self.active { suite.active() } else { suite })
    }

    /// Runs the suite while we answer at an address.
    async fn run_with_inbox(&self, secret: &Secret, address: SocketAddr) -> Result<Report, Failure> {
        let (listener, bound) = remote::listen(address).await?;
        let base = match &self.base_url {
            Some(base) => base.clone(),
            None => remote::url(&remote::base_at(bound)?).map_err(Failure::Usage)?,
        };
        let inbox = Inbox::new(base);
        let serving = tokio::spawn(remote::serve_inbox(listener, inbox.clone()));
        let mut suite = self.suite(secret)?.inbox(inbox).outage(self.outage, || ready(()));
        if let Some(path) = &self.next_token_file {
            let next = TokenSource::of_file(path.clone()).read()?.token();
            suite = suite.next_token(move || ready(next.clone()));
        }
        let found = match (self.journey, self.register) {
            (Some(journey), _) => suite.run_journey(journey.into()).await,
            (None, Some(role)) => suite.registering(role.into()).run().await,
            (None, None) => suite.run().await,
        };
        serving.abort();
        Ok(found)
    }
}

/// Destination of the report as XML.
enum Junit<'a> {
    Output,
    File(&'a Path, File),
}

impl<'a> Junit<'a> {
    fn create(path: &'a Path) -> Result<Self, Failure> {
        if is_stdout(path) {
            return Ok(Self::Output);
        }
        let file = File::create(path).map_err(|error| Failure::unreadable(path.display(), error))?;
        Ok(Self::File(path, file))
    }

    fn write(self, xml: &str) -> Result<(), Failure> {
        match self {
            Self::Output => Ok(output::print(xml)?),
            Self::File(path, mut file) => {
                let written = file.write_all(xml.as_bytes());
                written.map_err(|error| Failure::unreadable(path.display(), error))
            }
        }
    }
}

/// Reads a duration, or `0s`.
fn outage(text: &str) -> Result<Duration, String> {
    if text == "0s" { Ok(Duration::ZERO) } else { remote::duration(text) }
}

/// The reason why nothing was answered.
fn no_answer(found: &Report) -> String {
    let failure = found.checks.iter().find_map(|it| it.outcome.failure());
    failure.map_or_else(|| "no answer".to_owned(), |failure| failure.found.clone())
}
