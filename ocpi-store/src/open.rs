//! Stores by URL.

use std::thread;

use ocpi_server_traits::storage::{AnyStore, Memory, StoreError, StoreErrorKind};
use tokio::sync::oneshot;

use crate::Sqlite;

/// Kinds of stores: form of the URL, and the feature of this crate that it needs.
const KINDS: &[(&str, Option<&str>)] =
    &[("memory:", None), ("sqlite:FILE", None), ("postgres://…", Some("postgres"))];

/// Opens the store that a URL names.
///
/// | URL | Store |
/// |---|---|
/// | `memory:` | [`Memory`], gone at the end of the program |
/// | `sqlite:FILE` | [`Sqlite`], in a file that is created if it is not there; `sqlite://FILE` is the same; neither `:memory:` nor a URI |
/// | `postgres://…` | `Postgres`, with the feature `postgres` and on a Tokio runtime |
///
/// ```
/// use ocpi_server_traits::storage::{Query, Start, Store};
/// # let directory = tempfile::tempdir()?;
/// # let file = directory.path().join("ocpi.db");
/// # let file = file.display();
/// # pollster::block_on(async {
/// let store = ocpi_store::open(&format!("sqlite:{file}")).await?;
/// assert_eq!(store.page(&Query::all("Location"), Start::First, 10).await?.total, 0);
/// # Ok::<(), ocpi_server_traits::storage::StoreError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When there is no such kind of store, or it cannot be opened.
pub async fn open(url: &str) -> Result<AnyStore, StoreError> {
    match url.split_once(':') {
        Some(("memory", "")) => Ok(AnyStore::new(Memory::new())),
        Some(("sqlite", file)) => {
            let file = file.strip_prefix("//").unwrap_or(file).to_owned();
            Ok(AnyStore::new(apart(move || Sqlite::open(file)).await?))
        }
        #[cfg(feature = "postgres")]
        Some(("postgres" | "postgresql", _)) => Ok(AnyStore::new(crate::Postgres::connect(url).await?)),
        // A URL may hold a password: no more than the scheme is repeated.
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => Err(unknown(scheme)),
        _ => Err(unknown("")),
    }
}

/// Does something that blocks on a thread of its own.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let failed = || StoreError::new(StoreErrorKind::Unavailable, "the thread that opens a store failed");
    let (sender, result) = oneshot::channel();
    // Whoever asked may have gone away.
    let thread = thread::Builder::new().spawn(move || drop(sender.send(work())));
    thread.map_err(|error| failed().with_source(error))?;
    result.await.map_err(|_| failed())?
}

fn unknown(scheme: &str) -> StoreError {
    let mut message = match scheme {
        "" => "the URL names no kind of store".to_owned(),
        scheme => format!("`{scheme}:` is no kind of store"),
    };
    message.push_str("; there are");
    for (number, (form, feature)) in KINDS.iter().enumerate() {
        message.push_str(if number == 0 { " " } else { ", " });
        message.push_str(&format!("`{form}`"));
        if let Some(feature) = feature {
            message.push_str(&format!(" (with the feature `{feature}`)"));
        }
    }
    StoreError::new(StoreErrorKind::Refused, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_kinds_are_refused_by_name_without_secrets() {
        let message = |url| pollster::block_on(open(url)).unwrap_err().to_string();
        let known = "there are `memory:`, `sqlite:FILE`, `postgres://…` (with the feature `postgres`)";
        for url in ["redis://me:secret@host/1", "redis:"] {
            assert_eq!(message(url), format!("storage: `redis:` is no kind of store; {known}"));
        }
        for url in ["", "ocpi.db", "/a b:secret"] {
            assert_eq!(message(url), format!("storage: the URL names no kind of store; {known}"));
        }
        assert_eq!(message("memory:x"), format!("storage: `memory:` is no kind of store; {known}"));
        assert_eq!(message("sqlite:"), "storage: the path of the file is empty");
        assert!(pollster::block_on(open("memory:")).is_ok());
    }
}
