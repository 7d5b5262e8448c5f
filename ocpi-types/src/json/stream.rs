//! Objects of a document of any size, in bounded memory.

use std::io::Read;
use std::marker::PhantomData;

use super::broken_line::broken_line;
use super::frame::Candidates;
use super::head::Head;
use super::item::{Item, Reading};
use super::reader::{Limits, Reader};
use super::walk::Walk;
use super::{Error, Stop};
use crate::{Finding, Rule, Value};

/// Reads the objects of a document that arrives in pieces. It does no I/O: for a [`Read`]er, use [`Items`].
///
/// Memory is bounded by the largest object and the largest piece. Takes the same shapes as
/// [`read_document`](super::read_document).
///
/// ```
/// use ocpi_types::json::{Decoder, Progress};
/// use ocpi_types::v2_3_0::types::Price;
/// let mut decoder = Decoder::<Price>::new();
/// decoder.push(br#"[{"before_taxes": 1}, {"before_ta"#);
/// let Progress::Item(item) = decoder.next()? else { unreachable!() };
/// assert_eq!(item.index, 0);
/// assert!(matches!(decoder.next()?, Progress::NeedsMore));
/// decoder.push(br#"xes": 2}]"#);
/// decoder.finish();
/// assert!(matches!(decoder.next()?, Progress::Item(_)));
/// assert!(matches!(decoder.next()?, Progress::Done));
/// # Ok::<(), ocpi_types::json::Error>(())
/// ```
#[derive(Debug)]
pub struct Decoder<T> {
    limits: Limits,
    walk: Walk,
    /// Text that came in, without the part that is read already.
    text: String,
    /// Where reading goes on in `text`.
    at: usize,
    /// The first bytes of a character that has not come in whole.
    cut: Vec<u8>,
    /// Bytes that stood before `text`.
    base: usize,
    /// A place in `text` of which line and column are known.
    known: Known,
    /// Where the object that was read last starts in `text`.
    item_at: usize,
    /// Not to be tried again before so much text is there.
    needed: usize,
    finished: bool,
    failed: Option<Error>,
    items: PhantomData<fn() -> T>,
}

/// A place in a text: the lines before it, and the characters before it in its line.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    at: usize,
    lines: usize,
    chars: usize,
}

/// Progress of a [`Decoder`]: the next object, the need for more bytes, or the end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Progress<T> {
    /// The next object.
    Item(Item<T>),
    /// More bytes are needed.
    NeedsMore,
    /// The document was read to its end.
    Done,
}

impl<T: Value> Default for Decoder<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Value> Decoder<T> {
    /// Creates a decoder with the default limits, which apply to each object separately.
    pub fn new() -> Self {
        Self::within(Limits::default())
    }

    /// Creates a decoder with the given limits.
    pub fn within(limits: Limits) -> Self {
        Self {
            limits,
            walk: Walk::of_document(Candidates::of::<T>()),
            text: String::new(),
            at: 0,
            cut: Vec::new(),
            base: 0,
            known: Known::default(),
            item_at: 0,
            needed: 0,
            finished: false,
            failed: None,
            items: PhantomData,
        }
    }

    /// Accepts objects of these types; the default is the type that is read.
    #[must_use]
    pub fn among(mut self, candidates: Candidates) -> Self {
        self.walk.set_candidates(candidates);
        self
    }

    /// Adds bytes of the document.
    pub fn push(&mut self, bytes: &[u8]) {
        // Behind what is not UTF-8 nothing is read any more.
        if self.failed.is_some() {
            return;
        }
        // Text that was read makes room once it is the larger part.
        if self.at > self.text.len() / 2 {
            let (lines, chars) = self.place_of(self.at);
            self.known = Known { at: 0, lines, chars };
            self.item_at = 0;
            self.text.drain(..self.at);
            self.base = self.base.saturating_add(self.at);
            self.needed = self.needed.saturating_sub(self.at);
            self.at = 0;
        }
        if self.cut.is_empty() {
            self.append(bytes);
        } else {
            let mut joined = std::mem::take(&mut self.cut);
            joined.extend_from_slice(bytes);
            self.append(&joined);
        }
    }

    fn append(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text.push_str(text),
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                self.text.push_str(std::str::from_utf8(valid).unwrap_or_default());
                if error.error_len().is_none() {
                    self.cut.extend_from_slice(rest);
                } else if self.failed.is_none() {
                    self.failed = Some(self.not_utf8());
                }
            }
        }
    }

    /// Error at the end of the text that came in.
    fn not_utf8(&self) -> Error {
        let (lines, chars) = self.place_of(self.text.len());
        Error::in_text(Rule::JsonUtf8, 0, &[]).behind(self.base + self.text.len(), lines, chars, "")
    }

    /// The lines before a place in the text, and the characters before it in its line.
    fn place_of(&self, at: usize) -> (usize, usize) {
        let Known { at: known, lines, chars } = self.known;
        // The place that is asked for lies behind the known one.
        let between = self.text.get(known..at).unwrap_or_default();
        match count(between, |byte| byte == b'\n') {
            0 => (lines, chars + characters(between)),
            more => {
                let last = between.rsplit_once('\n').map_or(between, |(_, last)| last);
                (lines + more, characters(last))
            }
        }
    }

    /// Returns line and column of the last object read, from 1. The column counts characters. Call it before more of
    /// the document is [pushed](Self::push).
    ///
    /// ```
    /// use ocpi_types::json::{Decoder, Progress};
    /// use ocpi_types::v2_3_0::types::Price;
    /// let mut decoder = Decoder::<Price>::new();
    /// decoder.push(b"[\n  {\"before_taxes\": 1},\n  {\"before_taxes\": 2}]");
    /// decoder.finish();
    /// assert!(matches!(decoder.next()?, Progress::Item(_)));
    /// assert_eq!(decoder.item_start(), (2, 3));
    /// assert!(matches!(decoder.next()?, Progress::Item(_)));
    /// assert_eq!(decoder.item_start(), (3, 3));
    /// # Ok::<(), ocpi_types::json::Error>(())
    /// ```
    pub fn item_start(&mut self) -> (usize, usize) {
        let (lines, chars) = self.place_of(self.item_at);
        if self.item_at >= self.known.at {
            self.known = Known { at: self.item_at, lines, chars };
        }
        (lines + 1, chars + 1)
    }

    /// Marks the end of the document.
    pub fn finish(&mut self) {
        self.finished = true;
        if !self.cut.is_empty() && self.failed.is_none() {
            self.failed = Some(self.not_utf8());
        }
    }

    /// Envelope or frame around the objects, as far as it was read.
    pub fn head(&self) -> &Head {
        self.walk.head()
    }

    /// Number of bytes of the document that were read.
    pub fn offset(&self) -> usize {
        self.base.saturating_add(self.at)
    }

    /// Returns the next object.
    ///
    /// # Errors
    /// When the text is not JSON, or exceeds a limit. Earlier objects remain valid; further calls return the same
    /// error.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot say that it needs more")]
    pub fn next(&mut self) -> Result<Progress<T>, Error> {
        if self.walk.is_done() {
            return Ok(Progress::Done);
        }
        let is_complete = self.finished && self.failed.is_none();
        if !self.finished && self.failed.is_none() && self.text.len() < self.needed {
            return self.wait();
        }
        let text = self.text.get(self.at..).unwrap_or_default();
        let mut walk = self.walk.clone();
        let mut reader = Reader::over(text, self.limits, false).at_depth(walk.depth());
        if self.base == 0 && self.at == 0 {
            reader.skip_bom();
        }
        let step = walk.next::<T>(&mut reader);
        let may_go_on = !is_complete && reader.is_at_end();
        let step = match step {
            // A number goes on, perhaps; and so does a document that could end here.
            Ok(step) if may_go_on && (step.is_none() || ends_in_digit(text)) => {
                Err(Stop::fatal(Rule::JsonEnd, text.len()))
            }
            step => step,
        };
        let (around, findings) = reader.take_all_findings();
        match step {
            Ok(step) => {
                if let Some(step) = &step {
                    self.item_at = self.at + step.start;
                }
                self.at += reader.offset();
                walk.head_mut().findings.extend(around);
                self.walk = walk;
                Ok(match step {
                    Some(step) => Progress::Item(Item { index: step.index, reading: step.reading, findings }),
                    None => Progress::Done,
                })
            }
            Err(stop) if stop.is_end() && !is_complete => {
                // Twice as much, so that a large object is not tried again with each piece.
                self.needed = self.at + 2 * text.len();
                self.wait()
            }
            Err(stop) => {
                let error = reader.error(stop);
                self.broken(error)
            }
        }
    }

    fn wait(&self) -> Result<Progress<T>, Error> {
        match &self.failed {
            Some(error) => Err(error.clone()),
            None if self.text.len() - self.at > self.limits.bytes => {
                Err(Error::of_rule(Rule::LimitBytes).behind(self.offset(), 0, 0, &self.walk.pointer()))
            }
            None => Ok(Progress::NeedsMore),
        }
    }

    /// A line that is no JSON costs itself; anything else the rest of the document.
    fn broken(&mut self, error: Error) -> Result<Progress<T>, Error> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if self.walk.is_between_lines() && error.is_syntax() {
            let start = rest.len() - rest.trim_start().len();
            let line = rest.get(start..).unwrap_or_default();
            let end = line.find('\n').map_or(rest.len(), |end| start + end);
            if end == rest.len() && !self.finished && self.failed.is_none() {
                // The line is not there in whole.
                self.needed = self.text.len() + 1;
                return self.wait();
            }
            if end < rest.len() || self.finished {
                let index = self.walk.skip_line();
                let line = rest.get(start..end).unwrap_or_default().trim_end();
                let (raw, rule) = broken_line(line, error.rule());
                let reading = Reading::Unreadable(raw);
                self.item_at = self.at + start;
                self.at += end;
                let findings = vec![Finding::of_document(rule)];
                return Ok(Progress::Item(Item { index, reading, findings }));
            }
        }
        let (lines, chars) = self.place_of(self.at);
        Err(error.behind(self.offset(), lines, chars, &self.walk.pointer()))
    }
}

/// Number of characters: of bytes that do not go on with one.
fn characters(text: &str) -> usize {
    count(text, |byte| byte & 0xc0 != 0x80)
}

/// Counts bytes. In a byte for each piece, so that many are looked at together.
fn count(text: &str, is_counted: impl Fn(u8) -> bool) -> usize {
    let of_piece =
        |piece: &[u8]| piece.iter().fold(0_u8, |sum, byte| sum.wrapping_add(is_counted(*byte).into()));
    text.as_bytes().chunks(usize::from(u8::MAX)).map(|piece| usize::from(of_piece(piece))).sum()
}

/// Whether the text may end inside a number.
fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

/// The objects of a document of any size, from a [`Read`]er, in bounded memory.
///
/// An error ends the iteration: the objects before it are an incomplete document.
///
/// ```
/// use ocpi_types::json::{Items, Verdict};
/// use ocpi_types::v2_3_0::types::Price;
/// let file: &[u8] = b"{\"before_taxes\": 1}\n{\"before_taxes\": \"2\"}\n";
/// let mut items = Items::<_, Price>::new(file);
/// assert_eq!(items.next().unwrap()?.verdict(), Verdict::Clean);
/// assert_eq!(items.next().unwrap()?.verdict(), Verdict::Repaired);
/// assert!(items.next().is_none());
/// # Ok::<(), ocpi_types::json::StreamError>(())
/// ```
#[derive(Debug)]
pub struct Items<R, T> {
    source: R,
    decoder: Decoder<T>,
    piece: Box<[u8]>,
    ended: bool,
}

/// Reason why a stream of objects ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The text cannot be read.
    #[error(transparent)]
    Json(#[from] Error),
    /// The source failed.
    #[error("the source cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl<R: Read, T: Value> Items<R, T> {
    /// Bytes asked of the source at a time.
    const PIECE: usize = 128 << 10;

    /// Reads from a source.
    pub fn new(source: R) -> Self {
        Self::within(source, Limits::default())
    }

    /// Reads from a source, with the given limits.
    pub fn within(source: R, limits: Limits) -> Self {
        let piece = vec![0; Self::PIECE].into_boxed_slice();
        Self { source, decoder: Decoder::within(limits), piece, ended: false }
    }

    /// Accepts objects of these types; the default is the type that is read.
    #[must_use]
    pub fn among(self, candidates: Candidates) -> Self {
        Self { decoder: self.decoder.among(candidates), ..self }
    }

    /// [`Items::among`] for a stream that was opened before the types were known. Call it before anything is read.
    pub fn set_candidates(&mut self, candidates: Candidates) {
        self.decoder.walk.set_candidates(candidates);
    }

    /// Envelope or frame around the objects, as far as it was read.
    pub fn head(&self) -> &Head {
        self.decoder.head()
    }

    /// Number of bytes of the document that were read.
    pub fn offset(&self) -> usize {
        self.decoder.offset()
    }

    /// Returns line and column of the last object read, from 1: see [`Decoder::item_start`].
    pub fn item_start(&mut self) -> (usize, usize) {
        self.decoder.item_start()
    }

    /// Returns the next object, or `None` at the end. After an error, further calls return it again.
    ///
    /// # Errors
    /// When the source fails, or its text is not JSON or exceeds a limit.
    pub fn step(&mut self) -> Result<Option<Item<T>>, StreamError> {
        loop {
            match self.decoder.next()? {
                Progress::Item(item) => return Ok(Some(item)),
                Progress::Done => return Ok(None),
                Progress::NeedsMore => match self.source.read(&mut self.piece) {
                    Ok(0) => self.decoder.finish(),
                    Ok(count) => self.decoder.push(self.piece.get(..count).unwrap_or_default()),
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error.into()),
                },
            }
        }
    }
}

impl<R: Read, T: Value> Iterator for Items<R, T> {
    type Item = Result<Item<T>, StreamError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let step = self.step().transpose();
        self.ended = !matches!(step, Some(Ok(_)));
        step
    }
}
