//! Pages from the store are those that objects would make, and each object is converted once per revision.

use ocpi_types::convert::Ledger;
use ocpi_types::endpoint::{List, Owned, RootResource};
use ocpi_types::json::{self, Times};
use ocpi_types::observe::Observer;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, Status};
use pollster::block_on;

use super::*;
use crate::observed::Observed;
use crate::{Caller, Handle, Memory, Objects, Partner};

/// A Location that 2.2.1 cannot express in full, with fractions of a second and a member that no version knows.
fn location(id: usize) -> Location {
    let text = format!(
        r#"{{"country_code":"NL","party_id":"ALF","id":"L{id}","publish":true,"address":"Street {id}",
        "city":"Ede","country":"NLD","coordinates":{{"latitude":"52.09","longitude":"5.12"}},"help_phone":"+31",
        "evses":[{{"uid":"E1","status":"AVAILABLE","connectors":[{{"id":"1","standard":"IEC_62196_T2",
        "format":"SOCKET","power_type":"AC_3_PHASE","max_voltage":230,"max_amperage":16,
        "last_updated":"2026-11-22T10:00:00.25Z"}}],"last_updated":"2026-11-22T10:00:00.25Z"}}],
        "time_zone":"Europe/Amsterdam","x_note":"kept","last_updated":"2026-11-22T10:00:00.25Z"}}"#
    );
    json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn caller(version: Version, style: WritingStyle) -> Caller {
    let own = Party::new("DE", "EMP").unwrap();
    Caller {
        partner: Partner::new("emsp".parse().unwrap(), [own]).with_style(style),
        version,
        from: None,
        to: None,
        request_id: None,
        correlation_id: None,
        endpoint: "https://cpo.example/ocpi/locations".parse().unwrap(),
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
        findings: Vec::new(),
        ledger: Ledger::new(),
        has_token_type: false,
        observed: Observed { observer: Observer::default(), method: http::Method::GET, names: None },
    }
}

fn objects(count: usize) -> Objects<Memory> {
    let objects = Objects::new(Memory::new(), vec![Party::new("NL", "ALF").unwrap()]).with_page_size(3);
    block_on(objects.put_all((0..count).map(location))).unwrap();
    objects
}

fn encoded(objects: &Objects<Memory>, caller: &Caller, list: &List<Location>) -> EncodedResponse {
    block_on(Handle::<List<Location>>::encoded(objects, caller, list)).unwrap().expect("an encoded page")
}

#[test]
fn a_page_from_the_store_is_the_page_that_its_objects_make() {
    let objects = objects(7);
    let styles = [
        WritingStyle::PLAIN,
        WritingStyle { explicit_nulls: true, ..WritingStyle::PLAIN },
        WritingStyle { times: Times::Seconds, coordinate_decimals: Some(6), ..WritingStyle::PLAIN },
    ];
    let lists = [
        List::all(),
        List { offset: Some(3), ..List::all() },
        List { limit: Some(1), ..List::all() },
        List { offset: Some(9), ..List::all() },
    ];
    let mut compared = 0;
    for version in [Version::V2_2_1, Version::V2_3_0] {
        for style in styles {
            let caller = caller(version, style);
            for list in &lists {
                let page = block_on(Handle::<List<Location>>::handle(&objects, &caller, list.clone()));
                let context = caller.partner.relation.sent();
                let encoding =
                    Encoding { version: Some(version), style, context: &context, ..Encoding::PLAIN };
                let expected = page.unwrap().write(&encoding).unwrap();
                // The first is made, the second is kept.
                for _ in 0..2 {
                    assert_eq!(encoded(&objects, &caller, list), expected, "{version} {style:?} {list:?}");
                }
                compared += usize::from(expected.data != Some(b"[]".to_vec()));
            }
        }
    }
    assert_eq!(compared, 2 * 3 * 3);
    // 2.2.1 has no help phone: the comparison is one of converted pages.
    let old = encoded(&objects, &caller(Version::V2_2_1, WritingStyle::PLAIN), &List::all());
    assert!(!old.ledger.is_empty());
}

/// A price with taxes, of which 2.2.1 does not say how much they are, keeps no CDR from its list: the tariff is left out.
#[test]
fn a_bill_arrives_also_without_its_tariff() {
    let cdr = r#"{"country_code":"NL","party_id":"ALF","id":"C1","start_date_time":"2026-11-22T08:00:00Z",
        "end_date_time":"2026-11-22T09:00:00Z","session_id":"S1","cdr_token":{"country_code":"DE","party_id":"EMP",
        "uid":"04A2","type":"RFID","contract_id":"DE-EMP-1"},"auth_method":"WHITELIST","cdr_location":{"id":"L1",
        "address":"Street 1","city":"Ede","country":"NLD","coordinates":{"latitude":"52.09","longitude":"5.12"},
        "evse_uid":"E1","evse_id":"NL*ALF*E1","connector_id":"1","connector_standard":"IEC_62196_T2",
        "connector_format":"SOCKET","connector_power_type":"AC_3_PHASE"},"currency":"EUR",
        "tariffs":[{"country_code":"NL","party_id":"ALF","id":"T1","currency":"EUR","tax_included":"YES",
        "elements":[{"price_components":[{"type":"ENERGY","price":0.5,"step_size":1}]}],
        "last_updated":"2026-11-22T10:00:00Z"}],"charging_periods":[{"start_date_time":"2026-11-22T08:00:00Z",
        "tariff_id":"T1","dimensions":[{"type":"ENERGY","volume":10}]}],"total_cost":{"before_taxes":4},
        "total_energy":10,"total_time":1,"last_updated":"2026-11-22T10:00:00Z"}"#;
    let cdr: Cdr = json::from_str(cdr).unwrap();
    let objects = objects(0);
    block_on(objects.put_all([cdr])).unwrap();
    let caller = caller(Version::V2_2_1, WritingStyle::PLAIN);
    let list = List::<Cdr>::all();
    let page = block_on(Handle::<List<Cdr>>::encoded(&objects, &caller, &list)).unwrap().expect("a page");
    assert!(page.left_out.is_empty(), "{:?}", page.left_out);
    let whole = block_on(Handle::<List<Cdr>>::handle(&objects, &caller, list)).unwrap();
    let context = caller.partner.relation.sent();
    let encoding = Encoding { version: Some(Version::V2_2_1), context: &context, ..Encoding::PLAIN };
    assert_eq!(page, whole.write(&encoding).unwrap());
    assert!(page.data.is_some_and(|data| data.len() > 500 && !page.ledger.is_empty()));
}

#[test]
fn an_object_is_encoded_once_per_revision_version_and_style() {
    let objects = objects(3);
    let kept = || objects.encodings.kept.len();
    let (new, old) =
        (caller(Version::V2_3_0, WritingStyle::PLAIN), caller(Version::V2_2_1, WritingStyle::PLAIN));
    for _ in 0..3 {
        encoded(&objects, &new, &List::all());
        assert_eq!(kept(), 3);
    }
    encoded(&objects, &old, &List::all());
    assert_eq!(kept(), 6);

    let at = location(1).identity();
    let key = ocpi_types::endpoint::EvseKey {
        location_id: at.key.location_id.clone(),
        evse_uid: "E1".parse().unwrap(),
    };
    let charging = EvsePatch {
        status: Status::Charging.into(),
        last_updated: "2026-11-22T11:00:00Z".parse::<ocpi_types::DateTime>().unwrap().into(),
        ..EvsePatch::default()
    };
    block_on(objects.patch::<Evse>(&Owned { owner: at.owner, key }, charging)).unwrap();
    for caller in [&new, &old] {
        let data = encoded(&objects, caller, &List::all()).data.unwrap();
        assert!(String::from_utf8(data).unwrap().contains("CHARGING"));
    }
    assert_eq!(kept(), 8);
}

#[test]
fn what_is_kept_has_a_limit() {
    let objects = objects(3).with_cache(2_000);
    for _ in 0..2 {
        let page = encoded(&objects, &caller(Version::V2_2_1, WritingStyle::PLAIN), &List::all());
        assert_eq!(json::read_list::<Location>(&page.data.unwrap()).unwrap().items.len(), 3);
        assert!(objects.encodings.kept.weight() <= 2_000);
    }
}
