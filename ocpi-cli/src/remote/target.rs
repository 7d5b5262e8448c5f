//! The partner that a verb is about.

use clap::Args;
use ocpi_client::{Client, Retry};
use ocpi_types::{Rate, Url, Version};

use crate::remote::own::runtime;
use crate::remote::{Failure, Http, Own, Reach, Secret, TokenSource, discover, parsers};

#[derive(Debug, Args)]
pub(crate) struct Target {
    /// The URL of the partner's list of versions
    #[arg(
        value_name = "URL",
        value_parser = parsers::url,
        required_unless_present = "store",
        conflicts_with_all = ["store", "partner"]
    )]
    url: Option<Url>,
    #[command(flatten)]
    token: TokenSource,
    /// The store of our platform, in which the partner is: sqlite:FILE or postgres://…
    #[arg(long, value_name = "URL", requires = "partner", conflicts_with = "token_file")]
    store: Option<String>,
    /// The partner in the store, by its id
    #[arg(long, value_name = "ID", requires = "store")]
    partner: Option<String>,
    /// Speak this version [default: the newest that the partner has]
    #[arg(long, value_name = "VERSION", value_parser = crate::infer::spoken_version_parser(), conflicts_with = "store")]
    version: Option<Version>,
    #[command(flatten)]
    reach: Reach,
}

/// Most requests in a minute.
const PER_MINUTE: u32 = 100;

impl Target {
    /// Reads the token; `None` where the store has it.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn secret(&self) -> Result<Option<Secret>, Failure> {
        if self.store.is_some() { Ok(None) } else { self.token.read().map(Some) }
    }

    /// Finds the partner's endpoints: in the store, or by asking it.
    ///
    /// # Errors
    /// When there is no such partner, or it does not answer as it has to.
    pub(crate) fn client(&self, secret: Option<&Secret>) -> Result<Client<Http>, Failure> {
        match (&self.url, &self.store, &self.partner, secret) {
            (Some(url), _, _, Some(secret)) => {
                let http = self.reach.transport(Some(url))?;
                let found = discover(url, secret, self.wanted(), &http)?;
                Ok(found.client.over(http))
            }
            (_, Some(store), Some(partner), _) => self.stored(store, partner),
            _ => Err(Failure::Usage(
                "name the URL of the partner's versions, or a store and a partner".to_owned(),
            )),
        }
    }

    fn wanted(&self) -> &[Version] {
        self.version.as_ref().map_or(Version::SPOKEN, std::slice::from_ref)
    }

    fn stored(&self, store: &str, partner: &str) -> Result<Client<Http>, Failure> {
        let own = Own::of_store(store, self.reach.clone());
        let client = runtime()?.block_on(async {
            let (platform, _) = own.open(None, None).await?;
            let client = platform.client(partner).await?;
            Ok::<_, Failure>(client)
        })?;
        // A client of the platform leaves repeats to its caller, and the pace where the profile of the partner has none.
        let rate = client.profile().rate.unwrap_or(Rate::per_minute(PER_MINUTE));
        let http = self.reach.transport(client.endpoints().first().map(|endpoint| &endpoint.url))?;
        Ok(client.with_retry(Retry::default()).with_rate(rate).over(http))
    }
}
