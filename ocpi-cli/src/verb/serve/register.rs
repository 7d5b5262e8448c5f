//! Registrations with the partners of a file.

use std::sync::Arc;
use std::time::Duration;

use ocpi_platform::{Allow, Error, PartnerState, Platform};
use ocpi_server_traits::AnyStore;
use ocpi_types::Url;
use ocpi_types::observe::Chain;
use tokio::task::JoinSet;

use super::config::Config;
use super::outgoing::Outgoing;
use crate::output;
use crate::remote::{Failure, Secret};

/// Pause after the first try. Each one is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

type Served = Platform<AnyStore, Outgoing>;

/// A partner to register with.
pub(super) struct Registering {
    id: String,
    allow: Allow,
    url: Url,
    secret: Secret,
}

impl Registering {
    /// The partners of a file that are to be registered with, and are not. Only their tokens are read.
    ///
    /// # Errors
    /// When a token cannot be read, or the store fails.
    pub(super) async fn of(platform: &Served, config: &Config) -> Result<Vec<Self>, Failure> {
        let mut all = Vec::new();
        for partner in &config.partners {
            let Some((url, token)) = &partner.at else { continue };
            let status = platform.partner(&partner.id).await?;
            if status.is_some_and(|status| status.state == PartnerState::Registered) {
                output::mention(&format!("{} is registered already", partner.id));
                continue;
            }
            let (id, allow, url) = (partner.id.clone(), partner.allow.clone(), url.clone());
            all.push(Self { id, allow, url, secret: token.read()? });
        }
        Ok(all)
    }

    /// Registers, and tries again as long as that may help.
    async fn run(self, platform: Arc<Served>) {
        let mut pause = FIRST_PAUSE;
        while let Err(error) = self.register(&platform).await {
            let why = format!("{}: {}", self.id, self.secret.mask(&Chain(&error).to_string()));
            if !may_pass(&error) {
                return output::complain(&why);
            }
            output::complain(&format!("{why}; trying again in {} s", pause.as_secs()));
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }

    async fn register(&self, platform: &Served) -> Result<(), Error> {
        let (url, token, allow) = (self.url.clone(), self.secret.token(), self.allow.clone());
        let status = match platform.register(&self.id, url, token, allow).await {
            Ok(status) => status,
            // The partner, or an earlier try whose answer was lost, was faster.
            Err(Error::Registered(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        // Where the operator named no parties or hosts, whoever answers is meant.
        let awaits = status.state == PartnerState::Pending || !status.asked.is_empty();
        if self.allow.is_empty() && awaits {
            platform.approve(&status).await?;
        }
        Ok(())
    }
}

/// Registers with all of them, side by side: one that does not answer holds up nobody.
pub(super) async fn all(platform: Arc<Served>, registering: Vec<Registering>) {
    let mut tasks = JoinSet::new();
    for partner in registering {
        tasks.spawn(partner.run(Arc::clone(&platform)));
    }
    while tasks.join_next().await.is_some() {}
}

/// Whether the same registration may succeed later.
fn may_pass(error: &Error) -> bool {
    match error {
        Error::Client(error) => error.is_retryable(),
        Error::Busy(_) | Error::Conflict(_) | Error::TooSlow | Error::NoAnswer => true,
        _ => false,
    }
}
