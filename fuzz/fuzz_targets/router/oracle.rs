//! Rules that every request and its answer keep.

use bytes::Bytes;
use http::{Method, StatusCode, header};
use ocpi_server_traits::storage::Address;
use ocpi_testkit::Answer;
use pollster::block_on;

use crate::plan::Plan;
use crate::world::{OBJECTS, Partner, World, touched};

pub(crate) fn check(world: &mut World, plan: &Plan) {
    let before = world.documents();
    let response = block_on(world.router.call(plan.request.clone()));
    let after = world.documents();
    let status = response.status();
    let method = plan.request.method();
    let touched = touched(&before, &after);
    world.is_spent |= plan.is_credentials && !method.is_safe();
    let partner = plan.from.map(|number| &world.partners[number]);
    let shown = || {
        let (name, uri) = (partner.map(|partner| partner.name), plan.request.uri());
        format!("{method} {uri} of {name:?}: HTTP {status}, touched {touched:?}")
    };

    if let Some(id) = plan.request.headers().get("x-request-id") {
        assert_eq!(response.headers().get("x-request-id"), Some(id), "{}", shown());
    }
    owners_are_kept(&touched, partner, plan, &shown);
    if *method == Method::HEAD {
        assert!(response.body().is_empty() && touched.is_empty(), "{}", shown());
        return;
    }
    let answer = Answer::of(response);
    let is_done = answer.code < 2000;
    assert!(!is_done || status.is_success(), "HTTP says otherwise: {}", shown());
    assert!(!method.is_safe() || touched.is_empty(), "reading writes: {}", shown());
    if !is_done && !plan.is_credentials {
        // Of a PATCH of what is not there, a note is kept, which counts.
        let is_note = |at: &Address| matches!(at.collection(), "Doubt" | "Account");
        let may_note = *method == Method::PATCH;
        let is_kept = touched.iter().all(|at| may_note && is_note(at));
        assert!(is_kept, "refused and written: {}", shown());
    }
    let Some(partner) = partner else {
        assert!(!is_done && touched.is_empty() && answer.data.is_none(), "for nobody: {}", shown());
        return;
    };
    if plan.owner.is_some_and(|owner| !partner.has(owner)) {
        assert!(!is_done || *method == Method::OPTIONS, "of another: {}", shown());
        assert!(answer.data.is_none() && touched.is_empty(), "of another: {}", shown());
    }
    if is_done && !plan.is_credentials {
        can_be_read(world, plan, &answer, &shown);
    }
}

/// Objects are written by their owners only, and of the partners only the one that asks.
fn owners_are_kept(touched: &[Address], partner: Option<&Partner>, plan: &Plan, shown: &impl Fn() -> String) {
    for at in touched {
        if OBJECTS.contains(&at.collection()) || at.collection() == "Doubt" {
            let (country, id) = at.owner().split_once('/').expect("a party");
            assert!(
                partner.is_some_and(|partner| partner.has([country, id])),
                "a foreign write: {}",
                shown()
            );
        } else if at.collection() == "Account" {
            assert!(
                partner.is_some_and(|partner| partner.name == at.key()),
                "another's account: {}",
                shown()
            );
        } else {
            assert!(plan.is_credentials || at.collection() == "CdrCredit", "what for? {}", shown());
        }
        let is_anothers = matches!(at.collection(), "Partner" | "PartnerDetails")
            && partner.is_none_or(|partner| partner.name != at.key() && partner.name != at.owner());
        assert!(!is_anothers, "another partner: {}", shown());
    }
}

/// Checks that an object that was put, patched or posted is there, twice the same, and that a deleted one is not.
fn can_be_read(world: &World, plan: &Plan, answer: &Answer, shown: &impl Fn() -> String) {
    let request = &plan.request;
    let url = match *request.method() {
        Method::PUT | Method::PATCH | Method::DELETE if plan.owner.is_some() => {
            request.uri().path().to_owned()
        }
        Method::POST if request.uri().path().ends_with("/cdrs") => {
            answer.header(header::LOCATION.as_str()).expect("a new CDR has a URL").to_owned()
        }
        _ => return,
    };
    let read = || {
        let mut again = http::Request::get(&url);
        // A Token is of a type.
        if let Some(query) = request.uri().query().filter(|_| !url.contains("://")) {
            again = http::Request::get(format!("{url}?{query}"));
        }
        let again = again.header(header::AUTHORIZATION, &request.headers()[header::AUTHORIZATION]);
        Answer::of(block_on(world.router.call(again.body(Bytes::new()).expect("a request"))))
    };
    let first = read();
    if *request.method() == Method::DELETE {
        assert_eq!(first.status, StatusCode::NOT_FOUND, "deleted and there: {}", shown());
        return;
    }
    assert!(first.is(200, 1000) && first.data.is_some(), "stored and gone: {first:?}: {}", shown());
    assert_eq!(first.data, read().data, "{}", shown());
}
