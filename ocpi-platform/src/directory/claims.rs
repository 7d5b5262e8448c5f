//! Claims to parties: each party belongs to one partner, across processes, crashes and call backs.
//!
//! Each party has a document that names the partner that claimed it last. A claim is effective only while the details
//! of that partner contain the party, so that claims left by a crash do no harm, and no claim is ever deleted. To claim
//! a party, the registration of a partner
//!
//! 1. reads its own record (before the partner is called back);
//! 2. reads the claim; if it names another partner, that one must not hold the party, and its record is rewritten
//!    unchanged, so that its concurrent commits fail;
//! 3. writes the claim, even if it already names this partner: another one may be between 2 and 3;
//! 4. commits its own record, if that is unchanged since 1.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ocpi_server_traits::storage::{Address, NewDocument, Rejected, Store, StoreExt, UpdateError};
use ocpi_types::DateTime;
use ocpi_types::protocol::Party;

use super::records::{CHANGES, record_at};
use super::stored::FORMAT;
use super::{Details, Partners, failure};
use crate::Error;

/// The name under which the platform claims its own parties. No partner has it.
const OURSELVES: &str = "";

/// The name under which a claim of ours stands that was given up. No partner has it.
const NOBODY: &str = "\u{1}";

/// Most parties in one write.
const BATCH: usize = 500;

impl Partners {
    /// Claims parties for a partner (steps 2 and 3).
    ///
    /// # Errors
    /// `PartyTaken` if another partner has one of them, or it is reserved for another; `Conflict` if another partner
    /// wants one at the same time.
    pub(crate) async fn claim(
        &self,
        store: &impl Store,
        id: &str,
        parties: &[Party],
        now: DateTime,
    ) -> Result<(), Error> {
        let mut parties = parties.to_vec();
        parties.sort();
        parties.dedup();
        for batch in parties.chunks(BATCH) {
            self.claim_batch(store, id, batch, now).await?;
        }
        Ok(())
    }

    /// Claims the platform's own parties. Other nodes may open the store at the same time and claim the same.
    pub(crate) async fn claim_own(
        &self,
        store: &impl Store,
        parties: &[Party],
        now: DateTime,
    ) -> Result<(), Error> {
        for _ in 1..CHANGES {
            match self.claim(store, OURSELVES, parties, now).await {
                Err(Error::Conflict(_)) => {}
                done => return done,
            }
        }
        self.claim(store, OURSELVES, parties, now).await
    }

    /// Returns the parties that another partner has, that are reserved for another, or that are our own.
    pub(crate) async fn taken(
        &self,
        store: &impl Store,
        id: &str,
        parties: &[Party],
    ) -> Result<BTreeSet<Party>, Error> {
        let mut taken = BTreeSet::new();
        for batch in parties.chunks(BATCH) {
            taken.append(&mut self.look(store, id, batch).await?.taken);
        }
        Ok(taken)
    }

    /// Returns the partner that a party was claimed for last, or the name of the platform itself.
    pub(crate) async fn claimant(&self, store: &impl Store, party: &Party) -> Result<Option<String>, Error> {
        let claim = store.get(&claim_at(party)).await.map_err(failure)?;
        let claimant = claim.and_then(|claim| String::from_utf8(claim.body.to_vec()).ok());
        Ok(claimant.filter(|claimant| claimant != NOBODY))
    }

    /// Gives up a claim of the platform itself. `false`: there is none.
    pub(crate) async fn give_up_own(
        &self,
        store: &impl Store,
        party: &Party,
        now: DateTime,
    ) -> Result<bool, Error> {
        let at = claim_at(party);
        let given_up = store.update(vec![at.clone()], move |tx| {
            if tx.get(&at)?.is_none_or(|claim| claim.body != OURSELVES.as_bytes()) {
                return Err(Rejected::Because(()));
            }
            tx.put(&at, NewDocument::new(NOBODY.as_bytes().to_vec(), FORMAT, now))?;
            Ok(())
        });
        match given_up.await {
            Ok(()) => Ok(true),
            Err(UpdateError::Rejected(()) | UpdateError::Aborted) => Ok(false),
            Err(UpdateError::Store(error)) => Err(failure(error)),
        }
    }

    async fn claim_batch(
        &self,
        store: &impl Store,
        id: &str,
        parties: &[Party],
        now: DateTime,
    ) -> Result<(), Error> {
        let seen = self.look(store, id, parties).await?;
        match seen.taken.into_iter().next() {
            Some(party) => Err(Error::PartyTaken(party)),
            None => write_claims(store, id, seen.claims, seen.fences, now).await,
        }
    }

    /// Reads the claims of parties, and the details of other partners that they name.
    async fn look(&self, store: &impl Store, id: &str, parties: &[Party]) -> Result<Seen, Error> {
        let at: Vec<Address> = parties.iter().map(claim_at).collect();
        let claims = store.read(&at).await.map_err(failure)?;
        let mut others: BTreeMap<String, (BTreeSet<Party>, u64)> = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (party, claim) in parties.iter().zip(&claims) {
            let other = claim.as_ref().and_then(|claim| std::str::from_utf8(&claim.body).ok());
            let Some(other) = other.filter(|other| *other != id) else { continue };
            if other == NOBODY {
                continue;
            }
            if other == OURSELVES {
                taken.insert(party.clone());
                continue;
            }
            if !others.contains_key(other) {
                // A partner without a record never had the party.
                let Some((details, revision)) = self.details_of(store, other).await? else { continue };
                others.insert(other.to_owned(), (details.held(), revision));
            }
            if others.get(other).is_some_and(|(held, _)| held.contains(party)) {
                taken.insert(party.clone());
            }
        }
        let revisions = claims.iter().map(|claim| claim.as_ref().map(|claim| claim.revision));
        let claims = at.into_iter().zip(revisions).collect();
        let fences = others.into_iter().map(|(other, (_, revision))| (record_at(&other), revision)).collect();
        Ok(Seen { taken, claims, fences })
    }

    /// Returns the details of a partner, with the revision of its record.
    async fn details_of(&self, store: &impl Store, id: &str) -> Result<Option<(Arc<Details>, u64)>, Error> {
        let whole = self.whole(store, id).await?;
        Ok(whole.map(|(kept, details)| (details, kept.revision())))
    }
}

/// Claims as they were seen.
struct Seen {
    /// Parties that another partner has.
    taken: BTreeSet<Party>,
    claims: Vec<(Address, Option<u64>)>,
    /// Records of other partners that are named by a claim.
    fences: Vec<(Address, u64)>,
}

/// Writes claims and the records of those that they are taken from, if all are as they were seen.
async fn write_claims(
    store: &impl Store,
    id: &str,
    seen: Vec<(Address, Option<u64>)>,
    fences: Vec<(Address, u64)>,
    now: DateTime,
) -> Result<(), Error> {
    let conflict = || Error::Conflict(id.to_owned());
    let body = id.as_bytes().to_vec();
    let claims = seen.iter().map(|(at, _)| at.clone());
    let addresses = claims.chain(fences.iter().map(|(at, _)| at.clone())).collect();
    let written = store.update(addresses, move |tx| {
        for (at, revision) in &seen {
            if tx.get(at)?.map(|claim| claim.revision) != *revision {
                return Err(Rejected::Because(()));
            }
            tx.put(at, NewDocument::new(body.clone(), FORMAT, now))?;
        }
        for (at, revision) in &fences {
            let known = tx.get(at)?.filter(|known| known.revision == *revision).cloned();
            let Some(known) = known else { return Err(Rejected::Because(())) };
            tx.put(at, NewDocument::new(known.body, known.format, known.last_updated))?;
        }
        Ok(())
    });
    written.await.map_err(|error| match error {
        UpdateError::Store(error) => failure(error),
        UpdateError::Rejected(()) | UpdateError::Aborted => conflict(),
    })
}

/// The claim of a party, whatever the case of its letters.
fn claim_at(party: &Party) -> Address {
    Address::new("PartnerParty", "", party.canonical())
}
