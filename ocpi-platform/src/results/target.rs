//! Places that commands are about.

use ocpi_types::CiString;
use ocpi_types::endpoint::{ConnectorKey, EvseKey, LocationKey, Owned};
use ocpi_types::protocol::Party;

/// The Location, EVSE or Connector that a command is about, made of its key.
///
/// With its owner it says besides to which party the command goes: one of several that a partner speaks for, or one behind
/// a hub.
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
    /// The EVSE, if not any of the Location.
    pub evse_uid: Option<CiString<36>>,
    /// The Connector, if not any of the EVSE.
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
