//! Objects written one after another.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Whether a file to write is standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A file, or standard output, that holds an array.
pub(crate) struct Array {
    name: String,
    out: Box<dyn Write>,
    is_empty: bool,
}

impl Array {
    /// An array in a new file; `-` is standard output.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        if is_stdout(path) {
            return Ok(Self::stdout());
        }
        let failed = |error| io::Error::other(format!("{}: {error}", path.display()));
        let out = Box::new(BufWriter::new(File::create(path).map_err(failed)?));
        Ok(Self { name: path.display().to_string(), out, is_empty: true })
    }

    /// An array on standard output.
    pub(crate) fn stdout() -> Self {
        let out = Box::new(BufWriter::new(io::stdout()));
        Self { name: "standard output".to_owned(), out, is_empty: true }
    }

    /// Returns its name in messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Writes an object behind the others.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn push(&mut self, json: &[u8]) -> io::Result<()> {
        self.out.write_all(if self.is_empty { b"[\n" } else { b",\n" })?;
        self.is_empty = false;
        self.out.write_all(json)
    }

    /// Writes the one object, without brackets.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn alone(mut self, json: &[u8]) -> io::Result<()> {
        self.out.write_all(json)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }

    /// Closes the array.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.write_all(if self.is_empty { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}
