//! Sessions of 2.2.1 and 2.3.0.

use crate::convert::turn::turns;
use crate::v2_2_1::sessions as old;
use crate::v2_3_0::sessions as new;

turns! {
    |this, run| old::Session => new::Session;
    same {
        country_code party_id id start_date_time end_date_time kwh cdr_token auth_method
        authorization_reference location_id evse_uid connector_id meter_id currency charging_periods status
        last_updated
    }
    turned { total_cost: total_cost; }
    lost {}
    patch old::SessionPatch => new::SessionPatch;
}

turns! {
    |this, run| new::Session => old::Session;
    same {
        country_code party_id id start_date_time end_date_time kwh cdr_token auth_method
        authorization_reference location_id evse_uid connector_id meter_id currency charging_periods status
        last_updated
    }
    turned { total_cost: total_cost; }
    lost {}
    patch new::SessionPatch => old::SessionPatch;
}
