//! Sessions of 2.2.1 and 2.3.0.

use crate::convert::convert_to::convert_members;
use crate::v2_2_1::sessions as old;
use crate::v2_3_0::sessions as new;

convert_members! {
    both |this, run| old::Session => new::Session;
    same {
        country_code party_id id start_date_time end_date_time kwh cdr_token auth_method
        authorization_reference location_id evse_uid connector_id meter_id currency charging_periods status
        last_updated
    }
    converted { total_cost: total_cost; }
    patch old::SessionPatch => new::SessionPatch;
}
