//! Look-up of Locations that answers in 2.1.1 embed.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ocpi_types::convert::{Embedded, Found};
use ocpi_types::observe::{Degraded, EventKind};
use ocpi_types::v2_2_1::locations::Location;

use crate::{Caller, Error};

/// Finds Locations: a Session of 2.1.1 embeds the Location that later versions refer to.
pub trait Locations: Send + Sync + 'static {
    /// Finds a Location, in the type of 2.2.1; `None` if it is unknown.
    ///
    /// # Errors
    /// When it cannot be looked up or expressed in that type. The router's observer gets the reason; the partner gets
    /// the objects that do not need the Location.
    fn location(&self, at: &Embedded) -> impl Future<Output = Result<Option<Location>, Error>> + Send;
}

type Looked<'a> = Pin<Box<dyn Future<Output = Result<Option<Location>, Error>> + Send + 'a>>;

/// [`Locations`], erased.
pub(crate) trait AnyLocations: Send + Sync {
    fn find<'a>(&'a self, at: &'a Embedded) -> Looked<'a>;
}

impl<L: Locations> AnyLocations for L {
    fn find<'a>(&'a self, at: &'a Embedded) -> Looked<'a> {
        Box::pin(self.location(at))
    }
}

/// Looks up what an answer will embed, each Location once.
pub(crate) async fn find_all(
    locations: Option<&Arc<dyn AnyLocations>>,
    wanted: Vec<Embedded>,
    caller: &Caller,
) -> Found {
    let mut found = Found::default();
    let Some(locations) = locations else { return found };
    let mut asked: Vec<Embedded> = Vec::new();
    for at in wanted {
        if asked.contains(&at) {
            continue;
        }
        match locations.find(&at).await {
            Ok(Some(location)) => found.add(at.clone(), location),
            Ok(None) => {}
            Err(error) => {
                let missing = "a Location that the answer embeds";
                caller.observe(EventKind::Degraded(Degraded::new(missing, &error)));
            }
        }
        asked.push(at);
    }
    found
}
