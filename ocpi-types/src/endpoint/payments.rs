//! Payments: terminals, and confirmations of payments.
//!
//! Paths do not name an owner: the provider of the terminals (PTP) is the sender, the CPO the receiver, and the
//! connection identifies both.

use super::declare::endpoint;
use super::key::{FinancialAdviceConfirmationKey, Key, TerminalKey};
use super::{Addressed, Body, PushOutcome};
use crate::Value;
use crate::v2_2_1::versions::ModuleId;
use crate::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal, TerminalPatch};

impl Addressed for Terminal {
    const MODULE: ModuleId = ModuleId::Payments;
    const COLLECTION: &'static [&'static str] = &["terminals"];
    type Key = TerminalKey;
}

impl Addressed for FinancialAdviceConfirmation {
    const MODULE: ModuleId = ModuleId::Payments;
    const COLLECTION: &'static [&'static str] = &["financial-advice-confirmations"];
    type Key = FinancialAdviceConfirmationKey;
}

/// POST with which a CPO requests the activation of a terminal.
///
/// The CPO gives the members that it knows; even the id may be missing, so the type of the body has only optional
/// members (erratum T12).
///
/// Spec: 2.3.0 mod_payments
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ActivateTerminal(pub TerminalPatch);

endpoint! {
    ActivateTerminal = "ActivateTerminal", POST Payments Sender ["terminals", "activate"] -> (),
    body Body::Partial(Terminal::TYPE),
    encode |this, to| {
        to.segment("terminals");
        to.segment("activate");
        to.body(&this.0);
    },
    decode |from| from.read_patch().map(Self),
}

/// POST with which a CPO requests the deactivation of a terminal.
///
/// Spec: 2.3.0 mod_payments
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeactivateTerminal {
    /// The terminal.
    pub key: TerminalKey,
}

endpoint! {
    DeactivateTerminal = "DeactivateTerminal",
    POST Payments Sender ["terminals", {"terminal_id"}, "deactivate"] -> (),
    encode |this, to| {
        to.segment("terminals");
        this.key.encode(to);
        to.segment("deactivate");
    },
    decode |from| Ok(Self { key: TerminalKey::decode(from, 0)? }),
}

/// PUT with which a CPO changes a terminal, for example the Locations that it serves.
///
/// Spec: 2.3.0 mod_payments
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PutTerminal {
    /// Key of the terminal.
    pub key: TerminalKey,
    /// The terminal.
    pub terminal: Terminal,
}

endpoint! {
    PutTerminal = "PutTerminal", PUT Payments Sender ["terminals", {"terminal_id"}] -> PushOutcome,
    body Body::Whole(Terminal::TYPE),
    encode |this, to| {
        to.segment("terminals");
        this.key.encode(to);
        to.body(&this.terminal);
    },
    decode |from| Ok(Self { key: TerminalKey::decode(from, 0)?, terminal: from.read_body()? }),
    consistent |this| {
        let same = this.terminal.terminal_id == this.key.terminal_id;
        if same { Ok(()) } else { Err("the ids in the URL and in the object differ") }
    },
}

/// PATCH with which a CPO changes some members of a terminal. `last_updated` is optional.
///
/// Spec: 2.3.0 mod_payments
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PatchTerminal {
    /// Key of the terminal.
    pub key: TerminalKey,
    /// The change.
    pub patch: TerminalPatch,
}

endpoint! {
    PatchTerminal = "PatchTerminal", PATCH Payments Sender ["terminals", {"terminal_id"}] -> PushOutcome,
    body Body::Partial(Terminal::TYPE),
    encode |this, to| {
        to.segment("terminals");
        this.key.encode(to);
        to.body(&this.patch);
    },
    decode |from| Ok(Self { key: TerminalKey::decode(from, 0)?, patch: from.read_patch()? }),
}

/// GET of the CPO's copy of a terminal.
///
/// Spec: 2.3.0 mod_payments
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetTerminal {
    /// Key of the terminal.
    pub key: TerminalKey,
}

endpoint! {
    GetTerminal = "GetTerminal", GET Payments Receiver ["terminals", {"terminal_id"}] -> Terminal,
    encode |this, to| {
        to.segment("terminals");
        this.key.encode(to);
    },
    decode |from| Ok(Self { key: TerminalKey::decode(from, 0)? }),
}

/// POST with which a PTP creates a terminal at the CPO.
///
/// Possibly only the id is known, so the type of the body has only optional members (erratum T12).
///
/// Spec: 2.3.0 mod_payments
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostTerminal(pub TerminalPatch);

endpoint! {
    PostTerminal = "PostTerminal", POST Payments Receiver ["terminals"] -> PushOutcome,
    body Body::Partial(Terminal::TYPE),
    encode |this, to| {
        to.segment("terminals");
        to.body(&this.0);
    },
    decode |from| from.read_patch().map(Self),
    consistent |this| {
        let named = this.0.terminal_id.as_set().is_some();
        if named { Ok(()) } else { Err("a new terminal must give terminal_id") }
    },
}

/// GET of the CPO's copy of a financial advice confirmation.
///
/// Spec: 2.3.0 mod_payments
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetFinancialAdviceConfirmation {
    /// Key of the confirmation.
    pub key: FinancialAdviceConfirmationKey,
}

endpoint! {
    GetFinancialAdviceConfirmation = "GetFinancialAdviceConfirmation",
    GET Payments Receiver ["financial-advice-confirmations", {"financial_advice_confirmation_id"}]
        -> FinancialAdviceConfirmation,
    encode |this, to| {
        to.segment("financial-advice-confirmations");
        this.key.encode(to);
    },
    decode |from| Ok(Self { key: FinancialAdviceConfirmationKey::decode(from, 0)? }),
}

/// POST with which a PTP reports the outcome of a payment to the CPO.
///
/// Spec: 2.3.0 mod_payments
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostFinancialAdviceConfirmation(pub FinancialAdviceConfirmation);

endpoint! {
    PostFinancialAdviceConfirmation = "PostFinancialAdviceConfirmation",
    POST Payments Receiver ["financial-advice-confirmations"] -> PushOutcome,
    body Body::Whole(FinancialAdviceConfirmation::TYPE),
    encode |this, to| {
        to.segment("financial-advice-confirmations");
        to.body(&this.0);
    },
    decode |from| from.read_body().map(Self),
}
