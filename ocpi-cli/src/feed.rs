//! Check of the objects of a run against each other.

mod outbox;

use std::collections::BTreeMap;
use std::io;
use std::iter::Peekable;
use std::sync::Arc;
use std::thread::JoinHandle;

use ocpi_types::feed::{FeedCheck, FeedFinding};

use crate::findings::{About, Entry, Findings, FindingsFormat, Other, Tally, Where};
use crate::input::{Content, Source, Span};

pub(crate) use outbox::FeedObject;

use outbox::Outbox;

/// All objects of a run, as far as they matter to each other. They are taken in beside the reading, on a thread.
#[derive(Debug)]
pub(crate) struct Feed {
    objects: Outbox,
    check: JoinHandle<FeedCheck>,
    is_incomplete: bool,
    /// The inputs, by their names.
    inputs: BTreeMap<String, Input>,
}

/// An input, in case there is something to say about it.
#[derive(Debug)]
struct Input {
    /// Its place among the inputs.
    number: usize,
    /// Where it can be read once more; nothing for standard input.
    source: Option<Source>,
    /// Of standard input: line and column of each object.
    starts: BTreeMap<Option<usize>, (usize, usize)>,
}

impl Feed {
    /// One that has seen no object.
    pub(crate) fn new() -> Self {
        let (objects, check) = Outbox::open();
        Self { objects, check, is_incomplete: false, inputs: BTreeMap::new() }
    }

    /// Takes in an object of an input, which is the `number`th one.
    pub(crate) fn take(
        &mut self,
        object: FeedObject,
        source: &Source,
        file: &Arc<str>,
        span: &Span,
        number: usize,
    ) {
        if !self.inputs.contains_key(&**file) {
            let source = match source {
                Source::File(path) => Some(Source::File(path.clone())),
                Source::Stdin | Source::Text { .. } => None,
            };
            self.inputs.insert(file.to_string(), Input { number, source, starts: BTreeMap::new() });
        }
        if let Some(input) = self.inputs.get_mut(&**file).filter(|input| input.source.is_none()) {
            input.starts.insert(span.index, span.start);
        }
        self.objects.put(object, Arc::clone(file), span.index);
    }

    /// Says that not all of the feed could be read.
    pub(crate) fn is_incomplete(&mut self) {
        self.is_incomplete = true;
    }

    /// Tells the findings of the check.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn finish(self, findings: &mut Findings, tally: &mut Tally) -> io::Result<()> {
        let Self { objects, check, is_incomplete, inputs } = self;
        objects.finish();
        let mut check = check.join().map_err(|_| io::Error::other("the check of the feed failed"))?;
        if is_incomplete {
            check.is_incomplete();
        }
        let mut found = check.finish().peekable();
        // Findings come in the order of the files, and of their objects.
        while let Some(file) = found.peek().map(|first| first.place.file.clone()) {
            let Some(input) = inputs.get(&*file) else { break };
            if findings.format() == FindingsFormat::Sarif {
                input.tell_with_places(&file, &mut found, findings, tally)?;
            }
            while let Some(finding) = found.next_if(|next| next.place.file == file) {
                let start = input.starts.get(&finding.place.item);
                let source = start.map_or(Where::Unknown, |start| Where::Inside("", *start));
                input.tell(&finding, source, findings, tally)?;
            }
        }
        Ok(())
    }
}

impl Input {
    /// Tells the findings of a file that can be read once more, for lines and columns: the objects are gone by now.
    /// Findings on objects that cannot be read any more are left.
    fn tell_with_places(
        &self,
        file: &str,
        found: &mut Peekable<impl Iterator<Item = FeedFinding>>,
        findings: &mut Findings,
        tally: &mut Tally,
    ) -> io::Result<()> {
        let content = self.source.as_ref().map(|source| Content::open(source, |_| {}));
        let Some(Ok(mut content)) = content else { return Ok(()) };
        // The first of a sequence is known by the second.
        let _ = content.sample(2);
        while let Ok(Some(Span { index, text, start, .. })) = content.next() {
            let is_here = |next: &FeedFinding| *next.place.file == *file && next.place.item == index;
            while let Some(finding) = found.next_if(is_here) {
                self.tell(&finding, Where::Inside(&text, start), findings, tally)?;
            }
        }
        Ok(())
    }

    fn tell(
        &self,
        finding: &FeedFinding,
        source: Where<'_>,
        findings: &mut Findings,
        tally: &mut Tally,
    ) -> io::Result<()> {
        let FeedFinding { place, rule, message, other, .. } = finding;
        let about = About { file: &place.file, item: place.item, id: place.id.as_deref(), source };
        let other = other.as_ref().map(|it| Other { file: &it.file, item: it.item, pointer: &it.pointer });
        let entry = Entry { other, ..Entry::new(&place.pointer, *rule, message) };
        if findings.tell(&about, &[entry])? > 0 {
            tally.faulty(self.number, place.item);
        }
        Ok(())
    }
}
