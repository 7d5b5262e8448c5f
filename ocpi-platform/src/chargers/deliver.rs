//! Delivery of results to the partner.

use std::collections::BTreeSet;
use std::time::Duration;

use ocpi_client::{RequestOptions, Transport};
use ocpi_server_traits::Store;
use ocpi_types::endpoint::{ClearChargingProfile, GetActiveChargingProfile, PutChargingProfile};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResult, CommandResultType, ReserveNow, StartSession, StopSession,
    UnlockConnector,
};
use ocpi_types::{CiString, json};

use super::entry::{Entry, POST};
use super::request::Taken;
use super::stored::{DUE, RUNNING};
use super::taken::{self, FORM, Run, STEP};
use crate::documents::corrupt;
use crate::trust::later;
use crate::{Error, Platform, RequestKind};

/// Does something with the type of a kind of requests.
macro_rules! with_kind {
    ($kind:expr, $request:ident => $do:expr) => {
        with_kind!(@ $kind, $request => $do,
            CancelReservation = CancelReservation, ReserveNow = ReserveNow, StartSession = StartSession,
            StopSession = StopSession, UnlockConnector = UnlockConnector,
            ActiveProfile = GetActiveChargingProfile, SetProfile = PutChargingProfile,
            ClearProfile = ClearChargingProfile)
    };
    (@ $kind:expr, $request:ident => $do:expr, $($name:ident = $type:ty),+) => {
        match $kind { $(RequestKind::$name => { type $request = $type; $do })+ }
    };
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Reports the cancellation of a reservation to its partner, by a second result of its `RESERVE_NOW`. Returns
    /// `false` if there is no active reservation with this id.
    ///
    /// # Errors
    /// When the store fails. If the partner cannot be reached, [`Platform::tick`] repeats the report later.
    pub async fn withdraw_reservation(
        &self,
        partner: &str,
        reservation_id: &CiString<36>,
    ) -> Result<bool, Error> {
        let canceled: CommandResult = CommandResultType::CanceledReservation.into();
        let (canceled, mut told) = (json::to_string(&canceled), BTreeSet::new());
        for key in taken::reserving(self.store(), partner, reservation_id.as_str()).await? {
            let (result, now) = (canceled.clone(), self.now());
            // Requests that look the same have the same URL: it is told once.
            let is_told = told.contains(taken::common(&key));
            let edit = move |entry: &mut Entry| {
                let stood = entry.withdraw(result.clone(), is_told, now);
                (stood, stood)
            };
            if FORM.change(self.store(), &key, now, edit).await? == Some(true) {
                told.insert(taken::common(&key).to_owned());
                self.deliver(&key).await?;
            }
        }
        Ok(!told.is_empty())
    }

    /// Posts a result, if it is time for it. `true`: nothing is left to do.
    pub(super) async fn deliver(&self, key: &str) -> Result<bool, Error> {
        let now = self.now();
        let begin = move |entry: &mut Entry| {
            let has_begun = entry.begin_post(now);
            (has_begun.then(|| entry.clone()), has_begun)
        };
        let Some(entry) = FORM.change(self.store(), key, now, begin).await?.flatten() else {
            return Ok(false);
        };
        let sent = with_kind!(entry.kind, Request => self.post_result::<Request>(&entry).await);
        let may_pass = match &sent {
            Ok(()) => false,
            Err(Error::Client(error)) => error.is_retryable(),
            Err(error) => matches!(error, Error::Store(_)),
        };
        let (now, posted) = (self.now(), entry.result);
        let end = move |entry: &mut Entry| (entry.end_post(posted.as_ref(), !may_pass, now), true);
        let run = Run { key: key.to_owned(), id: entry.run };
        let is_over = taken::change(self.store(), &run, now, end).await? == Some(true);
        if let (Err(error), true) = (&sent, is_over) {
            self.tell_missing(entry.partner.as_str(), "the result of a request was not taken", error);
        }
        Ok(is_over)
    }

    async fn post_result<R: Taken>(&self, entry: &Entry) -> Result<(), Error> {
        let text = entry.result.as_deref().unwrap_or_default();
        let result: R::Result = json::from_str(text).map_err(|_| corrupt())?;
        let url = self.open_url(&entry.partner, &entry.url).ok_or_else(corrupt)?;
        let mut options = RequestOptions::new().within(Duration::from_secs(POST.into()));
        if let Some(from) = &entry.from {
            options = options.from(from.clone());
        }
        if let Some(to) = &entry.to {
            options = options.to(to.clone());
        }
        self.send_with(&entry.partner, &R::post(url, result), &options).await.map(drop)
    }

    /// Posts the results that are due, and those of charge points that a process left behind: they failed. Forgets what is
    /// old. Returns the number of results that partners have now.
    pub(crate) async fn deliver_results(&self) -> Result<usize, Error> {
        let (store, mut done) = (self.store(), 0);
        for key in taken::ripe(store, RUNNING, self.now()).await? {
            let now = self.now();
            let fail = move |entry: &mut Entry| {
                let failed = with_kind!(entry.kind, Request => json::to_string(&Request::failed()));
                let is_mine = entry.is_orphaned(now) && entry.conclude(failed, false, now);
                (is_mine, is_mine)
            };
            FORM.change(store, &key, now, fail).await?;
        }
        let now = self.now();
        let mut due = taken::ripe(store, DUE, now).await?;
        due.extend(taken::beyond(store, DUE, Entry::longest_pause(now)).await?);
        for key in due {
            done += usize::from(self.deliver(&key).await?);
        }
        let now = self.now();
        let cut = later(now, -i64::from(self.requests.limits.keep));
        FORM.forget(store, cut, STEP, now).await?;
        Ok(done)
    }
}
