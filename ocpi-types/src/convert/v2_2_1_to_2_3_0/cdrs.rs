//! CDRs of 2.2.1 and 2.3.0.

use super::tariffs::price_obstacle;
use crate::convert::convert_to::convert_members;
use crate::convert::priced;
use crate::v2_2_1::cdrs as old;
use crate::v2_3_0::cdrs as new;

convert_members! {
    |this, run| old::Cdr => new::Cdr;
    same {
        country_code party_id id start_date_time end_date_time session_id cdr_token auth_method
        authorization_reference cdr_location meter_id currency charging_periods signed_data total_energy
        total_time total_parking_time remark invoice_reference_id credit credit_reference_id
        home_charging_compensation last_updated
    }
    converted {
        tariffs: tariffs;
        total_cost: total_cost;
        total_fixed_cost: total_fixed_cost;
        total_energy_cost: total_energy_cost;
        total_time_cost: total_time_cost;
        total_parking_cost: total_parking_cost;
        total_reservation_cost: total_reservation_cost;
    }
    lost {}
    refusal { priced::refusal_of_cdr(&this.tariffs, priced::obstacle, run) }
    prepare { priced::leave_out(&mut this.tariffs, priced::obstacle, run); }
    made { booking_id: None; }
}

convert_members! {
    |this, run| new::Cdr => old::Cdr;
    same {
        country_code party_id id start_date_time end_date_time session_id cdr_token auth_method
        authorization_reference cdr_location meter_id currency charging_periods signed_data total_energy
        total_time total_parking_time remark invoice_reference_id credit credit_reference_id
        home_charging_compensation last_updated
    }
    converted {
        tariffs: tariffs;
        total_cost: total_cost;
        total_fixed_cost: total_fixed_cost;
        total_energy_cost: total_energy_cost;
        total_time_cost: total_time_cost;
        total_parking_cost: total_parking_cost;
        total_reservation_cost: total_reservation_cost;
    }
    lost { booking_id }
    refusal { priced::refusal_of_cdr(&this.tariffs, price_obstacle, run) }
    prepare { priced::leave_out(&mut this.tariffs, price_obstacle, run); }
}
