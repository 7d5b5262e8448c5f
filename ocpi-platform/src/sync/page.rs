//! One page of a sync: stored with the next cursor, and counted.

use ocpi_client::{Answer, Transport};
use ocpi_server_traits::order::Taken;
use ocpi_server_traits::storage::{Address, NewDocument};
use ocpi_server_traits::{Alongside, Cause, Store};
use ocpi_types::endpoint::{Page, RootResource};
use ocpi_types::json::RawJson;
use ocpi_types::{DateTime, Finding};

use super::run::Task;
use super::state::{address, walk_address};
use super::synced::{LISTED, Synced};
use crate::{Error, Platform};

/// Members that may be the id of an object.
const IDS: [&str; 3] = ["id", "uid", "terminal_id"];

impl<S: Store, T: Transport> Platform<S, T> {
    /// Stores a page, with the place in the list behind it in the same write, and counts it once it is stored.
    pub(super) async fn take_synced<R: RootResource>(
        &self,
        task: &mut Task<'_>,
        page: Answer<Page<R>>,
        asked: DateTime,
        place: Option<NewDocument>,
    ) -> Result<(), Error> {
        let by = Cause::Sync(Self::named(task.partner)?);
        // As it is now: the partner may have lost a party while pages came.
        let parties = self.parties_of(task.partner).await?;
        let (theirs, foreign): (Vec<R>, Vec<R>) =
            page.value.items.into_iter().partition(|object| parties.contains(&object.identity().owner));
        let at: Vec<Address> = theirs.iter().map(|object| Address::of::<R>(&object.identity())).collect();
        let ids: Vec<Option<String>> = theirs.iter().map(id_of).collect();
        let now = self.now();
        let mut documents = Vec::new();
        // Which marks are cleared is known only once the page is taken, so all that it shows are.
        let mut state = task.state.clone();
        if at.iter().filter(|at| state.shown(at)).count() > 0 {
            documents.push((address::<R>(task.partner), state.to_document(task.partner, now)));
        }
        if let Some(place) = place {
            documents.push((walk_address::<R>(task.partner), place));
        }
        let alongside = Alongside { lease: Some(task.held.lease.clone()), documents };
        let taken = self.objects.answer_all_with(theirs, asked, now, &by, alongside).await?;
        task.state = state;
        let synced = &mut *task.synced;
        synced.requests += 1;
        for (taken, id) in taken.into_iter().zip(ids) {
            match taken {
                Ok(outcome) => {
                    synced.settled += u64::from(outcome.is_settled);
                    match outcome.taken {
                        Taken::Created => synced.created += 1,
                        Taken::Updated | Taken::Partly => synced.changed += 1,
                        _ => synced.unchanged += 1,
                    }
                }
                Err(refused) => {
                    synced.rejected += 1;
                    synced.reject(id, refused.to_string());
                }
            }
        }
        for partial in &page.value.partial {
            let object = partial.object.clone().into_value();
            synced.partial += 1;
            synced.reject(id_of(&object), reason(&page.findings, partial.index));
        }
        for rejected in &page.value.rejected {
            synced.rejected += 1;
            synced.reject(raw_id(&rejected.raw), reason(&page.findings, rejected.index));
        }
        for object in foreign {
            synced.foreign += 1;
            if synced.foreign_at.len() < LISTED {
                synced.foreign_at.push(Address::of::<R>(&object.identity()));
            }
        }
        synced.add_findings(page.findings);
        synced.ledger.append(page.ledger);
        Ok(())
    }
}

impl Synced {
    pub(super) fn add_findings(&mut self, findings: impl IntoIterator<Item = Finding>) {
        let room = LISTED.saturating_sub(self.findings.len());
        self.findings.extend(findings.into_iter().take(room));
    }
}

/// The rules and places of what is wrong with an object of a page.
fn reason(findings: &[Finding], index: usize) -> String {
    let (this, inside) = (format!("/{index}"), format!("/{index}/"));
    let its = findings.iter().filter(|finding| {
        let pointer = finding.pointer.as_str();
        finding.is_error() && (pointer == this || pointer.starts_with(&inside))
    });
    let texts: Vec<String> =
        its.take(3).map(|finding| format!("{} at {}", finding.rule.id(), finding.pointer)).collect();
    if texts.is_empty() { "it cannot be read".to_owned() } else { texts.join(", ") }
}

fn id_of<R: RootResource>(object: &R) -> Option<String> {
    let text = ocpi_types::json::to_vec(object);
    let raw: RawJson = std::str::from_utf8(&text).ok()?.parse().ok()?;
    raw_id(&raw)
}

/// The id of an object that cannot be read.
fn raw_id(raw: &RawJson) -> Option<String> {
    let id = IDS.iter().find_map(|name| raw.member(name))?;
    let id: String = id.as_str().trim_matches('"').chars().take(64).collect();
    Some(id).filter(|id| !id.is_empty())
}
