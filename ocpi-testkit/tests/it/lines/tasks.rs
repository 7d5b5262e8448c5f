//! Work that goes on beside the program: requests that are served, results that are sent later.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::crash::Fuse;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Works, each of a process.
#[derive(Default)]
pub(crate) struct Tasks(Mutex<Vec<(Arc<Fuse>, Work)>>);

impl Tasks {
    pub(crate) fn spawn(&self, of: &Arc<Fuse>, work: impl Future<Output = ()> + Send + 'static) {
        self.0.lock().expect("no panic").push((Arc::clone(of), Box::pin(work)));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.lock().expect("no panic").is_empty()
    }

    /// Lets each of them go on. Returns whether one of them ended or began.
    pub(crate) fn poll(&self, context: &mut Context<'_>) -> bool {
        let works = std::mem::take(&mut *self.0.lock().expect("no panic"));
        let before = works.len();
        let mut left = Vec::with_capacity(before);
        for (fuse, mut work) in works {
            if !fuse.is_dead() && work.as_mut().poll(context).is_pending() && !fuse.is_dead() {
                left.push((fuse, work));
            }
        }
        let has_ended = left.len() < before;
        let mut works = self.0.lock().expect("no panic");
        let has_begun = !works.is_empty();
        left.append(&mut works);
        *works = left;
        has_ended || has_begun
    }
}

/// A place for one answer.
pub(crate) struct Slot<T>(Arc<Mutex<Inside<T>>>);

struct Inside<T> {
    answer: Option<Option<T>>,
    waker: Option<Waker>,
}

/// Whoever answers. If it is dropped, there is no answer.
pub(crate) struct Answerer<T>(Option<Slot<T>>);

/// Makes both ends.
pub(crate) fn slot<T>() -> (Answerer<T>, Slot<T>) {
    let inside = Arc::new(Mutex::new(Inside { answer: None, waker: None }));
    (Answerer(Some(Slot(Arc::clone(&inside)))), Slot(inside))
}

impl<T> Answerer<T> {
    pub(crate) fn answer(mut self, answer: T) {
        if let Some(slot) = self.0.take() {
            slot.fill(Some(answer));
        }
    }
}

impl<T> Drop for Answerer<T> {
    fn drop(&mut self) {
        if let Some(slot) = self.0.take() {
            slot.fill(None);
        }
    }
}

impl<T> Slot<T> {
    fn fill(&self, answer: Option<T>) {
        let mut inside = self.0.lock().expect("no panic");
        inside.answer.get_or_insert(answer);
        if let Some(waker) = inside.waker.take() {
            waker.wake();
        }
    }
}

impl<T> Future for Slot<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut inside = self.0.lock().expect("no panic");
        match inside.answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => {
                inside.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
