//! Leases, and the facts about partners that are needed to serve them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use ocpi_client::Transport;
use ocpi_server_traits::storage::{
    Lease, LeaseError, Position, Rejected, Store, StoreExt, UpdateError, fenced, release, take,
};
use ocpi_types::Role;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::hub_client_info::{ClientInfo, ConnectionStatus};

use super::bases::Bases;
use super::facts::Facts;
use super::gaps::Gaps;
use super::pusher::Pusher;
use super::rules::Rules;
use super::served::{LEASE, LEASE_MICROS, LONGEST_WRITE, Served};
use super::stored::Cursor;
use crate::documents::{corrupt, failure};
use crate::trust::PartnerState;
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// The partners that are registered, with what is to be known of them to serve them.
    pub(super) async fn to_serve(&self) -> Result<BTreeMap<String, Option<Facts>>, Error> {
        let (mut all, mut hubs) = (BTreeMap::new(), Vec::new());
        for kept in self.partners.all(self.store()).await?.0 {
            let id = kept.record.id.clone();
            if kept.record.roles.contains(&Role::Hub) {
                hubs.push(id.clone());
            }
            let facts = match kept.record.state {
                PartnerState::Registered => match self.partners.details(self.store(), &kept.record).await {
                    Ok(details) => self.client_of(&kept.record, &details).map(|client| {
                        let known = self.partners.shared(&kept.record, &details, &self.settings.permissions);
                        let push = self.settings.push.of(&id);
                        Facts::of(push, &known.parties, &known.permissions, &client)
                    }),
                    // It changes at this moment: the next look has it.
                    Err(Error::Conflict(_)) => continue,
                    Err(error) => return Err(error),
                },
                // It comes back as it is.
                PartnerState::Pending => continue,
                _ => None,
            };
            all.insert(id, facts);
        }
        self.add_parties_behind(hubs, &mut all).await?;
        Ok(all)
    }

    /// Adds the parties that hubs connect, as far as no other partner has them, whatever its state. One that several hubs
    /// connect is served by the first.
    async fn add_parties_behind(
        &self,
        hubs: Vec<String>,
        all: &mut BTreeMap<String, Option<Facts>>,
    ) -> Result<(), Error> {
        let mut served = BTreeSet::new();
        for id in hubs {
            let Some(facts) = all.get_mut(&id).and_then(Option::as_mut) else { continue };
            let clients = self.clients_of(&id).await?.into_iter().filter(is_connected);
            let behind =
                |client: ClientInfo| Party { country_code: client.country_code, party_id: client.party_id };
            let behind: BTreeSet<Party> = clients.map(behind).collect();
            let behind: Vec<Party> = behind.into_iter().collect();
            let taken = self.partners.taken(self.store(), &id, &behind).await?;
            let mut parties = (*facts.parties).clone();
            for party in behind.iter().filter(|party| !taken.contains(party)).map(Party::canonical) {
                if served.insert(party.clone()) {
                    parties.insert(party);
                }
            }
            facts.parties = Arc::new(parties);
        }
        Ok(())
    }

    /// Takes the lease of a partner, or renews it, and begins to serve the partner if it is new here. `None`: another node does.
    pub(super) async fn serve(
        &self,
        holder: &str,
        id: &str,
        facts: Facts,
        known: Option<Served>,
        generation: u64,
        head: Position,
    ) -> Result<Option<Served>, Error> {
        let asked = self.clock().ticks();
        let lease = match take(self.store(), &lease_of(id), holder, LEASE).await {
            Ok(lease) => lease,
            Err(LeaseError::Held { .. }) => return Ok(None),
            Err(LeaseError::Store(error)) => {
                // It may still be ours; if not, its end is known.
                return known
                    .filter(|known| known.lease_until > asked)
                    .map_or_else(|| Err(error.into()), |known| Ok(Some(known)));
            }
            Err(_) => return Ok(None),
        };
        let lease_until = asked.saturating_add(LEASE);
        // Nobody had it meanwhile, though it was over.
        let known = known.filter(|known| lease.fence <= known.lease.fence.saturating_add(1));
        if let Some(mut known) = known {
            if known.facts != facts {
                known.wants_letters = true;
                known.gaps.change(&known.facts, &facts, known.pusher.cursor(), head);
            }
            known.pusher.set_rules(Rules::new(facts.push.concurrency));
            return Ok(Some(Served { lease, lease_until, facts, ..known }));
        }
        self.take_over(id, facts, lease, lease_until, generation, head).await.map(Some)
    }

    async fn take_over(
        &self,
        id: &str,
        facts: Facts,
        lease: Lease,
        lease_until: Duration,
        generation: u64,
        head: Position,
    ) -> Result<Served, Error> {
        let rules = Rules::new(facts.push.concurrency);
        let stored = self.store().get(&Cursor::at(id)).await?;
        let store_now = lease.until.to_unix_micros().saturating_sub(LEASE_MICROS);
        let (saved, confirm) = match stored {
            Some(document) => {
                let cursor = Cursor::read(&document).ok_or_else(corrupt)?;
                // What the node before has sent may arrive until then.
                (cursor, Some(self.clock().ticks().saturating_add(LEASE).saturating_add(rules.flight)))
            }
            None if facts.push.full_push => (Cursor::at_position(Position::START, i64::MIN), None),
            None => {
                let clean = store_now.saturating_sub(LONGEST_WRITE);
                (Cursor::at_position(head, clean), None)
            }
        };
        let served = Served {
            generation,
            lease,
            lease_until,
            pusher: Pusher::resume(rules, saved.position, confirm),
            bases: Bases::since(saved.clean),
            gaps: Gaps::read(&saved.gaps, saved.position, &facts),
            facts,
            lessons: 0,
            no_patch_until: None,
            away: saved.away,
            saved,
            wants_letters: true,
        };
        self.write_cursor(id, &served.lease, &served.saved).await?;
        Ok(served)
    }

    /// Stores how far a partner has come. `false`: another node serves it now.
    pub(super) async fn save(&self, id: &str, served: &mut Served) -> Result<bool, Error> {
        let Some(cursor) = served.unsaved() else { return Ok(true) };
        let is_ours = self.write_cursor(id, &served.lease, &cursor).await?;
        if is_ours {
            served.saved = cursor;
        }
        Ok(is_ours)
    }

    async fn write_cursor(&self, id: &str, lease: &Lease, cursor: &Cursor) -> Result<bool, Error> {
        let (at, lease, cursor) = (Cursor::at(id), lease.clone(), cursor.document(self.now()));
        let addresses = vec![at.clone(), lease.address()];
        let saved = self.store().update(addresses, move |tx| {
            fenced(tx, &lease)?;
            tx.put(&at, cursor.clone())?;
            Ok::<_, Rejected<()>>(())
        });
        match saved.await {
            Ok(()) => Ok(true),
            Err(UpdateError::Store(error)) => Err(error.into()),
            Err(_) => Ok(false),
        }
    }

    /// Forgets how far a partner has come that has left: if it comes again, it is new. Where it has come again already, it is
    /// served by another node.
    pub(super) async fn forget_cursor(&self, id: &str) -> Result<(), Error> {
        let at = Cursor::at(id);
        if self.store().get(&at).await?.is_none() {
            return Ok(());
        }
        let lease = match take(self.store(), &lease_of(id), self.push.node(), LEASE).await {
            Ok(lease) => lease,
            Err(LeaseError::Store(error)) => return Err(error.into()),
            Err(_) => return Ok(()),
        };
        let (held, now) = (lease.clone(), self.now());
        let gone = self.store().update(vec![at.clone(), lease.address()], move |tx| {
            fenced(tx, &held)?;
            tx.delete(&at, now)?;
            Ok::<_, Rejected<()>>(())
        });
        gone.await.map_err(failure)?;
        Ok(release(self.store(), &lease).await?)
    }
}

/// The name of the lease of a partner.
fn lease_of(id: &str) -> String {
    format!("push/{id}")
}

/// Whether a hub reaches a client, now or again soon.
pub(super) fn is_connected(client: &ClientInfo) -> bool {
    !matches!(client.status, ConnectionStatus::Planned | ConnectionStatus::Suspended)
}
