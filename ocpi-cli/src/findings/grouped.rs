//! Text for people: findings by rule and place, errors first.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::Style;

use super::{About, Entry};
use crate::output::text::{WIDEST, count, item_name};
use crate::output::{RuleInfo, color, plain};

/// Places of a rule that are told apart. A partner who makes up the names of members makes as many places.
const PLACES: usize = 1_000;

/// Counts of findings, and the first rows of each place.
#[derive(Debug)]
pub(super) struct Grouped {
    /// Rows of a rule; `None`: all.
    limit: Option<usize>,
    rules: BTreeMap<&'static str, Group>,
}

/// The findings of a rule.
#[derive(Debug)]
struct Group {
    rule: RuleInfo,
    count: usize,
    places: BTreeMap<String, Place>,
    /// Findings at places that are not told apart any more.
    elsewhere: usize,
}

/// Findings of a rule at places that differ in the indices of lists only.
#[derive(Debug, Default)]
struct Place {
    count: usize,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    /// File and item.
    item: String,
    /// If it is another than that of the place.
    pointer: String,
    expected: String,
    found: String,
    /// If it says more than the rule.
    message: String,
}

impl Grouped {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self { limit, rules: BTreeMap::new() }
    }

    pub(super) fn take(&mut self, about: &About<'_>, entry: &Entry<'_>) {
        let group = self.rules.entry(entry.rule.id).or_insert_with(|| Group::new(entry.rule));
        group.count += 1;
        let name = place(entry.pointer);
        if group.places.len() >= PLACES && self.limit.is_some() && !group.places.contains_key(&name) {
            group.elsewhere += 1;
            return;
        }
        let place = group.places.entry(name).or_default();
        place.count += 1;
        if self.limit.is_none_or(|limit| place.rows.len() < limit) {
            place.rows.push(row(about, entry));
        }
    }

    /// A block for each rule: the worst first, then the most frequent.
    pub(super) fn render(self) -> String {
        let limit = self.limit;
        let mut groups: Vec<Group> = self.rules.into_values().collect();
        groups.sort_by_key(|group| std::cmp::Reverse((group.rule.severity, group.count)));
        groups.into_iter().map(|group| group.render(limit)).collect()
    }
}

impl Group {
    fn new(rule: RuleInfo) -> Self {
        Self { rule, count: 0, places: BTreeMap::new(), elsewhere: 0 }
    }

    /// A heading, the places, and an empty line. Writing into a `String` does not fail.
    fn render(self, limit: Option<usize>) -> String {
        let RuleInfo { id, severity, message, .. } = self.rule;
        let (style, bold) = (color(severity), Style::new().bold());
        let mut out = String::new();
        let times = if self.count == 1 { String::new() } else { format!(", {} times", self.count) };
        let _ = writeln!(out, "{style}{severity}{style:#}: {bold}{message}{bold:#} [{id}]{times}");
        let mut places: Vec<(String, Place)> = self.places.into_iter().collect();
        // Stable: of places with as many findings the first by name comes first.
        places.sort_by_key(|(_, place)| std::cmp::Reverse(place.count));
        let mut left = limit.unwrap_or(usize::MAX);
        let (mut more_places, mut more) = (0, self.elsewhere);
        let of = places.len();
        for (index, (name, place)) in places.into_iter().enumerate() {
            if left == 0 {
                more_places += 1;
                more += place.count;
                continue;
            }
            // Every place gets its share of the rows.
            let share = (left / (of - index)).max(1);
            let rows = place.rows.len().min(share);
            left -= rows;
            place.render(&name, rows, &mut out);
        }
        if more > 0 {
            let places = if self.elsewhere > 0 {
                "other places".to_owned()
            } else {
                format!("{} more", count(more_places, "place"))
            };
            let _ = writeln!(out, "  … {more} more at {places} (--limit 0 shows all)");
        }
        out.push('\n');
        out
    }
}

impl Place {
    fn render(self, name: &str, rows: usize, out: &mut String) {
        let name = if name.is_empty() { "the whole object".to_owned() } else { plain(name) };
        let times = if self.count == 1 { String::new() } else { format!("  {} times", self.count) };
        let _ = writeln!(out, "  {name}{times}");
        let shown = self.rows.get(..rows).unwrap_or(&self.rows);
        let table: Vec<[&str; 5]> = shown.iter().map(Row::cells).collect();
        // A column that is empty in all rows takes no room; a very long cell runs over.
        let width = |column: usize| {
            let lengths = table.iter().filter_map(|cells| cells.get(column)).map(|cell| cell.chars().count());
            lengths.max().unwrap_or(0).min(WIDEST)
        };
        let widths = [0, 1, 2, 3, 4].map(width);
        for cells in &table {
            let filled = cells.iter().zip(widths).filter(|(_, width)| *width > 0);
            let line: Vec<String> = filled.map(|(cell, width)| format!("{cell:<width$}")).collect();
            let _ = writeln!(out, "{}", format!("    {}", line.join("  ")).trim_end());
        }
        if self.count > rows {
            let _ = writeln!(out, "    … and {} more", self.count - rows);
        }
    }
}

impl Row {
    fn cells(&self) -> [&str; 5] {
        [&self.item, &self.pointer, &self.expected, &self.found, &self.message]
    }
}

fn row(about: &About<'_>, entry: &Entry<'_>) -> Row {
    let file = if about.file == "-" { "standard input".to_owned() } else { plain(about.file) };
    let item = match item_name(about.item, about.id) {
        name if name.is_empty() => file,
        name => format!("{file} {name}"),
    };
    let labelled = |label: &str, value: Option<&str>| value.map(|value| format!("{label} {}", plain(value)));
    // The heading says what the rule is.
    let message = match entry.message.strip_prefix(entry.rule.message) {
        Some("") => "",
        Some(more) => more.strip_prefix(": ").unwrap_or(entry.message),
        None => entry.message,
    };
    let mut message = plain(message);
    if let Some(fix) = entry.fix {
        let option = if fix.is_price_neutral { "--fix" } else { "--fix-prices" };
        let blank = if message.is_empty() { "" } else { " " };
        let _ = write!(message, "{blank}({option}: {})", plain(&fix.what));
    }
    Row {
        item,
        pointer: if place(entry.pointer) == entry.pointer { String::new() } else { plain(entry.pointer) },
        expected: labelled("expected", entry.expected).unwrap_or_default(),
        found: labelled("found", entry.found).unwrap_or_default(),
        message,
    }
}

/// A pointer without the indices of lists.
pub(crate) fn place(pointer: &str) -> String {
    let generic = |segment| match segment {
        index if is_index(index) => "*",
        name => name,
    };
    pointer.split('/').map(generic).collect::<Vec<_>>().join("/")
}

fn is_index(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn places_are_told_apart_without_indices() {
        assert_eq!(place("/evses/0/connectors/11/id"), "/evses/*/connectors/*/id");
        assert_eq!(place("/v2/4x"), "/v2/4x");
        assert_eq!(place(""), "");
    }
}
