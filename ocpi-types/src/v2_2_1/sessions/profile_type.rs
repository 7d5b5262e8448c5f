//! Kinds of smart charging, which tokens name as well as sessions.

use crate::macros::open_enum;

open_enum! {
    /// A kind of smart charging a driver can choose.
    ///
    /// Spec: 2.2.1 mod_sessions §profile_type_enum
    pub enum ProfileType = "ProfileType", open NEVER {
        /// As cheap as possible.
        Cheap = "CHEAP",
        /// As fast as possible, even at a higher price.
        Fast = "FAST",
        /// With as much renewable energy as possible.
        Green = "GREEN",
        /// No particular wish.
        Regular = "REGULAR",
    }
}
