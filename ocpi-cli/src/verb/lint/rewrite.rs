//! Files in which some items are put right.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use ocpi_pricing::lint::{Fixed, Fixes};
use ocpi_types::json::Candidates;

use crate::input::{Content, Failure, Source};

/// An input that is written again, with its fixes.
pub(super) struct Rewrite<'a> {
    source: &'a Source,
    candidates: Candidates,
    fixes: Fixes,
    whole: String,
    /// Items in order: as they were, and as they will be.
    items: Vec<(String, String)>,
    /// Number of fixes that were applied.
    count: usize,
}

impl<'a> Rewrite<'a> {
    /// Reads all of an input.
    ///
    /// # Errors
    /// When it cannot be read, or is not UTF-8.
    pub(super) fn new(source: &'a Source, candidates: Candidates, fixes: Fixes) -> Result<Self, Failure> {
        let mut whole = String::new();
        let read = source.open(|_| {})?.read_to_string(&mut whole);
        read.map_err(|error| source.failure(error))?;
        Ok(Self { source, candidates, fixes, whole, items: Vec::new(), count: 0 })
    }

    /// The input, which can be read only once.
    pub(super) fn again(&self) -> Source {
        self.source.with_text(&self.whole)
    }

    pub(super) fn fixes(&self) -> Fixes {
        self.fixes
    }

    /// Adds the next item, before and after its fixes.
    pub(super) fn put(&mut self, before: &str, after: Fixed) {
        self.items.push((before.to_owned(), after.text));
        self.count += after.count;
    }

    /// Writes the outcome to the place that the input came from; returns the number of fixes that were applied.
    ///
    /// # Errors
    /// When an item is not found in the text, or the file cannot be written. It is as it was then.
    pub(super) fn finish(self) -> Result<usize, Failure> {
        let written = match self.source {
            Source::Stdin => self.text()?.map_or_else(|| write_out(&self.whole), |text| write_out(&text)),
            Source::File(path) => match self.text()? {
                Some(text) => replace(path, &text),
                None => Ok(()),
            },
            Source::Text { .. } => Ok(()),
        };
        written.map(|()| self.count).map_err(|error| self.source.failure(error))
    }

    /// The text with all that was put right; `None` if nothing was.
    fn text(&self) -> Result<Option<String>, Failure> {
        if self.items.iter().all(|(before, after)| before == after) {
            return Ok(None);
        }
        let mut text = String::with_capacity(self.whole.len());
        let mut rest = self.whole.as_str();
        for (before, after) in &self.items {
            let Some((between, behind)) = rest.split_once(before.as_str()) else { continue };
            text.push_str(between);
            text.push_str(after);
            rest = behind;
        }
        text.push_str(rest);
        // An item can be written in a way that it is not found by, or stand in another place as well: see what came of
        // it.
        let texts = |source| texts(&source, self.candidates.clone());
        let (before, after) = (texts(self.again())?, texts(self.source.with_text(&text))?);
        let mut items = self.items.iter().peekable();
        let as_wanted = before.into_iter().map(|text| match items.next_if(|(before, _)| *before == text) {
            Some((_, after)) => after.clone(),
            None => text,
        });
        if as_wanted.eq(after) && items.next().is_none() {
            Ok(Some(text))
        } else {
            Err(self.source.failure("cannot be rewritten, and is left as it was"))
        }
    }
}

/// The items of an input.
fn texts(source: &Source, candidates: Candidates) -> Result<Vec<String>, Failure> {
    let mut content = Content::open(source, |_| {})?;
    content.expect(candidates);
    let mut texts = Vec::new();
    while let Some(span) = content.next()? {
        texts.push(span.text);
    }
    Ok(texts)
}

fn write_out(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes a new file, and puts it in the place of the old one: nobody sees half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link stays one.
    let path = path.canonicalize()?;
    let is_archive = fs::read(&path)?.starts_with(&[0x1f, 0x8b]);
    let beside = beside(&path);
    let written = write_new(&beside, text, is_archive)
        .and_then(|()| fs::set_permissions(&beside, path.metadata()?.permissions()))
        .and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // The error that counts is the first one.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.fixed"))
}

fn write_new(path: &Path, text: &str, is_archive: bool) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    if is_archive {
        let mut packer = GzEncoder::new(file, Compression::default());
        packer.write_all(text.as_bytes())?;
        file = packer.finish()?;
    } else {
        file.write_all(text.as_bytes())?;
    }
    file.sync_all()
}
