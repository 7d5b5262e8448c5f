//! Charging profiles, one call each.

use ocpi_client::{RequestOptions, Transport};
use ocpi_server_traits::Store;
use ocpi_types::CiString;
use ocpi_types::endpoint::{ClearChargingProfile, GetActiveChargingProfile, PutChargingProfile};
use ocpi_types::v2_3_0::charging_profiles::{ChargingProfile, SetChargingProfileInit};

use super::Awaited;
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Asks for the profile that a session is charged by, as planned for the next `duration` seconds. The result has it.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    /// use ocpi_types::CiString;
    /// use ocpi_types::v2_3_0::charging_profiles::ActiveChargingProfile;
    ///
    /// async fn next_hour<S: Store, T: Transport>(
    ///     scsp: &Platform<S, T>,
    ///     session: &CiString<36>,
    /// ) -> Result<Option<ActiveChargingProfile>, Error> {
    ///     let outcome = scsp.active_charging_profile("cpo", session, 3_600).await?.result().await?;
    ///     Ok(outcome.result().and_then(|result| result.profile.clone()))
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`Platform::ask`]; 2.1.1 has no charging profiles.
    pub async fn active_charging_profile(
        &self,
        partner: &str,
        session_id: &CiString<36>,
        duration: i64,
    ) -> Result<Awaited<GetActiveChargingProfile>, Error> {
        self.active_charging_profile_with(partner, session_id, duration, &RequestOptions::new()).await
    }

    /// [`Platform::active_charging_profile`], with options for this request: for a party behind a hub, for example,
    /// `RequestOptions::to`.
    ///
    /// # Errors
    /// As [`Platform::ask`]; 2.1.1 has no charging profiles.
    pub async fn active_charging_profile_with(
        &self,
        partner: &str,
        session_id: &CiString<36>,
        duration: i64,
        options: &RequestOptions<'_>,
    ) -> Result<Awaited<GetActiveChargingProfile>, Error> {
        let session_id = session_id.clone();
        let get = |response_url| GetActiveChargingProfile { session_id, duration, response_url };
        self.ask_with(partner, get, options).await
    }

    /// Sets the profile of a session: a ceiling for its power or current. From then on the CPO tells of changes, by
    /// [`PutActiveChargingProfile`](ocpi_types::endpoint::PutActiveChargingProfile), which the application answers.
    ///
    /// # Errors
    /// As [`Platform::ask`]; 2.1.1 has no charging profiles.
    pub async fn set_charging_profile(
        &self,
        partner: &str,
        session_id: &CiString<36>,
        charging_profile: ChargingProfile,
    ) -> Result<Awaited<PutChargingProfile>, Error> {
        self.set_charging_profile_with(partner, session_id, charging_profile, &RequestOptions::new()).await
    }

    /// [`Platform::set_charging_profile`], with options for this request: for a party behind a hub, for example,
    /// `RequestOptions::to`.
    ///
    /// # Errors
    /// As [`Platform::ask`]; 2.1.1 has no charging profiles.
    pub async fn set_charging_profile_with(
        &self,
        partner: &str,
        session_id: &CiString<36>,
        charging_profile: ChargingProfile,
        options: &RequestOptions<'_>,
    ) -> Result<Awaited<PutChargingProfile>, Error> {
        let session_id = session_id.clone();
        let set = |response_url| PutChargingProfile {
            session_id,
            request: SetChargingProfileInit { charging_profile, response_url }.into(),
        };
        self.ask_with(partner, set, options).await
    }

    /// Takes the profile of a session back.
    ///
    /// # Errors
    /// As [`Platform::ask`]; 2.1.1 has no charging profiles.
    pub async fn clear_charging_profile(
        &self,
        partner: &str,
        session_id: &CiString<36>,
    ) -> Result<Awaited<ClearChargingProfile>, Error> {
        self.clear_charging_profile_with(partner, session_id, &RequestOptions::new()).await
    }

    /// [`Platform::clear_charging_profile`], with options for this request: for a party behind a hub, for example,
    /// `RequestOptions::to`.
    ///
    /// # Errors
    /// As [`Platform::ask`]; 2.1.1 has no charging profiles.
    pub async fn clear_charging_profile_with(
        &self,
        partner: &str,
        session_id: &CiString<36>,
        options: &RequestOptions<'_>,
    ) -> Result<Awaited<ClearChargingProfile>, Error> {
        let session_id = session_id.clone();
        let clear = |response_url| ClearChargingProfile { session_id, response_url };
        self.ask_with(partner, clear, options).await
    }
}
