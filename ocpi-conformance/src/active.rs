//! The checks that write, in their order.

use ocpi_types::{InterfaceRole, ModuleId};

use crate::behaviour::{Group, run};
use crate::checks::{authorize, bookings, cdrs, commands, parts, patches, payments, profiles, puts};
use crate::context::Context;
use crate::pushes::{PUSHES, Push};

/// Runs the checks that write, as far as the server has the modules, and withdraws what they created.
pub(crate) async fn act(cx: &Context) {
    for push in pushes(cx) {
        let group = group(push);
        run(cx, group, puts::OF_PUTS, push).await;
        if push.is_deletable {
            run(cx, group, puts::OF_DELETES, push).await;
        }
        if cx.version().is_some_and(|version| push.is_patched(version)) {
            run(cx, group, patches::OF_PATCHES, push).await;
        }
        match push.name {
            "locations" => run(cx, group, parts::OF_LOCATIONS, push).await,
            "sessions" => run(cx, group, parts::OF_SESSIONS, push).await,
            "tokens" => run(cx, group, parts::OF_TOKENS, push).await,
            _ => {}
        }
    }
    if offers(cx, &ModuleId::Cdrs, &InterfaceRole::Receiver) {
        run(cx, cdrs::CDRS, cdrs::OF_CDRS, &()).await;
    }
    if offers(cx, &ModuleId::Tokens, &InterfaceRole::Sender) {
        run(cx, authorize::TOKENS, authorize::OF_AUTHORIZATION, &()).await;
    }
    if offers(cx, &ModuleId::Commands, &InterfaceRole::Receiver) {
        run(cx, commands::COMMANDS, commands::OF_COMMANDS, &()).await;
    }
    if offers(cx, &ModuleId::ChargingProfiles, &InterfaceRole::Receiver) {
        run(cx, profiles::PROFILES, profiles::OF_PROFILES, &()).await;
    }
    if offers(cx, &ModuleId::Sessions, &InterfaceRole::Sender) {
        run(cx, profiles::PREFERENCES, profiles::OF_PREFERENCES, &()).await;
    }
    if offers(cx, &ModuleId::Payments, &InterfaceRole::Receiver) {
        for posted in &payments::POSTED {
            let group = Group { name: posted.name, ..payments::TERMINALS };
            run(cx, group, payments::OF_POSTED, posted).await;
        }
    }
    if offers(cx, &ModuleId::Payments, &InterfaceRole::Sender) {
        run(cx, payments::TERMINALS, payments::OF_TERMINALS, &()).await;
    }
    if offers(cx, &ModuleId::Bookings, &InterfaceRole::Sender) {
        run(cx, bookings::BOOKINGS, bookings::OF_REQUESTS, &()).await;
    }
    for push in pushes(cx) {
        run(cx, group(push), puts::OF_UNDOING, push).await;
    }
}

fn pushes(cx: &Context) -> impl Iterator<Item = &'static Push> {
    let is_there =
        |push: &&Push| cx.version() >= Some(push.since) && offers(cx, &push.module, &InterfaceRole::Receiver);
    PUSHES.iter().filter(is_there).collect::<Vec<_>>().into_iter()
}

fn group(push: &Push) -> Group<'_> {
    Group { name: push.name, module: push.module.as_str(), chapter: push.chapter }
}

fn offers(cx: &Context, module: &ModuleId, role: &InterfaceRole) -> bool {
    cx.wants(module.as_str()) && cx.endpoint(module, role).is_some()
}
