//! Results posted by partners.

use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_server_traits::{Caller, Error as Refusal, Handle, Routes, Store};
use ocpi_types::endpoint::{
    Owned, PostActiveChargingProfileResult, PostChargingProfileResult, PostClearProfileResult,
    PostCommandResult, PutActiveChargingProfile, SessionKey,
};
use ocpi_types::observe::{EventKind, OddResult};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::{ModuleId, Url, Version, json};

use super::entry::{Arrival, Incoming};
use super::request::AsyncResult;
use super::{RequestKind, ResultId};
use crate::party::asking_parties;
use crate::{Error, Platform};

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Mounts the endpoints for results of commands, and of requests about charging profiles in versions that have
    /// them. There, a CPO also reports changes of active profiles:
    /// [`Hooks::on_active_profile`](crate::Hooks::on_active_profile).
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ocpi_client::Transport;
    /// use ocpi_platform::Platform;
    /// use ocpi_server_traits::{Router, RouterError, Store};
    ///
    /// fn emsp<S: Store, T: Transport + 'static>(emsp: &Arc<Platform<S, T>>) -> Result<Router, RouterError> {
    ///     emsp.router(|routes| emsp.mount_results(routes))
    /// }
    /// ```
    #[must_use]
    pub fn mount_results(self: &Arc<Self>, routes: Routes) -> Routes {
        let routes = routes.on::<PostCommandResult, _>(self);
        if routes.version() < Version::V2_2 {
            return routes;
        }
        routes
            .on::<PostActiveChargingProfileResult, _>(self)
            .on::<PostChargingProfileResult, _>(self)
            .on::<PostClearProfileResult, _>(self)
            .on::<PutActiveChargingProfile, _>(self)
    }

    /// Takes a result that was posted to a URL of a module. The URL is good for one request to one partner.
    async fn take<R: AsyncResult>(
        &self,
        caller: &Caller,
        module: &ModuleId,
        url: &Url,
        result: &R,
    ) -> Result<(), Refusal> {
        let path = url.as_str().strip_prefix(caller.endpoint.as_str()).unwrap_or_default();
        let path: Vec<&str> = path.trim_matches('/').split('/').collect();
        let (kind, uid) = match path.as_slice() {
            [kind, uid] => (RequestKind::named(kind).filter(|kind| kind.module() == *module), *uid),
            _ => (None, ""),
        };
        let arrival = match kind {
            None => Ok(Arrival::Unknown),
            Some(kind) => {
                let id = ResultId::of(self.partners.hasher(), uid);
                let incoming =
                    Incoming { text: json::to_string(result), is_cancellation: result.is_cancellation() };
                self.requests.arrive(&id, caller.partner.id.as_str(), kind, incoming).await
            }
        };
        let arrival = arrival.map_err(refusal)?;
        if let Some(rule) = arrival.rule() {
            let request = kind.map_or("other", RequestKind::as_str);
            caller.observe(EventKind::OddResult(OddResult::new(request, rule)));
        }
        match arrival {
            Arrival::Taken | Arrival::Cancels | Arrival::Late | Arrival::Repeated => Ok(()),
            Arrival::Changed => Err(Refusal::invalid("the request has another result already")),
            Arrival::NotDue | Arrival::Foreign | Arrival::Mismatch | Arrival::Unknown => {
                Err(Refusal::not_found("no result is due at this URL"))
            }
        }
    }
}

impl<S: Store, T: Transport + 'static> Handle<PutActiveChargingProfile> for Platform<S, T> {
    async fn handle(&self, caller: &Caller, put: PutActiveChargingProfile) -> Result<(), Refusal> {
        for owner in asking_parties(caller) {
            let key = SessionKey { session_id: put.session_id.clone() };
            let at = Owned { owner: owner.clone(), key };
            if self.objects.get::<Session>(&at).await?.is_some() {
                self.settings.hooks.on_active_profile(&caller.partner.id, &put.session_id, &put.profile);
                return Ok(());
            }
        }
        Err(Refusal::not_found("no such session"))
    }
}

fn refusal(error: Error) -> Refusal {
    match error {
        Error::Store(error) => error,
        error => Refusal::failed(error),
    }
}

macro_rules! results {
    ($($post:ident at $module:ident,)+) => { $(
        impl<S: Store, T: Transport + 'static> Handle<$post> for Platform<S, T> {
            async fn handle(&self, caller: &Caller, post: $post) -> Result<(), Refusal> {
                self.take(caller, &ModuleId::$module, &post.url, &post.result).await
            }
        }
    )+ };
}

results! {
    PostCommandResult at Commands,
    PostActiveChargingProfileResult at ChargingProfiles,
    PostChargingProfileResult at ChargingProfiles,
    PostClearProfileResult at ChargingProfiles,
}
