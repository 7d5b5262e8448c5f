//! Queue of the writes that wait, in front of several writers.
//!
//! Writes to one address are run in the order in which they came, even where a document is not there yet and no row of
//! the database could be locked: a group takes no address that another group has, and what comes behind such a write
//! waits with it.

use std::collections::BTreeSet;
use std::sync::{Mutex as Guarded, MutexGuard, PoisonError};

use ocpi_server_traits::storage::Address;
use tokio::sync::{Mutex, Notify, mpsc};

/// Writes that wait, and the addresses that writers have.
pub(super) struct Queue<W> {
    waiting: Mutex<Waiting<W>>,
    taken: Taken,
}

struct Waiting<W> {
    receiver: mpsc::Receiver<W>,
    /// The next one, which was looked at and has to wait.
    held: Option<W>,
}

#[derive(Default)]
struct Taken {
    addresses: Guarded<BTreeSet<Address>>,
    returned: Notify,
}

/// A group of writes; finished or dropped, it gives their addresses back.
pub(super) struct Group<'a, W: Addressed> {
    pub(super) writes: Vec<W>,
    taken: &'a Taken,
}

/// Something with addresses.
pub(super) trait Addressed {
    fn at(&self) -> &[Address];
}

impl<W: Addressed> Queue<W> {
    pub(super) fn new(receiver: mpsc::Receiver<W>) -> Self {
        Self { waiting: Mutex::new(Waiting { receiver, held: None }), taken: Taken::default() }
    }

    /// The writes that wait, up to about `most` addresses, as soon as there is one that may run. `None`: there will be
    /// none.
    pub(super) async fn next(&self, most: usize) -> Option<Group<'_, W>> {
        let mut waiting = self.waiting.lock().await;
        let first = match waiting.held.take() {
            Some(held) => held,
            None => waiting.receiver.recv().await?,
        };
        self.taken.until_free(first.at()).await;
        let mut size = first.at().len();
        let mut writes = vec![first];
        while size < most && writes.len() < most {
            let Ok(next) = waiting.receiver.try_recv() else { break };
            if !self.taken.is_free(next.at()) {
                waiting.held = Some(next);
                break;
            }
            size += next.at().len();
            writes.push(next);
        }
        // Only who has the queue takes addresses: what was free is free.
        self.taken.addresses().extend(writes.iter().flat_map(W::at).cloned());
        Some(Group { writes, taken: &self.taken })
    }
}

impl Taken {
    fn addresses(&self) -> MutexGuard<'_, BTreeSet<Address>> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_free(&self, at: &[Address]) -> bool {
        let addresses = self.addresses();
        !at.iter().any(|address| addresses.contains(address))
    }

    async fn until_free(&self, at: &[Address]) {
        loop {
            // `notify_one` keeps a permit for a waiter that comes late.
            if self.is_free(at) {
                return;
            }
            self.returned.notified().await;
        }
    }
}

impl<W: Addressed> Group<'_, W> {
    /// Returns the first `count` writes, and gives back the addresses that no other one of the group wants.
    pub(super) fn finish(&mut self, count: usize) -> Vec<W> {
        let rest = self.writes.split_off(count.min(self.writes.len()));
        let done = std::mem::replace(&mut self.writes, rest);
        let mut addresses = self.taken.addresses();
        for address in done.iter().flat_map(W::at) {
            addresses.remove(address);
        }
        addresses.extend(self.writes.iter().flat_map(W::at).cloned());
        drop(addresses);
        self.taken.returned.notify_one();
        done
    }

    fn give_back(&self) {
        let mut addresses = self.taken.addresses();
        for address in self.writes.iter().flat_map(W::at) {
            addresses.remove(address);
        }
        drop(addresses);
        self.taken.returned.notify_one();
    }
}

impl<W: Addressed> Drop for Group<'_, W> {
    fn drop(&mut self) {
        self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use std::pin::{Pin, pin};
    use std::task::{Context, Waker};

    use ocpi_server_traits::storage::Address;
    use tokio::sync::mpsc;

    use super::{Addressed, Queue};

    #[derive(Debug, PartialEq)]
    struct Write(u32, Vec<Address>);

    impl Addressed for Write {
        fn at(&self) -> &[Address] {
            &self.1
        }
    }

    fn queue(writes: &[&[&str]]) -> Queue<Write> {
        let (sender, receiver) = mpsc::channel(16);
        for (number, keys) in (0..).zip(writes) {
            let at = keys.iter().map(|key| Address::new("C", "NL/ALF", *key)).collect();
            sender.try_send(Write(number, at)).unwrap();
        }
        Queue::new(receiver)
    }

    fn numbers(group: &super::Group<'_, Write>) -> Vec<u32> {
        group.writes.iter().map(|write| write.0).collect()
    }

    #[tokio::test]
    async fn writes_to_one_address_keep_their_order() {
        let queue = queue(&[&["a", "b"], &["c"], &["b"], &["d"], &["a"]]);
        let first = queue.next(2).await.unwrap();
        assert_eq!(numbers(&first), [0]);
        // The third has to wait for the first, and the fourth stands behind it.
        let second = queue.next(16).await.unwrap();
        assert_eq!(numbers(&second), [1]);
        let mut third = pin!(queue.next(16));
        assert!(is_pending(third.as_mut()));
        drop(second);
        assert!(is_pending(third.as_mut()));
        drop(first);
        assert_eq!(numbers(&third.await.unwrap()), [2, 3, 4]);
        assert!(queue.next(16).await.is_none());
    }

    #[tokio::test]
    async fn a_group_that_ends_in_parts_keeps_the_addresses_of_its_rest() {
        let queue = queue(&[&["a"], &["a", "b"], &["c"], &["a"]]);
        let mut group = queue.next(4).await.unwrap();
        assert_eq!(group.finish(1), [Write(0, vec![Address::new("C", "NL/ALF", "a")])]);
        assert_eq!(numbers(&group), [1, 2]);
        let mut next = pin!(queue.next(16));
        assert!(is_pending(next.as_mut()), "the rest has the address, too");
        assert_eq!(group.finish(1).len(), 1);
        assert_eq!(numbers(&next.await.unwrap()), [3]);
        assert_eq!(group.finish(9).len(), 1);
        assert!(group.writes.is_empty());
    }

    fn is_pending<F: Future>(future: Pin<&mut F>) -> bool {
        future.poll(&mut Context::from_waker(Waker::noop())).is_pending()
    }
}
