//! Chapter B: URLs, HTTP, gateways.

use http::Method;
use serde_json::{Value, json};

use crate::worst::Answer;
use crate::worst::plan::Plan;
use crate::worst::visit::{About, Memory, Visit};

/// A host behind a gateway, as it knows itself.
const INNER: &str = "https://10.0.0.7:8443";

pub(in crate::worst) fn trailing_slash(plan: &mut Plan) {
    plan.layout = plan.layout.clone().with_trailing_slash();
}

pub(in crate::worst) fn slash_demanded(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    let lacks_slash = visit.lists_any() && !visit.request.uri().path().ends_with('/');
    lacks_slash.then(|| Answer::page(404))
}

fn redirect(status: u16) -> Answer {
    let mut answer = Answer::new(status, "text/plain", "");
    answer.set_header("location", Some("https://elsewhere.example/ocpi/2.3.0/tokens"));
    answer
}

pub(in crate::worst) fn redirects_writes(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.is(Method::PUT, "tokens").then(|| redirect(302))
}

pub(in crate::worst) fn redirects_reads(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.lists("tariffs").then(|| redirect(307))
}

/// Changes the URL in the header Link.
pub(in crate::worst) fn change_link(answer: &mut Answer, change: impl FnOnce(&str) -> String) {
    let Some(link) = answer.header("link") else { return };
    let Some((url, rest)) = link.trim_start_matches('<').split_once('>') else { return };
    let changed = format!("<{}>{rest}", change(url));
    answer.set_header("link", Some(&changed));
}

/// A URL at another origin.
fn at(origin: &str, url: &str) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    format!("{origin}/{path}")
}

pub(in crate::worst) fn inner_host(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    change_link(answer, |url| at(INNER, url));
}

pub(in crate::worst) fn http_link(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    // Over a socket without TLS, it is the other way round.
    change_link(answer, |url| match url.strip_prefix("https") {
        Some(rest) => format!("http{rest}"),
        None => url.replacen("http", "https", 1),
    });
}

pub(in crate::worst) fn dead_link(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    change_link(answer, |url| at(&format!("{INNER}/inner"), url));
}

pub(in crate::worst) fn cdr_at_inner_host(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.is(Method::POST, "cdrs") {
        let url = answer.header("location").map(|url| at(INNER, url));
        answer.set_header("location", url.as_deref());
    }
}

pub(in crate::worst) fn odd_ids(plan: &mut Plan) {
    plan.seed_changes.push(|kind, number, json| {
        if kind == "location" && number == 2 {
            json["id"] = json!("L/2 *#%?");
            json["evses"][0]["uid"] = json!("E/1#");
        }
    });
}

pub(in crate::worst) fn dot_ids(plan: &mut Plan) {
    plan.seed_changes.push(|kind, number, json| {
        if kind == "location" && number == 3 {
            json["id"] = json!("..");
        }
    });
}

pub(in crate::worst) fn gateway_fails_once(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    (visit.lists("tariffs") && memory.first("gateway")).then(|| Answer::page(502))
}

pub(in crate::worst) fn gateway_fails(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.lists("tariffs").then(|| Answer::page(502))
}

pub(in crate::worst) fn web_page(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.lists("tariffs").then(|| Answer::page(200))
}

pub(in crate::worst) fn plain_text(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.lists("tariffs").then(|| Answer::new(200, "text/plain", "Under maintenance"))
}

pub(in crate::worst) fn content_type_is_html(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.set_header("content-type", Some("text/html; charset=utf-8"));
}

pub(in crate::worst) fn no_content_type(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.set_header("content-type", None);
}

pub(in crate::worst) fn no_message_ids(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    answer.set_header("x-request-id", None);
    answer.set_header("x-correlation-id", None);
}

pub(in crate::worst) fn routing_demanded(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    let is_functional = matches!(visit.about, About::Module(module) if module != "credentials");
    // 2.1.1 has no such headers.
    let is_due = is_functional && !visit.request.uri().path().contains("2.1.1");
    let has_it = visit.request.headers().contains_key("ocpi-to-party-id");
    (is_due && !has_it).then(|| Answer::status(400, 2001))
}

pub(in crate::worst) fn no_routing(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    for name in ["ocpi-to-party-id", "ocpi-to-country-code", "ocpi-from-party-id", "ocpi-from-country-code"] {
        answer.set_header(name, None);
    }
}

pub(in crate::worst) fn odd_paths(plan: &mut Plan) {
    let layout = plan.layout.clone().with_versions_at("x/versions");
    plan.layout = layout.with_modules_at(|version, module, role| {
        let place: Value = json!(version.as_str().replace('.', "_"));
        Some(format!("svc/7f{}/{}/{}", place.as_str()?, role.as_str().to_ascii_lowercase(), module.as_str()))
    });
}
