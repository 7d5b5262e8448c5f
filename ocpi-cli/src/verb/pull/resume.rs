//! File with the place in a list, to go on from in another run.

use std::fmt::Display;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ocpi_client::paging::Cursor;
use serde::{Deserialize, Serialize};

use crate::remote::Failure;

/// Place in a list.
#[derive(Debug, Deserialize, Serialize)]
struct Place {
    /// Objects that were written before it.
    objects: u64,
    cursor: Cursor,
}

/// File with the place in a list.
#[derive(Debug)]
pub(super) struct ResumeFile {
    path: PathBuf,
    place: Option<Place>,
}

impl ResumeFile {
    /// Reads the file, if it is there.
    ///
    /// # Errors
    /// When it cannot be read, or has something else.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let file = Self { path: path.to_owned(), place: None };
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(file),
            Err(error) => return Err(file.failure(error)),
        };
        // The text of an error would repeat the file's.
        let place = serde_json::from_slice(&text).map_err(|_| {
            file.failure("not a file of `ocpi pull --resume`; remove it to begin the list again")
        })?;
        Ok(Self { place: Some(place), ..file })
    }

    /// Number of objects before the place; `None` at the beginning.
    pub(super) fn objects(&self) -> Option<u64> {
        self.place.as_ref().map(|place| place.objects)
    }

    /// The place.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        self.place.as_ref().map(|place| place.cursor.clone())
    }

    /// Stores a place: the file has either the one before or this one, whatever happens.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn keep(&mut self, cursor: &Cursor, objects: u64) -> Result<(), Failure> {
        let text = serde_json::to_vec(&Place { objects, cursor: cursor.clone() })?;
        let mut name = self.path.clone().into_os_string();
        name.push(".new");
        let beside = PathBuf::from(name);
        let written = private(&beside).and_then(|mut file| {
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&beside, &self.path)
        });
        written.map_err(|error| self.failure(error))
    }

    /// Removes it, once the list is at its end.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub(super) fn remove(&self) -> Result<(), Failure> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failure(error)),
            _ => Ok(()),
        }
    }

    pub(super) fn failure(&self, why: impl Display) -> Failure {
        Failure::unreadable(self.path.display(), why)
    }
}

/// Opens an empty file that only its owner may read: a link of a partner may hold a secret.
fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
