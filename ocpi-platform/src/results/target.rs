//! Targets of commands.

use ocpi_types::CiString;
use ocpi_types::endpoint::{ConnectorKey, EvseKey, LocationKey, Owned};
use ocpi_types::protocol::Party;

/// Target of a command: a Location, EVSE or Connector, made from its key.
///
/// If it has an owner, that is also the party that receives the command: one of several that a partner speaks for, or
/// one behind a hub.
///
/// ```
/// use ocpi_platform::Target;
/// use ocpi_types::endpoint::EvseKey;
/// let evse = EvseKey { location_id: "LOC1".parse()?, evse_uid: "3256".parse()? };
/// let target = Target::from(&evse);
/// assert_eq!((target.owner, target.evse_uid), (None, Some(evse.evse_uid)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Target {
    /// The party that owns it.
    pub owner: Option<Party>,
    /// The Location.
    pub location_id: CiString<36>,
    /// The EVSE; `None` for any EVSE of the Location.
    pub evse_uid: Option<CiString<36>>,
    /// The Connector; `None` for any Connector of the EVSE.
    pub connector_id: Option<CiString<36>>,
}

impl From<&LocationKey> for Target {
    fn from(key: &LocationKey) -> Self {
        Self { owner: None, location_id: key.location_id.clone(), evse_uid: None, connector_id: None }
    }
}

impl From<&EvseKey> for Target {
    fn from(key: &EvseKey) -> Self {
        let EvseKey { location_id, evse_uid } = key.clone();
        Self { owner: None, location_id, evse_uid: Some(evse_uid), connector_id: None }
    }
}

impl From<&ConnectorKey> for Target {
    fn from(key: &ConnectorKey) -> Self {
        let ConnectorKey { location_id, evse_uid, connector_id } = key.clone();
        Self { owner: None, location_id, evse_uid: Some(evse_uid), connector_id: Some(connector_id) }
    }
}

macro_rules! owned {
    ($($key:ty),+) => { $(
        impl From<&Owned<$key>> for Target {
            fn from(at: &Owned<$key>) -> Self {
                Self { owner: Some(at.owner.clone()), ..Self::from(&at.key) }
            }
        }
    )+ };
}

owned!(LocationKey, EvseKey, ConnectorKey);
