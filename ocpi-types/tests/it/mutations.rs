//! Every deviation that loses nothing, in every member of every object: it is read, reported, and means the same.

use std::cell::Cell;
use std::collections::BTreeSet;

use ocpi_types::json::{self, RawJson, Reading, Verdict};
use ocpi_types::{Cardinality, Field, Object, Ruleset, Type, Version, Versions, object, strategies};
use proptest::prelude::{ProptestConfig, TestCaseError, prop_assert, prop_assert_eq};
use proptest::test_runner::{RngSeed, TestRunner};

use crate::cases::cases;
use crate::registry;

object! {
    /// Takes any object apart: it has no member of theirs.
    pub struct Apart = "Apart", init ApartInit {
        /// None has it.
        pub no_object_has_this: Option<RawJson>,
    }
}

/// Names and texts of members.
type Members = Vec<(String, String)>;

fn members(text: &str) -> Members {
    let apart: Apart = json::from_str(text).expect("it is an object");
    apart.extra.iter().map(|(name, raw)| (name.to_owned(), raw.to_owned())).collect()
}

fn text(members: &[(String, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, raw)| format!("\"{name}\":{raw}")).collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn every_deviation_in_every_member_means_the_same() {
    let tried = Cell::new(0);
    let mut seen = BTreeSet::new();
    for version in [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0] {
        // An object that a later version has unchanged is one type.
        for entry in registry::objects(version).into_iter().filter(|entry| seen.insert(entry.id)) {
            let profile = match entry.documents {
                Versions::PAYMENTS => &Ruleset::V2_3_0_PAYMENTS,
                Versions::BOOKINGS => &Ruleset::V2_3_0_BOOKINGS,
                _ => Ruleset::of(version),
            };
            (entry.mutate)(profile, &tried);
        }
    }
    println!("mutations: {} documents", tried.get());
    assert!(tried.get() > 10_000, "{} documents only", tried.get());
}

/// Values of one type, each with each deviation in each member.
pub(crate) fn mutate<T: Object>(profile: &'static Ruleset, tried: &Cell<usize>) {
    let config = ProptestConfig {
        cases: cases(2),
        rng_seed: RngSeed::Fixed(11),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let values = strategies::any_conformant::<T>(profile);
    let outcome = TestRunner::new(config).run(&values, |value| {
        let members = members(&json::to_string(&value));
        for field in T::INFO.fields {
            for (value, members) in variants(&value, &members, field) {
                let place = members.iter().position(|(name, _)| name == field.name);
                for (rule, raw) in deviations(field, place.map(|place| &*members[place].1)) {
                    let mut changed = members.clone();
                    match place {
                        Some(place) => changed[place].1 = raw,
                        None => changed.push((field.name.to_owned(), raw)),
                    }
                    reads_the_same(&value, &text(&changed), field, rule)?;
                    tried.set(tried.get() + 1);
                }
            }
            let place = members.iter().position(|(name, _)| name == field.name);
            if let Some(place) = place {
                tried.set(tried.get() + spelled_otherwise(&value, &members, field, place)?);
                twice(&value, &members, field, place)?;
                missing::<T>(&members, field, place)?;
                tried.set(tried.get() + 2);
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{}: {error}", T::INFO.name));
}

/// The value; the value without the member, if it may be left out; and with one element of several in its list.
fn variants<T: Object>(value: &T, members: &Members, field: &Field) -> Vec<(T, Members)> {
    let mut variants = vec![(value.clone(), members.clone())];
    let Some(place) = members.iter().position(|(name, _)| name == field.name) else { return variants };
    let mut add =
        |members: Members| variants.push((json::from_str(&text(&members)).expect("a value"), members));
    if matches!(field.card, Cardinality::Optional | Cardinality::Any) && members.len() > 1 {
        let mut without = members.clone();
        without.remove(place);
        add(without);
    }
    if field.is_list {
        let elements: Vec<RawJson> = json::from_str(&members[place].1).expect("a list");
        if let [first, _, ..] = &elements[..] {
            let mut one = members.clone();
            one[place].1 = format!("[{}]", first.as_str());
            add(one);
        }
    }
    variants
}

/// Texts that may stand in a member instead of the one it has (or of nothing), and the rule for each.
fn deviations(field: &Field, raw: Option<&str>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let Some(raw) = raw else {
        found.push(("val.null", "null".to_owned()));
        if matches!(field.card, Cardinality::Optional)
            && !matches!(field.ty, Type::String { .. } | Type::CiString { .. })
        {
            found.push(("val.empty", "\"\"".to_owned()));
        }
        return found;
    };
    if field.is_list {
        // Where a price may have stood, the text is kept.
        if !matches!(field.ty.name(), "TariffElement" | "PriceComponent" | "DayOfWeek") {
            found.push(("val.null_in_list", raw.replacen('[', "[null,", 1)));
        }
        let one = members(&format!("{{\"list\":{raw}}}"));
        let inner = one[0].1[1..one[0].1.len() - 1].to_owned();
        if json::from_str::<Vec<RawJson>>(raw).is_ok_and(|list| list.len() == 1) {
            found.push(("val.object_for_array", inner));
        }
        return found;
    }
    found.push(("val.array_for_object", format!("[{raw}]")));
    if raw.len() > 2 && raw.starts_with('"') && is_no_free_text(field) {
        found.push(("str.blank", format!("\"  {} \"", &raw[1..raw.len() - 1])));
    }
    match field.ty {
        Type::Number => found.push(("num.string", format!("\"{raw}\""))),
        Type::Int { .. } => {
            found.push(("num.string", format!("\"{raw}\"")));
            found.push(("int.form", format!("{raw}.0")));
        }
        Type::Boolean => {
            found.push(("bool.string", format!("\"{raw}\"")));
            found.push(("bool.string", format!("\"{}\"", raw.to_uppercase())));
        }
        Type::DateTime => {
            found.push(("dt.form", raw.replacen('T', " ", 1)));
            found.push(("dt.offset", format!("{}+00:00\"", raw.trim_end_matches('"').trim_end_matches('Z'))));
        }
        Type::Enum(_) if raw.to_lowercase() != raw => found.push(("enum.case", raw.to_lowercase())),
        _ => {}
    }
    found
}

fn reads_the_same<T: Object>(value: &T, text: &str, field: &Field, rule: &str) -> Result<(), TestCaseError> {
    let item =
        json::read_item::<T>(text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(item.verdict(), Verdict::Repaired, "{}", text);
    prop_assert_eq!(&item.reading, &Reading::Whole(value.clone()), "{}", text);
    let at = format!("/{}", field.name);
    let is_told =
        item.findings.iter().any(|finding| finding.rule.id() == rule && finding.pointer.starts_with(&at));
    prop_assert!(is_told, "{} is not told: {:?} in {}", rule, item.findings, text);
    Ok(())
}

/// A member in another spelling is the member; beside the one in its own it is an unknown one, wherever it stands.
fn spelled_otherwise<T: Object>(
    value: &T,
    members: &Members,
    field: &Field,
    place: usize,
) -> Result<usize, TestCaseError> {
    let spellings = spellings(field.name);
    for sent in &spellings {
        let mut renamed = members.clone();
        renamed[place].0.clone_from(sent);
        let renamed = text(&renamed);
        let item = json::read_item::<T>(renamed.as_bytes())
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(item.verdict(), Verdict::Repaired, "{}", renamed);
        prop_assert_eq!(&item.reading, &Reading::Whole(value.clone()), "{}", renamed);
        let told: Vec<_> = item.findings.iter().map(|it| (&*it.pointer, it.rule.id())).collect();
        let pointer = format!("/{sent}");
        prop_assert_eq!(told, vec![(pointer.as_str(), "name.spelling")], "{}", renamed);
        for at in [0, members.len()] {
            let mut both = members.clone();
            both.insert(at, (sent.clone(), "\"another\"".to_owned()));
            let both = text(&both);
            let item = json::read_item::<T>(both.as_bytes())
                .map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(item.verdict(), Verdict::Clean, "{}: {:?}", both, item.findings);
            let Reading::Whole(read) = item.reading else { unreachable!() };
            let written = json::to_string(&read);
            let expected = text(&[members.clone(), vec![(sent.clone(), "\"another\"".to_owned())]].concat());
            prop_assert_eq!(written, expected);
        }
    }
    Ok(3 * spellings.len())
}

/// A name in camel case, with hyphens, and in capitals, as far as these differ from it.
fn spellings(name: &str) -> Vec<String> {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let camel = words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..]);
    let mut spellings = vec![camel, name.replace('_', "-"), name.to_uppercase()];
    spellings.retain(|spelling| spelling != name);
    spellings
}

/// Whether the member holds no text for people to read: blanks around it mean nothing.
fn is_no_free_text(field: &Field) -> bool {
    let is_id = matches!(field.name.rsplit('_').next(), Some("id" | "uid" | "type" | "url"));
    match field.ty {
        Type::String { .. } => {
            let is_any = field.pattern.pattern(Version::V2_3_0) == Some(r"^[^\x00-\x1f\x7f-\x9f]*$");
            field.name != "token" && (is_id || !is_any)
        }
        Type::Any => false,
        _ => true,
    }
}

/// The first of two members counts; if it decides about more than itself, neither does.
fn twice<T: Object>(value: &T, members: &Members, field: &Field, place: usize) -> Result<(), TestCaseError> {
    let mut doubled = members.clone();
    doubled.push(members[place].clone());
    let item = json::read_item::<T>(text(&doubled).as_bytes())
        .map_err(|error| TestCaseError::fail(error.to_string()))?;
    let rule = item.findings.last().map(|finding| finding.rule.id());
    let last = field.name.rsplit('_').next().unwrap_or_default();
    let is_security = matches!(field.ty, Type::Url)
        || matches!(last, "id" | "uid" | "token")
        || field.name == "country_code";
    if is_security {
        prop_assert_eq!((item.verdict(), rule), (Verdict::Unreadable, Some("json.duplicate_security")));
    } else {
        prop_assert_eq!(&item.reading, &Reading::Whole(value.clone()));
        prop_assert_eq!(rule, Some("json.duplicate_key"));
    }
    Ok(())
}

/// Without a required member the rest is there, and the written text has no such member.
fn missing<T: Object>(members: &Members, field: &Field, place: usize) -> Result<(), TestCaseError> {
    if !matches!(field.card, Cardinality::One) || members.len() == 1 {
        return Ok(());
    }
    let mut fewer = members.clone();
    fewer.remove(place);
    let fewer = text(&fewer);
    let item =
        json::read_item::<T>(fewer.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let Reading::Partial(partial) = item.reading else {
        return Err(TestCaseError::fail(format!("{fewer} is not partial")));
    };
    prop_assert_eq!(partial.missing(), vec![format!("/{}", field.name)]);
    prop_assert_eq!(String::from_utf8_lossy(&partial.to_vec()).into_owned(), fewer);
    Ok(())
}
