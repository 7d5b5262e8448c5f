//! State of a partner's list, for the operator.

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, Query, Start};
use ocpi_types::DateTime;

use super::state::{LISTS, SyncState, list_of};
use crate::{Error, Platform};

/// State of a partner's list, according to its syncs.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ListStatus {
    /// Kind of the objects: `Location`.
    pub kind: String,
    /// Time of the partner up to which the list is known.
    pub watermark: Option<DateTime>,
    /// End of the last complete sync, by our clock.
    pub last_success: Option<DateTime>,
    /// Start of the last complete sync of the full list.
    pub last_full: Option<DateTime>,
    /// Number of copies that the last full list no longer contained and that were kept because there were too many.
    pub held: usize,
    /// Copies that the last complete list did not contain, with the number of such lists. A later push may have
    /// restored one.
    pub absent: Vec<(Address, u32)>,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Returns the states of a partner's synced lists.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn lists(&self, partner: &str) -> Result<Vec<ListStatus>, Error> {
        let (mut lists, mut start) = (Vec::new(), Start::First);
        loop {
            let page = self.store().page(&Query::list(LISTS, partner), start, 100).await?;
            for (at, document) in page.rows {
                let (Some([_, kind]), Some(state)) = (list_of(&at), SyncState::read(&document.body)) else {
                    continue;
                };
                lists.push(ListStatus::of(kind, state));
            }
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => return Ok(lists),
            }
        }
    }
}

impl ListStatus {
    fn of(kind: String, state: SyncState) -> Self {
        let absent = state
            .absent
            .into_iter()
            .map(|((owner, key), absent)| (Address::new(kind.clone(), owner, key), absent.walks));
        Self {
            absent: absent.collect(),
            kind,
            watermark: state.watermark.time(),
            last_success: state.success,
            last_full: state.full,
            held: state.held,
        }
    }
}
