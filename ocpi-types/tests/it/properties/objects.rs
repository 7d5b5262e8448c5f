//! Objects of every shape that can be built.

use std::fmt::Debug;
use std::str::FromStr;

use ocpi_types::v2_3_0::cdrs::{
    AuthMethod, Cdr, CdrDimension, CdrDimensionInit, CdrDimensionType, CdrInit, CdrLocation, CdrLocationInit,
    CdrToken, CdrTokenInit, ChargingPeriod, ChargingPeriodInit,
};
use ocpi_types::v2_3_0::locations::{
    BusinessDetails, BusinessDetailsInit, Capability, Connector, ConnectorFormat, ConnectorInit,
    ConnectorType, Evse, EvseInit, Facility, GeoLocation, GeoLocationInit, Location, LocationInit, PowerType,
    Status,
};
use ocpi_types::v2_3_0::sessions::ProfileType;
use ocpi_types::v2_3_0::tokens::{
    EnergyContract, EnergyContractInit, Token, TokenInit, TokenType, WhitelistType,
};
use ocpi_types::v2_3_0::types::{DisplayText, DisplayTextInit, Price, PriceInit, TaxAmount, TaxAmountInit};
use ocpi_types::{DateTime, Decimal, Extra, NonEmpty, Value, Version, check};
use proptest::prelude::{Just, Strategy, any};
use proptest::{collection, option, prop_oneof, sample};

use super::texts;

/// A scalar from a pattern of its text.
fn of<T: FromStr<Err: Debug> + Debug>(pattern: &'static str) -> impl Strategy<Value = T> {
    texts(pattern).prop_map(|text| text.parse().expect("the pattern fits the type"))
}

/// One of the values that 2.3.0 has.
fn one_of<T: Value>(values: &'static [T]) -> impl Strategy<Value = T> {
    let of_version = values.iter().filter(|value| check(*value, Version::V2_3_0).is_empty());
    sample::select(of_version.cloned().collect::<Vec<_>>())
}

fn extra() -> impl Strategy<Value = Extra> {
    let value = prop_oneof![Just("1.50"), Just("null"), Just(r#"{ "a": [1e2, "\u00e9"] }"#)];
    collection::btree_map(texts("x_[a-z\"\\\\é]{0,4}"), value, 0..3).prop_map(|members| {
        let mut extra = Extra::new();
        for (name, value) in members {
            extra.insert(&name, value.parse().expect("it is JSON"));
        }
        extra
    })
}

fn time() -> impl Strategy<Value = DateTime> {
    of(
        "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,4})?Z?",
    )
}

fn number() -> impl Strategy<Value = Decimal> {
    of("-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,4})?")
}

fn display_text() -> impl Strategy<Value = DisplayText> {
    (of("[a-z]{2}"), of("[!-~][^\\x00-\\x1f\\x7f-\\x9f]{0,39}"), extra()).prop_map(
        |(language, text, extra)| DisplayText { extra, ..DisplayTextInit { language, text }.into() },
    )
}

fn coordinates() -> impl Strategy<Value = GeoLocation> {
    (of("-?[0-8]?[0-9]\\.[0-9]{5,7}"), of("-?(1[0-7])?[0-9]\\.[0-9]{5,7}"))
        .prop_map(|(latitude, longitude)| GeoLocationInit { latitude, longitude }.into())
}

pub(super) fn connector() -> impl Strategy<Value = Connector> {
    let required = (
        of("[!-~]([ -~]{0,34}[!-~])?"),
        one_of(ConnectorType::ALL),
        one_of(ConnectorFormat::ALL),
        one_of(PowerType::ALL),
        any::<i64>(),
        any::<i64>(),
        time(),
    );
    let optional = (
        option::of(any::<i64>()),
        collection::vec(of("[!-~]([ -~]{0,34}[!-~])?"), 0..3),
        option::of(of("https://example\\.com/[a-z]{0,9}")),
        extra(),
    );
    (required, optional).prop_map(|(required, optional)| {
        let (id, standard, format, power_type, max_voltage, max_amperage, last_updated) = required;
        let (max_electric_power, tariff_ids, terms_and_conditions, extra) = optional;
        Connector {
            max_electric_power,
            tariff_ids,
            terms_and_conditions,
            extra,
            ..ConnectorInit { id, standard, format, power_type, max_voltage, max_amperage, last_updated }
                .into()
        }
    })
}

fn evse() -> impl Strategy<Value = Evse> {
    let required =
        (of("[!-~]([ -~]{0,34}[!-~])?"), one_of(Status::ALL), collection::vec(connector(), 1..3), time());
    let optional = (
        option::of(of("[A-Z]{2}\\*[A-Z]{3}\\*E[0-9*]{1,9}")),
        collection::vec(one_of(Capability::ALL), 0..3),
        option::of(of("[!-~][^\\x00-\\x1f\\x7f-\\x9f]{0,15}")),
        option::of(coordinates()),
        extra(),
    );
    (required, optional).prop_map(|(required, optional)| {
        let (uid, status, connectors, last_updated) = required;
        let connectors = NonEmpty::try_from(connectors).expect("there is one");
        let (evse_id, capabilities, physical_reference, coordinates, extra) = optional;
        Evse {
            evse_id,
            capabilities,
            physical_reference,
            coordinates,
            extra,
            ..EvseInit { uid, status, connectors, last_updated }.into()
        }
    })
}

fn business_details() -> impl Strategy<Value = BusinessDetails> {
    (of("[!-~][^\\x00-\\x1f\\x7f-\\x9f]{0,99}"), option::of(of("https?://[a-z]{1,9}\\.example")))
        .prop_map(|(name, website)| BusinessDetails { website, ..BusinessDetailsInit { name }.into() })
}

pub(super) fn location() -> impl Strategy<Value = Location> {
    let required = (
        of("[A-Za-z]{2}"),
        of("[A-Za-z0-9]{3}"),
        of("[!-~]([ -~]{0,34}[!-~])?"),
        any::<bool>(),
        (
            of("[!-~][^\\x00-\\x1f\\x7f-\\x9f]{0,44}"),
            of("[!-~][^\\x00-\\x1f\\x7f-\\x9f]{0,44}"),
            of("[A-Z]{3}"),
        ),
        coordinates(),
        of("Europe/[A-Z][a-z]{1,9}"),
        time(),
    );
    let optional = (
        option::of(of("[!-~][^\\x00-\\x1f\\x7f-\\x9f]{0,59}")),
        collection::vec(evse(), 0..3),
        collection::vec(display_text(), 0..3),
        collection::vec(one_of(Facility::ALL), 0..3),
        option::of(business_details().prop_map(Box::new)),
        option::of(any::<bool>()),
        extra(),
    );
    (required, optional).prop_map(|(required, optional)| {
        let (
            country_code,
            party_id,
            id,
            publish,
            (address, city, country),
            coordinates,
            time_zone,
            last_updated,
        ) = required;
        let (name, evses, directions, facilities, operator, charging_when_closed, extra) = optional;
        Location {
            name,
            evses,
            directions,
            facilities,
            operator,
            charging_when_closed,
            extra,
            ..LocationInit {
                country_code,
                party_id,
                id,
                publish,
                address,
                city,
                country,
                coordinates,
                time_zone,
                last_updated,
            }
            .into()
        }
    })
}

fn price() -> impl Strategy<Value = Price> {
    let tax = (of("[A-Z]{3}"), option::of(number()), number()).prop_map(|(name, percentage, amount)| {
        TaxAmount { percentage, ..TaxAmountInit { name, amount }.into() }
    });
    (number(), collection::vec(tax, 0..3))
        .prop_map(|(before_taxes, taxes)| Price { taxes, ..PriceInit { before_taxes }.into() })
}

fn period() -> impl Strategy<Value = ChargingPeriod> {
    let dimension = (one_of(CdrDimensionType::ALL), number())
        .prop_map(|(kind, volume)| CdrDimension::from(CdrDimensionInit { r#type: kind, volume }));
    (time(), collection::vec(dimension, 1..4), option::of(of("[!-~]([ -~]{0,34}[!-~])?"))).prop_map(
        |(start_date_time, dimensions, tariff_id)| {
            let dimensions = NonEmpty::try_from(dimensions).expect("there is one");
            ChargingPeriod { tariff_id, ..ChargingPeriodInit { start_date_time, dimensions }.into() }
        },
    )
}

fn cdr_location() -> impl Strategy<Value = CdrLocation> {
    let ids = (
        of("[!-~]([ -~]{0,34}[!-~])?"),
        of("[!-~]([ -~]{0,34}[!-~])?"),
        of("[!-~]([ -~]{0,46}[!-~])?"),
        of("[!-~]([ -~]{0,34}[!-~])?"),
    );
    let place =
        (of("[A-Za-z0-9][A-Za-z0-9 ]{0,44}"), of("[A-Za-z][A-Za-z ]{0,44}"), of("[A-Z]{3}"), coordinates());
    let plug = (one_of(ConnectorType::ALL), one_of(ConnectorFormat::ALL), one_of(PowerType::ALL));
    (ids, place, plug).prop_map(|(ids, place, plug)| {
        let ((id, evse_uid, evse_id, connector_id), (address, city, country, coordinates)) = (ids, place);
        let (connector_standard, connector_format, connector_power_type) = plug;
        CdrLocationInit {
            id,
            address,
            city,
            country,
            coordinates,
            evse_uid,
            evse_id,
            connector_id,
            connector_standard,
            connector_format,
            connector_power_type,
        }
        .into()
    })
}

fn cdr_token() -> impl Strategy<Value = CdrToken> {
    (
        of("[A-Z]{2}"),
        of("[A-Z0-9]{3}"),
        of("[!-~]([ -~]{0,34}[!-~])?"),
        one_of(TokenType::ALL),
        of("[!-~]([ -~]{0,34}[!-~])?"),
    )
        .prop_map(|(country_code, party_id, uid, kind, contract_id)| {
            CdrTokenInit { country_code, party_id, uid, r#type: kind, contract_id }.into()
        })
}

pub(super) fn cdr() -> impl Strategy<Value = Cdr> {
    let head = (
        of("[A-Z]{2}"),
        of("[A-Z0-9]{3}"),
        of("[!-~]([ -~]{0,37}[!-~])?"),
        time(),
        time(),
        cdr_token(),
        one_of(AuthMethod::ALL),
    );
    let body = (
        cdr_location(),
        of("[A-Z]{3}"),
        collection::vec(period(), 1..4),
        price(),
        number(),
        number(),
        time(),
    );
    let optional = (
        option::of(price()),
        option::of(number()),
        option::of(any::<bool>()),
        option::of(of("[!-~][^\\x00-\\x1f\\x7f-\\x9f]{0,254}")),
        extra(),
    );
    (head, body, optional).prop_map(|(head, body, optional)| {
        let (country_code, party_id, id, start_date_time, end_date_time, cdr_token, auth_method) = head;
        let (cdr_location, currency, periods, total_cost, total_energy, total_time, last_updated) = body;
        let (total_energy_cost, total_parking_time, home_charging_compensation, remark, extra) = optional;
        let charging_periods = NonEmpty::try_from(periods).expect("there is one");
        Cdr {
            total_energy_cost,
            total_parking_time,
            home_charging_compensation,
            remark,
            extra,
            ..CdrInit {
                country_code,
                party_id,
                id,
                start_date_time,
                end_date_time,
                cdr_token,
                auth_method,
                cdr_location,
                currency,
                charging_periods,
                total_cost,
                total_energy,
                total_time,
                last_updated,
            }
            .into()
        }
    })
}

pub(super) fn token() -> impl Strategy<Value = Token> {
    let contract = (of("[!-~][^\\x00-\\x1f\\x7f-\\x9f]{0,63}"), option::of(of("[!-~]([ -~]{0,62}[!-~])?")))
        .prop_map(|(supplier_name, contract_id)| EnergyContract {
            contract_id,
            ..EnergyContractInit { supplier_name }.into()
        });
    let required = (
        of("[A-Z]{2}"),
        of("[A-Z0-9]{3}"),
        of("[!-~]([ -~]{0,34}[!-~])?"),
        one_of(TokenType::ALL),
        of("[!-~]([ -~]{0,34}[!-~])?"),
        (of("[!-~][^\\x00-\\x1f\\x7f-\\x9f]{0,63}"), any::<bool>(), one_of(WhitelistType::ALL), time()),
    );
    let optional = (
        option::of(of("[!-~]([ -~]{0,62}[!-~])?")),
        option::of(of("[!-~]([ -~]{0,34}[!-~])?")),
        option::of(of("[a-z]{2}")),
        option::of(one_of(ProfileType::ALL)),
        option::of(contract),
        extra(),
    );
    (required, optional).prop_map(|(required, optional)| {
        let (country_code, party_id, uid, kind, contract_id, (issuer, valid, whitelist, last_updated)) =
            required;
        let (visual_number, group_id, language, default_profile_type, energy_contract, extra) = optional;
        Token {
            visual_number,
            group_id,
            language,
            default_profile_type,
            energy_contract,
            extra,
            ..TokenInit {
                country_code,
                party_id,
                uid,
                r#type: kind,
                contract_id,
                issuer,
                valid,
                whitelist,
                last_updated,
            }
            .into()
        }
    })
}
