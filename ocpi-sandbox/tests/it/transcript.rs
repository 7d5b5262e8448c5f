//! Ten minutes of the city's day, as a partner sees them.

use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ocpi_types::v2_3_0::commands::{StartSession, StartSessionInit};
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::sessions::{Session, SessionStatus};
use ocpi_types::v2_3_0::tokens::Token;

use crate::town::Town;

/// Longest body that is shown as a whole.
const LONG: usize = 400;

#[test]
fn ten_minutes_as_a_partner_sees_them() {
    let town = Town::new(6, 2);
    town.step();
    let pulled = town.time.run(town.emsp.platform.pull::<Location>("cpo", |_, _| {})).unwrap().unwrap();
    assert_eq!(pulled.objects, 6);
    let text = Arc::new(Mutex::new(String::new()));
    let (to, clock) = (Arc::clone(&text), town.time.clock());
    town.network.watch(move |request| {
        let url = request.uri().to_string();
        let path = url.split("/2.3.0/").nth(1).unwrap_or(&url).to_owned();
        let who = if url.contains("emsp.example") { "city" } else { "eMSP" };
        let mut body = String::from_utf8_lossy(request.body()).into_owned();
        // Where a result is due cannot be told from one run to the next.
        let path = path.split("/commands/").next().unwrap_or(&path).to_owned();
        if let Some((before, after)) = body.split_once("\"response_url\":\"") {
            body = format!("{before}\"response_url\":\"…{}", after.find('"').map_or("", |end| &after[end..]));
        }
        if let Some((end, _)) = body.char_indices().nth(LONG) {
            body = format!("{}…", &body[..end]);
        }
        let now = clock.now().to_string();
        let _ = writeln!(to.lock().unwrap(), "{} {who}: {} {path} {body}", &now[11..19], request.method());
        None
    });
    for minute in 0..10 {
        if minute == 2 {
            let all = town.cpo.all::<Location>();
            let (location, evse) = all
                .iter()
                .find_map(|it| {
                    it.evses.iter().find(|it| it.status == Status::Available).map(|evse| (it, evse))
                })
                .unwrap();
            let token = town.emsp.all::<Token>().remove(0);
            let command = |response_url| StartSession {
                evse_uid: Some(evse.uid.clone()),
                connector_id: Some(evse.connectors.first().unwrap().id.clone()),
                ..StartSessionInit { response_url, token, location_id: location.id.clone() }.into()
            };
            drop(town.time.run(town.emsp.platform.ask("cpo", command)).unwrap().unwrap());
        }
        if minute == 8 {
            let active = town.emsp.all::<Session>();
            let active = active
                .iter()
                .find(|it| it.status == SessionStatus::Active && it.auth_method.as_str() == "COMMAND");
            drop(
                town.time.run(town.emsp.platform.stop_session("cpo", &active.unwrap().id)).unwrap().unwrap(),
            );
        }
        town.pass(30);
        town.pass(30);
    }
    shown(&text.lock().unwrap());
}

/// Compares with the file; with `OCPI_BLESS` set it writes the file.
fn shown(text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shown/ten-minutes.txt");
    if std::env::var_os("OCPI_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{} is shown as\n{text}", path.display());
}
