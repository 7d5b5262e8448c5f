//! Partners that answer with whatever the bytes say while they are discovered and registered with.
//!
//! Nothing may panic. No more than a few requests are sent, all of them to the registered origin, and the token goes nowhere
//! else. Credentials that a partner may have taken are not sent again.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use ocpi_client::{Discovery, Next, Registration, RequestIds};
use ocpi_types::protocol::{PartnerProfile, TokenForm};
use ocpi_types::{CredentialsToken, Version, json};

/// Two forms at two URLs, two forms of details, and two forms, nulls and PUT of credentials.
const MOST: usize = 4 + 2 + 4;
const HOME: &str = "cpo.example";
const TOKENS: [&str; 2] = ["canary-token-a", "canary-last"];

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Input(bytes);
    let setting = bytes.next();
    let wanted = Version::SPOKEN.get(usize::from(setting % 4)..).unwrap_or(Version::SPOKEN);
    let url = ["https://cpo.example/versions", "https://cpo.example/", "https://cpo.example/ocpi/2.2.1?a=b"]
        [usize::from(setting / 4 % 3)];
    let url = url.parse().expect("a URL");
    let mut profile = PartnerProfile::strict();
    if setting & 0x40 != 0 {
        profile = profile.with_token(TokenForm::Plain);
    }
    if setting & 0x80 != 0 {
        let discovery = Discovery::new(url, token(TOKENS[0]), wanted, RequestIds::new("fuzz"));
        let mut discovery = discovery.with_profile(profile);
        let first = discovery.start().expect("a URL");
        let found = run(first, &mut bytes, |answer| discovery.step(answer));
        if let Some(found) = found {
            assert!(wanted.contains(&found.version));
            learned(&found.client.learned_profile());
        }
        return;
    }
    let registration = Registration::new(url, token(TOKENS[0]), ours(), wanted, RequestIds::new("fuzz"));
    let mut registration = registration.with_profile(profile).with_last_token(token(TOKENS[1]));
    let first = registration.start().expect("a URL");
    if let Some(registered) = run(first, &mut bytes, |answer| registration.step(answer)) {
        learned(&registered.client.learned_profile());
    }
});

/// Runs a machine to its end, or to that of the bytes.
fn run<T>(
    first: http::Request<Bytes>,
    bytes: &mut Input<'_>,
    mut step: impl FnMut(http::Response<Bytes>) -> Result<Next<T>, ocpi_client::Error>,
) -> Option<T> {
    let (mut request, mut requests) = (first, 0);
    let mut was_taken = false;
    loop {
        requests += 1;
        assert!(requests <= MOST, "a bound on requests");
        assert_eq!(request.uri().host(), Some(HOME));
        assert_eq!(request.uri().scheme_str(), Some("https"));
        let header = request.headers()["authorization"].to_str().expect("ASCII");
        let is_ours =
            |text: &&str| [true, false].map(|form| token(text).to_header(form)).contains(&header.to_owned());
        assert!(TOKENS.iter().any(is_ours));
        let is_write = request.method() != http::Method::GET;
        assert!(!(is_write && was_taken), "it may have been taken");
        let answer = bytes.answer()?;
        was_taken |= is_write && (answer.status().is_success() || answer.status().is_server_error());
        match step(answer) {
            Ok(Next::Send(next)) => request = next,
            Ok(Next::Done(done)) => return Some(done),
            Err(error) => {
                let shown = format!("{error} {error:?}");
                assert!(TOKENS.iter().all(|token| !shown.contains(token)));
                let _ = error.credentials();
                return None;
            }
        }
    }
}

/// Stores a profile that was learned, and reads it again.
fn learned(profile: &PartnerProfile) {
    assert_eq!(&PartnerProfile::from_json(&profile.to_json()).expect("its own text"), profile);
}

fn token(text: &str) -> CredentialsToken {
    text.parse().expect("a token")
}

fn ours() -> ocpi_types::v2_3_0::credentials::Credentials {
    let text = r#"{"token": "token-b", "url": "https://emsp.example/versions", "roles": [{"role": "EMSP",
        "business_details": {"name": "EM"}, "country_code": "DE", "party_id": "EMP"}]}"#;
    json::from_str(text).expect("credentials")
}

/// The bytes, one after the other; zeros behind the last.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn next(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// An answer; `None` once there are no bytes.
    fn answer(&mut self) -> Option<http::Response<Bytes>> {
        if self.0.is_empty() {
            return None;
        }
        const STATUSES: [u16; 12] = [200, 200, 200, 201, 301, 400, 401, 403, 404, 405, 422, 500];
        let status = STATUSES[usize::from(self.next() % 12)];
        let body = self.body();
        Some(http::Response::builder().status(status).body(body.into()).expect("a response"))
    }

    /// A body: one of the usual, or any text, with its envelope or without.
    fn body(&mut self) -> String {
        let version = ["2.1.1", "2.2.1", "2.3.0", "2.2"][usize::from(self.next() % 4)];
        let host =
            ["https://cpo.example", "https://cpo.example", "https://evil.example", "http://cpo.example"]
                [usize::from(self.next() % 4)];
        let role = ["\"SENDER\"", "\"RECEIVER\"", "null", "\"CPO\""][usize::from(self.next() % 4)];
        let details = format!(
            r#"{{"version": "{version}", "endpoints": [{{"identifier": "credentials", "role": {role}, "url": "{host}/c"}}]}}"#
        );
        let data = match self.next() % 8 {
            0 | 1 => format!(r#"[{{"version": "{version}", "url": "{host}/{version}"}}]"#),
            2 | 3 => details,
            4 => format!("[{details}]"),
            5 => format!(
                r#"{{"token": "token-c", "url": "{host}/versions", "roles": [{{"role": "CPO", "business_details":
                {{"name": "A"}}, "country_code": "NL", "party_id": "ALF"}}], "country_code": "NL", "party_id": "ALF",
                "business_details": {{"name": "A"}}}}"#
            ),
            6 => "null".to_owned(),
            _ => {
                let length = usize::from(self.next()).min(self.0.len());
                let (text, rest) = self.0.split_at(length);
                self.0 = rest;
                String::from_utf8_lossy(text).into_owned()
            }
        };
        match self.next() % 8 {
            0..5 => {
                format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}}"#)
            }
            5 => format!(r#"{{"data": {data}, "status_code": 3000}}"#),
            6 => format!(r#"{{"status_code": 2000, "data": {data}}}"#),
            _ => data,
        }
    }
}
