//! Requests to charge points, from the checks to the answer.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use ocpi_client::Transport;
use ocpi_server_traits::{Caller, Error as Refusal, Handle, Routes, Store};
use ocpi_types::endpoint::{
    ClearChargingProfile, GetActiveChargingProfile, Outgoing, PutChargingProfile, SetChargingPreferences,
};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::charging_profiles::{ChargingProfileResponse, ChargingProfileResponseType};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseType, ReserveNow, StartSession, StopSession,
    UnlockConnector,
};
use ocpi_types::v2_3_0::sessions::ChargingPreferencesResponse;
use ocpi_types::{Version, json};

use super::checks::{AskedAbout, At, asked, is_callers, takes_preferences};
use super::entry::{Entry, State};
use super::request::{Taken, command_response, profile_response};
use super::taken::{self, Run};
use super::{Chargers, SmartCharging};
use crate::documents::corrupt;
use crate::results::AsyncResult;
use crate::trust::later;
use crate::{Error, Platform};

/// Seconds that the partner is told beyond the time of the charge point, for the way.
const WAY: i64 = 5;
/// The time that an answer has to arrive before its result, where that is there at once.
const AFTER_ANSWER: Duration = Duration::from_millis(250);

/// Takes the requests of partners to charge points.
struct Desk<S, T, C> {
    platform: Arc<Platform<S, T>>,
    chargers: Arc<C>,
}

impl<S: Store, T: Transport + 'static> Platform<S, T> {
    /// Mounts the modules of a CPO with charge points that partners can command: [`Routes::cpo`] over the platform's
    /// objects, and [`mount_chargers`](Self::mount_chargers).
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Chargers, Platform};
    /// use ocpi_server_traits::{Router, RouterError, Store};
    ///
    /// fn cpo<S: Store, T: Transport + 'static, C: Chargers>(
    ///     cpo: &Arc<Platform<S, T>>,
    ///     depot: &Arc<C>,
    /// ) -> Result<Router, RouterError> {
    ///     cpo.router(|routes| cpo.mount_cpo(routes, depot))
    /// }
    /// ```
    #[must_use]
    pub fn mount_cpo<C: Chargers>(self: &Arc<Self>, routes: Routes, chargers: &Arc<C>) -> Routes {
        self.mount_chargers(routes.cpo(&self.objects), chargers)
    }

    /// Mounts the CPO side of commands: commands that pass the checks of [`Chargers`] reach the charge points, and the
    /// results are posted to the partners, also after a restart: [`Platform::tick`] posts those that did not arrive.
    #[must_use]
    pub fn mount_chargers<C: Chargers>(self: &Arc<Self>, routes: Routes, chargers: &Arc<C>) -> Routes {
        routes.commands(&self.desk(chargers))
    }

    /// Mounts the CPO side of charging profiles and charging preferences, in the versions that have them.
    #[must_use]
    pub fn mount_smart_charging<C: SmartCharging>(
        self: &Arc<Self>,
        routes: Routes,
        chargers: &Arc<C>,
    ) -> Routes {
        if routes.version() < Version::V2_2 {
            return routes;
        }
        let desk = self.desk(chargers);
        routes
            .on::<PutChargingProfile, _>(&desk)
            .on::<GetActiveChargingProfile, _>(&desk)
            .on::<ClearChargingProfile, _>(&desk)
            .on::<SetChargingPreferences, _>(&desk)
    }

    fn desk<C>(self: &Arc<Self>, chargers: &Arc<C>) -> Arc<Desk<S, T, C>> {
        Arc::new(Desk { platform: Arc::clone(self), chargers: Arc::clone(chargers) })
    }

    /// Takes a request to a party of ours: it is stored, then the charge point is asked once, and what does not come at once
    /// comes later.
    async fn take_request<R: Taken>(
        self: &Arc<Self>,
        caller: &Caller,
        owner: Option<Party>,
        request: &R,
        time: Duration,
        asking: impl Future<Output = Result<R::Result, Refusal>> + Send + 'static,
    ) -> Result<R::Response, Refusal> {
        let partner = &caller.partner.id;
        self.may_post(partner.as_str(), request).await?;
        let now = self.now();
        let run =
            Run { key: self.key_of(caller, request)?, id: self.settings.secrets.id().map_err(refusal)? };
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX).max(1);
        let accepted = R::accepted(seconds.saturating_add(WAY));
        let entry = Entry {
            partner: partner.as_str().to_owned(),
            kind: R::KIND,
            run: run.id.clone(),
            request_id: caller.request_id.clone(),
            from: caller.to.clone().or(owner),
            to: caller.from.clone(),
            url: self.seal_url(partner.as_str(), request.response_url()).ok_or_else(|| refusal(corrupt()))?,
            asked: now,
            deadline: later(now, seconds),
            state: State::Running,
            answer: json::to_string(&accepted),
            is_repeated: false,
            result: None,
            posts: 0,
            next: now,
            reservation: request.reservation().map(|(id, until)| (id.to_owned(), until)),
        };
        let known = taken::begin(self.store(), &run.key, &entry, now).await.map_err(refusal)?;
        if let Some(known) = known {
            return json::from_str(&known.answer).map_err(|_| refusal(corrupt()));
        }
        if taken::open(self.store(), partner).await.map_err(refusal)? > self.requests.limits.open.into() {
            self.give_up::<R>(run, time).await.map_err(refusal)?;
            let crowded = Refusal::too_many_requests("too many requests of this partner are under way");
            return R::declined(&crowded).ok_or(crowded);
        }
        // Nothing may be awaited between the charge point's first answer and the work that takes care of the rest: whoever
        // waits for the response may go away.
        let mut asking = Box::pin(asking);
        match poll_fn(|context| Poll::Ready(asking.as_mut().poll(context))).await {
            Poll::Ready(Ok(result)) => match R::at_once(&result) {
                Some(answer) => {
                    let text = json::to_string(&answer);
                    let refuse = move |entry: &mut Entry| (entry.refuse(text.clone()), true);
                    let refused = taken::change(self.store(), &run, now, refuse).await.map_err(refusal)?;
                    if refused == Some(false) {
                        self.later::<R>(run, AFTER_ANSWER, time, Box::pin(async { Ok(result) }));
                    }
                    return Ok(answer);
                }
                None => self.later::<R>(run, AFTER_ANSWER, time, Box::pin(async { Ok(result) })),
            },
            Poll::Ready(Err(error)) => {
                self.give_up::<R>(run, time).await.map_err(refusal)?;
                return R::declined(&error).ok_or_else(|| failure(error));
            }
            Poll::Pending => self.later::<R>(run, Duration::ZERO, time, asking),
        }
        Ok(accepted)
    }

    /// Takes a request back that came to nothing. If the same one came meanwhile and was accepted, its result is that it failed.
    async fn give_up<R: Taken>(self: &Arc<Self>, run: Run, time: Duration) -> Result<(), Error> {
        if !taken::take_back(self.store(), &run, self.now()).await? {
            self.later::<R>(run, AFTER_ANSWER, time, Box::pin(async { Ok(R::failed()) }));
        }
        Ok(())
    }

    /// Goes on in the background: after a pause, waits for the result, and posts it.
    fn later<R: Taken>(
        self: &Arc<Self>,
        run: Run,
        pause: Duration,
        time: Duration,
        asking: Asking<R::Result>,
    ) {
        let platform = Arc::clone(self);
        self.settings.spawn.start(async move {
            let timer = &platform.settings.timer;
            if !pause.is_zero() {
                timer.wait(pause).await;
            }
            let result = match timer.within(time, asking).await {
                Some(Ok(result)) => result,
                Some(Err(error)) => {
                    platform.tell_missing(None, "a charge point failed", &Error::Store(error));
                    R::failed()
                }
                None => R::failed(),
            };
            if let Err(error) = platform.conclude(&run, &result).await {
                platform.tell_missing(None, "the result of a request waits for a tick", &error);
            }
        });
    }

    async fn conclude(&self, run: &Run, result: &impl AsyncResult) -> Result<(), Error> {
        let (text, is_accepted, now) = (json::to_string(result), result.is_accepted(), self.now());
        let edit = move |entry: &mut Entry| {
            let is_first = entry.conclude(text.clone(), is_accepted, now);
            (is_first, is_first)
        };
        taken::change(self.store(), run, now, edit).await?;
        self.deliver(&run.key).await.map(drop)
    }

    /// The key of a request: the same for all that look the same, of the same partner.
    fn key_of<R: Taken>(&self, caller: &Caller, request: &R) -> Result<String, Refusal> {
        let mut outgoing = Outgoing::default();
        request.encode(&mut outgoing);
        let url = outgoing.url(Some(&caller.endpoint));
        let url = url.ok_or_else(|| Refusal::invalid("an id cannot stand in a URL"))?;
        let body = outgoing.body.unwrap_or_default();
        let hasher = self.partners.hasher();
        Ok(hasher.taken(caller.partner.id.as_str(), R::KIND.as_str(), url.as_str(), &body).to_string())
    }
}

type Asking<R> = Pin<Box<dyn Future<Output = Result<R, Refusal>> + Send>>;

/// A failure of a charge point. The request is good, so it is told by OCPI's status; HTTP's is 200, unless the application
/// chose another than that of the kind.
fn failure(error: Refusal) -> Refusal {
    match error.http_status() == error.kind().http_status() {
        true => error.with_http_status(http::StatusCode::OK),
        false => error,
    }
}

fn refusal(error: Error) -> Refusal {
    match error {
        Error::Store(error) => error,
        error => Refusal::failed(error),
    }
}

impl<S: Store, T: Transport + 'static, C: Chargers> Handle<StartSession> for Desk<S, T, C> {
    async fn handle(&self, caller: &Caller, start: StartSession) -> Result<CommandResponse, Refusal> {
        let at = At {
            location_id: &start.location_id,
            evse_uid: start.evse_uid.as_ref(),
            connector_id: start.connector_id.as_ref(),
            may_need_connector: caller.version >= Version::V2_2_1,
        };
        let asked = self.platform.asked_at(caller, &at).await?;
        if !is_callers(caller, &start.token) {
            return Ok(command_response(CommandResponseType::Rejected));
        }
        let (chargers, time, it) = (Arc::clone(&self.chargers), self.chargers.timeout(), start.clone());
        let owner = asked.owner.clone();
        let asking = async move { chargers.start_session(it, &asked).await };
        self.platform.take_request(caller, owner, &start, time, asking).await
    }
}

impl<S: Store, T: Transport + 'static, C: Chargers> Handle<ReserveNow> for Desk<S, T, C> {
    async fn handle(&self, caller: &Caller, reserve: ReserveNow) -> Result<CommandResponse, Refusal> {
        let at = At {
            location_id: &reserve.location_id,
            evse_uid: reserve.evse_uid.as_ref(),
            connector_id: None,
            may_need_connector: false,
        };
        let asked = self.platform.asked_at(caller, &at).await?;
        if !is_callers(caller, &reserve.token) {
            return Ok(command_response(CommandResponseType::Rejected));
        }
        let (chargers, time, it) = (Arc::clone(&self.chargers), self.chargers.timeout(), reserve.clone());
        let owner = asked.owner.clone();
        let asking = async move { chargers.reserve_now(it, &asked).await };
        self.platform.take_request(caller, owner, &reserve, time, asking).await
    }
}

impl<S: Store, T: Transport + 'static, C: Chargers> Handle<UnlockConnector> for Desk<S, T, C> {
    async fn handle(&self, caller: &Caller, unlock: UnlockConnector) -> Result<CommandResponse, Refusal> {
        let at = At {
            location_id: &unlock.location_id,
            evse_uid: Some(&unlock.evse_uid),
            connector_id: Some(&unlock.connector_id),
            may_need_connector: false,
        };
        let asked = self.platform.asked_at(caller, &at).await?;
        let (chargers, time, it) = (Arc::clone(&self.chargers), self.chargers.timeout(), unlock.clone());
        let owner = asked.owner.clone();
        let asking = async move { chargers.unlock_connector(it, &asked).await };
        self.platform.take_request(caller, owner, &unlock, time, asking).await
    }
}

impl<S: Store, T: Transport + 'static, C: Chargers> Handle<StopSession> for Desk<S, T, C> {
    async fn handle(&self, caller: &Caller, stop: StopSession) -> Result<CommandResponse, Refusal> {
        let Some(asked) = self.platform.asked_in(caller, &stop.session_id).await? else {
            return Ok(command_response(CommandResponseType::UnknownSession));
        };
        let (chargers, time, it) = (Arc::clone(&self.chargers), self.chargers.timeout(), stop.clone());
        let owner = asked.owner.clone();
        let asking = async move { chargers.stop_session(it, &asked).await };
        self.platform.take_request(caller, owner, &stop, time, asking).await
    }
}

impl<S: Store, T: Transport + 'static, C: Chargers> Handle<CancelReservation> for Desk<S, T, C> {
    async fn handle(&self, caller: &Caller, cancel: CancelReservation) -> Result<CommandResponse, Refusal> {
        let asked = asked(caller);
        let (chargers, time, it) = (Arc::clone(&self.chargers), self.chargers.timeout(), cancel.clone());
        let owner = asked.owner.clone();
        let asking = async move { chargers.cancel_reservation(it, &asked).await };
        self.platform.take_request(caller, owner, &cancel, time, asking).await
    }
}

macro_rules! profiles {
    ($($request:ident, |$chargers:ident, $it:ident, $asked:ident| $ask:expr;)+) => { $(
        impl<S: Store, T: Transport + 'static, C: SmartCharging> Handle<$request> for Desk<S, T, C> {
            async fn handle(
                &self,
                caller: &Caller,
                request: $request,
            ) -> Result<ChargingProfileResponse, Refusal> {
                let $asked = match self.platform.asked_about(caller, &request.session_id).await? {
                    Some(AskedAbout::Own(asked)) => asked,
                    Some(AskedAbout::Foreign(asked)) if self.chargers.may_direct(&asked) => asked,
                    Some(AskedAbout::Foreign(_)) => {
                        return Ok(profile_response(ChargingProfileResponseType::Rejected));
                    }
                    None => return Ok(profile_response(ChargingProfileResponseType::UnknownSession)),
                };
                let ($chargers, time) = (Arc::clone(&self.chargers), self.chargers.timeout());
                let ($it, owner) = (request.clone(), $asked.owner.clone());
                let asking = async move { $ask.await };
                self.platform.take_request(caller, owner, &request, time, asking).await
            }
        }
    )+ };
}

profiles! {
    PutChargingProfile, |chargers, it, asked| chargers.set_profile(it.request.charging_profile, &asked);
    GetActiveChargingProfile, |chargers, it, asked| chargers.active_profile(it.duration, &asked);
    ClearChargingProfile, |chargers, _it, asked| chargers.clear_profile(&asked);
}

impl<S: Store, T: Transport + 'static, C: SmartCharging> Handle<SetChargingPreferences> for Desk<S, T, C> {
    async fn handle(
        &self,
        caller: &Caller,
        set: SetChargingPreferences,
    ) -> Result<ChargingPreferencesResponse, Refusal> {
        let asked = self.platform.asked_in(caller, &set.session_id).await?;
        let asked = asked.ok_or_else(|| Refusal::not_found("no such session"))?;
        if !takes_preferences(&asked) {
            let incapable = Refusal::invalid("the EVSE does not take charging preferences");
            return Err(incapable.with_http_status(http::StatusCode::NOT_FOUND));
        }
        let asking = self.chargers.set_preferences(set.preferences, &asked);
        let answer = self.platform.settings.timer.within(self.chargers.timeout(), asking).await;
        let answer = answer.unwrap_or_else(|| Err(Refusal::unavailable("the charge point does not answer")));
        answer.map_err(failure)
    }
}
