//! Decisions about terminals.

use std::future::Future;
use std::sync::Arc;

use ocpi_types::v2_3_0::payments::{Terminal, TerminalPatch};

use crate::{Caller, Error};

/// Decides on activations and deactivations of terminals that CPOs request, for a PTP.
///
/// An activation needs steps outside of OCPI, such as an id from the acquirer. So the default decides nothing: a CPO is
/// answered 2000, and has to agree with the PTP in another way.
///
/// ```
/// use ocpi_server_traits::{Caller, Error, TerminalDesk};
/// use ocpi_types::Patched;
/// use ocpi_types::v2_3_0::payments::{Terminal, TerminalPatch};
///
/// /// Has terminals of its own stock put to use by hand, and empties those that are given up.
/// struct Stock;
///
/// impl TerminalDesk for Stock {
///     async fn activate(&self, caller: &Caller, wanted: &TerminalPatch) -> Result<Option<Terminal>, Error> {
///         println!("{} wants a terminal: {}", caller.partner.id, wanted.reference.as_set().is_some());
///         // It is to follow: by `Payments::set_terminal`, and a POST to the CPO.
///         Ok(None)
///     }
///
///     async fn deactivate(&self, _: &Caller, terminal: Terminal) -> Result<Option<Terminal>, Error> {
///         Ok(Some(Terminal { location_ids: Vec::new(), evse_uids: Vec::new(), ..terminal }))
///     }
/// }
/// ```
pub trait TerminalDesk: Send + Sync + 'static {
    /// Activates a terminal. `Some`: it is stored for the CPO as given; `None`: the activation is in progress, and the
    /// application sets the terminal later.
    ///
    /// The same request may arrive twice: the returned terminal replaces one with the same id.
    ///
    /// # Errors
    /// When it is refused; the message goes to the CPO.
    fn activate(
        &self,
        caller: &Caller,
        wanted: &TerminalPatch,
    ) -> impl Future<Output = Result<Option<Terminal>, Error>> + Send {
        let _ = (caller, wanted);
        std::future::ready(Err(Error::forbidden("terminals are not activated by a request here")))
    }

    /// Deactivates a terminal of the CPO. `Some`: it is stored as given; `None`: it is unchanged.
    ///
    /// # Errors
    /// When it is refused; the message goes to the CPO.
    fn deactivate(
        &self,
        caller: &Caller,
        terminal: Terminal,
    ) -> impl Future<Output = Result<Option<Terminal>, Error>> + Send {
        let _ = (caller, terminal);
        std::future::ready(Err(Error::forbidden("terminals are not deactivated by a request here")))
    }
}

/// Decides nothing: activations and deactivations are refused.
impl TerminalDesk for () {}

impl<D: TerminalDesk> TerminalDesk for Arc<D> {
    async fn activate(&self, caller: &Caller, wanted: &TerminalPatch) -> Result<Option<Terminal>, Error> {
        (**self).activate(caller, wanted).await
    }

    async fn deactivate(&self, caller: &Caller, terminal: Terminal) -> Result<Option<Terminal>, Error> {
        (**self).deactivate(caller, terminal).await
    }
}
