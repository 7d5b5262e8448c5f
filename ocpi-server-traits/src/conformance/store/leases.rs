//! Leases, which are built on the store.

use std::sync::Arc;
use std::time::Duration;

use super::beside::start;
use super::context::{StoreContext, at, number, silent};
use super::fixture::Fixture;
use crate::conformance::test_context::together;
use crate::conformance::{Applied, Failure};
use crate::storage::{Edit, Lease, LeaseError, Store, WriteOutcome, fenced, release, take};

const HOUR: Duration = Duration::from_secs(3_600);

/// Adds one to a number under a lease; `false` if the lease is held no more.
async fn add_one<S: Store>(context: &StoreContext<'_, S>, lease: &Lease) -> Result<bool, Failure> {
    let held = lease.clone();
    let edit: Edit = Box::new(move |tx| {
        // First the change, then the check: it is undone all the same.
        let sum = number(tx.get(&at("a"))?) + 1;
        tx.put(&at("a"), silent(sum.to_string()))?;
        fenced(tx, &held)
    });
    let outcome = context.write(&[at("a"), lease.address()], edit).await?;
    Ok(matches!(outcome, WriteOutcome::Committed(_)))
}

/// A lease that can be taken.
async fn taken<S: Store>(
    context: &StoreContext<'_, S>,
    name: &str,
    holder: &str,
    term: Duration,
) -> Result<Lease, Failure> {
    context.ok("take", take(context.store, name, holder, term).await)
}

/// Whether another holds a lease.
async fn is_held<S: Store>(context: &StoreContext<'_, S>, name: &str, holder: &str) -> Result<bool, Failure> {
    match take(context.store, name, holder, HOUR).await {
        Err(LeaseError::Held { .. }) => Ok(true),
        other => context.ok("take", other).map(|_| false),
    }
}

/// A lease has one holder, who can renew and release it.
pub async fn leases_have_one_holder(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("leases_have_one_holder", store);
    let first = taken(&context, "push", "one", HOUR).await?;
    context.same("another's attempt", is_held(&context, "push", "two").await?, true)?;
    let longer = taken(&context, "push", "one", 2 * HOUR).await?;
    context.same("fence of the lease that was made longer", longer.fence, first.fence)?;
    context.holds("a later end", longer.until > first.until)?;
    context.same("another lease", taken(&context, "pull", "two", HOUR).await?.fence, 1)?;
    for lease in [&first, &longer] {
        context.same("write under the lease", add_one(&context, lease).await?, true)?;
    }
    context.ok("release", release(store, &longer).await)?;
    let second = taken(&context, "push", "two", HOUR).await?;
    context.same("fence of the next holder", second.fence, first.fence + 1)?;
    context.same("attempt of the one before", is_held(&context, "push", "one").await?, true)
}

/// An expired lease can be taken, with the next fence; a write with the old fence changes nothing.
pub async fn old_fences_change_nothing(store: &impl Store) -> Result<(), Failure> {
    let context = StoreContext::new("old_fences_change_nothing", store);
    let mut old = Vec::new();
    for fence in 1..=5 {
        let holder = (fence % 2).to_string();
        let lease = taken(&context, "push", &holder, HOUR).await?;
        context.same("fence", lease.fence, fence)?;
        context.same("write under the lease", add_one(&context, &lease).await?, true)?;
        // A renewal that ends at once: its time is over.
        let over = taken(&context, "push", &holder, Duration::ZERO).await?;
        context.same("fence of the renewal", over.fence, fence)?;
        old.push(lease);
        for lease in &old {
            context.same("write under an old lease", add_one(&context, lease).await?, false)?;
        }
        context.same("number", number(context.get(&at("a")).await?.as_ref()), fence)?;
        for lease in &old {
            context.ok("release of an old lease", release(store, lease).await)?;
        }
    }
    Ok(())
}

/// Of many concurrent takers one gets the lease, also when it expired.
pub async fn one_of_many_takers_wins<F: Fixture>(fixture: &F) -> Result<Applied, Failure> {
    let behavior = "one_of_many_takers_wins";
    let first = Arc::new(fixture.fresh().await);
    let second = match fixture.second(&first).await {
        Some(second) => Arc::new(second),
        None => Arc::clone(&first),
    };
    let context = StoreContext::new(behavior, &*first);
    for fence in 1..=10 {
        let takers = [&first, &second].into_iter().enumerate().map(|(number, store)| {
            let store = Arc::clone(store);
            start(fixture, async move {
                let holders: Vec<_> = (0..8).map(|taker| format!("{number} {taker}")).collect();
                let takers = holders.iter().map(|holder| take(&*store, "push", holder, HOUR));
                together(takers).await
            })
        });
        let mut won = Vec::new();
        for taken in together(takers.collect::<Vec<_>>()).await {
            for taken in context.came("the end of the takers", taken)? {
                match taken {
                    Err(LeaseError::Held { .. }) => {}
                    taken => won.push(context.ok("take", taken)?),
                }
            }
        }
        let fences: Vec<_> = won.iter().map(|lease| lease.fence).collect();
        context.same("fences that were given out", fences, vec![fence])?;
        for lease in won {
            context.ok("release", release(&*second, &lease).await)?;
        }
    }
    Ok(Applied::Tested)
}
