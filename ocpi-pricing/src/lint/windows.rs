//! Times of day, days and dates.

use std::collections::BTreeSet;

use super::scope::{Scope, restriction};
use super::{Fix, Rule};
use crate::engine::moment::{DAY, window};
use crate::tariff_model::{Days, Restrictions};

pub(super) fn look(scope: &mut Scope<'_>) {
    for (index, element) in scope.elements() {
        let limits = &element.restrictions;
        times(scope, index, limits);
        spelled_times(scope, index);
        days(scope, index, limits);
        dates(scope, index, limits);
        empty(scope, index, limits, element.obstacles.is_empty());
    }
}

fn times(scope: &mut Scope<'_>, index: usize, limits: &Restrictions) {
    let end = restriction(index, "end_time");
    match window(limits) {
        // Only if no text that cannot be read goes away with the window.
        Some((0, DAY)) if scope.document.get(&end).is_some() == limits.end_time.is_some() => {
            let member = if limits.end_time.is_some() { "end_time" } else { "start_time" };
            scope.remove(Rule::IdleWindow, restriction(index, member));
        }
        Some((from, until)) if from == until => scope.find(Rule::EmptyWindow, end),
        Some((from, until)) if until < from && limits.days != Days::default() => {
            scope.find(Rule::OvernightDays, end);
        }
        _ => {}
    }
}

/// Reports times that say something by their text: 24:00, and an end at 23:59.
fn spelled_times(scope: &mut Scope<'_>, index: usize) {
    let document = scope.document;
    for member in ["start_time", "end_time"] {
        let pointer = restriction(index, member);
        let Some(text) = document.string(&pointer) else { continue };
        let midnight = || Fix::write(document, &[(pointer.clone(), "\"00:00\"")]).map(Fix::of_prices);
        if text.trim().starts_with("24:00") {
            let fix = if member == "end_time" { midnight() } else { None };
            scope.fix(Rule::Time2400, pointer, fix);
        } else if member == "end_time" && text.trim().starts_with("23:59") {
            let fix = midnight();
            scope.fix(Rule::End2359, pointer, fix);
        }
    }
}

const WEEK: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

fn days(scope: &mut Scope<'_>, index: usize, limits: &Restrictions) {
    let document = scope.document;
    let list = restriction(index, "day_of_week");
    let pointers: Vec<String> = (0..document.length(&list)).map(|day| format!("{list}/{day}")).collect();
    let named = pointers.iter().map(|pointer| document.string(pointer));
    let Some(named) = named.collect::<Option<Vec<String>>>() else { return };
    let place = |day: &String| WEEK.iter().position(|name| name == day);
    // Days in another spelling are nothing to rearrange.
    let Some(places) = named.iter().map(place).collect::<Option<Vec<usize>>>() else { return };
    let mut seen = BTreeSet::new();
    for (pointer, day) in pointers.iter().zip(&places) {
        if !seen.insert(*day) {
            scope.remove(Rule::DuplicateDays, pointer.clone());
        }
    }
    if seen.len() == 7 && limits.days == Days::default() {
        scope.remove(Rule::AllDays, list);
    } else if seen.len() == places.len() && !places.is_sorted() {
        let sorted: Vec<String> =
            seen.iter().filter_map(|day| WEEK.get(*day)).map(|it| format!("\"{it}\"")).collect();
        let values: Vec<(String, &str)> =
            pointers.into_iter().zip(sorted.iter().map(String::as_str)).collect();
        let fix = Fix::write(document, &values);
        scope.fix(Rule::UnsortedDays, list, fix);
    }
}

fn dates(scope: &mut Scope<'_>, index: usize, limits: &Restrictions) {
    let pointer = restriction(index, "end_date");
    match (limits.start_date, limits.end_date) {
        (Some(from), Some(until)) if until <= from => scope.find(Rule::EmptyDates, pointer),
        (_, Some(until)) => {
            // The day may still last in the west.
            let today = scope.at.map(|at| at.to_chrono().date_naive());
            let has_passed =
                today.and_then(|today| today.pred_opt()).is_some_and(|yesterday| until <= yesterday);
            if has_passed {
                scope.find(Rule::PastDates, pointer);
            }
        }
        _ => {}
    }
}

fn empty(scope: &mut Scope<'_>, index: usize, limits: &Restrictions, is_known: bool) {
    let pointer = format!("/elements/{index}/restrictions");
    if is_known && limits.is_none() && scope.document.is_hollow(&pointer) {
        scope.remove(Rule::EmptyRestrictions, pointer);
    }
}
