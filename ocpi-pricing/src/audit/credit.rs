//! Credit CDRs, against themselves and the original.

mod amount;

use ocpi_types::Decimal;

use super::Rule;
use super::claims::{CdrClaims, part_pointer};
use super::scope::Scope;
use super::tolerance::{abs, negated, same};
use crate::bill::Category;

pub(super) fn look(scope: &mut Scope<'_>, original: Option<&CdrClaims>) {
    let cdr = scope.cdr;
    if !cdr.is_credit() {
        return;
    }
    let reference = cdr.credit_reference.as_deref();
    if reference.is_some_and(|reference| reference.eq_ignore_ascii_case(&cdr.id)) {
        scope.find(Rule::CreditSelf, "/credit_reference_id", "the id of the original", &cdr.id);
    }
    for category in Category::ALL {
        let part = cdr.parts[category as usize].as_ref();
        if let Some(part) = part.filter(|part| part.before.is_negative()) {
            let pointer = format!("{}{}", part_pointer(category), scope.names.before);
            scope.find(Rule::CreditPartSign, pointer, negated(part.before), part.before);
        }
    }
    if let Some(original) = original {
        against(scope, original);
    }
}

fn against(scope: &mut Scope<'_>, original: &CdrClaims) {
    let cdr = scope.cdr;
    if let Some(reference) = cdr.credit_reference.as_deref() {
        if !reference.eq_ignore_ascii_case(&original.id) {
            scope.find(Rule::CreditOther, "/credit_reference_id", &original.id, reference);
            return;
        }
    }
    if original.is_credit() {
        scope.find(Rule::CreditTwice, "/credit_reference_id", "a CDR that is no credit CDR", &original.id);
    }
    // One that is above zero is reported already.
    if !scope.has(Rule::CreditSign) {
        amount::look(scope, &original.total);
    }
    copy(scope, original);
}

fn copy(scope: &mut Scope<'_>, original: &CdrClaims) {
    let (cdr, end) = (scope.cdr, scope.names.end);
    let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or("none").to_owned();
    let number = |number: Option<Decimal>| number.map_or("none".to_owned(), |it| it.normalize().to_string());
    let time = |time: Option<ocpi_types::DateTime>| time.map_or("unknown".to_owned(), |it| it.to_string());
    let members = |cdr: &CdrClaims| {
        let usage = &cdr.stay.usage;
        [
            ("/session_id", text(&cdr.session_id).to_lowercase()),
            ("/start_date_time", time(usage.start)),
            (end, time(usage.end)),
            ("/currency", usage.currency.to_string()),
            ("/authorization_reference", text(&cdr.stay.reference).to_lowercase()),
            ("/total_energy", number(Some(cdr.stay.energy))),
            ("/total_time", number(Some(cdr.total_time))),
            ("/total_parking_time", number(cdr.parking_time)),
            ("/cdr_location", cdr.stay.place.each_ref().map(text).join(" ").to_lowercase()),
            ("/charging_periods", format!("{} periods", cdr.stay.dimensions.len())),
            ("/tariffs", format!("{} tariffs", cdr.plans.len())),
        ]
    };
    for ((pointer, found), (_, expected)) in members(cdr).into_iter().zip(members(original)) {
        if found != expected {
            scope.find(Rule::CreditCopy, pointer, expected, found);
        }
    }
    if *cdr.stay.token != *original.stay.token {
        scope.find_hidden(Rule::CreditCopy, scope.names.token);
    }
    for category in Category::ALL {
        let part = |cdr: &CdrClaims| cdr.parts[category as usize].as_ref().map(|part| part.before);
        let (found, expected) = (part(cdr), part(original));
        // A sign is another matter.
        let is_same = match (found, expected) {
            (Some(found), Some(expected)) => same(abs(found), abs(expected)),
            (found, expected) => found.is_none() && expected.is_none(),
        };
        if !is_same {
            let pointer = part_pointer(category);
            scope.find(Rule::CreditCopy, pointer, number(expected), number(found));
        }
    }
    let mut periods = cdr.stay.dimensions.iter().zip(&original.stay.dimensions).enumerate();
    let starts = |cdr: &CdrClaims, index: usize| cdr.stay.usage.periods.get(index).map(|period| period.start);
    let other =
        periods.find(|(index, (one, other))| one != other || starts(cdr, *index) != starts(original, *index));
    if let Some((index, _)) = other {
        let pointer = format!("/charging_periods/{index}");
        scope.find(Rule::CreditCopy, pointer, "the period of the original", "another");
    }
}
