//! A partner whose token is revoked, or whose parties change, while its body is on its way.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use http::Method;
use ocpi_server_traits::{Clock, Memory, Objects, Partner, PartnerDirectory, Router, StoreError};
use ocpi_testkit::{partner_id, party, tariff_json};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{CredentialsToken, DateTime, Version};
use pollster::block_on;

use super::serve_with;
use crate::site::request;

/// The time of answers, in seconds.
const NOON: i64 = 1_795_348_800;

/// One partner, as long as it is known.
struct Fleeting(Arc<AtomicBool>);

impl PartnerDirectory for Fleeting {
    async fn find(&self, _: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> {
        let is_known = self.0.load(Ordering::Relaxed);
        Ok(is_known.then(|| Partner::new(partner_id("cpo"), [party("NL/ALF")])))
    }
}

#[test]
fn a_slow_body_does_not_outlive_the_token() {
    for (seconds, is_revoked, status) in
        [(0, false, (201, 1000)), (5, false, (201, 1000)), (5, true, (401, 2000))]
    {
        let (is_known, now) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicI64::new(NOON)));
        let time = Arc::clone(&now);
        let clock = Clock::new(move || {
            DateTime::from_unix_micros(time.load(Ordering::Relaxed) * 1_000_000).expect("a time")
        });
        let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
        let router = Router::builder("https://emsp.example/ocpi".parse().expect("a URL"), clock)
            .version(Version::V2_3_0, |routes| routes.receiver::<Tariff>(&objects))
            .build(Fleeting(Arc::clone(&is_known)))
            .expect("a router");
        let put = request(Method::PUT, "/receiver/tariffs/NL/ALF/T1", "");
        let body = tariff_json("NL/ALF", "T1", "10:00:00");
        let (answer, _) = serve_with(&router, put, move |piece| {
            if piece > 0 {
                return None;
            }
            now.fetch_add(seconds, Ordering::Relaxed);
            is_known.fetch_and(!is_revoked, Ordering::Relaxed);
            Some(Ok(body.clone().into()))
        });
        assert_eq!((answer.status, answer.code), status, "{seconds} {is_revoked}");
        let stored = block_on(objects.all::<Tariff>()).expect("a store").objects.len();
        assert_eq!(stored, usize::from(status.0 == 201));
    }
}

/// One partner, with the parties that it has now.
struct Changing(Arc<Mutex<Vec<Party>>>);

impl PartnerDirectory for Changing {
    async fn find(&self, _: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> {
        let parties = self.0.lock().expect("no panic").clone();
        Ok(Some(Partner::new(partner_id("cpo"), parties)))
    }
}

/// The parties before and after a slow body; the party that the request is from, the owner of the object.
type Change = (&'static [&'static str], &'static [&'static str], &'static str, &'static str);

#[test]
fn a_slow_body_is_answered_by_the_parties_of_now() {
    const CHANGES: &[(Change, (u16, u16))] = &[
        ((&["NL/ALF"], &["NL/ALF", "NL/BET"], "NL/ALF", "NL/ALF"), (201, 1000)),
        ((&["NL/ALF", "NL/BET"], &["NL/ALF"], "NL/ALF", "NL/ALF"), (201, 1000)),
        ((&["NL/ALF", "NL/BET"], &["NL/ALF"], "NL/ALF", "NL/BET"), (404, 2000)),
        ((&["NL/ALF", "NL/BET"], &["NL/ALF"], "NL/BET", "NL/ALF"), (200, 2001)),
        // A party that came while the body was under way.
        ((&["NL/ALF"], &["NL/ALF", "NL/BET"], "NL/ALF", "NL/BET"), (201, 1000)),
    ];
    for ((before, after, from, owner), status) in CHANGES {
        let parties = |names: &[&str]| names.iter().map(|name| party(name)).collect::<Vec<_>>();
        let (known, now) = (Arc::new(Mutex::new(parties(before))), Arc::new(AtomicI64::new(NOON)));
        let (time, change) = (Arc::clone(&now), Arc::clone(&known));
        let clock = Clock::new(move || {
            DateTime::from_unix_micros(time.load(Ordering::Relaxed) * 1_000_000).expect("a time")
        });
        let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
        let router = Router::builder("https://emsp.example/ocpi".parse().expect("a URL"), clock)
            .version(Version::V2_3_0, |routes| routes.receiver::<Tariff>(&objects))
            .build(Changing(known))
            .expect("a router");
        let mut put = request(Method::PUT, &format!("/receiver/tariffs/{owner}/T1"), "");
        let from = party(from);
        for (name, value) in [
            ("OCPI-from-country-code", from.country_code.as_str()),
            ("OCPI-from-party-id", from.party_id.as_str()),
        ] {
            put.headers_mut()
                .insert(http::HeaderName::try_from(name).expect("a name"), value.parse().expect("a value"));
        }
        let (body, after) = (tariff_json(owner, "T1", "10:00:00"), parties(after));
        let (answer, _) = serve_with(&router, put, move |piece| {
            if piece > 0 {
                return None;
            }
            now.fetch_add(5, Ordering::Relaxed);
            change.lock().expect("no panic").clone_from(&after);
            Some(Ok(body.clone().into()))
        });
        assert_eq!((answer.status, answer.code), *status, "{before:?} {from} {owner}");
    }
}
