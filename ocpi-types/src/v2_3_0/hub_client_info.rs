//! Hub client info: which parties are connected to a hub, and whether they can be reached.
//!
//! The hub owns this data. It pushes each change, and parties can fetch the whole list. Nothing changed
//! against 2.2.1 but that the role `HUB` is gone. A hub is expected to name the same parties in its
//! credentials; which of the two counts is not said.
//!
//! Spec: 2.3.0 mod_hub_client_info

// The same as in 2.2.1.
pub use crate::v2_2_1::hub_client_info::{ClientInfo, ClientInfoInit, ConnectionStatus};
