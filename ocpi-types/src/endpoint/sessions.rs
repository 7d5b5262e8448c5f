//! Charging preferences of a session.

use http::Method;

use super::{Body, DecodeError, Endpoint, Incoming, Mount, Outgoing, Segment};
use crate::v2_2_1::sessions::{ChargingPreferences, ChargingPreferencesResponse};
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};
use crate::{CiString, Value, Version};

/// PUT with which an eMSP sends the charging preferences of a driver.
///
/// Spec: 2.2.1 mod_sessions §set_charging_preferences
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SetChargingPreferences {
    /// The session.
    pub session_id: CiString<36>,
    /// The preferences.
    pub preferences: ChargingPreferences,
}

impl Endpoint for SetChargingPreferences {
    const METHOD: Method = Method::PUT;
    const MOUNT: Mount = Mount::Module(ModuleId::Sessions, InterfaceRole::Sender);
    type Response = ChargingPreferencesResponse;

    fn name() -> String {
        "SetChargingPreferences".to_owned()
    }

    fn path() -> Vec<Segment> {
        vec![Segment::Parameter("session_id"), Segment::Fixed("charging_preferences")]
    }

    fn exists_in(version: Version) -> bool {
        version > Version::V2_1_1
    }

    fn body() -> Body {
        Body::Whole(ChargingPreferences::TYPE)
    }

    fn encode(&self, to: &mut Outgoing) {
        to.segment(self.session_id.as_str());
        to.segment("charging_preferences");
        to.body(&self.preferences);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { session_id: from.id(0, "session_id")?, preferences: from.read_body()? })
    }
}
