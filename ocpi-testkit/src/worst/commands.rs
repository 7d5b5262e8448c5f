//! Commands: the partner accepts all, and sends their results as it is used to.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use ocpi_client::Transport;
use ocpi_client::transport::AnyTransport;
use ocpi_platform::Platform;
use ocpi_server_traits::{Caller, Error as Refusal, Handle, Memory, Timer};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseInit, CommandResponseType, CommandResultType,
    ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::{CredentialsToken, Private, Url};

use super::lock;
use super::plan::ResultHabit;
use crate::result_to;

/// Seconds in which a result is promised.
const PROMISED: u32 = 30;

/// A platform whose transport may be any.
pub(super) type AnyPlatform = Platform<Arc<Memory>, AnyTransport>;

/// Charge points that accept every command.
pub(super) struct ChargePoints {
    habit: ResultHabit,
    timer: Timer,
    platform: OnceLock<Arc<AnyPlatform>>,
    due: Mutex<Vec<Due>>,
}

/// A result that is due.
struct Due {
    partner: String,
    url: Private<Url>,
}

impl ChargePoints {
    pub(super) fn new(habit: ResultHabit, timer: Timer) -> Self {
        Self { habit, timer, platform: OnceLock::new(), due: Mutex::default() }
    }

    pub(super) fn connect(&self, platform: &Arc<AnyPlatform>) {
        let _ = self.platform.set(Arc::clone(platform));
    }

    /// Sends the results that are due. What the other side says to them is its own affair.
    pub(super) async fn settle(&self) {
        let due = std::mem::take(&mut *lock(&self.due));
        for Due { partner, url } in due {
            match self.habit {
                ResultHabit::Never | ResultHabit::First => {}
                ResultHabit::Once => self.post(&partner, url).await,
                ResultHabit::Twice => {
                    self.post(&partner, url.clone()).await;
                    self.post(&partner, url).await;
                }
                ResultHabit::Late => {
                    self.timer.wait(Duration::from_secs(2 * u64::from(PROMISED))).await;
                    self.post(&partner, url).await;
                }
                ResultHabit::WrongToken => self.post_with(&partner, url, true).await,
                ResultHabit::Forged => {
                    let forged = url.as_str().rsplit_once('/').map_or(url.as_str(), |(before, _)| before);
                    if let Ok(forged) = format!("{forged}/0123456789abcdef").parse() {
                        self.post(&partner, forged).await;
                    }
                    self.post(&partner, url).await;
                }
            }
        }
    }

    async fn post(&self, partner: &str, url: Private<Url>) {
        self.post_with(partner, url, false).await;
    }

    async fn post_with(&self, partner: &str, url: Private<Url>, with_wrong_token: bool) {
        let Some(platform) = self.platform.get() else { return };
        let Ok(client) = platform.client(partner).await else { return };
        let post = result_to(url, CommandResultType::Accepted);
        if !with_wrong_token {
            let _ = client.send(&post).await;
            return;
        }
        let Ok(mut request) = client.request(&post) else { return };
        let wrong: CredentialsToken = "a-token-that-nobody-knows".parse().expect("a token");
        if let Ok(value) = wrong.to_header(true).parse() {
            request.headers_mut().insert(http::header::AUTHORIZATION, value);
        }
        let _ = client.transport().send(request).await;
    }

    async fn accept(&self, caller: &Caller, url: Private<Url>) -> Result<CommandResponse, Refusal> {
        let partner = caller.partner.id.as_str().to_owned();
        if self.habit == ResultHabit::First {
            self.post(&partner, url).await;
        } else {
            lock(&self.due).push(Due { partner, url });
        }
        Ok(CommandResponseInit { result: CommandResponseType::Accepted, timeout: PROMISED.into() }.into())
    }
}

macro_rules! accepts {
    ($($command:ident)+) => { $(
        impl Handle<$command> for ChargePoints {
            async fn handle(&self, caller: &Caller, it: $command) -> Result<CommandResponse, Refusal> {
                self.accept(caller, it.response_url).await
            }
        }
    )+ };
}

accepts! { CancelReservation ReserveNow StartSession StopSession UnlockConnector }
