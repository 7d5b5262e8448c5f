//! Permissions: the modules that a partner may use on our platform, by its roles.

use ocpi_types::{InterfaceRole, ModuleId, Role};

/// Modules that partners may use on our platform: those that their roles allow, and exceptions of the operator.
///
/// The defaults are the roles of the specification: the Sender of a module calls our Receiver interface, and vice
/// versa. A partner with several roles may do what any of them may.
///
/// ```
/// use ocpi_server_traits::Permissions;
/// use ocpi_types::{InterfaceRole::{Receiver, Sender}, ModuleId::{ChargingProfiles, Locations, Tokens}, Role};
///
/// let permissions = Permissions::default().allow(ChargingProfiles, Receiver);
/// assert!(permissions.allows(&[Role::Cpo], &Locations, &Receiver), "a CPO pushes its locations");
/// assert!(!permissions.allows(&[Role::Nsp], &Tokens, &Sender), "drivers' tokens are not for navigation");
/// assert!(permissions.allows(&[Role::Emsp], &ChargingProfiles, &Receiver), "allowed by the operator");
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Permissions {
    overrides: Vec<Override>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Override {
    module: ModuleId,
    interface: InterfaceRole,
    is_allowed: bool,
}

impl Permissions {
    /// Allows an interface of a module, regardless of roles.
    #[must_use]
    pub fn allow(self, module: ModuleId, interface: InterfaceRole) -> Self {
        self.with(module, interface, true)
    }

    /// Denies an interface of a module, regardless of roles.
    #[must_use]
    pub fn deny(self, module: ModuleId, interface: InterfaceRole) -> Self {
        self.with(module, interface, false)
    }

    fn with(mut self, module: ModuleId, interface: InterfaceRole, is_allowed: bool) -> Self {
        self.overrides.retain(|known| known.module != module || known.interface != interface);
        self.overrides.push(Override { module, interface, is_allowed });
        self
    }

    /// Whether a partner in one of these roles may use an interface of a module.
    pub fn allows(&self, roles: &[Role], module: &ModuleId, interface: &InterfaceRole) -> bool {
        self.said(module, interface)
            .unwrap_or_else(|| roles.iter().any(|role| allows_by_default(role, module, interface)))
    }

    /// Returns whether the operator allowed or denied an interface of a module.
    fn said(&self, module: &ModuleId, interface: &InterfaceRole) -> Option<bool> {
        let is_it = |known: &&Override| known.module == *module && known.interface == *interface;
        self.overrides.iter().find(is_it).map(|known| known.is_allowed)
    }

    /// Returns these permissions, with `general` as the fallback.
    #[must_use]
    pub fn over(&self, general: &Self) -> Self {
        let known = self.overrides.iter().cloned();
        known.fold(general.clone(), |all, known| all.with(known.module, known.interface, known.is_allowed))
    }

    /// Returns the exceptions of the operator, for storing: module, interface, and whether it is allowed.
    pub fn overrides(&self) -> impl Iterator<Item = (&ModuleId, &InterfaceRole, bool)> {
        self.overrides.iter().map(|known| (&known.module, &known.interface, known.is_allowed))
    }
}

/// Interfaces of a module.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Sides {
    Neither,
    Sender,
    Receiver,
    Both,
}

fn allows_by_default(role: &Role, module: &ModuleId, interface: &InterfaceRole) -> bool {
    match sides(role, module) {
        Sides::Neither => false,
        Sides::Both => true,
        Sides::Sender => *interface == InterfaceRole::Sender,
        Sides::Receiver => *interface == InterfaceRole::Receiver,
    }
}

/// The interfaces of our platform that a partner in a role may call.
fn sides(role: &Role, module: &ModuleId) -> Sides {
    use ModuleId as M;
    use Sides::{Both, Neither, Receiver, Sender};
    match module {
        M::Credentials => return Both,
        M::InvoiceReconciliation => {
            return if matches!(role, Role::Cpo | Role::Emsp) { Both } else { Neither };
        }
        M::HubClientInfo => return if *role == Role::Hub { Receiver } else { Sender },
        _ => {}
    }
    match role {
        Role::Cpo => match module {
            M::Locations | M::Tariffs | M::Sessions | M::Cdrs | M::Bookings => Receiver,
            M::Tokens | M::Commands | M::ChargingProfiles | M::Payments => Sender,
            _ => Neither,
        },
        Role::Emsp => match module {
            M::Locations | M::Tariffs | M::Sessions | M::Cdrs | M::Bookings => Sender,
            M::Tokens | M::Commands => Receiver,
            _ => Neither,
        },
        Role::Hub => match module {
            M::Locations | M::Tariffs | M::Sessions | M::Cdrs | M::Tokens => Both,
            M::Commands | M::ChargingProfiles | M::Bookings => Both,
            _ => Neither,
        },
        Role::Nsp => match module {
            M::Locations | M::Tariffs => Sender,
            _ => Neither,
        },
        Role::Nap => match module {
            M::Locations | M::Tariffs => Both,
            _ => Neither,
        },
        Role::Scsp => match module {
            M::Sessions => Sender,
            M::ChargingProfiles => Receiver,
            _ => Neither,
        },
        Role::Ptp => match module {
            M::Locations | M::Tariffs | M::Sessions | M::Cdrs => Sender,
            M::Commands | M::Payments => Receiver,
            _ => Neither,
        },
        _ => Neither,
    }
}
