//! Content of an input, found out by looking.

use std::collections::VecDeque;
use std::io::Read;

use ocpi_types::json::{Candidates, Data, Item, Items, RawJson, Reading, StreamError};
use ocpi_types::{Finding, Rule};

use super::{Failure, Source, Span};
use crate::infer::{SAMPLE, Wanted};
use crate::kinds::Kind;
use crate::output;
use crate::remark::Remark;

/// The objects of an input, one by one: an object, an array, a page, or objects one after another. The input may be
/// of any size.
pub(crate) struct Content<'a> {
    source: &'a Source,
    items: Items<Box<dyn Read>, RawJson>,
    /// Objects that were looked at already.
    ahead: VecDeque<Span>,
    /// Whether there was no object so far.
    is_empty: bool,
    /// Whether the verb tells the remarks on the input around its objects as findings.
    is_told: bool,
}

impl<'a> Content<'a> {
    /// Opens an input.
    ///
    /// # Errors
    /// When there is no such file.
    pub(crate) fn open(source: &'a Source, on_read: impl Fn(u64) + 'static) -> Result<Self, Failure> {
        let items = Items::new(source.open(on_read)?);
        Ok(Self { source, items, ahead: VecDeque::new(), is_empty: true, is_told: false })
    }

    /// Looks at the first objects, without taking them.
    ///
    /// # Errors
    /// When none can be read.
    pub(crate) fn sample(&mut self, count: usize) -> Result<&[Span], Failure> {
        while self.ahead.len() < count {
            match self.read() {
                Ok(Some(span)) => self.ahead.push_back(span),
                Ok(None) => break,
                // It comes again when it is that object's turn.
                Err(_) if !self.ahead.is_empty() => break,
                Err(failure) => return Err(failure),
            }
        }
        // Of objects one after another, only the second one tells that the first stands in a sequence.
        if let Some(first) = self.ahead.front_mut().filter(|_| self.items.head().is_list()) {
            first.index = first.index.or(Some(0));
        }
        Ok(self.ahead.make_contiguous())
    }

    /// Returns the name of the input in messages.
    pub(crate) fn name(&self) -> String {
        self.source.name()
    }

    /// The next object; `None` at the end.
    ///
    /// # Errors
    /// When the input is not JSON from here on.
    pub(crate) fn next(&mut self) -> Result<Option<Span>, Failure> {
        match self.ahead.pop_front() {
            Some(span) => Ok(Some(span)),
            None => self.read(),
        }
    }

    fn read(&mut self) -> Result<Option<Span>, Failure> {
        let item = self.items.step().map_err(|error| match error {
            StreamError::Io(error) => self.source.failure(error),
            error => self.source.failure(error),
        })?;
        let Some(Item { index, reading, findings, .. }) = item else { return Ok(None) };
        self.is_empty = false;
        let start = self.items.item_start();
        let index = self.items.head().is_list().then_some(index);
        let (text, broken) = match reading {
            Reading::Whole(raw) => (raw.as_str().to_owned(), Vec::new()),
            Reading::Partial(raw) => (raw.into_value().as_str().to_owned(), Vec::new()),
            Reading::Unreadable(raw) => {
                (raw.as_str().to_owned(), findings.into_iter().map(Remark::from).collect())
            }
        };
        Ok(Some(Span { index, text, start, broken }))
    }

    /// Returns the remarks on the input around its objects, once all are read: for a verb that tells them as findings.
    pub(crate) fn remarks(&mut self) -> Vec<Remark> {
        self.is_told = true;
        self.items.head().findings.iter().cloned().map(Remark::from).collect()
    }

    /// Sets the types that the objects may be of, before the first of them is read.
    pub(crate) fn expect(&mut self, candidates: Candidates) {
        self.items.set_candidates(candidates);
    }

    /// The type of the objects, told or found out; `None` if there are none.
    ///
    /// # Errors
    /// When the first object cannot be read, or the objects look like nothing known.
    pub(crate) fn kind(&mut self, wanted: &Wanted) -> Result<Option<&'static Kind>, Failure> {
        let source = self.source;
        self.expect(wanted.items());
        if self.sample(SAMPLE)?.is_empty() {
            return match self.judge_end() {
                Err(_) if !self.is_failure() => Err(source.failure(wanted.refusal(&[]))),
                ended => ended.map(|()| None),
            };
        }
        let sample = self.sample(SAMPLE)?;
        let choice = wanted.choose(sample);
        let choice = choice.ok_or_else(|| source.failure(wanted.refusal(sample)))?;
        if !choice.told {
            output::mention(&format!("{}: {choice}", source.name()));
        }
        Ok(Some(choice.kind))
    }

    fn is_failure(&self) -> bool {
        self.items.head().is_failure()
    }

    /// Looks at what stood around the objects, once all are read: an answer that is no success holds none that were
    /// asked for, and what holds neither an object nor a list of them is no empty list. A frame that is not OCPI's, and
    /// `null` among the objects, are told, unless the verb has told them.
    ///
    /// # Errors
    /// When it is one of these.
    pub(crate) fn end(&self) -> Result<(), Failure> {
        self.judge_end()?;
        let is_of_frame = |finding: &&Finding| matches!(finding.rule, Rule::Frame | Rule::NullInList);
        for finding in self.items.head().findings.iter().filter(|it| !self.is_told && is_of_frame(it)) {
            output::mention(&self.source.failure(finding).to_string());
        }
        Ok(())
    }

    fn judge_end(&self) -> Result<(), Failure> {
        let head = self.items.head();
        if let Some(status) = head.status_code.filter(|status| !status.is_success()) {
            let message = head.status_message.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
            return Err(match status.get() {
                0 => self.source.failure(format_args!("the response says that the request failed{message}")),
                _ => self.source.failure(format_args!("the response has status {status}{message}")),
            });
        }
        if (self.is_empty || head.is_envelope)
            && matches!(head.data, Data::Missing | Data::Null | Data::Other)
        {
            return Err(self.source.failure("contains neither an object of this type nor a list of them"));
        }
        Ok(())
    }
}
