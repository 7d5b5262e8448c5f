//! Permissions of a partner as they are stored.

use ocpi_server_traits::Permissions;
use ocpi_types::{InterfaceRole, ModuleId};

ocpi_types::object! {
    /// Permissions as they are stored.
    pub struct StoredPermissions = "Permissions", init StoredPermissionsInit {
        /// Interfaces of which the operator said something.
        pub overrides: Vec<StoredPermission>,
    }
}

ocpi_types::object! {
    /// Permission for an interface of a module.
    pub struct StoredPermission = "Permission", init StoredPermissionInit {
        /// The module.
        pub module: ModuleId,
        /// The interface.
        pub interface: InterfaceRole,
        /// Whether it is allowed.
        pub is_allowed: bool,
    }
}

/// Writes what the operator said; `None` if that is nothing.
pub(super) fn write(permissions: &Permissions) -> Option<StoredPermissions> {
    let one = |(module, interface, is_allowed): (&ModuleId, &InterfaceRole, bool)| {
        let (module, interface) = (module.clone(), interface.clone());
        StoredPermissionInit { module, interface, is_allowed }.into()
    };
    let overrides: Vec<StoredPermission> = permissions.overrides().map(one).collect();
    (!overrides.is_empty()).then(|| StoredPermissions { overrides, ..StoredPermissionsInit {}.into() })
}

/// Reads what the operator said.
pub(super) fn read(stored: StoredPermissions) -> Permissions {
    stored.overrides.into_iter().fold(Permissions::default(), |all, known| {
        let StoredPermission { module, interface, is_allowed, .. } = known;
        if is_allowed { all.allow(module, interface) } else { all.deny(module, interface) }
    })
}
