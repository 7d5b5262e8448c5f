//! Rules across members that several objects and versions share.
//!
//! The rules of one object stand at the end of its file; their common parts are here.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::ops::RangeInclusive;

use smallvec::SmallVec;

use crate::ruleset::narrow_length;
use crate::{Check, Currency, DateTime, Decimal, Extra, Rule, TimeOfDay};

/// Value of a required id when there is none to give.
const NOT_APPLICABLE: &str = "#NA";

/// The most power there is, in kW.
pub(crate) const HIGHEST_POWER: i64 = 5_000;

/// Looks at each element of the list `name`, at its place.
pub(crate) fn each<'a, T>(
    check: &mut Check,
    name: &'static str,
    list: &'a [T],
    mut rule: impl FnMut(&'a T, &mut Check),
) {
    check.member(name, |check| {
        for (index, value) in list.iter().enumerate() {
            check.element(index, |check| rule(value, check));
        }
    });
}

/// No two elements of the list have the same key. Reports the second of them.
pub(crate) fn unique<'a, T, K: Eq + Hash>(
    check: &mut Check,
    name: &'static str,
    list: &'a [T],
    key: impl Fn(&'a T) -> K,
    rule: Rule,
) {
    let mut earlier = Earlier::new();
    each(check, name, list, |value, check| check.expect(earlier.is_new(key(value)), rule));
}

/// The keys of the elements that were looked at. Most lists are short: those need no allocation.
struct Earlier<K> {
    keys: SmallVec<[K; 8]>,
    /// Places of the keys behind the first ones, by their hashes: one map for keys of all types.
    places: BTreeMap<u64, usize>,
    hasher: Option<RandomState>,
}

impl<K: Eq + Hash> Earlier<K> {
    fn new() -> Self {
        Self { keys: SmallVec::new(), places: BTreeMap::new(), hasher: None }
    }

    /// Whether no element before had this key.
    fn is_new(&mut self, key: K) -> bool {
        let first = self.keys.inline_size();
        if self.keys.iter().take(first).any(|known| *known == key) {
            return false;
        }
        if self.keys.len() >= first {
            let mut hash = self.hasher.get_or_insert_with(RandomState::new).hash_one(&key);
            while let Some(place) = self.places.get(&hash) {
                if self.keys.get(*place) == Some(&key) {
                    return false;
                }
                hash = hash.wrapping_add(1);
            }
            self.places.insert(hash, self.keys.len());
        }
        self.keys.push(key);
        true
    }
}

/// No two elements of the list have the same id, which is their member `member`.
pub(crate) fn unique_ids<'a, T, K: AsRef<str> + Eq + Hash + 'a>(
    check: &mut Check,
    name: &'static str,
    list: &'a [T],
    member: &'static str,
    id: impl Fn(&'a T) -> &'a K,
) {
    let mut earlier = Earlier::new();
    each(check, name, list, |value, check| {
        let id = id(value);
        // One that says nothing is reported already.
        let is_new = is_blank(id.as_ref()) || is_not_applicable(id.as_ref()) || earlier.is_new(id);
        if !is_new {
            // The ids of Locations and their parts are public.
            let message = format!("{}: {}", Rule::DuplicateId.message(), id.as_ref());
            check.member(member, |check| check.report_as(Rule::DuplicateId, message));
        }
    });
}

/// Whether a text says nothing. Most begin with something to see.
#[inline]
pub(crate) fn is_blank(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_graphic()) && text.trim().is_empty()
}

/// Whether the id is there only because one is required.
pub(crate) fn is_not_applicable(id: &str) -> bool {
    id.eq_ignore_ascii_case(NOT_APPLICABLE)
}

/// Whether the time stands for one that is missing or not known.
fn is_unknown(time: DateTime) -> bool {
    time == DateTime::UNIX_EPOCH
}

/// The period ends no earlier than it begins; `end` is the member to report. One that ends as it begins is odd, but no
/// table forbids it.
pub(crate) fn in_order(
    check: &mut Check,
    begin: DateTime,
    end: &'static str,
    at: impl Into<Option<DateTime>>,
) {
    let Some(at) = at.into().filter(|at| *at <= begin && !is_unknown(*at)) else { return };
    check.expect_at(end, false, if at == begin { Rule::NoRoom } else { Rule::PeriodOrder });
}

/// Two times of day that are the same: whether that is the whole day or none of it is not said. From midnight to
/// midnight is the day.
pub(crate) fn times_differ(check: &mut Check, start: Option<&TimeOfDay>, end: Option<&TimeOfDay>) {
    let minutes = |time: Option<&TimeOfDay>| time.and_then(TimeOfDay::minutes).filter(|minutes| *minutes > 0);
    if minutes(start).is_some() && minutes(start) == minutes(end) {
        let message = "both times of day are the same: it may mean the whole day or none of it";
        check.member("end_time", |check| check.report_as(Rule::NoRoom, message));
    }
}

/// Something lies from the lower bound to below the upper one; `upper` is the member to report. Two bounds that are equal
/// are odd, but no table forbids them.
pub(crate) fn leaves_room<T: PartialOrd>(
    check: &mut Check,
    low: Option<T>,
    upper: &'static str,
    high: Option<T>,
) {
    if let (Some(low), Some(high)) = (low, high) {
        let rule = if low == high { Rule::NoRoom } else { Rule::EmptyRange };
        check.expect_at(upper, low < high, rule);
    }
}

/// Charging periods stand in the order of time. Two may begin together: a start fee is often one of its own.
pub(crate) fn ascending<'a, T>(check: &mut Check, list: &'a [T], begin: impl Fn(&'a T) -> DateTime) {
    // They mostly do: that takes no second look.
    if list.is_sorted_by_key(&begin) {
        return;
    }
    let mut before = None;
    each(check, "charging_periods", list, |period, check| {
        let begin = begin(period);
        if is_unknown(begin) {
            return;
        }
        check.expect_at("start_date_time", before.is_none_or(|before| before <= begin), Rule::PeriodsOrder);
        before = Some(begin);
    });
}

/// Checks that a part was not changed after the object around it.
pub(crate) fn no_newer(check: &mut Check, child: DateTime, parent: DateTime) {
    check.expect_at("last_updated", child <= parent || is_unknown(parent), Rule::ChildNewer);
}

/// The number is not below zero.
pub(crate) fn not_negative(check: &mut Check, name: &'static str, value: Option<Decimal>) {
    check.expect_at(name, !value.is_some_and(Decimal::is_negative), Rule::Negative);
}

/// The number has at most so many decimals, trailing zeros aside.
pub(crate) fn scale_at_most(check: &mut Check, name: &'static str, value: Decimal, decimals: u32) {
    check.expect_at(name, value.normalize().scale() <= decimals, Rule::RateScale);
}

/// Every restriction is known: one that is not may not be ignored.
pub(crate) fn restrictions_known(check: &mut Check, extra: &Extra) {
    check.expect(extra.is_empty(), Rule::NotComputable);
}

/// The text fits into a document of before some lengths grew, if such a one is checked against.
pub(crate) fn fits_narrow(check: &mut Check, object: &str, name: &'static str, text: &str, wide: usize) {
    if !check.profile().is_narrow() {
        return;
    }
    // A text that is too long for any document is reported already.
    let count = text.chars().count();
    let breaks = narrow_length(object, name).is_some_and(|chars| count > chars) && count <= wide;
    check.expect_at(name, !breaks, Rule::LengthExceeded);
}

/// Reports 1970 for a time that only a CDR may leave unknown.
pub(crate) fn is_known_time(check: &mut Check, name: &'static str, time: Option<DateTime>) {
    check.expect_at(name, !time.is_some_and(is_unknown), Rule::EarlyTime);
}

/// The charging periods begin while the session lasts.
pub(crate) fn periods_inside<'a, T>(
    check: &mut Check,
    list: &'a [T],
    begin: impl Fn(&'a T) -> DateTime,
    session: RangeInclusive<DateTime>,
) {
    let is_inside = |begin| is_unknown(begin) || session.contains(&begin);
    if !is_known(&session) || list.iter().all(|period| is_inside(begin(period))) {
        return;
    }
    each(check, "charging_periods", list, |period, check| {
        check.expect_at("start_date_time", is_inside(begin(period)), Rule::PeriodOutside);
    });
}

/// Whether the beginning and end of a CDR or session are the real ones: partners may agree on 1970 for times that
/// nobody knows, and a session that ends before or as it begins is reported already.
pub(crate) fn is_known(session: &RangeInclusive<DateTime>) -> bool {
    session.start() < session.end()
        && *session.start() != DateTime::UNIX_EPOCH
        && *session.end() != DateTime::UNIX_EPOCH
}

/// Checks the hours of a CDR against each other and against its beginning and end; `total` is `None` if it is missing.
/// Returns whether the total fits the session.
pub(crate) fn hours_of_cdr(
    check: &mut Check,
    total: Option<Decimal>,
    parking: Option<Decimal>,
    session: &RangeInclusive<DateTime>,
) -> bool {
    let Some(total) = total else { return true };
    // Four times as long as it was. Below a minute, rounding to hours is all there is to see.
    let seconds = is_known(session).then(|| session.end().seconds_since(*session.start()).max(60));
    if seconds.is_some_and(|seconds| !is_near(total, seconds)) {
        let message = "longer than the session; perhaps seconds or minutes were written where hours are due";
        check.member("total_time", |check| check.report_as(Rule::Implausible, message));
        return false;
    }
    check.expect_at("total_parking_time", parking.is_none_or(|parking| parking <= total), Rule::ParkingTime);
    true
}

/// The tariff has the currency of the CDR, as far as both are there.
pub(crate) fn same_currency(check: &mut Check, tariff: &Currency, cdr: &Currency) {
    let is_same = tariff == cdr || tariff.as_str().is_empty() || cdr.as_str().is_empty();
    check.expect_at("currency", is_same, Rule::TariffCurrency);
}

/// An amount of the cost of a CDR has the right sign.
pub(crate) fn sign_of_cost(check: &mut Check, name: &'static str, amount: Decimal, is_credit: bool) {
    if is_credit {
        check.expect_at(name, amount <= Decimal::ZERO, Rule::CreditSign);
    } else {
        check.expect_at(name, !amount.is_negative(), Rule::NegativeCost);
    }
}

/// With tax an amount is further from zero than without, or the same; it is negative in credit CDRs.
pub(crate) fn tax_adds(check: &mut Check, name: &'static str, net: Decimal, gross: Option<Decimal>) {
    let adds = |gross| if net.is_negative() { gross <= net } else { gross >= net };
    check.expect_at(name, gross.is_none_or(adds), Rule::TaxNegative);
}

/// Whether so many hours are at most four times the seconds.
pub(crate) fn is_near(hours: Decimal, seconds: i64) -> bool {
    let quarter = hours.checked_mul(Decimal::from(3600 / 4));
    quarter.is_some_and(|quarter| quarter <= Decimal::from(seconds))
}

/// A limit of a tariff is one that sessions reach: kilowatts and not watts, kWh and not Wh. Nines, and very many, stand for
/// no limit.
pub(crate) fn limit_is_possible(
    check: &mut Check,
    name: &'static str,
    limit: Option<Decimal>,
    message: &'static str,
) {
    let Some(limit) = limit.filter(|limit| *limit > Decimal::from(HIGHEST_POWER)) else { return };
    let nines = limit.normalize().to_string().bytes().all(|digit| digit == b'9' || digit == b'.');
    if !nines && limit < Decimal::from(500_000) {
        check.member(name, |check| check.report_as(Rule::Implausible, message));
    }
}
