//! Modules with lists: their paths, the ids of their objects, and their types in each version.

use ocpi_types::{ModuleId, Ruleset, Version, v2_1_1, v2_2_1, v2_3_0};
use serde_json::Value;

use crate::context::Context;
use crate::inspect::inspect;

/// Reading and checking of an object.
type Inspect = fn(&str, &'static Ruleset) -> Vec<String>;

/// A list of the Sender interface of a module.
pub(crate) struct ListOf {
    /// Name in ids of checks.
    pub(crate) name: &'static str,
    pub(crate) module: ModuleId,
    pub(crate) chapter: &'static str,
    /// Path below the URL of the module.
    pub(crate) path: &'static str,
    /// The oldest version that has it.
    pub(crate) since: Version,
    /// Members that make its identity, in the order of paths.
    pub(crate) key: &'static [&'static str],
    /// Parts that have URLs of their own below the object: their list, and their id.
    pub(crate) parts: &'static [(&'static str, &'static str)],
    /// Whether the Sender gives single objects.
    pub(crate) has_single: bool,
    /// Whether the objects name their owner (not in 2.1.1).
    pub(crate) is_owned: bool,
    /// The branch that has it, if it is one.
    branch: Option<&'static Ruleset>,
    v2_1_1: Option<Inspect>,
    v2_2_1: Option<Inspect>,
    v2_3_0: Inspect,
}

const OWNED: &[&str] = &["country_code", "party_id", "id"];

/// Most lists are like this one.
const USUAL: ListOf = ListOf {
    name: "locations",
    module: ModuleId::Locations,
    chapter: "mod_locations",
    path: "",
    since: Version::V2_1_1,
    key: OWNED,
    parts: &[],
    has_single: false,
    is_owned: true,
    branch: None,
    v2_1_1: Some(inspect::<v2_1_1::locations::Location>),
    v2_2_1: Some(inspect::<v2_2_1::locations::Location>),
    v2_3_0: inspect::<v2_3_0::locations::Location>,
};

/// All lists.
pub(crate) static LISTS: [ListOf; 11] = [
    ListOf { parts: &[("evses", "uid"), ("connectors", "id")], has_single: true, ..USUAL },
    ListOf {
        name: "tariffs",
        module: ModuleId::Tariffs,
        chapter: "mod_tariffs",
        v2_1_1: Some(inspect::<v2_1_1::tariffs::Tariff>),
        v2_2_1: Some(inspect::<v2_2_1::tariffs::Tariff>),
        v2_3_0: inspect::<v2_3_0::tariffs::Tariff>,
        ..USUAL
    },
    ListOf {
        name: "sessions",
        module: ModuleId::Sessions,
        chapter: "mod_sessions",
        v2_1_1: Some(inspect::<v2_1_1::sessions::Session>),
        v2_2_1: Some(inspect::<v2_2_1::sessions::Session>),
        v2_3_0: inspect::<v2_3_0::sessions::Session>,
        ..USUAL
    },
    ListOf {
        name: "cdrs",
        module: ModuleId::Cdrs,
        chapter: "mod_cdrs",
        v2_1_1: Some(inspect::<v2_1_1::cdrs::Cdr>),
        v2_2_1: Some(inspect::<v2_2_1::cdrs::Cdr>),
        v2_3_0: inspect::<v2_3_0::cdrs::Cdr>,
        ..USUAL
    },
    ListOf {
        name: "tokens",
        module: ModuleId::Tokens,
        chapter: "mod_tokens",
        key: &["country_code", "party_id", "uid", "type"],
        v2_1_1: Some(inspect::<v2_1_1::tokens::Token>),
        v2_2_1: Some(inspect::<v2_2_1::tokens::Token>),
        v2_3_0: inspect::<v2_3_0::tokens::Token>,
        ..USUAL
    },
    ListOf {
        name: "hubclientinfo",
        module: ModuleId::HubClientInfo,
        chapter: "mod_hub_client_info",
        since: Version::V2_2,
        key: &["country_code", "party_id", "role"],
        is_owned: false,
        v2_1_1: None,
        v2_2_1: Some(inspect::<v2_2_1::hub_client_info::ClientInfo>),
        v2_3_0: inspect::<v2_3_0::hub_client_info::ClientInfo>,
        ..USUAL
    },
    ListOf {
        name: "invoicereconciliation",
        module: ModuleId::InvoiceReconciliation,
        chapter: "mod_invoice_reconciliation",
        since: Version::V2_3_0,
        v2_1_1: None,
        v2_2_1: None,
        v2_3_0: inspect::<v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord>,
        ..USUAL
    },
    ListOf {
        name: "terminals",
        module: ModuleId::Payments,
        chapter: "mod_payments",
        path: "/terminals",
        since: Version::V2_3_0,
        key: &["terminal_id"],
        has_single: true,
        is_owned: false,
        branch: Some(&Ruleset::V2_3_0_PAYMENTS),
        v2_1_1: None,
        v2_2_1: None,
        v2_3_0: inspect::<v2_3_0::payments::Terminal>,
        ..USUAL
    },
    ListOf {
        name: "financial_advice_confirmations",
        module: ModuleId::Payments,
        chapter: "mod_payments",
        path: "/financial-advice-confirmations",
        since: Version::V2_3_0,
        key: &["id"],
        has_single: true,
        is_owned: false,
        branch: Some(&Ruleset::V2_3_0_PAYMENTS),
        v2_1_1: None,
        v2_2_1: None,
        v2_3_0: inspect::<v2_3_0::payments::FinancialAdviceConfirmation>,
        ..USUAL
    },
    ListOf {
        name: "booking_locations",
        module: ModuleId::Bookings,
        chapter: "mod_bookings",
        path: "/booking_locations",
        since: Version::V2_3_0,
        parts: &[("calendars", "id")],
        has_single: true,
        branch: Some(&Ruleset::V2_3_0_BOOKINGS),
        v2_1_1: None,
        v2_2_1: None,
        v2_3_0: inspect::<v2_3_0::bookings::BookingLocation>,
        ..USUAL
    },
    ListOf {
        name: "bookings",
        module: ModuleId::Bookings,
        chapter: "mod_bookings",
        since: Version::V2_3_0,
        branch: Some(&Ruleset::V2_3_0_BOOKINGS),
        v2_1_1: None,
        v2_2_1: None,
        v2_3_0: inspect::<v2_3_0::bookings::Booking>,
        ..USUAL
    },
];

impl ListOf {
    /// Identity of an object, as text; `None` if a member of it is missing.
    pub(crate) fn id(&self, json: &Value, version: Version) -> Option<String> {
        let text = |name: &&&str| json.get(**name).and_then(Value::as_str).map(str::to_owned);
        let names = self.key.iter().filter(|name| version >= Version::V2_2 || !is_owner(name));
        names
            .map(|name| text(&name).filter(|text| !text.is_empty()))
            .collect::<Option<Vec<_>>>()
            .map(|it| it.join("/"))
    }

    /// Part of a path that names an object at its Sender.
    pub(crate) fn segment(&self, json: &Value) -> Option<String> {
        let name = self.key.iter().find(|name| !is_owner(name))?;
        json.get(*name)?.as_str().map(str::to_owned)
    }

    /// Deviations of an object that are errors.
    pub(crate) fn inspect(&self, cx: &Context, text: &str, version: Version) -> Vec<String> {
        let inspect = match version.edition_of() {
            Version::V2_1_1 => self.v2_1_1,
            Version::V2_2_1 => self.v2_2_1,
            _ => Some(self.v2_3_0),
        };
        inspect.map(|inspect| inspect(text, self.ruleset(cx, version))).unwrap_or_default()
    }

    fn ruleset(&self, cx: &Context, version: Version) -> &'static Ruleset {
        let offers = |module: &ModuleId| {
            cx.server().endpoints.iter().any(|it| it.module.eq_ignore_ascii_case(module.as_str()))
        };
        match self.branch {
            Some(branch) => branch,
            None if version == Version::V2_3_0 && offers(&ModuleId::Payments) => &Ruleset::V2_3_0_PAYMENTS,
            None => Ruleset::of(version),
        }
    }
}

fn is_owner(name: &str) -> bool {
    matches!(name, "country_code" | "party_id")
}
