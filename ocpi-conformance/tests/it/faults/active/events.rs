//! Faults of CDRs, commands, charging profiles, authorization, payments and bookings.

use std::sync::atomic::{AtomicBool, Ordering};

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Fault, assert_caught, open, refuse, swallow_refusal};
use crate::layer::Asked;
use crate::layer::Deed::{After, Before};
use crate::layer::Told;

fn is_cdr(it: &Asked) -> bool {
    it.path.contains("/receiver/cdrs")
}

fn is_command(it: &Asked) -> bool {
    it.path.contains("/receiver/commands/")
}

fn is_profile(it: &Asked) -> bool {
    it.path.contains("/receiver/chargingprofiles/")
}

fn is_preference(it: &Asked) -> bool {
    it.path.ends_with("/charging_preferences")
}

fn is_question(it: &Asked) -> bool {
    it.path.ends_with("/authorize")
}

fn is_terminal(it: &Asked) -> bool {
    it.path.contains("/payments/terminals")
}

fn is_confirmation(it: &Asked) -> bool {
    it.path.contains("/payments/financial-advice")
}

fn is_booking(it: &Asked) -> bool {
    it.path.ends_with("/sender/bookings") && it.is(Method::POST)
}

fn text(it: &Asked) -> String {
    String::from_utf8_lossy(it.request.body()).into_owned()
}

fn accept(it: &mut Asked) -> Option<Told> {
    it.is_authorized().then(|| Told::success(&json!({"result": "ACCEPTED", "timeout": 5})))
}

static WAS_CHANGED: AtomicBool = AtomicBool::new(false);

const CDRS: &[Fault] = &[
    Fault(&["cdrs"], &["cdrs.post"], is_cdr, After(refuse)),
    Fault(&["cdrs"], &["cdrs.post_location"], is_cdr, After(|_, told| told.set("location", None))),
    Fault(
        &["cdrs"],
        &["cdrs.post_location"],
        is_cdr,
        After(|_, told| told.set("location", Some("/ocpi/cdrs/1"))),
    ),
    Fault(
        &["cdrs"],
        &["cdrs.post_location"],
        is_cdr,
        After(|_, told| told.set("location", Some("https://elsewhere.example/cdrs/1"))),
    ),
    Fault(
        &["cdrs"],
        &["cdrs.post_get"],
        |it| is_cdr(it) && it.is(Method::GET),
        After(|_, told| told.data(|it| it["total_energy"] = 1.into())),
    ),
    Fault(
        &["cdrs"],
        &["cdrs.post_again"],
        |it| is_cdr(it) && it.is(Method::POST),
        After(|it, told| {
            if let Some(url) = told.header("location") {
                told.set("location", Some(&format!("{url}?number={}", it.number)));
            }
        }),
    ),
    Fault(
        &["cdrs"],
        &["cdrs.post_changed"],
        is_cdr,
        After(|it, told| {
            WAS_CHANGED.fetch_or(text(it).contains("99.5"), Ordering::Relaxed);
            if WAS_CHANGED.load(Ordering::Relaxed) && it.is(Method::GET) {
                told.data(|it| it["total_energy"] = 99.5.into());
            }
        }),
    ),
    Fault(
        &["cdrs"],
        &["cdrs.post_credit"],
        |it| is_cdr(it) && text(it).contains("\"credit\":true"),
        After(refuse),
    ),
    Fault(
        &["cdrs"],
        &["cdrs.post_other_owner", "cdrs.post_no_json", "cdrs.post_incomplete"],
        is_cdr,
        After(swallow_refusal),
    ),
    Fault(
        &["cdrs"],
        &["cdrs.post_without_token", "cdrs.post_wrong_token", "cdrs.get_without_token"],
        is_cdr,
        Before(open),
    ),
];

const COMMANDS: &[Fault] = &[
    Fault(
        &["commands", "locations", "sessions"],
        &[
            "commands.start_session_result",
            "commands.start_session_unknown",
            "commands.start_session_foreign",
            "commands.stop_session",
            "commands.stop_session_unknown",
            "commands.reserve_now",
            "commands.unlock_connector",
            "commands.unlock_unknown",
            "commands.command_unknown",
            "commands.command_no_json",
            "commands.command_incomplete",
        ],
        is_command,
        Before(accept),
    ),
    Fault(
        &["commands", "locations", "sessions"],
        &[
            "commands.start_session",
            "commands.stop_session",
            "commands.reserve_now",
            "commands.unlock_connector",
        ],
        is_command,
        After(|_, told| told.data(|it| it["result"] = "PERHAPS".into())),
    ),
    Fault(
        &["commands", "locations", "sessions"],
        &["commands.start_session", "commands.stop_session"],
        is_command,
        After(|_, told| {
            told.data(|it| {
                it.as_object_mut().map(|it| it.remove("timeout"));
            })
        }),
    ),
    Fault(&["commands", "locations"], &["commands.start_session"], is_command, After(refuse)),
];

const PROFILES: &[Fault] = &[
    Fault(
        &["chargingprofiles", "sessions"],
        &[
            "chargingprofiles.set",
            "chargingprofiles.active",
            "chargingprofiles.clear",
            "chargingprofiles.set_unknown",
            "chargingprofiles.active_unknown",
            "chargingprofiles.clear_unknown",
            "chargingprofiles.set_no_json",
            "chargingprofiles.set_incomplete",
        ],
        is_profile,
        Before(accept),
    ),
    Fault(
        &["chargingprofiles", "sessions"],
        &[
            "chargingprofiles.set",
            "chargingprofiles.active",
            "chargingprofiles.clear",
            "chargingprofiles.set_unknown",
        ],
        is_profile,
        After(|_, told| told.data(|it| it["result"] = "PERHAPS".into())),
    ),
    Fault(
        &["chargingprofiles", "sessions"],
        &["chargingprofiles.set"],
        is_profile,
        After(|_, told| told.data(|it| it["timeout"] = "soon".into())),
    ),
    Fault(
        &["sessions"],
        &["sessions.preferences", "sessions.preferences_unknown", "sessions.preferences_no_json"],
        is_preference,
        Before(|_| Some(Told::success(&json!("PERHAPS")))),
    ),
];

const AUTHORIZATION: &[Fault] = &[
    Fault(&["tokens"], &["tokens.authorize"], is_question, After(refuse)),
    Fault(&["tokens"], &["tokens.authorize"], is_question, After(|_, told| told.data(|it| *it = json!({})))),
    Fault(
        &["tokens"],
        &["tokens.authorize_conform"],
        is_question,
        After(|_, told| told.data(|it| it["allowed"] = "PERHAPS".into())),
    ),
    Fault(
        &["tokens"],
        &["tokens.authorize_token"],
        is_question,
        After(|_, told| told.data(|it| it["token"]["uid"] = "another".into())),
    ),
    Fault(
        &["tokens"],
        &["tokens.authorize_unknown"],
        is_question,
        Before(|it| it.is_authorized().then(|| Told::success(&json!({"allowed": "ALLOWED"})))),
    ),
    Fault(
        &["tokens"],
        &["tokens.authorize_unknown_2004"],
        is_question,
        After(|_, told| {
            told.envelope(|it| {
                if it["status_code"] == 2004 {
                    it["status_code"] = 2001.into()
                }
            })
        }),
    ),
    Fault(
        &["tokens"],
        &["tokens.authorize_type"],
        is_question,
        Before(|it| {
            it.set_query("type", None);
            None
        }),
    ),
    Fault(
        &["tokens"],
        &["tokens.authorize_location"],
        is_question,
        After(|it, told| {
            if let Ok(asked) = serde_json::from_slice::<Value>(it.request.body()) {
                told.data(|it| it["location"] = asked);
            }
        }),
    ),
    Fault(
        &["tokens"],
        &["tokens.authorize_without_token", "tokens.authorize_wrong_token"],
        is_question,
        Before(open_question),
    ),
    Fault(&["tokens"], &["tokens.authorize_no_json"], is_question, After(swallow_refusal)),
];

fn open_question(it: &mut Asked) -> Option<Told> {
    open(it);
    Some(Told::success(&json!({"allowed": "ALLOWED"})))
}

const PAYMENTS: &[Fault] = &[
    Fault(&["payments"], &["terminals.post"], |it| is_terminal(it) && it.is(Method::POST), Before(ignore)),
    Fault(&["payments"], &["terminals.post"], is_terminal, After(refuse)),
    Fault(&["payments"], &["terminals.post_without_token"], is_terminal, Before(open)),
    Fault(
        &["payments"],
        &[
            "terminals.post_no_json",
            "terminals.post_incomplete",
            "terminals.change_unknown",
            "terminals.deactivate_unknown",
        ],
        |it| is_terminal(it) && !it.is(Method::GET),
        After(swallow_refusal),
    ),
    Fault(&["payments"], &["terminals.change"], |it| is_terminal(it) && it.is(Method::PATCH), Before(ignore)),
    Fault(
        &["payments"],
        &["terminals.copy_unknown", "financial_advice_confirmations.copy_unknown"],
        |it| it.path.contains("/receiver/payments/") && it.path.contains("no-such-id"),
        Before(|_| Some(Told::success(&json!({"terminal_id": "1"})))),
    ),
    Fault(
        &["payments"],
        &["financial_advice_confirmations.post"],
        |it| is_confirmation(it) && it.is(Method::POST),
        Before(ignore),
    ),
    Fault(
        &["payments"],
        &["financial_advice_confirmations.post_without_token"],
        is_confirmation,
        Before(open),
    ),
    Fault(
        &["payments"],
        &["financial_advice_confirmations.post_no_json", "financial_advice_confirmations.post_incomplete"],
        |it| is_confirmation(it) && it.is(Method::POST),
        After(swallow_refusal),
    ),
];

fn ignore(it: &mut Asked) -> Option<Told> {
    it.is_authorized().then(|| Told::success(&Value::Null))
}

const BOOKINGS: &[Fault] = &[
    Fault(&["bookings"], &["bookings.book"], is_booking, After(refuse)),
    Fault(
        &["bookings"],
        &["bookings.book"],
        is_booking,
        After(|_, told| told.data(|it| it["request_id"] = "Q".into())),
    ),
    Fault(
        &["bookings"],
        &["bookings.book_again"],
        is_booking,
        After(|asked, told| told.data(|it| it["id"] = format!("B{}", asked.number).into())),
    ),
    Fault(
        &["bookings"],
        &["bookings.book_cancel"],
        |it| is_booking(it) && text(it).contains("canceled"),
        After(refuse),
    ),
    Fault(
        &["bookings"],
        &["bookings.book_unknown", "bookings.book_foreign", "bookings.book_no_json"],
        is_booking,
        After(swallow_refusal),
    ),
    Fault(
        &["bookings"],
        &["bookings.book_without_token"],
        is_booking,
        After(|_, told| {
            if told.status == StatusCode::UNAUTHORIZED {
                told.status = StatusCode::FORBIDDEN;
            }
        }),
    ),
];

#[test]
fn faults_of_cdrs_are_caught() {
    assert_caught(CDRS);
}

#[test]
fn faults_of_commands_and_profiles_are_caught() {
    assert_caught(COMMANDS);
    assert_caught(PROFILES);
}

#[test]
fn faults_of_authorization_are_caught() {
    assert_caught(AUTHORIZATION);
}

#[test]
fn faults_of_payments_and_bookings_are_caught() {
    assert_caught(PAYMENTS);
    assert_caught(BOOKINGS);
}
