//! A long list read in parts, each on a core of its own.
//!
//! Where a part begins is guessed: at the name of the first object's first member, somewhere near. The part before
//! proves the guess by arriving exactly there; where it does not, the list is read again in one go.

use super::item::read_value;
use super::reader::{Limits, Reader};
use super::{Error, List, Stop, read_list_within};
use crate::{Finding, Rule, Value};

/// A part of a list. [`Part::read`] may run on any thread.
///
/// ```
/// use ocpi_types::json::{self, Limits};
/// use ocpi_types::v2_3_0::types::Price;
/// let text = format!("[{}]", vec![r#"{"before_taxes":1.5,"taxes":[]}"#; 1_000].join(","));
/// let mut parts = json::split_list::<Price>(text.as_bytes(), 2, Limits::default())?;
/// std::thread::scope(|threads| {
///     for part in &mut parts {
///         threads.spawn(|| part.read());
///     }
/// });
/// let list = json::join_list(text.as_bytes(), parts, Limits::default())?;
/// assert_eq!(list.items.len(), 1_000);
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Debug)]
pub struct Part<'a, T> {
    text: &'a str,
    limits: Limits,
    start: usize,
    /// Where the next part starts; `None` for the last one.
    end: Option<usize>,
    /// `None`: not read yet, or not as a part can be.
    outcome: Option<(List<T>, usize)>,
}

/// Splits a list into at most so many parts. A short list, or one whose objects do not look alike, is one part.
///
/// # Errors
/// When the text is larger than the limit, or not UTF-8.
pub fn split_list<T: Value>(text: &[u8], parts: usize, limits: Limits) -> Result<Vec<Part<'_, T>>, Error> {
    let whole = Reader::tolerant(text, limits)?.whole_text();
    let starts = starts(whole, parts);
    let ends = starts.iter().skip(1).map(|start| Some(*start)).chain([None]);
    let part = |(start, end): (&usize, Option<usize>)| Part {
        text: whole,
        limits,
        start: *start,
        end,
        outcome: None,
    };
    Ok(starts.iter().zip(ends).map(part).collect())
}

/// Where parts may start: the first at the first element.
fn starts(text: &str, parts: usize) -> Vec<usize> {
    /// Below this many bytes for each part a second core does not pay.
    const LEAST: usize = 16 << 10;
    let mut starts = Vec::new();
    let Some(open) = text.find('[').map(|at| at + 1) else { return starts };
    let first = open + text.get(open..).map_or(0, |rest| rest.len() - rest.trim_start().len());
    starts.push(first);
    let parts = parts.min(text.len() / LEAST).max(1);
    // `{"country_code":`, as every object of this list begins.
    let opening = text.get(first..).and_then(|rest| rest.find(':').and_then(|colon| rest.get(..=colon)));
    let Some(opening) = opening.filter(|opening| opening.starts_with('{') && opening.len() > 3) else {
        return starts;
    };
    for part in 1..parts {
        let near = text.len() / parts * part;
        // A character may lie across the place.
        let near = (near..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        let guess = text.get(near..).and_then(|rest| rest.find(opening)).map(|at| near + at);
        if let Some(guess) = guess.filter(|guess| starts.last().is_some_and(|last| last < guess)) {
            starts.push(guess);
        }
    }
    starts
}

impl<T: Value> Part<'_, T> {
    /// Reads the part.
    pub fn read(&mut self) {
        let text = self.text.get(self.start..).unwrap_or_default();
        let mut reader = Reader::over(text, self.limits, false).at_depth(1);
        let mut list = List::default();
        self.outcome = self.elements(&mut reader, &mut list).ok().flatten().map(|count| {
            list.findings = reader.take_findings();
            (list, count)
        });
    }

    /// The number of elements; `None` if the part does not end where it should.
    fn elements(&self, r: &mut Reader<'_>, list: &mut List<T>) -> Result<Option<usize>, Stop> {
        let mut count = 0;
        loop {
            let (before, start) = (r.noted(), r.offset());
            if r.null() {
                r.note(Rule::NullInList, start);
            } else {
                let reading = read_value(r, before)?;
                list.put(count, reading);
            }
            if r.noted() != before {
                r.name(before, count);
            }
            count += 1;
            if !r.next_element()? {
                return Ok(self.end.is_none().then_some(count).filter(|_| r.finish().is_ok()));
            }
            match self.end {
                Some(end) if self.start + r.offset() == end => return Ok(Some(count)),
                Some(end) if self.start + r.offset() > end => return Ok(None),
                _ => {}
            }
        }
    }
}

/// Joins the parts of a list; where a guess was wrong, or the list is broken, it is read in one go.
///
/// # Errors
/// As [`read_list`](super::read_list).
pub fn join_list<T: Value>(text: &[u8], parts: Vec<Part<'_, T>>, limits: Limits) -> Result<List<T>, Error> {
    if parts.is_empty() || parts.iter().any(|part| part.outcome.is_none()) {
        return read_list_within(text, limits);
    }
    let mut whole = List::default();
    let mut before = 0;
    for (mut list, count) in parts.into_iter().filter_map(|part| part.outcome) {
        list.findings.iter_mut().for_each(|finding| move_index(finding, before));
        list.partial.iter_mut().for_each(|aside| aside.index += before);
        list.rejected.iter_mut().for_each(|rejected| rejected.index += before);
        whole.append(list);
        before += count;
    }
    Ok(whole)
}

/// The index in the part becomes the one in the list.
fn move_index(finding: &mut Finding, before: usize) {
    let rest = finding.pointer.strip_prefix('/').unwrap_or_default();
    let (index, below) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if let Ok(index) = index.parse::<usize>() {
        finding.pointer = format!("/{}{below}", index + before);
    }
}
