//! Objects on their way to the check of the feed.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use ocpi_types::feed::FeedCheck;
use ocpi_types::{Object, Version};

/// The feed that an object is part of, and its place in it.
#[derive(Debug)]
pub(crate) struct InFeed<'a> {
    pub(super) feed: &'a mut Outbox,
    pub(super) file: &'a Arc<str>,
    pub(super) item: Option<usize>,
}

impl InFeed<'_> {
    /// Takes the object in.
    pub(crate) fn take<T: Object>(self, value: T, version: Version) {
        self.feed.put(Placed { value, version, file: Arc::clone(self.file), item: self.item });
    }
}

/// Objects on their way to the thread, many at a time. They come back to be dropped: memory that one thread frees and
/// another got is slow.
pub(super) struct Outbox {
    parcels: SyncSender<Vec<Box<dyn Taken>>>,
    returned: Receiver<Vec<Box<dyn Taken>>>,
    packed: Vec<Box<dyn Taken>>,
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
        let (parcels, arriving) = sync_channel::<Vec<Box<dyn Taken>>>(WAITING);
        let (done, returned) = channel();
        let check = thread::spawn(move || {
            let mut check = FeedCheck::new();
            for parcel in arriving {
                parcel.iter().for_each(|object| object.take(&mut check));
                // Nobody waits for the last ones.
                let _ = done.send(parcel);
            }
            check
        });
        (Self { parcels, returned, packed: Vec::new() }, check)
    }

    /// Puts in an object.
    fn put(&mut self, object: impl Taken + 'static) {
        /// Objects in a parcel.
        const MOST: usize = 32;
        self.packed.push(Box::new(object));
        if self.packed.len() == MOST {
            self.send();
        }
    }

    fn send(&mut self) {
        let empty = self.returned.try_recv().map(|mut parcel| {
            parcel.clear();
            parcel
        });
        // It fails only if the thread is gone, which is told at the end.
        let _ = self.parcels.send(std::mem::replace(&mut self.packed, empty.unwrap_or_default()));
    }

    /// Sends the last objects.
    pub(super) fn finish(mut self) {
        self.send();
    }
}

/// An object on its way into a feed.
trait Taken: Send {
    /// Takes it in.
    fn take(&self, check: &mut FeedCheck);
}

/// An object, and its place in the feed.
struct Placed<T> {
    value: T,
    version: Version,
    file: Arc<str>,
    item: Option<usize>,
}

impl<T: Object> Taken for Placed<T> {
    fn take(&self, check: &mut FeedCheck) {
        check.add(&self.value, self.version, &self.file, self.item);
    }
}
