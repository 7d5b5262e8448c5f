//! The steps, each with a verdict that follows from what was seen.

mod command;
mod credentials;
mod objects;

use crate::dialog::{Failure, Told};
use crate::ours::Ours;
use crate::request::Request;

/// Runs a step.
pub(crate) async fn run(ours: &mut Ours, request: &Request) -> Result<Told, Failure> {
    match request.step() {
        "invite" => credentials::invite(ours, request).await,
        "forget" => credentials::forget(ours).await,
        "adopt" => credentials::adopt(ours, request).await,
        "state" => credentials::state(ours).await,
        "discover" => credentials::discover(ours, request).await,
        "register" => credentials::register(ours, request).await,
        "rotate" => credentials::rotate(ours).await,
        "unregister" => credentials::unregister(ours).await,
        "unregister again" => credentials::unregister_again(ours).await,
        "stored" => objects::stored(ours, request).await,
        "crawl" => objects::crawl(ours, request).await,
        "get" => objects::get(ours, request).await,
        "put" => objects::put(ours, request).await,
        "patch" => objects::patch(ours, request).await,
        "command" => command::start_session(ours, request).await,
        other => Err(format!("there is no step {other}").into()),
    }
}
