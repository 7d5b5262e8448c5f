//! Keys that identify an object of 2.1.1.

use crate::endpoint::key::keys;
use crate::{CiString, Private, Text};

keys! {
    /// Identifies a Location.
    LocationKey {
        /// The Location.
        location_id: Text<39>,
    }
    /// Identifies an EVSE.
    EvseKey {
        /// The Location it stands at.
        location_id: Text<39>,
        /// The EVSE.
        evse_uid: Text<39>,
    }
    /// Identifies a Connector.
    ConnectorKey {
        /// The Location it stands at.
        location_id: Text<39>,
        /// The EVSE it belongs to.
        evse_uid: Text<39>,
        /// The Connector.
        connector_id: Text<36>,
    }
    /// Identifies a Session.
    SessionKey {
        /// The Session.
        session_id: Text<36>,
    }
    /// Identifies a CDR; unlike the other ids, its id is case-insensitive.
    CdrKey {
        /// The CDR.
        cdr_id: CiString<36>,
    }
    /// Identifies a Tariff.
    TariffKey {
        /// The Tariff.
        tariff_id: Text<36>,
    }
    /// Identifies a Token by its uid alone, without the type.
    TokenKey {
        /// Id that the charge point reads.
        token_uid: Private<Text<36>>,
    }
}
