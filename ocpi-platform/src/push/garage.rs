//! The push engine of a node, and its storage between two steps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ocpi_server_traits::storage::Position;

use super::served::Served;

/// The partners that this node serves.
#[derive(Debug, Default)]
pub(super) struct Engine {
    pub(super) served: BTreeMap<String, Served>,
    /// Those that it served until they waited for something: if they leave, how far they had come is forgotten.
    pub(super) passed_over: BTreeSet<String>,
    /// When partners were looked through, by the clock that does not jump.
    pub(super) looked: Option<Duration>,
    pub(super) saved: Option<Duration>,
    /// End of the feed when partners were looked through: of those that are new at the next look, all was seen up to here.
    pub(super) head: Position,
    pub(super) generation: u64,
}

/// The engine of a node between two steps; `None`: a step has it.
#[derive(Clone, Debug)]
pub(crate) struct Garage {
    node: Arc<str>,
    engine: Arc<Mutex<Option<Engine>>>,
}

/// An engine that is in use. Whoever drops it in the middle of a step leaves a new one behind, which takes over from itself.
pub(super) struct InUse {
    engine: Option<Engine>,
    garage: Garage,
}

/// Number of the engines that this process had.
static ENGINES: AtomicU64 = AtomicU64::new(0);

impl Garage {
    /// The engine of a node of this name. Names of chance that tests repeat differ all the same.
    pub(crate) fn new(node: &str) -> Self {
        let node = format!("{node}-{}", ENGINES.fetch_add(1, Ordering::Relaxed));
        Self { node: node.into(), engine: Arc::new(Mutex::new(Some(Engine::default()))) }
    }

    /// The name by which the node holds leases.
    pub(super) fn node(&self) -> &str {
        &self.node
    }

    /// Takes the engine out, unless somebody has it.
    pub(super) fn take(&self) -> Option<InUse> {
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(InUse { engine: Some(engine), garage: self.clone() })
    }
}

impl InUse {
    pub(super) fn engine(&mut self) -> &mut Engine {
        self.engine.get_or_insert_default()
    }

    /// Puts the engine back as it is.
    pub(super) fn park(mut self) {
        let engine = self.engine.take().unwrap_or_default();
        self.put(engine);
    }

    fn put(&self, engine: Engine) {
        *self.garage.engine.lock().unwrap_or_else(PoisonError::into_inner) = Some(engine);
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        if let Some(engine) = self.engine.take() {
            // Its requests are lost: their answers would be waited for. What is forgotten is read again.
            self.put(Engine { generation: engine.generation, ..Engine::default() });
        }
    }
}
