//! Secrets that went over the wire, and texts that are shown.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::canaries::Canaries;
use crate::drivers;

/// Secrets and shown texts. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Watch(Arc<Inside>);

/// It stands in what is shown of a platform.
impl Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}

#[derive(Default)]
struct Inside {
    tokens: Mutex<BTreeSet<String>>,
    urls: Mutex<BTreeSet<String>>,
    shown: Mutex<Vec<String>>,
}

impl Watch {
    /// A token of credentials: no text shows it.
    pub(crate) fn token(&self, token: &str) {
        self.0.tokens.lock().expect("no panic").insert(token.to_owned());
    }

    /// Finds the secrets in a message: tokens, and the parts of the URLs of results that nobody can guess.
    pub(crate) fn message(&self, body: &[u8]) {
        let Ok(json) = serde_json::from_slice::<Value>(body) else { return };
        for message in [&json, &json["data"]] {
            if let Some(token) = message["token"].as_str() {
                self.token(token);
            }
            let secret = message["response_url"].as_str().and_then(|url| url.rsplit('/').next());
            if let Some(secret) = secret.filter(|secret| secret.len() >= 12) {
                self.0.urls.lock().expect("no panic").insert(secret.to_owned());
            }
        }
    }

    /// Keeps what is shown of a value.
    pub(crate) fn show<T: Debug>(&self, value: T) -> T {
        self.keep([format!("{value:?}"), format!("{value:#?}")]);
        value
    }

    /// Keeps what is shown of an error and of its causes.
    pub(crate) fn show_error(&self, error: &(dyn Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.keep([error.to_string(), format!("{error:?}"), format!("{error:#?}")]);
            next = error.source();
        }
        self.keep([ocpi_types::observe::Chain(error).to_string()]);
    }

    /// Keeps what is shown of a result.
    pub(crate) fn result<T: Debug, E: Error + 'static>(&self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(self.show(value)),
            Err(error) => {
                self.show_error(&error);
                None
            }
        }
    }

    /// Keeps what is shown of a success.
    #[track_caller]
    pub(crate) fn success<T: Debug, E: Error + 'static>(&self, result: Result<T, E>) -> T {
        match result {
            Ok(value) => self.show(value),
            Err(error) => {
                panic!("{}: {:?}", ocpi_types::observe::Chain(&error), crate::captured::captured().last())
            }
        }
    }

    /// Keeps what is shown of an error that is expected.
    #[track_caller]
    pub(crate) fn failure<T, E: Error + 'static>(&self, result: Result<T, E>) {
        match result {
            Ok(_) => panic!("it should have failed"),
            Err(error) => self.show_error(&error),
        }
    }

    fn keep(&self, texts: impl IntoIterator<Item = String>) {
        self.0.shown.lock().expect("no panic").extend(texts);
    }

    /// Returns what was shown since the last time.
    pub(crate) fn take_shown(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.shown.lock().expect("no panic"))
    }

    /// All that must not show.
    pub(crate) fn canaries(&self) -> Canaries {
        Canaries::of(self.all_secrets().into_iter().chain(drivers::ids()))
    }

    fn all_secrets(&self) -> BTreeSet<String> {
        let mut all = self.0.tokens.lock().expect("no panic").clone();
        all.extend(self.0.urls.lock().expect("no panic").iter().cloned());
        all
    }

    pub(crate) fn a_token(&self) -> String {
        self.0
            .tokens
            .lock()
            .expect("no panic")
            .iter()
            .find(|token| token.len() > 40)
            .expect("a token")
            .clone()
    }
}
