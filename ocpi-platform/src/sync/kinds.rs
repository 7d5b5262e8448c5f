//! Kinds of objects that are synced and looked up.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_server_traits::storage::Address;
use ocpi_server_traits::{Cause, Store};
use ocpi_types::endpoint::RootResource;
use ocpi_types::{DateTime, ModuleId, Object};

use super::known::{Doing, Kind};
use super::{SyncError, SyncOptions, Synced};
use crate::{Error, Platform};

struct KindOf<R>(PhantomData<fn() -> R>);

impl<S: Store, T: Transport, R: RootResource> Kind<Platform<S, T>> for KindOf<R> {
    fn name(&self) -> &'static str {
        <R as Object>::INFO.name
    }

    fn module(&self) -> ModuleId {
        R::MODULE
    }

    fn sync<'a>(
        &'a self,
        platform: &'a Platform<S, T>,
        partner: &'a str,
        options: &'a SyncOptions,
    ) -> Doing<'a, Result<Synced, SyncError>> {
        Box::pin(platform.sync::<R>(partner, options))
    }

    fn look_up<'a>(
        &'a self,
        platform: &'a Platform<S, T>,
        partner: &'a str,
        at: &'a Address,
    ) -> Doing<'a, Result<(), Error>> {
        Box::pin(async move {
            let Some(at) = ocpi_server_traits::owned_at::<R>(at) else { return Ok(()) };
            platform.look_up::<R>(partner, &at).await.map(drop)
        })
    }

    fn settle_missing<'a>(
        &'a self,
        platform: &'a Platform<S, T>,
        partner: &'a str,
        at: &'a Address,
        asked: DateTime,
    ) -> Doing<'a, Result<(), Error>> {
        Box::pin(async move {
            let Some(at) = ocpi_server_traits::owned_at::<R>(at) else { return Ok(()) };
            if platform.objects.get::<R>(&at).await?.is_some() {
                return Ok(());
            }
            let by = Cause::LookUp(Platform::<S, T>::named(partner)?);
            platform.objects.answer::<R>(&at, None, asked, platform.now(), &by).await?;
            Ok(())
        })
    }
}

/// Whether single objects of a module can be asked for at their owner.
pub(super) fn has_single_get(module: &ModuleId) -> bool {
    *module == ModuleId::Locations
}

/// Kinds of objects, as [`SyncedKinds`] lists them.
pub struct KindList<S, T>(pub(super) Vec<Arc<dyn Kind<Platform<S, T>>>>);

impl<S: Store, T: Transport> KindList<S, T> {
    /// Adds a kind.
    #[must_use]
    pub fn with<R: RootResource>(mut self) -> Self {
        self.0.push(Arc::new(KindOf::<R>(PhantomData)));
        self
    }
}

impl<S, T> fmt::Debug for KindList<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KindList").field("kinds", &self.0.len()).finish()
    }
}

/// Kinds of objects: a tuple of types, such as `(Location, Tariff)`.
pub trait SyncedKinds {
    /// Adds the kinds to a list.
    fn add_to<S: Store, T: Transport>(list: KindList<S, T>) -> KindList<S, T>;
}

macro_rules! kinds {
    ($(($($kind:ident),+))+) => { $(
        impl<$($kind: RootResource),+> SyncedKinds for ($($kind,)+) {
            fn add_to<S: Store, T: Transport>(list: KindList<S, T>) -> KindList<S, T> {
                list$(.with::<$kind>())+
            }
        }
    )+ };
}

kinds! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) }
