//! Chapter A: credentials, tokens, versions.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use ocpi_types::{CredentialsToken, Version};
use serde_json::{Map, Value, json};

use crate::worst::Answer;
use crate::worst::plan::Plan;
use crate::worst::visit::{About, Memory, Visit};

/// The bit that no letter of a token has.
const HIGH: u8 = 0x80;
/// Most letters of a token whose alias is no longer than tokens may be.
const ALIASED: usize = 48;

/// A 2.1.1 module has one URL for both interfaces, so the partner is a CPO there.
pub(in crate::worst) fn v2_1_1(plan: &mut Plan) {
    plan.versions = vec![Version::V2_1_1];
    plan.roles.retain(|(role, ..)| role == "CPO");
    if plan.roles.is_empty() {
        plan.roles = vec![("CPO".to_owned(), "NL".to_owned(), "ALF".to_owned())];
    }
}

pub(in crate::worst) fn v2_2_1(plan: &mut Plan) {
    plan.versions = plan.versions.iter().map(|version| (*version).min(Version::V2_2_1)).collect();
}

pub(in crate::worst) fn v2_2(plan: &mut Plan) {
    plan.versions = plan.versions.iter().map(|version| (*version).min(Version::V2_2)).collect();
}

fn in_base64(token: &str) -> String {
    let token = token.parse::<CredentialsToken>().map(|token| token.to_header(true));
    token.unwrap_or_default().trim_start_matches("Token ").to_owned()
}

/// The token that a text is in Base64; `None` if it is a token as it stands.
fn decoded(text: &str) -> Option<String> {
    let candidates = CredentialsToken::candidates(&format!("Token {text}"));
    candidates.first().filter(|token| token.expose() != text).map(|token| token.expose().to_owned())
}

fn is_in_base64(visit: &Visit) -> bool {
    decoded(visit.token()).is_some()
}

fn refused() -> Answer {
    Answer::status(401, 2001)
}

fn use_token(visit: &mut Visit, token: &str) {
    visit.set_token(&format!("Token {}", in_base64(token)));
}

pub(in crate::worst) fn raw_only(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    is_in_base64(visit).then(refused)
}

pub(in crate::worst) fn base64_only(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    (!is_in_base64(visit)).then(refused)
}

pub(in crate::worst) fn raw_on_modules(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    (visit.about != About::Versions && is_in_base64(visit)).then(refused)
}

pub(in crate::worst) fn line_feed(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    change_token(visit, answer, |token| format!("{token}\n"));
}

/// Gives another text for the token, from which it can be told again after a restart: Base64 of bytes that are no text. See
/// [`from_alias`].
pub(in crate::worst) fn to_alias(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    change_token(visit, answer, |token| {
        let token = token.trim_end();
        let high: Vec<u8> = token.bytes().map(|byte| byte | HIGH).collect();
        if token.len() <= ALIASED { STANDARD.encode(high) } else { token.to_owned() }
    });
}

pub(in crate::worst) fn from_alias(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    let sent = visit.token().to_owned();
    if let Some(real) = real(&sent) {
        visit.set_token(&format!("Token {real}"));
    } else if let Some(real) = decoded(&sent).and_then(|alias| real(&alias)) {
        use_token(visit, &real);
    }
    None
}

/// The token of an alias.
fn real(alias: &str) -> Option<String> {
    let bytes = STANDARD.decode(alias).ok()?;
    let is_alias = bytes.iter().all(|byte| byte & HIGH != 0);
    let real = String::from_utf8(bytes.iter().map(|byte| byte & !HIGH).collect()).ok()?;
    (is_alias && real.parse::<CredentialsToken>().is_ok()).then_some(real)
}

fn change_token(visit: &Visit, answer: &mut Answer, change: impl FnOnce(&str) -> String) {
    if visit.about == About::Module("credentials") && !visit.has_method(Method::GET) && answer.is_success() {
        answer.data(|data| {
            if let Some(Value::String(token)) = data.get_mut("token") {
                *token = change(token);
            }
        });
    }
}

fn says(answer: &mut Answer, http: u16, code: u16) {
    if answer.status == 401 {
        *answer = Answer::status(http, code);
    }
}

pub(in crate::worst) fn says_403(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    says(answer, 403, 2001);
}

pub(in crate::worst) fn says_404(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    says(answer, 404, 2001);
}

pub(in crate::worst) fn says_2001(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    says(answer, 200, 2001);
}

pub(in crate::worst) fn says_3000(_: &Visit, _: &mut Memory, answer: &mut Answer) {
    says(answer, 200, 3000);
}

pub(in crate::worst) fn open_versions(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    if matches!(visit.about, About::Versions | About::Details) {
        // As it stands, so that a fault of the form lets it pass.
        if let Some(token) = decoded(visit.token()) {
            visit.set_token(&format!("Token {token}"));
        }
        visit.spares.clone_from(&memory.tokens);
    }
    None
}

pub(in crate::worst) fn token_lives_on(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    // Nothing is ended.
    visit.is(Method::DELETE, "credentials").then(|| Answer::status(200, 1000))
}

pub(in crate::worst) fn call_back_fails(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    (visit.is(Method::POST, "credentials") && memory.first("call back")).then(|| Answer::status(200, 3001))
}

pub(in crate::worst) fn post_answer_lost(visit: &mut Visit, memory: &mut Memory) {
    visit.is_answer_lost |= visit.is(Method::POST, "credentials") && memory.first("post");
}

pub(in crate::worst) fn put_answer_lost(visit: &mut Visit, memory: &mut Memory) {
    visit.is_answer_lost |= visit.is(Method::PUT, "credentials") && memory.first("put");
}

pub(in crate::worst) fn put_lost(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    visit.is_lost |= visit.is(Method::PUT, "credentials") && memory.first("put lost");
    None
}

pub(in crate::worst) fn registered_already(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    if visit.is(Method::POST, "credentials") {
        return Some(Answer::status(405, 2000));
    }
    if visit.is(Method::PUT, "credentials") && memory.first("put for post") {
        *visit.request.method_mut() = Method::POST;
    }
    None
}

pub(in crate::worst) fn of_the_caller(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.is(Method::GET, "credentials") {
        answer.data(|data| {
            data["url"] = json!("https://somebody.example/ocpi/versions");
            data["roles"] = json!([role("EMSP", "DE", "XYZ")]);
        });
    }
}

pub(in crate::worst) fn no_get(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    visit.is(Method::GET, "credentials").then(|| Answer::status(405, 2000))
}

fn change_credentials(visit: &Visit, answer: &mut Answer, change: impl FnOnce(&mut Map<String, Value>)) {
    if visit.about == About::Module("credentials") && answer.is_success() {
        answer.data(|data| data.as_object_mut().map_or((), change));
    }
}

pub(in crate::worst) fn url_is_base(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    change_credentials(visit, answer, |credentials| {
        if let Some(Value::String(url)) = credentials.get_mut("url") {
            *url = url.trim_end_matches("/versions").to_owned();
        }
    });
}

pub(in crate::worst) fn url_is_details(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    let version =
        ["2.1.1", "2.2.1", "2.3.0", "2.2"].into_iter().find(|it| visit.request.uri().path().contains(it));
    change_credentials(visit, answer, |credentials| {
        if let Some(Value::String(url)) = credentials.get_mut("url") {
            *url = url.replace("/versions", &format!("/{}", version.unwrap_or("2.3.0")));
        }
    });
}

pub(in crate::worst) fn details_in_list(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.about == About::Details {
        answer.data(|data| *data = json!([data.take()]));
    }
}

fn endpoints(visit: &Visit, answer: &mut Answer, change: impl FnOnce(&mut Vec<Value>)) {
    if visit.about == About::Details {
        answer.data(|data| data.get_mut("endpoints").and_then(Value::as_array_mut).map_or((), change));
    }
}

pub(in crate::worst) fn no_roles(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    endpoints(visit, answer, |all| {
        // Where a module has two interfaces without a role, nobody could tell which is which.
        all.iter_mut().filter_map(Value::as_object_mut).for_each(|endpoint| {
            let is_of_tokens = endpoint["identifier"] == "tokens"
                && endpoint.get("role").is_some_and(|role| role == "RECEIVER");
            if is_of_tokens || endpoint["identifier"] == "credentials" {
                endpoint.remove("role");
            }
        });
    });
}

pub(in crate::worst) fn wrong_role(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    endpoints(visit, answer, |all| {
        for endpoint in all.iter_mut() {
            if endpoint["identifier"] == "tokens" && endpoint["role"] == "RECEIVER" {
                endpoint["role"] = json!("SENDER");
            }
        }
        // Behind the real one.
        all.reverse();
        all.sort_by_key(|endpoint| endpoint["url"].as_str().is_some_and(|url| url.contains("receiver")));
    });
}

pub(in crate::worst) fn capitals(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    endpoints(visit, answer, |all| {
        for endpoint in all {
            if let Some(name) = endpoint["identifier"].as_str().map(capital) {
                endpoint["identifier"] = Value::String(name);
            }
        }
    });
}

fn capital(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}

pub(in crate::worst) fn module_twice(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    endpoints(visit, answer, |all| {
        let Some(real) = all.iter().find(|endpoint| endpoint["identifier"] == "tokens").cloned() else {
            return;
        };
        let mut other = real.clone();
        if let Some(url) = real["url"].as_str() {
            other["url"] = Value::String(url.replace("/2.1.1/", "/2.1.1/elsewhere/"));
        }
        all.insert(0, other);
    });
}

pub(in crate::worst) fn forgotten_version(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.about == About::Versions {
        answer.objects(|version| drop(version.insert("version".to_owned(), json!("2.0"))));
    }
}

fn role(role: &str, country: &str, party: &str) -> Value {
    json!({"role": role, "country_code": country, "party_id": party, "business_details": {"name": party}})
}

fn add_roles(visit: &Visit, answer: &mut Answer, roles: impl IntoIterator<Item = Value>) {
    change_credentials(visit, answer, |credentials| match credentials.get_mut("roles") {
        Some(Value::Array(all)) => all.extend(roles),
        // 2.1.1 has one party.
        _ => {
            if let Some(Value::Object(role)) = roles.into_iter().next() {
                for name in ["country_code", "party_id"] {
                    credentials.insert(name.to_owned(), role[name].clone());
                }
            }
        }
    });
}

pub(in crate::worst) fn many_roles(plan: &mut Plan) {
    let cpo = |number| ("CPO".to_owned(), "FR".to_owned(), format!("{number:03}"));
    plan.roles.extend((100..250).map(cpo));
}

pub(in crate::worst) fn hub_role(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    add_roles(visit, answer, [role("HUB", "NL", "ALF")]);
}

pub(in crate::worst) fn claims_another(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    add_roles(visit, answer, [role("CPO", "FR", "XYZ")]);
}

/// Keeps the party of the other side, to claim it: see [`claims_theirs`].
pub(in crate::worst) fn learns_party(visit: &mut Visit, memory: &mut Memory) -> Option<Answer> {
    if visit.writes("credentials") {
        let body = serde_json::from_slice::<Value>(visit.request.body()).unwrap_or_default();
        let role = body.get("roles").and_then(|roles| roles.get(0)).unwrap_or(&body).clone();
        for name in ["country_code", "party_id"] {
            memory.keep(name, role.get(name).and_then(Value::as_str).unwrap_or_default());
        }
    }
    None
}

pub(in crate::worst) fn claims_theirs(visit: &Visit, memory: &mut Memory, answer: &mut Answer) {
    let [country, party] = ["country_code", "party_id"].map(|name| memory.kept(name).unwrap_or_default());
    add_roles(visit, answer, [role("CPO", country, party)]);
}

pub(in crate::worst) fn claims_later(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.has_method(Method::PUT) {
        add_roles(visit, answer, [role("CPO", "BE", "XYZ")]);
    }
}

pub(in crate::worst) fn without_roles(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    if visit.has_method(Method::GET) {
        change_credentials(visit, answer, |credentials| drop(credentials.remove("roles")));
    }
}

pub(in crate::worst) fn lower_case(visit: &Visit, _: &mut Memory, answer: &mut Answer) {
    change_credentials(visit, answer, |credentials| {
        lower_case_owner(credentials);
        let roles = credentials.get_mut("roles").and_then(Value::as_array_mut);
        roles.into_iter().flatten().filter_map(Value::as_object_mut).for_each(lower_case_owner);
    });
}

pub(in crate::worst) fn lower_case_owner(object: &mut Map<String, Value>) {
    for name in ["country_code", "party_id"] {
        if let Some(Value::String(text)) = object.get_mut(name) {
            *text = text.to_ascii_lowercase();
        }
    }
}

pub(in crate::worst) fn nulls_demanded(visit: &mut Visit, _: &mut Memory) -> Option<Answer> {
    let is_due = visit.writes("credentials");
    let body = serde_json::from_slice::<Value>(visit.request.body()).unwrap_or_default();
    let has_nulls = body.to_string().contains("\"website\"");
    let told = r#"{"detail": [{"loc": ["body", "website"], "msg": "field required"}]}"#;
    (is_due && !has_nulls).then(|| Answer::new(422, "application/json", told))
}
