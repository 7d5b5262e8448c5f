//! Ledger: the losses and assumptions of conversions.

use std::fmt;
use std::ops::Range;

use ecow::EcoString;

use super::{ConversionRule, Effect};
use crate::Version;
use crate::pointer::{push_segment, shown};

/// Losses and assumptions of one or more conversions, in the order in which they occurred.
///
/// It contains values of drivers, so neither `Debug` nor `Display` shows the values; [`Entry::value`] does.
///
/// ```
/// use ocpi_types::convert::{Context, Ledger, V2_2_1, V2_3_0, convert, kind};
/// use ocpi_types::{json, v2_3_0::locations::Connector};
/// let connector: Connector = json::from_str(r#"{"id":"1","standard":"IEC_62196_T2_COMBO","format":"CABLE",
///     "power_type":"DC","max_voltage":920,"max_amperage":500,"capabilities":["ISO_15118_2_PLUG_AND_CHARGE"],
///     "last_updated":"2026-01-01T00:00:00Z"}"#)?;
/// let mut ledger = Ledger::new();
/// convert::<kind::Connector, V2_3_0, V2_2_1>(connector, &Context::default(), &mut ledger)?;
/// assert_eq!(
///     ledger.entries()[0].to_string(),
///     "/capabilities: lost: the version has no such member [conv.no_member]",
/// );
/// assert_eq!(ledger.entries()[0].value(), r#"["ISO_15118_2_PLUG_AND_CHARGE"]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Ledger {
    entries: Vec<Entry>,
}

/// One loss or assumption.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    pointer: EcoString,
    /// Rule that it follows.
    pub rule: ConversionRule,
    /// The source version. A conversion over two steps has entries of both.
    pub from: Version,
    /// The target version.
    pub to: Version,
    value: EcoString,
    /// Whether it is an element that is not in its list any more.
    is_element: bool,
}

impl Ledger {
    /// Creates an empty ledger.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Returns the entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether nothing was lost or assumed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Appends the entries of another ledger.
    pub fn append(&mut self, mut other: Self) {
        self.entries.append(&mut other.entries);
    }

    /// Takes the entries out; the ledger is then empty and can be reused.
    pub fn take(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// Removes all entries and keeps the allocated capacity.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Returns the entries with this effect.
    pub fn with_effect(&self, effect: Effect) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.effect() == effect)
    }

    #[cold]
    pub(super) fn push(
        &mut self,
        rule: ConversionRule,
        (from, to): (Version, Version),
        name: &str,
        value: String,
    ) {
        let mut pointer = EcoString::new();
        if !name.is_empty() {
            prefix(&mut pointer, name);
        }
        self.push_at(rule, (from, to), &pointer, value);
    }

    /// [`push`](Self::push), at a JSON pointer.
    #[cold]
    pub(super) fn push_at(
        &mut self,
        rule: ConversionRule,
        (from, to): (Version, Version),
        pointer: &str,
        value: String,
    ) {
        let (pointer, value) = (pointer.into(), value.into());
        self.entries.push(Entry { pointer, rule, from, to, value, is_element: false });
    }

    /// An element was taken out of its list: those behind it move up.
    #[cold]
    pub(super) fn push_element(
        &mut self,
        rule: ConversionRule,
        versions: (Version, Version),
        index: usize,
        value: String,
    ) {
        self.push(rule, versions, &index.to_string(), value);
        if let Some(entry) = self.entries.last_mut() {
            entry.is_element = true;
        }
    }

    /// Lets the pointers from `later` on lead through the document as it was before elements were taken out of it,
    /// which entries from `first` on tell of.
    pub(super) fn count_elements(&mut self, first: usize, later: usize) {
        if self.entries.len() == later {
            return;
        }
        for place in later..self.entries.len() {
            let is_in_result = self.entries.get(place).is_none_or(|entry| entry.effect() == Effect::Assumed);
            if is_in_result {
                continue;
            }
            let pointer = self.entries.get(place).map(|entry| self.counted(first..later, &entry.pointer));
            if let (Some(entry), Some(pointer)) = (self.entries.get_mut(place), pointer) {
                entry.pointer = pointer;
            }
        }
    }

    /// A pointer through the document as it was before elements were taken out of it.
    pub(super) fn counted(&self, taken: Range<usize>, pointer: &str) -> EcoString {
        let taken: Vec<&str> = self
            .entries
            .get(taken)
            .unwrap_or_default()
            .iter()
            .filter(|entry| entry.is_element)
            .map(|entry| entry.pointer.as_str())
            .collect();
        let mut counted = String::new();
        for segment in pointer.split('/').skip(1) {
            counted.push('/');
            let Ok(index) = segment.parse::<usize>() else {
                counted.push_str(segment);
                continue;
            };
            let of_list = |pointer: &&str| pointer.strip_prefix(counted.as_str())?.parse::<usize>().ok();
            let mut before: Vec<usize> = taken.iter().filter_map(of_list).collect();
            before.sort_unstable();
            let index = before
                .into_iter()
                .fold(index, |index, taken| index.saturating_add(usize::from(taken <= index)));
            counted.push_str(&index.to_string());
        }
        counted.into()
    }

    /// Puts a segment before the pointers of all entries from `first` on.
    #[cold]
    pub(super) fn name(&mut self, first: usize, segment: &str) {
        for entry in self.entries.iter_mut().skip(first) {
            prefix(&mut entry.pointer, segment);
        }
    }

    /// Runs `act` for an element of a list: its entries get the index before their pointers.
    #[cfg(feature = "http")]
    pub(crate) fn element<R>(&mut self, index: usize, act: impl FnOnce(&mut Self) -> R) -> R {
        let first = self.len();
        let result = act(self);
        if self.len() > first {
            self.name(first, &index.to_string());
        }
        result
    }

    /// A text that was told of as one that was read in part, is not told of as one that could not be read.
    pub(super) fn tell_parts_once(&mut self, first: usize) {
        let of_rule = |rule| move |entry: &&Entry| entry.rule == rule;
        let new = self.entries.get(first..).unwrap_or_default();
        let parts: Vec<EcoString> = new
            .iter()
            .filter(of_rule(ConversionRule::PartUnreadable))
            .map(|entry| entry.pointer.clone())
            .collect();
        if parts.is_empty() {
            return;
        }
        let mut place = 0;
        self.entries.retain(|entry| {
            let is_told =
                place >= first && entry.rule == ConversionRule::Unreadable && parts.contains(&entry.pointer);
            place += 1;
            !is_told
        });
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.entries.truncate(len);
    }
}

impl FromIterator<Entry> for Ledger {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

/// Puts a segment before a pointer.
#[cold]
pub(super) fn prefix(pointer: &mut EcoString, segment: &str) {
    // Room for all of it at once: a page of objects has thousands of entries.
    let mut longer = String::with_capacity(1 + segment.len() + pointer.len());
    push_segment(&mut longer, segment);
    longer.push_str(pointer);
    *pointer = longer.into();
}

impl Entry {
    /// Place of the value, as a JSON pointer (RFC 6901): in the source object for a value that was lost or kept, in the
    /// result for one that was assumed. The second step of a conversion starts from the result of the first.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Effect on the value.
    pub const fn effect(&self) -> Effect {
        self.rule.effect()
    }

    /// The value concerned, as JSON. It may identify a driver: do not log it.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.pointer.is_empty() { "" } else { ": " };
        let (effect, rule) = (self.effect().as_str(), self.rule);
        write!(f, "{}{colon}{effect}: {} [{}]", shown(&self.pointer), rule.message(), rule.id())
    }
}

/// The value may be a driver's: its size is shown.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({} [{}], {} bytes)", shown(&self.pointer), self.rule.id(), self.value.len())
    }
}
