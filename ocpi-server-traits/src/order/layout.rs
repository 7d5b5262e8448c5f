//! Parts and members of an object, whatever its type.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ocpi_types::{AnyList, AnyObject, CiString, DateTime, Field, Node, NodeMut, ObjectInfo, Text};

/// The member that says when an object changed. It is shown, and orders nothing.
pub(super) const LAST_UPDATED: &str = "last_updated";

/// A charging period: its start, and its number among those of the same start.
pub(super) type PeriodKey = (i64, u32);

/// Roles of the members of an object.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    info: &'static ObjectInfo,
    /// Members that identify the object and never change.
    pub(super) ids: &'static [&'static str],
    /// The list of its parts, which have ids and times of their own.
    pub(super) parts: Option<PartList>,
    /// The list of its charging periods.
    pub(super) periods: Option<PeriodList>,
}

/// A list of parts.
#[derive(Clone, Copy)]
pub(super) struct PartList {
    /// Place of the list.
    pub(super) place: usize,
    /// Name of the list.
    pub(super) name: &'static str,
    /// Name of the id of a part.
    pub(super) id: &'static str,
}

/// A list of charging periods.
#[derive(Clone, Copy)]
pub(super) struct PeriodList {
    /// Place of the list.
    pub(super) place: usize,
    /// Name of the list.
    pub(super) name: &'static str,
}

impl Layout {
    pub(super) fn of(info: &'static ObjectInfo) -> Self {
        let ids: &[&str] = match info.name {
            // In 2.1.1 the type of a Token does not identify it.
            "Token" if info.place("country_code").is_some() => &["country_code", "party_id", "uid", "type"],
            _ => &["country_code", "party_id", "id", "uid"],
        };
        let parts = match info.name {
            "Location" => Some(("evses", "uid")),
            "EVSE" => Some(("connectors", "id")),
            "BookingLocation" => Some(("calendars", "id")),
            _ => None,
        };
        let parts = parts.and_then(|(name, id)| Some(PartList { place: info.place(name)?, name, id }));
        let name = "charging_periods";
        let periods = (info.name == "Session").then(|| info.place(name)).flatten();
        Self { info, ids, parts, periods: periods.map(|place| PeriodList { place, name }) }
    }

    /// The members that have times of their own, by their places.
    pub(super) fn members(self) -> impl Iterator<Item = (usize, &'static Field)> {
        self.info.fields.iter().enumerate().filter(move |(place, field)| self.is_member(*place, field))
    }

    pub(super) fn is_member(&self, place: usize, field: &Field) -> bool {
        let is_list = self.parts.is_some_and(|parts| parts.place == place)
            || self.periods.is_some_and(|periods| periods.place == place);
        !is_list && field.name != LAST_UPDATED && !self.ids.contains(&field.name)
    }

    pub(super) fn is_known(&self, name: &str) -> bool {
        self.info.place(name).is_some()
    }
}

/// The parts of an object: their keys, their places in the list, and the parts.
pub(super) struct Children<'k, 'a> {
    parent: &'k str,
    list: Option<(&'a dyn AnyList, PartList)>,
    next: usize,
}

impl<'k, 'a> Children<'k, 'a> {
    pub(super) fn of(parent: &'k str, object: &'a dyn AnyObject) -> Self {
        let parts = Layout::of(object.info()).parts;
        let list = parts.and_then(|parts| Some((list_at(object, parts.place)?, parts)));
        Self { parent, list, next: 0 }
    }

    /// Finds the part with a key that ends with `segment`, and its place. Counts the parts that it looks at.
    pub(super) fn find_one(self, segment: &str, steps: &mut u64) -> Option<(usize, &'a dyn AnyObject)> {
        let is_plain = !segment.contains('%');
        let (list, parts) = self.list?;
        for place in 0..list.count() {
            *steps = steps.saturating_add(1);
            let Node::Object(part) = list.element(place)?.node_any() else { continue };
            let Some(id) = id_of(part, parts.id) else { continue };
            // The keys of ids with odd characters are written another way.
            let is_it = match is_plain {
                true if id.folds => id.text.eq_ignore_ascii_case(segment),
                true => id.text == segment,
                false => child_key("", &id) == segment,
            };
            if is_it {
                return Some((place, part));
            }
        }
        None
    }

    /// The parts alone, without keys.
    pub(super) fn objects(self) -> impl Iterator<Item = &'a dyn AnyObject> {
        let places = self.list.map_or(0, |(list, _)| list.count());
        (0..places).filter_map(move |place| {
            let (list, parts) = self.list?;
            match list.element(place)?.node_any() {
                Node::Object(part) => id_of(part, parts.id).map(|_| part),
                _ => None,
            }
        })
    }

    /// The places by key.
    pub(super) fn places(self) -> BTreeMap<String, usize> {
        self.map(|(key, place, _)| (key, place)).collect()
    }
}

impl<'a> Iterator for Children<'_, 'a> {
    type Item = (String, usize, &'a dyn AnyObject);

    fn next(&mut self) -> Option<Self::Item> {
        let (list, parts) = self.list?;
        loop {
            let place = self.next;
            let Node::Object(part) = list.element(place)?.node_any() else {
                self.next += 1;
                continue;
            };
            self.next += 1;
            if let Some(id) = id_of(part, parts.id) {
                return Some((child_key(self.parent, &id), place, part));
            }
        }
    }
}

impl PeriodList {
    /// Start and number of each period, in the order of the list.
    pub(super) fn periods_in(self, object: &dyn AnyObject) -> Vec<PeriodKey> {
        let Some(list) = list_at(object, self.place) else { return Vec::new() };
        let mut numbers = BTreeMap::new();
        let starts =
            (0..list.count()).map(|place| list.element(place).and_then(|period| start_of(period.node_any())));
        let keys = starts.map(|start| {
            let start = start.unwrap_or(i64::MIN);
            let number = numbers.entry(start).or_insert(0_u32);
            let key = (start, *number);
            *number = number.saturating_add(1);
            key
        });
        keys.collect()
    }
}

fn start_of(period: Node<'_>) -> Option<i64> {
    let Node::Object(period) = period else { return None };
    time_at(period, "start_date_time")
}

/// When an object changed, as it says.
pub(super) fn last_updated(object: &dyn AnyObject) -> Option<i64> {
    time_at(object, LAST_UPDATED)
}

fn time_at(object: &dyn AnyObject, name: &str) -> Option<i64> {
    let slot = object.slot(object.info().place(name)?)?;
    slot.as_any().downcast_ref().map(|time: &DateTime| time.to_unix_micros())
}

/// Sets the time at which an object changed.
pub(super) fn set_last_updated(object: &mut dyn AnyObject, time: DateTime) {
    let Some(place) = object.info().place(LAST_UPDATED) else { return };
    let slot = object.slot_mut(place).and_then(|(slot, _)| slot.as_any_mut().downcast_mut());
    if let Some(slot) = slot {
        *slot = time;
    }
}

pub(super) fn list_at(object: &dyn AnyObject, place: usize) -> Option<&dyn AnyList> {
    match object.slot(place)?.node_any() {
        Node::List(list) => Some(list),
        _ => None,
    }
}

pub(super) fn list_at_mut(object: &mut dyn AnyObject, place: usize) -> Option<&mut dyn AnyList> {
    match object.slot_mut(place)?.0.node_any_mut() {
        NodeMut::List(list) => Some(list),
        _ => None,
    }
}

pub(super) fn element_mut(list: &mut dyn AnyList, place: usize) -> Option<&mut dyn AnyObject> {
    match list.element_mut(place)?.node_any_mut() {
        NodeMut::Object(object) => Some(object),
        _ => None,
    }
}

/// An id, and whether case does not matter in it.
pub(super) struct Id<'a> {
    pub(super) text: &'a str,
    folds: bool,
}

/// The id of a part; `None` if it is empty.
pub(super) fn id_of<'a>(object: &'a dyn AnyObject, name: &str) -> Option<Id<'a>> {
    let value = object.slot(object.info().place(name)?)?.as_any();
    let folded = value.downcast_ref::<CiString<36>>().map(|id| Id { text: id.as_str(), folds: true });
    let id = folded
        .or_else(|| value.downcast_ref::<Text<36>>().map(|id| Id { text: id.as_str(), folds: false }))
        .or_else(|| value.downcast_ref::<Text<39>>().map(|id| Id { text: id.as_str(), folds: false }))?;
    (!id.text.is_empty()).then_some(id)
}

/// The key of a part, written as [`Key::canonical`](ocpi_types::endpoint::Key::canonical) writes its end.
fn child_key(parent: &str, id: &Id<'_>) -> String {
    let mut text = Cow::Borrowed(id.text);
    if id.folds && text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        text = text.to_ascii_lowercase().into();
    }
    if text.contains(['%', '/']) {
        text = text.replace('%', "%25").replace('/', "%2f").into();
    }
    if parent.is_empty() { text.into_owned() } else { format!("{parent}/{text}") }
}
