//! Partners that answer the requests of a client with whatever the bytes say.
//!
//! Nothing may panic. A request ends after few sends, all of them to the registered origin; no text of an error holds the
//! token; and what is told as a success is what the answer said.
//!
//! An input has the texts of the answers, then, behind a NUL, the choices of all else. Without choices, a few of the requests
//! are answered by the text, as it stands and as the data of a success.

#![no_main]

#[path = "answers/arrivals.rs"]
mod arrivals;
#[path = "../support/bytes.rs"]
mod bytes;
#[path = "../../ocpi-store/tests/it/choice.rs"]
mod choice;
#[path = "answers/oracle.rs"]
mod oracle;
#[path = "answers/requests.rs"]
mod requests;

use arrivals::{Answer, answers};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use ocpi_types::Version;
use requests::REQUESTS;

/// The token by which the partner knows us. A partner quotes it where a text has `$T`, and its form in a header for `$B`.
const TOKEN: &str = "canary-4f1c9be27d";
const VERSIONS: [Version; 3] = [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0];

/// Requests that an input without choices answers: which ones depends on its length.
const FEW: usize = 4;

fuzz_target!(|input: &[u8]| {
    let Some(end) = input.iter().position(|byte| *byte == 0) else {
        let version = VERSIONS[input.len() % VERSIONS.len()];
        for request in REQUESTS.iter().cycle().skip(input.len() % REQUESTS.len()).take(FEW) {
            request(version, vec![Answer::bare(input)]);
            request(version, vec![Answer::enveloped(input)]);
        }
        return;
    };
    let (texts, choices) = (&input[..end], &input[end + 1..]);
    let mut choices = Bytes(choices);
    let request = choice::Choose::of(&mut choices, &REQUESTS);
    let version = choice::Choose::of(&mut choices, &VERSIONS);
    request(version, answers(texts, &mut choices));
});
