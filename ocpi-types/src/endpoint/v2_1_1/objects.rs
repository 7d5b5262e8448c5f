//! The regular objects of 2.1.1. Only the path names their owner.

use super::{CdrKey, ConnectorKey, EvseKey, LocationKey, SessionKey, TariffKey, TokenKey};
use crate::endpoint::resource::{SINCE_EVER, locations, patched, resource};
use crate::v2_1_1::cdrs::Cdr;
use crate::v2_1_1::locations::{Connector, Evse, Location};
use crate::v2_1_1::sessions::Session;
use crate::v2_1_1::tariffs::Tariff;
use crate::v2_1_1::tokens::Token;

resource!(V2_1_1, Location, Locations, LocationKey, |this, at| this.id == at.key.location_id, parts evses);
resource!(
    V2_1_1, Session, Sessions, SessionKey, |this, at| this.id == at.key.session_id, demanded SINCE_EVER
);
resource!(V2_1_1, Cdr, Cdrs, CdrKey, |this, at| this.id == at.key.cdr_id);
resource!(V2_1_1, Tariff, Tariffs, TariffKey, |this, at| this.id == at.key.tariff_id);
resource!(V2_1_1, Token, Tokens, TokenKey, |this, at| this.uid == at.key.token_uid);
patched!(undated Location; Evse; Connector; Session, appending charging_periods; Tariff; Token);

const _: () = {
    locations!(V2_1_1);
};
