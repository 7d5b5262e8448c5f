//! Changes of accounts in a write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ocpi_types::protocol::PartnerId;

use super::account::{FORMAT, account_at, read};
use super::{Quota, QuotaUsedUp, Quotas, Usage};
use crate::Error;
use crate::objects::{Cause, Objects};
use crate::storage::{
    Abort, Address, Document, NewDocument, Rejected, Store, StoreExt, Transaction, UpdateError,
};

/// Runs of a write, each with the accounts that the one before lacked. The partner that an object counts for may change
/// between two of them.
const RUNS: usize = 8;

impl<S: Store> Objects<S> {
    /// Writes, and counts what the edit charges.
    ///
    /// Most updates change no account: their objects neither come nor go, nor grow by a KiB. So accounts are declared only
    /// after a run of the edit has shown that it needs them, except those of `likely`.
    pub(in crate::objects) async fn charged<T: Send + 'static>(
        &self,
        at: Vec<Address>,
        likely: Option<&PartnerId>,
        edit: impl Fn(&mut Transaction<'_>, &mut Charges) -> Result<T, Rejected<Error>> + Send + Sync + 'static,
    ) -> Result<T, Error> {
        let mut declared: BTreeSet<PartnerId> = likely.cloned().into_iter().collect();
        let edit = Arc::new(edit);
        for _ in 0..RUNS {
            let addresses = at.iter().cloned().chain(declared.iter().map(account_at)).collect();
            let (edit, known, quotas) = (Arc::clone(&edit), declared.clone(), self.quotas.clone());
            let written = self.store.update(addresses, move |transaction| {
                let mut charges = Charges::new(&known, &quotas);
                let made = (*edit)(transaction, &mut charges);
                let settled = made.and_then(|made| charges.settle(transaction).map(|()| made));
                settled.map_err(|rejected| match rejected {
                    _ if !charges.lacks.is_empty() => Rejected::Because(Refusal::Lacks(charges.lacks)),
                    Rejected::Because(error) => Rejected::Because(Refusal::Error(error)),
                    Rejected::Abort(abort) => Rejected::Abort(abort),
                })
            });
            match written.await {
                Ok(made) => return Ok(made),
                Err(UpdateError::Rejected(Refusal::Lacks(accounts))) => declared.extend(accounts),
                Err(UpdateError::Rejected(Refusal::Error(error))) => return Err(error),
                Err(UpdateError::Store(error)) => return Err(error.into()),
                Err(UpdateError::Aborted) => return Err(UpdateError::<Error>::Aborted.into()),
            }
        }
        Err(Error::busy("the object changes hands at this moment", 1))
    }
}

/// Reason why a run of an edit is not committed.
enum Refusal {
    /// It changes accounts that were not declared.
    Lacks(BTreeSet<PartnerId>),
    Error(Error),
}

/// Changes of accounts in a write.
pub(in crate::objects) struct Charges<'a> {
    declared: &'a BTreeSet<PartnerId>,
    quotas: &'a Quotas,
    changes: BTreeMap<PartnerId, Change>,
    lacks: BTreeSet<PartnerId>,
}

/// Change of an account.
#[derive(Default)]
struct Change {
    kinds: BTreeMap<String, i64>,
    kib: i64,
    doubts: i64,
    /// Objects that were there before and are in no account, of a time without accounts: they come into it now, and do not
    /// grow.
    former_kinds: BTreeMap<String, i64>,
    former_kib: i64,
}

impl<'a> Charges<'a> {
    fn new(declared: &'a BTreeSet<PartnerId>, quotas: &'a Quotas) -> Self {
        Self { declared, quotas, changes: BTreeMap::new(), lacks: BTreeSet::new() }
    }

    /// The document of an object is put in the place of another, or deleted.
    pub(in crate::objects) fn object(&mut self, kind: &str, before: Option<Charge>, after: Option<Charge>) {
        if before == after {
            return;
        }
        for (charge, sign) in [(before, -1), (after, 1)] {
            let Some(Charge { partner, kib, is_counted }) = charge else { continue };
            let change = self.changes.entry(partner).or_default();
            if is_counted {
                *change.kinds.entry(kind.to_owned()).or_default() += sign;
                change.kib += sign * kib;
            } else {
                *change.former_kinds.entry(kind.to_owned()).or_default() += 1;
                change.former_kib += kib;
            }
        }
    }

    /// A doubt about an object that is not there is raised, settled, or raised by another partner. `false`: it is one too
    /// many, and is not to be kept.
    pub(in crate::objects) fn doubt(
        &mut self,
        transaction: &mut Transaction<'_>,
        before: Option<PartnerId>,
        after: Option<&PartnerId>,
    ) -> Result<bool, Rejected<Error>> {
        if before.as_ref() == after {
            return Ok(true);
        }
        if let Some(partner) = after {
            let raised = self.changes.get(partner).map_or(0, |change| change.doubts);
            let usage = self.account(transaction, partner)?;
            let count = add(usage.doubts, raised + 1);
            if self.quotas.of(partner).doubts.is_some_and(|most| count > most) {
                return Ok(false);
            }
            self.changes.entry(partner.clone()).or_default().doubts += 1;
        }
        if let Some(partner) = before {
            self.changes.entry(partner).or_default().doubts -= 1;
        }
        Ok(true)
    }

    /// Writes the accounts that change.
    ///
    /// # Errors
    /// When a quota is used up, or an account was not declared.
    fn settle(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Rejected<Error>> {
        let mut changes = std::mem::take(&mut self.changes);
        changes.retain(|_, change| !change.is_nothing());
        let declared = self.declared;
        self.lacks.extend(changes.keys().filter(|partner| !declared.contains(*partner)).cloned());
        for (partner, change) in changes {
            let before = self.account(transaction, &partner)?;
            let after = change.applied_to(&before);
            check(&self.quotas.of(&partner), &change.with_former(&before), &after)
                .map_err(Rejected::Because)?;
            let (at, now) = (account_at(&partner), transaction.now());
            if after.is_empty() {
                transaction.delete(&at, now)?;
            } else {
                transaction.put(&at, NewDocument::new(after.write(), FORMAT, now))?;
            }
        }
        Ok(())
    }

    fn account(
        &mut self,
        transaction: &mut Transaction<'_>,
        partner: &PartnerId,
    ) -> Result<Usage, Rejected<Error>> {
        if !self.declared.contains(partner) {
            self.lacks.insert(partner.clone());
        }
        if !self.lacks.is_empty() {
            return Err(Rejected::Abort(Abort::new()));
        }
        read(transaction.get(&account_at(partner))?).map_err(Rejected::Because)
    }
}

impl Change {
    fn is_nothing(&self) -> bool {
        self.kib == 0 && self.doubts == 0 && self.kinds.values().all(|count| *count == 0)
    }

    fn applied_to(&self, before: &Usage) -> Usage {
        let kinds = added(&before.kinds, &self.kinds);
        Usage { kinds, kib: add(before.kib, self.kib), doubts: add(before.doubts, self.doubts) }
    }

    /// The usage before, had everything been counted.
    fn with_former(&self, before: &Usage) -> Usage {
        let kinds = added(&before.kinds, &self.former_kinds);
        Usage { kinds, kib: add(before.kib, self.former_kib), doubts: before.doubts }
    }
}

fn added(before: &BTreeMap<String, u64>, changes: &BTreeMap<String, i64>) -> BTreeMap<String, u64> {
    let mut kinds = before.clone();
    for (kind, change) in changes {
        let count = kinds.entry(kind.clone()).or_default();
        *count = add(*count, *change);
    }
    kinds.retain(|_, count| *count > 0);
    kinds
}

fn add(count: u64, change: i64) -> u64 {
    count.checked_add_signed(change).unwrap_or(if change < 0 { 0 } else { u64::MAX })
}

/// Refuses growth beyond a bound.
fn check(quota: &Quota, before: &Usage, after: &Usage) -> Result<(), Error> {
    let most_of = |usage: &Usage, kind: &str| usage.kinds.get(kind).copied().unwrap_or_default();
    let kinds = after
        .kinds
        .iter()
        .map(|(kind, count)| ("objects of a kind", quota.list, most_of(before, kind), *count));
    let all = [
        ("objects", quota.objects, before.objects(), after.objects()),
        ("bytes", quota.bytes, before.bytes(), after.bytes()),
    ];
    for (name, most, before, after) in all.into_iter().chain(kinds) {
        if let Some(most) = most.filter(|most| after > *most && after > before) {
            let used_up = QuotaUsedUp { quota: name, most };
            return Err(Error::over_quota(used_up.to_string()).with_source(used_up));
        }
    }
    Ok(())
}

/// An object in the account of a partner, or one that is to come into it.
#[derive(Eq, PartialEq)]
pub(in crate::objects) struct Charge {
    partner: PartnerId,
    kib: i64,
    is_counted: bool,
}

impl Charge {
    /// The charge of a document that is stored.
    pub(in crate::objects) fn of(document: &Document) -> Option<Self> {
        Self::new(&document.cause, document.text_bytes())
    }

    /// The charge of a document to store.
    pub(in crate::objects) fn of_new(document: &NewDocument) -> Option<Self> {
        Self::new(document.cause(), document.text_bytes())
    }

    /// Whether it is in the account.
    pub(super) fn is_counted(&self) -> bool {
        self.is_counted
    }

    fn new(cause: &[u8], bytes: usize) -> Option<Self> {
        let partner = Cause::from_bytes(cause)?.partner()?.clone();
        let kib = i64::try_from(bytes.div_ceil(1024)).unwrap_or(i64::MAX);
        Some(Self { partner, kib, is_counted: Cause::is_counted(cause) })
    }
}
