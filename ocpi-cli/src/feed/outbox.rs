//! Objects on their way to the check of the feed.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use ocpi_types::feed::FeedCheck;
use ocpi_types::{Object, Version};

/// An object that was read, its type erased.
pub(crate) struct FeedObject(Box<dyn Taken>);

impl FeedObject {
    /// One that was read as an object of a version.
    pub(crate) fn new<T: Object>(value: T, version: Version) -> Self {
        Self(Box::new(Versioned { value, version }))
    }
}

/// The object may hold a driver's data.
impl fmt::Debug for FeedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FeedObject")
    }
}

/// An object that can be taken into a feed.
trait Taken: Send {
    /// Takes it in.
    fn take(&self, check: &mut FeedCheck, file: &str, item: Option<usize>);
}

/// An object, and the version that it was read as.
struct Versioned<T> {
    value: T,
    version: Version,
}

impl<T: Object> Taken for Versioned<T> {
    fn take(&self, check: &mut FeedCheck, file: &str, item: Option<usize>) {
        check.add(&self.value, self.version, file, item);
    }
}

/// An object, and its place in the feed.
struct Placed {
    object: FeedObject,
    file: Arc<str>,
    item: Option<usize>,
}

/// Objects on their way to the thread, many at a time.
pub(super) struct Outbox {
    parcels: SyncSender<Vec<Placed>>,
    packed: Vec<Placed>,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outbox({} packed)", self.packed.len())
    }
}

impl Outbox {
    /// Starts the thread of the check.
    pub(super) fn open() -> (Self, JoinHandle<FeedCheck>) {
        /// Parcels that may wait.
        const WAITING: usize = 4;
        let (parcels, arriving) = sync_channel::<Vec<Placed>>(WAITING);
        let check = thread::spawn(move || {
            let mut check = FeedCheck::new();
            for Placed { object, file, item } in arriving.into_iter().flatten() {
                object.0.take(&mut check, &file, item);
            }
            check
        });
        (Self { parcels, packed: Vec::new() }, check)
    }

    /// Puts in an object.
    pub(super) fn put(&mut self, object: FeedObject, file: Arc<str>, item: Option<usize>) {
        /// Objects in a parcel.
        const MOST: usize = 64;
        self.packed.push(Placed { object, file, item });
        if self.packed.len() == MOST {
            self.send();
        }
    }

    fn send(&mut self) {
        // It fails only if the thread is gone, which is told at the end.
        let _ = self.parcels.send(std::mem::take(&mut self.packed));
    }

    /// Sends the last objects.
    pub(super) fn finish(mut self) {
        self.send();
    }
}
