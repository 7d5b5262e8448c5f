//! Updates and their arrival.

use ocpi_types::endpoint::Resource;
use ocpi_types::{AnyObject, DateTime, Extra, Node, Patched};

use super::layout::LAST_UPDATED;

/// A push of a partner: a PUT, PATCH or DELETE of one resource.
#[derive(Clone, Debug)]
pub struct Update<T>(pub(super) Kind<T>);

#[derive(Clone, Debug)]
pub(super) enum Kind<T> {
    Put(T),
    Patch(Change<T>),
    Delete,
}

/// A PATCH: an object with values for the mentioned members only.
#[derive(Clone, Debug)]
pub(super) struct Change<T> {
    pub(super) object: T,
    /// Places of the members that it names.
    pub(super) places: Vec<usize>,
    theirs: Option<DateTime>,
}

impl<T: Resource> Update<T> {
    /// Creates the PUT of a whole resource.
    pub fn put(object: T) -> Self {
        Self(Kind::Put(object))
    }

    /// Creates the PATCH of the members that `patch` mentions.
    pub fn patch(mut patch: T::Patch) -> Self
    where
        T: Patched,
    {
        let time = T::INFO.place(LAST_UPDATED).and_then(|place| patch.slot(place)?.as_any().downcast_ref());
        let theirs = time.and_then(|time: &ocpi_types::Change<DateTime>| time.as_set().copied());
        let is_named = |place: &usize| patch.slot(*place).is_some_and(|change| !change.is_absent_any());
        let places = (0..T::INFO.fields.len()).filter(is_named).collect();
        let mut object = T::blank();
        ocpi_types::macros::apply(&mut object, &mut patch);
        Self(Kind::Patch(Change { object, places, theirs }))
    }

    /// Creates a DELETE.
    pub fn delete() -> Self
    where
        T: Resource<Root = T>,
    {
        Self(Kind::Delete)
    }

    /// Whether it is a PUT.
    pub(crate) fn is_put(&self) -> bool {
        matches!(self.0, Kind::Put(_))
    }

    /// Whether its objects have nothing beside the values of their members, in whatever depth.
    pub(crate) fn is_plain(&self) -> bool {
        match &self.0 {
            Kind::Put(object) => is_plain(object),
            Kind::Patch(Change { object, places, .. }) => {
                let mut slots = places.iter().filter_map(|place| object.slot(*place));
                has_members_only(object) && slots.all(|slot| each_object(slot.node_any(), &has_members_only))
            }
            Kind::Delete => true,
        }
    }

    /// Returns the time of the change in the message.
    pub fn time(&self) -> Option<DateTime> {
        match &self.0 {
            Kind::Put(object) => Some(object.last_updated()),
            Kind::Patch(change) => change.theirs,
            Kind::Delete => None,
        }
    }
}

/// Whether an object, and those in it, have nothing beside the values of their members.
pub(crate) fn is_plain(object: &dyn AnyObject) -> bool {
    each_object(Node::Object(object), &has_members_only)
}

fn has_members_only(object: &dyn AnyObject) -> bool {
    *object.extra() == Extra::new()
}

/// Whether a test holds for all objects of a value, in whatever depth.
pub(crate) fn each_object(node: Node<'_>, test: &dyn Fn(&dyn AnyObject) -> bool) -> bool {
    match node {
        Node::Null | Node::Scalar(..) => true,
        Node::List(list) => {
            let mut elements = (0..list.count()).filter_map(|place| list.element(place));
            elements.all(|element| each_object(element.node_any(), test))
        }
        Node::Object(object) => {
            let mut slots = (0..object.info().fields.len()).filter_map(|place| object.slot(place));
            test(object) && slots.all(|slot| each_object(slot.node_any(), test))
        }
        _ => false,
    }
}

/// The two times of an update.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Arrival {
    /// Time of the change, according to the owner.
    pub theirs: Option<DateTime>,
    /// Time of arrival, by our clock.
    pub ours: DateTime,
    /// Whether ids are case-sensitive, as in 2.1.1. An update with an id that differs from a known one only in case is
    /// then refused.
    pub exact_ids: bool,
}

impl Arrival {
    /// Creates the arrival of an update, with the time in the message.
    pub fn of<T: Resource>(update: &Update<T>, ours: DateTime) -> Self {
        Self { theirs: update.time(), ours, exact_ids: false }
    }

    /// Sets whether ids are case-sensitive.
    #[must_use]
    pub fn with_exact_ids(self, exact_ids: bool) -> Self {
        Self { exact_ids, ..self }
    }
}
