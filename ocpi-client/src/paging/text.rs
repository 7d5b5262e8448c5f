//! Text form of a state: `name=value` for everything that differs from the initial state, separated by blanks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ocpi_types::DateTime;

use super::seen::Seen;
use super::state::{Limit, Spent, State, Windows};
use super::{Doubt, Range};

/// First word of the text: what it is, and the version of its form.
const HEAD: &str = "ocpi-pages-1";

/// Error: a text is not a [`Cursor`](super::Cursor), is one of a later release, or belongs to another list.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not the text of a cursor; begin the list again")]
pub struct CursorError;

pub(super) fn write(state: &State, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = Writer { f };
    out.f.write_str(HEAD)?;
    if !state.list.is_empty() {
        out.field("list", &state.list)?;
    }
    out.time("from", state.range.from)?;
    out.time("to", state.range.to)?;
    if let Some(windows) = &state.windows {
        out.field("window", micros(windows.length))?;
        out.time("end", windows.to)?;
    }
    out.number("limit", state.limit.now.unwrap_or(0))?;
    out.number("halved", state.limit.halved)?;
    out.number("offset", state.offset)?;
    if let Some(link) = &state.link {
        out.field("link", link)?;
    }
    out.number("instead", state.instead)?;
    out.number("idle", state.idle)?;
    out.number("back", state.back)?;
    out.number("weak", state.weak)?;
    if let Some((offset, ids)) = state.failed {
        out.field("failed", format_args!("{offset}.{ids}"))?;
    }
    if let Some((page, on)) = state.confirm {
        out.field("confirm", format_args!("{page}.{on}"))?;
    }
    if let Some(at) = state.last.0 {
        out.field("last_at", at)?;
    }
    out.bytes("last", state.last.1.iter().flat_map(|mark| mark.to_le_bytes()).collect())?;
    out.number("longest", state.longest)?;
    if let Some(total) = state.total {
        out.field("total", total)?;
    }
    out.number("flags", flags(state))?;
    out.number("doubts", bits(Doubt::ALL.iter().map(|doubt| state.doubts.contains(doubt))))?;
    out.time("began", state.began)?;
    out.time("theirs", state.theirs)?;
    out.time("newest", state.newest)?;
    out.number("pages", state.spent.pages)?;
    out.number("objects", state.spent.objects)?;
    out.number("bytes", state.spent.bytes)?;
    out.number("time", micros(state.spent.time))?;
    out.number("told", state.told)?;
    let seen = state
        .seen
        .pairs()
        .flat_map(|(mark, version)| mark.to_le_bytes().into_iter().chain(version.to_le_bytes()));
    out.bytes("seen", seen.collect())?;
    out.bytes("visited", state.visited.iter().flat_map(|mark| mark.to_le_bytes()).collect())?;
    out.f.write_str(" .")
}

pub(super) fn read(text: &str) -> Result<State, CursorError> {
    let mut words = text.split(' ');
    if words.next() != Some(HEAD) || words.next_back() != Some(".") {
        return Err(CursorError);
    }
    let mut fields = Fields(BTreeMap::new());
    for word in words {
        let (name, value) = word.split_once('=').ok_or(CursorError)?;
        if fields.0.insert(name, value).is_some() {
            return Err(CursorError);
        }
    }
    let flags = fields.number("flags")?;
    let flag = |place: usize| flags & (1 << place) != 0;
    let doubts = fields.number("doubts")?;
    let doubts = Doubt::ALL.iter().enumerate().filter(|(place, _)| doubts & (1 << place) != 0);
    let windows = match fields.number("window")? {
        0 => None,
        length => Some(Windows { length: Duration::from_micros(length), to: fields.time("end")? }),
    };
    let pairs = fields.chunks::<12>("seen")?.into_iter().map(|[a, b, c, d, e, f, g, h, i, j, k, l]| {
        (u64::from_le_bytes([a, b, c, d, e, f, g, h]), u32::from_le_bytes([i, j, k, l]))
    });
    Ok(State {
        list: fields.parsed("list")?.unwrap_or_default(),
        range: Range { from: fields.time("from")?, to: fields.time("to")? },
        windows,
        limit: Limit {
            now: Some(fields.number("limit")?).filter(|limit| *limit > 0),
            halved: fields.number("halved")?,
            is_lowered: flag(8),
        },
        offset: fields.number("offset")?,
        link: fields.parsed("link")?,
        by_mark: flag(0),
        mark_worked: flag(1),
        instead: fields.number("instead")?,
        link_is_repaired: flag(2),
        repaired_are_dead: flag(3),
        no_overlap: flag(4),
        linked: flag(5),
        idle: fields.number("idle")?,
        back: fields.number("back")?,
        weak: fields.number("weak")?,
        failed: fields.pair("failed")?,
        ended: flag(6),
        short: flag(7),
        last: (
            fields.parsed("last_at")?,
            fields.chunks::<8>("last")?.into_iter().map(u64::from_le_bytes).collect(),
        ),
        confirm: fields.pair("confirm")?,
        is_moving: flag(10),
        longest: fields.number("longest")?,
        total: fields.parsed("total")?,
        doubts: doubts.map(|(_, doubt)| *doubt).collect(),
        is_done: flag(9),
        began: fields.time("began")?,
        theirs: fields.time("theirs")?,
        newest: fields.time("newest")?,
        spent: Spent {
            pages: fields.number("pages")?,
            objects: fields.number("objects")?,
            bytes: fields.number("bytes")?,
            time: Duration::from_micros(fields.number("time")?),
        },
        seen: Seen::from_pairs(pairs),
        visited: fields.chunks::<8>("visited")?.into_iter().map(u64::from_le_bytes).collect::<BTreeSet<_>>(),
        told: fields.number("told")?,
    })
}

fn flags(state: &State) -> u64 {
    bits([
        state.by_mark,
        state.mark_worked,
        state.link_is_repaired,
        state.repaired_are_dead,
        state.no_overlap,
        state.linked,
        state.ended,
        state.short,
        state.limit.is_lowered,
        state.is_done,
        state.is_moving,
    ])
}

fn bits(flags: impl IntoIterator<Item = bool>) -> u64 {
    flags.into_iter().enumerate().fold(0, |bits, (place, is_set)| bits | u64::from(is_set) << place)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn parse<T: FromStr>(text: &str) -> Result<T, CursorError> {
    text.parse().map_err(|_| CursorError)
}

struct Writer<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
}

impl Writer<'_, '_> {
    fn field(&mut self, name: &str, value: impl fmt::Display) -> fmt::Result {
        write!(self.f, " {name}={value}")
    }

    fn number(&mut self, name: &str, number: u64) -> fmt::Result {
        if number == 0 { Ok(()) } else { self.field(name, number) }
    }

    fn time(&mut self, name: &str, time: Option<DateTime>) -> fmt::Result {
        time.map_or(Ok(()), |time| self.field(name, time))
    }

    fn bytes(&mut self, name: &str, bytes: Vec<u8>) -> fmt::Result {
        if bytes.is_empty() { Ok(()) } else { self.field(name, URL_SAFE_NO_PAD.encode(bytes)) }
    }
}

struct Fields<'a>(BTreeMap<&'a str, &'a str>);

impl Fields<'_> {
    fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, CursorError> {
        self.0.get(name).map(|text| parse(text)).transpose()
    }

    fn number(&self, name: &str) -> Result<u64, CursorError> {
        Ok(self.parsed(name)?.unwrap_or(0))
    }

    fn pair(&self, name: &str) -> Result<Option<(u64, u64)>, CursorError> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        let (first, second) = text.split_once('.').ok_or(CursorError)?;
        Ok(Some((parse(first)?, parse(second)?)))
    }

    fn time(&self, name: &str) -> Result<Option<DateTime>, CursorError> {
        self.parsed(name)
    }

    fn chunks<const SIZE: usize>(&self, name: &str) -> Result<Vec<[u8; SIZE]>, CursorError> {
        let bytes = self.0.get(name).map(|text| URL_SAFE_NO_PAD.decode(text)).transpose();
        let bytes = bytes.map_err(|_| CursorError)?.unwrap_or_default();
        let chunks = bytes.chunks(SIZE).map(|chunk| chunk.try_into().map_err(|_| CursorError));
        chunks.collect()
    }
}
