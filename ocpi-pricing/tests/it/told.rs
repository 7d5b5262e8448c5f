//! Sentences of a tariff: the moments that they tell of, and those that they leave out.

use ocpi_pricing::TariffModel;
use ocpi_pricing::explain::{Explanation, Language, Topic};
use ocpi_types::json::{self as ocpi_json, Reading};
use ocpi_types::{Version, v2_2_1};
use serde_json::{Value, json};

use crate::common::{element, plan, plan_of, tariff_text};

fn energy(price: f64, restrictions: Value) -> Value {
    element("ENERGY", price, 1, restrictions)
}

fn parking(price: f64, restrictions: Value) -> Value {
    element("PARKING_TIME", price, 1, restrictions)
}

fn days(days: &[&str]) -> Value {
    json!({"day_of_week": days})
}

fn hours(from: &str, until: &str) -> Value {
    json!({"start_time": from, "end_time": until})
}

fn with(mut one: Value, other: &Value) -> Value {
    for (name, value) in other.as_object().unwrap() {
        one[name] = value.clone();
    }
    one
}

/// The English sentences on prices.
fn told(plan: &TariffModel) -> Vec<String> {
    let is_on_price = |topic: Topic| !matches!(topic, Topic::Tax | Topic::Obstacle);
    let explanation = Explanation::of(plan, Language::English);
    explanation.sentences.into_iter().filter(|it| is_on_price(it.topic)).map(|it| it.text).collect()
}

const WEEK: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// Elements that cover everything between them, in every way in which restrictions can divide.
fn covering() -> Vec<(&'static str, Vec<Value>)> {
    let week = days(&WEEK[..5]);
    let weekend = days(&WEEK[5..]);
    let night = hours("22:00", "06:00");
    let day = hours("06:00", "22:00");
    vec![
        ("days", vec![week.clone(), weekend.clone()]),
        ("single days", WEEK.iter().map(|day| days(&[day])).collect()),
        ("hours", vec![day.clone(), night.clone()]),
        (
            "hours from midnight",
            vec![hours("00:00", "08:00"), hours("08:00", "16:00"), hours("16:00", "00:00")],
        ),
        ("open hours", vec![json!({"start_time": "12:00"}), json!({"end_time": "12:00"})]),
        ("hours that overlap", vec![hours("06:00", "20:00"), hours("18:00", "08:00")]),
        (
            "days and hours",
            vec![
                with(week.clone(), &day),
                with(week, &night),
                with(weekend.clone(), &day),
                with(weekend, &night),
            ],
        ),
        ("dates", vec![json!({"end_date": "2026-07-01"}), json!({"start_date": "2026-07-01"})]),
        (
            "from a first date on",
            vec![
                json!({"start_date": "2026-01-01", "end_date": "2026-07-01"}),
                json!({"start_date": "2026-07-01"}),
            ],
        ),
        (
            "the days between two dates",
            vec![
                json!({"end_date": "2026-07-03"}),
                // A Friday to a Sunday.
                with(
                    days(&["FRIDAY", "SATURDAY", "SUNDAY"]),
                    &json!({"start_date": "2026-07-03", "end_date": "2026-07-06"}),
                ),
                json!({"start_date": "2026-07-06"}),
            ],
        ),
        (
            "energy",
            vec![json!({"max_kwh": 10}), json!({"min_kwh": 10, "max_kwh": 20.5}), json!({"min_kwh": 20.5})],
        ),
        ("duration", vec![json!({"max_duration": 3600}), json!({"min_duration": 3600})]),
        ("duration, the later first", vec![json!({"min_duration": 3600}), json!({"max_duration": 3600})]),
        ("power", vec![json!({"max_power": 22}), json!({"min_power": 22})]),
        ("power from zero", vec![json!({"min_power": 0, "max_power": 50}), json!({"min_power": 50})]),
        ("current", vec![json!({"min_current": 32}), json!({"max_current": 32})]),
        (
            "energy by day",
            vec![with(day.clone(), &json!({"max_kwh": 10})), with(day, &json!({"min_kwh": 10})), night],
        ),
    ]
}

#[test]
fn nothing_is_left_over_where_elements_cover_everything_together() {
    for (what, limits) in covering() {
        for kind in ["ENERGY", "TIME", "PARKING_TIME", "FLAT"] {
            // While a car is parked no power flows: one of the elements is never used.
            let prices = (1..).map(f64::from);
            let elements =
                limits.iter().zip(prices).map(|(limits, price)| element(kind, price, 1, limits.clone()));
            let told = told(&plan(elements.collect()));
            let text = told.join("\n").to_lowercase();
            assert!(!text.contains("free") && !text.contains("otherwise"), "{kind} by {what}: {told:?}");
            let is_of_power = ["power", "power from zero", "current"].contains(&what);
            let count = if kind == "PARKING_TIME" && is_of_power { 1 } else { limits.len() };
            assert_eq!(told.len(), count, "{kind} by {what}: {told:?}");
        }
    }
}

#[test]
fn what_one_of_them_leaves_out_is_free_in_every_language() {
    for (what, limits) in covering()
        .into_iter()
        .filter(|(what, _)| !what.contains("overlap") && *what != "from a first date on")
    {
        for without in 0..limits.len() {
            let kept = limits.iter().enumerate().filter(|(index, _)| *index != without);
            let elements =
                kept.zip((1..).map(f64::from)).map(|((_, limits), price)| energy(price, limits.clone()));
            let plan = plan(elements.collect());
            // Before its first date nobody charges by a tariff.
            if what.contains("date") && without == 0 {
                assert!(!told(&plan).join("").contains("free"), "{what}: {:?}", told(&plan));
                continue;
            }
            for (language, words) in [
                (Language::English, "Otherwise: energy is free."),
                (Language::Swedish, "Annars: energi är gratis."),
                (Language::German, "Sonst: Energie ist kostenlos."),
                (Language::Dutch, "Anders: energie is gratis."),
            ] {
                let text = Explanation::of(&plan, language).to_string();
                assert!(text.contains(words), "{what} without {without}: {text}");
            }
        }
    }
}

#[test]
fn each_dimension_is_looked_at_by_itself() {
    let both = json!({"price_components": [
        {"type": "ENERGY", "price": 0.4, "step_size": 1}, {"type": "PARKING_TIME", "price": 3, "step_size": 1}],
        "restrictions": days(&WEEK[..5])});
    assert_eq!(
        told(&plan(json!([both, energy(0.3, days(&WEEK[5..]))]))),
        [
            "Energy costs €0.40 per kWh (Monday to Friday).",
            "Energy costs €0.30 per kWh (Saturday, Sunday).",
            "Parking without charging costs €3.00 per hour (Monday to Friday).",
            "Otherwise: parking without charging is free.",
        ]
    );
    // A reservation covers nothing of the charging.
    let reserved = energy(9.0, json!({"reservation": "RESERVATION"}));
    assert_eq!(
        told(&plan(json!([reserved, energy(0.4, hours("06:00", "22:00"))]))),
        ["Energy costs €0.40 per kWh (between 06:00 and 22:00).", "Otherwise: energy is free."]
    );
}

#[test]
fn elements_that_never_apply_are_not_told() {
    let always = || energy(0.4, json!({}));
    let only = ["Energy costs €0.40 per kWh."];
    for (what, never) in [
        ("an empty window", hours("10:00", "10:00")),
        ("no energy", json!({"max_kwh": 0})),
        ("an empty range", json!({"min_kwh": 20, "max_kwh": 10})),
        ("an empty range of power", json!({"min_power": 20, "max_power": 20})),
        ("a duration below zero", json!({"max_duration": -1})),
        ("no day", json!({"start_date": "2026-07-01", "end_date": "2026-07-01"})),
        (
            "another day of the week",
            with(days(&["MONDAY"]), &json!({"start_date": "2026-07-03", "end_date": "2026-07-06"})),
        ),
    ] {
        assert_eq!(told(&plan(json!([energy(0.1, never), always()]))), only, "{what}");
    }
    // Behind one that always applies, and behind two that always do together.
    assert_eq!(told(&plan(json!([always(), energy(0.1, json!({"min_kwh": 5}))]))), only);
    let (day, night) = (hours("06:00", "22:00"), hours("22:00", "06:00"));
    let told_of_three = told(&plan(json!([energy(0.4, day), energy(0.3, night), energy(0.1, json!({}))])));
    assert_eq!(
        told_of_three,
        [
            "Energy costs €0.40 per kWh (between 06:00 and 22:00).",
            "Energy costs €0.30 per kWh (between 22:00 and 06:00)."
        ]
    );
    // A part of an earlier one.
    let narrow = energy(0.1, with(json!({"min_kwh": 5}), &json!({"max_power": 20})));
    let wide = energy(0.3, json!({"min_kwh": 5}));
    assert_eq!(
        told(&plan(json!([wide, narrow, always()]))),
        ["Energy costs €0.30 per kWh (from 5 kWh on).", "Otherwise: energy costs €0.40 per kWh."]
    );
    // No power flows while a car is parked, and no energy has flowed while it is awaited.
    assert_eq!(told(&plan(json!([always(), parking(3.0, json!({"min_power": 1}))]))), only);
    let reserved = element("TIME", 5.0, 1, json!({"reservation": "RESERVATION", "min_kwh": 1}));
    assert_eq!(told(&plan(json!([reserved, always()]))), only);
    // A price that is never due has no rate of tax to tell either.
    let taxed = |vat: i64, limits: Value| json!({"price_components": [{"type": "ENERGY", "price": 0.4, "vat": vat, "step_size": 1}], "restrictions": limits});
    let explanation = Explanation::of(
        &plan(json!([taxed(21, json!({})), taxed(9, json!({"min_kwh": 5}))])),
        Language::English,
    );
    assert_eq!(explanation.to_string(), "Energy costs €0.40 per kWh.\nVAT of 21% is added to all prices.\n");
}

#[test]
fn equal_sentences_are_one() {
    let same =
        |limits: Vec<Value>| told(&plan(limits.into_iter().map(|limits| energy(0.4, limits)).collect()));
    for (what, limits) in covering() {
        assert_eq!(same(limits), ["Energy costs €0.40 per kWh."], "{what}");
    }
    assert_eq!(same(vec![days(&WEEK[..5]), json!({})]), ["Energy costs €0.40 per kWh."]);
    assert_eq!(
        same(vec![hours("07:00", "09:00"), hours("16:00", "18:00")]),
        [
            "Energy costs €0.40 per kWh (between 07:00 and 09:00; or between 16:00 and 18:00).",
            "Otherwise: energy is free."
        ]
    );
    let elements = json!([
        energy(0.5, hours("07:00", "19:00")),
        energy(0.4, days(&["SATURDAY"])),
        energy(0.4, days(&["SUNDAY"])),
        energy(0.4, days(&["SUNDAY"])),
        energy(0.3, json!({}))
    ]);
    assert_eq!(
        told(&plan(elements)),
        [
            "Energy costs €0.50 per kWh (between 07:00 and 19:00).",
            "Energy costs €0.40 per kWh (Saturday; or Sunday).",
            "Otherwise: energy costs €0.30 per kWh.",
        ]
    );
    // A price of zero is the same as moments that are free otherwise.
    let free = json!([energy(0.5, days(&["MONDAY"])), energy(0.0, days(&["TUESDAY"]))]);
    assert_eq!(told(&plan(free)), ["Energy costs €0.50 per kWh (Monday).", "Otherwise: energy is free."]);
    let free = json!([energy(0.0, days(&["TUESDAY"])), element("FLAT", 1.0, 1, json!({}))]);
    assert_eq!(told(&plan(free)), ["Energy is free.", "Each session has a fee of €1.00."]);
}

#[test]
fn days_go_around_the_end_of_the_week() {
    for (listed, shown) in [
        (&["SATURDAY", "SUNDAY", "MONDAY"][..], "Saturday to Monday"),
        (&["SUNDAY", "MONDAY"], "Sunday, Monday"),
        (&["MONDAY", "WEDNESDAY", "FRIDAY", "SATURDAY", "SUNDAY"], "Wednesday, Friday to Monday"),
        (&["MONDAY", "TUESDAY", "THURSDAY"], "Monday, Tuesday, Thursday"),
        (&["SATURDAY"], "Saturday"),
        (&["FRIDAY", "SATURDAY", "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY"], "Friday to Wednesday"),
    ] {
        let told = told(&plan(json!([energy(0.4, days(listed))])));
        assert_eq!(told[0], format!("Energy costs €0.40 per kWh ({shown})."));
    }
}

#[test]
fn a_fee_and_a_time_of_nothing_are_told_apart() {
    let reserved = |phase: &str| {
        json!({"price_components": [
        {"type": "FLAT", "price": 0, "step_size": 1}, {"type": "TIME", "price": 0, "step_size": 1}],
        "restrictions": {"reservation": phase}})
    };
    let elements = json!([reserved("RESERVATION"), reserved("RESERVATION_EXPIRES"), energy(0.4, json!({}))]);
    assert_eq!(
        told(&plan(elements)),
        [
            "Energy costs €0.40 per kWh.",
            "A reservation has no fee.",
            "The time of a reservation is free.",
            "A reservation that is not used has no fee.",
            "The time of a reservation that is not used is free.",
        ]
    );
}

#[test]
fn a_least_price_is_no_free_charging() {
    let limits = json!({"min_price": {"excl_vat": 1}});
    let told = told(&plan_of(Version::V2_2_1, &json!([energy(0.0, json!({}))]), &limits));
    assert_eq!(told, ["Energy is free.", "A session costs at least €1.00 without tax."]);
}

#[test]
fn what_a_terminal_reserves_is_told() {
    let more = json!({"preauthorize_amount": 60});
    let plan = plan_of(Version::V2_3_0, &json!([energy(0.4, json!({}))]), &more);
    let text = |language| Explanation::of(&plan, language).to_string();
    assert!(text(Language::English).contains("For payment at a terminal €60.00 is reserved beforehand."));
    assert!(text(Language::German).contains("Bei Zahlung am Terminal werden vorab 60,00 € reserviert."));
}

/// A tariff of which not everything can be read.
fn unsound(text: &str) -> TariffModel {
    match ocpi_json::read_item::<v2_2_1::tariffs::Tariff>(text.as_bytes()).unwrap().reading {
        Reading::Whole(tariff) => TariffModel::from(&tariff),
        Reading::Partial(tariff) => TariffModel::from(&tariff.into_value()),
        Reading::Unreadable(_) => panic!("{text}"),
    }
}

fn unsound_of(elements: &Value) -> TariffModel {
    unsound(&tariff_text(Version::V2_2_1, elements, &json!({})))
}

/// Whether some language says that something costs nothing.
fn says_free(plan: &TariffModel) -> bool {
    let words = ["free", "no fee", "gratis", "ingen avgift", "kostenlos", "keine gebühr", "geen vast bedrag"];
    let says = |language| {
        let text = Explanation::of(plan, language).to_string().to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    Language::ALL.into_iter().any(says)
}

/// Elements without a price that is known, for each kind of price.
fn blanks() -> Vec<(String, Value)> {
    let mut blanks = Vec::new();
    for kind in ["ENERGY", "TIME", "PARKING_TIME", "FLAT"] {
        let mut add = |what: &str, component: Value| {
            blanks.push((format!("{kind}: {what}"), json!({"price_components": [component]})));
        };
        for (what, price) in
            [("null", json!(null)), ("words", json!("a lot")), ("an object", json!({"excl_vat": 1}))]
        {
            add(what, json!({"type": kind, "price": price, "step_size": 1}));
        }
        add("missing", json!({"type": kind, "step_size": 1}));
        add("no kind", json!({"price": 0.4, "step_size": 1}));
    }
    for (what, element) in [
        ("no components", json!({})),
        ("null", json!({"price_components": null})),
        ("an empty list", json!({"price_components": []})),
        ("no list", json!({"price_components": "0.40"})),
        ("a null among them", json!({"price_components": [null]})),
    ] {
        blanks.push((what.to_owned(), element));
    }
    blanks
}

#[test]
fn a_price_that_is_not_known_is_never_free() {
    let zero = || element("FLAT", 0.0, 1, json!({}));
    let weekend = || days(&WEEK[5..]);
    for (what, blank) in blanks() {
        let on_weekends = with(blank.clone(), &json!({"restrictions": weekend()}));
        for elements in [
            json!([blank]),
            json!([energy(0.4, days(&WEEK[..5])), on_weekends]),
            json!([on_weekends, energy(0.4, days(&WEEK[..4]))]),
            json!([parking(3.0, json!({"min_duration": 7200})), blank]),
        ] {
            let plan = unsound_of(&elements);
            assert!(!says_free(&plan), "{what}: {}", Explanation::of(&plan, Language::English));
            let explanation = Explanation::of(&plan, Language::English);
            assert!(!explanation.not_explained.is_empty(), "{what}");
            assert!(
                explanation.to_string().contains("cannot be explained: /elements"),
                "{what}: {explanation}"
            );
        }
        // A fee of 0 is stated; that all is free is not.
        let told = told(&unsound_of(&json!([zero(), blank])));
        assert!(!told.contains(&"Charging is free.".to_owned()), "{what}: {told:?}");
    }
    // A price that stands twice is two prices.
    for (one, other) in [("0", "0.25"), ("0.25", "0")] {
        let text = tariff_text(Version::V2_2_1, &json!([energy(0.5, json!({}))]), &json!({}));
        let twice = text.replace("\"price\":0.5", &format!("\"price\":{one},\"price\":{other}"));
        let plan = unsound(&twice);
        assert!(!says_free(&plan) && !Explanation::of(&plan, Language::English).to_string().contains('€'));
    }
}

#[test]
fn when_a_price_is_not_known_is_told() {
    let blank = |limits: Value| json!({"price_components": [{"type": "ENERGY", "price": null, "step_size": 1}], "restrictions": limits});
    assert_eq!(told(&unsound_of(&json!([blank(json!({}))]))), ["The price of energy is not stated."]);
    assert_eq!(
        told(&unsound_of(&json!([blank(days(&WEEK[..5])), energy(0.4, json!({}))]))),
        ["The price of energy is not stated (Monday to Friday).", "Otherwise: energy costs €0.40 per kWh."]
    );
    // Behind it nothing else is ever due.
    assert_eq!(
        told(&unsound_of(&json!([blank(json!({})), energy(0.4, json!({}))]))),
        ["The price of energy is not stated."]
    );
    assert_eq!(
        told(&unsound_of(&json!([energy(0.4, json!({})), blank(json!({}))]))),
        ["Energy costs €0.40 per kWh."]
    );
    // An element without a list of prices may have any of them.
    let any = json!({"restrictions": days(&WEEK[..5])});
    let both = json!({"price_components": [
        {"type": "ENERGY", "price": 0.4, "step_size": 1}, {"type": "FLAT", "price": 1, "step_size": 1}]});
    assert_eq!(
        told(&unsound_of(&json!([any, both]))),
        [
            "The price of energy is not stated (Monday to Friday).",
            "Otherwise: energy costs €0.40 per kWh.",
            "The fee of a session is not stated (Monday to Friday).",
            "Otherwise: each session has a fee of €1.00.",
        ]
    );
    // A dimension that OCPI does not have takes nothing away from the others.
    let water = element("WATER", 1.0, 1, json!({}));
    assert_eq!(told(&unsound_of(&json!([water, energy(0.4, json!({}))]))), ["Energy costs €0.40 per kWh."]);
    // A price whose step is not known is a price.
    let no_step = json!({"price_components": [{"type": "ENERGY", "price": 0.4}]});
    assert_eq!(told(&unsound_of(&json!([no_step]))), ["Energy costs €0.40 per kWh."]);
}

#[test]
fn nothing_is_free_beside_what_is_not_understood() {
    for limits in
        [json!({"min_vehicle_soc": 20}), json!({"start_time": "noon"}), json!({"day_of_week": ["WEEKEND"]})]
    {
        let odd = energy(0.3, limits.clone());
        for elements in [
            json!([odd]),
            json!([energy(0.4, days(&WEEK[..5])), odd]),
            json!([odd, parking(3.0, days(&WEEK[..5]))]),
        ] {
            let plan = unsound_of(&elements);
            let text = Explanation::of(&plan, Language::English).to_string();
            assert!(
                !says_free(&plan) && text.contains("under a condition that is not understood"),
                "{limits}: {text}"
            );
        }
    }
    // An element that could not be read may have had the price.
    let plan = unsound_of(&json!([energy(0.4, days(&WEEK[..5])), 7]));
    assert!(!says_free(&plan), "{}", Explanation::of(&plan, Language::English));
}

#[test]
fn what_cannot_be_explained_for_the_same_reason_is_told_once() {
    let elements = (0..24).map(|hour| energy(0.3, json!({"min_vehicle_soc": hour})));
    let explanation = Explanation::of(&plan(elements.collect()), Language::English);
    let obstacles: Vec<&str> = explanation
        .sentences
        .iter()
        .filter(|it| it.topic == Topic::Obstacle)
        .map(|it| it.text.as_str())
        .collect();
    assert_eq!(
        obstacles,
        [
            "Part of this tariff cannot be explained: /elements/0/restrictions/min_vehicle_soc (unknown restriction `min_vehicle_soc`, ×24)."
        ]
    );
    assert_eq!(explanation.not_explained.len(), 24);
}
