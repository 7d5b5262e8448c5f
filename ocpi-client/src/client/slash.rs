//! Slashes at the end of paths: a partner that requires the other form redirects to it.

use bytes::Bytes;
use http::{StatusCode, header};
use ocpi_types::endpoint::{Endpoint, Mount};
use ocpi_types::protocol::EndpointUrl;
use ocpi_types::{Finding, Rule, Url};

use super::Client;

impl<T> Client<T> {
    /// Whether the partner wants a path with a slash at its end, or without, and redirects there: to the same path that
    /// differs in nothing else. Such a redirect asks for the same request again, and nothing was done yet; it stays at the
    /// registered origin, whatever host is named.
    ///
    /// `None` also where the profile says how paths end.
    pub(crate) fn wanted_slash(&self, asked: &http::Uri, answer: &http::Response<Bytes>) -> Option<bool> {
        let is_kept =
            matches!(answer.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
        if !is_kept || self.partner.profile.request_slash.is_some() {
            return None;
        }
        let asked = url::Url::parse(&asked.to_string()).ok()?;
        let there = asked.join(answer.headers().get(header::LOCATION)?.to_str().ok()?).ok()?;
        let [bare, bare_there] = [&asked, &there].map(|url| url.path().trim_end_matches('/'));
        let [ends, ends_there] = [&asked, &there].map(|url| url.path().ends_with('/'));
        (bare == bare_there && ends != ends_there).then_some(ends_there)
    }

    /// Remembers the end that the partner wants: of the URL of a module itself by that URL, else of all paths below the URLs
    /// of modules. Returns whether the next request goes elsewhere for it.
    pub(crate) fn learn_slash<E: Endpoint>(&self, asked: &http::Uri, slash: bool) -> bool {
        let (Mount::Module(module, role), Some(base)) = (E::MOUNT, self.base_of::<E>()) else { return false };
        let bare = base.as_str().trim_end_matches('/');
        let asked = asked.to_string();
        let path = asked.split('?').next().unwrap_or_default();
        let Some(below) = path.strip_prefix(bare).filter(|below| below.is_empty() || below.starts_with('/'))
        else {
            return false;
        };
        if below.trim_matches('/').is_empty() {
            let url = format!("{bare}{}", if slash { "/" } else { "" });
            let Ok(url) = Url::from_header(&url) else { return false };
            self.learned().learn_url(EndpointUrl { version: self.partner.version, module, role, url });
        } else {
            self.learned().learn_request_slash(slash);
        }
        self.learned().tell(&E::name(), &[Finding::of_document(Rule::SlashDemanded)]);
        true
    }
}
