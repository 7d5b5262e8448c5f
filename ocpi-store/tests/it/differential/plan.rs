//! Edits by chance.

use ocpi_server_traits::storage::{
    Address, NewDocument, Rejected, Store, StoreErrorKind, StoreExt, Transaction, UpdateError,
};
use ocpi_types::DateTime;

/// A step of an edit.
#[derive(Clone)]
pub(crate) enum Action {
    Look(Address),
    Put(Address, NewDocument),
    Delete(Address, DateTime, Vec<u8>),
    Erase(Address),
    Abort,
    Panic,
    Stray,
}

/// Runs a plan, and tells what the edit saw and what came of it.
pub(crate) async fn run(
    store: &impl Store,
    at: &[Address],
    actions: &[Action],
    with_revisions: bool,
) -> Result<Vec<String>, StoreErrorKind> {
    let actions = actions.to_vec();
    let edit = move |transaction: &mut Transaction<'_>| {
        let mut log = Vec::new();
        for action in &actions {
            act(transaction, action, &mut log, with_revisions)?;
        }
        Ok(log)
    };
    match store.update(at.to_vec(), edit).await {
        Ok(log) => Ok(log),
        Err(UpdateError::Rejected(log)) => Ok(log),
        Err(UpdateError::Aborted) => Ok(vec!["aborted".to_owned()]),
        Err(UpdateError::Store(error)) => Err(error.kind()),
    }
}

fn act(
    transaction: &mut Transaction<'_>,
    action: &Action,
    log: &mut Vec<String>,
    with_revisions: bool,
) -> Result<(), Rejected<Vec<String>>> {
    match action {
        Action::Look(at) => {
            let mut found = transaction.get(at)?.cloned();
            let mut gone = transaction.tombstone(at)?.cloned();
            if !with_revisions {
                [&mut found, &mut gone].into_iter().flatten().for_each(|document| document.revision = 0);
            }
            let stamps = gone.as_ref().map(|gone| gone.stamps.clone());
            log.push(format!("{found:?} {gone:?} {stamps:?}"));
        }
        Action::Put(at, new) => {
            let revision = transaction.put(at, new.clone())?;
            log.push(if with_revisions { revision.to_string() } else { String::new() });
        }
        Action::Delete(at, time, stamps) => {
            log.push(transaction.delete_with(at, *time, stamps.clone())?.to_string());
        }
        Action::Erase(at) => log.push(transaction.erase(at)?.to_string()),
        Action::Abort => return Err(Rejected::Because(std::mem::take(log))),
        // Without a word on the terminal.
        Action::Panic => std::panic::resume_unwind(Box::new(())),
        Action::Stray => drop(transaction.get(&Address::new("not", "declared", ""))?),
    }
    Ok(())
}
