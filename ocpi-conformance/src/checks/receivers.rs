//! Receiver interfaces, as far as they can be looked at without a change.

use http::Method;
use ocpi_types::{InterfaceRole, ModuleId};

use crate::behaviour::{Behaviour, behaviours};
use crate::check::{Done, Stop};
use crate::checks::auth::{unauthorized, wrong};
use crate::checks::items::UNKNOWN;
use crate::context::Context;
use crate::pushes::below;
use crate::wire::{Ask, Auth};

/// Receiver interface of a module with objects of partners.
pub(crate) struct Receiver {
    pub(crate) name: &'static str,
    pub(crate) module: ModuleId,
    pub(crate) chapter: &'static str,
    /// Whether copies are had by owner and id; the others cannot be asked for without knowing a URL.
    has_copies: bool,
    /// Request that is refused without a token, below the URL of the module.
    probe: (Method, &'static str),
}

const USUAL: Receiver = Receiver {
    name: "locations",
    module: ModuleId::Locations,
    chapter: "mod_locations",
    has_copies: true,
    probe: (Method::GET, "ZZ/ZZZ/no-such-id-7f3a"),
};

/// Modules with a Receiver interface.
pub(crate) static RECEIVERS: [Receiver; 10] = [
    USUAL,
    Receiver { name: "tariffs", module: ModuleId::Tariffs, chapter: "mod_tariffs", ..USUAL },
    Receiver { name: "sessions", module: ModuleId::Sessions, chapter: "mod_sessions", ..USUAL },
    Receiver { name: "tokens", module: ModuleId::Tokens, chapter: "mod_tokens", ..USUAL },
    Receiver {
        name: "cdrs",
        module: ModuleId::Cdrs,
        chapter: "mod_cdrs",
        has_copies: false,
        probe: (Method::POST, ""),
    },
    Receiver {
        name: "commands",
        module: ModuleId::Commands,
        chapter: "mod_commands",
        has_copies: false,
        probe: (Method::POST, "STOP_SESSION"),
    },
    Receiver {
        name: "chargingprofiles",
        module: ModuleId::ChargingProfiles,
        chapter: "mod_charging_profiles",
        has_copies: false,
        probe: (Method::PUT, UNKNOWN),
    },
    Receiver {
        name: "hubclientinfo",
        module: ModuleId::HubClientInfo,
        chapter: "mod_hub_client_info",
        has_copies: false,
        probe: (Method::GET, "ZZ/ZZZ"),
    },
    Receiver {
        name: "invoicereconciliation",
        module: ModuleId::InvoiceReconciliation,
        chapter: "mod_invoice_reconciliation",
        ..USUAL
    },
    Receiver { name: "bookings", module: ModuleId::Bookings, chapter: "mod_bookings", ..USUAL },
];

pub(crate) const OF_RECEIVERS: &[Behaviour<Receiver>] = behaviours! { Receiver, ReadOnly;
    "receiver_without_token" Must V2_1_1: "The Receiver interface is for those who have a token",
        "transport_and_format §authorization_header" => without_token;
    "receiver_wrong_token" Must V2_1_1: "The Receiver interface is not for an unknown token",
        "transport_and_format §authorization_header" => wrong_token;
    "copy_unknown" Must V2_1_1: "A copy that nobody has put is not there", "§interfaces_and_endpoints"
        => copy_unknown;
    "copy_foreign" Must V2_1_1: "Objects of a party that the caller does not speak for are not there",
        "transport_and_format §client_owned_object_push" => copy_foreign;
};

async fn without_token(cx: &Context, receiver: &Receiver) -> Done {
    unauthorized(&cx.wire.send(&probe(cx, receiver)?.auth(Auth::Nothing)).await?)
}

async fn wrong_token(cx: &Context, receiver: &Receiver) -> Done {
    unauthorized(&cx.wire.send(&probe(cx, receiver)?.auth(wrong(cx)?)).await?)
}

async fn copy_unknown(cx: &Context, receiver: &Receiver) -> Done {
    if !receiver.has_copies {
        return Err(Stop::skip("copies have no URLs that can be guessed"));
    }
    let Some(party) = cx.options.party.clone() else {
        return Err(Stop::skip("our party is not known: name it"));
    };
    let segments = [party.country_code.as_str(), party.party_id.as_str(), UNKNOWN];
    let url = below(&url(cx, receiver)?, &segments)?;
    cx.wire.send(&Ask::get(url).functional()).await?.refused("nobody has put it")?;
    Ok(1)
}

async fn copy_foreign(cx: &Context, receiver: &Receiver) -> Done {
    if !receiver.has_copies {
        return Err(Stop::skip("copies have no URLs that can be guessed"));
    }
    let url = below(&url(cx, receiver)?, &["ZZ", "ZZZ", UNKNOWN])?;
    cx.wire.send(&Ask::get(url).functional()).await?.refused("`ZZ/ZZZ` is not the caller's")?;
    Ok(1)
}

fn probe(cx: &Context, receiver: &Receiver) -> Result<Ask, Stop> {
    let (method, path) = &receiver.probe;
    let base = url(cx, receiver)?;
    let url = if path.is_empty() { base } else { below(&base, &path.split('/').collect::<Vec<_>>())? };
    let ask = Ask::new(method.clone(), url);
    // Nothing that could be done, should the token not be asked for.
    Ok(if *method == Method::GET { ask } else { ask.body("{}") })
}

fn url(cx: &Context, receiver: &Receiver) -> Result<String, Stop> {
    cx.endpoint(&receiver.module, &InterfaceRole::Receiver)
        .ok_or_else(|| Stop::skip("the Receiver interface is not offered"))
}
