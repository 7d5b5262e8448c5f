//! Conditions under which a price applies, in words.

use chrono::Weekday;
use ocpi_types::Decimal;

use super::Language;
use super::phrases::Phrase;
use crate::grid::Scene;
use crate::tariff_model::{Component, Days, Restrictions, TariffDimension};

/// Lists the conditions that have to hold, one by one; empty: the price always applies. Bounds on a quantity that is
/// zero throughout the scene are left out: they decide whether the price applies at all, not when.
pub(super) fn of(limits: &Restrictions, scene: Scene, language: Language) -> Vec<String> {
    let mut when = Vec::new();
    when.extend(days(limits.days, language));
    let (start, end) = (limits.start_time.unwrap_or(0), limits.end_time.unwrap_or(0));
    // From midnight to midnight is always.
    if start != 0 || end != 0 {
        let until = if end == 0 { 24 * 60 } else { end };
        when.push(Phrase::Between.say(language, &[&clock(start), &clock(until)]));
        if until < start && limits.days != Days::default() {
            when.push(Phrase::NewDay.say(language, &[]));
        }
    }
    if let Some(date) = limits.start_date {
        when.push(Phrase::FromDate.say(language, &[&language.date(date)]));
    }
    if let Some(date) = limits.end_date {
        when.push(Phrase::BeforeDate.say(language, &[&language.date(date)]));
    }
    let number = |number: Decimal| language.number(number);
    let energy = (limits.min_kwh.filter(|kwh| *kwh > Decimal::ZERO), limits.max_kwh);
    match if scene.has_energy() { energy } else { (None, None) } {
        (Some(min), Some(max)) => when.push(Phrase::EnergyRange.say(language, &[&number(min), &number(max)])),
        (Some(min), None) => when.push(Phrase::FromEnergy.say(language, &[&number(min)])),
        (None, Some(max)) if max == Decimal::from(1) => when.push(Phrase::FirstKwh.say(language, &[])),
        (None, Some(max)) => when.push(Phrase::FirstEnergy.say(language, &[&number(max)])),
        (None, None) => {}
    }
    match (limits.min_duration.filter(|seconds| *seconds > 0), limits.max_duration) {
        (Some(min), Some(max)) => {
            when.push(Phrase::TimeRange.say(language, &[&span(min, language), &span(max, language)]));
        }
        (Some(min), None) => when.push(Phrase::AfterTime.say(language, &[&span(min, language)])),
        (None, Some(max)) => when.push(Phrase::FirstTime.say(language, &[&span(max, language)])),
        (None, None) => {}
    }
    let least = |bound: Option<Decimal>| bound.filter(|bound| *bound > Decimal::ZERO);
    let bounds = [
        (least(limits.min_power), Phrase::PowerFrom),
        (limits.max_power, Phrase::PowerBelow),
        (least(limits.min_current), Phrase::CurrentFrom),
        (limits.max_current, Phrase::CurrentBelow),
    ];
    for (bound, phrase) in bounds {
        if let Some(bound) = bound.filter(|_| scene.has_power()) {
            when.push(phrase.say(language, &[&number(bound)]));
        }
    }
    when
}

/// Returns the step of the quantity in words, unless it is the smallest.
pub(super) fn step(component: &Component, language: Language) -> Option<String> {
    if component.step_size <= 1 {
        return None;
    }
    let one = |unit: &str| Some(Phrase::StepOne.say(language, &[unit]));
    let step = match component.kind {
        TariffDimension::Energy if component.step_size == 1000 => return one("kWh"),
        TariffDimension::Energy if component.step_size % 1000 == 0 => {
            format!("{} kWh", component.step_size / 1000)
        }
        TariffDimension::Energy => format!("{} Wh", component.step_size),
        TariffDimension::Time | TariffDimension::ParkingTime => match component.step_size {
            60 => return one(&Phrase::Minute.say(language, &[])),
            3600 => return one(&Phrase::Hour.say(language, &[])),
            seconds => span(seconds, language),
        },
        TariffDimension::Flat | TariffDimension::Unknown => return None,
    };
    Some(Phrase::Step.say(language, &[&step]))
}

/// A time of day.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A duration, in the largest unit in which it is a whole number.
fn span(seconds: i64, language: Language) -> String {
    let (count, one, many) = match seconds {
        _ if seconds % 3600 == 0 => (seconds / 3600, Phrase::OneHour, Phrase::Hours),
        _ if seconds % 60 == 0 => (seconds / 60, Phrase::OneMinute, Phrase::Minutes),
        _ => return Phrase::Seconds.say(language, &[&seconds.to_string()]),
    };
    if count == 1 { one.say(language, &[]) } else { many.say(language, &[&count.to_string()]) }
}

/// Days, three and more in a row as a range; Monday follows Sunday.
fn days(days: Days, language: Language) -> Option<String> {
    if days == Days::default() {
        return None;
    }
    // The first day of each row, with how many follow.
    let mut rows: Vec<(Weekday, u32)> = Vec::new();
    for day in days.iter().filter(|day| !days.contains(day.pred())) {
        let mut last = day;
        while days.contains(last.succ()) {
            last = last.succ();
        }
        rows.push((day, last.days_since(day)));
    }
    let name = |day| name(day).say(language, &[]);
    let said = rows.into_iter().map(|(first, more)| {
        let last = (0..more).fold(first, |day, _| day.succ());
        match more {
            0 => name(first),
            1 => format!("{}, {}", name(first), name(last)),
            _ => Phrase::DaysTo.say(language, &[&name(first), &name(last)]),
        }
    });
    Some(said.collect::<Vec<_>>().join(", "))
}

fn name(day: Weekday) -> Phrase {
    match day {
        Weekday::Mon => Phrase::Monday,
        Weekday::Tue => Phrase::Tuesday,
        Weekday::Wed => Phrase::Wednesday,
        Weekday::Thu => Phrase::Thursday,
        Weekday::Fri => Phrase::Friday,
        Weekday::Sat => Phrase::Saturday,
        Weekday::Sun => Phrase::Sunday,
    }
}
