//! Objects that a platform publishes, and their differences.

use std::collections::BTreeMap;

use ocpi_types::endpoint::RootResource;
use ocpi_types::json::{self, RawJson};
use ocpi_types::{CiString, DateTime, Patched};

use super::marks::{MarkedChange, Marks};

/// An object that a platform publishes: a Location, Tariff, Session, Token, CDR or invoice reconciliation record.
pub trait Published: RootResource {
    /// Returns the changes from an object to its newer state, by part: "" for the object itself, the `uid` of an EVSE.
    /// May modify the parts of both.
    #[doc(hidden)]
    fn changes(before: &mut Self, after: &mut Self) -> Vec<(String, MarkedChange)> {
        let is_same = before == after;
        if is_same { Vec::new() } else { vec![(String::new(), MarkedChange::Whole)] }
    }

    /// Returns the CDRs of an invoice, which determine the drivers' platforms that it is posted to.
    #[doc(hidden)]
    fn invoiced(&self) -> Vec<CiString<39>> {
        Vec::new()
    }

    /// Returns the object to publish when it becomes invalid; `None` if it is deleted, and partners are sent a DELETE.
    #[doc(hidden)]
    fn withdrawn(self, now: DateTime) -> Option<Self>;
}

/// Notes what changed, and returns the parts that did. An object that was not there is new as a whole.
pub(super) fn note<R: Published>(
    before: Option<&mut R>,
    after: &mut R,
    marks: &mut Marks,
    now: DateTime,
) -> Vec<String> {
    let changes = match before {
        None => vec![(String::new(), MarkedChange::Whole)],
        Some(before) => R::changes(before, after),
    };
    let mark = marks.next(now);
    let mut parts = Vec::with_capacity(changes.len());
    for (part, changed) in changes {
        marks.note(&part, changed, mark);
        parts.push(part);
    }
    parts
}

/// The members that differ, without parts; `None`: none but the time.
fn members<T: Patched>(before: &T, after: &T) -> Option<MarkedChange> {
    if before == after {
        return None;
    }
    let diff = before.diff(after);
    let text: Option<RawJson> = json::to_string(&diff).parse().ok();
    let mut patched = before.clone();
    patched.apply(diff);
    // A PATCH removes nothing.
    let Some(text) = text.filter(|_| patched == *after) else { return Some(MarkedChange::Whole) };
    let mut names = Vec::new();
    for field in T::INFO.fields.iter().filter(|field| field.name != TIME) {
        match text.member(field.name) {
            None => {}
            Some(value) if value.as_str() == "null" => return Some(MarkedChange::Whole),
            Some(_) => names.push(field.name.to_owned()),
        }
    }
    let others = |name: &&str| T::INFO.place(name).is_none() && text.member(name).is_some();
    names.extend(after.extra().iter().map(|(name, _)| name).filter(others).map(str::to_owned));
    (!names.is_empty()).then_some(MarkedChange::Members(names))
}

/// The time of the newest change: it goes with whatever changed.
const TIME: &str = "last_updated";

macro_rules! published {
    ($version:ident) => {
        const _: () = {
            use ocpi_types::$version::cdrs::Cdr;
            use ocpi_types::$version::locations::{Evse, Location, Status};
            use ocpi_types::$version::sessions::Session;
            use ocpi_types::$version::tariffs::Tariff;

            impl Published for Location {
                fn changes(before: &mut Self, after: &mut Self) -> Vec<(String, MarkedChange)> {
                    let (old, new) = (std::mem::take(&mut before.evses), std::mem::take(&mut after.evses));
                    let own = members(before, after);
                    (before.evses, after.evses) = (old, new);
                    let mut known: BTreeMap<&str, &Evse> =
                        before.evses.iter().map(|evse| (evse.uid.as_str(), evse)).collect();
                    let mut changes = Vec::new();
                    for evse in &after.evses {
                        let change = match known.remove(evse.uid.as_str()) {
                            None => Some(MarkedChange::Whole),
                            // Connectors are few: a change of one is one of its EVSE as a whole.
                            Some(before) if before.connectors != evse.connectors => Some(MarkedChange::Whole),
                            Some(before) => members(before, evse),
                        };
                        changes.extend(change.map(|change| (evse.uid.as_str().to_owned(), change)));
                    }
                    if !known.is_empty() {
                        return vec![(String::new(), MarkedChange::Whole)];
                    }
                    changes.extend(own.map(|own| (String::new(), own)));
                    changes
                }

                fn withdrawn(mut self, now: DateTime) -> Option<Self> {
                    self.evses.iter_mut().filter(|evse| evse.status != Status::Removed).for_each(|evse| {
                        evse.status = Status::Removed;
                        evse.last_updated = now;
                    });
                    self.last_updated = now;
                    Some(self)
                }
            }

            impl Published for Session {
                fn changes(before: &mut Self, after: &mut Self) -> Vec<(String, MarkedChange)> {
                    let had = before.charging_periods.len();
                    let has_grown = after.charging_periods.len() > had;
                    if !after.charging_periods.starts_with(&before.charging_periods) {
                        return vec![(String::new(), MarkedChange::Whole)];
                    }
                    let added = after.charging_periods.split_off(had);
                    let own = members(before, after);
                    after.charging_periods.extend(added);
                    let grown = has_grown.then(|| format!("charging_periods@{had}"));
                    let change = match (own, grown) {
                        (Some(MarkedChange::Members(mut names)), grown) => {
                            names.extend(grown);
                            Some(MarkedChange::Members(names))
                        }
                        (Some(MarkedChange::Whole), _) => Some(MarkedChange::Whole),
                        (None, grown) => grown.map(|grown| MarkedChange::Members(vec![grown])),
                    };
                    change.map(|change| (String::new(), change)).into_iter().collect()
                }

                fn withdrawn(self, _: DateTime) -> Option<Self> {
                    None
                }
            }

            impl Published for Tariff {
                fn withdrawn(self, _: DateTime) -> Option<Self> {
                    None
                }
            }

            impl Published for Cdr {
                fn withdrawn(self, _: DateTime) -> Option<Self> {
                    None
                }
            }
        };
    };
}

published!(v2_2_1);
published!(v2_3_0);

impl Published for ocpi_types::v2_2_1::tokens::Token {
    fn withdrawn(self, now: DateTime) -> Option<Self> {
        Some(Self { valid: false, last_updated: now, ..self })
    }
}

impl Published for ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord {
    fn invoiced(&self) -> Vec<CiString<39>> {
        self.cdrs.iter().cloned().collect()
    }

    fn withdrawn(self, _: DateTime) -> Option<Self> {
        None
    }
}
