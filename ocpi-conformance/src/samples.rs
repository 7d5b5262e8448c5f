//! Objects that the suite sends, in the form of each version.

use ocpi_types::Version;
use ocpi_types::protocol::Party;
use serde_json::{Value, json};

/// Facts that the objects of a run are made of.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) version: Version,
    /// Our party, which owns what is pushed.
    pub(crate) own: Party,
    /// The party of the server.
    pub(crate) other: Party,
    pub(crate) id: String,
    /// The id of a Location of ours.
    pub(crate) place: String,
    /// `last_updated`.
    pub(crate) updated: String,
    /// Time at which the sessions of the run began, before `updated`.
    pub(crate) begun: String,
    /// Time that is still to come, and a later one.
    pub(crate) ahead: [String; 2],
}

impl Sample {
    fn is_old(&self) -> bool {
        self.version < Version::V2_2
    }

    /// With the owner in the object, where the version has it there.
    fn owned(&self, mut object: Value) -> Value {
        if !self.is_old() {
            put_owner(&mut object, &self.own);
        }
        object
    }

    fn price(&self, amount: f64) -> Value {
        match self.version {
            Version::V2_1_1 => json!(amount),
            Version::V2_3_0 => json!({"before_taxes": amount}),
            _ => json!({"excl_vat": amount}),
        }
    }
}

fn put_owner(object: &mut Value, owner: &Party) {
    object["country_code"] = owner.country_code.as_str().into();
    object["party_id"] = owner.party_id.as_str().into();
}

/// A Connector.
pub(crate) fn connector(of: &Sample, id: &str) -> Value {
    let mut made = json!({"id": id, "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
        "last_updated": of.updated});
    let (voltage, amperage) =
        if of.is_old() { ("voltage", "amperage") } else { ("max_voltage", "max_amperage") };
    made[voltage] = 230.into();
    made[amperage] = 16.into();
    made
}

/// An EVSE with one Connector.
pub(crate) fn evse(of: &Sample, uid: &str) -> Value {
    json!({"uid": uid, "status": "AVAILABLE", "connectors": [connector(of, "1")], "last_updated": of.updated})
}

/// A Location with one EVSE, whose uid is that of the Location with `-E1`.
pub(crate) fn location(of: &Sample) -> Value {
    let mut made = address(of);
    made["evses"] = json!([evse(of, &evse_uid(&of.id))]);
    of.owned(made)
}

/// The uid of the EVSE of a Location of ours.
pub(crate) fn evse_uid(location: &str) -> String {
    format!("{location}-E1")
}

fn address(of: &Sample) -> Value {
    let mut made = json!({"id": of.id, "name": "Conformance", "address": "Stationsplein 1", "city": "Utrecht",
        "postal_code": "3511 ED", "country": "NLD", "last_updated": of.updated,
        "coordinates": {"latitude": "52.089450", "longitude": "5.110270"}});
    if of.is_old() {
        made["type"] = "ON_STREET".into();
    } else {
        made["publish"] = true.into();
        made["time_zone"] = "Europe/Amsterdam".into();
    }
    made
}

/// A Tariff of 0.45 EUR/kWh.
pub(crate) fn tariff(of: &Sample) -> Value {
    let mut made = json!({"id": of.id, "currency": "EUR", "tariff_alt_url": "https://example.com/tariff",
        "elements": [{"price_components": [{"type": "ENERGY", "price": 0.45, "step_size": 1}]}],
        "last_updated": of.updated});
    if of.version >= Version::V2_3_0 {
        made["tax_included"] = "NO".into();
    }
    of.owned(made)
}

/// A Session of a driver of the server.
pub(crate) fn session(of: &Sample) -> Value {
    let mut made = json!({"id": of.id, "kwh": 1.5, "auth_method": "AUTH_REQUEST", "currency": "EUR",
        "status": "ACTIVE", "total_cost": of.price(0.5), "last_updated": of.updated});
    if of.is_old() {
        made["start_datetime"] = of.begun.as_str().into();
        made["auth_id"] = contract(&of.other).into();
        made["location"] = location(&Sample { id: of.place.clone(), ..of.clone() });
        return made;
    }
    made["start_date_time"] = of.begun.as_str().into();
    made["cdr_token"] = cdr_token(&of.other);
    made["location_id"] = of.place.as_str().into();
    made["evse_uid"] = evse_uid(&of.place).into();
    made["connector_id"] = "1".into();
    of.owned(made)
}

/// A charging period of a session.
pub(crate) fn period(start: &str, kwh: f64) -> Value {
    json!({"start_date_time": start, "dimensions": [{"type": "ENERGY", "volume": kwh}]})
}

/// A CDR of a driver of the server.
pub(crate) fn cdr(of: &Sample) -> Value {
    let mut made = json!({"id": of.id, "start_date_time": of.begun, "auth_method": "AUTH_REQUEST",
        "currency": "EUR", "charging_periods": [period(&of.begun, 1.5)], "total_cost": of.price(0.68),
        "total_energy": 1.5, "total_time": 0.25, "last_updated": of.updated});
    if of.is_old() {
        made["stop_date_time"] = of.updated.as_str().into();
        made["auth_id"] = contract(&of.other).into();
        made["location"] = location(&Sample { id: of.place.clone(), ..of.clone() });
        return made;
    }
    made["end_date_time"] = of.updated.as_str().into();
    made["cdr_token"] = cdr_token(&of.other);
    made["cdr_location"] = json!({"id": of.place, "address": "Stationsplein 1", "city": "Utrecht",
        "postal_code": "3511 ED", "country": "NLD",
        "coordinates": {"latitude": "52.089450", "longitude": "5.110270"}, "evse_uid": evse_uid(&of.place),
        "evse_id": "NL*CNF*E1", "connector_id": "1", "connector_standard": "IEC_62196_T2",
        "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"});
    of.owned(made)
}

/// The Credit CDR that takes a CDR back. Its amounts are those of the CDR, the total is negative.
pub(crate) fn credit(of: &Sample, cdr: &Value) -> Value {
    let mut made = cdr.clone();
    made["credit_reference_id"] = cdr["id"].clone();
    made["id"] = of.id.as_str().into();
    made["credit"] = true.into();
    made["total_cost"] = of.price(-0.68);
    made["last_updated"] = of.updated.as_str().into();
    made
}

fn cdr_token(of: &Party) -> Value {
    let mut made = json!({"uid": "CONFORMANCE-04A2", "type": "RFID", "contract_id": contract(of)});
    put_owner(&mut made, of);
    made
}

fn contract(of: &Party) -> String {
    format!("{}-{}-C0NF0RM01", of.country_code.as_str(), of.party_id.as_str())
}

/// A driver's token of ours.
pub(crate) fn token(of: &Sample) -> Value {
    let mut made = json!({"uid": of.id, "type": "RFID", "issuer": "Conformance", "visual_number": "CONF-0001",
        "valid": true, "whitelist": "NEVER", "last_updated": of.updated});
    made[if of.is_old() { "auth_id" } else { "contract_id" }] = contract(&of.own).into();
    of.owned(made)
}

/// A record of one CDR.
pub(crate) fn record(of: &Sample) -> Value {
    of.owned(json!({"id": of.id, "invoice_id": "CONFORMANCE-1", "cdrs": ["CONFORMANCE-1"],
        "last_updated": of.updated}))
}

/// A Booking of ours, for a driver of the server.
pub(crate) fn booking(of: &Sample) -> Value {
    let mut request = booking_request(of, &of.place, &of.id, &of.ahead);
    put_owner(&mut request, &of.other);
    // Another one than the id: a Booking may be put by either.
    let request_id = format!("R{}", of.id);
    request["request_id"] = request_id.as_str().into();
    of.owned(
        json!({"id": of.id, "request_id": request_id, "location_id": of.place, "tariff_ids": ["CONFORMANCE-T"],
        "period": {"start_date_time": of.ahead[0], "end_date_time": of.ahead[1]},
        "reservation_status": "PENDING", "authorization_reference": of.id,
        "booking_terms": {"supported_access_methods": ["OPEN"], "change_until_minutes": 60,
            "cancel_until_minutes": 120},
        "booking_requests": [{"request_status": "PENDING", "booking_request": request,
            "request_received": of.begun}],
        "last_updated": of.updated}),
    )
}

/// A request of ours for a time at a booking location.
pub(crate) fn booking_request(
    of: &Sample,
    location: &str,
    booking_location: &str,
    period: &[String; 2],
) -> Value {
    of.owned(json!({"request_id": of.id, "location_id": location, "booking_location_id": booking_location,
        "period": {"start_date_time": period[0], "end_date_time": period[1]},
        "authorization_reference": of.id}))
}

/// A booking location of ours.
pub(crate) fn booking_location(of: &Sample) -> Value {
    let [begin, end] = &of.ahead;
    of.owned(json!({"id": of.id, "location_id": of.place, "tariff_ids": ["CONFORMANCE-T"],
        "calendars": [{"id": "1", "begin_from": begin, "end_before": end, "last_updated": of.updated,
            "available_timeslots": [{"start_date_time": begin, "end_date_time": end}]}],
        "last_updated": of.updated}))
}

/// A terminal of ours.
pub(crate) fn terminal(of: &Sample) -> Value {
    json!({"terminal_id": of.id, "customer_reference": "CONFORMANCE", "last_updated": of.updated})
}

/// A confirmation of ours of a payment.
pub(crate) fn confirmation(of: &Sample) -> Value {
    json!({"id": of.id, "authorization_reference": of.id, "total_costs": {"before_taxes": 0.68},
        "currency": "EUR", "eft_data": ["Conformance"], "capture_status_code": "SUCCESS",
        "last_updated": of.updated})
}

#[cfg(test)]
mod tests {
    use ocpi_types::protocol::Party;
    use ocpi_types::{Ruleset, Version, v2_1_1, v2_2_1, v2_3_0};

    use super::*;
    use crate::inspect::inspect;

    fn sample(version: Version) -> Sample {
        Sample {
            version,
            own: Party::new("DE", "EMP").unwrap(),
            other: Party::new("NL", "ALF").unwrap(),
            id: "CONFORMANCE-660dc3778d000-7".to_owned(),
            place: "CONFORMANCE-660dc3778d000-1".to_owned(),
            updated: "2026-11-22T11:00:10Z".to_owned(),
            begun: "2026-11-22T10:45:00Z".to_owned(),
            ahead: ["2026-11-23T12:00:00Z", "2026-11-23T14:00:00Z"].map(str::to_owned),
        }
    }

    #[test]
    fn what_is_sent_conforms_in_each_version() {
        macro_rules! check {
            ($of:expr, $ruleset:expr; $($made:expr => $ty:ty,)+) => { $(
                let found = inspect::<$ty>(&$made.to_string(), $ruleset);
                assert!(found.is_empty(), "{} {}: {found:?}", $of.version, stringify!($ty));
            )+ };
        }
        let of = sample(Version::V2_1_1);
        check! { of, Ruleset::of(of.version);
            location(&of) => v2_1_1::locations::Location,
            tariff(&of) => v2_1_1::tariffs::Tariff,
            session(&of) => v2_1_1::sessions::Session,
            cdr(&of) => v2_1_1::cdrs::Cdr,
            token(&of) => v2_1_1::tokens::Token,
        }
        let of = sample(Version::V2_2_1);
        check! { of, Ruleset::of(of.version);
            location(&of) => v2_2_1::locations::Location,
            tariff(&of) => v2_2_1::tariffs::Tariff,
            session(&of) => v2_2_1::sessions::Session,
            cdr(&of) => v2_2_1::cdrs::Cdr,
            token(&of) => v2_2_1::tokens::Token,
        }
        let of = sample(Version::V2_3_0);
        check! { of, Ruleset::of(of.version);
            location(&of) => v2_3_0::locations::Location,
            tariff(&of) => v2_3_0::tariffs::Tariff,
            session(&of) => v2_3_0::sessions::Session,
            cdr(&of) => v2_3_0::cdrs::Cdr,
            credit(&of, &cdr(&of)) => v2_3_0::cdrs::Cdr,
            token(&of) => v2_3_0::tokens::Token,
            record(&of) => v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord,
        }
        check! { of, &Ruleset::V2_3_0_PAYMENTS;
            terminal(&of) => v2_3_0::payments::Terminal,
            confirmation(&of) => v2_3_0::payments::FinancialAdviceConfirmation,
        }
        check! { of, &Ruleset::V2_3_0_BOOKINGS;
            booking(&of) => v2_3_0::bookings::Booking,
            booking_location(&of) => v2_3_0::bookings::BookingLocation,
            booking_request(&of, "L1", "B1", &of.ahead) => v2_3_0::bookings::BookingRequest,
        }
    }
}
