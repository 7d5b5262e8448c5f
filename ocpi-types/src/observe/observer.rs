//! Observers: the trait, and observers built from others.

use std::fmt;
use std::sync::Arc;

use super::scope::Both;
use super::{Event, Exchange, Message, Scope, Scoped};

/// Receives each [`Event`] as it happens, in the task in which it happens: it must not block.
///
/// ```
/// use ocpi_types::observe::{Event, EventKind, Observe};
///
/// struct Refusals;
///
/// impl Observe for Refusals {
///     fn event(&self, event: &Event<'_>) {
///         if let (EventKind::Failed(failure), Some(partner)) = (&event.kind, event.exchange.partner) {
///             eprintln!("{partner}: {}", failure.error);
///         }
///     }
/// }
/// ```
pub trait Observe: Send + Sync + 'static {
    /// Handles an event.
    fn event(&self, event: &Event<'_>) {
        let _ = event;
    }

    /// Opens a scope for the work on an exchange, such as a span of `tracing`; `None` for no scope.
    fn scope(&self, exchange: &Exchange<'_>) -> Option<Box<dyn Scope>> {
        let _ = exchange;
        None
    }

    /// Whether to receive the whole [`message`](Self::message) of an exchange. The default is `false`.
    fn takes_messages(&self, exchange: &Exchange<'_>) -> bool {
        let _ = exchange;
        false
    }

    /// Handles a request with its answer, including tokens and drivers' ids, for an exchange whose messages were
    /// [requested](Self::takes_messages). It must not block, and must not expose the tokens and ids.
    fn message(&self, exchange: &Exchange<'_>, message: &Message<'_>) {
        let _ = (exchange, message);
    }
}

/// Sees nothing.
impl Observe for () {}

impl<O: Observe + ?Sized> Observe for Arc<O> {
    fn event(&self, event: &Event<'_>) {
        (**self).event(event);
    }

    fn scope(&self, exchange: &Exchange<'_>) -> Option<Box<dyn Scope>> {
        (**self).scope(exchange)
    }

    fn takes_messages(&self, exchange: &Exchange<'_>) -> bool {
        (**self).takes_messages(exchange)
    }

    fn message(&self, exchange: &Exchange<'_>, message: &Message<'_>) {
        (**self).message(exchange, message);
    }
}

/// Tells both, the first one first.
impl<A: Observe, B: Observe> Observe for (A, B) {
    fn event(&self, event: &Event<'_>) {
        self.0.event(event);
        self.1.event(event);
    }

    fn scope(&self, exchange: &Exchange<'_>) -> Option<Box<dyn Scope>> {
        match (self.0.scope(exchange), self.1.scope(exchange)) {
            (Some(one), Some(other)) => Some(Box::new(Both(one, other))),
            (one, other) => one.or(other),
        }
    }

    fn takes_messages(&self, exchange: &Exchange<'_>) -> bool {
        self.0.takes_messages(exchange) || self.1.takes_messages(exchange)
    }

    fn message(&self, exchange: &Exchange<'_>, message: &Message<'_>) {
        if self.0.takes_messages(exchange) {
            self.0.message(exchange, message);
        }
        if self.1.takes_messages(exchange) {
            self.1.message(exchange, message);
        }
    }
}

/// A function as an observer: see [`from_fn`].
#[derive(Clone, Copy)]
pub struct FromFn<F>(F);

/// Makes an observer from a function.
///
/// ```
/// use ocpi_types::observe::{Event, from_fn};
/// let observer = from_fn(|event: &Event<'_>| println!("{:?}", event.kind));
/// ```
pub fn from_fn<F: Fn(&Event<'_>) + Send + Sync + 'static>(function: F) -> FromFn<F> {
    FromFn(function)
}

impl<F: Fn(&Event<'_>) + Send + Sync + 'static> Observe for FromFn<F> {
    fn event(&self, event: &Event<'_>) {
        (self.0)(event);
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromFn")
    }
}

/// An observer of any type, or none. Clones share the observer; two values are equal if they share it.
#[derive(Clone, Default)]
pub struct Observer(Option<Arc<dyn Observe>>);

impl Observer {
    /// Erases the type of an observer.
    pub fn new(observe: impl Observe) -> Self {
        Self(Some(Arc::new(observe)))
    }

    /// Whether there is no observer.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Runs the work on an exchange in the scope that the observer opens.
    pub fn scoped<F: Future + Unpin>(&self, exchange: &Exchange<'_>, work: F) -> Scoped<F> {
        Scoped::new(self.scope(exchange), work)
    }
}

impl Observe for Observer {
    fn event(&self, event: &Event<'_>) {
        if let Some(observer) = &self.0 {
            observer.event(event);
        }
    }

    fn scope(&self, exchange: &Exchange<'_>) -> Option<Box<dyn Scope>> {
        self.0.as_ref()?.scope(exchange)
    }

    fn takes_messages(&self, exchange: &Exchange<'_>) -> bool {
        self.0.as_ref().is_some_and(|observer| observer.takes_messages(exchange))
    }

    fn message(&self, exchange: &Exchange<'_>, message: &Message<'_>) {
        if let Some(observer) = &self.0 {
            observer.message(exchange, message);
        }
    }
}

impl PartialEq for Observer {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => std::ptr::addr_eq(Arc::as_ptr(one), Arc::as_ptr(other)),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

impl Eq for Observer {}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_none() { "Observer(none)" } else { "Observer" })
    }
}
