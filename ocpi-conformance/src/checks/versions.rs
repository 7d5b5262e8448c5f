//! Versions and version details.

use std::collections::BTreeSet;

use ocpi_types::{ModuleId, Version};
use serde_json::Value;

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::context::{Advertised, Context};
use crate::wire::{Answer, Ask, Auth};

pub(crate) const VERSIONS: Group<'_> =
    Group { name: "versions", module: "versions", chapter: "version_information_endpoint" };
pub(crate) const DETAILS: Group<'_> =
    Group { name: "details", module: "versions", chapter: "version_information_endpoint" };

pub(crate) const OF_VERSIONS: &[Behaviour<()>] = behaviours! { (), ReadOnly;
    "list" Must V2_1_1: "The list of versions can be read", "§version_information_endpoint" => list;
    "complete" Must V2_1_1: "Each version has a number and an absolute URL", "§version_class", needs "list"
        => complete;
    "unique" Should V2_1_1: "No version stands in the list twice", "§version_class", needs "list" => unique;
    "known" Must V2_1_1: "A version is offered that this suite knows", "§versionnumber_enum", needs "list" => known;
};

pub(crate) const OF_DETAILS: &[Behaviour<()>] = behaviours! { (), ReadOnly;
    "get" Must V2_1_1: "The details of the version can be read", "§version_details_endpoint",
        needs "versions.known" => get;
    "version" Must V2_1_1: "The details are those of the version that was asked for", "§version_details_endpoint",
        needs "get" => version;
    "credentials" Must V2_1_1: "The module of credentials is advertised", "§moduleid_enum", needs "get"
        => credentials;
    "urls" Must V2_1_1: "Endpoints have absolute URLs", "§endpoint_class", needs "get" => urls;
    "unique" Must V2_1_1: "No module and interface stands in the details twice", "§endpoint_class", needs "get"
        => unique_endpoints;
    "roles" Must V2_2: "Each endpoint says whether it is SENDER or RECEIVER", "§interface_role_enum", needs "get"
        => roles;
    "modules" Must V2_1_1: "Only modules of the version are advertised", "§moduleid_enum", needs "get" => modules;
    "spelling" Must V2_1_1: "Names of modules are spelled as in the specification", "§moduleid_enum", needs "get"
        => spelling;
};

pub(crate) async fn list(cx: &Context, (): &()) -> Done {
    let ask = |base64| Ask::get(&cx.options.versions_url).auth(Auth::Form { base64 });
    let mut answer = cx.wire.send(&ask(true)).await?;
    if !answer.is_success() {
        // The other form of the token: `auth.token_form` looks at the forms.
        let other = cx.wire.send(&ask(false)).await?;
        if other.is_success() {
            cx.wire.set_base64(false);
            answer = other;
        }
    }
    let envelope = answer.success()?;
    let expected = "a list of versions, at least one";
    let entries = match envelope.data {
        Some(Value::Array(entries)) if !entries.is_empty() => entries,
        Some(Value::Array(_)) => return Err(answer.fail(expected, "an empty list")),
        Some(_) => return Err(answer.fail(expected, "data that is no list")),
        None => return Err(answer.fail(expected, "no data")),
    };
    let text =
        |entry: &Value, name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let versions = entries.iter().map(|entry| (text(entry, "version"), text(entry, "url")));
    cx.learn(|server| server.versions = versions.collect());
    Ok(entries.len())
}

async fn complete(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    for (number, url) in &server.versions {
        if number.is_empty() || !is_absolute(url) {
            let found = format!("version `{number}` at `{url}`");
            return Err(seen(cx, &cx.options.versions_url).fail("a number and an absolute URL", found));
        }
    }
    Ok(server.versions.len())
}

async fn unique(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    let mut seen_numbers = BTreeSet::new();
    for (number, _) in &server.versions {
        if !seen_numbers.insert(number) {
            return Err(
                seen(cx, &cx.options.versions_url).fail("each version once", format!("`{number}` twice"))
            );
        }
    }
    Ok(server.versions.len())
}

pub(crate) async fn known(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    let offered = server.versions.iter().filter_map(|(number, url)| Some((number.parse().ok()?, url)));
    let wanted = |version: &Version| cx.options.version.is_none_or(|wanted| wanted == *version);
    let best = offered.filter(|(version, _)| wanted(version)).max_by_key(|(version, _)| *version);
    let Some((version, url)) = best else {
        let numbers: Vec<&str> = server.versions.iter().map(|(number, _)| number.as_str()).collect();
        let expected =
            cx.options.version.map_or("2.1.1, 2.2, 2.2.1 or 2.3.0".to_owned(), |it| it.to_string());
        return Err(seen(cx, &cx.options.versions_url).fail(expected, numbers.join(", ")));
    };
    cx.choose(version);
    cx.wire.set_ids(version >= Version::V2_2);
    if let Some(inbox) = &cx.options.inbox {
        inbox.speak(version);
    }
    cx.learn(|server| server.details_url = Some(url.clone()));
    Ok(1)
}

pub(crate) async fn get(cx: &Context, (): &()) -> Done {
    let version = cx.spoken()?;
    let url = cx.server().details_url.unwrap_or_default();
    let due = version >= Version::V2_2;
    let ask = |base64| Ask::get(&url).auth(Auth::Form { base64 });
    // In the form that is due for the version, else in the other one: `auth.token_form` looks at that.
    let mut answer = cx.wire.send(&ask(due)).await?;
    cx.wire.set_base64(due);
    if !answer.is_success() {
        let other = cx.wire.send(&ask(!due)).await?;
        if other.is_success() {
            cx.wire.set_base64(!due);
            answer = other;
        }
    }
    let data = answer.success()?.data;
    let endpoints = data.as_ref().and_then(|data| data.get("endpoints")).and_then(Value::as_array);
    let Some(endpoints) = endpoints.filter(|it| !it.is_empty()) else {
        return Err(answer.fail("an object with endpoints, at least one", "none"));
    };
    let text = |entry: &Value, name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
    let advertised = endpoints.iter().map(|entry| Advertised {
        module: text(entry, "identifier").unwrap_or_default(),
        role: text(entry, "role").filter(|_| version >= Version::V2_2),
        url: text(entry, "url").unwrap_or_default(),
    });
    cx.learn(|server| server.endpoints = advertised.collect());
    Ok(endpoints.len())
}

async fn version(cx: &Context, (): &()) -> Done {
    let version = cx.spoken()?;
    let answer = details(cx).await?;
    let data = answer.success()?.data;
    let found =
        data.as_ref().and_then(|data| data.get("version")).and_then(Value::as_str).unwrap_or_default();
    if found != version.as_str() {
        return Err(answer.fail(format!("version `{version}`"), format!("`{found}`")));
    }
    Ok(1)
}

async fn credentials(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    if server.endpoints.iter().any(|it| it.module.eq_ignore_ascii_case("credentials")) {
        return Ok(1);
    }
    Err(details(cx).await?.fail("an endpoint `credentials`", "none"))
}

async fn urls(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    match server.endpoints.iter().find(|it| !is_absolute(&it.url)) {
        Some(it) => Err(details(cx).await?.fail("absolute URLs", format!("`{}` at `{}`", it.module, it.url))),
        None => Ok(server.endpoints.len()),
    }
}

async fn unique_endpoints(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    let mut found = BTreeSet::new();
    for it in &server.endpoints {
        let key = (it.module.to_ascii_lowercase(), it.role.clone());
        if !found.insert(key) {
            let role = it.role.as_deref().unwrap_or_default();
            return Err(details(cx)
                .await?
                .fail("each interface once", format!("`{}` {role} twice", it.module)));
        }
    }
    Ok(found.len())
}

async fn roles(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    let is_role = |role: &Option<String>| matches!(role.as_deref(), Some("SENDER" | "RECEIVER"));
    match server.endpoints.iter().find(|it| !is_role(&it.role)) {
        Some(it) => {
            let found = it.role.as_deref().map_or("no role".to_owned(), |role| format!("`{role}`"));
            Err(details(cx).await?.fail("SENDER or RECEIVER", format!("{found} at `{}`", it.module)))
        }
        None => Ok(server.endpoints.len()),
    }
}

async fn modules(cx: &Context, (): &()) -> Done {
    let version = cx.spoken()?;
    let server = cx.server();
    for it in &server.endpoints {
        let module = ModuleId::from(it.module.to_ascii_lowercase().as_str());
        if module.versions().is_some_and(|versions| !versions.contains_or_branches(version)) {
            return Err(details(cx).await?.fail(format!("modules of {version}"), format!("`{}`", it.module)));
        }
    }
    Ok(server.endpoints.len())
}

async fn spelling(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    for it in &server.endpoints {
        let lower = ModuleId::from(it.module.to_ascii_lowercase().as_str());
        if lower.versions().is_some() && lower.as_str() != it.module {
            return Err(details(cx).await?.fail(format!("`{}`", lower.as_str()), format!("`{}`", it.module)));
        }
    }
    Ok(server.endpoints.len())
}

pub(crate) async fn details(cx: &Context) -> Result<Answer, Stop> {
    let url = cx.server().details_url.ok_or_else(|| Stop::skip("the URL of the details is not known"))?;
    cx.wire.send(&Ask::get(url)).await
}

/// A URL that says where it leads by itself.
pub(crate) fn is_absolute(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}

/// The last exchange about a URL, for failures of what was read before.
fn seen(cx: &Context, url: &str) -> Seen {
    let asked = format!("GET {url}");
    let found = cx.wire.answers().into_iter().rev().find(|it| it.request.starts_with(&asked));
    Seen(found)
}

struct Seen(Option<std::sync::Arc<crate::wire::Exchange>>);

impl Seen {
    fn fail(&self, expected: impl Into<String>, found: impl Into<String>) -> Stop {
        match &self.0 {
            Some(exchange) => exchange.fail(expected, found),
            None => Stop::Failed(Box::new(crate::check::Failure::new(expected, found))),
        }
    }
}
