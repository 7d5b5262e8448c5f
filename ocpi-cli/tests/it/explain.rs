//! `ocpi explain`.

use serde_json::json;

use crate::price::TARIFF;
use crate::{folder, ocpi};

#[test]
fn a_tariff_in_four_languages() {
    let folder = folder(&[("tariff.json", TARIFF)]);
    for (lang, expected) in [
        (
            "en",
            "Energy costs €0.60 per kWh (between 07:00 and 19:00, plus 21% VAT).\nOtherwise: Energy costs €0.40 per kWh (plus 21% VAT).",
        ),
        (
            "sv",
            "Energi kostar 0,60 € per kWh (mellan 07:00 och 19:00, plus 21 % moms).\nAnnars: Energi kostar 0,40 € per kWh",
        ),
        ("de", "Energie kostet 0,60 € je kWh (zwischen 07:00 und 19:00, zuzüglich 21 % MwSt.).\nSonst: "),
        ("nl", "Energie kost € 0,60 per kWh (tussen 07:00 en 19:00, exclusief 21% btw).\nAnders: "),
    ] {
        let run = ocpi(folder.path(), &["explain", "tariff.json", "--lang", lang]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.out.starts_with(&format!("tariff.json: tariff DAY\n{expected}")), "{}", run.out);
    }
}

#[test]
fn json_has_a_topic_for_each_sentence() {
    let folder = folder(&[("tariff.json", TARIFF)]);
    let run = ocpi(folder.path(), &["explain", "tariff.json", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!((&run.json()["id"], &run.json()["language"]), (&json!("DAY"), &json!("en")));
    assert_eq!(run.json()["sentences"][0]["topic"], json!("energy"));
}

#[test]
fn what_is_not_understood_is_told_and_ends_the_run_with_1() {
    let odd = TARIFF.replace("\"end_time\":\"19:00\"", "\"min_vehicle_soc\":20");
    let folder = folder(&[("tariff.json", &odd), ("broken.json", "[{\"id\":")]);
    let run = ocpi(folder.path(), &["explain", "tariff.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("/elements/0/restrictions/min_vehicle_soc"), "{}", run.out);
    assert_eq!(ocpi(folder.path(), &["explain", "broken.json"]).code, 3);
}
