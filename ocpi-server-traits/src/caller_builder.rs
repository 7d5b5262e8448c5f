//! Callers for tests of handlers.

use ocpi_types::convert::Ledger;
use ocpi_types::protocol::Party;
use ocpi_types::{DateTime, Finding, Url, Value, Version};

use crate::observed::Observed;
use crate::{Caller, Partner};

/// Builder of a [`Caller`], for tests of handlers.
#[derive(Clone, Debug)]
#[must_use]
pub struct CallerBuilder(Caller);

impl Caller {
    /// Returns a builder, for tests of handlers. Everything but the partner has a default: the newest version, the URL
    /// `https://platform.example/ocpi` as the endpoint, the beginning of 1970, no parties and no ids.
    ///
    /// ```
    /// use ocpi_server_traits::{Caller, Error, Handle, Partner};
    /// use ocpi_types::protocol::Party;
    /// use ocpi_types::v2_3_0::commands::{CommandResponse, CommandResponseInit, CommandResponseType, StopSession};
    ///
    /// struct Chargers;
    ///
    /// impl Handle<StopSession> for Chargers {
    ///     async fn handle(&self, caller: &Caller, _: StopSession) -> Result<CommandResponse, Error> {
    ///         let is_known = caller.partner.id == "emsp";
    ///         let result = if is_known { CommandResponseType::Accepted } else { CommandResponseType::Rejected };
    ///         Ok(CommandResponseInit { result, timeout: 30 }.into())
    ///     }
    /// }
    ///
    /// # pollster::block_on(async {
    /// let party = Party::new("DE", "EMP")?;
    /// let caller = Caller::builder(Partner::new("emsp".parse()?, [party.clone()])).from(party).build();
    /// let stop = ocpi_types::json::from_str(r#"{"response_url": "https://emsp.example/1", "session_id": "S1"}"#)?;
    /// let response = Chargers.handle(&caller, stop).await?;
    /// assert_eq!(response.result, CommandResponseType::Accepted);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    pub fn builder(partner: Partner) -> CallerBuilder {
        let endpoint = "https://platform.example/ocpi".parse().unwrap_or_else(|_| Url::blank());
        CallerBuilder(Self {
            partner,
            version: Version::V2_3_0,
            from: None,
            to: None,
            request_id: None,
            correlation_id: None,
            endpoint,
            now: DateTime::UNIX_EPOCH,
            findings: Vec::new(),
            ledger: Ledger::new(),
            has_token_type: false,
            observed: Observed::silent(),
        })
    }
}

impl CallerBuilder {
    /// Sets the version of the called URL.
    pub fn version(self, version: Version) -> Self {
        Self(Caller { version, ..self.0 })
    }

    /// Sets the sending party.
    pub fn from(self, party: Party) -> Self {
        Self(Caller { from: Some(party), ..self.0 })
    }

    /// Sets the receiving party, one of ours.
    pub fn to(self, party: Party) -> Self {
        Self(Caller { to: Some(party), ..self.0 })
    }

    /// Sets the id of the request.
    pub fn request_id(self, id: impl Into<String>) -> Self {
        Self(Caller { request_id: Some(id.into()), ..self.0 })
    }

    /// Sets the correlation id.
    pub fn correlation_id(self, id: impl Into<String>) -> Self {
        Self(Caller { correlation_id: Some(id.into()), ..self.0 })
    }

    /// Sets the URL of the module's endpoint.
    pub fn endpoint(self, endpoint: Url) -> Self {
        Self(Caller { endpoint, ..self.0 })
    }

    /// Sets the time at which the request arrives.
    pub fn now(self, now: DateTime) -> Self {
        Self(Caller { now, ..self.0 })
    }

    /// Sets the findings in the body.
    pub fn findings(self, findings: Vec<Finding>) -> Self {
        Self(Caller { findings, ..self.0 })
    }

    /// Returns the caller.
    #[must_use]
    pub fn build(self) -> Caller {
        self.0
    }
}
