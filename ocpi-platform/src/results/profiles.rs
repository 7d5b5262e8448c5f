//! Methods for charging profiles.

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_types::CiString;
use ocpi_types::endpoint::{ClearChargingProfile, GetActiveChargingProfile, PutChargingProfile};
use ocpi_types::v2_3_0::charging_profiles::{ChargingProfile, SetChargingProfileInit};

use super::AsyncRequestBuilder;
use crate::Platform;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Requests the charging profile of a session that is planned for the next `duration` seconds. The result contains
    /// it.
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
    pub fn active_charging_profile<'a>(
        &'a self,
        partner: &'a str,
        session_id: &CiString<36>,
        duration: i64,
    ) -> AsyncRequestBuilder<'a, GetActiveChargingProfile, S, T> {
        let session_id = session_id.clone();
        let get = move |response_url| GetActiveChargingProfile { session_id, duration, response_url };
        self.ask(partner, get)
    }

    /// Sets the charging profile of a session: an upper limit of its power or current. From then on the CPO reports
    /// changes by [`PutActiveChargingProfile`](ocpi_types::endpoint::PutActiveChargingProfile), which the application
    /// handles.
    ///
    /// # Errors
    /// As [`Platform::ask`]; 2.1.1 has no charging profiles.
    pub fn set_charging_profile<'a>(
        &'a self,
        partner: &'a str,
        session_id: &CiString<36>,
        charging_profile: ChargingProfile,
    ) -> AsyncRequestBuilder<'a, PutChargingProfile, S, T> {
        let session_id = session_id.clone();
        let set = move |response_url| PutChargingProfile {
            session_id,
            request: SetChargingProfileInit { charging_profile, response_url }.into(),
        };
        self.ask(partner, set)
    }

    /// Clears the charging profile of a session.
    ///
    /// # Errors
    /// As [`Platform::ask`]; 2.1.1 has no charging profiles.
    pub fn clear_charging_profile<'a>(
        &'a self,
        partner: &'a str,
        session_id: &CiString<36>,
    ) -> AsyncRequestBuilder<'a, ClearChargingProfile, S, T> {
        let session_id = session_id.clone();
        let clear = move |response_url| ClearChargingProfile { session_id, response_url };
        self.ask(partner, clear)
    }
}
