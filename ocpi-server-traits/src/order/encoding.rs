//! Binary form of the times, which is small because it is stored with every object.
//!
//! Version, unit of the owner's times, then numbers of variable length: times as differences to an earlier one, keys
//! without the prefix that they share with the previous key.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::layout::PeriodKey;
use super::pair::Pair;
use super::stamps::{Held, PartStamps, Stamps, Tomb, Top};

mod reader;
mod writer;

use reader::Reader;
use writer::Writer;

/// First byte of the encoding.
const VERSION: u8 = 1;
/// Units of the owner's times, in microseconds: the largest that fits all of them is used.
const UNITS: [i64; 3] = [1_000_000, 1_000, 1];
/// Bytes of most, without those of parts, and with their members.
const ROOM: usize = 128;
const OF_PART: usize = 32;
/// Times that start a difference.
const ZERO: Pair = Pair { theirs: Some(0), ours: 0 };

impl Stamps {
    /// Returns the times as bytes, to be stored with the object.
    pub fn to_bytes(&self) -> Bytes {
        let (unit_id, unit) = self.unit();
        let mut w = Writer::new(unit, ROOM + self.parts.len() * OF_PART);
        w.byte(VERSION);
        w.byte(unit_id);
        let first = self.parts.values().next().map_or(ZERO, |part| part.base);
        w.pair(first, ZERO);
        w.count(self.parts.len());
        for (key, part) in &self.parts {
            w.key(key);
            w.pair(part.base, first);
            w.count(part.members.len());
            for (name, pair) in &part.members {
                w.text(name);
                w.pair(*pair, part.base);
            }
        }
        w.start_keys();
        w.count(self.gone.len());
        for (key, pair) in &self.gone {
            w.key(key);
            w.pair(*pair, first);
        }
        w.start_keys();
        w.count(self.tops.len());
        for (key, top) in &self.tops {
            w.key(key);
            w.pair(Pair { theirs: Some(top.stamp), ours: top.ours }, self.base_of(key, first));
        }
        w.option(self.list, |w, list| w.pair(list, first));
        w.count(self.periods.len());
        let mut before = (0, self.list.unwrap_or(first));
        for ((start, number), pair) in &self.periods {
            w.theirs(start.wrapping_sub(before.0));
            w.number(u64::from(*number));
            w.pair(*pair, before.1);
            before = (*start, *pair);
        }
        w.option(self.tomb, |w, tomb| {
            w.pair(Pair { theirs: Some(tomb.stamp), ours: tomb.ours }, first);
            w.ours(tomb.deleted);
        });
        w.option(self.held, |w, held| {
            w.bytes(&held.digest.to_le_bytes());
            w.ours(held.ours);
        });
        w.number(u64::from(self.old_answers));
        w.finish()
    }

    /// Reads times written by [`Stamps::to_bytes`]; `None` if they cannot be read.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut r = Reader::new(bytes);
        if r.byte()? != VERSION {
            return None;
        }
        r.unit = *UNITS.get(usize::from(r.byte()?))?;
        let first = r.pair(ZERO)?;
        let parts = r.keyed(|r, _| {
            let base = r.pair(first)?;
            let members = (0..r.count()?).map(|_| Some((r.text()?, r.pair(base)?)));
            Some(PartStamps { base, members: members.collect::<Option<_>>()? })
        })?;
        let gone = r.keyed(|r, _| r.pair(first))?;
        let tops = r.keyed(|r, key: &str| {
            let base = parts.get(key).map_or(first, |part: &PartStamps| part.base);
            let pair = r.pair(base)?;
            Some(Top { stamp: pair.theirs?, ours: pair.ours })
        })?;
        let list = r.option(|r| r.pair(first))?;
        let periods = read_periods(&mut r, list.unwrap_or(first))?;
        let tomb = r.option(|r| {
            let pair = r.pair(first)?;
            Some(Tomb { stamp: pair.theirs?, ours: pair.ours, deleted: r.ours()? })
        })?;
        let held = r.option(|r| Some(Held { digest: u64::from_le_bytes(r.array()?), ours: r.ours()? }))?;
        let old_answers = u32::try_from(r.number()?).ok()?;
        r.is_at_end().then_some(Self { parts, gone, tops, periods, list, tomb, held, old_answers })
    }

    fn base_of(&self, key: &str, first: Pair) -> Pair {
        self.parts.get(key).map_or(first, |part| part.base)
    }

    /// The largest unit that all times of the owner are multiples of.
    fn unit(&self) -> (u8, i64) {
        let members = self.parts.values().flat_map(|part| part.members.values().chain([&part.base]));
        let pairs = members.chain(self.gone.values()).chain(self.periods.values()).chain(&self.list);
        let theirs = pairs.filter_map(|pair| pair.theirs);
        let tops = self.tops.values().map(|top| top.stamp);
        let starts = self.periods.keys().map(|(start, _)| *start);
        let mut least = 0;
        for time in theirs.chain(tops).chain(starts).chain(self.tomb.map(|tomb| tomb.stamp)) {
            while UNITS.get(least).is_some_and(|unit| time % unit != 0) {
                least += 1;
            }
        }
        (u8::try_from(least).unwrap_or(2), UNITS.get(least).copied().unwrap_or(1))
    }
}

fn read_periods(r: &mut Reader<'_>, first: Pair) -> Option<BTreeMap<PeriodKey, Pair>> {
    let mut before = (0_i64, first);
    let periods = (0..r.count()?).map(|_| {
        let start = before.0.wrapping_add(r.theirs()?);
        let number = u32::try_from(r.number()?).ok()?;
        let pair = r.pair(before.1)?;
        before = (start, pair);
        Some(((start, number), pair))
    });
    periods.collect()
}
