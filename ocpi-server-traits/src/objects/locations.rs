//! Looking up the Locations that older versions embed.

use std::sync::Arc;

use ocpi_types::convert::{Context, Embedded, Ledger, V2_2_1, V2_3_0, convert, kind};
use ocpi_types::endpoint::{LocationKey, Owned};
use ocpi_types::{v2_2_1, v2_3_0};

use crate::{Error, Locations, Objects, Store};

/// Finds Locations of 2.3.0.
impl<S: Store> Locations for Objects<S> {
    async fn location(&self, at: &Embedded) -> Result<Option<v2_2_1::locations::Location>, Error> {
        let key = LocationKey { location_id: at.location_id.clone() };
        let at = Owned { owner: at.owner.clone(), key };
        let Some(location) = self.get::<v2_3_0::locations::Location>(&at).await? else { return Ok(None) };
        // The losses here are losses on the way on to 2.1.1 as well.
        let mut ledger = Ledger::new();
        Ok(Some(convert::<kind::Location, V2_3_0, V2_2_1>(location, &Context::NONE, &mut ledger)?))
    }
}

impl<L: Locations> Locations for Arc<L> {
    async fn location(&self, at: &Embedded) -> Result<Option<v2_2_1::locations::Location>, Error> {
        (**self).location(at).await
    }
}
