//! Laws: what must hold after every course.

use std::sync::Arc;

use ocpi_platform::{PartnerState, PartnerStatus};
use ocpi_types::endpoint::List;
use ocpi_types::v2_3_0::commands::{StartSession, StopSession};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;

use super::course::{Course, Told};
use super::line::Line;
use super::objects::{self, Key};
use super::world::{CPO, EMSP, NAMES, Ours, World};

/// Rounds of ticks until both sides have found to each other, some 40 minutes each.
const ROUNDS: usize = 8;
const ROUND: u64 = 2_400;

/// When a registration has succeeded, the partner is registered.
pub(crate) async fn is_registered(course: &mut Course<'_>) {
    let status = status(course, EMSP).await;
    if status.is_none_or(|status| status.state != PartnerState::Registered) {
        course.world.wrong("registered, and is not");
    }
}

/// An object of which the other side has said that it has it is there as it should be.
pub(crate) async fn is_there(course: &Course<'_>, key: Key) {
    let state = course.truth.0[&key];
    if let Some(differences) = objects::differences(course.world, key, &state).await {
        course.world.wrong(format!("success was told, and {differences}"));
    }
}

/// Whatever happened: once it is calm, the processes heal the registration by themselves.
pub(crate) async fn settle(course: &mut Course<'_>) {
    course.reopen().await;
    arrive(course).await;
    // A registration that never began is begun by its operator again.
    drop(course.register().await);
    for _ in 0..ROUNDS {
        course.world.wait(ROUND).await;
        for side in [CPO, EMSP] {
            let ticked =
                course.operate(side, "tick", |ours| async move { ours.tick().await.map(drop) }).await;
            if let Err(told) = ticked {
                course.world.wrong(format!("a tick fails in calm weather: {told:?}"));
            }
        }
        if is_good(course, CPO).await && is_good(course, EMSP).await {
            break;
        }
    }
    for side in [CPO, EMSP] {
        if !is_good(course, side).await {
            let status = status(course, side).await;
            let state = status.map(|it| (it.state, it.is_confirmed, it.is_exchanging, it.is_suspect));
            course.world.wrong(format!("{} does not settle: {state:?}", NAMES[side]));
        }
        if !reaches(course, side).await {
            course.world.wrong(format!("{} is locked out", NAMES[side]));
        }
    }
}

/// Whether a side has nothing left to do about the registration.
async fn is_good(course: &mut Course<'_>, side: usize) -> bool {
    status(course, side).await.is_some_and(|status| {
        let is_open = status.is_exchanging || status.is_suspect || !status.is_confirmed;
        status.state == PartnerState::Registered && !is_open
    })
}

/// Lets all requests arrive that are under way.
async fn arrive(course: &Course<'_>) {
    for _ in 0..40 {
        if course.world.tasks.is_empty() {
            return;
        }
        course.world.wait(60).await;
    }
    course.world.wrong("something never comes to an end");
}

/// Sends again all that was not told to have arrived: then each copy is as it should be.
pub(crate) async fn nothing_is_lost(course: &mut Course<'_>) {
    let all: Vec<(Key, bool)> = course.truth.0.iter().map(|(key, state)| (*key, state.is_there)).collect();
    for (key, is_there) in all {
        if !is_there && !course.send(key).await {
            course.world.wrong(format!("{key} cannot be sent again"));
        }
        let state = course.truth.0[&key];
        if let Some(differences) = objects::differences(course.world, key, &state).await {
            course.world.wrong(format!("in the end {differences}"));
        }
    }
}

/// Also of those that a crashed process has sent.
pub(crate) async fn every_command_has_an_outcome(course: &mut Course<'_>) {
    let pending = course.operate(EMSP, "pending", |emsp| async move { emsp.pending().await }).await;
    let Ok(pending) = pending else { return course.world.wrong("nobody can say what is awaited") };
    for pending in pending {
        let outcome = course.operate(EMSP, "outcome", |emsp| async move {
            if pending.kind.as_str() == "START_SESSION" {
                let Some(handle) = emsp.result_of::<StartSession>(&pending.id).await? else {
                    return Ok(false);
                };
                handle.result().await.map(|_| true)
            } else {
                let Some(handle) = emsp.result_of::<StopSession>(&pending.id).await? else {
                    return Ok(false);
                };
                handle.result().await.map(|_| true)
            }
        });
        if !outcome.await.is_ok_and(|is_known| is_known) {
            course.world.wrong("a command has no outcome");
        }
    }
    let left = course.operate(EMSP, "pending", |emsp| async move { emsp.pending().await }).await;
    if !left.is_ok_and(|left| left.is_empty()) {
        course.world.wrong("a command is awaited for ever");
    }
}

/// One side ends the registration, in whatever weather. Then both know that there is none, the tokens are dead, and they can
/// register anew.
pub(crate) async fn comes_to_an_end(course: &mut Course<'_>) {
    let mut clients = Vec::new();
    for side in [CPO, EMSP] {
        let client =
            course.operate(side, "client", |ours| async move { ours.client(NAMES[1 - side]).await }).await;
        // By a line that outlives the process.
        let fuse = Arc::clone(&course.world.forever);
        let line = Line { world: Arc::downgrade(course.world), from: side, fuse };
        clients.extend(client.map(|client| client.over(line)));
    }
    let side = course.world.chance.one_of(&[CPO, EMSP]);
    let ends = |ours: Ours| async move { ours.unregister(NAMES[1 - side]).await };
    let ended = course.operate(side, "unregister", ends).await;
    course.world.calm();
    course.reopen().await;
    if let Err(Told::Crashed) = ended {
        // Its operator looks, and does it again if it was not begun.
        drop(course.operate(side, "unregister", ends).await);
    }
    arrive(course).await;
    for _ in 0..3 {
        course.world.wait(ROUND).await;
        for side in [CPO, EMSP] {
            drop(course.operate(side, "tick", |ours| async move { ours.tick().await.map(drop) }).await);
        }
    }
    for side in [CPO, EMSP] {
        let state = status(course, side).await.map(|status| status.state);
        if state != Some(PartnerState::Left) {
            course.world.wrong(format!("{} has not ended: {state:?}", NAMES[side]));
        }
    }
    for client in clients {
        let answer = client.send(&List::<Tariff>::all()).await.map(drop);
        let is_dead = answer.is_err_and(|error| error.is_unauthorized() || error.is_not_offered());
        if !is_dead {
            course.world.wrong("a token lives on");
        }
    }
    let invite = |cpo: Ours| async move { cpo.invite(NAMES[EMSP], World::allow(EMSP)).await };
    course.token_a = course.operate(CPO, "invite", invite).await.ok();
    if course.register().await.is_err() || !reaches(course, EMSP).await || !reaches(course, CPO).await {
        course.world.wrong("they cannot register anew");
    }
}

async fn status(course: &mut Course<'_>, side: usize) -> Option<PartnerStatus> {
    loop {
        let look = |ours: Ours| async move { ours.partner(NAMES[1 - side]).await };
        match course.operate(side, "status", look).await {
            Ok(status) => return status,
            // It is looked at again, by the process that comes after.
            Err(Told::Crashed) => {}
            Err(_) => return None,
        }
    }
}

async fn reaches(course: &mut Course<'_>, side: usize) -> bool {
    let sent = course.operate(side, "list", |ours| async move {
        match side {
            CPO => ours.send(NAMES[EMSP], &List::<Token>::all()).await.map(drop),
            _ => ours.send(NAMES[CPO], &List::<Tariff>::all()).await.map(drop),
        }
    });
    sent.await.is_ok()
}
