//! Small types that several modules share: translated text, an amount of money and the role of a party.
//!
//! They have no endpoint of their own. They only occur as members of the objects of other modules, so any
//! party may send them. Plain scalars such as strings, numbers and timestamps are at the crate root.
//!
//! Spec: 2.2.1 types

use crate::macros::{object, open_enum};
use crate::{Check, Decimal, Language, Object, Text, rules};

object! {
    /// A text for people to read, with the language it is written in.
    ///
    /// Lists of this type usually hold the same text once per language.
    ///
    /// Spec: 2.2.1 types §displaytext_class
    pub struct DisplayText = "DisplayText", init DisplayTextInit {
        /// Language of the text, as a two-letter ISO 639-1 code.
        pub language: Language,
        /// Text to show. Plain text: HTML and other markup are forbidden.
        pub text: Text<512>,
    }
}

object! {
    /// An amount of money, without VAT and, when known, with VAT.
    ///
    /// The currency is not part of this object: the object around it says which one applies. OCPI never
    /// rounds amounts; the rounding that the contract or the law asks for is up to the caller.
    ///
    /// Spec: 2.2.1 types §price_class
    pub struct Price = "Price", init PriceInit, rules price_rules {
        /// The amount before VAT is added.
        pub excl_vat: Decimal,
        /// The amount after VAT is added. Absent when the sender gives none.
        pub incl_vat: Option<Decimal>,
    }
}

open_enum! {
    /// Role of a party in the charging market.
    ///
    /// Spec: 2.2.1 types §role_enum
    pub enum Role = "Role", open NEVER {
        /// Runs charge points.
        Cpo = "CPO",
        /// Has contracts with drivers and lets them charge.
        Emsp = "EMSP",
        /// Passes messages on between other parties. Gone in 2.3.0, where a platform names its hub party in
        /// the credentials instead.
        Hub = "HUB" in V2_2_1_DOWN,
        /// National access point: collects the charging locations of a whole country.
        Nap = "NAP",
        /// Navigation provider: much like an eMSP, but mostly after location data.
        Nsp = "NSP",
        /// None of the other roles.
        Other = "OTHER",
        /// Runs payment terminals (payment terminal provider). Only with Payments.
        Ptp = "PTP" in PAYMENTS,
        /// Steers charging speed on behalf of others (smart charging provider).
        Scsp = "SCSP",
    }
}

fn price_rules(price: &Price, check: &mut Check) {
    if price.extra.is_read(Price::INFO) {
        rules::tax_adds(check, "incl_vat", price.excl_vat, price.incl_vat);
    }
}
