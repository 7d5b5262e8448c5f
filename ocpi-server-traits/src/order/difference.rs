//! Members that differ between two states of an object.

use std::collections::BTreeMap;

use ocpi_types::AnyObject;

use super::layout::{Children, Layout};

/// Names the members that differ, and the parts that came or went: `name`, `e1/status`, `e2`. The times that say when
/// something changed are left out.
pub(crate) fn changed_members(before: &dyn AnyObject, now: &dyn AnyObject) -> Vec<String> {
    let mut names = Vec::new();
    compare("", before, now, &mut names);
    names
}

fn compare(key: &str, before: &dyn AnyObject, now: &dyn AnyObject, names: &mut Vec<String>) {
    let name = |member: &str| if key.is_empty() { member.to_owned() } else { format!("{key}/{member}") };
    let layout = Layout::of(now.info());
    let periods = layout.periods.map(|list| (list.place, list.name));
    let members = layout.members().map(|(place, field)| (place, field.name)).chain(periods);
    for (place, member) in members {
        let is_same = match (before.slot(place), now.slot(place)) {
            (Some(before), Some(now)) => before.equals_any(now),
            (before, now) => before.is_none() && now.is_none(),
        };
        if !is_same || before.extra().get(member) != now.extra().get(member) {
            names.push(name(member));
        }
    }
    let unknown = |object: &dyn AnyObject| -> BTreeMap<String, String> {
        let texts = object.extra().iter().filter(|(name, _)| !layout.is_known(name));
        texts.map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
    };
    let (texts_before, texts) = (unknown(before), unknown(now));
    let differs = |name: &&String| texts_before.get(*name) != texts.get(*name);
    let gone = texts_before.keys().filter(|name| !texts.contains_key(*name));
    names.extend(texts.keys().filter(differs).chain(gone).map(|member| name(member)));
    let parts = |object| Children::of(key, object).map(|(key, _, part)| (key, part)).collect();
    let (parts_before, parts): (BTreeMap<String, _>, BTreeMap<String, _>) = (parts(before), parts(now));
    for (key, part) in &parts {
        match parts_before.get(key) {
            Some(before) => compare(key, *before, *part, names),
            None => names.push(key.clone()),
        }
    }
    names.extend(parts_before.into_keys().filter(|key| !parts.contains_key(key)));
}
