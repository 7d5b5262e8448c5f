//! Payments: bank card terminals, and the amounts captured from a card.
//!
//! A branch of 2.3.0. A payment terminal provider (PTP) owns the terminals and sends them to the CPO; the
//! CPO says which locations and EVSEs a terminal serves. The driver pays at the terminal: the PTP reserves
//! the tariff's `preauthorize_amount`, starts the session with a command, and captures the price of the
//! CDR. If the CPO writes the invoice, the PTP then posts a confirmation with the lines to print on it.
//!
//! Spec: 2.3.0 mod_payments

use super::locations::GeoLocation;
use super::types::Price;
use crate::macros::{object, open_enum};
use crate::v2_2_1::locations::places;
use crate::{
    Check, CiString, CountryCode, CountryCode3, Currency, DateTime, Object, PartyId, Rule, Text, Url,
};

object! {
    /// A payment terminal, and the chargers that can be paid at it.
    ///
    /// Only with Payments. Ids of terminals are unique to a PTP, which the object does not name: keep
    /// terminals apart by the connection they came over. The address members are free text here; the
    /// specification wants printable ASCII in them, which would rule out many street names.
    ///
    /// Spec: 2.3.0 mod_payments §terminal_object
    pub struct Terminal = "Terminal", init TerminalInit, patch TerminalPatch, rules terminal_rules {
        /// Identifies the terminal.
        pub terminal_id: CiString<36>,
        /// Says which platform of a CPO the terminal belongs to, such as by the order it came with.
        pub customer_reference: Option<CiString<36>>,
        /// With `country_code` another way to say the same: the party id of the CPO.
        pub party_id: Option<PartyId>,
        /// Country of the CPO, for `party_id`.
        pub country_code: Option<CountryCode>,
        /// Street or block, with the house number if there is one.
        pub address: Option<Text<45>>,
        /// City or town.
        pub city: Option<Text<45>>,
        /// Postal code. Only absent where the place has none.
        pub postal_code: Option<Text<10>>,
        /// State or province, where that matters.
        pub state: Option<Text<20>>,
        /// Country of the place, as an ISO 3166-1 alpha-3 code.
        pub country: Option<CountryCode3>,
        /// Where the terminal is.
        pub coordinates: Option<GeoLocation>,
        /// Where drivers find invoices: this, followed by the `authorization_reference`.
        pub invoice_base_url: Option<Url>,
        /// Party that writes the invoice for the driver.
        pub invoice_creator: Option<InvoiceCreator>,
        /// The PTP's own mark of the terminal, such as its serial number.
        pub reference: Option<CiString<36>>,
        /// Ids of the locations that can be paid at it. They and `evse_uids` add up.
        pub location_ids: Vec<CiString<36>>,
        /// Uids of the EVSEs that can be paid at it.
        pub evse_uids: Vec<CiString<36>>,
        /// When the terminal was last changed, or created.
        pub last_updated: DateTime,
    }
}

object! {
    /// Confirmation of the amount captured from the driver's card for a session.
    ///
    /// Only with Payments. The PTP sends it if the CPO writes the invoice, which must show `eft_data`.
    ///
    /// Spec: 2.3.0 mod_payments §financial_advice_confirmation_object
    pub struct FinancialAdviceConfirmation = "FinancialAdviceConfirmation",
        init FinancialAdviceConfirmationInit {
        /// Identifies the confirmation.
        pub id: CiString<36>,
        /// The reference that the PTP gave when it started the session. It is in the session and the CDR too.
        pub authorization_reference: CiString<36>,
        /// Amount captured, in `currency`, with tax.
        pub total_costs: Price,
        /// Currency of `total_costs`.
        pub currency: Currency,
        /// Lines about the payment that the invoice must show. The specification asks for one or more;
        /// but when the capture failed there is none, so the list may be empty here.
        pub eft_data: Vec<Text<255>>,
        /// Part of the money that was captured: all, some or none.
        pub capture_status_code: CaptureStatusCode,
        /// Description of the problem, for people.
        pub capture_status_message: Option<Text<255>>,
        /// When the confirmation was last changed, or created.
        pub last_updated: DateTime,
    }
}

open_enum! {
    /// Party that writes the invoice for the driver.
    ///
    /// Only with Payments.
    ///
    /// Spec: 2.3.0 mod_payments §invoice_creator_enum
    pub enum InvoiceCreator = "InvoiceCreator", open NEVER {
        /// The CPO. The driver finds it under the terminal's `invoice_base_url`.
        Cpo = "CPO",
        /// The PTP. The driver gets it at the terminal.
        Ptp = "PTP",
    }
}

open_enum! {
    /// Part of the money that was captured from the card.
    ///
    /// Only with Payments.
    ///
    /// Spec: 2.3.0 mod_payments §capture_status_code_enum
    pub enum CaptureStatusCode = "CaptureStatusCode", open NEVER {
        /// All of it.
        Success = "SUCCESS",
        /// Less than asked for, or on other terms, such as when the account holds too little.
        PartialSuccess = "PARTIAL_SUCCESS",
        /// None.
        Failed = "FAILED",
    }
}

fn terminal_rules(terminal: &Terminal, check: &mut Check) {
    places::in_country_at(check, "coordinates", terminal.country.as_ref(), terminal.coordinates.as_ref());
    if !terminal.extra.is_read(Terminal::INFO) {
        return;
    }
    let (country, party) = (terminal.country_code.is_some(), terminal.party_id.is_some());
    let absent = if country { "party_id" } else { "country_code" };
    check.expect_at(absent, country == party, Rule::TerminalParty);
}
