//! Inputs that the paths on the command line stand for.

use std::fmt::{self, Display};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;
use flate2::read::MultiGzDecoder;

/// The endings of the files that are read from a folder; each may be followed by `.gz`.
const ENDINGS: &[&str] = &[".json", ".ndjson", ".jsonl"];

#[derive(Debug, Args)]
pub(crate) struct Paths {
    /// Files, folders (all .json, .ndjson and .jsonl files in them, also with .gz), or - for standard input
    ///
    /// A file contains an object, an array, a page as a server sends it, or newline-delimited JSON.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Paths {
    /// The inputs in order; those of a folder by name.
    pub(crate) fn sources(&self) -> Vec<Result<Source, Failure>> {
        sources(&self.paths)
    }
}

/// Finds the inputs that paths stand for, in order; the files of a folder by name.
pub(crate) fn sources(paths: &[PathBuf]) -> Vec<Result<Source, Failure>> {
    let mut sources = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            sources.push(Ok(Source::Stdin));
        } else if path.is_dir() {
            let before = sources.len();
            walk(path, &mut sources);
            if sources.len() == before {
                sources.push(Err(Failure::new(path.display(), "no JSON files in this folder")));
            }
        } else {
            sources.push(Ok(Source::File(path.clone())));
        }
    }
    sources
}

/// Adds the files in a folder and in the folders below. Hidden ones are left out, and links to folders are not
/// followed: they can run in circles.
fn walk(folder: &Path, sources: &mut Vec<Result<Source, Failure>>) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return sources.push(Err(Failure::new(folder.display(), error))),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, sources);
        } else if is_json(&name) && !path.is_dir() {
            sources.push(Ok(Source::File(path)));
        }
    }
}

fn is_json(name: &str) -> bool {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// One input.
#[derive(Debug)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
    /// Text that was read already.
    Text {
        name: String,
        text: Rc<str>,
    },
}

impl Source {
    /// The name in findings and messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::Text { name, .. } => name.clone(),
        }
    }

    /// Its text, decompressed while it is read. `on_read` is told how many bytes of the file were read.
    pub(crate) fn open(&self, on_read: impl Fn(u64) + 'static) -> Result<Box<dyn Read>, Failure> {
        let source: Box<dyn Read> = match self {
            Self::Stdin => Box::new(io::stdin().lock()),
            Self::File(path) => Box::new(File::open(path).map_err(|error| self.failure(error))?),
            Self::Text { text, .. } => Box::new(Cursor::new(Rc::<[u8]>::from(Rc::clone(text)))),
        };
        let counted = Counted { source, count: 0, on_read: Box::new(on_read) };
        unpacked(BufReader::with_capacity(1 << 16, counted)).map_err(|error| self.failure(error))
    }

    /// An input of the same name that holds this text.
    pub(crate) fn with_text(&self, text: &str) -> Self {
        Self::Text { name: self.name(), text: text.into() }
    }

    /// The size of a file.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Self::Stdin | Self::Text { .. } => None,
            Self::File(path) => path.metadata().ok().filter(|file| file.is_file()).map(|file| file.len()),
        }
    }

    pub(crate) fn failure(&self, why: impl Display) -> Failure {
        Failure::new(self.name(), why)
    }
}

/// Archives are known by their first two bytes: what comes on standard input has no name.
fn unpacked(mut source: impl BufRead + 'static) -> io::Result<Box<dyn Read>> {
    let is_archive = source.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if is_archive { Box::new(MultiGzDecoder::new(source)) } else { Box::new(source) })
}

/// Tells how much was read.
struct Counted {
    source: Box<dyn Read>,
    count: u64,
    on_read: Box<dyn Fn(u64)>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.count += count as u64;
        (self.on_read)(self.count);
        Ok(count)
    }
}

/// Reason why an input could not be read at all.
#[derive(Debug)]
pub(crate) struct Failure {
    name: String,
    why: String,
}

impl Failure {
    pub(crate) fn new(name: impl Display, why: impl Display) -> Self {
        Self { name: name.to_string(), why: why.to_string() }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.why)
    }
}
