//! Reacts to each change of a Session that a partner pushes.

use std::sync::mpsc::{Sender, channel};

use ocpi_client::Transport;
use ocpi_platform::Platform;
use ocpi_server_traits::Store;
use ocpi_testkit::{Network, PlatformSetup, parse, session_json};
use ocpi_types::endpoint::Put;
use ocpi_types::v2_3_0::sessions::Session;
use pollster::block_on;

fn bill<S: Store, T: Transport>(emsp: &Platform<S, T>, out: Sender<String>) {
    // [task]
    emsp.react::<Session, _>("billing", move |change| {
        let told = change.now.map(|session| out.send(format!("{}: {} kWh", session.id, session.kwh)));
        async move { Ok(told.unwrap_or(Ok(()))?) } // at least once; its position is kept under the name
    });
    // [end]
}

#[test]
fn each_session_that_is_pushed_is_told() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    let router = emsp.platform.router(|routes| routes.emsp(emsp.platform.objects())).expect("a router");
    network.add_router("emsp.example", router);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    let (out, told) = channel();
    bill(&emsp.platform, out);
    let push = |kwh: &str, updated: &str| {
        let json =
            session_json("NL/ALF", "S1", updated).replace(r#""kwh": 1.5"#, &format!(r#""kwh": {kwh}"#));
        block_on(cpo.platform.send("emsp", &Put::of(parse::<Session>(&json)))).expect("pushed");
        block_on(emsp.platform.reactions_due()).expect("a store");
    };
    push("1.5", "10:00:00");
    push("2.5", "10:05:00");
    assert_eq!(told.try_iter().collect::<Vec<_>>(), ["S1: 1.5 kWh", "S1: 2.5 kWh"]);
    block_on(emsp.platform.reactions_due()).expect("a store");
    assert_eq!(told.try_iter().count(), 0, "each change once, as nothing failed");
}
