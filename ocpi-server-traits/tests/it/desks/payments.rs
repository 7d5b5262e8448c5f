//! Payments: of a PTP with two CPOs, and of a CPO with two PTPs.

use std::sync::Arc;

use http::Method;
use ocpi_server_traits::{Caller, Error, Memory, Objects, Payments, Quota, Routes, TerminalDesk};
use ocpi_testkit::{NOW, parse, partner_id};
use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal, TerminalPatch};
use pollster::block_on;

use super::{World, next_path, objects};
use crate::site::{CPO, OTHER};

const OWN: &str = "/sender/payments/terminals";
const COPIES: &str = "/receiver/payments/terminals";
const CONFIRMATIONS: &str = "/receiver/payments/financial-advice-confirmations";

fn terminal(id: &str, updated: &str) -> String {
    format!(r#"{{"terminal_id": "{id}", "reference": "serial", "last_updated": "2026-11-22T{updated}Z"}}"#)
}

fn confirmation(id: &str, costs: &str, updated: &str) -> String {
    format!(
        r#"{{"id": "{id}", "authorization_reference": "Ref1", "total_costs": {{"before_taxes": {costs}}},
            "currency": "EUR", "eft_data": ["CARD 1234"], "capture_status_code": "SUCCESS",
            "last_updated": "2026-11-22T{updated}Z"}}"#
    )
}

/// Gives out one terminal, and empties those that are given up.
struct Stock;

impl TerminalDesk for Stock {
    async fn activate(&self, _: &Caller, wanted: &TerminalPatch) -> Result<Option<Terminal>, Error> {
        Ok(wanted.reference.as_set().is_some().then(|| parse(&terminal("NEW", "11:00:00"))))
    }

    async fn deactivate(&self, _: &Caller, terminal: Terminal) -> Result<Option<Terminal>, Error> {
        Ok(Some(Terminal { location_ids: Vec::new(), ..terminal }))
    }
}

fn mount<D: TerminalDesk>(payments: &Arc<Payments<Memory, D>>, routes: Routes) -> Routes {
    let routes = routes.sender::<Terminal>(payments).sender::<FinancialAdviceConfirmation>(payments);
    routes.receiver::<Terminal>(payments).receiver::<FinancialAdviceConfirmation>(payments)
}

fn by<D: TerminalDesk + Clone>(desk: D, quota: Quota) -> (World, Payments<Memory, D>) {
    let mount = |objects: &Arc<Objects<Memory>>, routes| {
        mount(&Arc::new(Payments::new(Arc::clone(objects), desk.clone())), routes)
    };
    let world = World::of(objects(quota).with_page_size(2), mount);
    let payments = Payments::new(Arc::clone(&world.objects), desk.clone());
    (world, payments)
}

/// A PTP with the terminals T1, T2 and T3 for one CPO, and another T1 for the other.
fn ptp() -> (World, Payments<Memory, Arc<Stock>>) {
    let (world, payments) = by(Arc::new(Stock), Quota::default());
    let set = |cpo: &str, json: &str| {
        block_on(payments.set_terminal(&partner_id(cpo), parse(json))).expect("a store");
    };
    for (id, updated) in [("T1", "08:00:00"), ("T2", "09:00:00"), ("T3", "10:00:00")] {
        set("cpo", &terminal(id, updated));
    }
    set("other", &terminal("T1", "07:00:00"));
    (world, payments)
}

#[test]
fn a_cpo_lists_the_terminals_that_are_for_it() {
    let (world, _) = ptp();
    let ids = |answer: &ocpi_testkit::Answer| {
        answer.list::<Terminal>().iter().map(|terminal| terminal.terminal_id.to_string()).collect::<Vec<_>>()
    };
    let first = world.ask(CPO, Method::GET, OWN, "").expect(200, 1000);
    assert_eq!(
        (ids(&first), first.header("x-total-count")),
        (vec!["T1".to_owned(), "T2".to_owned()], Some("3"))
    );
    let second = world.ask(CPO, Method::GET, &next_path(&first).expect("a page"), "").expect(200, 1000);
    assert_eq!((ids(&second), next_path(&second)), (vec!["T3".to_owned()], None));
    let window = world.ask(CPO, Method::GET, &format!("{OWN}?date_from=2026-11-22T09:00:00Z"), "");
    assert_eq!(window.expect(200, 1000).header("x-total-count"), Some("2"));
    assert_eq!(ids(&world.ask(OTHER, Method::GET, OWN, "").expect(200, 1000)), ["T1"]);
    let own: Terminal = world.ask(CPO, Method::GET, &format!("{OWN}/t1"), "").expect(200, 1000).object();
    assert_eq!(own, parse(&terminal("T1", "08:00:00")));
    world.ask(OTHER, Method::GET, &format!("{OWN}/T2"), "").expect(404, 2000);
    // What is for a CPO is no copy of its own.
    world.ask(CPO, Method::GET, &format!("{COPIES}/T1"), "").expect(404, 2000);
}

#[test]
fn a_cpo_assigns_locations_to_its_terminals_only() {
    let (world, payments) = ptp();
    let at = format!("{OWN}/T1");
    let terminals = |cpo: &str| block_on(payments.terminals_for(&partner_id(cpo))).expect("a store");
    let assigned = |cpo: &str| {
        let terminal = terminals(cpo).remove(0);
        let ids: Vec<_> = terminal.location_ids.iter().map(ToString::to_string).collect();
        (ids, terminal.last_updated)
    };
    let patch = |body: &str| world.ask(CPO, Method::PATCH, &at, body);
    patch(r#"{"location_ids": ["L1"]}"#).expect(200, 1000);
    assert_eq!(assigned("cpo"), (vec!["L1".to_owned()], NOW.parse().expect("a time")));
    assert_eq!(assigned("other").0, Vec::<String>::new());
    // One that is older than what is there changes nothing, and nor does an older PUT.
    patch(r#"{"location_ids": ["L2"], "last_updated": "2026-11-22T11:59:00Z"}"#).expect(200, 1000);
    world.ask(CPO, Method::PUT, &at, &terminal("T1", "11:59:00")).expect(200, 1000);
    assert_eq!(assigned("cpo").0, ["L1"]);
    world.ask(CPO, Method::PUT, &at, &terminal("T1", "12:00:01")).expect(200, 1000);
    assert_eq!(assigned("cpo").0, Vec::<String>::new());
    patch(r#"{"terminal_id": "T2"}"#).expect(200, 2001);
    world.ask(CPO, Method::PUT, &at, &terminal("T2", "12:00:02")).expect(200, 2001);
    // Nobody makes a terminal of the PTP, nor gives one to somebody else.
    world.ask(OTHER, Method::PATCH, &format!("{OWN}/T2"), r#"{"location_ids": ["L9"]}"#).expect(404, 2000);
    world.ask(CPO, Method::PUT, &format!("{OWN}/T9"), &terminal("T9", "12:00:00")).expect(404, 2000);
    patch(r#"{"country_code": "BE", "party_id": "OTH"}"#).expect(200, 2001);
    patch(r#"{"country_code": "NL", "party_id": "BET"}"#).expect(200, 1000);
    assert_eq!((terminals("cpo").len(), terminals("other").len()), (3, 1));
    assert_eq!(world.usage("cpo").objects(), 1, "the one that it changed last");
}

#[test]
fn a_desk_decides_on_activations() {
    let (world, payments) = ptp();
    let activate = |body: &str| world.ask(CPO, Method::POST, &format!("{OWN}/activate"), body);
    activate(r#"{"address": "Street 1"}"#).expect(200, 1000);
    let count = || block_on(payments.terminals_for(&partner_id("cpo"))).expect("a store").len();
    assert_eq!(count(), 3);
    for _ in 0..2 {
        activate(r#"{"reference": "serial"}"#).expect(200, 1000);
    }
    assert_eq!(count(), 4);
    activate(r#"{"reference": "x", "country_code": "BE", "party_id": "OTH"}"#).expect(200, 2001);

    let deactivate = |who, id: &str| world.ask(who, Method::POST, &format!("{OWN}/{id}/deactivate"), "");
    world.ask(CPO, Method::PATCH, &format!("{OWN}/T2"), r#"{"location_ids": ["L1"]}"#).expect(200, 1000);
    deactivate(OTHER, "T2").expect(404, 2000);
    for _ in 0..2 {
        deactivate(CPO, "T2").expect(200, 1000);
    }
    let left: Terminal = world.ask(CPO, Method::GET, &format!("{OWN}/T2"), "").expect(200, 1000).object();
    assert!(left.location_ids.is_empty());
}

#[test]
fn without_a_desk_nothing_is_activated() {
    let (world, payments) = by((), Quota::default());
    block_on(payments.set_terminal(&partner_id("cpo"), parse(&terminal("T1", "08:00:00")))).expect("a store");
    world.ask(CPO, Method::POST, &format!("{OWN}/activate"), r#"{"reference": "serial"}"#).expect(200, 2000);
    world.ask(CPO, Method::POST, &format!("{OWN}/T1/deactivate"), "").expect(200, 2000);
    world.ask(CPO, Method::POST, &format!("{OWN}/T9/deactivate"), "").expect(404, 2000);
    let left = block_on(payments.terminals_for(&partner_id("cpo"))).expect("a store");
    assert_eq!(left, [parse(&terminal("T1", "08:00:00"))]);
}

#[test]
fn a_ptp_posts_its_terminals_to_a_cpo() {
    let (world, payments) = by((), Quota::default());
    let post = |who, body: &str| world.ask(who, Method::POST, COPIES, body);
    let copy = |who| world.ask(who, Method::GET, &format!("{COPIES}/T1"), "");
    for _ in 0..2 {
        post(CPO, r#"{"terminal_id": "T1"}"#).expect(201, 1000);
    }
    assert_eq!(copy(CPO).expect(200, 1000).object::<Terminal>().last_updated, NOW.parse().expect("a time"));
    copy(OTHER).expect(404, 2000);
    post(OTHER, &terminal("T1", "10:00:00")).expect(201, 1000);
    assert!(copy(CPO).expect(200, 1000).object::<Terminal>().reference.is_none());
    // A newer one adds what it gives; an older one nothing.
    let newer = r#"{"terminal_id": "t1", "city": "Gent", "last_updated": "2026-11-22T10:30:00Z"}"#;
    post(OTHER, newer).expect(200, 1000);
    post(OTHER, newer).expect(201, 1000);
    post(OTHER, &newer.replace("10:30", "10:20").replace("Gent", "Brugge")).expect(200, 1000);
    let kept: Terminal = copy(OTHER).expect(200, 1000).object();
    assert_eq!(
        (kept.city.as_ref().map(|city| city.as_str()), kept.reference.is_some()),
        (Some("Gent"), true)
    );
    post(CPO, r#"{"city": "Gent"}"#).expect(200, 2001);
    let of = |ptp| block_on(payments.terminals_of(&partner_id(ptp))).expect("a store").len();
    assert_eq!((of("cpo"), of("other")), (1, 1));
    // A copy is nothing that is for the partner.
    assert_eq!(world.ask(CPO, Method::GET, OWN, "").expect(200, 1000).data.as_deref(), Some("[]"));
}

#[test]
fn a_confirmation_is_taken_once() {
    let (world, payments) = by((), Quota::default());
    let post = |who, body: &str| world.ask(who, Method::POST, CONFIRMATIONS, body);
    let first = confirmation("F1", "4.50", "10:00:00");
    for _ in 0..2 {
        post(CPO, &first).expect(201, 1000);
    }
    post(CPO, &confirmation("F1", "9.50", "10:00:00")).expect(200, 2001);
    post(CPO, &confirmation("F1", "9.50", "09:00:00")).expect(200, 1000);
    let get = |who| world.ask(who, Method::GET, &format!("{CONFIRMATIONS}/F1"), "");
    assert_eq!(get(CPO).expect(200, 1000).object::<FinancialAdviceConfirmation>(), parse(&first));
    get(OTHER).expect(404, 2000);
    let newer = confirmation("F1", "5.50", "11:00:00");
    post(CPO, &newer).expect(200, 1000);
    let found = block_on(payments.confirmations_of(&partner_id("cpo"), "REF1")).expect("a store");
    assert_eq!(found, [parse(&newer)]);
    assert_eq!(block_on(payments.confirmations_of(&partner_id("other"), "Ref1")).expect("a store"), []);
}

/// Deviations do not make the same object another one.
#[test]
fn what_is_odd_is_known_again() {
    let (world, _) = by((), Quota::default());
    let odd = confirmation("F1", "\"4.50\"", "10:00:00").replace(
        r#""eft_data": ["CARD 1234"]"#,
        r#""eft_data": "CARD 1234", "capture_status_message": {}, "x": 1"#,
    );
    for _ in 0..3 {
        world.ask(CPO, Method::POST, CONFIRMATIONS, &odd).expect(201, 1000);
    }
    let odd = terminal("T1", "10:00:00").replace('}', r#", "x": {"y": 1}, "location_ids": "L1"}"#);
    for _ in 0..3 {
        world.ask(CPO, Method::POST, COPIES, &odd).expect(201, 1000);
    }
}

#[test]
fn a_ptp_has_its_confirmations_listed() {
    let (world, payments) = by((), Quota::default());
    for id in ["F1", "F2", "F3"] {
        let confirmation = parse(&confirmation(id, "1.00", "10:00:00"));
        block_on(payments.set_confirmation(&partner_id("cpo"), confirmation)).expect("a store");
    }
    let list = "/sender/payments/financial-advice-confirmations";
    let first = world.ask(CPO, Method::GET, list, "").expect(200, 1000);
    assert_eq!(
        (first.list::<FinancialAdviceConfirmation>().len(), first.header("x-total-count")),
        (2, Some("3"))
    );
    world.ask(CPO, Method::GET, &format!("{list}/F3"), "").expect(200, 1000);
    world.ask(OTHER, Method::GET, &format!("{list}/F3"), "").expect(404, 2000);
    assert_eq!(world.ask(OTHER, Method::GET, list, "").expect(200, 1000).header("x-total-count"), Some("0"));
}

#[test]
fn copies_count_for_the_ptp_that_posted_them() {
    let (world, _) = by((), Quota::default().with_list(1));
    let post = |path: &str, body: &str| world.ask(CPO, Method::POST, path, body);
    post(COPIES, &terminal("T1", "10:00:00")).expect(201, 1000);
    post(COPIES, &terminal("T2", "10:00:00")).expect(403, 2000);
    post(COPIES, &terminal("T1", "10:00:00")).expect(201, 1000);
    post(CONFIRMATIONS, &confirmation("F1", "4.50", "10:00:00")).expect(201, 1000);
    post(CONFIRMATIONS, &confirmation("F2", "4.50", "10:00:00")).expect(403, 2000);
    assert_eq!(world.usage("cpo").objects(), 2);
    world.ask(OTHER, Method::POST, COPIES, &terminal("T2", "10:00:00")).expect(201, 1000);
}
