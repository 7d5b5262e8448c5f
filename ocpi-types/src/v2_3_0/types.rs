//! Small types that several modules share: translated text, an amount of money with its taxes and the
//! role of a party.
//!
//! They have no endpoint of their own. They only occur as members of the objects of other modules, so any
//! party may send them. Plain scalars such as strings, numbers and timestamps are at the crate root.
//!
//! Spec: 2.3.0 types

// The same as in 2.2.1. `Role` no longer has `HUB`.
pub use crate::v2_2_1::types::{DisplayText, DisplayTextInit, Role};

use crate::macros::object;
use crate::{Decimal, Text};

object! {
    /// An amount of money before tax, and the taxes on it.
    ///
    /// In 2.2.1 it held the amounts without and with VAT (`excl_vat`, `incl_vat`); now it holds the
    /// amount before tax and each tax on its own, as North America needs. The currency is not part of
    /// this object: the object around it says which one applies.
    ///
    /// Spec: 2.3.0 types §price_class
    pub struct Price = "Price", init PriceInit {
        /// The amount before any tax is added.
        pub before_taxes: Decimal,
        /// The taxes that apply and that matter to the receiver of the session or CDR.
        pub taxes: Vec<TaxAmount>,
    }
}

object! {
    /// One tax on an amount of money.
    ///
    /// New: 2.2.1 knew nothing but VAT.
    ///
    /// Spec: 2.3.0 types §tax_amount_class
    pub struct TaxAmount = "TaxAmount", init TaxAmountInit {
        /// Name of the tax. Use the official name where the law asks for it (`QST` in Quebec), a
        /// general one such as `VAT` elsewhere. The specification gives no greatest length.
        pub name: Text<0>,
        /// Tax registration of the business that pays this tax to the state, where that is required. The
        /// specification gives no greatest length.
        pub account_number: Option<Text<0>>,
        /// Rate in percent, where that is required.
        pub percentage: Option<Decimal>,
        /// The tax due, in the same currency as the amount it belongs to.
        pub amount: Decimal,
    }
}
