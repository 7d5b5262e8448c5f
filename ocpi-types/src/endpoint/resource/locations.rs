//! EVSEs and Connectors: stored in their Location, with URLs of their own.

/// The parts of a Location. The types and their keys are those in scope.
macro_rules! locations {
    ($number:ident) => {
        use $crate::endpoint::{Addressed, Owned, Resource, Upsert};
        use $crate::v2_2_1::versions::ModuleId;
        use $crate::{DateTime, Version};

        impl Addressed for Evse {
            const MODULE: ModuleId = ModuleId::Locations;
            type Key = EvseKey;
        }

        impl Resource for Evse {
            const VERSION: Version = Version::$number;
            type Root = Location;

            fn root_key(key: &EvseKey) -> LocationKey {
                LocationKey { location_id: key.location_id.clone() }
            }

            fn find<'a>(root: &'a Location, key: &EvseKey) -> Option<&'a Self> {
                root.evses.iter().find(|evse| evse.uid == key.evse_uid)
            }

            fn put_into(self, root: &mut Location, key: &EvseKey) -> Upsert {
                root.last_updated = root.last_updated.max(self.last_updated);
                match root.evses.iter_mut().find(|evse| evse.uid == key.evse_uid) {
                    Some(evse) => {
                        *evse = self;
                        Upsert::Replaced
                    }
                    None => {
                        root.evses.push(self);
                        Upsert::Added
                    }
                }
            }

            fn into_root(self) -> Option<Location> {
                None
            }

            fn is_at(&self, at: &Owned<EvseKey>) -> bool {
                self.uid == at.key.evse_uid
            }

            fn last_updated(&self) -> DateTime {
                self.last_updated
            }

            fn newest_change(&self) -> DateTime {
                let parts = self.connectors.iter().map(Resource::newest_change);
                parts.fold(self.last_updated, DateTime::max)
            }
        }

        impl Addressed for Connector {
            const MODULE: ModuleId = ModuleId::Locations;
            type Key = ConnectorKey;
        }

        impl Resource for Connector {
            const VERSION: Version = Version::$number;
            type Root = Location;

            fn root_key(key: &ConnectorKey) -> LocationKey {
                LocationKey { location_id: key.location_id.clone() }
            }

            fn find<'a>(root: &'a Location, key: &ConnectorKey) -> Option<&'a Self> {
                let evse = root.evses.iter().find(|evse| evse.uid == key.evse_uid)?;
                evse.connectors.iter().find(|connector| connector.id == key.connector_id)
            }

            fn put_into(self, root: &mut Location, key: &ConnectorKey) -> Upsert {
                let Some(evse) = root.evses.iter_mut().find(|evse| evse.uid == key.evse_uid) else {
                    return Upsert::NoParent;
                };
                root.last_updated = root.last_updated.max(self.last_updated);
                evse.last_updated = evse.last_updated.max(self.last_updated);
                match evse.connectors.iter_mut().find(|connector| connector.id == key.connector_id) {
                    Some(connector) => {
                        *connector = self;
                        Upsert::Replaced
                    }
                    None => {
                        evse.connectors.push(self);
                        Upsert::Added
                    }
                }
            }

            fn into_root(self) -> Option<Location> {
                None
            }

            fn is_at(&self, at: &Owned<ConnectorKey>) -> bool {
                self.id == at.key.connector_id
            }

            fn last_updated(&self) -> DateTime {
                self.last_updated
            }
        }
    };
}

pub(in crate::endpoint) use locations;
